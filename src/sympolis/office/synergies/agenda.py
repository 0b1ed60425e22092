"""The agenda of a region or a network: what each of its members is in, does, wants and where it goes, and who meets
whom on the way.

A handful of questions to the database, however many members there are. Only what somebody stored is compared: that
two go to one place, or that two name the same open call.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q

from sympolis.engine.model import PartialDate, Stage
from sympolis.office.core.queries import Reader, among
from sympolis.office.core.texts import folded
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.queries import visible_organisations, visible_relations
from sympolis.office.events.models import Event
from sympolis.office.events.queries import visible_events
from sympolis.office.projects.applications.enums import IN_HAND, Decision, PartnerState
from sympolis.office.projects.applications.queries import visible_applications
from sympolis.office.projects.models import Application, Call, Need, Participation, Project
from sympolis.office.projects.queries import stage_on, visible_calls, visible_needs, visible_projects
from sympolis.office.synergies.meetings import next_meetings
from sympolis.office.synergies.models import Meeting
from sympolis.office.synergies.peers.places import PLACE_KINDS

NEAR = timedelta(days=60)
"""Two who are in one place within so many days could travel, or be received, together."""

LEAST_MEMBERS = 2
LEAST_LETTERS = 12
"""A shorter title of a call stands in texts by chance."""

MEMBERSHIPS = (RelationType.PART_OF, RelationType.MEMBER_OF)
NOWHERE = frozenset({"", "online", "en linia", "en linea", "en ligne"})
NAMES = ("name", "name_language", "names", "short_name", "aliases", "called", "kind")
MOST_PLACES = 60  # words for places that are looked up among our own
BEGINNING = frozenset({Stage.IDEA, Stage.PREPARING})


@dataclass(frozen=True, slots=True)
class Trip:
    """A meeting or an event to come, somewhere else."""

    record: Meeting | Event
    place: str
    start: PartialDate
    end: PartialDate
    at: int | str = ""  # which of our places that is, or the word for it


@dataclass(slots=True)
class Member:
    """One member and everything of it that stands on the page."""

    organisation: Organisation
    networks: list[Organisation] = field(default_factory=list)
    twins: list[Organisation] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    wants: list[Need] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SamePlace:
    """Several go to one place, each within sixty days of another."""

    place: str
    going: list[tuple[Organisation, Trip]]


@dataclass(frozen=True, slots=True)
class SameCall:
    """Several are after one open call: the record of each that says so."""

    call: Call
    after: list[tuple[Organisation, Application | Project | Need]]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The page of one body."""

    body: Organisation
    members: list[Member]
    places: list[SamePlace]
    calls: list[SameCall]


def bodies_with_agendas(user: Reader) -> list[Organisation]:
    """Whatever at least two are part or members of, by name."""
    joined = visible_relations(user).filter(type__in=MEMBERSHIPS, confirmed=True).order_by()
    counted = joined.values("to_organisation").annotate(n=Count("from_organisation", distinct=True))
    many = counted.filter(n__gte=LEAST_MEMBERS).values("to_organisation")
    return list(Organisation.objects.filter(pk__in=many).order_by("sort_key"))


def agenda_of(user: Reader, body: Organisation, on: date) -> Agenda:
    """Everything as the reader may see it, on a day."""
    members = _members(user, body, on)
    _add_projects(members, user, on)
    for need in visible_needs(user).filter(organisation__in=members).order_by("stage", "sort_key"):
        members[need.organisation_id].wants.append(need)
    _add_applications(members, user)
    _add_trips(members, user, on)
    listed = sorted(members.values(), key=lambda one: (one.organisation.sort_key, one.organisation.pk))
    open_calls = visible_calls(user).filter(closes_latest__gte=on).order_by("closes_latest", "sort_key")
    return Agenda(body, listed, list(_same_places(listed)), list(_same_calls(listed, open_calls, on)))


def _now(user: Reader, on: date) -> Any:
    return Moment.now(on).possible(visible_relations(user)).filter(confirmed=True)


def _members(user: Reader, body: Organisation, on: date) -> dict[int, Member]:
    """Whoever is part or member of it, with the networks and the twins of each: one question."""
    joined = Q(type__in=MEMBERSHIPS, to_organisation=body)
    who = _now(user, on).filter(joined).values("from_organisation")
    theirs = Q(type=RelationType.MEMBER_OF, from_organisation__in=who) | (
        Q(type=RelationType.TWINNED_WITH) & (Q(from_organisation__in=who) | Q(to_organisation__in=who))
    )
    rows = list(_now(user, on).filter(joined | theirs).select_related("from_organisation", "to_organisation"))
    members = {
        row.from_organisation_id: Member(row.from_organisation)
        for row in rows
        if row.type in MEMBERSHIPS and row.to_organisation_id == body.pk
    }
    _add_relations(members, rows)
    return members


def _add_relations(members: Mapping[int, Member], relations: Iterable[Relation]) -> None:
    for relation in relations:
        left, right = relation.from_organisation, relation.to_organisation
        if relation.type == RelationType.MEMBER_OF:
            _once(members[left.pk].networks, right)
        if relation.type != RelationType.TWINNED_WITH:
            continue
        for one, other in ((left, right), (right, left)):
            if one.pk in members:
                _once(members[one.pk].twins, other)
    for member in members.values():
        member.networks.sort(key=lambda one: one.sort_key)
        member.twins.sort(key=lambda one: one.sort_key)


def _once[T](listed: list[T], one: T) -> None:
    if one not in listed:
        listed.append(one)


