"""A calendar file (RFC 5545) as a table of events, so that it comes in as any table does: looked at first, taken back.

Each event keeps the id it has in its calendar, and each occurrence of one that repeats has the id with its own
beginning: the same calendar brought in again changes events and adds none twice. Who is invited is never read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar

from sympolis.office.core.imports.errors import UnreadableTable
from sympolis.office.core.imports.read import MAX_BYTES, Row, Sheet
from sympolis.office.events.dates import zone_names

BEGINS = b"BEGIN:VCALENDAR"
MOST_EVENTS, MOST_RULES = 1_000, 100
AROUND_TODAY = timedelta(days=366)  # so far back and ahead what repeats for ever is read
FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST_ID, LONGEST_TITLE, LONGEST_PLACE, LONGEST_TOPIC = 100, 300, 200, 2000
HEADINGS = (
    "id", "title", "start_date", "start_time", "end_date", "end_time", "time_zone", "place", "topic", "is_cancelled",
    "visibility", "source_url",
)  # fmt: skip
# What can be gone through quickly to its end: a rule by the second, or by days of the year, is no rule of events.
_RULE = {
    "DAILY": {"BYDAY", "BYMONTH"},
    "WEEKLY": {"BYDAY", "BYMONTH"},
    "MONTHLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"},
}
_ALWAYS = {"FREQ", "COUNT", "UNTIL", "INTERVAL", "WKST"}
# What the library raises on wild input besides its own errors, which are ValueErrors.
_WILD = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)

type Moment = date | datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a calendar, or one occurrence of it. ``over`` is the moment it ends, the next day for whole days."""

    uid: str
    about: Any
    begins: Moment
    over: Moment


def is_calendar(data: bytes) -> bool:
    return data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(BEGINS)


def read_calendar(data: bytes) -> Sheet:
    """Its events as rows with headings that the table of events knows. Raises UnreadableTable: all of it or nothing."""
    calendar = _parsed(data)
    notes: list[str] = []
    try:
        entries = sorted(islice(_entries(calendar, notes), MOST_EVENTS + 1), key=lambda one: (str(one.begins), one.uid))
    except _WILD as error:
        raise _unreadable() from error
    if not entries:
        raise UnreadableTable(
            _("There is no event in this calendar."), _("Export it again, as a file that ends in .ics.")
        )
    if len(entries) > MOST_EVENTS:
        raise _too_many()
    zone = _zone_name(str(calendar.get("X-WR-TIMEZONE", "")))
    rows = [Row(number, _cells(entry, zone)) for number, entry in enumerate(entries, start=1)]
    return Sheet(list(HEADINGS), rows, notes)


def _unreadable() -> UnreadableTable:
    return UnreadableTable(_("This is no calendar we can read."), _("Export it again, as a file that ends in .ics."))


def _too_many() -> UnreadableTable:
    return UnreadableTable(
        _("There are more than %(limit)s events in this calendar, counting each time of those that repeat.")
        % {"limit": MOST_EVENTS},
        _("Export fewer months of it, or let what repeats end sooner."),
    )


def calendar_name(data: bytes) -> str:
    """What the calendar calls itself: the same for every export of it, whatever the file is called."""
    calendar = _parsed(data)
    said = calendar.get("NAME") or calendar.get("X-WR-CALNAME") or ""
    return _line(str(said), 100)


