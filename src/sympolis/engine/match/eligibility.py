"""Whom a call is for, where nobody wrote down the kinds of bodies: by its programme and its own words."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Call
from ..texts.words import terms

LOCAL_KINDS = frozenset({"city", "metropolitan-authority", "region", "province", "city-network"})

NOT_FOR_LOCAL_BODIES = frozenset(
    {
        "Connecting Europe Facility",
        "EU Agencies",
        "Euratom",
        "European Defence Fund",
        "Pericles IV",
        "Renewable Energy Financing Mechanism",
        "Research Fund for Coal and Steel",
    }
)
"""Programmes whose calls are for states, operators, laboratories and industry."""

_NOT_FOR_US = 0.3
_NOT_NAMED = 0.85
_READ_LETTERS = 6_000
_PLACES = (
    "city cities town urban municipality municipal metropolitan region regional territory communities "
    "ville villes urbain commune collectivité territoire ciudad ciudades urbano municipio ciutat ciutats municipi "
    "مدينة مدن بلدية حضرية جماعة محلية"
)
_WORDS = frozenset(terms(_PLACES))


_ALSO = {"city": ("metropolitan-authority", "province")}


def named_kinds(call: Call) -> frozenset[str]:
    """The kinds of bodies a call names. One for cities is one for the authorities cities make up together."""
    return frozenset(call.eligible_kinds).union(*(_ALSO.get(kind, ()) for kind in call.eligible_kinds))


def is_for(call: Call, kinds: Sequence[str]) -> float:
    """What is left of a call's score for bodies of these kinds: 1 where it names them or speaks of cities and regions.

    Says nothing about others than local bodies, nor where the call itself says who may apply.
    """
    if call.eligible_kinds or not LOCAL_KINDS & set(kinds):
        return 1.0
    if call.programme in NOT_FOR_LOCAL_BODIES:
        return _NOT_FOR_US
    said = [*call.title.values(), *(text[:_READ_LETTERS] for text in call.summary.values())]
    return 1.0 if any(not _WORDS.isdisjoint(terms(text)) for text in said) else _NOT_NAMED
