"""A month of events as a calendar has it: weeks of seven days, beginning on the day the reader's weeks begin on."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import get_day_names

from sympolis.office.core.templatetags.show import reader_locale
from sympolis.office.events.dates import has_day, last_day
from sympolis.office.events.models import Event

EARLIEST, LATEST = 1900, 2200


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    is_of_month: bool
    is_today: bool
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Month:
    """``month_long`` are events known to the month only: they stand beside the grid."""

    first: date
    last: date
    weekdays: list[tuple[str, str]]
    weeks: list[list[Day]]
    month_long: list[Event]
    before: date
    after: date


def asked_month(written: str, today: date) -> date:
    """``2026-11`` as its first day; this month for anything else."""
    match = re.fullmatch(r"(\d{4})-(\d{1,2})", written, re.ASCII)
    year, month = (int(match[1]), int(match[2])) if match else (0, 0)
    if EARLIEST <= year <= LATEST and 1 <= month <= 12:
        return date(year, month, 1)
    return today.replace(day=1)


def last_of(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def month_of(first: date, events: Iterable[Event], today: date) -> Month:
    last = last_of(first)
    on_day: defaultdict[date, list[Event]] = defaultdict(list)
    month_long = []
    for event in events:
        if not has_day(event):
            month_long.append(event)
            continue
        day, until = max(event.start_earliest, first - timedelta(7)), min(last_day(event) or first, last + timedelta(7))
        while day <= until:
            on_day[day].append(event)
            day += timedelta(1)
    week_begins = reader_locale().first_week_day
    weeks = calendar.Calendar(week_begins).monthdatescalendar(first.year, first.month)
    long, short = get_day_names("wide", locale=reader_locale()), get_day_names("abbreviated", locale=reader_locale())
    order = [(week_begins + n) % 7 for n in range(7)]
    return Month(
        first,
        last,
        [(str(long[n]), str(short[n])) for n in order],
        [[Day(day, day.month == first.month, day == today, on_day[day]) for day in week] for week in weeks],
        month_long,
        (first - timedelta(1)).replace(day=1),
        last + timedelta(1),
    )
