"""Choosing out of many proposals those that together say most: good ones first, but not the same twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..model import Synergy

_FIRST = 3
_SAME_KIND, _SAME_THEME, _SAME_ITEM = 0.08, 0.08, 0.25
_LOWEST_LEAD = 0.7


def choose(ranked: Sequence[Synergy], limit: int) -> list[Synergy]:
    """At most ``limit`` proposals. A kind, a theme or an item costs the more the more often it was chosen already.

    The first three are of different kinds and themes wherever there are such that aren't much weaker than the best.
    """
    left, chosen = list(ranked), list[Synergy]()
    kinds, themes, items = Counter[str](), Counter[str](), Counter[str]()
    best = ranked[0].score if ranked else 0.0
    while left and len(chosen) < limit:
        pool = left
        if len(chosen) < _FIRST:
            pool = _different(left, kinds, themes, best) or left
        pick = max(pool, key=lambda one: (_worth(one, kinds, themes, items), one.id))
        left.remove(pick)
        chosen.append(pick)
        kinds[pick.kind] += 1
        themes[pick.theme] += 1
        items.update(item.id for item in pick.items)
    return chosen


def _different(left: Sequence[Synergy], kinds: Counter[str], themes: Counter[str], best: float) -> list[Synergy]:
    """Those of a kind and a theme not chosen yet, else of a kind not chosen yet."""
    fresh = [one for one in left if not kinds[one.kind] and one.score >= best * _LOWEST_LEAD * 0.7]
    return [one for one in fresh if not themes[one.theme]] or fresh


def _worth(one: Synergy, kinds: Counter[str], themes: Counter[str], items: Counter[str]) -> float:
    again = sum(items[item.id] for item in one.items)
    return one.score - _SAME_KIND * kinds[one.kind] - _SAME_THEME * themes[one.theme] - _SAME_ITEM * again
