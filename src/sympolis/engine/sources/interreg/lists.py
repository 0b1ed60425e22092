"""A list as rows of named fields, whatever it came in: CSV, workbook, JSON with partners inside projects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from pathlib import Path
from typing import Any

import yaml

from ...sheets import UnreadableSheet, known_headings, name_columns, open_sheets
from ...sheets.headings import folded
from ...sheets.rows import cell_text

MOST_JSON = 256 * 2**20
_HEADINGS_WITHIN = 30  # a title, a date and a logo may stand above them
_FEWEST = 3

type Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, its fields, and the partners a project of JSON holds."""

    line: int
    fields: Fields
    partners: Sequence[Fields] = ()


@dataclass(slots=True)
class List:
    """Rows under one set of headings; ``of_partners``: each row is a partner, and its project is told with it."""

    columns: frozenset[str]
    rows: Iterator[Row] = field(default_factory=lambda: iter(()))

    @property
    def of_partners(self) -> bool:
        return "partner" in self.columns


@cache
def words() -> Mapping[str, Any]:
    """What stands in ``words.yaml``."""
    content: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return content


@cache
def _headings() -> dict[str, str]:
    """Every heading of a list -> its field. A bare name is the project's or the partner's, so it is neither."""
    found = {**known_headings(words()["partner"]), **known_headings(words()["project"])}
    found.pop("name")
    return found


@cache
def _partner_headings() -> dict[str, str]:
    return known_headings(words()["partner"])


@cache
def _not_ours() -> frozenset[str]:
    return frozenset(map(folded, words()["not_ours"]))


def meaning(kind: str, written: str) -> str:
    """What a word of a cell means: of ``roles``, ``statuses`` or ``kinds``; empty where we do not know it."""
    return _meanings(kind).get(folded(written)) or _meanings(kind).get(folded(written.split("(")[0]), "")


@cache
def _meanings(kind: str) -> dict[str, str]:
    return {folded(str(word)): code for code, said in words()[kind].items() for word in (code, *said)}


def read_lists(file: Path) -> Iterator[List]:
    """The lists in a file that can be told; each is to be read before the next is asked for. Raises UnreadableSheet."""
    if file.suffix.lower() == ".json":
        yield from _json_lists(file)
        return
    for sheet in open_sheets(file):
        if (found := _under_headings(sheet.rows)) is not None:
            yield found


def is_list(columns: Sequence[str], headings: Sequence[str]) -> bool:
    """Whether headings are of a list of projects: what is done, and by whom, or when and under which programme."""
    known = {column for column in columns if column}
    named = bool(known & {"title", "title.en", "acronym"})
    placed = bool(known & {"partner", "lead_partner", "partners"}) or {"programme", "start"} <= known
    return len(known) >= _FEWEST and named and placed and not _not_ours() & set(map(folded, headings))


def _columns(headings: Sequence[str]) -> list[str]:
    return name_columns(headings, _headings())


def _under_headings(rows: Iterator[tuple[int, list[str]]]) -> List | None:
    for _number, cells in islice(rows, _HEADINGS_WITHIN):
        columns = _columns(cells)
        if is_list(columns, cells):
            return List(frozenset(filter(None, columns)), _rows(columns, rows))
    return None


def _rows(columns: Sequence[str], rows: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    for number, cells in rows:
        fields = {name: text for name, cell in zip(columns, cells, strict=False) if name and (text := tidy(cell))}
        if fields:
            yield Row(number, fields)


def tidy(text: str) -> str:
    """Without white space around, doubled, or of another kind."""
    return " ".join(text.split())


def _json_lists(file: Path) -> Iterator[List]:
    if file.stat().st_size > MOST_JSON:
        raise UnreadableSheet(f"The file is larger than {MOST_JSON // 2**20} megabytes.")
    try:
        content = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UnreadableSheet(f"The file is cut off or damaged: {error}") from None
    for told in (content, *(content.values() if isinstance(content, dict) else ())):
        if isinstance(told, list) and (found := _json_list(told)) is not None:
            yield found


def _json_list(told: list[Any]) -> List | None:
    objects = [(place, one) for place, one in enumerate(told, start=1) if isinstance(one, dict)]
    headings = list(dict.fromkeys(chain.from_iterable(one for _place, one in objects[:100])))
    columns = dict(zip(headings, _columns(headings), strict=True))
    if not is_list(list(columns.values()), headings):
        return None
    return List(frozenset(filter(None, columns.values())), (_json_row(place, one, columns) for place, one in objects))


def _json_row(place: int, told: Mapping[str, Any], columns: Mapping[str, str]) -> Row:
    fields, partners = {}, []
    for key, value in told.items():
        name = columns.get(key, "")
        if name == "partners" and isinstance(value, list):
            partners = [_partner(one) for one in value]
        elif name and not isinstance(value, dict | list) and (text := tidy(cell_text(value))):
            fields[name] = text
    return Row(place, fields, partners)


def _partner(told: Any) -> Fields:
    if not isinstance(told, dict):
        return {"partner": tidy(cell_text(told))} if isinstance(told, str) else {}
    names = name_columns(list(told), _partner_headings())
    cells = zip(names, told.values(), strict=True)
    return {
        name: text
        for name, value in cells
        if name and not isinstance(value, dict | list) and (text := tidy(cell_text(value)))
    }
