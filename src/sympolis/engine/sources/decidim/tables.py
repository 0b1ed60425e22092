"""Exports as rows of named fields by language: CSV, JSON, and zips of these."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from ...sheets import UnreadableSheet, known_headings, open_sheets
from ...sheets.headings import folded
from ...sheets.rows import cell_text

MOST_UNPACKED = 512 * 2**20
_LANGUAGE = re.compile(r"(?!id$)([a-z]{2})(?:[-_][A-Za-z]{2})?")  # «category/id» is a number, not Indonesian

type Column = tuple[str, str]
"""A field and the language its heading says, both empty for a column that is not read."""
type Fields = Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One export: its file, or its name in the zip, what its rows are, and the rows with their lines."""

    name: str
    kind: str
    rows: Iterator[tuple[int, Fields]]


@cache
def _words() -> Mapping[str, Any]:
    content: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return content


@cache
def _known() -> dict[str, str]:
    return known_headings(_words()["fields"])


@cache
def _not_ours() -> frozenset[str]:
    return frozenset(map(folded, _words()["not_ours"]))


def read_tables(file: Path) -> Iterator[Table]:
    """The exports in a file that we know; each is to be read before the next is asked for. Raises UnreadableSheet."""
    if file.suffix.lower() != ".zip":
        with file.open("rb") as opened:
            yield from _tables(file.name, opened)
        return
    try:
        with zipfile.ZipFile(file) as packed:
            members = [one for one in packed.infolist() if Path(one.filename).suffix.lower() in (".csv", ".json")]
            if sum(one.file_size for one in members) > MOST_UNPACKED:
                raise UnreadableSheet(f"The zip unpacks to more than {MOST_UNPACKED // 2**20} megabytes.")
            for one in sorted(members, key=lambda member: member.filename):
                yield from _tables(f"{file.name}/{one.filename}", io.BytesIO(packed.read(one)))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise UnreadableSheet(f"The zip is damaged or locked: {error}") from None


def _tables(name: str, opened: BinaryIO) -> Iterator[Table]:
    if name.lower().endswith(".json"):
        yield from _json_table(name, opened)
        return
    for sheet in open_sheets(opened):
        for _number, headings in sheet.rows:
            columns = [_column(heading) for heading in headings]
            if kind := kind_of(columns, headings):
                yield Table(name, kind, _rows(_once(columns), sheet.rows))
            break


def kind_of(columns: Sequence[Column], headings: Sequence[str]) -> str:
    """What the rows under these headings are: ``meeting``, ``action``, ``proposal``; empty for no export of ours."""
    known = {field for field, _language in columns}
    if "title" not in known or not known & set(_words()["marks"]) or _not_ours() & set(map(folded, headings)):
        return ""
    return next((str(rule["kind"]) for rule in _words()["kinds"] if known & set(rule["told_by"])), "")


def _column(heading: str) -> Column:
    base, _slash, last = heading.rpartition("/")
    language = _LANGUAGE.fullmatch(last)
    if base and language and (field := _known().get(folded(base))):
        return field, language[1]
    field = _known().get(folded(heading), "")
    return (field, "")


def _once(columns: Sequence[Column]) -> list[Column]:
    """Of several columns of one field and language the first is read; a second text is more of it."""
    taken: list[Column] = []
    for field, language in columns:
        column = (field, language)
        if field == "body" and column in taken:
            column = ("more", language)
        taken.append(("", "") if column in taken else column)
    return taken


def _rows(columns: Sequence[Column], rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, Fields]]:
    for number, cells in rows:
        yield (
            number,
            {
                column: text
                for column, cell in zip(columns, cells, strict=False)
                if column[0] and (text := cell.strip())
            },
        )


def _json_table(name: str, opened: BinaryIO) -> Iterator[Table]:
    try:
        content = json.load(opened)
    except (ValueError, RecursionError) as error:
        raise UnreadableSheet(f"The file is cut off or damaged: {error}") from None
    told = [(place, one) for place, one in enumerate(content if isinstance(content, list) else [], start=1)]
    flat = [(place, dict(_flat(one))) for place, one in told if isinstance(one, dict)]
    headings = list(dict.fromkeys(key for _place, one in flat for key in one))
    columns = dict(zip(headings, _once([_column(heading) for heading in headings]), strict=True))
    if kind := kind_of(list(columns.values()), headings):
        yield Table(name, kind, ((place, _fields(one, columns)) for place, one in flat))


def _fields(told: Mapping[str, str], columns: Mapping[str, Column]) -> Fields:
    return {columns[key]: text for key, value in told.items() if columns[key][0] and (text := value.strip())}


def _flat(told: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """``{"title": {"ca": …}}`` as ``title/ca``; of lists only their length tells anything we read, so they are left."""
    for key, value in told.items():
        if isinstance(value, dict):
            if depth < 4:
                yield from _flat(value, f"{prefix}{key}/", depth + 1)
        elif not isinstance(value, list):
            yield f"{prefix}{key}", cell_text(value)
