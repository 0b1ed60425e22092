"""What is written is what is recorded, in the order of the schema, and valid."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from sympolis.engine.iati import check_file, open_standard
from sympolis.engine.iati.markers import markers
from sympolis.engine.iati.write import (
    Activity,
    Body,
    Measured,
    Moved,
    Planned,
    purpose_of,
    purposes,
    write_activities,
    write_organisation,
)
from sympolis.engine.model import Measurement, PartialDate, Project, Stage
from sympolis.engine.sources import find_source
from sympolis.engine.texts import vocabulary
from tests.engine.iati.standard import REASON, SHARED

NOW = datetime(2026, 11, 27, 9, 0, 5, 123, tzinfo=UTC)
US = Body({"ca": "Àrea Metropolitana", "en": "Metropolitan Area"}, "metropolitan-authority", "ES-DIR3-LA0000000")
THEM = Body({"": "Sfax"}, "ngo")
FULL = Activity(
    identifier="ES-DIR3-LA0000000-prj_1",
    titles={"en": "Water", "ca": "Aigua"},
    descriptions={"ca": "Fonts & <rius>\x00"},
    bodies=(US, THEM),
    stage=Stage.ONGOING,
    start=PartialDate.parse("2026-01-10"),
    end=PartialDate.parse("2026-12-31"),
    website="https://example.org/water",
    countries=("TN",),
    themes=("water",),
    theme_labels={"water": {"en": "Water and sanitation"}},
    goals=(6,),
    budget=Decimal("1000.50"),
    currency="EUR",
    changed=NOW,
    markers={"7": "2", "1": "0", "8": "4"},
)


def written(*activities: Activity) -> bytes:
    out = io.BytesIO()
    assert write_activities(out, activities, US, "ca", NOW, NOW.date()) == len(activities)
    return out.getvalue()


def test_everything_recorded_is_in_it_and_nothing_else() -> None:
    [told] = etree.fromstring(written(FULL))
    assert [child.tag for child in told] == [
        "iati-identifier", "reporting-org", "title", "description", "participating-org", "participating-org",
        "activity-status", "activity-date", "activity-date", "contact-info", "recipient-country", "sector", "tag",
        "tag", "policy-marker", "policy-marker", "budget",
    ]  # fmt: skip
    assert told.findtext("description/narrative") == "Fonts & <rius>"
    assert [(one.text, dict(one.attrib)) for one in told.findall("title/narrative")] == [
        ("Aigua", {}),
        ("Water", {"{http://www.w3.org/XML/1998/namespace}lang": "en"}),
    ]
    assert [dict(one.attrib) for one in told.findall("participating-org")] == [
        {"role": "4", "type": "11", "ref": "ES-DIR3-LA0000000"},
        {"role": "4"},
    ]
    assert [dict(one.attrib) for one in told.findall("activity-date")] == [
        {"type": "2", "iso-date": "2026-01-10"},
        {"type": "3", "iso-date": "2026-12-31"},
    ]
    assert [(one.get("code"), one.get("significance")) for one in told.findall("policy-marker")] == [
        ("1", "0"), ("7", "2"),
    ]  # fmt: skip
    assert told.find("sector").attrib == {"vocabulary": "1", "code": "14010"}
    assert told.find("budget/value").attrib == {"currency": "EUR", "value-date": "2026-01-10"}


@pytest.mark.parametrize(
    ("start", "end", "days", "words"),
    [
        ("2021", "2023-03", ["2021-01-01", "2023-03-31"], ["2021", "2023-03"]),
        ("2021-05-06", "", ["2021-05-06"], []),
    ],
)
def test_a_date_that_is_known_less_well_says_so(start: str, end: str, days: list[str], words: list[str]) -> None:
    [told] = etree.fromstring(written(replace(FULL, start=PartialDate.parse(start), end=PartialDate.parse(end))))
    assert told.xpath("activity-date/@iso-date") == days
    assert told.xpath("activity-date/narrative/text()") == words
    assert told.find("budget") is None


def test_an_interval_is_written_as_one() -> None:
    start = PartialDate(date(2021, 3, 1), date(2021, 8, 15))
    [told] = etree.fromstring(written(replace(FULL, start=start)))
    assert told.findtext("activity-date/narrative") == "2021-03-01/2021-08-15"


def test_shares_that_nobody_recorded_are_not_made_up() -> None:
    [told] = etree.fromstring(written(replace(FULL, countries=("TN", "MA"), themes=("water", "ports"))))
    assert told.find("recipient-country") is None
    assert told.find("activity-scope").get("code") == "3"
    assert told.xpath("location/administrative/@code") == ["TN", "MA"]
    assert told.xpath("recipient-region[@vocabulary='2']/@code") == ["015"]  # Northern Africa: no rule is broken
    assert told.xpath("sector/@code") == ["43010"]
    assert told.xpath("//@percentage") == []


def test_every_theme_has_a_purpose_and_a_reason() -> None:
    assert set(purposes()) == {theme.code for theme in vocabulary.themes()}
    assert [purpose_of(themes) for themes in ((), ("water",), ("ageing", "youth"), ("water", "waste"))] == [
        "99810", "14010", "16010", "43010",
    ]  # fmt: skip


WITH_MONEY = replace(
    FULL,
    identifier=f"{FULL.identifier}4",
    end=PartialDate.parse("2027-12-31"),
    plan=(
        Planned(date(2026, 1, 10), date(2026, 12, 31), Decimal("600.10")),
        Planned(date(2027, 1, 1), date(2027, 12, 31), Decimal("400.40")),
    ),
    moved=(
        Moved("1", date(2026, 2, 1), Decimal("500.00"), "EUR", {"en": "The fund"}),
        Moved("3", date(2026, 3, 1), Decimal("0.10"), "TND", {"": "Sfax"}),
        Moved("4", date(2026, 4, 1), Decimal("20.00"), "EUR"),
    ),
)


def test_budgets_of_years_and_money_that_moved() -> None:
    [told] = etree.fromstring(written(WITH_MONEY))
    assert [
        (one.find("period-start").get("iso-date"), one.find("period-end").get("iso-date"), one.findtext("value"))
        for one in told.findall("budget")
    ] == [("2026-01-10", "2026-12-31", "600.10"), ("2027-01-01", "2027-12-31", "400.40")]
    assert [
        (
            one.find("transaction-type").get("code"), one.find("transaction-date").get("iso-date"),
            one.findtext("value"), one.find("value").get("currency"), one.findtext("provider-org/narrative"),
            one.findtext("receiver-org/narrative"),
        )
        for one in told.findall("transaction")
    ] == [
        ("1", "2026-02-01", "500.00", "EUR", "The fund", None),
        ("3", "2026-03-01", "0.10", "TND", None, "Sfax"),
        ("4", "2026-04-01", "20.00", "EUR", None, None),
    ]  # fmt: skip


WITH_RESULTS = replace(
    FULL,
    identifier=f"{FULL.identifier}5",
    results=(
        Measured({"en": "Leaks", "ca": "Fuites"}, "%", Decimal("30.00"), Decimal("1E+1"), Decimal("12.50"),
                 date(2026, 9, 1)),
        Measured({"en": "Pumps <mended>"}, "pumps\x00", None, Decimal(100), Decimal(0)),
        Measured({"en": "Not begun"}),
    ),
)  # fmt: skip


def test_results_are_indicators_with_what_is_known_of_them() -> None:
    [told] = etree.fromstring(written(WITH_RESULTS))
    assert [child.tag for child in told][-4:] == ["budget", "result", "result", "result"]
    leaks, pumps, bare = told.findall("result")
    assert [one.text for one in leaks.findall("indicator/title/narrative")] == ["Fuites", "Leaks"]
    assert [dict(one.find("indicator").attrib) for one in (leaks, pumps, bare)] == [
        {"measure": "2", "ascending": "0"}, {"measure": "1"}, {"measure": "1"},
    ]  # fmt: skip
    assert leaks.find("indicator/baseline").attrib == {"year": "2026", "value": "30"}
    assert [(one.tag, *one.attrib.values()) for one in leaks.find("indicator/period")] == [
        ("period-start", "2026-01-10"), ("period-end", "2026-12-31"), ("target", "10"), ("actual", "12.5"),
    ]  # fmt: skip
    assert leaks.findtext("indicator/period/actual/comment/narrative") == "2026-09-01"
    assert pumps.findtext("indicator/description/narrative") == "pumps"
    assert [dict(one.attrib) for one in pumps.findall("indicator/period/actual")] == [{"value": "0"}]
    assert [child.tag for child in bare.find("indicator")] == ["title"]
    open_ended = replace(WITH_RESULTS, end=PartialDate())
    [told] = etree.fromstring(written(open_ended))
    assert [[child.tag for child in one] for one in told.findall("result/indicator/period")] == [
        ["period-start", "period-end", "actual"]  # nobody knows by when the target is: it is not told
    ]


BY_YEAR = replace(
    FULL,
    identifier=f"{FULL.identifier}6",
    results=(
        *(
            Measured({"en": "Homes", "ca": "Llars"}, "%", Decimal(12), Decimal(target), reached,
                     None, "outcome", date(year, 1, 1), date(year, 12, 31))
            for year, target, reached in ((2024, 40, Decimal("35.5")), (2025, 70, Decimal(0)), (2026, 90, None))
        ),
        WITH_RESULTS.results[0],
    ),
)  # fmt: skip


def test_an_indicator_of_several_years_is_one_with_periods_and_reads_back_as_it_was(tmp_path: Path) -> None:
    [told] = etree.fromstring(written(BY_YEAR))
    assert [(one.get("type"), len(one.findall("indicator/period"))) for one in told.findall("result")] == [
        ("2", 3), ("9", 1),
    ]  # fmt: skip
    file = tmp_path / "ours.xml"
    file.write_bytes(written(BY_YEAR))
    rejects: list[object] = []
    read = [one for one in find_source("iati").read(file, rejects) if isinstance(one, Measurement)]  # type: ignore[arg-type]
    assert rejects == []
    again = tuple(
        Measured(
            dict(one.title), one.unit, one.baseline, one.target, one.reached, one.measured.earliest, one.level,
            one.start.earliest, one.end.latest,
        )
        for one in read
    )  # fmt: skip
    assert written(replace(BY_YEAR, results=again)) == written(BY_YEAR)


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "ours.xml"
    file.write_bytes(written(FULL))
    rejects: list[object] = []
    [project] = [one for one in find_source("iati").read(file, rejects) if isinstance(one, Project)]  # type: ignore[arg-type]
    assert (project.title, project.countries, project.sdgs, project.budget, project.currency, project.status) == (
        {"ca": "Aigua", "en": "Water"}, ("TN",), (6,), Decimal("1000.50"), "EUR", Stage.ONGOING,
    )  # fmt: skip
    assert (project.start, project.end, rejects) == (FULL.start, FULL.end, [])
    assert project.topics == ("DAC 14010", "Climate change adaptation")


@pytest.mark.skipif(not SHARED.is_dir(), reason=REASON)
def test_what_is_written_is_valid_and_breaks_no_rule(tmp_path: Path) -> None:
    standard = open_standard(SHARED)
    several = replace(FULL, identifier=f"{FULL.identifier}2", countries=("TN", "MA"), themes=("water", "ports"))
    bare = replace(FULL, identifier=f"{FULL.identifier}3", themes=(), goals=(), countries=(), website="", budget=None)
    file = tmp_path / "ours.xml"
    file.write_bytes(written(FULL, several, bare, WITH_MONEY, WITH_RESULTS, BY_YEAR))
    found = check_file(file, standard, NOW.date())
    assert (found.valid, [one.message for one in found.problems]) == (True, [])
    with file.open("wb") as out:
        write_organisation(out, US, "ca", "EUR", NOW)
    assert check_file(file, standard, NOW.date()).problems == ()
    assert set(purposes().values()) | {"43010", "99810"} <= standard.edition("2.03").codes("Sector")
    assert set(markers()) == standard.edition("2.03").codes("PolicyMarker")
