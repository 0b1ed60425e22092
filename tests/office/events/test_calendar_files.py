"""Calendar files as tables of events: what repeats, what moved, which clock, and coming in twice."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar import Event as Entry

from sympolis.office.core.imports.errors import UnreadableTable
from sympolis.office.core.models import Import
from sympolis.office.core.texts import Text
from sympolis.office.events.actions import keep_event
from sympolis.office.events.calendar_files import calendar_name, is_calendar, read_calendar
from sympolis.office.events.calendars import event_calendar
from sympolis.office.events.dates import zone_of
from sympolis.office.events.models import Event
from tests.cast import Cast

HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y\nX-WR-CALNAME:Union\nX-WR-TIMEZONE:Europe/Madrid\n"


def calendar(*events: str) -> bytes:
    inside = "".join(f"BEGIN:VEVENT\n{one.strip()}\nEND:VEVENT\n" for one in events)
    return f"{HEAD}{inside}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def rows(data: bytes) -> list[dict[str, str]]:
    sheet = read_calendar(data)
    return [dict(zip(sheet.headings, row.cells, strict=True)) for row in sheet.rows]


def starts(data: bytes) -> list[str]:
    return [f"{row['start_date']} {row['start_time']}".strip() for row in rows(data)]


COMMITTEE = """
UID:one@x
DTSTART;TZID=Europe/Madrid:20260326T090000
DTEND;TZID=Europe/Madrid:20260326T103000
SUMMARY:Committee
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Madrid:20260402T090000
ATTENDEE;CN=Somebody:mailto:somebody@y.example
"""
MOVED = """
UID:one@x
RECURRENCE-ID:20260409T070000Z
DTSTART;TZID=Europe/Madrid:20260410T110000
SUMMARY:Committee, moved
"""
ASSEMBLY = """
UID:two@x
DTSTART;VALUE=DATE:20261001
DTEND;VALUE=DATE:20261003
SUMMARY:Assembly
LOCATION:Tunis
STATUS:CANCELLED
CLASS:PRIVATE
"""


def test_by_the_clock_where_it_is_held_whatever_summer_time_does() -> None:
    found = rows(calendar(COMMITTEE, MOVED))
    assert [(row["id"], row["start_date"], row["start_time"], row["end_time"]) for row in found] == [
        ("one@x 20260326T0800", "2026-03-26", "09:00", "10:30"),
        ("one@x 20260409T0700", "2026-04-10", "11:00", ""),
        ("one@x 20260416T0700", "2026-04-16", "09:00", "10:30"),
    ]
    assert {row["time_zone"] for row in found} == {"Europe/Madrid"}
    assert "somebody" not in str(found).casefold()


def test_whole_days_moments_by_utc_and_floating_hours() -> None:
    utc = "UID:three@x\nDTSTART:20261001T160000Z\nDURATION:PT9H\nSUMMARY:Night"
    floating = "UID:four@x\nDTSTART:20261002T160000\nSUMMARY:Anywhere"
    found = rows(calendar(ASSEMBLY, utc, floating))
    assert [tuple(row.values())[2:7] for row in found] == [
        ("2026-10-01", "", "2026-10-02", "", ""),
        ("2026-10-01", "18:00", "2026-10-02", "03:00", "Europe/Madrid"),
        ("2026-10-02", "16:00", "", "", "Europe/Madrid"),
    ]
    assert (found[0]["place"], found[0]["is_cancelled"], found[0]["visibility"]) == ("Tunis", "yes", "office")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;UNTIL=20260328", ["2026-03-26 09:00", "2026-03-27 09:00", "2026-03-28 09:00"]),
        ("FREQ=DAILY;UNTIL=20260327T070000Z", ["2026-03-26 09:00"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["2026-03-27 09:00", "2026-04-24 09:00"]),
        ("FREQ=YEARLY;COUNT=2", ["2026-03-26 09:00", "2027-03-26 09:00"]),
        ("FREQ=SECONDLY;COUNT=900", ["2026-03-26 09:00"]),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", ["2026-03-26 09:00"]),
    ],
)
def test_rules(rule: str, expected: list[str]) -> None:
    assert starts(calendar(f"UID:r\nDTSTART;TZID=Europe/Madrid:20260326T090000\nSUMMARY:R\nRRULE:{rule}")) == expected


def test_what_repeats_for_ever_is_read_for_a_year_each_way() -> None:
    data = calendar("UID:r\nDTSTART;VALUE=DATE:20060101\nSUMMARY:R\nRRULE:FREQ=WEEKLY")
    sheet = read_calendar(data)
    assert len(sheet.rows) in {104, 105}
    assert sheet.notes == ["“R” repeats for ever: the year before today and the year after were read."]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (calendar("UID:r\nDTSTART:20260101T090000\nSUMMARY:R\nRRULE:FREQ=DAILY;COUNT=1001"), "more than 1000 events"),
        (calendar(*["UID:r\nDTSTART:20260101T090000"] * 1001), "more than 1000 events"),
        (calendar(*["UID:r\nDTSTART:20260101T090000\nRRULE:FREQ=DAILY;COUNT=2"] * 101), "More than 100 events"),
        (calendar(), "There is no event"),
        (calendar("UID:r\nSUMMARY:No day"), "There is no event"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "no calendar we can read"),
        (b"BEGIN:VCALENDAR\xff\xfe", "no calendar we can read"),
    ],
)
def test_what_is_refused_says_why(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableTable, match=said) as refused:
        read_calendar(data)
    assert refused.value.remedy


PIECES = st.sampled_from(
    [
        "DTSTART:20260101T090000Z", "DTSTART;VALUE=DATE:20260101", "DTSTART:x", "DTEND:20200101", "DURATION:-P1D",
        "RRULE:FREQ=DAILY;UNTIL=x", "RRULE:FREQ=YEARLY;BYSETPOS=0", "RRULE:FREQ=DAILY;INTERVAL=0;COUNT=3", "RRULE:",
        "RDATE;VALUE=PERIOD:20260101T000000Z/PT1H", "EXDATE:20260101", "RECURRENCE-ID:20260101", "UID:\x00",
        "DTSTART;TZID=Nowhere/Land:20260101T090000", "SUMMARY:=1+1", "RRULE:FREQ=MONTHLY;COUNT=2;BYDAY=9XX",
        "RDATE:20260101T090000,20260201T090000", "DTSTART:99991231T235959Z", "DTEND:99991231T235959Z", "STATUS:\\",
    ]
)  # fmt: skip


@settings(max_examples=40)
@example([["DTSTART:20260101T090000Z", "RRULE:FREQ=DAILY;UNTIL=x"]])
@example([["DTSTART:20260101T090000Z", "RDATE:x", "RECURRENCE-ID:x", "SUMMARY:Broken"]])
@given(st.lists(st.lists(PIECES, max_size=6), max_size=3))
def test_wild_calendars_are_read_or_refused(events: list[list[str]]) -> None:
    data = calendar(*("\n".join(one) for one in events))
    try:
        calendar_name(data)
        sheet = read_calendar(data)
    except UnreadableTable:
        return
    assert all(len(row.cells) == len(sheet.headings) for row in sheet.rows)


def upload(site: Client, data: bytes, name: str) -> Any:
    file = SimpleUploadedFile(name, data, "text/calendar")
    sent = site.post(reverse("staff:imports"), {"table": "organisations", "language": "en", "file": file})
    assert sent.status_code == 302, sent.content.decode()[:2000]
    shown = site.get(sent["Location"])
    site.post(f"{sent['Location']}bring-in/")
    return shown


@pytest.mark.django_db
def test_twice_is_once_what_somebody_wrote_stays_and_it_can_be_taken_back(cast: Cast) -> None:
    site = cast.client("officer")
    assert "Committee, moved" in upload(site, calendar(COMMITTEE, MOVED, ASSEMBLY), "calendar.ics").content.decode()
    assert Event.objects.count() == 4
    first = Event.objects.get(source_id="one@x 20260326T0800")
    assert (first.start_earliest, first.from_hour, first.time_zone) == (date(2026, 3, 26), time(9), "Europe/Madrid")
    private = Event.objects.get(source_id="two@x")
    assert (private.is_cancelled, private.visibility) == (True, "office")
    private.place = "Sfax"
    keep_event(private)
    later = COMMITTEE.replace("T1030", "T1100")
    upload(site, calendar(later, MOVED, ASSEMBLY.replace("CANCELLED", "CONFIRMED")), "calendar(1).ics")
    assert Event.objects.count() == 4
    first.refresh_from_db()
    private.refresh_from_db()
    assert (first.until_hour, private.is_cancelled, private.place) == (time(11), False, "Sfax")
    newest, oldest = Import.objects.order_by("-pk")
    assert (oldest.created, newest.created, newest.source) == (4, 0, "list:union")
    for run in (newest, oldest):
        site.post(reverse("staff:import-undo", args=[run.pk]))
    assert list(Event.objects.values_list("source_id", flat=True)) == ["two@x"]  # somebody has worked with it


@pytest.mark.django_db
def test_our_own_calendar_comes_back_to_its_own_event(cast: Cast) -> None:
    event = keep_event(
        Event(title=Text.of(en="Day of water"), start_earliest=date(2026, 5, 4), start_latest=date(2026, 5, 4))
    )
    data = event_calendar(event, zone_of(event), "en", "https://city.example/en/event/")
    entry = Calendar.from_ical(data).walk("VEVENT")[0]
    assert isinstance(entry, Entry)
    entry["SUMMARY"] = "Day of rivers"
    whole = Calendar.from_ical(data)
    whole.subcomponents = [entry]
    upload(cast.client("officer"), whole.to_ical(), "back.ics")
    run = Import.objects.get()
    found = Event.objects.get()
    assert (run.created, found.pk, found.title.get_text("en")) == (0, event.pk, "Day of water")  # somebody wrote that


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("administrator", 302),
        ("officer", 302),
        ("contact", 403),
        ("participant", 403),
        ("outsider", 403),
        ("visitor", 302),
    ],
)
def test_only_the_office_brings_in(cast: Cast, who: str, status: int) -> None:
    file = SimpleUploadedFile("c.ics", calendar(ASSEMBLY))
    answer = cast.client(who).post(reverse("staff:imports"), {"table": "events", "language": "en", "file": file})
    assert answer.status_code == status
    assert ("account/login" in answer.get("Location", "")) == (who == "visitor")
    assert not Event.objects.exists()


def test_a_table_is_no_calendar() -> None:
    assert [is_calendar(one) for one in (b"\xef\xbb\xbf\r\nbegin:vcalendar", b"title\nBEGIN:VCALENDAR", b"")] == [
        True, False, False,
    ]  # fmt: skip
