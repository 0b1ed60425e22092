"""What two portfolios share: their items grouped by what they are really about, across languages."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..model import Match, Portfolio, Strength, ThemeGroup
from ..texts.encoders import Matrix
from ..texts.themes import concepts, generic_themes, sdgs_of
from ..texts.vectors import Vectors
from .features import Comparison, compare_items, strength_of

_ABOUT = 0.5
_PAIR = 0.3
_MOST_MATCHES = 12
_THEMES_OF_AN_ITEM = 3


def shared_themes(left: Portfolio, right: Portfolio, *, vectors: Vectors) -> list[ThemeGroup]:
    """Groups of items of both sides that are about one theme, the surest first; generic themes are never strong.

    An item is in a group when declared theme and text together say so; a group stands only where texts of both sides
    speak of like things or both sides are plainly about its theme.
    """
    if not left.items or not right.items:
        return []
    return groups_of(compare_items(left.items, right.items, vectors))


def groups_of(compared: Comparison) -> list[ThemeGroup]:
    """The groups in a comparison that was made."""
    lefts, rights = _main_themes(compared.left_about), _main_themes(compared.right_about)
    groups = []
    for at, concept in enumerate(concepts("theme")):
        both = np.minimum.outer(lefts[:, at], rights[:, at])
        pairs = np.where(compared.same, 0, both * (0.5 + 0.5 * compared.text))
        if (group := _group(concept.code, compared, np.asarray(pairs, np.float32))) is not None:
            groups.append(group)
    return sorted(groups, key=lambda group: (-group.score, group.theme))


def _main_themes(sure: Matrix) -> Matrix:
    """How sure items are about their own main themes; what is only touched upon counts for nothing."""
    order = np.argsort(np.argsort(-sure, axis=1, kind="stable"), axis=1, kind="stable")
    return np.where((order < _THEMES_OF_AN_ITEM) & (sure >= _ABOUT), sure, 0).astype(np.float32)


def _group(theme: str, compared: Comparison, pairs: Matrix) -> ThemeGroup | None:
    order = np.argsort(-pairs, axis=None, kind="stable")
    ranked = [(int(row), int(column)) for row, column in zip(*np.unravel_index(order, pairs.shape), strict=True)]
    chosen = [(row, column) for row, column in ranked if pairs[row, column] >= _PAIR]
    if not chosen:
        return None
    lefts = _in_order(row for row, _ in chosen)
    rights = _in_order(column for _, column in chosen)
    matches = tuple(_match(compared, row, column, pairs) for row, column in chosen[:_MOST_MATCHES])
    score = _score([float(pairs[row, column]) for row, column in _apart(chosen)])
    strength = strength_of(score)
    if theme in generic_themes():
        score, strength = score * 0.5, Strength.WEAK
    return ThemeGroup(
        theme=theme,
        left=tuple(compared.left[row] for row in lefts),
        right=tuple(compared.right[column] for column in rights),
        matches=matches,
        sdgs=_goals(theme, compared, lefts, rights),
        score=round(score, 6),
        strength=strength,
    )


def _match(compared: Comparison, row: int, column: int, pairs: Matrix) -> Match:
    score = round(float(pairs[row, column]), 6)
    return Match(compared.left[row].id, compared.right[column].id, score, compared.explain(row, column))


def _in_order(values: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(values))


def _apart(chosen: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The best pairs that have no item in common, so that one wide item does not carry a whole group."""
    rows: set[int] = set()
    columns: set[int] = set()
    apart = []
    for row, column in chosen:
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            apart.append((row, column))
    return apart[:3]


def _score(best: list[float]) -> float:
    """The best pair, and a little more for every further one that stands by itself."""
    rest = 1.0
    for place, score in enumerate(best):
        rest *= 1 - score * (0.9 if place == 0 else 0.2)
    return 1 - rest


def _goals(theme: str, compared: Comparison, lefts: list[int], rights: list[int]) -> tuple[int, ...]:
    """Goals declared on both sides of a group, else those its theme serves."""
    left = {goal for row in lefts for goal in compared.left[row].sdgs}
    right = {goal for column in rights for goal in compared.right[column].sdgs}
    return tuple(sorted(left & right)) or sdgs_of([theme])
