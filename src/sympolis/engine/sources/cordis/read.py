"""Reads the archives of CORDIS and their tables, loose or zipped, CSV or JSON, one row at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import IO, Any

from ...model import Record
from ..rejects import Reject
from ..streams import Notes, head, lines, member_names, members, objects, rows
from . import organisations, pages, projects

type Rows = Iterator[tuple[int, Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class _Table:
    """A kind of table: what it must have, what is read of it in which order, and what reads it."""

    needed: tuple[str, ...]
    columns: tuple[str, ...]
    read: Callable[[Rows, Notes], Iterator[Record]]


_TABLES: Mapping[str, _Table] = {
    "organization": _Table(organisations.NEEDED, organisations.COLUMNS, organisations.read_organisations),
    "project": _Table(projects.NEEDED, projects.COLUMNS, projects.read_projects),
    "euroscivoc": _Table(projects.SUBJECT_COLUMNS, projects.SUBJECT_COLUMNS, projects.read_subjects),
    "topics": _Table(("projectid", "topic"), projects.TOPIC_COLUMNS, projects.read_topics),
    "page rows": _Table(pages.ROW_NEEDED, pages.ROW_COLUMNS, pages.read_page_rows),
    "page lists": _Table(pages.LIST_NEEDED, pages.LIST_COLUMNS, pages.read_page_lists),
}
_KNOWN_BY = {
    "page lists": {"partners", "projectid", "projecttitle"},
    "page rows": {"projectid", "projecttitle", "shorttitle"},
    "euroscivoc": {"projectid", "euroscivoctitle"},
    "topics": {"projectid", "topic", "title"},
    "organization": {"projectid", "name", "role", "activitytype"},
    "project": {"id", "acronym", "title", "frameworkprogramme"},
}
"""Headers by which a table is known whatever its file is called; the first that fits."""

_INSIDE = {"organizations": "organization", "organization": "organization", "euroscivoc": "euroscivoc"}
"""Tables that newer JSON has inside a project's own object."""

_ONLY_HERE = {"euroscivoc", "topics", "legalbasis", "weblink"}
_LEFT_OUT = {"weblink", "legalbasis", "policypriorities", "information", "readme"}
_OLDER_NAMES = {"topics": ("call",), "subcall": ("mastercall", "call"), "eccontribution": ("ecmaxcontribution",)}
_SIGNS = re.compile(r"[^a-z0-9]")
_LIST = re.compile(r"\A\s*\[")
_KEYS = re.compile(r'"([^"\\]{1,60})"\s*:')
_ENDINGS = (".csv", ".json", ".zip")


def files(path: Path) -> list[Path]:
    """Archives and tables of CORDIS in a folder, known by name or by what they begin with."""
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return [file for file in found if file.suffix.lower() in _ENDINGS and file.is_file() and _is_ours(file)]


def _is_ours(file: Path) -> bool:
    if file.suffix.lower() == ".zip":
        if file.name.lower().startswith("cordis"):
            return True
        names = {PurePosixPath(name).stem.lower() for name in member_names(file)}
        return bool(names & {"organization", "project"}) and bool(names & _ONLY_HERE)
    begins = head(file)
    keys = _KEYS.findall(begins) if file.suffix.lower() == ".json" else _cells(begins)
    return _known({_plain(key) for key in keys}) is not None


def read(file: Path, rejects: list[Reject]) -> Iterator[Record]:
    """The records of an archive or of a table; a record may be told in parts (a project by one table, its topics by
    another), each part under the same id."""
    for notes, stream in members(file, rejects, _is_table):
        if notes.file.lower().endswith(".json"):
            yield from _read_json(stream, notes)
        else:
            yield from _read_csv(stream, notes)


def _is_table(name: str) -> bool:
    path = PurePosixPath(name.lower())
    return path.suffix in (".csv", ".json") and path.stem not in _LEFT_OUT


def _read_csv(stream: IO[bytes], notes: Notes) -> Iterator[Record]:
    texts, told = lines(stream, notes), len(notes.rejects)
    first = next(texts, None)
    if first is None:
        if len(notes.rejects) == told:
            notes.add(0, "The table is empty.")
        return
    header = [_plain(cell) for cell in _cells(first)]
    table = _table_of(set(header), notes)
    if table is None:
        return
    parted = rows(chain([first], texts), notes, ";" if first.count(";") > first.count(",") else ",")
    next(parted, None)
    yield from table.read(_picked(parted, header, table, notes), notes)


