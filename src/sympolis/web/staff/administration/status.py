"""What the half-time administrator wants to know, gathered from the home, the settings and the database."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_tasks_db.models import DBTaskResult

import sympolis
from sympolis.office.core.jobs.lease import is_worker_there
from sympolis.office.core.keeping.notes import STATUS, read_note
from sympolis.office.core.models import IndexChange, RecurringJob, User
from sympolis.office.core.queries import Counted

BACKUP_TOO_OLD = timedelta(hours=36)
DISK_TOO_FULL_BYTES = 2 * 2**30


@dataclass(frozen=True, slots=True)
class LastTime:
    """When something was last done and how it went; ``at`` is None where it never was."""

    at: datetime | None
    ok: bool
    error: str
    file: str = ""
    size_bytes: int = 0
    is_late: bool = False

    @classmethod
    def of(cls, noted: Any, late_after: timedelta | None = None) -> LastTime:
        noted = noted if isinstance(noted, dict) else {}
        at = parse_datetime(str(noted.get("at") or ""))
        if at and timezone.is_naive(at):
            at = timezone.make_aware(at)
        late = late_after is not None and (at is None or timezone.now() - at > late_after)
        size = noted.get("bytes")
        return cls(
            at,
            bool(noted.get("ok")),
            str(noted.get("error") or "")[:500],
            Path(str(noted.get("file") or "")).name,
            size if isinstance(size, int) else 0,
            late,
        )


def status() -> dict[str, Any]:
    """Everything of the administration page: one query each for the counts, the jobs that failed and the workers."""
    notes = read_note(STATUS)
    home = settings.HOME
    free, total = _disk(home.path)
    return {
        "version": sympolis.__version__,
        "backup": LastTime.of(notes.get("backup"), BACKUP_TOO_OLD),
        "restore_check": LastTime.of(notes.get("restore_check"), timedelta(days=8)),
        "mail": LastTime.of(notes.get("mail")),
        "mail_server": settings.MAIL_SERVER,
        "outbox_files": _files_in(home.outbox),
        "free_bytes": free,
        "total_bytes": total,
        "is_disk_full": free < DISK_TOO_FULL_BYTES,
        "counts": _counts(),
        "is_worker_there": is_worker_there(),
        "failing": list(RecurringJob.objects.exclude(last_error="").order_by("name")[:10]),
        "index_generation": _index_generation(home.index),
        "home_kind": home.kind,
    }


def _disk(path: Path) -> tuple[int, int]:
    while not path.exists():
        path = path.parent
    usage = shutil.disk_usage(path)
    return usage.free, usage.total


def _files_in(folder: Path) -> int:
    if not folder.is_dir():
        return 0
    with os.scandir(folder) as entries:
        return sum(1 for entry in entries if entry.is_file())


def _index_generation(folder: Path) -> int | None:
    """How often the office's index was written; None while there is none."""
    try:
        return int((folder / "generation").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None


def _counts() -> dict[str, int]:
    results = DBTaskResult.objects.all()
    counts: dict[str, Any] = {
        "waiting": results.filter(status=TaskResultStatus.READY),
        "running": results.filter(status=TaskResultStatus.RUNNING),
        "failed": results.filter(status=TaskResultStatus.FAILED),
        "index_waiting": IndexChange.objects.all(),
        "users": User.objects.filter(is_active=True),
        "administrators": User.objects.filter(is_active=True, role="administrator"),
    }
    columns: Any = {name: Counted(found) for name, found in counts.items()}
    found: Any = User.objects.order_by("pk").values(**columns)[:1].get()
    return dict(found)
