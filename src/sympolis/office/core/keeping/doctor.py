"""Looking whether all is well, and putting right what can be put right without asking."""

from __future__ import annotations

import shutil
import smtplib
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import mailers
from django.db import connection
from django.db.models import FileField
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sympolis.engine.errors import IndexUnavailable
from sympolis.engine.index import Index
from sympolis.office.core.indexing import all_documents, rebuild
from sympolis.office.core.keeping.migrating import is_migrated, migrate
from sympolis.office.core.keeping.notes import STATUS, read_note
from sympolis.office.core.models import IndexChange, Record, RecurringJob, Removal
from sympolis.office.core.removals import files_of

LEAST_FREE_BYTES = 2**30
PATIENCE = timedelta(minutes=10)
OLDEST_BACKUP = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    detail: str
    remedy: str = ""


def examine(*, mend: bool = False) -> list[Finding]:
    """Look at everything, in an order in which the later rests on the earlier."""
    findings = [_tables(), _migrations(mend)]
    if not all(finding.ok for finding in findings):
        return findings
    looks: list[Callable[[bool], Finding]] = [
        _index,
        _waiting,
        _ledger,
        _files,
        _permissions,
        _disk,
        _backup,
        _mail,
        _jobs,
    ]
    return findings + [look(mend) for look in looks]


def _tables() -> Finding:
    if connection.vendor != "sqlite":
        return Finding("tables", True, "kept in PostgreSQL, which looks after itself")
    with connection.cursor() as cursor:
        said = [row[0] for row in cursor.execute("PRAGMA quick_check").fetchall()]
        dangling = cursor.execute("PRAGMA foreign_key_check").fetchall()
    ok = said == ["ok"] and not dangling
    detail = "whole" if ok else f"{said[0]}; {len(dangling)} rows point at nothing"
    return Finding("tables", ok, detail, "Restore the last backup: sympolis restore FILE")


def _migrations(mend: bool) -> Finding:
    if mend:
        migrate()
    ok = is_migrated()
    return Finding("version", ok, "up to date" if ok else "tables of another version", "sympolis upgrade")


def _index(mend: bool) -> Finding:
    wrong = _index_faults()
    if wrong and mend:
        rebuild(lambda name, done, total: None)
        wrong = _index_faults()
    remedy = "Stop the worker, then: sympolis doctor --mend"
    return Finding("index", not wrong, wrong or "says what the tables say", remedy)


def _index_faults() -> str:
    waiting = set(IndexChange.objects.values_list("record", flat=True))
    expected = {document.id for document in all_documents()}
    try:
        with Index.open(settings.HOME.index) as index:
            present = {one.id for batch in batched(expected, 500) for one in index.get(batch)}
            extra = len(index) - len(present)
    except IndexUnavailable as error:
        return str(error)
    missing = {one for one in expected - present if one.partition("#")[0] not in waiting}
    if missing or (extra > 0 and not waiting):
        return f"{len(missing)} entries are missing, {max(extra, 0)} are of records that are gone"
    return ""


def _waiting(_mend: bool) -> Finding:
    oldest = IndexChange.objects.order_by("created_at").first()
    ok = oldest is None or timezone.now() - oldest.created_at < PATIENCE
    detail = "nothing waits long" if ok else "changes wait for more than ten minutes to be found by search"
    return Finding("worker", ok, detail, "Start one: sympolis worker")


def _ledger(_mend: bool) -> Finding:
    if not settings.HOME.ids.exists():
        none = not any(_has_rows(model) for model in apps.get_models() if issubclass(model, Record))
        detail = "none given yet" if none else "ids.sqlite is gone: new records could get the address of removed ones"
        return Finding("ids", none, detail, "Restore ids.sqlite out of the last backup")
    with closing(sqlite3.connect(f"{settings.HOME.ids.as_uri()}?mode=ro", uri=True)) as ledger:
        whole = ledger.execute("PRAGMA quick_check").fetchone() == ("ok",)
        given = ledger.execute("SELECT count(*) FROM ids").fetchone()[0]
    return Finding("ids", whole, f"{given} given", "Restore ids.sqlite out of the last backup")


def _has_rows(model: type[Record]) -> bool:
    return not model._meta.abstract and model._default_manager.exists()


