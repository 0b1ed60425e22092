"""Activities and organisations of IATI, both layouts."""

import tracemalloc
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine import sources
from sympolis.engine.model import Measurement, Organisation, PartialDate, Participation, Project, Record
from sympolis.engine.sources import Reject, read_source
from sympolis.engine.sources.iati.stream import elements

SAMPLE = Path(sources.__file__).parent / "iati" / "sample"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n'


def read(path: Path) -> tuple[list[Record], list[Reject]]:
    rejects: list[Reject] = []
    return list(read_source("iati", [path], rejects)), rejects


def activity(number: int, more: str = "") -> str:
    return (
        f'<iati-activity xml:lang="en"><iati-identifier>A-{number}</iati-identifier>'
        f"<title><narrative>Work {number}</narrative></title>{more}</iati-activity>\n"
    )


def test_an_activity_of_version_2_is_read_field_by_field() -> None:
    records, rejects = read(SAMPLE / "activities-2.xml")
    project = records[0]
    assert isinstance(project, Project)
    assert project.id == "iati:FR-RCS-100-EAU1"
    assert project.title == {"fr": "De l’eau pour Oued Clair", "en": "Water for Oued Clair", "ar": "ماء لواد كلير"}
    assert project.summary == {"fr": "Des bornes-fontaines & un réseau.\nMoins de pertes.", "en": "Fewer losses."}
    assert (project.start, project.end) == (PartialDate.parse("2024-03-15"), PartialDate.parse("2026-12-31"))
    assert (project.budget, project.currency) == (Decimal("150000.50"), "EUR")
    assert project.countries == ("TN", "MA")
    assert project.topics == ("DAC 14030", "Eau des quartiers")
    assert project.sdgs == (6, 11)
    assert project.status == "ongoing"
    assert project.provenance.source_url == "https://d-portal.org/q.html?aid=FR-RCS-100-EAU1"
    assert [(reject.line, reject.reason) for reject in rejects] == [
        (4, "An indicator has no title."),
        (39, "The date 'soon' is none."),
        (50, "The activity FR-RCS-100-PORT stands twice in this file: the first one counts."),
        (55, "The activity has no identifier."),
    ]


def test_who_takes_part_and_how() -> None:
    records, _rejects = read(SAMPLE / "activities-2.xml")
    names = {one.id: one.name for one in records if isinstance(one, Organisation)}
    taking_part = [
        (one.project_id.rpartition("-")[2], names[one.organisation_id], str(one.role))
        for one in records
        if isinstance(one, Participation)
    ]
    assert taking_part == [
        ("EAU1", "Agence du fleuve", "funder"),
        ("EAU1", "Ville de Rivemer", "lead"),
        ("EAU1", "Commune d’Oued Clair", "partner"),
        ("EAU1", "Les amis de l’eau", "accountable"),
        ("EAU1", "XM-DAC-99999", "accountable"),
        ("PORT", "Harbour Works", "lead"),
    ]


def test_bodies_are_told_once_with_what_identifies_them() -> None:
    records, _rejects = read(SAMPLE / "activities-2.xml")
    bodies = {one.name: one for one in records if isinstance(one, Organisation)}
    assert len([one for one in records if isinstance(one, Organisation)]) == len(bodies) == 6
    city = bodies["Ville de Rivemer"]
    assert (city.id, city.kind, city.country) == ("iati:FR-RCS-100", "city", "FR")
    assert city.identifiers == ("iati:FR-RCS-100",)
    town = bodies["Commune d’Oued Clair"]
    assert town.id.startswith("iati:~")
    assert (town.names, town.country, town.identifiers) == ({"fr": "Commune d’Oued Clair"}, "", ())
    assert bodies["Les amis de l’eau"].kind == "ngo"
    assert bodies["Les amis de l’eau"].identifiers == ()
    assert bodies["XM-DAC-99999"].country == ""


def measured(path: Path) -> list[Measurement]:
    return [one for one in read(path)[0] if isinstance(one, Measurement)]


