"""How many gave which mark, as bars, in whole units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, ROW, BAR, LEFT = 360, 26, 18, 28
LONGEST = WIDTH - LEFT - 44


@dataclass(frozen=True, slots=True)
class MarkBar:
    mark: int
    count: int
    y: int
    width: int

    @property
    def middle(self) -> int:
        return self.y + BAR // 2 + 4

    @property
    def count_x(self) -> int:
        return LEFT + self.width + 6


def bars_of(counts: Sequence[int]) -> list[MarkBar]:
    """The best mark on top; the longest bar takes the width there is."""
    most = max([*counts, 1])
    order = sorted(range(len(counts)), reverse=True)
    return [
        MarkBar(place + 1, counts[place], 4 + row * ROW, counts[place] * LONGEST // most)
        for row, place in enumerate(order)
    ]
