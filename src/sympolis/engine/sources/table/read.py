"""A table and the mapping beside it: only what a person approved is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ...errors import SourceError
from ...model import Record
from ...sheets import Sheet, UnreadableSheet, open_sheets
from ..rejects import Reject
from .mapping import ENDING, Mapping, mapping_path, read_mapping
from .records import READERS
from .row import Row

_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")


def files(path: Path) -> list[Path]:
    """The tables of a folder that have an approved mapping, or the table itself; each with its mapping behind it.

    Raises SourceError for a table that has none: it says what to run.
    """
    if path.is_file():
        if path.suffix.lower() not in _SUFFIXES:
            return []
        _approved(path)
        return [path, mapping_path(path)]
    tables = sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES and _has_approved(file))
    return [file for table in tables for file in (table, mapping_path(table))]


def _approved(table: Path) -> Mapping:
    beside = mapping_path(table)
    if not beside.is_file():
        remedy = f"Run: sympolis atlas map {table} --output {beside}; look it over and write approved: true."
        raise SourceError(f"{table.name} has no mapping beside it.", remedy)
    mapping = read_mapping(beside)
    if not mapping.approved:
        raise SourceError(
            f"The mapping of {table.name} is not approved.", f"Look {beside} over and write approved: true."
        )
    return mapping


def _has_approved(table: Path) -> bool:
    try:
        return table.is_file() and _approved(table).approved
    except SourceError:
        return False


def read(file: Path, rejects: list[Reject]) -> Iterator[Record]:
    """The records of a table; a mapping has none of its own. Rows and cells that can't be read are rejected."""
    if file.name.endswith(ENDING):
        return
    try:
        mapping = _approved(file)
        found = False
        for sheet in open_sheets(file, mapping.separator):
            if not found and (not mapping.sheet or not sheet.name or sheet.name == mapping.sheet):
                found = True
                yield from _records(file, sheet, mapping, rejects)
        if not found:
            raise SourceError(f"There is no sheet called {mapping.sheet!r}.")
    except UnreadableSheet as error:
        rejects.append(Reject(file.name, error.line, error.what))
    except SourceError as error:
        rejects.append(Reject(file.name, 0, error.what))


def _records(file: Path, sheet: Sheet, mapping: Mapping, rejects: list[Reject]) -> Iterator[Record]:
    columns: list[str] | None = None
    seen: set[str] = set()
    for line, cells in sheet.rows:
        if line < mapping.headings_row:
            continue
        if columns is None:
            columns = _columns(cells, mapping)
            continue
        told = {name: text for name, cell in zip(columns, cells, strict=False) if name and (text := cell.strip())}
        row = Row(file.stem, mapping, told)
        try:
            yield from _new(READERS[mapping.kind](row), seen)
        except ValueError as error:
            row.problems.append(str(error))
        rejects.extend(Reject(file.name, line, problem) for problem in row.problems)


def _columns(headings: Sequence[str], mapping: Mapping) -> list[str]:
    """The field of each column. Raises SourceError where a heading the mapping names is not there."""
    missing = [one for one, field in mapping.columns.items() if field and one not in headings]
    if missing:
        raise SourceError(f"These columns of the mapping are missing: {', '.join(missing)}.")
    fields = [mapping.columns.get(heading, "") for heading in headings]
    return [field if fields.index(field) == at else "" for at, field in enumerate(fields)]


def _new(records: Iterator[Record], seen: set[str]) -> Iterator[Record]:
    """A row's own record and what it names; the row only if it was not told, the others where they were not."""
    for at, record in enumerate(records):
        if record.id not in seen:
            seen.add(record.id)
            yield record
        elif at == 0:
            raise ValueError("This stands twice in this table: the first one counts.")
