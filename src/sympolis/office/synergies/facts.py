"""Everything a brief is made of, read in a fixed number of questions to the database however large the portfolios."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q, QuerySet

from sympolis.office.core.models import Record
from sympolis.office.core.queries import Reader, among
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import (
    Agreement,
    Department,
    Figure,
    Organisation,
    Person,
    Position,
    Post,
    Relation,
)
from sympolis.office.directory.moments import Moment, Period
from sympolis.office.directory.posts import may_be_named
from sympolis.office.directory.queries import (
    visible_agreements,
    visible_departments,
    visible_figures,
    visible_organisations,
    visible_people,
    visible_positions,
    visible_relations,
)
from sympolis.office.events.queries import MeetingPoint, met_at, visible_events
from sympolis.office.projects.models import Call, Need, Participation, Practice, Project
from sympolis.office.projects.practices.queries import visible_practices
from sympolis.office.projects.queries import visible_calls, visible_needs, visible_projects
from sympolis.office.synergies.models import Commitment, Meeting
from sympolis.office.synergies.queries import visible_commitments, visible_meetings
from sympolis.office.synergies.scope import Side

if TYPE_CHECKING:
    from sympolis.office.synergies.brief.lines import Proof

HELPER_KINDS = ("development-bank", "national-agency", "city-network", "programme", "intergovernmental")
_UNUSED = ("imported", "folded", "created_at", "updated_at")  # what a brief never says of a record
MEMBERSHIPS = (
    RelationType.MEMBER_OF, RelationType.PRESIDENT_OF, RelationType.VICE_PRESIDENT_OF,
    RelationType.HOSTS_SECRETARIAT_OF,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What an officer asks for."""

    user: Reader
    left: Side
    right: Side
    on: date
    network: Organisation | None = None
    include_unconfirmed: bool = False

    @property
    def sides(self) -> tuple[Side, Side]:
        return (self.left, self.right)

    @property
    def pair(self) -> str:
        return pair_of(self.left.organisation, self.right.organisation)

    def side_of(self, pk: int) -> Side | None:
        return next((side for side in self.sides if pk in side.ends), None)

    def firm[R: Record](self, records: QuerySet[R]) -> QuerySet[R]:
        """Unconfirmed rows stay out unless asked for."""
        return records if self.include_unconfirmed else records.filter(confirmed=True)


def pair_of(left: Organisation, right: Organisation) -> str:
    """The two public ids in order: the same pair whichever side asks."""
    return " ".join(sorted((left.public_id, right.public_id)))


@dataclass(frozen=True)
class Facts:
    """The rows of a question. Projects come with their participations and those with their organisations."""

    question: Question
    relations: list[Relation]
    agreements: list[Agreement]
    positions: list[Position]
    projects: list[Project]
    needs: list[Need]
    calls: list[Call]
    departments: list[Department]
    people: list[Person]
    figures: list[Figure]
    meetings: list[Meeting]
    commitments: list[Commitment]
    members: list[Organisation]
    memberships: list[Relation]
    helpers: list[Organisation]
    ended: list[Relation] = field(default_factory=list)  # what is over by that day, but was not at the last meeting
    practices: list[Practice] = field(default_factory=list)
    events: list[MeetingPoint] = field(default_factory=list)  # where both were
    proofs: dict[str, Proof] = field(default_factory=dict)  # public id -> the row as evidence, as far as asked for

    @cached_property
    def last_meeting(self) -> Meeting | None:
        """The last time the two met before that day."""
        return last_of(self.meetings, self.question.on)

    @cached_property
    def period(self) -> Period:
        """What is new to the two: since they last met, else of twelve months."""
        return period_of(self.meetings, self.question.on)

    @cached_property
    def records(self) -> dict[str, Record]:
        """Public id -> row, for everything an answer of the engine can name."""
        rows: Iterable[Record] = (
            *self.projects,
            *self.needs,
            *self.practices,
            *self.calls,
            *self.organisations.values(),
        )
        return {row.public_id: row for row in rows}

    @cached_property
    def organisations(self) -> dict[int, Organisation]:
        """Every organisation these rows name, by primary key."""
        known: dict[int, Organisation] = {}
        for relation in self.relations:
            known[relation.from_organisation_id] = relation.from_organisation
            known[relation.to_organisation_id] = relation.to_organisation
        for project in self.projects:
            known.update((part.organisation_id, part.organisation) for part in project.participations.all())
        for organisation in (*self.members, *self.helpers):
            known[organisation.pk] = organisation
        for side in self.question.sides:
            known.update(side.ends)
        return known

    def by_public_id(self, public_id: str) -> Organisation | None:
        record = self.records.get(public_id)
        return record if isinstance(record, Organisation) else None

    @cached_property
    def _projects_by_organisation(self) -> dict[int, list[Project]]:
        by_pk: dict[int, list[Project]] = defaultdict(list)
        for project in self.projects:
            for part in project.participations.all():
                by_pk[part.organisation_id].append(project)
        return by_pk

    @cached_property
    def _needs_by_organisation(self) -> dict[int, list[Need]]:
        by_pk: dict[int, list[Need]] = defaultdict(list)
        for need in self.needs:
            by_pk[need.organisation_id].append(need)
        return by_pk

    def projects_of(self, pks: Iterable[int]) -> list[Project]:
        """The projects these organisations take part in, each once."""
        found = {project.pk: project for pk in pks for project in self._projects_by_organisation.get(pk, ())}
        return list(found.values())

    def needs_of(self, pks: Iterable[int]) -> list[Need]:
        return [need for pk in pks for need in self._needs_by_organisation.get(pk, ())]

    def practices_of(self, pks: Collection[int]) -> list[Practice]:
        return [practice for practice in self.practices if practice.organisation_id in pks]

    def is_linked(self, pk: int) -> bool:
        """Whether anything here goes out from an organisation or is its own."""
        own = self.projects_of([pk]) or self.needs_of([pk]) or self.practices_of([pk])
        return bool(own) or any(relation.from_organisation_id == pk for relation in self.relations)

    def relations_of(self, side: Side, *types: str) -> list[Relation]:
        """What goes out from a side or from those close to it, of these types; all of them when none is named."""
        return [
            relation
            for relation in self.relations
            if relation.from_organisation_id in side.ends and (not types or relation.type in types)
        ]


