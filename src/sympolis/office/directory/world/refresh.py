"""Making the world's data anew: by a button or every night, done by the worker, never twice at a time."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sympolis.engine.run.apart import build_apart
from sympolis.office.core.jobs.queues import LONG
from sympolis.office.core.keeping.notes import read_note, write_note
from sympolis.office.directory.world.judgements import write_judgements

NOTE = "world-data.json"  # how far the last refresh came, and how it went
TOLD_EVERY_S = 1.0


def start_refresh() -> bool:
    """Ask the worker to make the world's data anew; False where that waits or goes on already."""
    if is_refreshing():
        return False
    write_note(NOTE, {**read_note(NOTE), "step": "", "done": 0, "total": 0})
    refresh_world_data.enqueue()
    return True


def is_refreshing() -> bool:
    """Whether a refresh waits for the worker or is under way."""
    under_way = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    return DBTaskResult.objects.filter(task_path=refresh_world_data.module_path, status__in=under_way).exists()


def refresh_nightly() -> None:
    """Every night, where something was added. What is as it was costs the reading of the files, no more."""
    if any((settings.HOME.atlas / "inputs").glob("*/*")):
        start_refresh()


@task(queue_name=LONG)
def refresh_world_data() -> bool:
    """Build from what was added and what people decided; whether anything had changed. The outcome is noted."""
    write_judgements()
    try:
        changed = build_apart(settings.HOME.path, _Progress())
    except Exception as error:  # whatever it was is noted, and raised again for the task's own record
        _note(ok=False, error=str(error)[:2000])
        raise
    _note(ok=True, changed=changed)
    return changed


def last_refresh() -> dict[str, Any]:
    """How far it is or how it went: ``step``, ``done``, ``total`` while it goes on; ``at``, ``ok``, ``error`` after."""
    return read_note(NOTE)


def _note(**about: Any) -> None:
    write_note(NOTE, {"at": timezone.now().isoformat(), "error": "", **about})


class _Progress:
    """Notes how far the build is, once a second at most, and each step when it begins."""

    def __init__(self) -> None:
        self._said: tuple[str, float] = ("", 0.0)
        self._before = read_note(NOTE)

    def __call__(self, step: str, done: int, total: int) -> None:
        before, at = self._said
        if step != before or time.monotonic() - at >= TOLD_EVERY_S:
            self._said = (step, time.monotonic())
            write_note(NOTE, {**self._before, "step": step, "done": done, "total": total})
