"""A file or pasted text as a table: headings and rows of plain text, whatever program wrote it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _

from sympolis.office.core.imports.errors import UnreadableTable

MAX_BYTES = 10 * 2**20
MAX_ROWS = 50_000
MAX_COLUMNS = 300
MAX_CELL = 10_000
MAX_HEADING = 200
MAX_FIELD = 128 * 2**10  # what the csv module reads as one cell before it gives up on a quotation mark never closed
MAX_UNPACKED = 200 * 2**20  # a workbook is a zip: ten megabytes can unpack to gigabytes
DELIMITERS = (",", ";", "\t", "|")
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
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
        rows = _workbook_rows(data)
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
    notes: list[str] = []
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text, notes = _eight_bits(data)
    sample = text[:100_000]
    if len(_CONTROL.findall(sample)) > len(sample) / 1000:
        raise UnreadableTable(
            _("This is not a table: it holds bytes that are no text."), _("Choose a CSV or XLSX file.")
        )
    return text.replace("\x00", ""), notes


def _eight_bits(data: bytes) -> tuple[str, list[str]]:
    """Western text has lone letters beyond ASCII, Arabic text whole words of them."""
    beyond = re.findall(rb"[\x80-\xff]+", data[:100_000])
    together = sum(len(run) for run in beyond if len(run) > 1)
    arabic = together > 0.7 * sum(map(len, beyond))
    for name, label in (
        (("cp1256", "Windows-1256"),) if arabic else (("cp1252", "Windows-1252"), ("latin-1", "Latin-1"))
    ):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        return text, [
            _("The file is not in UTF-8; it was read as %(encoding)s. Check that accents look right.")
            % {"encoding": label}
        ]
    raise UnreadableTable(_("The letters of this file can't be made out."), _("Save it as CSV in UTF-8 and try again."))


def _csv_rows(text: str) -> Iterator[list[str]]:
    # ``newline=""`` and splitting by the csv module: a cell may hold line breaks
    csv.field_size_limit(MAX_FIELD)  # one limit for the whole process: others may have set theirs
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    except csv.Error as error:
        raise UnreadableTable(
            _("The table breaks off or holds a cell that is far too long."),
            _("Look for a quotation mark that is never closed, save it again as CSV and try again."),
        ) from error


def _delimiter(text: str) -> str:
    """The character that cuts the first lines into the most columns, counted alike in each. A title above the
    headings is passed by where what follows is clearly a table."""
    lines = [line for line in text[:50_000].splitlines() if line.strip()][:20]
    for above in range(len(lines)):
        (like_the_first, columns), best = _evenest(lines[above:])
        if columns and (above == 0 or (like_the_first > 1 and columns > 2)):
            return best
    return ","


def _evenest(lines: list[str]) -> tuple[tuple[int, int], str]:
    best = max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))
    return _evenness(lines, best), best


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines are cut into as many columns as the first, and how many those are; nothing for one column."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return (0, 0)
    return (widths.count(widths[0]), widths[0]) if widths and widths[0] > 1 else (0, 0)


def _workbook_rows(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # here, since every web process would start the later for it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise UnreadableTable(
                    _("The workbook unpacks to more than we can read."), _("Save the sheet as CSV and try again.")
                )
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(values_only=True, max_row=MAX_ROWS + 10_000, max_col=MAX_COLUMNS + 1):
            # A stray cell far down or far right makes millions of empty ones: they are passed by, not looked at.
            yield [] if row.count(None) == len(row) else [_cell_text(value) for value in row]
    except (InvalidFileException, zipfile.BadZipFile, ParseError, *_BROKEN) as error:
        raise UnreadableTable(
            _("The workbook can't be read; it may be damaged or locked with a password."),
            _("Open it, save it again as XLSX or CSV without a password, and try again."),
        ) from error


# What openpyxl lets through on a damaged workbook: it has no error of its own for most of it.
_BROKEN = (
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
    EOFError,
    SyntaxError,
    NotImplementedError,
    OverflowError,
)


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
