"""The values of a workbook's sheet, row by row, as openpyxl reads them, but for what took most of its time.

Rows are found by lxml and nothing else of a sheet is looked at, plain texts that stand in their cells are not taken
apart as if they were in colours, and rows that are not there are not made up. Imported only where a workbook is read.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import lru_cache
from string import digits
from typing import Any, BinaryIO

from lxml import etree
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import column_index_from_string
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import INLINE_STRING, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

_TEXT = f"{{{SHEET_MAIN_NS}}}t"


def open_values(file: BinaryIO) -> Any:
    """The workbook, for ``values_of`` its sheets; formulas as what they came to."""
    reader = _Book(file, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb


def values_of(sheet: Any, most_rows: int, widest: int) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a sheet opened read-only that are there, with their numbers; None where a cell holds nothing.

    A row that comes after a later one is left out, and so are cells beyond the ``widest`` column.
    """
    read = 0
    with sheet._get_source() as source:
        parser = _Reader(
            source,
            sheet._shared_strings,
            widest=widest,
            data_only=sheet.parent.data_only,
            epoch=sheet.parent.epoch,
            date_formats=sheet.parent._date_formats,
            timedelta_formats=sheet.parent._timedelta_formats,
        )
        for number, values in parser.parse():
            if number > most_rows:
                return
            if number > read:
                read = number
                yield number, values


class _Reader(WorkSheetParser):
    def __init__(self, *given: Any, widest: int, **more: Any) -> None:
        super().__init__(*given, **more)
        self._widest = widest

    def parse(self) -> Generator[Any, None, None]:
        found = etree.iterparse(
            self.source,
            tag=ROW_TAG,
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        )
        for _, row in found:
            yield self.parse_row(row)
            row.clear()
            while row.getprevious() is not None:  # or a million empty rows stay in memory
                del row.getparent()[0]

    def parse_row(self, row: Any) -> tuple[int, list[Any]]:
        """Its number and values; openpyxl would make a place of each cell and keep what each row looks like."""
        self.row_counter = _number(row.get("r"), self.row_counter + 1)
        self.col_counter = 0
        values: list[Any] = []
        for cell in row:
            place = cell.get("r")
            column = self.col_counter = _column(place.rstrip(digits)) if place else self.col_counter + 1
            if column <= self._widest and (value := self._value(cell)) is not None:
                values += [None] * (column - len(values))
                values[column - 1] = value
        return self.row_counter, values

    def _value(self, cell: Any) -> Any:
        """Texts and numbers that stand alone in a cell at once; all else as openpyxl reads it."""
        if len(cell) == 1:
            kind, [inside] = cell.get("t", "n"), cell
            if kind == "inlineStr" and (written := _plain_text(inside)) is not None:
                return written
            if inside.tag == VALUE_TAG and (told := inside.text):
                if kind == "s":
                    return self.shared_strings[int(told)]
                if kind == "n" and int(cell.get("s", 0)) not in self.date_formats:
                    return float(told) if set(told) & {".", "e", "E"} else int(told)
        column = self.col_counter
        value = self.parse_cell(cell)["value"]
        self.col_counter = column
        return value


def _number(written: str | None, following: int) -> int:
    """The number of a row; one that doesn't tell follows the one before."""
    number = following if written is None else float(written)
    if number != int(number):
        raise ValueError(f"{written} is no number of a row")
    return int(number)


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    column: int = column_index_from_string(letters)
    return column


def _plain_text(inline: Any) -> str | None:
    """The text that stands in a cell, where it is nothing but text."""
    if inline.tag != INLINE_STRING or len(inline) != 1:
        return None
    [text] = inline
    return text.text if text.tag == _TEXT else None


class _Book(ExcelReader):
    """Reads a workbook without its sheets' sizes: where one isn't told, all of the sheet would be read to know it."""

    def read_worksheets(self) -> None:
        book: Any = self.wb
        for sheet, link in self.parser.find_sheets():
            if link.target in self.valid_files and "chartsheet" not in link.Type:
                book._sheets.append(_Sheet(book, sheet.name, link.target, self.shared_strings))


class _Sheet(ReadOnlyWorksheet):
    def _get_size(self) -> None:
        """Nobody asks."""
