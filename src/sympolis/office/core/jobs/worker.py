"""The worker: applies changes to the index, does tasks, reads documents, fires jobs; in quiet moments it encodes."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from sympolis.engine.errors import IndexLocked, IndexUnavailable
from sympolis.engine.index import Index
from sympolis.engine.match.common_words import words_among
from sympolis.engine.texts.encoders import CAREFUL, FAST
from sympolis.engine.texts.subjects import subject_texts
from sympolis.engine.texts.themes import compared_texts
from sympolis.engine.texts.vectors import Vectors
from sympolis.office.core.documents import read_next_document
from sympolis.office.core.indexing import apply_changes, is_complete, open_writer, rebuild
from sympolis.office.core.jobs import aside
from sympolis.office.core.jobs.lease import Lease, requeue_lost_tasks
from sympolis.office.core.jobs.queues import LONG
from sympolis.office.core.jobs.recurring import plan_jobs, run_due_jobs
from sympolis.office.core.keeping.nightly import refresh_statistics
from sympolis.office.core.readers import current_snapshot

if TYPE_CHECKING:
    from sympolis.engine.run.encoding import Encoding

logger = logging.getLogger(__name__)

PAUSE_S = 0.5
ASIDE_ENDS_S = 5.0  # what a job beside the rounds gets to end its step, when the worker stops
LOOK_ROUND_S = 15  # how often lost tasks, due jobs and the index's lock are looked at
COMPARED_AT_ONCE = 128  # phrases and lists of them, by the fast encoder: half a second
SUBJECTS_AT_ONCE = 64  # phrases of two or three words: a second
ENCODED_AT_ONCE = 8  # passages a quiet moment gives to the careful encoder: two seconds, then changes go first
WORDS_AT_ONCE = 16  # passages whose words the fast encoder reads one by one: half a second
WORLD_ENCODED_AT_ONCE = 16  # of the world's data


class Worker:
    """Runs until told to stop, and ends what it is doing first."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._stop = threading.Event()
        self._lease = Lease()
        self._index: Index | None = None
        self._looked_round_at = -float(LOOK_ROUND_S)
        self._all_encoded = False
        self._words_read_to = -1  # the number of the last passage whose words were read
        self._long: threading.Thread | None = None
        self._world: Encoding | None = None
        self._encoded_build: str | None = None  # the build of the world's data that needs no more encoding
        self._tasks = TaskRunner(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self._lease.worker_id,
            excluded_queue_names=[],
        )

    def stop(self) -> None:
        self._stop.set()
        aside.ask_to_stop()

    def run(self) -> None:
        """Until stopped."""
        self._lease.start()
        try:
            plan_jobs(self._zone)
            refresh_statistics()
            while not self._stop.is_set():
                close_old_connections()
                if not self.step() and not self._encode_some() and not self._encode_world():
                    self._stop.wait(PAUSE_S)
        finally:
            self._end()

    def run_once(self) -> None:
        """What waits now, then stop."""
        self._lease.start()
        try:
            plan_jobs(self._zone)
            refresh_statistics()
            while not self._stop.is_set() and (self.step() or self._long_is_done()):
                pass
            aside.wait_for_all()
        finally:
            self._end()

    def step(self) -> bool:
        """One round; whether there was anything to do."""
        if time.monotonic() - self._looked_round_at >= LOOK_ROUND_S:
            self._looked_round_at = time.monotonic()
            self._look_round()
        return any([self._apply_changes(), self._do_one_task(), read_next_document()])

    def _look_round(self) -> None:
        if lost := requeue_lost_tasks():
            logger.warning("%d tasks of workers that died are done again", lost)
        run_due_jobs(self._zone)
        if self._index is None:
            self._index = _writer()

    def _apply_changes(self) -> bool:
        if self._index is None or not apply_changes(self._index):
            return False
        self._all_encoded = False
        return True

    def _do_one_task(self) -> bool:
        ready = DBTaskResult.objects.ready().filter(backend_name="default")
        if self._is_long_under_way():
            ready = ready.exclude(queue_name=LONG)
        with exclusive_transaction(ready.db):
            task = ready.get_locked()
            if task is not None:
                task.claim(self._lease.worker_id)
        if task is None:
            return False
        if task.queue_name == LONG:
            self._long = threading.Thread(target=self._do_long, args=(task,), name="long task", daemon=True)
            self._long.start()
        else:
            self._tasks.run_task(task)
        return True

    def _do_long(self, task: DBTaskResult[..., Any]) -> None:
        with closing(connection):
            self._tasks.run_task(task)

    def _is_long_under_way(self) -> bool:
        return self._long is not None and self._long.is_alive()

    def _long_is_done(self) -> bool:
        """Wait for it; whether there was one. What it leaves to do is to be done as well."""
        if self._long is None:
            return False
        self._long.join()
        self._long = None
        return True

    def _encode_some(self) -> bool:
        """A slice of what the careful encoder has not read yet; False when nothing is left."""
        if self._index is None or self._all_encoded:
            return False
        # The vocabulary's phrases first: tags and matching are much the better for them, and every home has the same.
        memory = Vectors(settings.HOME.vectors)
        phrases = memory.fill(compared_texts(), FAST, COMPARED_AT_ONCE) or memory.fill(
            subject_texts(), CAREFUL, SUBJECTS_AT_ONCE
        )
        done = phrases or self._index.encode_missing(limit=ENCODED_AT_ONCE) or self._read_words(self._index, memory)
        self._all_encoded = done == 0
        return not self._all_encoded

    def _read_words(self, index: Index, memory: Vectors) -> int:
        """Matching compares words too, where they were read: those of some more passages. How many passages it were."""
        passages = index.passages_after(self._words_read_to, WORDS_AT_ONCE)
        if len(passages):
            memory.fill(words_among(index.texts_of(passages)), FAST)
            self._words_read_to = int(passages[-1])
        return len(passages)

    def _encode_world(self) -> bool:
        """The same for the world's open data, once the office's own is done; a build that is new is looked at anew."""
        if self._index is None:
            return False
        served = current_snapshot()
        if served is None or served.name == self._encoded_build:
            return False
        try:
            world = self._encoding_of(served)
            done = world.some(WORLD_ENCODED_AT_ONCE) or self._read_calls(world)
        except (IndexLocked, IndexUnavailable):  # a build takes its place just now
            self._leave_world()
            return False
        if done == 0:
            self._encoded_build = served.name
            self._leave_world()
        return done > 0

    def _encoding_of(self, snapshot: Path) -> Encoding:
        if self._world is None or self._world.snapshot != snapshot:
            from sympolis.engine import atlas  # brings the readers of all sources along: for homes with world data

            self._leave_world()
            self._world = atlas.encoding(settings.HOME.path, snapshot)
            self._world.hand_over(Vectors(settings.HOME.vectors))
        return self._world

    def _read_calls(self, world: Encoding) -> int:
        """Matching compares calls of the world's data by what was read of them, out of the office's memory."""
        memory = Vectors(settings.HOME.vectors)
        world.hand_over(memory)
        return world.read_calls(memory, WORLD_ENCODED_AT_ONCE)

    def _leave_world(self) -> None:
        if self._world is not None:
            self._world.close()
            self._world = None

    def _end(self) -> None:
        aside.stop_all(ASIDE_ENDS_S)
        self._leave_world()
        if self._index is not None:
            self._index.close()
        self._lease.end()


def _writer() -> Index | None:
    """The index for writing, complete; None while another worker has it."""
    index = None
    try:
        index = open_writer()
        if is_complete(index.folder):
            return index
        index.close()
        rebuild(lambda name, done, total: None)
        return open_writer()
    except IndexLocked:
        return None
