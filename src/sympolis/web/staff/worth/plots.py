"""The plot of one membership: what it cost and what was done in each of its last years, as shapes in whole units."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_compact_decimal
from django.utils.translation import gettext as _

from sympolis.office.core.templatetags.show import money, number, reader_locale
from sympolis.office.synergies.worth import Amount, Tally, Worth, summed

MOST_YEARS = 12
WIDTH = 360
_LEFT = 8
_SLOT = 29
_BAR = 21
_DONE_TOP, _DONE_BASE = 24, 144
_COST_TOP, _COST_BASE = 196, 266
HEIGHT = 290
_LEAST_FOR_A_NUMBER = 13
KINDS = (1, 4, 7)
"""The colours of meetings, events and projects, among the ten of themes."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a column: so many of one kind, its number in it where there is room."""

    y: int
    height: int
    colour: int
    count: str

    @property
    def label_y(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Column:
    """One year: what was done as a column of three kinds, and what was paid below it."""

    year: str
    x: int
    parts: tuple[Part, ...]
    total: str
    top: int
    cost: str
    cost_y: int
    cost_height: int
    is_example: bool

    @property
    def middle(self) -> int:
        return self.x + _BAR // 2


@dataclass(frozen=True, slots=True)
class WorthPlot:
    """Columns for at most twelve years. ``finding`` says what is to be seen."""

    finding: str
    columns: tuple[Column, ...]
    currency: str


def worth_plot(worth: Worth) -> WorthPlot | None:
    """None where nothing is known of any year. Fees are drawn in the currency most was paid in; the table has all."""
    rows = [(year, tally) for year, tally in worth.rows() if year is not None][-MOST_YEARS:]
    if not rows:
        return None
    paid = summed((amount.currency, amount.value) for _year, tally in rows for amount in tally.shown_cost)
    currency = max(paid, key=lambda one: one.value).currency if paid else ""
    done = _scale([tally.done for _year, tally in rows], _DONE_BASE - _DONE_TOP)
    cost = _scale([_paid(tally, currency) for _year, tally in rows], _COST_BASE - _COST_TOP)
    columns = tuple(
        _column(str(year), _LEFT + at * _SLOT, tally, done, cost, currency) for at, (year, tally) in enumerate(rows)
    )
    return WorthPlot(_finding(rows[0][0], rows[-1][0], [tally for _year, tally in rows]), columns, currency)


def _paid(tally: Tally, currency: str) -> Decimal:
    return next((amount.value for amount in tally.shown_cost if amount.currency == currency), Decimal(0))


def _scale(values: Iterable[Decimal | int], height: int) -> Callable[[Decimal | int], int]:
    most = max(values, default=0)
    return lambda value: round(value * height / most) if most else 0


def _column(
    year: str, x: int, tally: Tally, done: Callable[[int], int], cost: Callable[[Decimal], int], currency: str
) -> Column:
    parts, y, so_far = [], _DONE_BASE, 0
    for count, colour in zip((tally.meeting_count, tally.event_count, tally.project_count), KINDS, strict=True):
        so_far += count
        top = _DONE_BASE - done(so_far)  # of the sum, so that rounding never makes a column too tall
        if count:
            parts.append(Part(top, y - top, colour, number(count) if y - top >= _LEAST_FOR_A_NUMBER else ""))
        y = top
    paid = _paid(tally, currency)
    height = cost(paid)
    return Column(
        year, x, tuple(parts), number(tally.done) if tally.done else "", y, _compact(paid) if paid else "",
        _COST_BASE - height, height, tally.is_cost_an_example,
    )  # fmt: skip


def _compact(value: Decimal) -> str:
    """12K, 1.2M: a column is narrow; the table has the whole number."""
    return str(format_compact_decimal(value, locale=reader_locale(), fraction_digits=1 if value < 10_000 else 0))


def _finding(first: int | None, last: int | None, tallies: list[Tally]) -> str:
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    paid = sums_in_words(whole.cost) or _("not known")
    about = {"first": first, "last": last, "done": number(whole.done), "paid": paid}
    return _("%(first)s to %(last)s: paid %(paid)s; meetings, events and projects with it: %(done)s.") % about


def sums_in_words(amounts: Iterable[Amount]) -> str:
    return " + ".join(money(amount.value, amount.currency) for amount in amounts)