def _files(mend: bool) -> Finding:
    named, orphans = set(_named_files()), []
    waiting = named.union(_waiting_files())
    missing = [path for path in named if not path.exists()]
    for folder in (settings.HOME.documents, settings.HOME.media):
        orphans += [path for path in folder.rglob("*") if path.is_file() and path not in waiting]
    if orphans and mend:
        for path in orphans:
            target = settings.HOME.path / "orphans" / path.relative_to(settings.HOME.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        orphans = []
    ok = not missing and not orphans
    detail = f"{len(named)} files" if ok else f"{len(missing)} files are missing, {len(orphans)} belong to no record"
    remedy = "sympolis doctor --mend sets aside what belongs to nothing; what is missing is in a backup"
    return Finding("files", ok, detail, remedy)


def _named_files() -> Iterator[Path]:
    """Every file a row names, wherever a room has a column of files, or rows that have files without one."""
    for model in apps.get_models():
        if not model.__module__.startswith("sympolis.office.") or hasattr(model, "history_id"):
            continue
        if hasattr(model, "kept_files"):
            for row in model._default_manager.iterator():
                yield from row.kept_files()
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                storage = field.storage or default_storage
                for name in model._default_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True):
                    if name:
                        yield Path(storage.path(name))


def _waiting_files() -> Iterator[Path]:
    """Files of what was removed and can still be brought back."""
    for removal in Removal.objects.iterator(chunk_size=20):
        yield from (Path(storage.path(name)) for storage, name in files_of(removal))


def _permissions(mend: bool) -> Finding:
    if not settings.HOME.secrets.exists():
        detail = "secrets.json is gone: nobody stays signed in, and links in mails no longer work"
        return Finding("keys", False, detail, "Restore secrets.json out of the last backup")
    wanted = {settings.HOME.path: 0o700, settings.HOME.secrets: 0o600, settings.HOME.database: 0o600}
    open_ = [path for path, mode in wanted.items() if path.exists() and stat.S_IMODE(path.stat().st_mode) & ~mode]
    if open_ and mend:
        for path in open_:
            path.chmod(wanted[path])
        open_ = []
    detail = "read by their owner alone" if not open_ else f"others may read {', '.join(path.name for path in open_)}"
    return Finding("keys", not open_, detail, "sympolis doctor --mend")


def _disk(_mend: bool) -> Finding:
    free = shutil.disk_usage(settings.HOME.path).free
    size = settings.HOME.database.stat().st_size if settings.HOME.database.exists() else 0
    ok = free >= max(LEAST_FREE_BYTES, 3 * size)
    return Finding("disk", ok, f"{free / 2**30:.1f} GB free", "Make room, or move SYMPOLIS_HOME to a larger disk")


def _backup(_mend: bool) -> Finding:
    last = read_note(STATUS).get("backup", {})
    young = timezone.now() - _begun() < OLDEST_BACKUP
    if not last:
        return Finding("backup", young, "none yet", "Keep a worker running, or: sympolis backup FILE")
    age = timezone.now() - datetime.fromisoformat(last["at"])
    ok = bool(last.get("ok")) and age < OLDEST_BACKUP
    detail = f"{last['at'][:16]}, {last.get('error') or 'fine'}"
    return Finding("backup", ok, detail, "Keep a worker running, or: sympolis backup FILE")


def _mail(_mend: bool) -> Finding:
    """Whether the mail server answers, and takes the name and password it is given. No mail is sent."""
    server = settings.MAIL_SERVER
    if not server:
        return Finding("mail", True, "no server named: mails are written to outbox/ of the home")
    remedy = (
        "See SYMPOLIS_SMTP_HOST, SYMPOLIS_SMTP_PORT, SYMPOLIS_SMTP_TLS, SYMPOLIS_SMTP_USER and SYMPOLIS_SMTP_PASSWORD"
    )
    try:
        with mailers["default"]:
            pass
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", False, f"{server} does not take mail: {' '.join(str(error).split())}", remedy)
    sender = settings.DEFAULT_FROM_EMAIL
    if sender.rstrip(">").endswith("@localhost"):
        said = f"{server} answers, but mail would come from {sender}, which other servers refuse"
        return Finding("mail", False, said, "Say whom mail comes from: SYMPOLIS_MAIL_FROM")
    return Finding("mail", True, f"{server} answers")


def _begun() -> datetime:
    return datetime.fromtimestamp(settings.HOME.about.stat().st_mtime, tz=timezone.get_current_timezone())


def _jobs(_mend: bool) -> Finding:
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=timezone.now() - timedelta(days=7)).count()
    errors = list(RecurringJob.objects.exclude(last_error="").values_list("name", "last_error"))
    ok = not failed and not errors
    said = [f"{failed} tasks failed this week", *(f"{name}: {error}" for name, error in errors)]
    detail = "all done" if ok else "; ".join(said)
    return Finding("jobs", ok, detail, "See what they say on the administration page")
