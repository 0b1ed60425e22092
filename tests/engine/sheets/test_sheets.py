"""Tables of any usual kind, and what stands in their cells."""

import io
import time
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from sympolis.engine.model import PartialDate
from sympolis.engine.sheets import (
    UnreadableSheet,
    country_code,
    degrees,
    harmless,
    known_headings,
    money,
    name_columns,
    number,
    open_sheets,
    partial_date,
)

TABLE = "nom;país;nota\nCórdoba;España;«ñ»\n\nالرباط;Maroc;x\n"
WESTERN = TABLE.replace("الرباط", "Rabat’s")


def rows(content: bytes, delimiter: str = "") -> list[tuple[int, list[str]]]:
    return [row for sheet in open_sheets(io.BytesIO(content), delimiter) for row in sheet.rows]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", TABLE), ("utf-8-sig", TABLE), ("utf-16", TABLE), ("utf-16-le", TABLE * 9), ("cp1252", WESTERN)],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_letters_and_columns_are_made_out(encoding: str, text: str, delimiter: str) -> None:
    found = rows(text.replace(";", delimiter).encode(encoding))
    assert found[0] == (1, ["nom", "país", "nota"])
    assert found[1] == (2, ["Córdoba", "España", "«ñ»"])
    assert found[2] == (4, [text.splitlines()[3].split(";")[0], "Maroc", "x"])


def test_arabic_in_eight_bits_is_told_from_western_letters() -> None:
    assert rows("المدينة,البلد\nالرباط,المغرب\n".encode("cp1256"))[1] == (2, ["الرباط", "المغرب"])


def test_a_letter_cut_off_at_the_end_is_forgiven() -> None:
    assert rows("a,b\n1,é".encode()[:-1]) == [(1, ["a", "b"]), (2, ["1", "�"])]


