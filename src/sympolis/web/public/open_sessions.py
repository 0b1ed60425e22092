"""Where a reader of a plan contributes and prioritises now: its sessions for everybody, with the way in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from sympolis.office.planning.models import Session
from sympolis.office.planning.sessions.actions import public_token_of
from sympolis.office.planning.sessions.queries import open_sessions_of
from sympolis.office.planning.voices.queries import Openness


@dataclass(frozen=True, slots=True)
class OpenSession:
    session: Session
    address: str


def open_sessions(plans: Iterable[int], openness: Openness) -> list[OpenSession]:
    """Of the plan and all its parts, as long as its phases have contributing or prioritising open: one question; none
    where no process says that either is."""
    if not any(phase.contribute or phase.prioritise for phase in openness.now):
        return []
    found = open_sessions_of(plans)
    return [OpenSession(one, reverse("session_join", kwargs={"token": public_token_of(one)})) for one in found]
