"""Sums of money, exact to the cent: no float comes near them.

The database keeps decimals in a form it would add up as floats, so sums are either made here of decimals, or in the
database of whole cents (``exact_sum``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Func, Min, QuerySet, Sum
from django.db.models.functions import Coalesce

from sympolis.office.projects.running.models import BudgetLine, Financing, PartnerShare

NOTHING = Decimal(0)


class _Cents(Func):
    """An amount as whole cents; a double holds every amount of ours closer than half a cent."""

    template = "CAST(ROUND(%(expressions)s * 100) AS INTEGER)"
    output_field = BigIntegerField()


def exact_sum(column: str) -> Any:
    """The sum of a column of amounts in whole cents; 0 where there is none. ``from_cents`` makes an amount of it."""
    return Coalesce(Sum(_Cents(column)), 0, output_field=BigIntegerField())


def from_cents(cents: int | None) -> Decimal:
    return Decimal(cents or 0).scaleb(-2)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was planned for something, and what it cost so far."""

    planned: Decimal = NOTHING
    actual: Decimal = NOTHING

    @property
    def left(self) -> Decimal:
        return self.planned - self.actual

    @property
    def is_over(self) -> bool:
        return self.actual > self.planned

    @property
    def percent(self) -> int | None:
        """How much of the plan is spent, rounded down; None where nothing was planned."""
        return int(self.actual * 100 / self.planned) if self.planned else None


@dataclass(frozen=True, slots=True)
class Spent:
    """The lines of a budget that share category, partner and year, as one sum."""

    category: str
    partner: int | None
    year: int | None
    sums: Compared


def spent(lines: QuerySet[BudgetLine]) -> list[Spent]:
    """A budget as the sums that pages make theirs of, in one question however many lines it has."""
    groups: Any = lines.order_by().values_list("category", "organisation", "year")
    rows = groups.annotate(first=Min("pk"), planned=exact_sum("planned"), actual=exact_sum("actual")).order_by("first")
    return [
        Spent(category, partner, year, Compared(from_cents(planned), from_cents(actual)))
        for category, partner, year, _first, planned, actual in rows
    ]


def compared(rows: Iterable[Spent]) -> Compared:
    found = list(rows)
    return Compared(sum((one.sums.planned for one in found), NOTHING), sum((one.sums.actual for one in found), NOTHING))


def compared_by(rows: Sequence[Spent], name: str) -> dict[Any, Compared]:
    """The same for each value of a field, in the order in which they come."""
    groups: dict[Any, list[Spent]] = {}
    for row in rows:
        groups.setdefault(getattr(row, name), []).append(row)
    return {value: compared(group) for value, group in groups.items()}


def financing(shares: Iterable[PartnerShare]) -> Financing:
    """In the project's currency."""
    rows = [one.in_project for one in shares]
    return Financing(
        sum((one.own for one in rows), NOTHING),
        sum((one.grant for one in rows), NOTHING),
        sum((one.cofinancing for one in rows), NOTHING),
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that came and went, in the project's currency."""

    received: Decimal = NOTHING
    paid: Decimal = NOTHING

    @property
    def balance(self) -> Decimal:
        return self.received - self.paid


def moved(payments: Any) -> Moved:
    """Of a query over payments, in one question."""
    sums = dict(payments.order_by().values_list("direction").annotate(cents=exact_sum("converted")))
    return Moved(from_cents(sums.get("in")), from_cents(sums.get("out")))
