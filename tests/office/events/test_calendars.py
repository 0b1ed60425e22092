"""A calendar library reads what we write: zones, summer time, whole days, updates and cancellations."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar, Component

from sympolis.office.core.texts import Text
from sympolis.office.events.actions import keep_event
from sympolis.office.events.calendars import event_calendar, feed_calendar, registration_calendar
from sympolis.office.events.dates import OtherDate, is_skipped, moments_of, zone_of
from sympolis.office.events.models import Event, Registration
from tests.cast import Cast

MADRID, TUNIS = ZoneInfo("Europe/Madrid"), ZoneInfo("Africa/Tunis")


def event_on(day: date, **fields: Any) -> Event:
    about = {"title": Text.of(en="Day of water"), "start_earliest": day, "start_latest": day, **fields}
    return keep_event(Event(**about))


def entries(content: bytes) -> list[Component]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def read(content: bytes) -> tuple[str, Component]:
    calendar = Calendar.from_ical(content)
    (entry,) = calendar.walk("VEVENT")
    return str(calendar["method"]), entry


@pytest.mark.parametrize(
    ("day", "zone", "utc"),
    [
        (date(2027, 3, 26), "Europe/Madrid", "2027-03-26T15:30:00"),  # winter time
        (date(2027, 3, 29), "Europe/Madrid", "2027-03-29T14:30:00"),  # summer time, three days later
        (date(2027, 7, 1), "Africa/Tunis", "2027-07-01T15:30:00"),  # no summer time there
        (date(2027, 7, 1), "America/Bogota", "2027-07-01T21:30:00"),
    ],
)
def test_hours_are_those_of_the_clock_where_it_is(cast: Cast, day: date, zone: str, utc: str) -> None:
    event = event_on(day, from_hour=time(16, 30), until_hour=time(18), time_zone=zone)
    _method, entry = read(event_calendar(event, zone_of(event), "en", "https://x.example/"))
    begins, ends = entry["dtstart"].dt, entry["dtend"].dt
    assert entry["dtstart"].params["TZID"] == zone
    assert begins.astimezone(UTC).replace(tzinfo=None).isoformat() == utc
    assert ends - begins == timedelta(hours=1, minutes=30)


def test_the_file_carries_the_rules_of_its_zone(cast: Cast) -> None:
    event = event_on(date(2027, 3, 26), from_hour=time(9), time_zone="Europe/Paris")
    calendar = Calendar.from_ical(event_calendar(event, zone_of(event), "en", "https://x.example/"))
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]


def test_without_an_hour_it_is_whole_days_and_without_a_day_no_entry(cast: Cast) -> None:
    event = event_on(date(2027, 6, 18), end_earliest=date(2027, 6, 19), end_latest=date(2027, 6, 19))
    _method, entry = read(event_calendar(event, MADRID, "en", "https://x.example/"))
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (date(2027, 6, 18), date(2027, 6, 20))
    month = keep_event(
        Event(title=Text.of(en="Some time"), start_earliest=date(2027, 6, 1), start_latest=date(2027, 6, 30))
    )
    assert moments_of(month, MADRID) is None
    with pytest.raises(ValueError, match="without a day"):
        event_calendar(month, MADRID, "en", "https://x.example/")
    assert entries(feed_calendar([month], zone_of, "en", lambda _one: "https://x.example/", "Events")) == []


def test_a_change_has_a_higher_number_and_a_cancellation_says_so(cast: Cast) -> None:
    event = event_on(date(2027, 6, 18), from_hour=time(9), place="Sfax")
    _method, first = read(event_calendar(event, MADRID, "en", "https://x.example/"))
    event.place = "Tunis"
    keep_event(event)
    _method, second = read(event_calendar(event, MADRID, "en", "https://x.example/"))
    event.is_cancelled = True
    keep_event(event)
    _method, third = read(event_calendar(event, MADRID, "en", "https://x.example/"))
    assert {str(one["uid"]) for one in (first, second, third)} == {f"{event.public_id}@sympolis"}
    assert [int(one["sequence"]) for one in (first, second, third)] == [0, 1, 2]
    assert [str(one["location"]) for one in (first, second)] == ["Sfax", "Tunis"]
    assert [str(one["status"]) for one in (first, second, third)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_who_registered_gets_a_request_and_who_leaves_a_cancellation(cast: Cast) -> None:
    event = event_on(date(2027, 6, 18), from_hour=time(9))
    one = Registration(event=event, name='Eve"\r\nX:1', email="eve@x.example", language="en", queued_at=timezone.now())
    office = ("The office", "office@x.example")
    for off, method, status, answer in (
        (False, "REQUEST", "CONFIRMED", "ACCEPTED"),
        (True, "CANCEL", "CANCELLED", "DECLINED"),
    ):
        content, named = registration_calendar(one, MADRID, office, "https://x.example/", "", "Body", off=off)
        said, entry = read(content)
        assert (said, named, str(entry["status"])) == (method, method, status)
        assert str(entry["organizer"]) == "mailto:office@x.example"
        assert (str(entry["attendee"]), entry["attendee"].params["PARTSTAT"]) == ("mailto:eve@x.example", answer)
        assert "X" not in entry


def test_a_feed_of_a_thousand_events_is_read_whole(cast: Cast) -> None:
    begins = date(2027, 1, 1)
    events = [
        Event(
            public_id=f"eve_{number:012}", title=Text.of(en=f"Event {number}"), from_hour=time(9),
            start_earliest=begins + timedelta(number), start_latest=begins + timedelta(number),
            updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for number in range(1000)
    ]  # fmt: skip
    for one in events:
        one.version = 1  # type: ignore[attr-defined]  # as the query annotates it
    found = entries(feed_calendar(events, lambda _one: MADRID, "en", lambda _one: "https://x.example/", "Events"))
    assert [str(one["summary"]) for one in found] == [f"Event {number}" for number in range(1000)]


def test_an_hour_the_clock_jumps_over(cast: Cast) -> None:
    assert is_skipped(date(2027, 3, 28), time(2, 30), MADRID)
    assert not is_skipped(date(2027, 3, 28), time(3, 30), MADRID)
    assert not is_skipped(date(2027, 3, 28), time(2, 30), TUNIS)


def test_another_sources_date_is_read_as_it_was_written() -> None:
    line = "2020-04-03 | 16:30-17:30 CET, one hour | https://x.example/a|b"
    one = OtherDate.of(line)
    assert (str(one.on), one.words, one.source_url) == (
        "2020-04-03",
        "16:30-17:30 CET, one hour",
        "https://x.example/a|b",
    )
    assert str(one) == line
