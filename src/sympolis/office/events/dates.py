"""When an event is: by the clock where it is held, as moments everywhere, and what other sources say of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from sympolis.engine.model import PartialDate
from sympolis.office.directory.queries import current_office
from sympolis.office.events.models import Event


@dataclass(frozen=True, slots=True)
class Moments:
    """From and until when, as moments with the event's own zone; days are whole where ``hours_known`` is false."""

    begins: datetime
    ends: datetime
    hours_known: bool


class OtherDate(NamedTuple):
    """What another source says of the day, in its own words, and where."""

    on: PartialDate
    words: str
    source_url: str

    @classmethod
    def of(cls, line: str) -> OtherDate:
        on, words, source_url = ([part.strip() for part in line.split("|", 2)] + ["", ""])[:3]
        return cls(PartialDate.parse(on), words, source_url)

    def __str__(self) -> str:
        return " | ".join((str(self.on), self.words, self.source_url))


def zone_of(event: Event) -> ZoneInfo:
    """The event's own, else the office's."""
    if own := own_zone(event):
        return own
    office = current_office()
    return ZoneInfo(office.time_zone if office else "UTC")


def own_zone(event: Event) -> ZoneInfo | None:
    """None where it has none of its own, or one that this machine's table of zones no longer knows."""
    return ZoneInfo(event.time_zone) if event.time_zone in zone_names() else None


def has_day(event: Event) -> bool:
    """Whether its first day is known to the day."""
    return event.start_earliest is not None and event.start_earliest == event.start_latest


def last_day(event: Event) -> date | None:
    """An event without an end is over on the day it began."""
    found: date | None = event.end_latest or event.start_latest
    return found


def moments_of(event: Event, zone: ZoneInfo) -> Moments | None:
    """None where the day is not known. An event without its last hour is taken to last an hour."""
    if not has_day(event):
        return None
    first: date = event.start_earliest
    last: date = event.end_latest if event.end_latest and event.end_earliest == event.end_latest else first
    if event.from_hour is None:
        midnight = datetime.combine(last + timedelta(1), time(), zone)
        return Moments(datetime.combine(first, time(), zone), midnight, False)
    begins = datetime.combine(first, event.from_hour, zone)
    if event.until_hour is None:
        ends = (begins.astimezone(UTC) + timedelta(hours=1)).astimezone(zone)
        return Moments(begins, max(ends, datetime.combine(last, event.from_hour, zone)), True)
    return Moments(begins, datetime.combine(last, event.until_hour, zone), True)


def is_skipped(on: date, hour: time, zone: ZoneInfo) -> bool:
    """Whether the clock jumps over that hour on that day, as it does when summer time begins."""
    there = datetime.combine(on, hour, zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != there.replace(tzinfo=None)


@cache
def zone_names() -> tuple[str, ...]:
    """Those of places, and UTC: abbreviations like EST mean something else in summer."""
    return tuple(sorted(name for name in available_timezones() if name == "UTC" or ("/" in name and _is_place(name))))


def _is_place(name: str) -> bool:
    return "/" in name and name.split("/")[0] in {
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
    }  # fmt: skip