def test_results_are_read_period_by_period() -> None:
    first, second, words = measured(SAMPLE / "activities-2.xml")
    assert first.title == {"fr": "Foyers raccordés", "ar": "أسر موصولة"}
    assert (first.project_id, first.level, first.unit) == ("iati:FR-RCS-100-EAU1", "outcome", "%")
    assert first.aim == {"fr": "De l’eau à moins de 200 m"}
    assert (first.start, first.end) == (PartialDate.parse("2024-01-01"), PartialDate.parse("2024-12-31"))
    assert (first.baseline, first.baseline_words, first.target, first.reached) == (
        Decimal(12), "Enquête de 2023", Decimal(40), Decimal("35.5"),
    )  # fmt: skip
    # What is told apart is not added up, and what is no number is kept in its words.
    assert (second.baseline, second.target, second.reached, second.reached_words) == (
        Decimal(12), Decimal(70), None, "female 3; male 4",
    )  # fmt: skip
    assert (words.target, words.target_words, words.unit) == (None, "Un comité par quartier", "")
    assert [one.order for one in (first, second, words)] == [0, 1, 2]
    assert len({one.id for one in (first, second, words)}) == 3


def test_what_stands_before_a_result_changes_nothing_of_its_id(tmp_path: Path) -> None:
    one = '<result type="1"><title><narrative>Aim</narrative></title><indicator><title><narrative>Trees</narrative></title></indicator></result>'  # noqa: E501
    ids = []
    for number, more in enumerate((one, one.replace("Trees", "Parks") + one, one.replace("Trees", "Parks") * 2 + one)):
        file = tmp_path / f"{number}.xml"
        file.write_text(HEAD + activity(1, more) + "</iati-activities>")
        found = measured(file)
        assert len({each.id for each in found}) == len(found) == number + 1
        ids.append(found[-1].id)
    assert len(set(ids)) == 1


def test_the_results_of_real_activities(shared: Path) -> None:
    folder = shared / "iati" / "real_xml"
    hub = measured(folder / "gdihub-activity.xml")
    assert len(hub) == 34
    assert (str(hub[1].start), hub[1].baseline, hub[1].target, hub[1].reached) == (
        "2020-04-01", Decimal(0), Decimal(14), Decimal(47),
    )  # fmt: skip
    assert hub[-1].reached_words == "£13,594,502"  # as it is written: no number of the standard
    bank = measured(folder / "worldbank-activity.xml")
    assert (len(bank), bank[2].baseline_words) == (
        14, "0% verifiable achievement of govt. CAPEX commitment towards NDC goals",
    )  # fmt: skip
    canada = measured(folder / "canada-activity.xml")
    assert [sorted(one.text) for one in canada] == [["en", "fr"], ["en", "fr"]]


def test_an_activity_of_very_many_results_stays_small(tmp_path: Path) -> None:
    file = tmp_path / "many.xml"
    period = "<period><target value='1,000'/></period>"
    one = f"<result><title><narrative>T</narrative></title><indicator>{period * 10}</indicator></result>"
    file.write_text(HEAD + activity(1, one * 200) + "</iati-activities>")
    [(held, _results)] = [(len(list(element.iter())), results) for element, results in elements(file, [])]
    assert held == 4 + 200  # of each result its bare element: what stood in it was let go
    records, rejects = read(file)
    assert len(records) == 1 + 1_000
    assert {one.target for one in records if isinstance(one, Measurement)} == {Decimal(1000)}
    assert [one.reason for one in rejects] == ["Of the results of A-1 the first 1000 values are kept: 1000 more."]


def test_commitments_tell_the_cost_where_budgets_do_not() -> None:
    records, _rejects = read(SAMPLE / "activities-2.xml")
    harbour = next(one for one in records if one.id == "iati:FR-RCS-100-PORT")
    assert isinstance(harbour, Project)
    assert (harbour.budget, harbour.currency) == (Decimal(45000), "USD")
    assert (harbour.countries, harbour.status, harbour.start) == (("LB",), "unknown", PartialDate())


def test_an_activity_of_version_1_is_read_field_by_field() -> None:
    records, rejects = read(SAMPLE / "activities-1.xml")
    project = records[0]
    assert isinstance(project, Project)
    assert project.title == {"es": "Plazas con sombra", "ca": "Places amb ombra"}
    assert project.summary == {"es": "Árboles para diez plazas."}
    assert (project.start, project.end) == (PartialDate.parse("2011-05-01"), PartialDate.parse("2012-11-30"))
    assert (project.budget, project.currency, project.status) == (Decimal(25000), "EUR", "finished")
    assert (project.topics, project.countries) == (("Desarrollo urbano",), ("PE",))
    roles = [str(one.role) for one in records if isinstance(one, Participation)]
    assert roles == ["funder", "lead", "associated", "accountable"]
    assert rejects == [Reject("activities-1.xml", 4, "The value 'mucho' is no amount.")]


