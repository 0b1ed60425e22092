"""The time that somebody asks about, and what held then: today, or a day, a month or a year long gone or to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import ExpressionWrapper, F, Model, Q, QuerySet, TextField

from sympolis.office.core.dates import PartialDate


class Holds(StrEnum):
    """Whether something held at a time, as far as its dates are known."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Moment:
    """From the first to the last day asked about, both included. Who asks for 2019 means any day of it."""

    first: date
    last: date
    is_today: bool = False

    @classmethod
    def now(cls, today: date) -> Moment:
        return cls(today, today, is_today=True)

    @classmethod
    def asked(cls, when: PartialDate, today: date) -> Moment:
        """What was asked for; today where nothing was, or that very day."""
        if when.earliest is None or when.latest is None or when.earliest == when.latest == today:
            return cls.now(today)
        return cls(when.earliest, when.latest)

    @property
    def asked_for(self) -> PartialDate:
        return PartialDate(self.first, self.last)

    def holds(self, since: PartialDate, until: PartialDate, attested_on: date | None = None) -> Holds:
        """Whether what began and ended then held on any of these days.

        Without an end it goes on. Without a beginning it was there at the latest when somebody attested it; what has
        neither holds today, and for other times nobody can tell.
        """
        if not self.may_hold(since, until):
            return Holds.NO
        begun_by = since.latest or attested_on
        has_begun = begun_by is not None and begun_by <= self.last
        has_not_ended = until.earliest is None or until.earliest >= self.first
        if has_begun and has_not_ended:
            return Holds.YES
        return Holds.YES if self.is_today and not since and not until else Holds.PERHAPS

    def may_hold(self, since: PartialDate, until: PartialDate) -> bool:
        """Whether it is not sure that it did not: it may have begun by then, and was not surely over."""
        return not (until.latest and until.latest < self.first) and not (since.earliest and since.earliest > self.last)

    def possible[M: Model](self, rows: QuerySet[M]) -> QuerySet[M]:
        """The same of rows: without those that certainly did not hold."""
        return rows.filter(self.may_hold_of_rows)

    @property
    def may_hold_of_rows(self) -> Q:
        return ~Q(until_latest__lt=self.first) & ~Q(since_earliest__gt=self.last)


def possible_in_words[M: Model](rows: QuerySet[M], first: str, last: str) -> QuerySet[M]:
    """As ``Moment.possible``, of days that are words: what is put into SQL once has no dates in it."""
    since, until = (ExpressionWrapper(F(name), TextField()) for name in ("since_earliest", "until_latest"))
    days: Any = rows.alias(w_since=since, w_until=until)
    found: QuerySet[M] = days.filter(Q(w_until__gte=first) | Q(w_until=None), Q(w_since__lte=last) | Q(w_since=None))
    return found


@dataclass(frozen=True, slots=True)
class Period:
    """From the day after ``after`` to ``by``: what is so on ``after`` is no change."""

    after: date
    by: date

    def falls(self, day: PartialDate) -> bool | None:
        """Whether a day surely (True), perhaps (False) or not at all (None) falls into it."""
        if day.earliest is None or day.latest is None or day.latest <= self.after or day.earliest > self.by:
            return None
        return self.after < day.earliest and day.latest <= self.by
