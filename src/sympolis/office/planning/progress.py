"""How far something is, out of its parts: exact fractions, no database.

What is not known is never counted as nothing done: it stands apart, and the rest is weighed among itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import Any, NamedTuple

from sympolis.office.planning.enums import ActionStatus

ALL, NOTHING = Fraction(1), Fraction(0)


class Part(NamedTuple):
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


@dataclass(frozen=True)
class RollUp:
    """What is added up, and the arithmetic of it row by row, each reckoned when it is asked for."""

    parts: tuple[Part, ...]

    @property
    def unknown(self) -> int:
        return sum(part.progress is None for part in self.parts)

    @property
    def known(self) -> int:
        return len(self.parts) - self.unknown

    @cached_property
    def weight(self) -> Fraction:
        """Of all that is known."""
        return _sum((part.weight, ALL) for part in self.parts if part.progress is not None)

    @cached_property
    def progress(self) -> Fraction | None:
        """The sum of what the rows add, None where nothing that weighs is known: divided once, not row by row."""
        if not self.weight:
            return None
        weighed = ((part.weight, part.progress) for part in self.parts if part.progress is not None)
        return _sum(weighed) / self.weight

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return tuple(_row(part, self.weight) for part in self.parts)


def _sum(products: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Of each two multiplied, as exact as adding them one by one, over one denominator: a plan adds up hundreds."""
    over: dict[int, int] = defaultdict(int)
    for one, other in products:
        above, below = one.as_integer_ratio()
        times, by = other.as_integer_ratio()
        over[below * by] += above * times
    common = lcm(*over)
    return Fraction(sum(above * (common // below) for below, above in over.items()), common)


def roll_up(parts: Iterable[Part]) -> RollUp:
    """Weigh the parts whose progress is known; each share is its weight divided by the weight of them all.

    Where all that is known weighs 0 there is nothing to divide by, and no progress.
    """
    return RollUp(tuple(parts))


def _row(part: Part, weight: Fraction) -> Row:
    if part.progress is None or not weight:
        return Row(part, None, None)
    share = part.weight / weight
    return Row(part, share, share * part.progress)


@lru_cache(maxsize=1_024)
def weight_of(value: Decimal) -> Fraction:
    """A weight as it is kept, to reckon with: most things of a plan have the same."""
    return Fraction(value)


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
    return min(max((now - start) / (wanted - start), NOTHING), ALL)


@lru_cache(maxsize=128)
def _percent(stated: int) -> Fraction:
    return Fraction(stated, 100)


NO_PARTS = RollUp(())
NO_STEPS = (0, 0)


@dataclass(frozen=True, slots=True)
class ActionProgress:
    """How far an action is and what says so: ``stated`` by a person, ``measured`` from its milestones and indicators,
    its ``status`` (what is done is done); empty where nothing does."""

    progress: Fraction | None
    basis: str
    roll_up: RollUp


def action_progress(stated: int | None, status: str, parts: Sequence[Part]) -> ActionProgress:
    """What a person stated comes first; then milestones and indicators; then that it is done."""
    found = roll_up(parts) if parts else NO_PARTS
    if stated is not None:
        return ActionProgress(_percent(stated), "stated", found)
    if found.progress is not None:
        return ActionProgress(found.progress, "measured", found)
    if status == ActionStatus.DONE:
        return ActionProgress(ALL, "status", found)
    return ActionProgress(None, "", found)


@lru_cache(maxsize=4_096)  # of hundreds of actions most are as far as some other
def listed_progress(
    stated: int | None, status: str, steps: tuple[int, int], measured: tuple[Fraction | None, ...]
) -> ActionProgress:
    """The same for a list, which shows no arithmetic: of milestones how many there are and how many are done, together
    as much as each of them; ``measured`` is how far each indicator is."""
    count, done = steps
    parts = [Part("milestones", Fraction(count), Fraction(done, count))] if count else []
    return action_progress(stated, status, [*parts, *(Part("indicator", ALL, one) for one in measured)])
