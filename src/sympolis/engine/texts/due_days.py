"""By when: the day a sentence names, in our five languages, seen from the day it was said."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from babel import Locale

from ..model import LANGUAGES, PartialDate
from .words import fold

# Arabic has three sets of names for the months: Egypt's and the Gulf's, the Levant's, the Maghreb's.
_LOCALES = (*LANGUAGES, "ar_LB", "ar_MA", "ar_TN")
_FRIDAY = 4
_OF = r"(?:\s*(?:de |del |d['’]|of |du |\s))?\s*"


@cache
def vocabulary() -> dict[str, Any]:
    """``vocabulary/promises.yaml``."""
    text = files(__package__).joinpath("vocabulary").joinpath("promises.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def any_of(parts: Sequence[str]) -> str:
    """Alternatives as one group of a pattern on folded text, a space being any white space."""
    return "(?:" + "|".join(fold(part).replace(" ", r"\s+") for part in parts) + ")"


def due_in(sentence: str, on: date) -> PartialDate:
    """The day, week or month a sentence names, said on the day ``on``; open where it names none.

    A day without a year is the next one of that name. The first way of writing that is found counts: full dates before
    names of months, these before "next week", these before days of the week.
    """
    text = fold(sentence)
    for read in (_in_figures, _day_of_month, _month, _after_some_time, _by_phrase, _day_of_week):
        if found := read(text, on):
            return found
    return PartialDate()


def _in_figures(text: str, on: date) -> PartialDate | None:
    if found := re.search(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := re.search(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b", text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := re.search(r"\b(\d{1,2})/(\d{1,2})\b(?!/)", text):
        return _next(int(found[2]), int(found[1]), on)
    return None


def _day_of_month(text: str, on: date) -> PartialDate | None:
    """15 March, 15 de març, March 15th, 1er avril, 15 مارس; with or without a year."""
    month = rf"(?P<month>{'|'.join(_months())})"
    year = rf"(?:{_OF},?\s*(?P<year>\d{{4}}))?"
    written = (
        rf"\b(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?{_OF}{month}\b{year}",
        rf"\b{month}\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d){year}",
    )
    for pattern in written:
        if found := re.search(pattern, text):
            numbers = _months()[found["month"]], int(found["day"])
            return _day(int(found["year"]), *numbers) if found["year"] else _next(*numbers, on)
    return None


def _month(text: str, on: date) -> PartialDate | None:
    """A month with a year, or after a word that says it is one: "may" alone is not."""
    month = rf"(?P<month>{'|'.join(_months())})\b(?:{_OF}(?P<year>\d{{4}}))?"
    words = vocabulary()["days"]
    ways: tuple[tuple[str, Callable[[int, int], PartialDate]], ...] = (
        (rf"\b{any_of(words['end_of'])}\s*{month}", _last_day),
        (rf"\b{any_of(words['before'])}\s*{month}", _day_before),
        (rf"\b{any_of(words['within_month'])}\s*{month}", _whole),
    )
    for pattern, made in ways:
        if found := re.search(pattern, text):
            number = _months()[found["month"]]
            year = int(found["year"]) if found["year"] else on.year + (number < on.month)
            return made(year, number)
    return None


def _after_some_time(text: str, on: date) -> PartialDate | None:
    """Within two weeks, d'aquí a dos mesos, خلال أسبوعين."""
    words = vocabulary()["days"]
    begins = rf"\b{any_of(words['within'])}\s*(?:the next |els propers |los proximos |les )?"
    for days, written in words["pairs"].items():
        if re.search(rf"{begins}{fold(written)}\b", text):
            return _exactly(_later(on, 2, days))
    for days, units in words["units"].items():
        counted = rf"{begins}(?:(?P<count>\d{{1,3}}|{'|'.join(_numbers())})\s+)?{any_of(units)}\b"
        if found := re.search(counted, text):
            count = found["count"] or "1"
            return _exactly(_later(on, int(count) if count.isdecimal() else _numbers()[count], days))
    return None


def _by_phrase(text: str, on: date) -> PartialDate | None:
    monday = on - timedelta(on.weekday())
    next_month = (on.replace(day=1) + timedelta(31)).replace(day=1)
    said: dict[str, Callable[[], PartialDate]] = {
        "tomorrow": lambda: _exactly(on + timedelta(1)),
        "end_of_week": lambda: _exactly(max(on, monday + timedelta(_FRIDAY))),
        "next_week": lambda: PartialDate(monday + timedelta(7), monday + timedelta(7 + _FRIDAY)),
        "next_month": lambda: _whole(next_month.year, next_month.month),
        "end_of_month": lambda: _last_day(on.year, on.month),
        "end_of_year": lambda: _last_day(on.year, 12),
    }
    words = vocabulary()["days"]
    return next((made() for name, made in said.items() if re.search(any_of(words[name]), text)), None)


def _day_of_week(text: str, on: date) -> PartialDate | None:
    if found := re.search(rf"\b({'|'.join(_week_days())})\b", text):
        return _exactly(on + timedelta((_week_days()[found[1]] - on.weekday() - 1) % 7 + 1))
    return None


def _later(on: date, count: int, days: int) -> date:
    """Months are counted as months."""
    if days < 30:
        return on + timedelta(count * days)
    year, month = divmod(on.year * 12 + on.month - 1 + min(count, 600), 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def _exactly(day: date) -> PartialDate:
    return PartialDate(day, day)


def _day(year: int, month: int, day: int) -> PartialDate | None:
    try:
        return _exactly(date(year, month, day))
    except ValueError:  # figures that look like a date
        return None


def _next(month: int, day: int, on: date) -> PartialDate | None:
    """The next day of this name, today included; the 29th of February may be some years away."""
    found = (_day(year, month, day) for year in range(on.year, on.year + 9))
    return next((one for one in found if one and one.latest and one.latest >= on), None)


def _whole(year: int, month: int) -> PartialDate:
    return PartialDate(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _last_day(year: int, month: int) -> PartialDate:
    return _exactly(date(year, month, monthrange(year, month)[1]))


def _day_before(year: int, month: int) -> PartialDate:
    return _exactly(date(year, month, 1) - timedelta(1))


@cache
def _months() -> dict[str, int]:
    """Folded names of months, the longest first, so that none is taken for the beginning of another."""
    names = {name: number for number, name in _locale_names("months")}
    return {name: names[name] for name in sorted(names, key=len, reverse=True)}


@cache
def _week_days() -> dict[str, int]:
    """Folded names of days, Monday 0; Arabic with and without its article for day."""
    names = {name: number for number, name in _locale_names("days")}
    return {name: names[name] for name in sorted(names, key=len, reverse=True)}


def _locale_names(what: str) -> Iterator[tuple[int, str]]:
    for code in _LOCALES:
        for context in ("format", "stand-alone"):
            for number, name in getattr(Locale.parse(code), what)[context]["wide"].items():
                words = fold(str(name)).removeprefix("de ").removeprefix("d'")  # Catalan: "de març", "d'abril"
                yield number, re.escape(words.strip())


@cache
def _numbers() -> dict[str, int]:
    listed = vocabulary()["days"]["numbers"]
    return {fold(str(word)): int(value) for value, words in listed.items() for word in words}
