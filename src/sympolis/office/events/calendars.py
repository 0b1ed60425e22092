"""Events as iCalendar (RFC 5545): one, a feed of many, and the entry somebody who registered gets by mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from icalendar import Event as Entry
from icalendar import vText

from sympolis.office.core.calendars import CANCEL, PUBLISH, REQUEST, entry, version_of, whom, written
from sympolis.office.events.dates import has_day, moments_of
from sympolis.office.events.models import Event, Registration


def event_entry(event: Event, zone: ZoneInfo, language: str, page: str, link: str = "") -> Entry:
    """At its hours by its own clock, or the whole days. Raises ValueError for one whose day is not known."""
    moments = moments_of(event, zone)
    if moments is None:
        raise ValueError("an event without a day")
    made = entry(event.public_id, event.title.best(language).text, page, version_of(event), event.updated_at)
    if moments.hours_known:
        made.add("dtstart", moments.begins)
        made.add("dtend", moments.ends)
    else:
        made.add("dtstart", moments.begins.date())
        made.add("dtend", moments.ends.date())  # the day after the last one
    if where := " · ".join(part for part in (event.place, link) if part):
        made.add("location", where)
    if topic := event.topic.best(language).text:
        made.add("description", topic)
    made.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    return made


def event_calendar(event: Event, zone: ZoneInfo, language: str, page: str, link: str = "") -> bytes:
    return written([event_entry(event, zone, language, page, link)], PUBLISH)


def feed_calendar(
    events: Iterable[Event], zone_of: Callable[[Event], ZoneInfo], language: str, page_of: Callable[[Event], str],
    name: str,
) -> bytes:  # fmt: skip
    """All whose day is known: a calendar has no place for a month. A calendar asks again every few hours."""
    entries = (event_entry(one, zone_of(one), language, page_of(one)) for one in events if has_day(one))
    return written(entries, PUBLISH, name)


def registration_calendar(
    registration: Registration, zone: ZoneInfo, office: tuple[str, str], page: str, link: str, body: str, *, off: bool
) -> tuple[bytes, str]:
    """The entry that puts an event into the calendar of who registered, moves it or takes it away, and its method.

    ``office`` is the name and address it comes from. A cancelled place and a cancelled event leave the calendar.
    """
    event = registration.event
    made = event_entry(event, zone, registration.language, page, link)
    made.pop("description", None)
    made["description"] = vText(body)
    made.pop("status", None)
    made.add("status", "CANCELLED" if off else "CONFIRMED")
    name, address = office
    made.add("organizer", whom(address, name))
    asked = whom(registration.email, registration.name)
    asked.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "DECLINED" if off else "ACCEPTED", "RSVP": "FALSE"})
    made.add("attendee", asked)
    method = CANCEL if off else REQUEST
    return written([made], method), method
