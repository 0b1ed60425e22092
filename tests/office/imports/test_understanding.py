"""Headings and cells in five languages, and every problem said with row, column, value and remedy."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.errors import BadValue, ImportRefused
from sympolis.office.core.imports.headings import understood_headings
from sympolis.office.core.imports.preview import previewed
from tests.cast import Cast
from tests.office.imports.bringing import read_as, said


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (["Nom", "País", "Lloc web", "Tipus"], ["name", "country_iso2", "website", "kind"]),
        (["Nombre", "País", "Sitio web", "Tipo"], ["name", "country_iso2", "website", "kind"]),
        (["Nom", "Pays", "Site web", "Genre"], ["name", "country_iso2", "website", "kind"]),
        (["الاسم", "البلد", "الموقع", "النوع"], ["name", "country_iso2", "website", "kind"]),
        (["NAME ", "contry", "web-site", "colour"], ["name", "country_iso2", "website", ""]),
        (["name_fr", "Description (ca)", "name", "Name"], ["name_fr", "description_ca", "name", ""]),
        (["Ville", "Pays"], ["name", "country_iso2"]),
        (["Ville", "Partenaire", "الاسم بالعربية", "Nom en anglais"], ["place_name", "name", "name_ar", "name_en"]),
        (["المدينة", "الشريك", "Nom arabe"], ["place_name", "name", "name_ar"]),
    ],
)
def test_headings_in_five_languages_and_misspelt(headings: list[str], columns: list[str]) -> None:
    assert understood_headings(tables()["organisations"], headings) == columns


@pytest.mark.parametrize(
    "headings",
    [
        ["De", "Tipus", "A", "Des de", "Fins a"],
        ["De", "Tipo", "A", "Desde", "Hasta"],
        ["De", "Type", "À", "Depuis", "Jusqu'à"],
        ["من", "النوع", "إلى", "منذ", "حتى"],
        ["Qui", "Relació", "A qui", "Des de", "Fins a"],
    ],
)
def test_headings_of_relations_as_people_write_them(headings: list[str]) -> None:
    columns = ["from_id", "type", "to_id", "since_year", "until_year"]
    assert understood_headings(tables()["relations"], headings) == columns


@pytest.mark.parametrize(
    "headings",
    [
        ["Intitulé", "Partenaire", "Signature", "Fin", "Observations"],
        ["Convenio", "Socios", "Fecha de firma", "Fecha de fin", "Comentarios"],
        ["الاتفاقية", "الشريك", "تاريخ الإمضاء", "تاريخ الانتهاء", "ملاحظات"],
    ],
)
def test_headings_of_agreements_as_people_write_them(headings: list[str]) -> None:
    columns = ["title", "party_ids", "signed_on", "ends_on", "note"]
    assert understood_headings(tables()["agreements"], headings) == columns


def test_what_a_person_chose_goes_first() -> None:
    chosen = {0: "short_name", 1: "name", 2: ""}
    assert understood_headings(tables()["organisations"], ["Name", "Who", "Country"], chosen) == [
        "short_name",
        "name",
        "",
    ]


def test_a_column_that_does_not_exist_can_not_be_chosen() -> None:
    assert understood_headings(tables()["organisations"], ["Name"], {0: "public_id"}) == [""]


@pytest.mark.parametrize(
    ("parse", "written", "value"),
    [
        (parsers.partial_date, "2019", "2019"),
        (parsers.partial_date, "2019-03", "2019-03"),
        (parsers.partial_date, "14/3/2019", "2019-03-14"),
        (parsers.partial_date, "2019-03-14 00:00:00", "2019-03-14"),
        (parsers.amount(), "1.250.000,50 €", "1250000.5"),
        (parsers.amount(), "1,250,000.50", "1250000.5"),
        (parsers.amount(), "1 250 000", "1250000"),
        (parsers.amount(), "1250,5", "1250.5"),
        (parsers.number(), "12,000", 12000),
        (parsers.country, "tunísia", "TN"),
        (parsers.country, "Liban", "LB"),
        (parsers.country, "المغرب", "MA"),
        (parsers.country, "fr", "FR"),
        (parsers.language, "català", "ca"),
        (parsers.language, "Arabic", "ar"),
        (parsers.boolean, "Sí", True),
        (parsers.boolean, "نعم", True),
        (parsers.boolean, "Non", False),
        (parsers.theme, "Aigua i sanejament", "water"),
        (parsers.goal, "SDG 11.4", "11"),
        (parsers.term("kinds"), "Ville", "city"),
        (parsers.web_address, "www.sfax.tn", "https://www.sfax.tn"),
        (parsers.several(parsers.country), "Espanya; FR;FR", ["ES", "FR"]),
        (parsers.names_by_language, "ca:Tànger|ar:طنجة", {"ca": "Tànger", "ar": "طنجة"}),
    ],
)
def test_cells_as_people_write_them(parse: parsers.Parser, written: str, value: Any) -> None:
    assert parse(written) == value


@pytest.mark.parametrize(
    ("parse", "written", "what", "near"),
    [
        (parsers.partial_date, "31/02/2019", "This is not a date.", ()),
        (parsers.partial_date, "soon", "This is not a date.", ()),
        (parsers.partial_date, "2019-13", "This is not a date.", ()),
        (parsers.amount(), "many", "This is not a number.", ()),
        (parsers.amount(), "NaN", "This is not a number.", ()),
        (parsers.amount(), "-5", "This number is out of range.", ()),
        (parsers.number(), "1.5", "This is not a whole number.", ()),
        (parsers.coordinate(90), "95", "This is not a coordinate.", ()),
        (parsers.coordinate(90), "nan", "This is not a coordinate.", ()),
        (parsers.web_address, "javascript:alert(1)", "This is not a web address.", ()),
        (parsers.theme, "watr", "This is not a theme of the list.", ("Water and sanitation",)),
        (parsers.term("kinds"), "citty", "This word is not on the list.", ("City",)),
        (parsers.goal, "18", "This is not a Sustainable Development Goal.", ()),
        (parsers.text(10), "x" * 11, "This text has 11 characters; at most 10 fit.", ()),
    ],
)
def test_cells_nobody_understands(parse: parsers.Parser, written: str, what: str, near: tuple[str, ...]) -> None:
    with pytest.raises(BadValue) as bad:
        parse(written)
    assert (bad.value.what, bad.value.suggestions[: len(near)], bool(bad.value.remedy)) == (what, near, True)


def test_a_missing_column_is_said_once(cast: Cast) -> None:
    understood = read_as("relations", "from,relation\namb,member_of\nsfax,member_of\n")
    assert said(understood) == [(0, "To whom", "", "There is no column for “To whom”.")]
    assert understood.problems[0].remedy == "Say which of your columns it is, or add one."
    assert understood.is_unusable


def test_no_known_heading_is_said_and_one_column_refused(db: None) -> None:
    understood = read_as("organisations", "qwerty,zxcvb\n1,2\n")
    assert understood.is_unusable
    assert understood.problems[0].what == "None of the headings is known for this table."
    with pytest.raises(ImportRefused, match="None of the headings is known"):
        read_as("organisations", "qwerty\n1\n")


@pytest.mark.parametrize(
    ("table", "headings", "rows"),
    [
        ("Members\n\nname,country\nSfax,TN\n", ["name", "country"], [4]),
        ("name,country\nKind,Country\nSfax,TN\n", ["name", "country"], [2, 3]),
        ("who,where\nSfax,TN\nname,somewhere\n", ["who", "where"], [2, 3]),
    ],
)
def test_headings_are_the_first_row_or_stand_below_a_title(
    db: None, table: str, headings: list[str], rows: list[int]
) -> None:
    sheet = read_as("organisations", table).sheet
    assert (sheet.headings, [row.number for row in sheet.rows]) == (headings, rows)


def test_wrong_dates_say_row_column_and_remedy(cast: Cast) -> None:
    understood = read_as("events", "title,start_date,end_date\nFirst,31/02/2026,\nSecond,2026-05-02,2026-05-01\n")
    assert said(understood) == [
        (2, "Begins", "31/02/2026", "This is not a date."),
        (3, "", "", "It ends before it begins."),
    ]
    assert understood.problems[0].remedy == "Write 2019, 2019-03 or 2019-03-14; day first also works: 14/3/2019."


@pytest.mark.parametrize(
    "written", ["amb", "AMB", "àrea metropolitana de barcelona", "Area Metropolitana de Barcelona"]
)
def test_references_by_id_short_name_or_name(cast: Cast, written: str) -> None:
    understood = read_as("relations", f"from,type,to\nSfax,membre de,{written}\n")
    assert said(understood) == []
    assert understood.drafts[0].fields["to_organisation"] == cast.amb.public_id


def test_a_name_of_ten_thousand_characters_is_said(db: None) -> None:
    understood = read_as("organisations", f"name\n{'x' * 10_000}\n")
    assert said(understood) == [(2, "Name", "x" * 200, "This text has 10000 characters; at most 300 fit.")]


def test_a_cell_beyond_ten_thousand_characters_is_said(db: None) -> None:
    understood = read_as("organisations", f"name,description\nSfax,{'x' * 10_001}\n")
    assert said(understood) == [(2, "Description", "x" * 80, "This cell has more than 10000 characters.")]


def test_an_empty_required_cell_and_a_row_too_wide(cast: Cast) -> None:
    understood = read_as("organisations", "name,country\n,TN\nSfax,TN,more\n")
    assert said(understood) == [
        (3, "", "more", "This row has more cells than there are headings."),
        (2, "Name", "", "“Name” is empty."),
    ]


def test_two_rows_about_the_same_record(db: None) -> None:
    understood = read_as("organisations", "id,name\nsfax,Sfax\nsfax,Sfax\nsfax,Tunis\n")
    assert said(understood) == [(4, "", "sfax", "This row speaks of the same record as row 2 and says something else.")]


def test_a_row_may_name_another_of_the_same_sheet(cast: Cast) -> None:
    understood = read_as("plans", "id,title,parent_id,organisation\nline,A line,plan,amb\nplan,The plan,,amb\n")
    assert said(understood) == []
    assert understood.drafts[0].fields["parent"] == "planning.Plan#plan"


@pytest.mark.parametrize(
    ("written", "code"),
    [("Commune", "city"), ("بلدية", "city"), ("Réseau", "city-network"), ("Gouvernorat", "region"), ("ONG", "ngo")],
)
def test_kinds_as_people_write_them(written: str, code: str) -> None:
    assert parsers.term("kinds")(written) == code


def test_a_word_that_may_be_meant_is_said_in_the_readers_language(cast: Cast) -> None:
    with override("fr"):
        problem = read_as("organisations", "Nom,Type\nX,Universitte\n").problems[0]
    assert problem.suggestions == ("Université ou centre de recherche",)


def test_what_is_part_of_a_plan_is_a_line_of_it(cast: Cast) -> None:
    rows = "id,Titre,Partie de,Organisation\nplan,Le plan,,AMB\nline,Un axe,plan,AMB\n"
    assert [one.defaults for one in read_as("plans", rows).drafts] == [{}, {"kind": "line"}]


def test_days_of_an_agreement_are_shown_in_the_readers_words(cast: Cast) -> None:
    with override("fr"):
        shown = previewed(read_as("agreements", "Titre,Partenaire,Signature,Fin\nA,AMB,2019-05-01,2026\n"))
    days = [(one.label, one.after) for one in shown.records[0].fields if one.after[-2:] in ("19", "26")]
    assert days == [("Signé le", "1er mai 2019"), ("Prend fin le", "2026")]


def test_the_same_problem_in_many_rows_is_said_once(cast: Cast) -> None:
    rows = "".join(f"N{at},{'Ville' if at == 3 else 'Xyzzy'}\n" for at in range(6))
    shown = previewed(read_as("organisations", f"Nom,Type\n{rows}N9,Qwerty\n"))
    assert [(one.problem.value, one.spans) for one in shown.problems] == [("Xyzzy", ["2–4", "6–7"]), ("Qwerty", ["8"])]
    assert shown.problem_count == 6