def _add_projects(members: Mapping[int, Member], user: Reader, on: date) -> None:
    """What goes on or is prepared; finished work is experience and no agenda."""
    parts = Participation.objects.filter(among(visible_projects(user), "project"), organisation__in=members)
    for part in parts.select_related("project").order_by("project__sort_key", "pk"):
        if stage_on(part.project, on) is not Stage.FINISHED:
            members[part.organisation_id].projects.append(part.project)


def _add_applications(members: Mapping[int, Member], user: Reader) -> None:
    """What is not handed in yet: whose it is, and whoever is thought of for it and has not said no. One question."""
    in_hand = visible_applications(user).filter(stage__in=IN_HAND).exclude(call=None).exclude(decision=Decision.NO_GO)
    ours = Q(organisation__in=members) | Q(partners__organisation__in=members)
    rows = in_hand.filter(ours).annotate(other=F("partners__organisation"), said=F("partners__state"))
    for row in rows.order_by("sort_key", "pk", "partners__pk"):
        part: Any = row
        for who in (row.organisation_id, None if part.said == PartnerState.NO else part.other):
            if who is not None and who in members:
                _once(members[who].applications, row)


def _add_trips(members: Mapping[int, Member], user: Reader, on: date) -> None:
    meeting_rows: Any = Meeting.organisations.through.objects.filter(
        organisation__in=members, meeting__in=next_meetings(user, on).order_by().values("pk")
    )
    for row in meeting_rows.select_related("meeting"):
        meeting = row.meeting
        _add_trip(members[row.organisation_id], Trip(meeting, meeting.place, meeting.starts, meeting.ends))
    not_over = Q(end_latest__gte=on) | Q(end_latest=None, start_latest__gte=on)
    coming = visible_events(user).filter(not_over).order_by().values("pk")
    event_rows: Any = Event.cities.through.objects.filter(organisation__in=members, event__in=coming)
    for row in event_rows.select_related("event"):
        event = row.event
        _add_trip(members[row.organisation_id], Trip(event, event.place, event.start, event.end))
    places = _places_called(user, {trip.place for member in members.values() for trip in member.trips})
    for member in members.values():
        home = {member.organisation.pk, *_as_written(member.organisation.place), *_as_written(member.organisation.name)}
        away = [replace(trip, at=places[trip.place]) for trip in member.trips]
        member.trips = [trip for trip in away if trip.at not in home]
        member.trips.sort(key=lambda trip: (trip.start.earliest or date.max, trip.record.public_id))


def _add_trip(member: Member, trip: Trip) -> None:
    """Online or nowhere known is no trip."""
    if folded(trip.place) not in NOWHERE:
        member.trips.append(trip)


def _places_called(user: Reader, written: Collection[str]) -> dict[str, int | str]:
    """Which of our cities and regions each of these is, whatever language it is named in; else the words themselves.
    One question."""
    words = {text: _as_written(text) for text in written}
    asked = sorted({word for parts in words.values() for word in parts})[:MOST_PLACES]
    named = Q(*(Q(folded__contains=word) for word in asked), _connector=Q.OR)
    known: dict[str, int] = {}
    if asked:
        found = visible_organisations(user).filter(named, kind__in=PLACE_KINDS).only(*NAMES).order_by("pk")
        for one in sorted(found, key=lambda one: PLACE_KINDS.index(one.kind)):
            for name in (*one.names.plain().values(), *one.other_names()):
                known.setdefault(folded(name), one.pk)
    return {text: next((known[word] for word in parts if word in known), parts[0]) for text, parts in words.items()}


def _as_written(place: str) -> list[str]:
    """The whole of it, and what stands between commas: "Palau de Congressos, Barcelona"."""
    parts = [folded(part) for part in (place, *place.split(","))]
    return [part for part in dict.fromkeys(parts) if part]


def _same_places(members: Iterable[Member]) -> Iterator[SamePlace]:
    going: dict[int | str, list[tuple[Organisation, Trip]]] = defaultdict(list)
    for member in members:
        for trip in member.trips:
            if trip.start.earliest:
                going[trip.at].append((member.organisation, trip))
    for _place, trips in sorted(going.items(), key=lambda one: folded(one[1][0][1].place)):
        near = [one for one in trips if any(_meet(one, other) for other in trips)]
        if near:
            near.sort(key=lambda pair: (pair[1].start.earliest or date.max, pair[0].sort_key))
            yield SamePlace(near[0][1].place, near)


def _meet(left: tuple[Organisation, Trip], right: tuple[Organisation, Trip]) -> bool:
    begins, other = left[1].start.earliest, right[1].start.earliest
    if begins is None or other is None or left[0].pk == right[0].pk:
        return False
    return abs(begins - other) <= NEAR


def _same_calls(members: Collection[Member], calls: Iterable[Call], on: date) -> Iterator[SameCall]:
    for call in calls:
        after = [(one.organisation, record) for one in members for record in _records_after(one, call, on)]
        together = len({record.public_id for _organisation, record in after}) == 1  # in one application: they know
        if not together and len({organisation.pk for organisation, _record in after}) >= LEAST_MEMBERS:
            yield SameCall(call, after)


def _records_after(member: Member, call: Call, on: date) -> Iterator[Application | Project | Need]:
    """Applications to the call, work that is being prepared in its programme, and needs that name either."""
    yield from (one for one in member.applications if one.call_id == call.pk)
    programme = call.programme.strip()
    for project in member.projects:
        same = bool(programme) and folded(project.programme) == folded(programme)
        if same and stage_on(project, on) in BEGINNING:
            yield project
    titles = [title for title in call.title.plain().values() if len(title) >= LEAST_LETTERS]
    named = [re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for name in (*titles, programme) if name]
    for need in member.wants:
        said = "\n".join((*need.title.plain().values(), *need.text.plain().values()))
        if any(name.search(said) for name in named):
            yield need
