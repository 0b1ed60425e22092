"""The ways two portfolios can work together: found by kind, then chosen so that the first ones differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from ..model import Call, Feature, Item, Portfolio, Synergy, SynergyKind
from ..texts.themes import generic_themes
from ..texts.vectors import Vectors
from .applications import applications
from .choice import choose
from .features import Comparison, compare_items, gives, wants, works
from .groups import groups_of
from .proposals import Sides, is_telling, played, propose

_LEAST = 0.35
_PAIRS_LOOKED_AT = 60
_SEATS_LOOKED_AT = 4


def synergies(
    left: Portfolio,
    right: Portfolio,
    calls: Sequence[Call],
    others: Sequence[Portfolio],
    on: date,
    *,
    vectors: Vectors,
    limit: int = 12,
    bodies: Mapping[str, Sequence[str]] | None = None,
) -> list[Synergy]:
    """Ways for two sides to work together on a day, best first; the first three differ in kind and theme.

    ``others`` are portfolios of networks and banks whose offers may answer a side's need. ``bodies`` says what the
    commissions both may sit on are about (id -> themes): they are spoken up in about that alone. None rests on a
    generic theme alone, unless the texts themselves say nearly the same. An organisation has no synergies with itself.
    """
    if left.organisation_id == right.organisation_id:
        return []
    found: list[Synergy] = []
    if left.items and right.items:
        sides = Sides(left, right, compare_items(left.items, right.items, vectors))
        found += [*_exchanges(sides), *_joint_projects(sides), *applications(sides, calls, on, vectors)]
        found += _advocacies(sides, bodies or {})
    found += _assistances(left, right, others, vectors)
    best: dict[str, Synergy] = {}
    for synergy in sorted(found, key=lambda one: (-one.score, one.id)):
        best.setdefault(synergy.id, synergy)
    return choose(list(best.values()), limit)


def _exchanges(sides: Sides) -> Iterator[Synergy]:
    """One side has finished or offers what the other starts or wants; both directions."""
    compared = sides.compared
    # Nobody learns from a project both took part in.
    common = {item.id for item in compared.left} & {item.id for item in compared.right}
    for row, column, score in _pairs(compared, gives, wants):
        if compared.left[row].id not in common:
            yield _of_pair(SynergyKind.EXCHANGE, sides, row, column, score)
    for row, column, score in _pairs(compared, wants, gives):
        if compared.right[column].id not in common:
            yield _of_pair(SynergyKind.EXCHANGE, sides, row, column, score, turned=True)


def _joint_projects(sides: Sides) -> Iterator[Synergy]:
    """Both are at it now or about to begin."""
    compared = sides.compared
    # What both are in together already is no partner for further work of one of them.
    common = {item.id for item in compared.left} & {item.id for item in compared.right}
    for row, column, score in _pairs(compared, works, works):
        if common.isdisjoint((compared.left[row].id, compared.right[column].id)):
            yield _of_pair(SynergyKind.JOINT_PROJECT, sides, row, column, score)


def _pairs(
    compared: Comparison, left: Callable[[Item], float], right: Callable[[Item], float]
) -> Iterator[tuple[int, int, float]]:
    """The best pairs that are about the same thing and play these parts."""
    scores = compared.agreed * played(compared, left, right)
    for at in np.argsort(-scores, axis=None, kind="stable")[:_PAIRS_LOOKED_AT]:
        row, column = divmod(int(at), scores.shape[1])
        score = float(scores[row, column])
        if score < _LEAST:
            return
        if is_telling(compared, row, column):
            yield row, column, score


def _of_pair(kind: SynergyKind, sides: Sides, row: int, column: int, score: float, turned: bool = False) -> Synergy:
    compared = sides.compared
    items = (compared.left[row], compared.right[column])
    ids = (sides.left.organisation_id, sides.right.organisation_id)
    if turned:
        items, ids = items[::-1], ids[::-1]
    theme = compared.theme(row, column)
    return propose(kind, score, ids, items, theme, compared.explain(row, column))


def _assistances(left: Portfolio, right: Portfolio, others: Sequence[Portfolio], vectors: Vectors) -> Iterator[Synergy]:
    """A side wants what a network or a bank gives."""
    offers = [(other, item) for other in others for item in other.items if gives(item) >= 0.9]
    for side in (left, right):
        wanted = [item for item in side.items if wants(item) >= 0.8]
        # What either side took part in is theirs to exchange, not another's to give.
        own = {item.id for item in (*left.items, *right.items)}
        strangers = [pair for pair in offers if pair[0].organisation_id != side.organisation_id]
        ours = [(other, item) for other, item in strangers if item.id not in own]
        if not wanted or not ours:
            continue
        compared = compare_items(wanted, [item for _, item in ours], vectors)
        for row, column, score in _pairs(compared, wants, gives):
            giver, item = ours[column]
            ids = (giver.organisation_id, side.organisation_id)
            items = (item, compared.left[row])
            theme = compared.theme(row, column)
            yield propose(SynergyKind.ASSISTANCE, score, ids, items, theme, compared.explain(row, column))


def _advocacies(sides: Sides, about: Mapping[str, Sequence[str]]) -> Iterator[Synergy]:
    """Both sit on the same commission and care about the same thing, which is the commission's business."""
    bodies = sorted(set(sides.left.seats) & set(sides.right.seats))
    causes = [group for group in groups_of(sides.compared) if group.theme not in generic_themes()]
    if not causes:
        return
    # A commission that says what it is about goes before one that doesn't.
    bodies.sort(key=lambda body: not set(about.get(body, ())) - generic_themes())
    for place, body in enumerate(bodies[:_SEATS_LOOKED_AT]):
        business = set(about.get(body, ())) - generic_themes()
        fitting = [group for group in causes if group.theme in business] if business else causes[place:]
        if not fitting:
            continue
        group = fitting[0]
        first = group.matches[0]
        items = (
            next(item for item in group.left if item.id == first.left_id),
            next(item for item in group.right if item.id == first.right_id),
        )
        score = (0.35 if business else 0.25) + 0.35 * group.score
        features = (
            Feature("seat", 1.0, "shared-seat", {"body": body}),
            Feature("cause", round(group.score, 4), "shared-cause", {"themes": [group.theme]}),
        )
        ids = (sides.left.organisation_id, sides.right.organisation_id)
        yield propose(SynergyKind.ADVOCACY, score, ids, items, group.theme, features, body_id=body)
