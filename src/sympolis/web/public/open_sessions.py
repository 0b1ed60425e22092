"""Where a reader of a plan contributes and prioritises now: its sessions for everybody, with the way in."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from sympolis.office.planning.models import Session
from sympolis.office.planning.sessions.actions import public_token_of
from sympolis.office.planning.sessions.queries import open_sessions_of
from sympolis.office.planning.voices.queries import Openness
from sympolis.web.public.plan_pages import PlanPage


@dataclass(frozen=True, slots=True)
class OpenSession:
    session: Session
    address: str


def open_sessions(page: PlanPage, openness: Openness) -> list[OpenSession]:
    """Of the plan and all its parts, as long as its phases have contributing or prioritising open: one question; none
    where no process says that either is."""
    if not any(phase.contribute or phase.prioritise for phase in openness.now):
        return []
    found = open_sessions_of([page.plan, *(node.plan for node, _level in page.lines)])
    return [OpenSession(one, reverse("session_join", kwargs={"token": public_token_of(one)})) for one in found]
