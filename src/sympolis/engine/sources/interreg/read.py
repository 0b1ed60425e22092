"""Lists of projects and partners: CSV, workbooks, JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ...model import Record
from ...sheets import UnreadableSheet, look_ahead
from ...texts.languages import detect_language
from ..rejects import Reject
from ..table.mapping import mapping_path
from .lists import Row, read_lists
from .records import Lists

_SUFFIXES = (".csv", ".xlsx", ".json")
_TELLING_ROWS = 50


def files(path: Path) -> list[Path]:
    """The files of a folder, or the file itself, known by their headings; damaged ones too, so that it is said."""
    found = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    return [file for file in found if file.suffix.lower() in _SUFFIXES and _is_ours(file)]


def _is_ours(file: Path) -> bool:
    if mapping_path(file).exists():  # somebody said how it is read: a table of their own
        return False
    try:
        return next(read_lists(file), None) is not None
    except UnreadableSheet:
        return True


def read(file: Path, rejects: list[Reject]) -> Iterator[Record]:
    """The records of every list in a file; rows and cells that can't be read are rejected with their line."""
    lists = Lists(lambda line, reason: rejects.append(Reject(file.name, line, reason)))
    found = False
    try:
        for table in read_lists(file):
            found = True
            first, rows = look_ahead(table.rows, _TELLING_ROWS)
            lists.language = _language(first)
            for row in rows:
                try:
                    yield from lists.read(row, table.of_partners)
                except ValueError as error:
                    rejects.append(Reject(file.name, row.line, str(error)))
        if not found:
            rejects.append(Reject(file.name, 0, "No sheet has headings of a list of projects we know."))
    except UnreadableSheet as error:
        rejects.append(Reject(file.name, error.line, error.what))


def _language(rows: Sequence[Row]) -> str:
    """The language of a whole list, by its first rows; English where they do not tell."""
    said = (text for row in rows for name in ("title", "summary") if (text := row.fields.get(name)))
    return detect_language(" ".join(dict.fromkeys(said))) or "en"