def test_an_organisation_file_tells_names_in_languages() -> None:
    records, rejects = read(SAMPLE / "organisations.xml")
    [city] = records
    assert isinstance(city, Organisation)
    assert (city.id, city.name, city.kind) == ("iati:FR-RCS-100", "Ville de Rivemer", "city")
    assert city.names == {"en": "City of Rivemer"}
    assert rejects == [Reject("organisations.xml", 8, "The organisation has no identifier.")]


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE iati-activities [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE iati-activities [<!ENTITY secret SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE iati-activities SYSTEM "http://127.0.0.1:9/none.dtd">',
    ],
)
def test_whatever_declares_a_document_type_is_refused_by_name(tmp_path: Path, declared: str) -> None:
    file = tmp_path / "declared.xml"
    entity = "&secret;" if "secret" in declared else ""
    file.write_text(HEAD.replace("<iati-act", f"{declared}<iati-act") + activity(1, entity) + "</iati-activities>")
    records, rejects = read(file)
    assert records == []
    assert rejects == [Reject("declared.xml", 0, "The file declares a document type: refused unread.")]


def test_what_stood_before_a_break_stays_and_the_rest_is_rejected_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "cut.xml"
    whole = HEAD + "".join(map(activity, range(2_000)))
    file.write_text(whole[: whole.index("<title><narrative>Work 1500")])
    records, rejects = read(file)
    assert [one.id for one in records] == [f"iati:A-{number}" for number in range(1_500)]
    assert [(reject.file, reject.line) for reject in rejects] == [("cut.xml", 1_503)]
    assert rejects[0].reason.startswith("The file can't be read on from here: ")


def test_another_encoding_than_the_one_declared_breaks_where_it_shows(tmp_path: Path) -> None:
    file = tmp_path / "latin.xml"
    file.write_bytes((HEAD + activity(1) + activity(2, "<!-- é -->")).encode("latin-1"))
    records, rejects = read(file)
    assert [one.id for one in records] == ["iati:A-1"]
    assert [reject.line for reject in rejects] == [4]
    file.write_bytes((HEAD.replace("UTF-8", "UTF-16") + activity(1) + "</iati-activities>").encode("utf-16"))
    assert [one.id for one in read(file)[0]] == ["iati:A-1"]


def test_an_activity_too_large_to_hold_is_rejected_and_nothing_is_held(tmp_path: Path) -> None:
    file = tmp_path / "huge.xml"
    with file.open("w") as out:
        out.write(HEAD + activity(1) + '<iati-activity xml:lang="en"><iati-identifier>B</iati-identifier>')
        for _ in range(70):
            out.write("<transaction/>" * 2**16 + "<transaction>" + "x" * 2**17 + "</transaction>")
    records, rejects = read(file)
    assert [one.id for one in records] == ["iati:A-1"]
    assert [(reject.line, "64 megabytes" in reject.reason) for reject in rejects] == [(4, True)]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for count in (500, 5_000):
        file = tmp_path / f"{count}.xml"
        file.write_text(HEAD + "".join(activity(number, "<x>" + "y" * 2_000 + "</x>") for number in range(count)))
        tracemalloc.start()
        assert sum(1 for _ in read_source("iati", [file])) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_500_000  # what was seen is remembered by identifier, nothing else


