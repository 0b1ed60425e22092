"""How people take part in a plan: its phases, who may, what it leads to. All of it is the office's to say."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from sympolis.office.core.models import User
from sympolis.office.planning.models import Plan, Process, ProcessPhase


def _may(user: User) -> None:
    if not user.has_perm("planning.change_process"):
        raise PermissionDenied


def process_for(plan: Plan) -> Process:
    """The plan's own process, or one that is not kept yet."""
    return Process.objects.filter(plan=plan).first() or Process(plan=plan)


def keep_process(user: User, process: Process) -> Process:
    _may(user)
    process._history_user = user  # type: ignore[attr-defined]  # the history asks for it
    process.save()
    return process


@transaction.atomic
def keep_phase(user: User, phase: ProcessPhase) -> ProcessPhase:
    """Add or change a phase; a plan without a process has one from then on."""
    _may(user)
    if phase.process.pk is None:
        phase.process = keep_process(user, phase.process)
    phase._history_user = user  # type: ignore[attr-defined]
    phase.save()
    return phase


def remove_phase(user: User, phase: ProcessPhase) -> None:
    _may(user)
    phase._history_user = user  # type: ignore[attr-defined]
    phase.delete()
