"""How far something is, out of its parts: exact fractions, no database.

What is not known is never counted as nothing done: it stands apart, and the rest is weighed among itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sympolis.office.planning.enums import ActionStatus

ALL = Fraction(1)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that counts: ``what`` it is, for the page; its weight; how far it is, None where nobody knows."""

    what: Any
    weight: Fraction
    progress: Fraction | None


@dataclass(frozen=True, slots=True)
class Row:
    """A part with its share of all that is known (the shares sum to 1) and what it adds; both None where unknown."""

    part: Part
    share: Fraction | None
    product: Fraction | None


@dataclass(frozen=True, slots=True)
class RollUp:
    """The arithmetic, row by row. ``progress`` is the sum of the products, None where nothing that weighs is known."""

    rows: tuple[Row, ...]
    progress: Fraction | None

    @property
    def unknown(self) -> int:
        return sum(row.part.progress is None for row in self.rows)

    @property
    def known(self) -> int:
        return len(self.rows) - self.unknown

    @property
    def weight(self) -> Fraction:
        """Of all that is known."""
        return sum((row.part.weight for row in self.rows if row.share is not None), Fraction(0))


def roll_up(parts: Iterable[Part]) -> RollUp:
    """Weigh the parts whose progress is known; each share is its weight divided by the weight of them all.

    Where all that is known weighs 0 there is nothing to divide by, and no progress.
    """
    listed = tuple(parts)
    weight = sum((part.weight for part in listed if part.progress is not None), Fraction(0))
    rows = tuple(_row(part, weight) for part in listed)
    products = [row.product for row in rows if row.product is not None]
    return RollUp(rows, sum(products, Fraction(0)) if products else None)


def _row(part: Part, weight: Fraction) -> Row:
    if part.progress is None or not weight:
        return Row(part, None, None)
    share = part.weight / weight
    return Row(part, share, share * part.progress)


def step_progress(is_done: bool) -> Fraction:
    """A milestone is done or not."""
    return Fraction(int(is_done))


def indicator_progress(
    baseline: Decimal | None, values: Sequence[tuple[int, Decimal | None, Decimal | None]]
) -> Fraction | None:
    """How far the last measured value is on the way from the baseline to the last target; ``values`` are (year,
    target, measured). Between 0 and 1, downwards too. None where one of the three is not known.

    Where the target is to stay at the baseline, it is reached or not known: no direction says how far off it is.
    """
    targets = [(year, target) for year, target, _actual in values if target is not None]
    actuals = [(year, actual) for year, _target, actual in values if actual is not None]
    if baseline is None or not targets or not actuals:
        return None
    start, wanted, now = Fraction(baseline), Fraction(max(targets)[1]), Fraction(max(actuals)[1])
    if wanted == start:
        return ALL if now == wanted else None
    return min(max((now - start) / (wanted - start), Fraction(0)), ALL)


@dataclass(frozen=True, slots=True)
class ActionProgress:
    """How far an action is and what says so: ``stated`` by a person, ``measured`` from its milestones and indicators,
    its ``status`` (what is done is done); empty where nothing does."""

    progress: Fraction | None
    basis: str
    roll_up: RollUp


def action_progress(stated: int | None, status: str, parts: Iterable[Part]) -> ActionProgress:
    """What a person stated comes first; then milestones and indicators; then that it is done."""
    found = roll_up(parts)
    if stated is not None:
        return ActionProgress(Fraction(stated, 100), "stated", found)
    if found.progress is not None:
        return ActionProgress(found.progress, "measured", found)
    if status == ActionStatus.DONE:
        return ActionProgress(ALL, "status", found)
    return ActionProgress(None, "", found)
