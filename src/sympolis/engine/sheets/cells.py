"""The values of a workbook's sheet, row by row, as openpyxl reads them, but for what took most of its time.

Rows are found by lxml and nothing else of a sheet is looked at, plain texts that stand in their cells are not taken
apart as if they were in colours, and rows that are not there are not made up. Imported only where a workbook is read.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, BinaryIO

from lxml import etree
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import INLINE_STRING, ROW_TAG, WorkSheetParser
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
            data_only=sheet.parent.data_only,
            epoch=sheet.parent.epoch,
            date_formats=sheet.parent._date_formats,
            timedelta_formats=sheet.parent._timedelta_formats,
        )
        for number, cells in parser.parse():
            if number > most_rows:
                return
            if number > read:
                read = number
                yield number, _in_columns(cells, widest)


class _Reader(WorkSheetParser):
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

    def parse_cell(self, element: Any) -> dict[str, Any]:
        written, place = _plain_text(element), element.get("r")
        if written is None or not place:
            told: dict[str, Any] = super().parse_cell(element)
            return told
        row, self.col_counter = coordinate_to_tuple(place)
        return {"row": row, "column": self.col_counter, "value": written}


def _plain_text(cell: Any) -> str | None:
    """The text that stands in a cell, where it is nothing but text."""
    if cell.get("t") != "inlineStr" or len(cell) != 1:
        return None
    [inline] = cell
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


def _in_columns(cells: list[dict[str, Any]], widest: int) -> list[Any]:
    last = min(max((cell["column"] for cell in cells if cell["value"] is not None), default=0), widest)
    row: list[Any] = [None] * last
    for cell in cells:
        if 1 <= cell["column"] <= last:
            row[cell["column"] - 1] = cell["value"]
    return row
