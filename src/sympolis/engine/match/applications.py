"""Calls that are open and fit what both sides are at or want."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from ..model import Call, Feature, Item, ItemKind, Synergy, SynergyKind
from ..texts.encoders import Matrix
from ..texts.vectors import Vectors
from .calls import is_forthcoming, is_open_or_forthcoming, next_deadline, objections, weakened
from .eligibility import is_for
from .features import compare_items, gives, wants, works
from .items import item_of_call
from .proposals import Sides, is_telling, played, propose

_LEAST = 0.3
_CALLS_LOOKED_AT = 12
_PAIRS_LOOKED_AT = 5
_PAIR_SHARE = 0.25
_OFFERED, _DONE, _ACTS = 0.9, 0.75, 0.5


def applications(sides: Sides, calls: Sequence[Call], on: date, vectors: Vectors) -> Iterator[Synergy]:
    """For each of the calls that fit both sides best, the pair of items to apply with."""
    ready = [call for call in calls if is_open_or_forthcoming(call, on)]
    if not ready:
        return
    countries = [country for country in dict.fromkeys((sides.left.country, sides.right.country)) if country]
    kinds = [kind for kind in dict.fromkeys((sides.left.kind, sides.right.kind)) if kind]
    against = [objections(call, countries, kinds, on) for call in ready]
    lefts, rights = _nearness(sides, ready, vectors)
    left_by = np.array(
        [weakened(said) * is_for(call, kinds) for call, said in zip(ready, against, strict=True)], np.float32
    )
    # Each brings what fits the call; that the two entries are alike as well is welcome and not asked for.
    together = _parts(sides)
    together *= 1 - _PAIR_SHARE + _PAIR_SHARE * sides.compared.agreed
    promising = np.argsort(-np.minimum(lefts.max(axis=0), rights.max(axis=0)) * left_by, kind="stable")
    for at in promising[:_CALLS_LOOKED_AT]:
        fit: Matrix = np.sqrt(np.outer(lefts[:, at], rights[:, at]))
        scores: Matrix = np.where(sides.compared.same, 0, fit * together * left_by[at])
        if (best := _best_telling(sides, scores, ready[at])) is not None:
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
    topic = compare_items(items, [item_of_call(call) for call in calls], vectors).agreed
    return topic[: len(sides.compared.left)], topic[len(sides.compared.left) :]


def _active(item: Item) -> float:
    """How far an item is work under way or wanted."""
    return max(works(item), wants(item))


def _brings(item: Item) -> float:
    """How far an item is something to apply with: work and wants fully, what one offers or has done nearly."""
    return max(_active(item), _OFFERED if item.kind is ItemKind.OFFER else _DONE * gives(item))


def _parts(sides: Sides) -> Matrix:
    """float32 (n, m): how far pairs bring what it takes; nobody applies where neither of the two is about to act."""
    active = [np.array([_active(item) for item in listed]) for listed in (sides.compared.left, sides.compared.right)]
    acts = np.maximum.outer(*active) >= _ACTS
    return np.asarray(np.where(acts, played(sides.compared, _brings, _brings), 0), np.float32)


def _best_telling(sides: Sides, scores: Matrix, call: Call) -> tuple[int, int] | None:
    """The best pair on a theme the call is about, and no generic one, among the first few."""
    for at in np.argsort(-scores, axis=None, kind="stable")[:_PAIRS_LOOKED_AT]:
        row, column = divmod(int(at), scores.shape[1])
        if scores[row, column] < _LEAST:
            return None
        theme = sides.compared.theme(row, column)
        if is_telling(sides.compared, row, column) and (not call.themes or theme in call.themes):
            return row, column
    return None


def _about(call: Call, fit: float, on: date) -> Feature:
    closes = next_deadline(call, on)
    detail = "forthcoming-call" if is_forthcoming(call, on) else "open-call"
    values = {"call": call.id, "closes": closes.isoformat() if closes else ""}
    return Feature("call", round(fit, 4), detail, values)
