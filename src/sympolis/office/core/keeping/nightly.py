"""What happens every night: a backup, the proof that it could be restored, and tidying up."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sympolis.office.core.api_tokens import forget_answers
from sympolis.office.core.keeping.backup import dated_name, make_backup
from sympolis.office.core.keeping.notes import note_done
from sympolis.office.core.keeping.restore import check_backup
from sympolis.office.core.removals import forget_removals

KEPT_NIGHTS = 14
KEPT_MONTHS = 12
KEPT_TASK_RESULTS = timedelta(days=30)
KEPT_UPLOADS_S = 2 * 86_400


def refresh_statistics() -> None:
    """Tell SQLite how large its tables are: without it, it sorts whole tables for one page (a list of 18,000
    relations: 15 ms instead of 0.2). It takes some 20 ms; PostgreSQL does it by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def back_up() -> None:
    """One backup into the home's own folder of backups, old ones let go; the outcome is noted either way."""
    try:
        made = make_backup(settings.HOME.backups / dated_name("nightly"))
    except Exception as error:
        note_done("backup", file="", bytes=0, ok=False, error=str(error)[:500])
        raise
    note_done("backup", file=str(made.path), bytes=made.bytes)
    let_go_of_old_backups(settings.HOME.backups)


def check_last_backup() -> None:
    """Prove that the last nightly backup could be restored; the outcome is noted either way."""
    try:
        backups = nightly_backups(settings.HOME.backups)
        if not backups:
            raise FileNotFoundError("There is no nightly backup yet.")
        check_backup(backups[-1])
    except Exception as error:
        note_done("restore_check", ok=False, error=str(error)[:500])
        raise
    note_done("restore_check")


def nightly_backups(folder: Path) -> list[Path]:
    """Oldest first: their names begin with the day."""
    return sorted(folder.glob("*-nightly.zip"))


def let_go_of_old_backups(folder: Path) -> list[Path]:
    """Keep two weeks of nights and the first of each of twelve months; what was let go."""
    backups = nightly_backups(folder)
    first_of_month: dict[str, Path] = {}
    for backup in backups:
        first_of_month.setdefault(backup.name[:7], backup)
    kept = {*backups[-KEPT_NIGHTS:], *list(first_of_month.values())[-KEPT_MONTHS:]}
    gone = [backup for backup in backups if backup not in kept]
    for backup in gone:
        backup.unlink()
    return gone


def clean_up() -> None:
    """Sessions that ended, results nobody asks for any more, what was removed a month ago, old answers, old uploads."""
    call_command("clearsessions")
    DBTaskResult.objects.filter(finished_at__lt=timezone.now() - KEPT_TASK_RESULTS).delete()
    forget_removals()
    forget_answers()
    uploads = settings.HOME.path / "uploads"
    for upload in uploads.iterdir() if uploads.exists() else ():
        if upload.stat().st_mtime < time.time() - KEPT_UPLOADS_S:
            shutil.rmtree(upload) if upload.is_dir() else upload.unlink()
