"""Files of every kind become headings and rows of plain text, or are refused with one sentence."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from sympolis.office.core.imports import read
from sympolis.office.core.imports.errors import UnreadableTable
from sympolis.office.core.imports.read import MAX_BYTES, MAX_ROWS, MAX_UNPACKED, read_table

TABLE = [["name", "country"], ["Tétouan", "MA"], ["Saïda", "LB"]]


def cells(data: bytes) -> list[list[str]]:
    sheet = read_table(data)
    return [sheet.headings, *(row.cells for row in sheet.rows)]


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    assert cells("\r\n".join(delimiter.join(row) for row in TABLE).encode(encoding)) == TABLE


def test_latin_bytes_are_recognised_and_said() -> None:
    assert read_table("name\nTétouan\n".encode("latin-1")).notes == [
        "The file is not in UTF-8; it was read as Windows-1252. Check that accents look right."
    ]
    assert read_table("name\nTétouan\n".encode()).notes == []


def test_arabic_of_old_windows_is_recognised() -> None:
    sheet = read_table("name;kind\nصفاقس;city\nتطوان;city\n".encode("cp1256"))
    assert [row.cells[0] for row in sheet.rows] == ["صفاقس", "تطوان"]
    assert sheet.notes == ["The file is not in UTF-8; it was read as Windows-1256. Check that accents look right."]


def test_a_workbook_is_read_as_it_is_shown() -> None:
    rows: list[list[object]] = [
        ["name", "on", "at", "founded", "sure"],
        ["Sfax", date(2026, 3, 14), datetime(2026, 3, 14, 9, 30), 1912.0, True],  # noqa: DTZ001, a workbook knows no zones
        [],
        ["Tunis", None, None, 12.5, False],
    ]
    sheet = read_table(workbook(rows))
    assert sheet.headings == ["name", "on", "at", "founded", "sure"]
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (2, ["Sfax", "2026-03-14", "2026-03-14 09:30:00", "1912", "true"]),
        (4, ["Tunis", "", "", "12.5", "false"]),
    ]


def test_of_a_workbook_with_several_sheets_one_is_read_and_the_others_are_named() -> None:
    book = Workbook()
    book.active.title = "Cities"  # type: ignore[union-attr]
    for row in (["name"], ["Sfax"]):
        book.active.append(row)  # type: ignore[union-attr]
    for name in ("Networks", "Old"):
        book.create_sheet(name)
    written = io.BytesIO()
    book.save(written)
    sheet = read_table(written.getvalue())
    assert [row.cells for row in sheet.rows] == [["Sfax"]]
    assert sheet.notes == ["Only the first sheet was read: “Cities”. Bring the others in one by one: Networks, Old."]


@pytest.mark.parametrize(
    "formula", ["=1+1", '=HYPERLINK("http://evil.example")', "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+x"]
)
@pytest.mark.parametrize("made", ["csv", "xlsx"])
def test_formulas_are_kept_as_text_and_said(formula: str, made: str) -> None:
    quoted = '"' + formula.replace('"', '""') + '"'
    data = f"name,kind\n{quoted},city\n".encode() if made == "csv" else workbook([["name", "kind"], [formula, "city"]])
    sheet = read_table(data)
    assert sheet.rows[0].cells[0] == formula
    assert sheet.notes == [
        "Some cells begin like a formula (first in row 2). They were kept as text; nothing was computed."
    ]


@pytest.mark.parametrize("number", ["-12", "+34 932 23 51 51", "-3.5", "+216 74 223 551"])
def test_numbers_and_telephones_are_no_formulas(number: str) -> None:
    assert read_table(f"name,telephone\nSfax,{number}\n".encode()).notes == []


def test_ten_megabytes_of_noise_are_refused_in_one_sentence() -> None:
    noise = random.Random(7).randbytes(MAX_BYTES)
    with pytest.raises(UnreadableTable) as refused:
        read_table(noise)
    assert str(refused.value) == "This is not a table: it holds bytes that are no text. Choose a CSV or XLSX file."


def test_too_large_too_long_too_wide() -> None:
    with pytest.raises(UnreadableTable, match="larger than 10 megabytes"):
        read_table(b"a" * (MAX_BYTES + 1))
    with pytest.raises(UnreadableTable, match="more than 50000 rows"):
        read_table(b"name\n" + b"x\n" * (MAX_ROWS + 1))
    with pytest.raises(UnreadableTable, match="Row 2 has more than 300 columns"):
        read_table(b"name\n" + b"x," * 301)


@pytest.mark.parametrize("data", [b"", b"\n\n\n", b" , , \n"])
def test_an_empty_table_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableTable, match="There is nothing in it"):
        read_table(data)


def test_a_workbook_of_an_old_kind_says_how_to_save_it() -> None:
    with pytest.raises(UnreadableTable, match="Save it as XLSX or as CSV"):
        read_table(b"\xd0\xcf\x11\xe0" + b"\0" * 100)


def test_a_damaged_workbook_is_refused() -> None:
    whole = workbook([["name"], ["Sfax"]])
    for cut in (30, len(whole) // 2, len(whole) - 30):
        with pytest.raises(UnreadableTable, match="can't be read"):
            read_table(whole[:cut])


def test_a_workbook_that_unpacks_to_gigabytes_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * (MAX_UNPACKED + 1))
    with pytest.raises(UnreadableTable, match="unpacks to more than we can read"):
        read_table(held.getvalue())


def test_a_quotation_mark_never_closed_is_refused() -> None:
    csv.field_size_limit(2**27)  # as another reader in the same process may leave it
    with pytest.raises(UnreadableTable, match="breaks off"):
        read_table(b'name\n"' + b"x" * 200_000)


def test_row_numbers_are_those_of_the_spreadsheet() -> None:
    sheet = read_table(b'\nname\nSfax\n\n"Al\nFayhaa"\nTunis\n')
    assert [(row.number, row.cells) for row in sheet.rows] == [(3, ["Sfax"]), (5, ["Al\nFayhaa"]), (6, ["Tunis"])]


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        sheet = read_table(data)
    except UnreadableTable:
        return
    assert sheet.headings
    assert all(isinstance(cell, str) for row in sheet.rows for cell in row.cells)


@settings(max_examples=100)
@given(st.binary(max_size=300), st.integers(0, 5000))
def test_no_damage_to_a_workbook_breaks_the_reader(noise: bytes, at: int) -> None:
    whole = bytearray(_WHOLE)
    whole[at % len(whole) : at % len(whole) + len(noise)] = noise
    with suppress(UnreadableTable):
        assert read_table(bytes(whole)).headings


_WHOLE = workbook([["name", "kind"], ["Sfax", "city"], ["Tunis", "city"]])


@pytest.mark.parametrize(
    "data",
    [b"name,country\nSfax,TN\n" + b"," * 3_000_000, b"name,country\nSfax,TN\n" + b",\n" * 40_000],
    ids=["one endless row", "many empty rows"],
)
def test_a_table_of_empty_cells_is_passed_by(data: bytes) -> None:
    """Not quadratic: this took hours when each empty cell at the end made a new list."""
    assert cells(data) == [["name", "country"], ["Sfax", "TN"]]


def test_a_stray_cell_far_below_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sheets formatted to their last row are common. Only cells that hold something are turned into text."""
    looked_at: list[object] = []
    kept = read.cell_text
    monkeypatch.setattr(read, "cell_text", lambda value: looked_at.append(value) or kept(value))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["name"])
    sheet.append(["Sfax"])
    sheet.cell(MAX_ROWS + 5_000, 200, "stray")
    held = io.BytesIO()
    book.save(held)
    assert len(read_table(held.getvalue()).rows) == 2
    assert len(looked_at) == 3 * (read.MAX_COLUMNS + 1)


def test_a_heading_is_never_endless() -> None:
    assert read_table(b"a" * 50_000 + b",name\nx,Sfax").headings == ["a" * 200, "name"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_title_above_the_table_hides_no_delimiter(delimiter: str) -> None:
    title = "Partners of the office\n\n"
    rows = [["name", "country", "kind"], ["Tétouan", "MA", "city"], ["Saïda", "LB", "city"]]
    read = cells((title + "\n".join(delimiter.join(row) for row in rows)).encode())
    assert read == [["Partners of the office"], *rows]


def test_one_column_stays_one_column() -> None:
    assert cells(b"name\nthe one; the other\nhere; there\n") == [["name"], ["the one; the other"], ["here; there"]]
