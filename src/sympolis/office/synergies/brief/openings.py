"""A call as a brief speaks of it, be it the office's own row or one of the world's data."""

from __future__ import annotations

from dataclasses import dataclass

from sympolis.engine.model import Call as EngineCall
from sympolis.engine.model import PartialDate
from sympolis.office.core.texts import Text
from sympolis.office.projects.models import Call
from sympolis.office.synergies.answers import Answers
from sympolis.office.synergies.brief.lines import Proof, proof_of
from sympolis.office.synergies.brief.wording import Money, Share
from sympolis.office.synergies.facts import Facts


@dataclass(frozen=True, slots=True)
class Opening:
    """One call: what it is called, when it closes, what it pays, who may apply, and where that was read."""

    id: str
    title: Text
    programme: str
    closes: PartialDate
    themes: tuple[str, ...]
    kinds: tuple[str, ...]
    countries: tuple[str, ...]
    proof: Proof
    grant: Money | None = None
    share: Share | None = None


def opening_of(facts: Facts, answers: Answers, call_id: str) -> Opening | None:
    """The call of an answer; None for an id that is none."""
    record = facts.records.get(call_id)
    if isinstance(record, Call):
        return _own(record)
    return _of_the_world(answers.world_calls[call_id]) if call_id in answers.world_calls else None


def _own(call: Call) -> Opening:
    return Opening(
        id=call.public_id,
        title=call.title_text(),
        programme=call.programme,
        closes=call.closes,
        themes=tuple(call.themes),
        kinds=tuple(call.eligible_kinds),
        countries=tuple(call.eligible_countries),
        proof=proof_of(call, call.summary),
        grant=None if call.max_grant is None else Money(call.max_grant, call.currency),
        share=None if call.cofinancing_rate is None else Share(call.cofinancing_rate),
    )


def _of_the_world(call: EngineCall) -> Opening:
    title, where = Text.of(**call.title), call.provenance
    proof = Proof(
        record=call.id,
        title=title,
        passage=Text.of(**call.summary) or title,
        source_url=where.source_url,
        read_on=where.retrieved_at,
        confirmed=where.confirmed,
        illustrative=where.illustrative,
    )
    return Opening(
        id=call.id,
        title=title,
        programme=call.programme,
        closes=call.closes,
        themes=call.themes,
        kinds=call.eligible_kinds,
        countries=call.eligible_countries,
        proof=proof,
        grant=None if call.max_grant_eur is None else Money(call.max_grant_eur),
        share=None if call.cofinancing_rate is None else Share(call.cofinancing_rate),
    )
