"""What all members of a body do that another may do too, as bare keys: trips to come, and what is after a call."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import CharField, DateField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from sympolis.engine.model import Stage
from sympolis.office.events.models import Event
from sympolis.office.events.queries import not_over, visible_events
from sympolis.office.projects.applications.enums import IN_HAND, Decision, PartnerState
from sympolis.office.projects.applications.queries import visible_applications
from sympolis.office.projects.models import ApplicationPartner, Call, Participation
from sympolis.office.projects.queries import at_stage, visible_needs, visible_projects
from sympolis.office.synergies.agenda.bodies import Members
from sympolis.office.synergies.meetings import next_meetings
from sympolis.office.synergies.models import Meeting


class What(StrEnum):
    """Kinds of records that stand on the page."""

    MEETING = "meeting"
    EVENT = "event"
    APPLICATION = "application"
    PROJECT = "project"
    NEED = "need"


TRIPS = frozenset({What.MEETING, What.EVENT})


@dataclass(frozen=True, slots=True)
class Doing:
    """One member and one record. ``words``: the place of a trip, the programme of a project; ``call`` is a key."""

    what: str
    who: int
    home: str  # what the member is called and where it is, to know who stays at home
    home_place: str
    record: int
    words: str
    begins: date | None
    call: int | None

    @property
    def key(self) -> tuple[str, int]:
        return self.what, self.record


def doings_of(members: Members, calls: Collection[Call], named: Collection[int]) -> list[Doing]:
    """One question. ``named``: needs that name one of the calls or its programme."""
    asked = list(_trips(members))
    if calls:
        asked.extend(_after(members, calls, named))
    first, *others = asked
    return [Doing(*row) for row in first.union(*others, all=True)]


def _trips(members: Members) -> Iterator[QuerySet[Any, Any]]:
    user, on = members.user, members.on
    meeting_rows: Any = Meeting.organisations.through.objects
    event_rows: Any = Event.cities.through.objects
    meetings = meeting_rows.filter(meeting__in=next_meetings(user, on).order_by().values("pk"))
    events = event_rows.filter(event__in=not_over(visible_events(user), on).order_by().values("pk"))
    yield _rows(meetings, members, What.MEETING, "meeting", F("meeting__place"), F("meeting__starts_earliest"))
    yield _rows(events, members, What.EVENT, "event", F("event__place"), F("event__start_earliest"))


def _after(members: Members, calls: Collection[Call], named: Collection[int]) -> Iterator[QuerySet[Any, Any]]:
    """Applications with whoever is thought of for them and has not said no, work that is prepared, wishes."""
    user, on = members.user, members.on
    in_hand = visible_applications(user).filter(stage__in=IN_HAND, call__in=calls).exclude(decision=Decision.NO_GO)
    partners = ApplicationPartner.objects.filter(application__in=in_hand.values("pk")).exclude(state=PartnerState.NO)
    yield _rows(in_hand, members, What.APPLICATION, "pk", call=F("call"))
    yield _rows(partners, members, What.APPLICATION, "application", call=F("application__call"))
    if any(call.programme.strip() for call in calls):
        seen = visible_projects(user).exclude(programme="")
        begun = at_stage(seen, Stage.IDEA, on) | at_stage(seen, Stage.PREPARING, on)
        parts = Participation.objects.filter(project__in=begun.order_by().values("pk"))
        yield _rows(parts, members, What.PROJECT, "project", F("project__programme"))
    if named:
        yield _rows(visible_needs(user).filter(pk__in=named), members, What.NEED, "pk")


def _rows(
    rows: QuerySet[Any],
    members: Members,
    what: What,
    record: str,
    words: Any = None,
    begins: Any = None,
    call: Any = None,
) -> QuerySet[Any, Any]:
    """The same columns of whatever table, one row for each member and record."""
    columns = {
        "a_what": Value(what.value, CharField()), "a_who": F("organisation_id"),
        "a_home": F("organisation__name"), "a_home_place": F("organisation__place"), "a_record": F(record),
        "a_words": words or Value("", CharField()), "a_begins": begins or Cast(Value(None), DateField()),
        "a_call": call or Cast(Value(None), IntegerField()),
    }  # fmt: skip
    found: QuerySet[Any, Any] = rows.filter(members.are("organisation")).order_by().annotate(**columns)
    return found.values_list(*columns)
