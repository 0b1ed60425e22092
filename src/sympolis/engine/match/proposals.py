"""What every kind of proposal has in common: two sides, the part each item plays, trust, and an id that lasts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..model import Feature, Item, Portfolio, Synergy, SynergyKind
from ..texts.encoders import Matrix
from ..texts.themes import generic_themes, sdgs_of
from .features import Comparison, strength_of

_SAME_WORDS = 0.8


@dataclass(frozen=True, slots=True)
class Sides:
    """Two portfolios and the comparison of their items."""

    left: Portfolio
    right: Portfolio
    compared: Comparison


def played(compared: Comparison, left: Callable[[Item], float], right: Callable[[Item], float]) -> Matrix:
    """float32 (n, m): how far each pair plays two parts, and how far both items are to be trusted."""
    parts = np.outer([left(item) for item in compared.left], [right(item) for item in compared.right])
    trust = np.outer([_trust(item) for item in compared.left], [_trust(item) for item in compared.right])
    return np.asarray(np.sqrt(parts) * trust, np.float32)


def is_telling(compared: Comparison, row: int, column: int) -> bool:
    """Whether a pair rests on more than a generic theme."""
    theme = compared.theme(row, column)
    return (theme != "" and theme not in generic_themes()) or float(compared.text[row, column]) >= _SAME_WORDS


def _trust(item: Item) -> float:
    """Examples and what nobody confirmed stand behind what is known."""
    return (1.0 if item.confirmed else 0.85) * (0.9 if item.illustrative else 1.0)


def propose(
    kind: SynergyKind,
    score: float,
    ids: tuple[str, str],
    items: tuple[Item, ...],
    theme: str,
    features: tuple[Feature, ...],
    call_id: str = "",
    body_id: str = "",
) -> Synergy:
    """A proposal with its id, goals and strength."""
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
