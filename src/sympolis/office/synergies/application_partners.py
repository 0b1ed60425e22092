"""Partners of an application held against its call: what its rules say, what is missing, who would be proposed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sympolis.engine.match.consortium import Candidate, Consortium, asked_of
from sympolis.engine.match.consortium.records import Member
from sympolis.engine.match.consortium.rules import Judge
from sympolis.engine.model import Verdict
from sympolis.office.core.queries import Reader
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.applications.enums import PartnerRole, PartnerState
from sympolis.office.projects.models import Application, ApplicationPartner
from sympolis.office.synergies.answers import engine_call
from sympolis.office.synergies.brief.wording import Said
from sympolis.office.synergies.consortium.building import Built, Party, Wish, consortium_for
from sympolis.office.synergies.consortium.wording import Reason, RuleRow, missing_in_words, reasons_of, rule_rows
from sympolis.office.synergies.eligibility import said_of
from sympolis.office.synergies.world_calls import with_conditions

MOST_PROPOSED = 5


@dataclass(frozen=True, slots=True)
class Checked:
    """The call's rules for those who would be in, what is missing, and what stands against each by itself."""

    rules: list[RuleRow]
    missing: list[Said]
    against: dict[int, list[Said]]  # by key of the organisation


@dataclass(frozen=True, slots=True)
class Proposed:
    """Somebody who could be in, with the reasons."""

    party: Party
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class Proposals:
    """Who could be in beside whom as lead partner, and with ``built`` what was said of them for the call."""

    found: list[Proposed]
    lead: Organisation
    built: Built | None = None


def checked(application: Application, partners: Iterable[ApplicationPartner], on: date) -> Checked | None:
    """None where there is no call to hold them against. Who said no does not count, nor do associated partners."""
    if application.call is None:
        return None
    rows = list(partners)
    call = with_conditions(engine_call(application.call))
    judge = Judge(call, asked_of(call), on)
    houses = _counted(application, rows)
    chosen = [_candidate(one) for one in houses]
    nothing = Consortium((), judge.checks(chosen), (), (), tuple(judge.missing(chosen)), (), 0, "call", 0.0)
    parties = {one.public_id: Party(one.public_id, one) for one in houses}
    built = Built(call, nothing, Wish(), parties, {}, (), ())
    everybody = {row.organisation_id: row.organisation for row in rows} | {house.pk: house for house in houses}
    return Checked(
        rule_rows(built),
        missing_in_words(nothing.missing),
        {pk: found for pk, one in everybody.items() if (found := _against(judge, one))},
    )


def _counted(application: Application, rows: Sequence[ApplicationPartner]) -> list[Organisation]:
    counted = [row for row in rows if row.state != PartnerState.NO and row.role != PartnerRole.ASSOCIATED]
    houses = {application.organisation_id: application.organisation}
    return list((houses | {row.organisation_id: row.organisation for row in counted}).values())


def _candidate(one: Organisation) -> Candidate:
    return Candidate(one.public_id, one.name, one.country, one.kind)


def _against(judge: Judge, one: Organisation) -> list[Said]:
    candidate = _candidate(one)
    answers = (judge.country(candidate), judge.kind(candidate))
    return [said_of(answer) for answer in answers if answer.verdict is Verdict.NO]


def proposed(user: Reader, application: Application, partners: Iterable[ApplicationPartner], on: date) -> Proposals:
    """Who would add most to those there are; nobody who is on the list already, nor who said no."""
    if application.call is None:
        return Proposals([], application.organisation)
    rows = list(partners)
    lead = next((row.organisation for row in rows if row.role == PartnerRole.LEAD), application.organisation)
    there = {row.organisation.public_id for row in rows} | {application.organisation.public_id, lead.public_id}
    counted = _counted(application, rows)
    include = tuple(one.public_id for one in counted if one.pk != lead.pk)
    out = tuple(one for one in there if one not in include and one != lead.public_id)
    call = with_conditions(engine_call(application.call))
    built = consortium_for(user, call, lead, on, Wish(include=include, exclude=out))
    found: list[Member] = [one for one in (*built.consortium.members, *built.consortium.others) if one.id not in there]
    told = [Proposed(built.parties[one.id], reasons_of(built, one)) for one in found[:MOST_PROPOSED]]
    return Proposals(told, lead, built)
