"""A file or pasted text as a table: headings and rows of plain text, whatever program wrote it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sympolis.engine.sheets.letters import NoTextError, find_delimiter, find_encoding
from sympolis.engine.sheets.rows import BROKEN, cell_text, open_workbook
from sympolis.office.core.imports.errors import UnreadableTable

MAX_BYTES = 10 * 2**20
MAX_ROWS = 50_000
MAX_COLUMNS = 300
MAX_CELL = 10_000
MAX_HEADING = 200
MAX_FIELD = 128 * 2**10  # what the csv module reads as one cell before it gives up on a quotation mark never closed
MAX_UNPACKED = 200 * 2**20  # a workbook is a zip: ten megabytes can unpack to gigabytes
NAMED_SHEETS = 5
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_EIGHT_BITS = {"cp1252": "Windows-1252", "cp1256": "Windows-1256", "latin-1": "Latin-1"}
_FORMULA = re.compile(r"[=@]|[+\-](?![\d\s().,/-]*$)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number the spreadsheet program shows, and its cells."""

    number: int
    cells: list[str]


@dataclass(slots=True)
class Sheet:
    """A table as read. ``notes`` say what the reader should know about how it was read."""

    headings: list[str]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)


def read_table(data: bytes) -> Sheet:
    """Read CSV of any usual encoding and delimiter, or the first sheet of an XLSX workbook. Raises UnreadableTable."""
    if len(data) > MAX_BYTES:
        raise UnreadableTable(
            _("The file is larger than %(limit)s megabytes.") % {"limit": MAX_BYTES // 2**20},
            _("Split it into several files and bring them in one after the other."),
        )
    notes: list[str] = []
    if data.startswith(b"PK\x03\x04"):
        rows, notes = _workbook(data)
    elif data.startswith(OLD_EXCEL):
        raise UnreadableTable(_("This is a workbook of an old kind."), _("Save it as XLSX or as CSV and try again."))
    else:
        text, notes = _decoded(data)
        rows = _csv_rows(text)
    return _sheet(rows, notes)


def _sheet(rows: Iterable[list[str]], notes: list[str]) -> Sheet:
    headings: list[str] = []
    kept: list[Row] = []
    for number, cells in enumerate(rows, start=1):
        trimmed = _without_empty_end([cell.strip() for cell in cells])
        if not trimmed:
            continue
        _check_size(number, trimmed, len(kept))
        if not headings:
            headings = [cell[:MAX_HEADING] for cell in trimmed]
        else:
            kept.append(Row(number, trimmed))
    if not headings:
        raise UnreadableTable(
            _("There is nothing in it."), _("The first row holds the headings, each row below a record.")
        )
    return Sheet(headings, kept, [*notes, *_formula_notes(kept)])


def _check_size(number: int, cells: list[str], rows_so_far: int) -> None:
    if len(cells) > MAX_COLUMNS:
        raise UnreadableTable(
            _("Row %(row)s has more than %(limit)s columns.") % {"row": number, "limit": MAX_COLUMNS},
            _("Keep the columns you need and try again."),
        )
    if rows_so_far >= MAX_ROWS:
        raise UnreadableTable(
            _("The table has more than %(limit)s rows.") % {"limit": MAX_ROWS},
            _("Split it into several files and bring them in one after the other."),
        )


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _formula_notes(rows: list[Row]) -> list[str]:
    at = [row.number for row in rows if any(_FORMULA.match(cell) for cell in row.cells if cell)]
    if not at:
        return []
    return [
        _("Some cells begin like a formula (first in row %(row)s). They were kept as text; nothing was computed.")
        % {"row": at[0]}
    ]


def _decoded(data: bytes) -> tuple[str, list[str]]:
    try:
        encoding = find_encoding(io.BytesIO(data))
    except NoTextError as error:
        raise UnreadableTable(
            _("This is not a table: it holds bytes that are no text."), _("Choose a CSV or XLSX file.")
        ) from error
    notes = []
    if label := _EIGHT_BITS.get(encoding):
        notes = [
            _("The file is not in UTF-8; it was read as %(encoding)s. Check that accents look right.")
            % {"encoding": label}
        ]
    return data.decode(encoding, errors="replace").replace("\x00", ""), notes


def _csv_rows(text: str) -> Iterator[list[str]]:
    # ``newline=""`` and splitting by the csv module: a cell may hold line breaks
    csv.field_size_limit(MAX_FIELD)  # one limit for the whole process: others may have set theirs
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=find_delimiter(text))
    except csv.Error as error:
        raise UnreadableTable(
            _("The table breaks off or holds a cell that is far too long."),
            _("Look for a quotation mark that is never closed, save it again as CSV and try again."),
        ) from error


def _workbook(data: bytes) -> tuple[Iterator[list[str]], list[str]]:
    """The rows of the first sheet, and what to know about the others."""
    with _broken_is_said():
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise UnreadableTable(
                    _("The workbook unpacks to more than we can read."), _("Save the sheet as CSV and try again.")
                )
        book = open_workbook(io.BytesIO(data), formulas=True)
        first, *others = book.worksheets
        notes = []
        if others:
            names = {"first": first.title, "others": ", ".join(sheet.title for sheet in others[:NAMED_SHEETS])}
            said = _("Only the first sheet was read: “%(first)s”. Bring the others in one by one: %(others)s.")
            notes = [said % names]
        return _workbook_rows(first), notes


def _workbook_rows(sheet: Any) -> Iterator[list[str]]:
    with _broken_is_said():
        for row in sheet.iter_rows(values_only=True, max_row=MAX_ROWS + 10_000, max_col=MAX_COLUMNS + 1):
            # A stray cell far down or far right makes millions of empty ones: they are passed by, not looked at.
            yield [] if row.count(None) == len(row) else [cell_text(value) for value in row]


@contextmanager
def _broken_is_said() -> Iterator[None]:
    try:
        yield
    except (*BROKEN, OSError) as error:
        raise UnreadableTable(
            _("The workbook can't be read; it may be damaged or locked with a password."),
            _("Open it, save it again as XLSX or CSV without a password, and try again."),
        ) from error