def _parsed(data: bytes) -> Any:
    if data.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise _too_many()
    if len(data) > MAX_BYTES:
        raise UnreadableTable(
            _("The file is larger than %(limit)s megabytes.") % {"limit": MAX_BYTES // 2**20},
            _("Split it into several files and bring them in one after the other."),
        )
    try:
        return Calendar.from_ical(data.decode("utf-8-sig"))
    except _WILD as error:
        raise _unreadable() from error


def _entries(calendar: Any, notes: list[str]) -> Iterator[Entry]:
    """Those of the calendar, with every occurrence of what repeats; one that was moved stands where it was moved to."""
    alone, repeating, moved = [], [], set()
    for component in calendar.walk("VEVENT"):
        entry = _entry(component)
        if entry is None:
            notes.append(_("“%(title)s” was left out: it has no day.") % {"title": _title(component)[:60]})
        elif "RRULE" in component or "RDATE" in component:
            repeating.append(entry)
        else:
            if "RECURRENCE-ID" in component:
                moved.add(entry.uid)
            alone.append(entry)
    if len(repeating) > MOST_RULES:
        raise UnreadableTable(
            _("More than %(limit)s events in this calendar repeat.") % {"limit": MOST_RULES},
            _("Export fewer months of it, or let what repeats end sooner."),
        )
    yield from alone
    for entry in repeating:
        yield from (one for one in _occurrences(entry, notes) if one.uid not in moved)


def _entry(component: Any) -> Entry | None:
    """None where its day can't be read."""
    try:
        begins, uid = component["DTSTART"].dt, str(component.get("UID", ""))
        over = _over(component, begins)
        was = component["RECURRENCE-ID"].dt if "RECURRENCE-ID" in component else None
    except _WILD:
        return None
    if not _is_sensible(begins) or not _is_sensible(over):
        return None
    uid = uid or f"{_title(component)} {begins.isoformat()}"
    return Entry(_occurrence_id(uid, was) if was is not None and _is_sensible(was) else uid, component, begins, over)


def _over(component: Any, begins: Moment) -> Moment:
    if "DTEND" in component:
        said: Moment = component["DTEND"].dt
        if isinstance(said, datetime) == isinstance(begins, datetime) and _comparable(said) >= _comparable(begins):
            return said
    if "DURATION" in component and isinstance(component["DURATION"].dt, timedelta):
        return begins + max(component["DURATION"].dt, timedelta(0))
    return begins if isinstance(begins, datetime) else begins + timedelta(days=1)


def _is_sensible(moment: Any) -> bool:
    """At the ends of all years no other clock has that moment."""
    return isinstance(moment, date) and FIRST_YEAR <= moment.year <= LAST_YEAR


def _comparable(moment: Moment) -> datetime:
    whole = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return whole if whole.tzinfo else whole.replace(tzinfo=UTC)


def _occurrences(entry: Entry, notes: list[str]) -> Iterator[Entry]:
    """By the clock where it is held: at nine in summer and in winter."""
    first = datetime.combine(entry.begins, time()) if not isinstance(entry.begins, datetime) else entry.begins
    zone, naive = first.tzinfo, first.replace(tzinfo=None)
    lasts = _comparable(entry.over) - _comparable(entry.begins)
    left_out = {_local(moment, zone) for moment in _listed(entry.about, "EXDATE")}
    added = {_local(moment, zone) for moment in _listed(entry.about, "RDATE")}
    for begins in sorted({*_by_rule(entry, naive, zone, notes), *added} - left_out):
        whole = begins.replace(tzinfo=zone) if isinstance(entry.begins, datetime) else begins.date()
        over = whole + lasts
        yield replace(entry, uid=_occurrence_id(entry.uid, whole), begins=whole, over=over)


def _by_rule(entry: Entry, first: datetime, zone: Any, notes: list[str]) -> Iterator[datetime]:
    if "RRULE" not in entry.about:
        yield first
        return
    rules = entry.about["RRULE"]
    said = dict((rules[0] if isinstance(rules, list) else rules).items())
    allowed = _RULE.get(str(said.get("FREQ", [""])[0]).upper())
    if isinstance(rules, list) or allowed is None or not set(said) <= allowed | _ALWAYS or _never(said):
        notes.append(_("“%(title)s” repeats in a way we do not read: its first time alone was taken.") % _named(entry))
        yield first
        return
    is_endless = "UNTIL" not in said and "COUNT" not in said
    if is_endless:
        notes.append(
            _("“%(title)s” repeats for ever: the year before today and the year after were read.") % _named(entry)
        )
    earliest, last = _span(said, first, zone, is_endless)
    written = ";".join(f"{key}={','.join(_part(one) for one in values)}" for key, values in said.items())
    try:
        found = (moment for moment in rrulestr(written, dtstart=first) if moment >= earliest)
        for moment in islice(found, MOST_EVENTS + 1):
            if moment > last:
                return
            yield moment
    except _WILD as error:
        raise UnreadableTable(
            _("We can't read when “%(title)s” repeats.") % _named(entry), _("Export it again without what repeats.")
        ) from error


def _span(said: dict[str, Any], first: datetime, zone: Any, is_endless: bool) -> tuple[datetime, datetime]:
    """The first and last moment to read, by the event's clock. What a rule says of its end is taken out of it: it may
    be by another clock, and a day without an hour is meant whole."""
    if is_endless:
        today = datetime.combine(timezone.localdate(), time())
        return max(first, today - AROUND_TODAY), max(first, today) + AROUND_TODAY
    ends = said.pop("UNTIL", [])
    if not ends:
        return first, datetime(LAST_YEAR, 12, 31)  # noqa: DTZ001 - by the event's clock, as rules are counted
    whole_day = timedelta(0) if isinstance(ends[0], datetime) else timedelta(days=1) - timedelta(seconds=1)
    return first, _local(ends[0], zone) + whole_day


def _part(value: Any) -> str:
    written = value.to_ical().decode() if hasattr(value, "to_ical") else str(value)
    return re.sub(r"[^\w+-]", "", written)


def _never(said: dict[str, Any]) -> bool:
    """Whether no day can be meant: 30 February would be sought to the end of all years, or for ever."""
    if min(map(int, said.get("INTERVAL", [1]))) < 1:
        return True
    days = [abs(int(one)) for one in said.get("BYMONTHDAY", [])]
    months = [int(one) for one in said.get("BYMONTH", [])] or list(range(1, 13))
    longest = max((29 if one == 2 else 30 if one in {4, 6, 9, 11} else 31) for one in months)
    positions = [abs(int(one)) for one in said.get("BYSETPOS", [])]
    return (bool(days) and min(days) > longest) or (bool(positions) and (bool(days) or min(positions) > 4))


def _listed(component: Any, name: str) -> Iterator[Moment]:
    """Moments of one line or several; periods are left out."""
    lines = component.get(name, [])
    for line in lines if isinstance(lines, list) else [lines]:
        for one in getattr(line, "dts", ()):
            if _is_sensible(one.dt):
                yield one.dt


def _local(moment: Moment, zone: Any) -> datetime:
    """By the clock of the event, without its zone: as dates of a rule are counted."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return (moment.astimezone(zone) if zone and moment.tzinfo else moment).replace(tzinfo=None)


def _occurrence_id(uid: str, begins: Moment) -> str:
    """In UTC, since what was moved may name its old beginning by another clock."""
    if isinstance(begins, datetime):
        begins = begins.astimezone(UTC) if begins.tzinfo else begins
        return f"{uid} {begins:%Y%m%dT%H%M}"
    return f"{uid} {begins:%Y%m%d}"


def _cells(entry: Entry, zone: str) -> list[str]:
    begins, over, zone = _by_a_clock_we_know(entry.begins, entry.over, zone)
    has_hours = isinstance(begins, datetime)
    last = over if has_hours else over - timedelta(days=1)
    lasts = last > begins
    is_cancelled = str(entry.about.get("STATUS", "")).upper() == "CANCELLED"
    is_private = str(entry.about.get("CLASS", "")).upper() in {"PRIVATE", "CONFIDENTIAL"}
    address = str(entry.about.get("URL", ""))
    return [
        _id(entry.uid),
        _title(entry.about),
        f"{begins:%Y-%m-%d}",
        f"{begins:%H:%M}" if has_hours else "",
        f"{last:%Y-%m-%d}" if lasts and _day(last) != _day(begins) else "",
        f"{last:%H:%M}" if has_hours and lasts else "",
        zone if has_hours else "",
        _line(str(entry.about.get("LOCATION", "")), LONGEST_PLACE),
        str(entry.about.get("DESCRIPTION", "")).replace("\x00", "").strip()[:LONGEST_TOPIC],
        "yes" if is_cancelled else "no",
        "office" if is_private else "",
        address if re.fullmatch(r"https?://\S{3,900}", address) else "",
    ]


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _by_a_clock_we_know(begins: Moment, over: Moment, zone: str) -> tuple[Any, Any, str]:
    """Hours by the zone they are written in; those by UTC or by a zone nobody else knows, by the calendar's own."""
    if not isinstance(begins, datetime) or not isinstance(over, datetime):
        return begins, over, ""
    if begins.tzinfo is None:
        return begins, over.replace(tzinfo=None), zone
    own = _zone_name(getattr(begins.tzinfo, "key", ""))
    shown = own if own and own != "UTC" else zone or "UTC"
    there = ZoneInfo(shown)
    return begins.astimezone(there).replace(tzinfo=None), over.astimezone(there).replace(tzinfo=None), shown


def _zone_name(said: str) -> str:
    return said if said in zone_names() else ""


def _title(component: Any) -> str:
    return _line(str(component.get("SUMMARY", "")), LONGEST_TITLE)


def _line(words: str, most: int) -> str:
    return " ".join(words.replace("\x00", "").split())[:most].strip()


def _named(entry: Entry) -> dict[str, str]:
    return {"title": _title(entry.about)[:60]}


def _id(uid: str) -> str:
    """As it is in its calendar; ours without what we add to it; one that is too long, by what tells it from others."""
    plain = _line(uid, 1_000)
    if own := re.fullmatch(r"(eve_[a-z0-9]{12})@sympolis", plain):
        return own[1]
    return plain if len(plain) <= LONGEST_ID else f"{plain[:60]} {hashlib.sha256(plain.encode()).hexdigest()[:32]}"
