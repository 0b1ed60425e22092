"""The spreadsheet of events: hours, zones, editions, who was invited, what other sources say of the day."""

from __future__ import annotations

from datetime import time

import pytest

from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import read_table
from sympolis.office.core.imports.understand import Understood, understand
from sympolis.office.events.models import Event
from tests.cast import Cast


def read(*lines: str) -> Understood:
    sheet = read_table("\n".join(lines).encode())
    return understand(tables()["events"], sheet, source="list", language="en")


def test_what_a_row_says_of_hours_editions_and_who_was_invited(cast: Cast) -> None:
    head = (
        "id,title,date,kind,start_time,end_time,time_zone,edition_of_id,invited_ids,partner_ids,funder_ids,also_dated,"
        "financed_too"
    )
    found = read(
        head,
        "es,Webinar,2020-04-04,Seminari en línia,16h30,18:00,europe/madrid,,Sfax,,amb,"
        "2020-04-03 | one hour | https://x.example/1,A foundation",
        "fr,Webinaire,2020-11-25,webinaire,9.05,,Africa/Tunis,es,,Sfax,,,",
    )
    assert found.problems == []
    bring_in(found)
    spanish, french = (Event.objects.get(source_id=one) for one in ("es", "fr"))
    assert (spanish.kind, spanish.from_hour, spanish.until_hour, spanish.time_zone) == (
        "webinar", time(16, 30), time(18), "Europe/Madrid",
    )  # fmt: skip
    assert (list(spanish.invited.all()), list(spanish.funders.all()), spanish.financed_too) == (
        [cast.sfax], [cast.amb], "A foundation",
    )  # fmt: skip
    assert list(spanish.cities.all()) == []
    assert spanish.also_dated == ["2020-04-03 | one hour | https://x.example/1"]
    assert (french.edition_of, french.from_hour, list(french.partners.all())) == (spanish, time(9, 5), [cast.sfax])
    bring_in(read("id,title,date,start_time", "es,Webinar,2020-04-04,17:00"))
    spanish.refresh_from_db()
    assert spanish.from_hour == time(17)


@pytest.mark.parametrize(
    ("heading", "cell", "said"),
    [
        ("start_time", "25:00", "“25:00” is no hour."),
        ("start_time", "half past nine", "“half past nine” is no hour."),
        ("time_zone", "CEST", "“CEST” is no time zone we know."),
        ("also_dated", "one day in April", "“one day in April” does not begin with a date."),
        ("kind", "party", "This word is not on the list."),
    ],
)
def test_what_cannot_be_meant_is_said(cast: Cast, heading: str, cell: str, said: str) -> None:
    found = read(f"id,title,{heading}", f"es,Webinar,{cell}")
    assert [(one.row, one.what) for one in found.problems] == [(2, said)]


def test_no_edition_of_itself_in_a_circle(cast: Cast) -> None:
    found = read("id,title,edition_of_id", "es,Webinar,fr", "fr,Webinaire,es")
    assert found.problems
