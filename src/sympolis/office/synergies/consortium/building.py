"""For a call and a lead, the consortium the engine puts together out of what the office knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sympolis.engine.match.consortium import Candidate, Consortium, Options, asked_of, build_consortium
from sympolis.engine.match.partners import PartnerSuggestion
from sympolis.engine.match.partners import partners as suggest
from sympolis.engine.model import Call, Feature
from sympolis.engine.world import WorldOrganisation
from sympolis.office.core.models import Record
from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.queries import visible_projects
from sympolis.office.synergies.consortium.world_bodies import WorldBodies, world_bodies
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.models import SuggestionAnswer
from sympolis.office.synergies.need_answers import OUT
from sympolis.office.synergies.partner_grounds import Ground as Tie
from sympolis.office.synergies.partners import NOT_PARTNERS, PARTNER_REASONS, Circle, circle_of
from sympolis.office.synergies.queries import answers_about


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer asks for: bodies in all (0: as the call says, else a usual size), how new they may be, whom to
    put in and whom to leave out, by id."""

    size: int = 0
    novelty: float = 0.0
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who may be in: one of the office's organisations, or one that only the world's data has."""

    id: str
    ours: Organisation | None
    world: WorldOrganisation | None = None

    @property
    def name(self) -> Text | str:
        return self.ours.title_text() if self.ours else self.world.name if self.world else self.id

    @property
    def kind(self) -> str:
        return self.ours.kind if self.ours else self.world.kind if self.world else ""

    @property
    def country(self) -> str:
        return self.ours.country if self.ours else self.world.country if self.world else ""

    @property
    def is_world(self) -> bool:
        return self.ours is None


@dataclass(frozen=True, slots=True)
class Ground:
    """A record that somebody's work on a theme rests on: one of ours, or a project of the world's data by its title."""

    id: str
    record: Record | None
    title: Text


@dataclass(frozen=True)
class Built:
    """The consortium with everybody and every record it names: ``grounds`` by their keys, ``ties`` by member and
    name of the feature that rests on them. ``unknown`` are ids of the wish that nobody has, ``set_aside`` whom an
    officer put aside as partners of the lead, who are left out unless they are asked for. ``said`` is the last word on
    somebody for this very call, by id: who got a no or a later is left out in the same way."""

    call: Call
    consortium: Consortium
    wish: Wish
    parties: Mapping[str, Party]
    grounds: Mapping[str, Ground]
    unknown: tuple[str, ...]
    set_aside: tuple[Organisation, ...]
    ties: Mapping[tuple[str, str], tuple[Tie, ...]] = field(default_factory=dict)
    said: Mapping[str, SuggestionAnswer] = field(default_factory=dict)

    @property
    def said_out(self) -> list[Party]:
        """Who is left out by what was said for this call, the latest first."""
        latest = sorted(self.said.values(), key=lambda one: one.at, reverse=True)
        ids = [one.suggestion for one in latest if one.answer in OUT and one.suggestion not in self.wish.include]
        return [self.parties[key] for key in ids if key in self.parties]

    @cached_property
    def rows(self) -> dict[str, Organisation]:
        """Ours by public id."""
        return {key: party.ours for key, party in self.parties.items() if party.ours}


def consortium_for(user: Reader, call: Call, lead: Organisation, on: date, wish: Wish) -> Built:
    """Out of the confirmed organisations a reader may see, and bodies of the world's data that did what the call is
    about; in seven questions to the database.

    Bodies close to the lead, and those an officer said no to, are in only where the wish names them.
    """
    circle = circle_of(user, lead, on)
    asked = asked_of(call)
    world = world_bodies(call, lead, [one.theme for one in asked.competences])
    no = [circle.everyone[pk] for pk in circle.declined]
    close = {circle.ids[pk] for pk in circle.close_to(lead) if pk in circle.ids}
    said = answers_about(user, Subject.CONSORTIUM, call_and_lead(call.id, lead))
    out = {one.public_id for one in no} | {key for key, one in said.items() if one.answer in OUT} | close
    scoring = _Scoring(circle, lead, wish.novelty)
    candidates = [*_ours(circle, lead, scoring), *world.candidates]
    known = {one.id for one in candidates}
    include = tuple(dict.fromkeys(one for one in wish.include if one in known))
    exclude = tuple({*wish.exclude, *out} - {*include, lead.public_id})
    consortium = build_consortium(
        call,
        Candidate(lead.public_id, lead.name, lead.country, lead.kind, circle.works.get(lead.pk, {})),
        candidates,
        on,
        Options(wish.size, wish.novelty, include, exclude),
        reasons=scoring.reasons,
    )
    parties = {key: Party(key, row) for key, row in circle.rows.items()}
    parties |= {key: Party(key, None, body) for key, body in world.bodies.items()}
    ties = _ties(circle, lead, consortium)
    return Built(
        call,
        consortium,
        wish,
        parties,
        _grounds(user, circle, world, consortium, ties),
        tuple(one for one in (*wish.include, *wish.exclude) if one not in known),
        tuple(one for one in no if one.public_id not in include),
        ties,
        said,
    )


def call_and_lead(call: str, lead: Organisation) -> str:
    """What somebody is suggested for: the ids of the two in order, so that either may become one with another."""
    return " ".join(sorted((call, lead.public_id)))


@dataclass(frozen=True)
class _Scoring:
    """How well everybody goes with the lead; why is asked only of those who are told."""

    circle: Circle
    lead: Organisation
    novelty: float

    @cached_property
    def scores(self) -> dict[str, float]:
        found = self._suggested(None, reasons=False)
        return {one.partner: one.score for one in found}

    def reasons(self, ids: Sequence[str]) -> dict[str, tuple[Feature, ...]]:
        ours = {one for one in ids if one in self.circle.rows}
        return {one.partner: one.features for one in self._suggested(ours)} if ours else {}

    def _suggested(self, only: set[str] | None, reasons: bool = True) -> list[PartnerSuggestion]:
        everybody = max(len(self.circle.everyone), 1)
        return suggest(
            self.circle.links,
            [self.lead.public_id],
            everybody,
            novelty=self.novelty,
            bodies=self.circle.bodies,
            only=only,
            reasons=reasons,
        )


def _ours(circle: Circle, lead: Organisation, scoring: _Scoring) -> list[Candidate]:
    partners = Counter(one for link in set(map(frozenset, circle.links)) for one in link)
    return [
        Candidate(
            id=each.public_id,
            name=each.name,
            country=each.country,
            kind=each.kind,
            works=circle.works.get(pk, {}),
            score=scoring.scores.get(each.public_id, 0.0),
            ties=circle.ties.records_between(lead.pk, pk),
            partners=partners[each.public_id],
        )
        for pk, each in circle.everyone.items()
        if pk != lead.pk and each.kind not in NOT_PARTNERS
    ]


def _ties(circle: Circle, lead: Organisation, consortium: Consortium) -> dict[tuple[str, str], tuple[Tie, ...]]:
    """What says how our organisations go with the lead; of the world's bodies nothing of ours does."""
    found: dict[tuple[str, str], tuple[Tie, ...]] = {}
    for member in (*consortium.members, *consortium.others):
        if (ours := circle.rows.get(member.id)) is None:
            continue
        for feature in member.features:
            if feature.detail == "already-partners":
                found[member.id, feature.name] = circle.ties.between(lead.pk, ours.pk)
            elif feature.detail in PARTNER_REASONS:
                found[member.id, feature.name] = circle.ties.grounds(feature, lead, ours)
    return found


def _grounds(
    user: Reader,
    circle: Circle,
    world: WorldBodies,
    consortium: Consortium,
    ties: Mapping[tuple[str, str], Sequence[Tie]],
) -> dict[str, Ground]:
    """The records that are named as evidence; of projects the names are asked for now."""
    named = {record for one in consortium.competences for cover in one.by for record in cover.records}
    for member in (*consortium.members, *consortium.others):
        named.update(record for one in member.features if one.detail == "covers" for record in one.values["records"])
    needs = {need.public_id: need for listed in circle.needs.values() for need in listed}
    named.update(str(tie) for listed in ties.values() for tie in listed if isinstance(tie, int))
    keys = {int(one) for one in named if one.isdigit()}
    projects = visible_projects(user).filter(pk__in=keys).only("public_id", "slug", "title").in_bulk() if keys else {}
    found: dict[str, Ground] = {}
    for one in named:
        record: Record | None = projects.get(int(one)) if one.isdigit() else needs.get(one) or circle.rows.get(one)
        if record is not None:
            found[one] = Ground(record.public_id, record, record.title_text())
        elif one in world.titles:
            found[one] = Ground(one, None, Text.of(**world.titles[one]))
    return found
