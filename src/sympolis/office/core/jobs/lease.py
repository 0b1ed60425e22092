"""Workers say that they are alive; what a worker left running when it died is done again.

django-tasks-db marks a task as running and forgets it when its worker is killed. Here every worker keeps a row with
its last sign of life; a task whose worker is gone goes back into the queue, three times at most.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from contextlib import closing
from datetime import timedelta

from django.db import connection, transaction
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sympolis.office.core.models import WorkerSign

BEAT_S = 10
GONE_AFTER_S = 60
MOST_ATTEMPTS = 3


class WorkerLostError(Exception):
    """A task's workers died each time it ran."""


class Lease:
    """One worker's sign of life, renewed by a thread of its own so that a long task does not look like a death."""

    def __init__(self) -> None:
        self.worker_id = f"{secrets.token_hex(8)}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)

    def start(self) -> None:
        WorkerSign.objects.create(
            worker_id=self.worker_id, host=socket.gethostname(), process=os.getpid(), seen_at=timezone.now()
        )
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join(timeout=5)
        WorkerSign.objects.filter(worker_id=self.worker_id).delete()

    def _beat(self) -> None:
        with closing(connection):
            while not self._over.wait(BEAT_S):
                WorkerSign.objects.filter(worker_id=self.worker_id).update(seen_at=timezone.now())


def requeue_lost_tasks() -> int:
    """Put back what died workers left running; how many. A task that killed three workers fails for good."""
    with transaction.atomic():
        alive = set(living_workers())
        count = 0
        for task in DBTaskResult.objects.running():
            if task.worker_ids and task.worker_ids[-1] in alive:
                continue
            count += 1
            if len(task.worker_ids) >= MOST_ATTEMPTS:
                task.set_failed(WorkerLostError(f"{MOST_ATTEMPTS} workers died while they did this."))
            else:
                DBTaskResult.objects.filter(pk=task.pk).update(status=TaskResultStatus.READY, started_at=None)
        return count


def living_workers() -> list[str]:
    """Ids of workers that gave a sign lately; those of this machine whose process is gone are crossed off at once."""
    signs = WorkerSign.objects.all()
    gone = [sign.pk for sign in signs if not _is_alive(sign)]
    WorkerSign.objects.filter(pk__in=gone).delete()
    return [sign.worker_id for sign in signs if sign.pk not in gone]


def is_worker_there() -> bool:
    """Whether any worker gave a sign of life lately."""
    return any(_is_alive(sign) for sign in WorkerSign.objects.all())


def _is_alive(sign: WorkerSign) -> bool:
    if sign.seen_at < timezone.now() - timedelta(seconds=GONE_AFTER_S):
        return False
    if sign.host != socket.gethostname():
        return True
    try:
        os.kill(sign.process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