def test_only_files_of_this_source_are_listed(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.xml").write_text(HEAD)
    (tmp_path / "b.xml").write_text("<rss/>")
    (tmp_path / "c.csv").write_text("iati-activities")
    assert sources.find_source("iati").files(tmp_path) == [tmp_path / "deep" / "a.xml"]
    assert sources.find_source("iati").files(tmp_path / "b.xml") == []


REAL = {  # file -> activities, participations, organisations once each, rejected
    "3fi-activity": (1, 2, 2, 0), "beis-activity": (9, 27, 2, 0), "budget-dates-issue-activity": (1, 2, 2, 0),
    "budget-one-day-activity": (1, 2, 2, 0), "canada-activity": (1, 3, 3, 0), "dfid-v1": (2, 4, 2, 4),
    "ec-intpa-activity": (1, 4, 4, 0), "fcdo-activity": (1, 3, 2, 0), "finddiagnostics-activity": (1, 21, 21, 0),
    "gdihub-activity": (4, 41, 20, 0), "globalfund-v1": (7, 21, 5, 0), "ifad-activity": (1, 1, 1, 0),
    "sr-activity": (1, 2, 2, 0), "unocha-v1": (287, 521, 277, 0), "unops-at-activity": (3, 6, 1, 0),
    "usaid-activity": (1, 3, 2, 0), "usaid-humanitarian-activity": (1, 3, 2, 0),
    "worldbank-activity": (1, 5, 4, 0), "worldbank-v1": (16, 60, 23, 0),
}  # fmt: skip


def test_the_real_files_are_read_with_exact_counts(shared: Path) -> None:
    found = {}
    for file in sources.find_source("iati").files(shared / "iati" / "real_xml"):
        records, rejects = read(file)
        count = Counter(type(one) for one in records)
        bodies = {one.id for one in records if isinstance(one, Organisation)}
        found[file.stem] = (count[Project], count[Participation], len(bodies), len(rejects))
        parts = [one.id for one in records if isinstance(one, Participation)]
        assert len(parts) == len(set(parts))
        assert {one.organisation_id for one in records if isinstance(one, Participation)} <= bodies
    assert found == REAL


def test_a_real_activity_is_read_field_by_field(shared: Path) -> None:
    project = read(shared / "iati" / "real_xml" / "ec-intpa-activity.xml")[0][0]
    assert isinstance(project, Project)
    assert project.id == "iati:XI-IATI-EC_INTPA-2019/405-854"
    assert project.title["en"].startswith("Long Term Technical Assistance for the implementation of the Voluntary")
    assert (project.start.earliest, project.end.earliest) == (date(2019, 3, 19), date(2022, 6, 30))
    assert (project.countries, project.sdgs) == (("LR",), (12, 15))
    # Its sector, then of its twelve policy markers the five that say they are an aim (significance 1 or 2).
    assert project.topics == (
        "Forestry policy and administrative management",
        "Environment",
        "Participation and good governance",
        "Biodiversity",
        "Climate change mitigation",
        "Desertification",
    )
    assert project.budget is None  # one budget, of 0


def test_the_official_schema_tests_raise_nothing(shared: Path) -> None:
    records, rejects = read(shared / "iati" / "tests")
    assert Counter(type(one).__name__ for one in records) == {
        "Project": 605,
        "Participation": 1138,
        "Organisation": 746,
    }
    assert Counter(reject.reason.split(" 20")[0] for reject in rejects) == {
        "The activity has no identifier.": 536,
        "The organisation has no identifier.": 3,
        "The date": 5,
    }


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["iati-identifier", "title", "narrative", "participating-org", "budget", "value", "activity-date",
                 "sector", "tag", "transaction", "transaction-type", "recipient-country", "reporting-org"]
            ),
            st.dictionaries(
                st.sampled_from(["code", "type", "ref", "role", "iso-date", "vocabulary", "currency"]),
                st.text("abcNA0123456789.-/ é", max_size=8),
            ),
            st.text("ab 0123456789.,-éعx", max_size=12),
            st.booleans(),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_any_activity_is_read_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, dict[str, str], str, bool]]
) -> None:
    inside = "".join(
        f"<{tag} {' '.join(f'{key}={chr(34)}{value}{chr(34)}' for key, value in given_.items())}>"
        f"{f'<narrative>{text}</narrative><value>{text}</value>' if nested else text}</{tag}>"
        for tag, given_, text, nested in parts
    )
    file = tmp_path_factory.mktemp("wild") / "wild.xml"
    file.write_text(f"{HEAD}<iati-activity>{inside}</iati-activity></iati-activities>", encoding="utf-8")
    records, rejects = read(file)
    assert len([one for one in records if isinstance(one, Project)]) <= 1
    assert records or rejects


@given(st.binary(max_size=300))
def test_noise_is_rejected_and_never_raises(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    file = tmp_path_factory.mktemp("noise") / "noise.xml"
    file.write_bytes(b"<iati-activities>" + noise)
    records, rejects = read(file)
    assert records == []
    assert len(rejects) == 1
