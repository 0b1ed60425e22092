"""What every entry for a calendar has (RFC 5545), and what is said with it (RFC 5546)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.models import Record

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
ASKED_AGAIN_EVERY = timedelta(hours=6)
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


def with_version[R: Record](records: QuerySet[R]) -> QuerySet[R]:
    """With how often each was saved, for calendars: one question for many."""
    history: Any = records.model.history  # type: ignore[attr-defined]  # every record keeps one
    saved = history.filter(id=OuterRef("pk")).order_by().values("id").annotate(n=Count("pk")).values("n")
    return records.annotate(version=Coalesce(Subquery(saved), 1))  # type: ignore[return-value]  # the same rows


def version_of(record: Record) -> int:
    """How often it was changed since it was added."""
    saved = getattr(record, "version", None)
    count: int = record.history.count() if saved is None else saved  # type: ignore[attr-defined]  # as above
    return max(count - 1, 0)


def has_day(when: PartialDate) -> bool:
    """Whether it is known to the day: a calendar has no place for a month."""
    return when.earliest is not None and when.earliest == when.latest


def put_on_days(event: Event, first: date, last: date, hours: tuple[time | None, time | None], zone: ZoneInfo) -> None:
    """When it is: from hour to hour by the clock of ``zone``, or whole days where no hour is known."""
    begins, ends = hours
    if begins is None:
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(1))  # the day after the last one
        return
    event.add("dtstart", datetime.combine(first, begins, zone))
    if ends is not None:
        event.add("dtend", datetime.combine(last, ends, zone))


def whom(email: str, name: str) -> vCalAddress:
    who = vCalAddress(f"mailto:{email}")
    if said := " ".join(name.replace('"', "'").split()):
        who.params["CN"] = said
    return who


def written(events: Iterable[Event], method: str, name: str = "") -> bytes:
    """A file of entries, with the rules of the time zones they name; ``name`` is what a calendar calls one that it
    subscribes to."""
    calendar = Calendar()
    calendar.add("prodid", "-//Sympolis//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        # How often whoever subscribes looks again: RFC 7986, and the older word that Outlook reads.
        calendar.add("refresh-interval", ASKED_AGAIN_EVERY, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    made: bytes = calendar.to_ical()
    return made