def gather(question: Question) -> Facts:
    """Read what the brief needs: a fixed number of queries, none of them in a loop."""
    user, ends = question.user, {**question.left.ends, **question.right.ends}
    meetings = _meetings(question)
    relations, ended = _relations(question, ends, period_of(meetings, question.on))
    memberships = _memberships(question)
    members = [relation.from_organisation for relation in memberships if relation.from_organisation_id not in ends]
    members = list({member.pk: member for member in members}.values())
    helpers = _helpers(question, relations, ends)
    everyone = [*ends, *(each.pk for each in (*members, *helpers))]
    return Facts(
        question=question,
        relations=relations,
        agreements=_agreements(question, ends),
        positions=_positions(question, ends),
        projects=_projects(question, everyone),
        needs=list(question.firm(visible_needs(user)).filter(organisation__in=everyone).select_related("organisation")),
        calls=_calls(question),
        departments=list(question.firm(visible_departments(user)).filter(organisation__in=ends)),
        people=_people(question, ends),
        figures=list(question.firm(visible_figures(user)).filter(organisation__in=ends)),
        meetings=meetings,
        commitments=_commitments(question, meetings),
        members=members,
        memberships=memberships,
        helpers=helpers,
        ended=ended,
        practices=_practices(question, everyone),
        events=_events(question),
    )


def last_of(meetings: Iterable[Meeting], on: date) -> Meeting | None:
    held = [each for each in meetings if each.starts.latest and each.starts.latest < on]
    return max(held, key=lambda each: (each.starts.latest, each.pk), default=None)


def period_of(meetings: Iterable[Meeting], on: date) -> Period:
    last = last_of(meetings, on)
    return Period(last.starts.latest if last and last.starts.latest else on - timedelta(days=365), on)


def _each_once(path: str) -> Prefetch[Any]:
    """The organisations at the end of a link. A portfolio names the same ones again and again: joined to each link they
    would be read and made three times over."""
    return Prefetch(path, queryset=Organisation.objects.defer(*_UNUSED).order_by())


def _relations(question: Question, ends: Collection[int], period: Period) -> tuple[list[Relation], list[Relation]]:
    """What touches the two on that day, and what ended since they last met."""
    touching = Q(from_organisation__in=ends) | Q(to_organisation__in=ends)
    found = (
        question.firm(visible_relations(question.user))
        .filter(touching)
        .exclude(until_latest__lte=period.after)
        .exclude(since_earliest__gt=question.on)
        .prefetch_related(*map(_each_once, ("from_organisation", "to_organisation", "to_organisation__parent")))
        .order_by("pk")
    )
    now = Moment.now(question.on)
    lasting = [relation for relation in found if now.may_hold(relation.since, relation.until)]
    kept = {relation.pk for relation in lasting}
    return lasting, [relation for relation in found if relation.pk not in kept]


