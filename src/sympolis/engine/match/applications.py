"""Calls that are open and fit what both sides are at or want."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from ..model import Call, Feature, Item, Synergy, SynergyKind
from ..texts.encoders import Matrix
from ..texts.vectors import Vectors
from .calls import is_forthcoming, is_open_or_forthcoming, next_deadline, objections, weakened
from .features import compare_items, wants, works
from .items import item_of_call
from .proposals import Sides, is_telling, played, propose

_LEAST = 0.3
_CALLS_LOOKED_AT = 12
_PAIRS_LOOKED_AT = 5
_FIT_SHARE = 0.6


def applications(sides: Sides, calls: Sequence[Call], on: date, vectors: Vectors) -> Iterator[Synergy]:
    """For each of the calls that fit both sides best, the pair of items to apply with."""
    ready = [call for call in calls if is_open_or_forthcoming(call, on)]
    if not ready:
        return
    countries = [country for country in dict.fromkeys((sides.left.country, sides.right.country)) if country]
    kinds = [kind for kind in dict.fromkeys((sides.left.kind, sides.right.kind)) if kind]
    against = [objections(call, countries, kinds, on) for call in ready]
    lefts, rights = _nearness(sides, ready, vectors)
    left_by = np.array([weakened(said) for said in against], np.float32)
    together = sides.compared.topic * played(sides.compared, _active, _active)
    promising = np.argsort(-np.minimum(lefts.max(axis=0), rights.max(axis=0)) * left_by, kind="stable")
    for at in promising[:_CALLS_LOOKED_AT]:
        fit: Matrix = np.sqrt(np.outer(lefts[:, at], rights[:, at]))
        scores: Matrix = fit**_FIT_SHARE * together ** (1 - _FIT_SHARE) * left_by[at]
        if (best := _best_telling(sides, scores)) is not None:
            row, column = best
            features = (_about(ready[at], float(fit[best]), on), *against[at], *sides.compared.explain(row, column))
            yield propose(
                SynergyKind.JOINT_APPLICATION,
                float(scores[best]),
                (sides.left.organisation_id, sides.right.organisation_id),
                (sides.compared.left[row], sides.compared.right[column]),
                sides.compared.theme(row, column),
                features,
                call_id=ready[at].id,
            )


def _nearness(sides: Sides, calls: Sequence[Call], vectors: Vectors) -> tuple[Matrix, Matrix]:
    """How far each left and each right item is about what each call is about, compared in one go."""
    items = [*sides.compared.left, *sides.compared.right]
    topic = compare_items(items, [item_of_call(call) for call in calls], vectors).topic
    return topic[: len(sides.compared.left)], topic[len(sides.compared.left) :]


def _active(item: Item) -> float:
    """How far an item is work under way or wanted: what one could apply with."""
    return max(works(item), wants(item))


def _best_telling(sides: Sides, scores: Matrix) -> tuple[int, int] | None:
    """The best pair that rests on more than a generic theme, among the first few."""
    for at in np.argsort(-scores, axis=None, kind="stable")[:_PAIRS_LOOKED_AT]:
        row, column = divmod(int(at), scores.shape[1])
        if scores[row, column] < _LEAST:
            return None
        if is_telling(sides.compared, row, column):
            return row, column
    return None


def _about(call: Call, fit: float, on: date) -> Feature:
    closes = next_deadline(call, on)
    detail = "forthcoming-call" if is_forthcoming(call, on) else "open-call"
    values = {"call": call.id, "closes": closes.isoformat() if closes else ""}
    return Feature("call", round(fit, 4), detail, values)
