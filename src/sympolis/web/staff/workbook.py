"""A workbook that goes out while its rows are read: nothing of it stands in memory, nor in a file.

A sheet ends where a spreadsheet's rows do (1,048,576), and the next one begins with the same headings. What is written
is the least that the standard (ISO/IEC 29500) asks for: words as they are, numbers as numbers, no formulas.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import escape
from itertools import chain, islice

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

from sympolis.web.staff.records.cells import written

ROWS_A_SHEET = 1_048_576
BYTES_A_SHEET = 1_500_000_000  # an older zip knows no file of more than two thousand million bytes
LONGEST_CELL = 32_000
AT_ONCE = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_BEGINS = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'
_SHEET_ENDS = "</sheetData></worksheet>"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NOT_IN_XML = dict.fromkeys([*(sign for sign in range(32) if sign not in (9, 10)), 0xFFFE, 0xFFFF])


def workbook_file(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """The first row are the headings."""
    response = StreamingHttpResponse(_parts(name, rows, get_language()), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


class _Sent(list[bytes]):
    """What a zip file is written into: it can't be gone back in, and is emptied as it goes out."""

    def write(self, some: bytes) -> int:
        self.append(bytes(some))
        return len(some)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        some = b"".join(self)
        self.clear()
        return some


def _parts(name: str, rows: Iterable[Iterable[object]], language: str | None) -> Iterator[bytes]:
    sent = _Sent()
    lines = iter(rows)
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:  # type: ignore[call-overload]
        with override(language):
            headings = list(next(lines, ()))
            sheets = 0
            ahead = next(lines, None)
            while ahead is not None or not sheets:
                sheets += 1
                begun = chain([headings], [ahead] if ahead is not None else (), lines)
                with book.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                    for some in _sheet(begun):
                        sheet.write(some)
                        yield sent.taken()
                ahead = next(lines, None)
        for path, text in _around(name, sheets):
            book.writestr(path, _HEAD + text)
    yield sent.taken()


def _sheet(rows: Iterator[Iterable[object]]) -> Iterator[bytes]:
    """As many rows as go into one; the rest is left for the next."""
    yield _SHEET_BEGINS.encode()
    size = number = 0
    while number < ROWS_A_SHEET and size < BYTES_A_SHEET:
        some = list(islice(rows, min(AT_ONCE, ROWS_A_SHEET - number)))
        if not some:
            break
        text = "".join(_row(number + at, row) for at, row in enumerate(some, start=1)).encode()
        number += len(some)
        size += len(text)
        yield text
    yield _SHEET_ENDS.encode()


def _row(number: int, row: Iterable[object]) -> str:
    return f'<row r="{number}">{"".join(map(_cell, row))}</row>'


def _cell(value: object) -> str:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return f"<c><v>{written(value)}</v></c>"
    text = escape(written(value).translate(_NOT_IN_XML)[:LONGEST_CELL], quote=False)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' if text else "<c/>"


def _around(name: str, sheets: int) -> Iterator[tuple[str, str]]:
    """What says which sheets there are."""
    numbers = range(1, sheets + 1)
    called = escape("".join(sign for sign in name if sign not in "[]:*?/\\")[:25])
    titles = [called if sheets == 1 else f"{called} {number}" for number in numbers]
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            + "".join(
                f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
                for number in numbers
            )
            + "</Types>"
        ),
    )
    yield (
        "_rels/.rels",
        (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            + "".join(
                f'<Relationship Id="rId{number}" Type="{_RELATED}/worksheet" Target="worksheets/sheet{number}.xml"/>'
                for number in numbers
            )
            + "</Relationships>"
        ),
    )
    yield (
        "xl/workbook.xml",
        (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>'
            + "".join(
                f'<sheet name="{title}" sheetId="{number}" r:id="rId{number}"/>'
                for number, title in zip(numbers, titles, strict=True)
            )
            + "</sheets></workbook>"
        ),
    )
