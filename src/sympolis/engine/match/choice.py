"""Choosing out of many proposals those that together say most: good ones first, but not the same twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from ..model import Synergy, SynergyKind

_FIRST = 3
_SAME_KIND, _SAME_THEME, _SAME_ITEM = 0.08, 0.08, 0.15
_LOWEST_LEAD = 0.5
_WORTH_IT = 0.35  # a weak third does not make up for a strong second
_LOOKED_AT, _OF_EACH = 24, 2
_LESSER = {SynergyKind.ADVOCACY: 0.15}  # to speak with one voice is said in a sentence; it is no work yet


def choose(ranked: Sequence[Synergy], limit: int) -> list[Synergy]:
    """At most ``limit`` proposals. A kind, a theme or an item costs the more the more often it was chosen already.

    The first three are the best one and those that with it say most: of different kinds and themes, with no item in
    common, resting on no example, wherever there are such. Where the others are weak they are fewer than three.
    """
    left, chosen = list(ranked), _first(ranked)[:limit]
    kinds, themes, items = Counter[str](), Counter[str](), Counter[str]()
    for pick in chosen:
        left.remove(pick)
        _count(pick, kinds, themes, items)
    while left and len(chosen) < limit:
        pick = max(left, key=lambda one: (_worth(one, kinds, themes, items), one.id))
        left.remove(pick)
        chosen.append(pick)
        _count(pick, kinds, themes, items)
    return chosen


def _first(ranked: Sequence[Synergy]) -> list[Synergy]:
    """The best three that differ, best first; fewer where there are no three."""
    firm = [one for one in ranked if not any(item.illustrative for item in one.items)] or list(ranked)
    if not firm:
        return []
    floor = firm[0].score * _LOWEST_LEAD
    pool = list(_best_of_each(one for one in firm if one.score >= floor))[:_LOOKED_AT]
    best = max(pool, key=_gain)
    others = [one for one in pool if one is not best]
    sets = [(best, *more) for size in range(_FIRST) for more in combinations(others, size)]
    return list(max((listed for listed in sets if _differ(listed)), key=lambda listed: sum(map(_gain, listed))))


def _gain(one: Synergy) -> float:
    return one.score - _LESSER.get(one.kind, 0.0) - _WORTH_IT


def _best_of_each(ranked: Iterable[Synergy]) -> Iterable[Synergy]:
    """Of each kind on each theme the best two: the second may go with what the first does not."""
    seen = Counter[tuple[str, str]]()
    for one in ranked:
        seen[one.kind, one.theme] += 1
        if seen[one.kind, one.theme] <= _OF_EACH:
            yield one


def _differ(listed: Sequence[Synergy]) -> bool:
    items = [item.id for one in listed for item in one.items]
    return (
        len({one.kind for one in listed}) == len(listed)
        and len({one.theme for one in listed}) == len(listed)
        and len(set(items)) == len(items)
    )


def _count(pick: Synergy, kinds: Counter[str], themes: Counter[str], items: Counter[str]) -> None:
    kinds[pick.kind] += 1
    themes[pick.theme] += 1
    items.update(item.id for item in pick.items)


def _worth(one: Synergy, kinds: Counter[str], themes: Counter[str], items: Counter[str]) -> float:
    again = sum(items[item.id] for item in one.items)
    return one.score - _SAME_KIND * kinds[one.kind] - _SAME_THEME * themes[one.theme] - _SAME_ITEM * again
