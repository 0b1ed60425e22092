"""What the engine answers about two portfolios, kept for as long as nothing it read has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import zip_longest
from pathlib import Path

from django.conf import settings
from django.core.cache import cache as kept

from sympolis.engine import match
from sympolis.engine.match import MemberFit, fitting_calls, members_to_ask, shared_themes, synergies
from sympolis.engine.match.learning import calls_as_learnt, synergies_as_learnt
from sympolis.engine.model import Call as EngineCall
from sympolis.engine.model import CallFit, Item, Portfolio, Provenance, Strength, Synergy, ThemeGroup
from sympolis.engine.texts.encoders import CAREFUL
from sympolis.engine.texts.vectors import Vectors
from sympolis.office.projects.models import Call
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.facts import Facts
from sympolis.office.synergies.learning import Learning
from sympolis.office.synergies.portfolio import own_portfolio, side_portfolio
from sympolis.office.synergies.world_calls import snapshot_name, with_conditions, world_calls

SYNERGIES, CALLS, MEMBERS = 24, 8, 12
_KEPT_S = 3600
_REMEMBERED = 4
_KEPT_UNREAD_S = 60  # the careful encoder reads in the background: what it has not read is asked again soon


@dataclass(frozen=True, slots=True)
class Answers:
    """In no language: the same answers serve a brief in each of them."""

    left: Portfolio
    right: Portfolio
    themes: list[ThemeGroup]
    synergies: list[Synergy]
    calls: list[CallFit]
    members: list[MemberFit]
    world_calls: dict[str, EngineCall] = field(default_factory=dict)


_recent: dict[str, Answers] = {}


@cache
def vectors() -> Vectors:
    """One memory of texts for this process, over the one of the home."""
    return Vectors(settings.HOME.vectors)


@cache
def engine_stamp() -> float:
    """When the engine's code last changed, so that an upgrade never shows answers of before."""
    return max(file.stat().st_mtime for file in Path(match.__file__).parent.rglob("*.py"))


def answers_for(facts: Facts) -> Answers:
    """Ask the engine, or say again what it said about the very same rows on the very same day."""
    left, right = (side_portfolio(facts, side) for side in facts.question.sides)
    calls = [with_conditions(engine_call(call)) for call in facts.calls]
    helpers = [own_portfolio(facts, helper) for helper in facts.helpers]
    members = [own_portfolio(facts, member) for member in facts.members]
    asked = repr((engine_stamp(), left, right, calls, helpers, members, facts.question.on, snapshot_name()))
    key = f"brief-answers-{hashlib.sha256(asked.encode()).hexdigest()}"
    found: Answers | None = _recent.get(key) or kept.get(key)
    if found is None:
        found = _ask(facts, left, right, calls, helpers, members)
        is_read = is_read_carefully(left, right)
        found = found if is_read else held_back(found)
        kept.set(key, found, _KEPT_S if is_read else _KEPT_UNREAD_S)
        if is_read:
            _remember(key, found)
    return found


def as_learnt(answers: Answers, learning: Learning) -> Answers:
    """Ways to work together and calls in the order that the office's answers taught; what was kept stays as it is."""
    return replace(
        answers,
        synergies=synergies_as_learnt(answers.synergies, learning.multipliers(Subject.SYNERGIES)),
        calls=calls_as_learnt(answers.calls, learning.multipliers(Subject.CALLS)),
    )


def _remember(key: str, answers: Answers) -> None:
    """In this process too, where nothing can change any more: reading them from a file takes as long as a page."""
    _recent[key] = answers
    while len(_recent) > _REMEMBERED:
        del _recent[next(iter(_recent))]


def is_read_carefully(*sides: Portfolio) -> bool:
    texts = match.item_texts([item for side in sides for item in side.items])
    return bool(vectors().known(texts, CAREFUL)[1].all())


def held_back(answers: Answers) -> Answers:
    """Nothing is called strong that only the fast encoder has read: too often it takes one water for another."""

    def fair[T: (ThemeGroup, Synergy, CallFit, MemberFit)](found: Sequence[T]) -> list[T]:
        return [replace(one, strength=Strength.FAIR) if one.strength is Strength.STRONG else one for one in found]

    return replace(
        answers,
        themes=fair(answers.themes),
        synergies=fair(answers.synergies),
        calls=fair(answers.calls),
        members=fair(answers.members),
    )


def _ask(
    facts: Facts,
    left: Portfolio,
    right: Portfolio,
    calls: Sequence[EngineCall],
    helpers: Sequence[Portfolio],
    members: Sequence[Portfolio],
) -> Answers:
    on = facts.question.on
    themes = shared_themes(left, right, vectors=vectors())
    shared = [_shared(themes, side, name) for side, name in ((left, "left"), (right, "right"))]
    # One of each side in turn: the surest of both are asked about first.
    asked = [item for pair in zip_longest(*shared) for item in pair if item is not None]
    world = {call.id: call for call in world_calls(asked, calls, on)} if themes else {}
    calls = [*calls, *world.values()]
    return Answers(
        left=left,
        right=right,
        themes=themes,
        synergies=synergies(left, right, calls, helpers, on, vectors=vectors(), limit=SYNERGIES),
        calls=fitting_calls(
            shared[0],
            calls,
            [country for country in (left.country, right.country) if country],
            [left.kind, right.kind],
            on,
            vectors=vectors(),
            limit=CALLS,
            with_them=shared[1],
        ),
        members=members_to_ask(themes, members, vectors=vectors(), limit=MEMBERS) if members else [],
        world_calls=world,
    )


def _shared(themes: Sequence[ThemeGroup], side: Portfolio, name: str) -> list[Item]:
    """What a side has in what the two share; where they share nothing, all that it does."""
    shared = {item.id: item for group in themes for item in (group.left if name == "left" else group.right)}
    return list(shared.values()) or list(side.items)


def engine_call(call: Call) -> EngineCall:
    return EngineCall(
        id=call.public_id,
        title=call.title.plain(),
        provenance=Provenance(
            call.source, call.source_id, call.source_url, call.retrieved_at, call.confirmed, call.illustrative
        ),
        programme=call.programme,
        summary=call.summary.plain(),
        opens=call.opens,
        closes=call.closes,
        eligible_countries=call.eligible_countries,
        eligible_kinds=call.eligible_kinds,
        themes=call.themes,
        max_grant_eur=call.max_grant if call.currency == "EUR" else None,
        cofinancing_rate=call.cofinancing_rate,
    )
