"""Whom a call is for, where nobody wrote down the kinds of bodies: by its programme and its own words."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Call
from ..texts.words import terms

LOCAL_KINDS = frozenset({"city", "metropolitan-authority", "region", "city-network"})

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

_NOT_FOR_US, _IN_PASSING, _NOT_NAMED = 0.3, 0.9, 0.65
_OFTEN = 3
_READ_LETTERS = 6_000
_PLACES = (
    "city cities urban municipality municipal metropolitan town "
    "ville villes urbain commune collectivité ciudad ciudades urbano municipio ciutat ciutats municipi "
    "مدينة مدن بلدية حضرية جماعة محلية"
)
_WORDS = frozenset(terms(_PLACES))


def is_of_the_world(call: Call) -> bool:
    """Whether a call comes out of open data: an officer who writes a call down has judged already whom it is for."""
    return call.id == f"{call.provenance.source}:{call.provenance.source_id}"


_ALSO = {"city": ("metropolitan-authority",)}


def named_kinds(call: Call) -> frozenset[str]:
    """The kinds of bodies a call names. One for cities is one for the authorities cities make up together."""
    return frozenset(call.eligible_kinds).union(*(_ALSO.get(kind, ()) for kind in call.eligible_kinds))


def is_for(call: Call, kinds: Sequence[str]) -> float:
    """What is left of a call's score for bodies of these kinds: 1 where its title speaks of cities.

    Says nothing about others than local bodies, about calls an officer wrote down, nor where the call names kinds.
    """
    if call.eligible_kinds or not is_of_the_world(call) or not LOCAL_KINDS & set(kinds):
        return 1.0
    if call.programme in NOT_FOR_LOCAL_BODIES:
        return _NOT_FOR_US
    if any(not _WORDS.isdisjoint(terms(title)) for title in call.title.values()):
        return 1.0
    said = max(
        (sum(word in _WORDS for word in terms(text[:_READ_LETTERS])) for text in call.summary.values()), default=0
    )
    return _IN_PASSING if said >= _OFTEN else _NOT_NAMED
