"""What all members of a body do that another may do too, as bare keys: trips to come, and what is after a call."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db.models import CharField, DateField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from sympolis.engine.model import Stage
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.events.models import Event
from sympolis.office.events.queries import not_over, visible_events
from sympolis.office.projects.applications.enums import IN_HAND, Decision, PartnerState
from sympolis.office.projects.applications.queries import visible_applications
from sympolis.office.projects.models import ApplicationPartner, Call, Participation
from sympolis.office.projects.queries import at_stage, visible_needs, visible_projects
from sympolis.office.synergies.agenda.bodies import Members, is_member
from sympolis.office.synergies.meetings import next_meetings
from sympolis.office.synergies.models import Meeting


class What(StrEnum):
    """Kinds of records that stand on the page."""

    MEETING = "meeting"
    EVENT = "event"
    APPLICATION = "application"
    PROJECT = "project"
    NEED = "need"


type _Asked = tuple[QuerySet[Any], What, str, dict[str, Any]]
"""Rows of whatever table, what they are, where their record stands, and more columns."""

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
    has_programme = any(call.programme.strip() for call in calls)
    question = _asked_on(members.on, bool(calls), has_programme, bool(named))
    keys = (json.dumps(sorted(some)) for some in ({call.pk for call in calls}, named))
    return [Doing(*row) for row in question.read(members.user, members.body.organisation.pk, *keys)]


@lru_cache(maxsize=16)  # each way to ask, on this day and the last
def _asked_on(on: date, has_calls: bool, has_programme: bool, has_named: bool) -> Prepared:
    def question(user: Reader, body: int, calls: str, named: str) -> QuerySet[Any, Any]:
        first, *others = (
            _rows(rows.filter(is_member(user, body, on, "organisation")), what, record, **more)
            for rows, what, record, more in asked(user, calls, named)
        )
        return first.union(*others, all=True)

    def asked(user: Reader, calls: str, named: str) -> Iterator[_Asked]:
        yield from _trips(user, on)
        if has_calls:
            yield from _applied(user, calls)
        if has_programme:
            yield _begun(user, on)
        if has_named:
            yield visible_needs(user).filter(OneOf("pk", named)), What.NEED, "pk", {}

    return Prepared(question)


def _trips(user: Reader, on: date) -> Iterator[_Asked]:
    meeting_rows: Any = Meeting.organisations.through.objects
    event_rows: Any = Event.cities.through.objects
    meetings = meeting_rows.filter(meeting__in=next_meetings(user, on).order_by().values("pk"))
    events = event_rows.filter(event__in=not_over(visible_events(user), on).order_by().values("pk"))
    yield meetings, What.MEETING, "meeting", {"words": F("meeting__place"), "begins": F("meeting__starts_earliest")}
    yield events, What.EVENT, "event", {"words": F("event__place"), "begins": F("event__start_earliest")}


def _applied(user: Reader, calls: str) -> Iterator[_Asked]:
    """Applications, and whoever is thought of for them and has not said no."""
    in_hand = visible_applications(user).filter(OneOf("call", calls), stage__in=IN_HAND)
    in_hand = in_hand.exclude(decision=Decision.NO_GO)
    partners = ApplicationPartner.objects.filter(application__in=in_hand.values("pk")).exclude(state=PartnerState.NO)
    yield in_hand, What.APPLICATION, "pk", {"call": F("call")}
    yield partners, What.APPLICATION, "application", {"call": F("application__call")}


def _begun(user: Reader, on: date) -> _Asked:
    """Work that is being prepared in a programme."""
    seen = visible_projects(user).exclude(programme="")
    begun = at_stage(seen, Stage.IDEA, on) | at_stage(seen, Stage.PREPARING, on)
    parts = Participation.objects.filter(project__in=begun.order_by().values("pk"))
    return parts, What.PROJECT, "project", {"words": F("project__programme")}


def _rows(
    rows: QuerySet[Any], what: What, record: str, words: Any = None, begins: Any = None, call: Any = None
) -> QuerySet[Any, Any]:
    """The same columns of whatever table, one row for each member and record."""
    columns = {
        "a_what": Value(what.value, CharField()), "a_who": F("organisation_id"),
        "a_home": F("organisation__name"), "a_home_place": F("organisation__place"), "a_record": F(record),
        "a_words": words or Value("", CharField()), "a_begins": begins or Cast(Value(None), DateField()),
        "a_call": call or Cast(Value(None), IntegerField()),
    }  # fmt: skip
    found: QuerySet[Any, Any] = rows.order_by().annotate(**columns)
    return found.values_list(*columns)