def _picked(parted: Iterator[tuple[int, list[str]]], header: list[str], table: _Table, notes: Notes) -> Rows:
    """The cells a table reads, in its own order, of rows that have as many cells as the header."""
    places = [_place(column, header) for column in table.columns]
    pick = itemgetter(*places)
    width = len(header)
    for line, row in parted:
        if len(row) == width:
            row.append("")
            yield line, pick(row)
        elif row and any(row):
            notes.add(line, f"The row has {len(row)} cells, the header {width}: it is cut off or wrongly quoted.")


def _place(column: str, header: list[str]) -> int:
    """Where a column stands, under its own or an older name; -1 is the empty cell behind every row."""
    for name in (column, *_OLDER_NAMES.get(column, ())):
        if name in header:
            return header.index(name)
    return -1


def _read_json(stream: IO[bytes], notes: Notes) -> Iterator[Record]:
    """A list of objects that are rows of one table; what kind they are, the first of them says."""
    found = objects(stream, notes, _LIST)
    place, first = next(found, (0, None))
    if not isinstance(first, dict):
        if place:
            notes.add(0, "The list holds no objects.")
        return
    table = _table_of({_plain(key) for key in first}, notes)
    if table is not None:
        yield from _read_objects(chain([(place, first)], found), table, notes)


def _read_objects(found: Iterator[tuple[int, Any]], table: _Table, notes: Notes) -> Iterator[Record]:
    inside: list[tuple[_Table, Rows]] = []
    for record in table.read(_picked_objects(found, table, notes, inside), notes):
        yield record
        while inside:
            inner, told = inside.pop()
            yield from inner.read(told, notes)


def _picked_objects(
    found: Iterator[tuple[int, Any]], table: _Table, notes: Notes, inside: list[tuple[_Table, Rows]]
) -> Rows:
    """What a table reads of each object; tables that stand inside an object are put aside for when it is read."""
    for place, value in found:
        if not isinstance(value, dict):
            notes.add(place, "This is no object.")
            continue
        cells = {_plain(key): cell for key, cell in value.items()}
        inside.extend(_nested(place, cells))
        keep_lists = table is _TABLES["page lists"]
        yield place, [_cell(cells.get(column), keep_lists) for column in table.columns]


def _nested(place: int, cells: Mapping[str, Any]) -> Iterator[tuple[_Table, Rows]]:
    for key, name in _INSIDE.items():
        listed = cells.get(key)
        if isinstance(listed, list):
            table = _TABLES[name]
            told = [{_plain(k): v for k, v in one.items()} for one in listed if isinstance(one, dict)]
            number = {"projectid": cells.get("id")}
            picked = [(place, [_cell((number | one).get(column)) for column in table.columns]) for one in told]
            yield table, iter(picked)


def _cell(value: Any, keep_lists: bool = False) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return value if keep_lists else "; ".join(str(one) for one in value if isinstance(one, str | int))
    if value is None or isinstance(value, dict):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _table_of(header: set[str], notes: Notes) -> _Table | None:
    """The kind of table a header is of, by the file's name or by itself; what it lacks is said."""
    named = _TABLES.get(PurePosixPath(notes.file.lower()).stem)
    known = _known(header)
    if named is None or (known and known is not named and not set(named.needed) <= header):
        if known is None:
            notes.add(0, "This is no table of CORDIS that we know.")
        return known
    if missing := [column for column in named.needed if column not in header]:
        notes.add(1, f"These columns are missing: {', '.join(missing)}.")
        return None
    return named


def _known(header: set[str]) -> _Table | None:
    return next((_TABLES[name] for name, wanted in _KNOWN_BY.items() if wanted <= header), None)


def _plain(name: str) -> str:
    return _SIGNS.sub("", name.lower())


def _cells(first: str) -> list[str]:
    line = first.split("\n", 1)[0]
    return line.rstrip("\r").replace('"', "").split(";" if line.count(";") > line.count(",") else ",")
