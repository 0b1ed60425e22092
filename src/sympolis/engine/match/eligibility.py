"""Whom a call is for: the strict answers, and by its programme and its own words how likely it is for local bodies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest

from ..model import Answer, Applicant, Call
from ..texts.words import terms
from .conditions.bodies import kind_answer
from .conditions.cofinancing import cofinancing_answer
from .conditions.consortium import consortium_answer
from .conditions.countries import country_answer
from .conditions.deadline import deadline_answer

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


def eligibility(call: Call, applicants: Sequence[Applicant], on: date) -> tuple[Answer, ...]:
    """One answer to each question, in the order of ``Question``, for bodies that would apply together on a day.

    Strict: a yes or a no stands in the call's own words, in a field, or (weaker, and said so) in the standard rule of
    its programme; a rule never says no. What nobody wrote, or wrote so that it isn't understood to the end, can't be
    told. The rules known and the words read are in ``conditions/words.yaml``.
    """
    return (
        country_answer(call, applicants),
        kind_answer(call, applicants),
        consortium_answer(call, applicants),
        deadline_answer(call, on),
        cofinancing_answer(call, applicants),
    )


def applicants_of(countries: Sequence[str], kinds: Sequence[str]) -> tuple[Applicant, ...]:
    """Bodies of these countries and kinds, in order; the longer list tells how many there are."""
    return tuple(Applicant(country, kind) for country, kind in zip_longest(countries, kinds, fillvalue=""))