def test_every_sheet_of_a_workbook_is_told_with_its_rows(tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "U"
    first["A1"], first["C3"] = "x", 1.0
    book.create_sheet("Dos").append([True, None, 2.5])
    book.save(tmp_path / "b.xlsx")
    found = [(sheet.name, list(sheet.rows)) for sheet in open_sheets(tmp_path / "b.xlsx")]
    assert found == [("U", [(1, ["x"]), (3, ["", "", "1"])]), ("Dos", [(1, ["true", "", "2.5"])])]


def test_cells_are_read_whatever_way_they_are_written() -> None:
    """Texts in their cells, plain and in colours; a day; rows and cells left out, out of order, without their place."""
    book = Workbook()
    assert book.active is not None
    book.active.append([date(2024, 5, 1), 7.0, True, "shared"])
    saved = io.BytesIO()
    book.save(saved)
    colours = "<is><r><t>in </t></r><r><t>colours</t></r></is>"
    more = (
        f'<row r="3"><c r="A3" t="inlineStr"><is><t> plain </t></is></c><c r="C3" t="inlineStr">{colours}</c></row>'
        '<row r="6"><!-- none --><c t="inlineStr"><is><t>no place</t></is></c><c t="str"><v>next</v></c></row>'
        '<row r="4"><c r="A4"><v>1</v></c></row><row r="9"><c r="ZZZ9"><v>1</v></c></row>'
        '<row r="10"><c r="A10" t="inlineStr"><is><t/></is></c><c r="B10" t="e"><v>#N/A</v></c></row></sheetData>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"</sheetData>", more.encode()) if "sheet1" in name else content)
    assert rows(packed.getvalue()) == [
        (1, ["2024-05-01", "7", "true", "shared"]),
        (3, [" plain ", "", "in colours"]),
        (6, ["no place", "next"]),
        (10, ["", "#N/A"]),
    ]


def test_what_is_no_table_is_refused() -> None:
    for content in (bytes(range(256)) * 20, b"\xd0\xcf\x11\xe0 old", b"PK\x03\x04 no zip"):
        with pytest.raises(UnreadableSheet):
            rows(content)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sympolis.engine.sheets.rows.MOST_UNPACKED", 2**20)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/worksheets/sheet1.xml", b"0" * 2**21)
    with pytest.raises(UnreadableSheet, match="unpacks to more"):
        rows(packed.getvalue())


def test_a_quotation_never_closed_breaks_where_it_begins() -> None:
    sheets = open_sheets(io.BytesIO(b'a,b\n1,2\n3,"' + b"x,\n" * 100_000))
    lines = next(sheets).rows
    assert [next(lines), next(lines)] == [(1, ["a", "b"]), (2, ["1", "2"])]
    with pytest.raises(UnreadableSheet) as refused:
        next(lines)
    assert refused.value.line == 3


@pytest.mark.parametrize(
    ("written", "decimal", "value"),
    [
        ("1250", "", "1250"), ("1.250.000,50", "", "1250000.50"), ("1,250,000.50", "", "1250000.50"),
        ("1 250 000", "", "1250000"), ("1.250", "", "1250"), ("1,250", "", "1250"), ("1.250", ".", "1.250"),
        ("1,250", ",", "1.250"), ("12,5", "", "12.5"), ("-3", "", "-3"), ("1'250.5", "", "1250.5"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_they_are_written(written: str, decimal: str, value: str) -> None:
    assert number(written, decimal) == Decimal(value)


def test_money_tells_its_currency_and_is_not_negative() -> None:
    assert money("1.250,50 €") == (Decimal("1250.50"), "EUR")
    assert money("USD 3,000") == (Decimal(3000), "USD")
    assert money("10") == (Decimal(10), "")
    for wrong in ("-5", "much", "NaN", "1e99", ""):
        with pytest.raises(ValueError, match=r"is no number|less than nothing"):
            money(wrong)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019", "2019"), ("2019-03", "2019-03"), ("2019-03-14", "2019-03-14"), ("2019-3-4", "2019-03-04"),
        ("2019-03-14 10:00:00 +0100", "2019-03-14"),
        ("2019-03-14T10:00:00Z", "2019-03-14"), ("14/3/2019", "2019-03-14"), ("14.03.2019", "2019-03-14"),
        ("3/2019", "2019-03"), ("2019/3/14", "2019-03-14"), ("14 de març de 2019", "2019-03-14"),
        ("14 March 2019", "2019-03-14"), ("1er février 2020", "2020-02-01"), ("3. Mai 2021", "2021-05-03"),
        ("octubre de 2018", "2018-10"), ("1 d'octubre de 2018", "2018-10-01"),
    ],
)  # fmt: skip
def test_days_are_read_as_they_are_written(written: str, day: str) -> None:
    assert str(partial_date(written)) == day


def test_the_order_of_day_and_month_is_the_callers() -> None:
    assert str(partial_date("3/4/2019")) == "2019-04-03"
    assert str(partial_date("3/4/2019", True)) == "2019-03-04"
    for wrong in ("31/02/2019", "soon", "2019-13", "", "0000-00-00", "5 nomonth 2019"):
        with pytest.raises(ValueError, match="is no date"):
            partial_date(wrong)


def test_degrees_are_never_read_as_thousands() -> None:
    assert [degrees(written, 180) for written in ("-1.315", "126,835", "0")] == [-1.315, 126.835, 0.0]
    for wrong in ("181", "nan", "north", ""):
        with pytest.raises(ValueError, match="off the map"):
            degrees(wrong, 180)


def test_countries_are_told_by_code_or_name_in_many_languages() -> None:
    names = {
        "ES": "ES", "el": "GR", "UK": "GB", "Espanya": "ES", "Allemagne": "DE", "المغرب": "MA", "Sverige": "SE",
        "España ": "ES", "El\u2028Salvador": "SV", "Holanda": "NL", "Côte d’Ivoire": "CI", "Germania": "DE", "XK": "XK",
    }  # fmt: skip
    assert {written: country_code(written) for written in names} == names
    for wrong in ("EU", "Atlantis", "", "ZZ"):
        with pytest.raises(ValueError, match="is no country"):
            country_code(wrong)


def test_columns_are_named_once_whatever_their_case_accents_and_asides() -> None:
    known = known_headings({"title": ["títol del projecte"], "budget": ["total budget"]})
    headings = ["TITOL_DEL_PROJECTE *", "Title", "Total budget (EUR)", "other"]
    assert name_columns(headings, known) == ["title", "", "budget", ""]


def test_no_heading_takes_long() -> None:
    """A cell holds 200,000 letters; a tenth of them took three seconds."""
    began = time.process_time()
    assert name_columns(["(" * 20_000], {}) == [""]
    assert time.process_time() - began < 0.5


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        for number_, cells in rows(content):
            assert number_ >= 1
            assert cells[-1]
    except UnreadableSheet:
        pass


@given(st.text(max_size=20))
def test_any_text_is_a_value_or_a_ValueError(written: str) -> None:  # noqa: N802
    for read in (number, money, partial_date, country_code):
        try:
            found = read(written)
        except ValueError:
            continue
        assert not isinstance(found, PartialDate) or found


@pytest.mark.parametrize(
    "text", ["=1+1", "+34 600 000 001", "-2+3", "-", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")']
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-12", "-3.5", "-3,5", "a=1", "'=1", "2+3", "ماء"])
def test_what_it_would_not_run_stays(text: str) -> None:
    assert harmless(text) == text
