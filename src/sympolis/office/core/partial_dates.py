"""Dates as people write them: 2019, 2019-03, 14/3/2019, March 2019, in any of our languages."""

from __future__ import annotations

import re
from functools import cache

from sympolis.engine.model import LANGUAGES
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.locales import locale_of
from sympolis.office.core.texts import folded

EARLIEST_YEAR, LATEST_YEAR = 1000, 2200


class NotADate(ValueError):
    """The words are no date in any form we read."""


def read_date(written: str) -> PartialDate:
    """A day, a month or a year; the day stands before the month. Raises NotADate."""
    words = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in written.strip())
    if not words:
        return PartialDate()
    for parts in (_numbers(words), _with_month_name(words)):
        if parts and EARLIEST_YEAR <= parts[0] <= LATEST_YEAR:
            try:
                return PartialDate.parse("-".join(str(part) for part in parts))
            except ValueError as error:
                raise NotADate(written) from error
    raise NotADate(written)


def _numbers(words: str) -> tuple[int, ...]:
    """Year first as ISO has it, or day, month and year."""
    if not re.fullmatch(r"\d{1,4}([-/. ]\d{1,4}){0,2}", words):
        return ()
    parts = tuple(int(part) for part in re.split(r"[-/. ]", words))
    return parts if parts[0] >= EARLIEST_YEAR else tuple(reversed(parts))


def _with_month_name(words: str) -> tuple[int, ...]:
    parts = [part for part in folded(words).split() if part not in {"de", "d", "del", "of"}]
    months = [_month_names().get(part, 0) for part in parts]
    numbers = [int(part) for part in parts if part.isdecimal()]
    month = max(months, default=0)
    if not month or len(numbers) + 1 != len(parts) or not 1 <= len(numbers) <= 2:
        return ()
    return (max(numbers), month) if len(numbers) == 1 else (max(numbers), month, min(numbers))


@cache
def _month_names() -> dict[str, int]:
    return {
        folded(name).split()[-1].rstrip("."): number
        for language in LANGUAGES
        for context in ("format", "stand-alone")
        for width in ("abbreviated", "wide")
        for number, name in locale_of(language).months[context][width].items()
    }
