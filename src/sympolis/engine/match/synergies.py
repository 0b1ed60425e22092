"""The ways two portfolios can work together: found by kind, then chosen so that the first ones differ."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ..model import Call, Feature, Item, Portfolio, Synergy, SynergyKind
from ..texts.encoders import Matrix
from ..texts.themes import generic_themes, sdgs_of
from ..texts.vectors import Vectors
from .calls import is_open_or_forthcoming, objections, weakened
from .choice import choose
from .features import Comparison, compare_items, gives, strength_of, wants, works
from .groups import groups_of
from .items import item_of_call

_LEAST = 0.35
_LEAST_APPLICATION = 0.3
_SAME_WORDS = 0.8
_PAIRS_LOOKED_AT = 60
_CALLS_LOOKED_AT = 12
_SEATS_LOOKED_AT = 4


@dataclass(frozen=True, slots=True)
class _Sides:
    left: Portfolio
    right: Portfolio
    compared: Comparison


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
        sides = _Sides(left, right, compare_items(left.items, right.items, vectors))
        found += [*_exchanges(sides), *_joint_projects(sides), *_applications(sides, calls, on, vectors)]
        found += _advocacies(sides, bodies or {})
    found += _assistances(left, right, others, vectors)
    best: dict[str, Synergy] = {}
    for synergy in sorted(found, key=lambda one: (-one.score, one.id)):
        best.setdefault(synergy.id, synergy)
    return choose(list(best.values()), limit)


def _exchanges(sides: _Sides) -> Iterator[Synergy]:
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


def _joint_projects(sides: _Sides) -> Iterator[Synergy]:
    """Both are at it now or about to begin."""
    for row, column, score in _pairs(sides.compared, works, works):
        yield _of_pair(SynergyKind.JOINT_PROJECT, sides, row, column, score)


def _pairs(
    compared: Comparison, left: Callable[[Item], float], right: Callable[[Item], float]
) -> Iterator[tuple[int, int, float]]:
    """The best pairs that are about the same thing and play these parts."""
    parts = np.outer([left(item) for item in compared.left], [right(item) for item in compared.right])
    trust = np.outer([_trust(item) for item in compared.left], [_trust(item) for item in compared.right])
    scores = compared.topic * np.sqrt(parts) * trust
    for at in np.argsort(-scores, axis=None, kind="stable")[:_PAIRS_LOOKED_AT]:
        row, column = divmod(int(at), scores.shape[1])
        score = float(scores[row, column])
        if score < _LEAST:
            return
        if _is_telling(compared, row, column):
            yield row, column, score


def _is_telling(compared: Comparison, row: int, column: int) -> bool:
    """Whether a pair rests on more than a generic theme."""
    theme = compared.theme(row, column)
    return (theme != "" and theme not in generic_themes()) or float(compared.text[row, column]) >= _SAME_WORDS


def _trust(item: Item) -> float:
    """Examples and what nobody confirmed stand behind what is known."""
    return (1.0 if item.confirmed else 0.85) * (0.9 if item.illustrative else 1.0)


def _of_pair(kind: SynergyKind, sides: _Sides, row: int, column: int, score: float, turned: bool = False) -> Synergy:
    compared = sides.compared
    items = (compared.left[row], compared.right[column])
    ids = (sides.left.organisation_id, sides.right.organisation_id)
    if turned:
        items, ids = items[::-1], ids[::-1]
    theme = compared.theme(row, column)
    return _synergy(kind, score, ids, items, theme, compared.explain(row, column))


def _applications(sides: _Sides, calls: Sequence[Call], on: date, vectors: Vectors) -> Iterator[Synergy]:
    """Both are at it or want it, and a call is open that fits."""
    ready = [call for call in calls if is_open_or_forthcoming(call, on)]
    compared = sides.compared
    if not ready:
        return
    as_items = [item_of_call(call) for call in ready]
    to_left = compare_items(compared.left, as_items, vectors)
    to_right = compare_items(compared.right, as_items, vectors)
    countries = [country for country in dict.fromkeys((sides.left.country, sides.right.country)) if country]
    kinds = [kind for kind in dict.fromkeys((sides.left.kind, sides.right.kind)) if kind]
    active = np.outer(
        [max(works(item), wants(item)) for item in compared.left], [max(works(i), wants(i)) for i in compared.right]
    )
    trust = np.outer([_trust(item) for item in compared.left], [_trust(item) for item in compared.right])
    together = compared.topic * np.sqrt(active) * trust
    promising = np.argsort(-np.minimum(to_left.topic.max(axis=0), to_right.topic.max(axis=0)), kind="stable")
    for at in promising[:_CALLS_LOOKED_AT]:
        call = ready[int(at)]
        fit: Matrix = np.sqrt(np.outer(to_left.topic[:, at], to_right.topic[:, at]))
        scores = fit**0.6 * together**0.4
        row, column = divmod(int(np.argmax(scores)), scores.shape[1])
        against = objections(call, countries, kinds, on)
        score = float(scores[row, column]) * weakened(against)
        if score >= _LEAST_APPLICATION and _is_telling(compared, row, column):
            about_call = Feature(
                "call", round(float(fit[row, column]), 4), "open-call", {"call": call.id, "closes": _closes(call)}
            )
            features = (about_call, *against, *compared.explain(row, column))
            ids = (sides.left.organisation_id, sides.right.organisation_id)
            items = (compared.left[row], compared.right[column])
            theme = compared.theme(row, column)
            yield _synergy(SynergyKind.JOINT_APPLICATION, score, ids, items, theme, features, call_id=call.id)


def _closes(call: Call) -> str:
    return call.closes.latest.isoformat() if call.closes.latest else ""


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
            yield _synergy(SynergyKind.ASSISTANCE, score, ids, items, theme, compared.explain(row, column))


def _advocacies(sides: _Sides, about: Mapping[str, Sequence[str]]) -> Iterator[Synergy]:
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
        yield _synergy(SynergyKind.ADVOCACY, score, ids, items, group.theme, features, body_id=body)


def _synergy(
    kind: SynergyKind,
    score: float,
    ids: tuple[str, str],
    items: tuple[Item, ...],
    theme: str,
    features: tuple[Feature, ...],
    call_id: str = "",
    body_id: str = "",
) -> Synergy:
    goals = set.intersection(*(set(item.sdgs) for item in items))
    return Synergy(
        id=_identity(kind, items, call_id, body_id, ids),
        kind=kind,
        score=round(score, 6),
        strength=strength_of(score),
        giver_id=ids[0],
        taker_id=ids[1],
        items=items,
        theme=theme,
        sdgs=tuple(sorted(goals)) or sdgs_of([theme]),
        call_id=call_id,
        body_id=body_id,
        features=features,
    )


def _identity(kind: SynergyKind, items: Sequence[Item], call_id: str, body_id: str, ids: tuple[str, str]) -> str:
    """The same for the same records, whichever side comes first, in every language and on every day."""
    # What is spoken for together is the body's business: other items behind it do not make it another proposal.
    about = sorted(ids) if body_id else sorted(item.id for item in items)
    key = "\n".join([kind, *about, call_id, body_id])
    return f"{kind}-{hashlib.blake2b(key.encode(), digest_size=8).hexdigest()}"