def _memberships(question: Question) -> list[Relation]:
    """Who belongs to the network on that day."""
    if question.network is None:
        return []
    found = (
        question.firm(visible_relations(question.user))
        .filter(to_organisation=question.network, type__in=MEMBERSHIPS)
        .prefetch_related(*map(_each_once, ("from_organisation", "to_organisation")))
        .order_by("from_organisation__sort_key", "pk")
    )
    return list(Moment.now(question.on).possible(found))


def _helpers(question: Question, relations: list[Relation], ends: Collection[int]) -> list[Organisation]:
    """Networks, banks and agencies that a side already has to do with: whom it can ask for help."""
    found: dict[int, Organisation] = {}
    if question.network is not None and question.network.pk not in ends:
        found[question.network.pk] = question.network
    for relation in relations:
        for other in (relation.from_organisation, relation.to_organisation):
            if other.pk not in ends and other.kind in HELPER_KINDS:
                found[other.pk] = other
    return list(found.values())


def _agreements(question: Question, ends: Collection[int]) -> list[Agreement]:
    signed = Agreement.parties.through.objects.filter(organisation__in=ends).values("agreement")
    return list(
        question.firm(visible_agreements(question.user))
        .filter(pk__in=signed)
        .prefetch_related("parties")
        .order_by("pk")
    )


def _positions(question: Question, ends: Collection[int]) -> list[Position]:
    signed = Position.signatories.through.objects.filter(organisation__in=ends).values("position")
    seen = question.firm(visible_positions(question.user)).filter(pk__in=signed)
    return list(seen.prefetch_related("signatories").order_by("pk"))


def _projects(question: Question, pks: Collection[int]) -> list[Project]:
    parts = (
        Participation.objects.filter(among(visible_organisations(question.user), "organisation"))
        .prefetch_related(_each_once("organisation"))
        .order_by("pk")
    )
    of_them = Participation.objects.filter(organisation__in=pks).values("project")
    return list(
        question.firm(visible_projects(question.user))
        .filter(pk__in=of_them)
        .defer(*_UNUSED)
        .prefetch_related(Prefetch("participations", queryset=parts))
        .order_by("sort_key", "pk")
    )


def _practices(question: Question, pks: Collection[int]) -> list[Practice]:
    found = question.firm(visible_practices(question.user)).filter(organisation__in=pks)
    return list(found.defer(*_UNUSED).prefetch_related(_each_once("organisation")).order_by("sort_key", "pk"))


def _people(question: Question, ends: Collection[int]) -> list[Person]:
    """Those with a post in one of the houses, the one that stands with them or another."""
    also = Post.objects.filter(organisation__in=ends).values("person")
    found = question.firm(visible_people(question.user)).filter(Q(organisation__in=ends) | Q(pk__in=also))
    posts = Prefetch("posts", queryset=Post.objects.defer(*_UNUSED).order_by("pk"))
    return [one for one in found.prefetch_related(posts).order_by("pk") if may_be_named(one, question.on)]


def _calls(question: Question) -> list[Call]:
    """Calls that are not over on that day; one without a deadline may still be open."""
    still = Q(closes_latest__gte=question.on) | Q(closes_latest=None)
    found = question.firm(visible_calls(question.user)).filter(still)
    return list(found.defer(*_UNUSED).order_by("closes_latest", "pk"))


def _meetings(question: Question) -> list[Meeting]:
    """Meetings where somebody of each side sits, newest first."""
    through = Meeting.organisations.through.objects
    both = [
        through.filter(organisation__in=list(side.ends)).values("meeting") for side in (question.left, question.right)
    ]
    return list(
        question.firm(visible_meetings(question.user))
        .filter(pk__in=both[0])
        .filter(pk__in=both[1])
        .prefetch_related("organisations")
        .order_by("-starts_latest", "-pk")
    )


def _events(question: Question) -> list[MeetingPoint]:
    """Events where both were; the latest first."""
    seen = question.firm(visible_events(question.user)).defer(*_UNUSED)
    return met_at(question.left.ends, question.right.ends, seen)


def _commitments(question: Question, meetings: Collection[Meeting]) -> list[Commitment]:
    """What anybody promised when the two met."""
    return list(
        question.firm(visible_commitments(question.user))
        .filter(meeting__in=[meeting.pk for meeting in meetings])
        .select_related("organisation", "meeting")
        .order_by("due_latest", "pk")
    )
