"""Archives and tables of CORDIS."""

import codecs
import json
import random
import zipfile
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sympolis.engine import sources
from sympolis.engine.model import (
    Organisation,
    PartialDate,
    Participation,
    ParticipationRole,
    Project,
    Provenance,
    Record,
)
from sympolis.engine.sources import Reject, read_source
from sympolis.engine.sources.cordis.values import amount, country, country_called, day, point, vat, website

SAMPLE = Path(sources.__file__).parent / "cordis" / "sample"


def read(*paths: Path) -> tuple[list[Record], list[Reject]]:
    rejects: list[Reject] = []
    return list(read_source("cordis", paths, rejects)), rejects


def zipped(file: Path, folder: Path = SAMPLE, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(file, "w", compression) as archive:
        for table in sorted(folder.glob("*.csv")):
            archive.write(table, table.name)
        archive.writestr("webLink.csv", '"projectID";"physUrl"\n"1";"x"\n')
        archive.writestr("information.pdf", b"%PDF")
    return file


def test_the_sample_is_read_field_by_field() -> None:
    records, rejects = read(SAMPLE)
    assert rejects == []
    [project] = [one for one in records if isinstance(one, Project) and one.title and one.id.endswith("900000101")]
    assert project == Project(
        id="cordis:project-900000101",
        title={"en": "Every drop twice: water reuse in Mediterranean towns & ports"},
        provenance=Provenance("cordis", "900000101", "https://cordis.europa.eu/project/id/900000101", date(2025, 3, 4)),
        acronym="DROPTWICE",
        summary={"en": 'Towns of dry coasts reuse water for parks. They say "twice" and mean it.'},
        programme="Horizon Europe",
        call="HORIZON-CL6-2023-ZEROPOLLUTION-01-4",
        start=PartialDate.parse("2024-01-01"),
        end=PartialDate.parse("2027-12-31"),
        budget=Decimal("3500000.5"),
        currency="EUR",
        status="ongoing",
    )
    others = {one.id: one for one in records if isinstance(one, Project) and one.title}
    assert [(one.programme, one.status, one.call, one.budget) for one in others.values()] == [
        ("Horizon Europe", "ongoing", "HORIZON-CL6-2023-ZEROPOLLUTION-01-4", Decimal("3500000.5")),
        ("FP7", "finished", "ENV.2012.6.5-1", None),
        ("Horizon 2020", "terminated", "H2020-MG-2017-TwoStages", Decimal(1_200_000)),
    ]


def test_the_tables_that_tell_more_of_a_project_give_parts_of_it() -> None:
    records, _ = read(SAMPLE / "euroSciVoc.csv", SAMPLE / "topics.csv")
    assert [(one.id, one.call, one.topics) for one in records if isinstance(one, Project)] == [
        ("cordis:project-900000101", "", ("water treatment processes", "political sciences")),
        ("cordis:project-900103", "", ("transport",)),
        ("cordis:project-900000101", "HORIZON-CL6-2023-ZEROPOLLUTION-01-4", ("Reuse of urban water",)),
    ]


def test_bodies_are_told_once_for_each_way_they_are_written() -> None:
    records, _ = read(SAMPLE / "organization.csv")
    told = [
        (one.id.removeprefix("cordis:"), one.name, one.kind, one.country, one.identifiers, one.website)
        for one in records
        if isinstance(one, Organisation)
    ]
    nameless = told[3][0]
    greek = ("pic:900000002", "vat:EL090000045")
    assert told == [
        ("900000001", "AJUNTAMENT DE VILANOVA DEL PORT", "city", "ES", ("pic:900000001", "vat:ESP0000123A"),
         "http://www.vilanova.example"),
        ("900000002", "PANEPISTIMIO THALASSAS & GIS", "research", "GR", greek, "https://ptg.example"),
        ("900000003", "HARBOUR WORKS LTD", "company", "GB", ("pic:900000003",), ""),
        (nameless, "Ministria e Mjedisit", "ministry", "XK", (), ""),
        ("900000002", "PANEPISTIMIO THALASSAS", "research", "GR", greek, "https://ptg.example"),
    ]  # fmt: skip
    assert nameless.startswith("name-")
    bodies = [one for one in records if isinstance(one, Organisation)]
    assert [(one.place, one.latitude, one.longitude) for one in bodies[:4]] == [
        ("Vilanova del Port", 41.2, 1.7), ("PEIRAIAS", 37.94, 23.64), ("Portville", None, None),
        ("Prishtina", None, None),
    ]  # fmt: skip


def test_every_part_has_its_role_money_and_end() -> None:
    records, _ = read(SAMPLE / "organization.csv")
    parts = [one for one in records if isinstance(one, Participation)]
    assert [(one.role, one.grant, one.cost, one.currency) for one in parts] == [
        (ParticipationRole.LEAD, Decimal("900000.5"), Decimal("1000000.75"), "EUR"),
        (ParticipationRole.PARTNER, Decimal(500_000), Decimal(500_000), "EUR"),
        (ParticipationRole.ASSOCIATED, None, None, ""),
        (ParticipationRole.THIRD_PARTY, Decimal(0), Decimal("12345.6"), "EUR"),
        (ParticipationRole.LEAD, Decimal(900_000), None, "EUR"),
        (ParticipationRole.ASSOCIATED, None, Decimal(81_000), "EUR"),
    ]
    assert [str(one.until.latest) for one in parts if one.until] == ["2025-03-04"]
    assert parts[1].until.earliest is None  # it had ended by then; when is not told
    assert (parts[5].id, parts[5].project_id, parts[5].organisation_id) == (
        "cordis:900103|900000002|7",
        "cordis:project-900103",
        "cordis:900000002",
    )


def test_an_archive_gives_what_its_tables_give(tmp_path: Path) -> None:
    loose, _ = read(SAMPLE)
    packed, rejects = read(zipped(tmp_path / "cordis-HORIZONprojects-csv.zip"))
    assert rejects == []
    assert packed == loose
    assert [file.name for file in tmp_path.iterdir()] == ["cordis-HORIZONprojects-csv.zip"]  # nothing was unpacked


def test_json_tables_give_what_csv_tables_give(tmp_path: Path) -> None:
    import csv
    import io

    for table in SAMPLE.glob("*.csv"):
        rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig")), delimiter=";"))
        (tmp_path / f"{table.stem}.json").write_text(json.dumps(rows), "utf-8")
    records, rejects = read(tmp_path)
    assert rejects == []
    assert records == read(SAMPLE)[0]
    with zipfile.ZipFile(tmp_path / "horizon.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in tmp_path.glob("*.json"):
            archive.write(file, f"json/{file.name}")
    assert read(tmp_path / "horizon.zip") == (records, [])


def test_json_may_have_numbers_and_tables_inside_projects(tmp_path: Path) -> None:
    project = {
        "id": 900000101, "acronym": "X", "title": "Every drop", "frameworkProgramme": "HORIZON", "totalCost": 12.5,
        "topics": None,
        "organizations": [{"organisationID": 900000001, "name": "Town", "role": "coordinator", "active": True}],
        "euroSciVoc": [{"euroSciVocTitle": "water"}],
    }  # fmt: skip
    (tmp_path / "project.json").write_text(json.dumps([project, 7]))
    records, rejects = read(tmp_path)
    assert [one.id for one in records] == [
        "cordis:project-900000101", "cordis:project-900000101", "cordis:900000001", "cordis:900000101|900000001|lead",
    ]  # fmt: skip
    assert isinstance(records[0], Project)
    assert records[0].budget == Decimal("12.5")
    assert rejects == [Reject("project.json", 2, "This is no object.")]


HEADER = "projectID;organisationID;name;role;country;ecContribution;totalCost;endOfParticipation;order;activityType\n"


@pytest.mark.parametrize(
    ("row", "kept", "line", "reason"),
    [
        ("1;2;Town;coordinator;ES;12,5;abc;;1;PUB", 2, 2, "totalCost was left out: 'abc' is no amount."),
        ("1;2;Town;coordinator;ES;-3;;;1;PUB", 2, 2, "ecContribution was left out: '-3' is negative."),
        ("1;2;Town;emperor;ES;;;;1;PUB", 2, 2, "The role 'emperor' is unknown; it was read as partner."),
        ("1;2;Town;coordinator;ES;;;soon;1;PUB", 2, 2, "endOfParticipation was left out: 'soon' is no date."),
        (";2;Town;coordinator;ES;;;;1;PUB", 0, 2, "The project's number or the organisation's name is empty."),
        ("1;2; ;coordinator;ES;;;;1;PUB", 0, 2, "The project's number or the organisation's name is empty."),
        ("1;2;Town", 0, 2, "The row has 3 cells, the header 10: it is cut off or wrongly quoted."),
        (
            '1;2;"Town "x" hall";coordinator;ES;;;;1;PUB',
            0,
            2,
            "The lines 2 to 2 can't be read: ';' expected after '\"'.",
        ),
        ('1;2;"Town', 0, 2, "The lines 2 to 2 can't be read: unexpected end of data."),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, row: str, kept: int, line: int, reason: str) -> None:
    (tmp_path / "organization.csv").write_text(HEADER + row)
    records, rejects = read(tmp_path)
    assert len(records) == kept
    assert rejects == [Reject("organization.csv", line, reason)]


def test_a_column_that_is_needed_must_be_there_and_others_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "organization.csv").write_text("projectID;role\n1;coordinator\n")
    rejects: list[Reject] = []
    assert list(sources.cordis.read(tmp_path / "organization.csv", rejects)) == []
    assert rejects == [Reject("organization.csv", 1, "These columns are missing: name.")]
    (tmp_path / "organization.csv").write_text("projectID;name;role;activityType\n1;Gemeente Delta;participant;PUB\n")
    [town, part] = read(tmp_path)[0]
    assert isinstance(town, Organisation)
    assert (town.kind, town.identifiers, town.country) == ("city", (), "")
    assert isinstance(part, Participation)
    assert part.role is ParticipationRole.PARTNER


def test_older_names_of_columns_are_known(tmp_path: Path) -> None:
    (tmp_path / "cordis-h2020projects.csv").write_text(
        "rcn;id;acronym;status;topics;frameworkProgramme;title;call\n5;7;X;CLOSED;;H2020;Old;H2020-OLD-1\n"
    )
    [project] = read(tmp_path)[0]
    assert isinstance(project, Project)
    assert (project.call, project.status) == ("H2020-OLD-1", "finished")


def test_other_encodings(tmp_path: Path) -> None:
    text = HEADER + "1;2;Málaga;coordinator;ES;;;;1;PUB\n1;3;Córdoba;participant;ES;;;;2;PUB\n"
    (tmp_path / "organization.csv").write_bytes(text.encode("cp1252"))
    records, rejects = read(tmp_path)
    assert [one.name for one in records if isinstance(one, Organisation)] == ["Málaga", "Córdoba"]
    assert rejects == [
        Reject("organization.csv", 2, "This line is not in UTF-8; it and those like it were read as Windows-1252.")
    ]
    (tmp_path / "organization.csv").write_bytes(codecs.BOM_UTF16_LE + text.encode("utf-16-le"))
    rejects = []
    assert list(sources.cordis.read(tmp_path / "organization.csv", rejects)) == []
    assert rejects[0] == Reject("organization.csv", 0, "The text is in UTF-16, not in UTF-8.")


def test_archives_cut_off_or_made_to_harm_are_rejected_by_name(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "cordis-a.zip").read_bytes()
    (tmp_path / "cordis-a.zip").write_bytes(whole[: len(whole) // 2])
    damaged = bytearray(zipped(tmp_path / "cordis-b.zip", compression=zipfile.ZIP_STORED).read_bytes())
    at = damaged.index(b"AJUNTAMENT")
    damaged[at : at + 4] = b"EVIL"
    (tmp_path / "cordis-b.zip").write_bytes(damaged)
    with zipfile.ZipFile(tmp_path / "cordis-c.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("project.csv", b'"id";"title"\n' + b"0" * (64 << 20))
    locked = bytearray(zipped(tmp_path / "cordis-d.zip").read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := locked.find(sign, at + 1)) >= 0:
            locked[at + offset] |= 1
    (tmp_path / "cordis-d.zip").write_bytes(locked)
    _, rejects = read(tmp_path)
    told = {reject.file: reject.reason for reject in rejects if reject.line == 0}
    assert told["cordis-a.zip"] == "The archive is cut off or damaged: File is not a zip file"
    assert told["cordis-c.zip"] == "The archive unpacks to more than 100 times its size."
    assert told["cordis-d.zip"] == "The archive is locked with a password."
    assert [reject.reason for reject in rejects if reject.file.startswith("cordis-b.zip/organization.csv")] == [
        "The file breaks off here: Bad CRC-32 for file 'organization.csv'"
    ]


def test_ten_megabytes_of_noise_are_rejected_by_name(tmp_path: Path) -> None:
    noise = random.Random(7).randbytes(10 << 20)
    for name in ("noise.csv", "noise.json", "noise.zip", "cordis-noise.zip", "project.csv", "project.json"):
        (tmp_path / name).write_bytes(noise)
    assert [file.name for file in sources.cordis.files(tmp_path)] == ["cordis-noise.zip"]
    for file in sorted(tmp_path.iterdir()):
        rejects: list[Reject] = []
        assert list(sources.cordis.read(file, rejects)) == []
        assert file.name in {reject.file for reject in rejects}


def test_json_cut_off_keeps_what_was_whole(tmp_path: Path) -> None:
    rows = [{"id": number, "acronym": "A", "title": f"T{number}", "frameworkProgramme": "FP7"} for number in range(9)]
    whole = json.dumps(rows)
    (tmp_path / "project.json").write_text(whole[:-20])
    records, rejects = read(tmp_path)
    assert len(records) == 8
    assert rejects == [
        Reject("project.json", 9, "The file breaks off or is damaged after 8 objects: the list is not closed")
    ]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("960619,95", "960619.95"), ("528340.97", "528340.97"), ("1.234.567,89", "1234567.89"), ("1,234,567.89",
     "1234567.89"), ("EUR 4 459 807", "4459807"), ("€ 180\u00a0397,50", "180397.50"), ("1.234.567", "1234567"),
     ("0", "0"), ("1963982,50", "1963982.50")],
)  # fmt: skip
def test_amounts(written: str, read_as: str) -> None:
    assert amount(written) == Decimal(read_as)


def test_values_as_cordis_writes_them() -> None:
    assert [country(code) for code in ("EL", "UK", "XK", "es", "", "ESP", "1A")] == ["GR", "GB", "XK", "ES", "", "", ""]
    assert [country_called(name) for name in ("United Kingdom", "Czech Republic", "Atlantis")] == ["GB", "CZ", ""]
    assert [amount(written) for written in ("", "No data", "n/a")] == [None, None, None]
    assert str(day("4 November 2015")) == str(day("2015-11-04 09:17:05")) == "2015-11-04"
    assert [point(written) for written in ("51.5,-0.1", "51.5", "91,0", "0,0", "nan,1", "a,b")] == [
        (51.5, -0.1), (None, None), (None, None), (None, None), (None, None), (None, None),
    ]  # fmt: skip
    assert [vat(written) for written in ("EL 090.145.420", "NOTAPPLICABLE", "ES00000000", "090145420")] == [
        "EL090145420", "", "", "",
    ]  # fmt: skip
    assert [website(written) for written in ("www.a.example", "https://b.example", "javascript:alert(1)", "no")] == [
        "http://www.a.example", "https://b.example", "", "",
    ]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.sampled_from(["organization", "project", "euroSciVoc", "topics", "pages"]), st.binary(max_size=400))
def test_any_rows_are_read_or_rejected(tmp_path: Path, table: str, rows: bytes) -> None:
    headers = {
        "organization": HEADER,
        "project": "id;acronym;title;startDate;totalCost;frameworkProgramme;objective\n",
        "euroSciVoc": "projectID;euroSciVocTitle\n",
        "topics": "projectID;topic;title\n",
        "pages": "project id,project title,short title,participants,coordinator,total_cost,start_date\n",
    }
    (tmp_path / f"{table}.csv").write_bytes(headers[table].encode() + rows)
    for record in sources.cordis.read(tmp_path / f"{table}.csv", []):
        assert record.id.startswith("cordis:")


wild = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["id", "title", "acronym", "frameworkProgramme", "organizations", "projectID", "name", "role", "Partners",
             "Project_ID", "Project_Title", "Country", "totalCost", "startDate", "activityType"]
        ),
        inner,
    ),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(wild)
