"""Rows of a table, one at a time: of a CSV, or of each sheet of a workbook. Whatever program wrote it."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from ..errors import EngineError
from .letters import NoTextError, find_delimiter, find_encoding

WORKBOOK = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
MOST_ROWS = 2**20
MOST_COLUMNS = 1_000
LONGEST_CELL = 200_000
MOST_UNPACKED = 2**30
"""A workbook is a zip: ten megabytes can unpack to gigabytes."""

# What openpyxl lets through on a damaged workbook: it has no error of its own for most of it.
BROKEN = (
    zipfile.BadZipFile, ParseError, zlib.error, KeyError, ValueError, TypeError, IndexError,
    AttributeError, EOFError, SyntaxError, NotImplementedError, OverflowError, AssertionError, RecursionError,
)  # fmt: skip


def open_workbook(file: BinaryIO, *, formulas: bool = False) -> Any:
    """The workbook, to be read row by row; formulas instead of what they came to, when asked for."""
    from openpyxl import load_workbook  # a third of a second, which a web process that reads no workbook saves

    return load_workbook(file, read_only=True, data_only=not formulas, keep_links=False)


class UnreadableSheet(EngineError):
    """A table can't be read, or not on from a row; ``line`` says from which."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.line = line


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name in the workbook, its rows with the numbers its program shows. Read it once, in order."""

    name: str
    rows: Iterator[tuple[int, list[str]]]


def open_sheets(file: Path | BinaryIO, delimiter: str = "") -> Iterator[Sheet]:
    """The tables of a CSV (one) or an XLSX (each sheet). Raises UnreadableSheet, also while rows are read."""
    if isinstance(file, Path):
        with file.open("rb") as opened:
            yield from _sheets(opened, delimiter)
    else:
        yield from _sheets(file, delimiter)


def _sheets(opened: BinaryIO, delimiter: str) -> Iterator[Sheet]:
    opened.seek(0)
    head = opened.read(4)
    if head == WORKBOOK:
        yield from _workbook(opened)
    elif head == OLD_WORKBOOK:
        raise UnreadableSheet("This is a workbook of an old kind. Save it as XLSX or CSV.")
    else:
        yield Sheet("", _bounded(_lines(opened, delimiter)))


def _lines(opened: BinaryIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    try:
        encoding = find_encoding(opened)
    except NoTextError as error:
        raise UnreadableSheet(f"This is not a table: {error}.") from None
    opened.seek(0)
    text = io.TextIOWrapper(opened, encoding=encoding, errors="replace", newline="")
    try:
        delimiter = delimiter or find_delimiter(text.read(50_000))
        text.seek(0)
        csv.field_size_limit(LONGEST_CELL)  # one limit for the whole process: others may have set theirs
        rows = csv.reader(text, delimiter=delimiter)
        number = 1
        try:
            for row in rows:
                yield number, row
                number = rows.line_num + 1
        except csv.Error as error:
            raise UnreadableSheet(f"The table can't be read on from here: {error}.", number) from None
    finally:
        if not opened.closed:  # it is closed by who opened it
            text.detach()


def _workbook(opened: BinaryIO) -> Iterator[Sheet]:
    try:
        with zipfile.ZipFile(opened) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise UnreadableSheet("The workbook unpacks to more than we can read. Save its sheets as CSV.")
        opened.seek(0)
        from .cells import open_values  # brings openpyxl: a third of a second for who reads no workbook

        book = open_values(opened)
    except BROKEN as error:
        raise UnreadableSheet(f"The workbook is damaged or locked with a password: {error}") from None
    try:
        for sheet in book.worksheets:
            yield Sheet(sheet.title, _bounded(_cells(sheet)))
    finally:
        book.close()


def _cells(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    from .cells import values_of  # brings openpyxl, see above

    number = 0
    try:
        # A stray cell in the last column or far down makes no empty ones before it: only what is there is looked at.
        for number, row in values_of(sheet, MOST_ROWS + 1, MOST_COLUMNS + 1):
            yield number, [cell_text(value) for value in row]
    except BROKEN as error:
        raise UnreadableSheet(f"The sheet can't be read on from here: {error}", number + 1) from None


def _bounded(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, without empty cells at their end."""
    for number, cells in rows:
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS or number > MOST_ROWS:
            raise UnreadableSheet(f"There are more than {MOST_ROWS} rows or {MOST_COLUMNS} columns.", number)
        yield number, cells


def cell_text(value: Any) -> str:
    """A cell of a workbook as it is written: days as ISO, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
