"""Lists of cooperation projects and their partners."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from sympolis.engine import sources
from sympolis.engine.model import Organisation, PartialDate, Participation, Project, Record
from sympolis.engine.sources import Reject, find_source, read_source

SAMPLE = Path(sources.__file__).parent / "interreg" / "sample"


def read(path: Path) -> tuple[list[Record], list[Reject]]:
    rejects: list[Reject] = []
    return list(read_source("interreg", [path], rejects)), rejects


def taking_part(records: list[Record]) -> list[tuple[str, str, str, Any, Any]]:
    """Acronym or title of the project, name of the body, role, cost, grant."""
    titles = {one.id: one.acronym or next(iter(one.title.values())) for one in records if isinstance(one, Project)}
    names = {one.id: one.name for one in records if isinstance(one, Organisation)}
    return [
        (titles[one.project_id], names[one.organisation_id], str(one.role), one.cost, one.grant)
        for one in records
        if isinstance(one, Participation)
    ]


_PARTNERS: list[list[Any]] = [
    [
        *("Project acronym", "Programme", "Partner name", "Partner name in English", "Lead partner (Y/N)"),
        *("Country code", "Town", "NUTS 3", "Legal status", "Partner's budget", "ERDF", "VAT number"),
    ],
    [
        *("TIDE", "Sea 2014 - 2020", "Ville de Rivemer", "City of Rivemer", "Y", "FR", "Rivemer", "FRJ13"),
        *("Local public authority", "900000.50", 700000, "FR 12 345 678 901"),
    ],
    ["TIDE", "Sea 2014 - 2020", "Università di Portovento", None, "N", "IT", None, None, "University", 600000],
    [
        *("TIDE", "Hill 2014 - 2020", "Ville de Rivemer", "City of Rivemer", "N", "FR"),
        *(None, None, None, None, None, "FR12345678901"),
    ],
]


def keep_workbook(file: Path) -> None:
    """As keep.eu hands out: what was searched, the projects, their partners."""
    book = Workbook()
    about = book.active
    assert about is not None
    about.append(["Search of 1 January 2026"])
    projects = book.create_sheet("Projects")
    projects.append(["Programme", "Project acronym", "Project name in English", "Project start date",
                     "Project end date", "Total budget/expenditure (EUR)", "Thematics", "Project status"])  # fmt: skip
    projects.append(
        ["Sea 2014 - 2020", "TIDE", "Tides for towns", "2017-01-01", "2019-12-31", 1500000, "Water; Ports", "closed"]
    )
    projects.append(["Hill 2014 - 2020", "TIDE", "Another tide", "2018", None, None, None, "ongoing"])
    partners = book.create_sheet("Partners")
    for row in _PARTNERS:
        partners.append(row)
    book.save(file)


def test_a_workbook_of_keep_tells_projects_and_their_partners(tmp_path: Path) -> None:
    keep_workbook(tmp_path / "keep.xlsx")
    records, rejects = read(tmp_path / "keep.xlsx")
    assert rejects == []
    sea, hill = [one for one in records if isinstance(one, Project)]
    assert sea.title == {"en": "Tides for towns"}
    assert (sea.programme, sea.acronym, sea.status) == ("Sea 2014 - 2020", "TIDE", "finished")
    assert (sea.budget, sea.currency, sea.topics) == (Decimal(1500000), "EUR", ("Water", "Ports"))
    assert (hill.start, hill.end) == (PartialDate.parse("2018"), PartialDate())
    city, university = [one for one in records if isinstance(one, Organisation)]
    assert (city.id, city.identifiers) == ("interreg:vat:FR12345678901", ("vat:FR12345678901", "nuts:FRJ13"))
    assert (city.kind, city.country, city.place, city.names) == ("city", "FR", "Rivemer", {"en": "City of Rivemer"})
    assert (university.kind, university.country) == ("research", "IT")
    parts = [one for one in records if isinstance(one, Participation)]
    assert [(one.project_id, str(one.role), one.cost, one.grant) for one in parts] == [
        (sea.id, "lead", Decimal("900000.50"), Decimal(700000)),
        (sea.id, "partner", Decimal(600000), None),
        (hill.id, "partner", None, None),
    ]


def test_a_list_of_a_programme_is_read_below_its_title() -> None:
    records, rejects = read(SAMPLE / "operations.csv")
    shade, river = [one for one in records if isinstance(one, Project)]
    assert (shade.id, shade.acronym) == ("interreg:mar-i-munt-101", "OMBRA")
    assert shade.title == {"ca": "Ombra per a tothom", "en": "Shade for all"}
    assert (shade.budget, shade.currency, shade.status) == (Decimal("1250000.50"), "EUR", "ongoing")
    assert (shade.start, shade.end) == (PartialDate.parse("2023-03-01"), PartialDate.parse("2026-02-28"))
    assert (river.budget, river.start) == (None, PartialDate.parse("2024"))
    assert taking_part(records) == [("OMBRA", "Ajuntament de Vila-seca del Mar", "lead", None, None)]
    assert [one.country for one in records if isinstance(one, Organisation)] == ["ES"]
    assert [(reject.line, reject.reason) for reject in rejects] == [
        (5, "budget: 'massa' is no number."),
        (6, "This project stands twice in this file: the first one counts."),
        (7, "This row has neither a name nor an acronym nor a number of a project."),
    ]


def test_partners_in_json_are_told_once_and_their_project_with_them() -> None:
    records, rejects = read(SAMPLE / "partners.json")
    [project] = [one for one in records if isinstance(one, Project)]
    assert (project.title, project.status, project.end) == ({"en": "SHADE"}, "ongoing", PartialDate())
    region, town = [one for one in records if isinstance(one, Organisation)]
    assert (region.kind, region.country, region.identifiers) == ("region", "SE", ("nuts:SE331",))
    assert (town.kind, town.place) == ("city", "Norrviks län")
    assert taking_part(records) == [
        ("SHADE", "Region Norrvik", "lead", Decimal(250000), None),
        ("SHADE", "Norrviks kommun", "partner", Decimal("99.5"), None),
        ("SHADE", "Norrviks kommun", "partner", Decimal(10), None),
    ]
    assert len({one.id for one in records}) == len(records)
    assert [(reject.line, reject.reason) for reject in rejects] == [
        (1, "end: '2026-02-30' is no date."),
        (3, "This partner stands twice in this project: the first one counts."),
        (5, "This row names no partner."),
    ]


def test_the_lead_is_the_partner_that_holds_the_coordinators_name(tmp_path: Path) -> None:
    file = tmp_path / "nested.json"
    partners = [
        {"name": "Ayuntamiento de Costaverde", "place": "Peñas, España"},
        {"name": "Prefectura", "place": "Bolivia"},
    ]
    projects = [
        {"programme": "P", "project": "Uno", "coordinator": "Costaverde, España", "partners": partners},
        {"programme": "P", "project": "Dos", "coordinator": "Río Lempa, Guatemala", "partners": partners},
    ]
    file.write_text(json.dumps(projects), encoding="utf-8")
    records, rejects = read(file)
    assert rejects == []
    assert [part[:3] for part in taking_part(records)] == [
        ("Uno", "Ayuntamiento de Costaverde", "lead"),
        ("Uno", "Prefectura", "partner"),
        ("Dos", "Río Lempa", "lead"),
        ("Dos", "Ayuntamiento de Costaverde", "partner"),
        ("Dos", "Prefectura", "partner"),
    ]
    where = {one.name: (one.country, one.place) for one in records if isinstance(one, Organisation)}
    assert where == {"Ayuntamiento de Costaverde": ("ES", "Peñas"), "Prefectura": ("BO", ""), "Río Lempa": ("GT", "")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_letters_of_a_list_are_made_out(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "list.csv"
    text = (SAMPLE / "operations.csv").read_text("utf-8").replace(" €", "")
    file.write_bytes(text.encode(encoding))
    expected = [one.id for one in read(SAMPLE / "operations.csv")[0]]
    assert [one.id for one in read(file)[0]] == expected


def test_broken_files_are_rejected_by_name_and_line(tmp_path: Path) -> None:
    keep_workbook(tmp_path / "whole.xlsx")
    (tmp_path / "cut.xlsx").write_bytes((tmp_path / "whole.xlsx").read_bytes()[:3_000])
    (tmp_path / "cut.json").write_bytes((SAMPLE / "partners.json").read_bytes()[:500])
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "noise.csv").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 100)
    ours = find_source("interreg")
    assert [file.name for file in ours.files(tmp_path)] == [
        "cut.json", "cut.xlsx", "noise.csv", "old.xlsx", "whole.xlsx",
    ]  # fmt: skip
    assert ours.files(tmp_path / "other.csv") == []
    for name, reason in {
        "cut.xlsx": "The workbook is damaged", "cut.json": "The file is cut off", "noise.csv": "This is not a table",
        "old.xlsx": "This is a workbook of an old kind", "other.csv": "No sheet has headings",
    }.items():  # fmt: skip
        rejects: list[Reject] = []
        assert list(ours.read(tmp_path / name, rejects)) == []
        assert [reject.line for reject in rejects] == [0]
        assert rejects[0].reason.startswith(reason)


def test_a_quotation_never_closed_keeps_what_stood_before(tmp_path: Path) -> None:
    file = tmp_path / "open.csv"
    file.write_text('acronym,title,partner\nA,One,X\nB,"Two,Y\n' + "C,Three,Z\n" * 40_000)
    records, rejects = read(file)
    assert taking_part(records) == [("A", "X", "partner", None, None)]
    assert [reject.line for reject in rejects] == [3]
    assert rejects[0].reason.startswith("The table can't be read on from here: ")


def test_only_lists_of_projects_are_claimed(shared: Path) -> None:
    claimed = {file.relative_to(shared).as_posix() for file in find_source("interreg").files(shared)}
    assert claimed == {"interreg/interreg_sweden_2021_2027_partners.json", "urbal/urbal3_projects.json"}


def test_the_real_list_of_partners_is_read_whole(shared: Path) -> None:
    records, rejects = read(shared / "interreg")
    assert Counter(type(one) for one in records) == {Project: 586, Organisation: 588, Participation: 1179}
    assert len({one.id for one in records}) == len(records)
    assert Counter(reject.reason for reject in rejects) == {
        "This row names no partner.": 17, "end: '2027-02-31' is no date.": 1, "end: '2026-09-31' is no date.": 1,
    }  # fmt: skip
    roles = Counter(str(one.role) for one in records if isinstance(one, Participation))
    assert roles == {"partner": 824, "lead": 188, "associated": 167}
    assert {one.country for one in records if isinstance(one, Organisation)} == {"SE"}
    total = sum((one.cost or 0) for one in records if isinstance(one, Participation))
    rows = json.loads((shared / "interreg" / "interreg_sweden_2021_2027_partners.json").read_bytes())
    assert total == sum(Decimal(str(row["partnerbudget"])) for row in rows if row["organisationsnamn"])


def test_the_real_projects_with_partners_inside_are_read_whole(shared: Path) -> None:
    records, rejects = read(shared / "urbal")
    assert rejects == []
    assert Counter(type(one) for one in records) == {Project: 21, Organisation: 160, Participation: 166}
    parts = taking_part(records)
    assert sum(role == "lead" for _title, _name, role, _cost, _grant in parts) == 21
    assert ("RESSOC", "Área Metropolitana de Barcelona", "lead", None, None) in parts


CELLS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["TIDE", "2020-01-01", "31/02/2020", "1.000,5", "-3", "FR", "LP", "Y", "999999999", "NaN", "1e400"]
)
HEADINGS = ["acronym", "title", "partner", "programme", "start", "total budget", "country", "latitude", "vat", "pic"]


@given(st.lists(st.lists(CELLS, min_size=10, max_size=11), max_size=6))
def test_any_rows_are_read_or_rejected(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    file = tmp_path_factory.mktemp("wild") / "wild.json"
    file.write_text(json.dumps([dict(zip(HEADINGS, row, strict=False)) for row in rows]), encoding="utf-8")
    records, _rejects = read(file)
    assert len({one.id for one in records}) == len(records)


@given(st.binary(max_size=400), st.sampled_from([".csv", ".xlsx", ".json"]))
def test_noise_never_raises(tmp_path_factory: pytest.TempPathFactory, noise: bytes, suffix: str) -> None:
    file = tmp_path_factory.mktemp("noise") / f"noise{suffix}"
    file.write_bytes((b"acronym;title;partner\n" if suffix == ".csv" else b"PK\x03\x04" * (suffix == ".xlsx")) + noise)
    read(file)