def test_any_json_is_read_or_rejected(tmp_path: Path, content: object) -> None:
    (tmp_path / "wild.json").write_text(json.dumps([content, content]))
    for record in sources.cordis.read(tmp_path / "wild.json", []):
        assert record.id.startswith("cordis:")


def counts(records: list[Record]) -> tuple[Counter[str], Counter[str]]:
    """How many records there are of each kind, and of how many things."""
    told = Counter(type(record).__name__ for record in records)
    things = Counter(kind for kind, _ in {(type(record).__name__, record.id) for record in records})
    return told, things


def test_the_published_rows_come_in_whole(shared: Path) -> None:
    records, rejects = read(shared / "cordis" / "published_rows")
    assert rejects == []
    assert counts(records) == ({"Organisation": 10, "Participation": 10}, {"Organisation": 9, "Participation": 10})
    bodies = [one for one in records if isinstance(one, Organisation)]
    assert Counter(one.country for one in bodies) == {"GB": 2, "GR": 3, "CH": 1, "XK": 1, "GH": 1, "HK": 1, "ES": 1}
    parts = [one for one in records if isinstance(one, Participation)]
    assert sum(one.cost or 0 for one in parts) == Decimal("2732319.95")


def test_two_secondary_layouts_come_in(shared: Path) -> None:
    records, rejects = read(shared / "cordis" / "riecs")
    assert counts(records)[1] == {"Project": 21, "Organisation": 220, "Participation": 269}
    assert Counter(reject.reason for reject in rejects) == {"The project's number or title is empty, or no number.": 12}
    records, rejects = read(shared / "cordis" / "poltys")
    assert counts(records)[1]["Project"] == 466
    assert len(rejects) == 30
    assert all(reject.reason.endswith("it can't be told which name ends where.") for reject in rejects)
    leads = {one.project_id for one in records if isinstance(one, Participation) and one.role == "lead"}
    assert len(leads) == 466
