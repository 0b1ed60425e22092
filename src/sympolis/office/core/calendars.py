"""What every entry for a calendar has (RFC 5545), and what is said with it (RFC 5546)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
CONTENT_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"


def entry(public_id: str, summary: str, link: str, version: int, changed: datetime) -> Event:
    """The same record has the same UID for ever, and a number that grows with every saving: so calendars replace it."""
    event = Event()
    event.add("uid", f"{public_id}@sympolis")
    event.add("sequence", version)
    event.add("dtstamp", timezone.now())
    event.add("last-modified", changed)
    event.add("summary", summary)
    event.add("url", link)
    return event


def whom(email: str, name: str) -> vCalAddress:
    who = vCalAddress(f"mailto:{email}")
    if said := " ".join(name.replace('"', "'").split()):
        who.params["CN"] = said
    return who


def written(events: Iterable[Event], method: str, name: str = "") -> bytes:
    """A file of entries, with the rules of the time zones they name; ``name`` is what a calendar calls it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Sympolis//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    made: bytes = calendar.to_ical()
    return made
