"""Whether an alliance lives: what it consists of and the last that shows it, for the office alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sympolis.engine.model import PartialDate, Stage
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.queries import among
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.events.queries import met_at, visible_events
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.queries import stage_on, visible_projects
from sympolis.office.synergies.models import Meeting
from sympolis.office.synergies.queries import visible_meetings
from sympolis.web.public.allies import Ally

DORMANT_AFTER = timedelta(days=2 * 365)

INFORMATION, PROJECT, EVENT, SEAT = _("information"), _("a joint project"), _("a joint event"), _("a seat")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that shows the alliance: what kind of thing, which, and the last day it is known to have lasted."""

    kind: Any  # one of the four words above
    title: Text | str
    url: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Life:
    """What an alliance consists of, and its last evidence that has a date. Examples show nothing."""

    kinds: list[Any]
    last: Evidence | None
    is_dormant: bool


def lives_of(user: User, network: Organisation, allies: Iterable[Ally], on: date) -> dict[int, Life]:
    """By ally: three questions. What an office thinks of its allies is its own; raises PermissionDenied for others."""
    officers_only(user)
    of = {ally.organisation.pk: [*_from_relations(ally, on)] for ally in allies}
    for pk, one in (*_projects(user, network, of, on), *_events(user, network, of), *_meetings(user, network, of)):
        of[pk].append(one)
    return {pk: _life(found, on) for pk, found in of.items()}


def _life(found: list[Evidence], on: date) -> Life:
    kinds = [kind for kind in (INFORMATION, PROJECT, EVENT, SEAT) if any(one.kind is kind for one in found)]
    dated = [one for one in found if one.day is not None and one.day <= on]
    last = max(dated, key=lambda one: one.day or date.min, default=None)
    return Life(kinds, last, last is None or last.day is None or last.day < on - DORMANT_AFTER)


def _from_relations(ally: Ally, on: date) -> Iterator[Evidence]:
    """The alliance as it was last said, and the seats. When a page was read is no evidence of what goes on."""
    if ally.alliance and not ally.alliance.illustrative:
        yield Evidence(INFORMATION, "", "", _last_said(ally.alliance, on))
    for seat in ally.seats:
        if not seat.relation.illustrative:
            body = seat.body or ally.organisation
            yield Evidence(SEAT, body.title_text(), body.get_absolute_url(), _last_said(seat.relation, on))


def _last_said(relation: Relation, on: date) -> date | None:
    """An end that is still to come says nothing of today."""
    days = (relation.attested_on, relation.since.latest, relation.until.latest)
    return max((day for day in days if day and day <= on), default=None)


def _projects(
    user: User, network: Organisation, of: dict[int, list[Evidence]], on: date
) -> Iterator[tuple[int, Evidence]]:
    ours = Participation.objects.filter(organisation=network).values("project")
    parts = Participation.objects.filter(
        among(visible_projects(user), "project"), project__in=ours, organisation__in=of, project__illustrative=False
    )
    for part in parts.select_related("project").order_by("pk"):
        project = part.project
        yield (
            part.organisation_id,
            Evidence(PROJECT, project.title, project.get_absolute_url(), _worked_on(project, on)),
        )


def _worked_on(project: Project, on: date) -> date | None:
    """The last day it is known to have gone on: today for what goes on."""
    if stage_on(project, on) is Stage.ONGOING:
        return on
    last: date | None = project.end_latest or project.start_latest
    return last


def _events(user: User, network: Organisation, of: dict[int, list[Evidence]]) -> Iterator[tuple[int, Evidence]]:
    """Events of the network or with it where the ally was: organised it too, took part or spoke."""
    seen = visible_events(user).filter(illustrative=False)
    for met in met_at([network.pk], of, seen):
        event = met.event
        last = _last_day(event.start, event.end)
        for pk in sorted({who for who, _how in met.presences} & of.keys() - {network.pk}):
            yield pk, Evidence(EVENT, event.title, event.get_absolute_url(), last)


def _meetings(user: User, network: Organisation, of: dict[int, list[Evidence]]) -> Iterator[tuple[int, Evidence]]:
    through: Any = Meeting.organisations.through.objects
    ours = through.filter(organisation=network).values("meeting")
    seen = visible_meetings(user).filter(pk__in=ours, illustrative=False).order_by().values("pk")
    for row in through.filter(meeting__in=seen, organisation__in=of).select_related("meeting").order_by("pk"):
        meeting = row.meeting
        page = reverse("staff:meeting", kwargs={"public_id": meeting.public_id})
        yield row.organisation_id, Evidence(INFORMATION, meeting.title, page, _last_day(meeting.starts, meeting.ends))


def _last_day(start: PartialDate, end: PartialDate) -> date | None:
    return end.latest or start.latest
