"""Reads a folder of CSV tables; any table and any column but the ones named as needed may be missing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ...model import Record
from ..rejects import Reject
from .rows import (
    Row,
    read_call,
    read_event,
    read_need,
    read_organisation,
    read_participations,
    read_plan_action,
    read_project,
    read_relation,
    read_seat,
)

_TABLES: Mapping[str, tuple[tuple[str, ...], Callable[[Row], Record]]] = {
    "organisations.csv": (("id", "name", "kind"), read_organisation),
    "relations.csv": (("from_id", "type", "to_id"), read_relation),
    "seats.csv": (("organisation_id", "network_id"), read_seat),
    "projects.csv": (("id", "title"), read_project),
    "calls.csv": (("id", "title"), read_call),
    "events.csv": (("id", "title"), read_event),
    "needs.csv": (("organisation_id", "title", "stage"), read_need),
    "plan_actions.csv": (("id",), read_plan_action),
}
"""Table -> the columns it must have, and what reads a row of it."""

_PROJECTS = "projects.csv"
_LONGEST_FIELD = 200_000


def files(path: Path) -> list[Path]:
    """The tables of a folder that are read, or the table itself."""
    if path.is_file():
        return [path] if path.name in _TABLES else []
    return sorted(file for file in path.rglob("*.csv") if file.name in _TABLES)


def read(file: Path, rejects: list[Reject]) -> Iterator[Record]:
    """The records of a table; a row that can't be read is rejected with its line and its reason."""
    needed, read_row = _TABLES[file.name]
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        rejects.append(Reject(file.name, 0, f"The table is not in UTF-8 (byte {error.start})."))
        return
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = [column for column in needed if column not in (rows.fieldnames or ())]
        if missing:
            rejects.append(Reject(file.name, 1, f"These columns are missing: {', '.join(missing)}."))
            return
        for raw in rows:
            try:
                row = Row(raw, needed)
                yield read_row(row)
                if file.name == _PROJECTS:
                    yield from read_participations(row)
            except ValueError as error:
                rejects.append(Reject(file.name, rows.line_num, str(error)))
    except csv.Error as error:
        rejects.append(Reject(file.name, rows.line_num, f"The table can't be read on: {error}"))
