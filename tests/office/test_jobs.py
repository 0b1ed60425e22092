"""The worker: index changes, tasks, jobs that come round, and what happens when a worker is killed."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone

from sympolis.config.home import Home
from sympolis.engine import atlas, sources
from sympolis.engine.index import Index
from sympolis.engine.texts.encoders import CAREFUL, FAST
from sympolis.engine.texts.subjects import subject_texts
from sympolis.engine.texts.themes import compared_texts
from sympolis.office.core.jobs import recurring
from sympolis.office.core.jobs.recurring import Recurring, next_time, plan_jobs, run_due_jobs
from sympolis.office.core.jobs.worker import Worker
from sympolis.office.core.keeping.nightly import let_go_of_old_backups, refresh_statistics
from sympolis.office.core.models import RecurringJob
from sympolis.office.directory.models import Organisation
from tests.homes import environment, in_home, make_home, sympolis

MADRID = ZoneInfo("Europe/Madrid")
RAN: list[str] = []


def note_a_run() -> None:
    RAN.append("ran")


def fail() -> None:
    raise RuntimeError("no room on the disk")


def test_a_daily_job_keeps_its_hour_through_summer_time() -> None:
    job = Recurring("backup", "", 24 * 60, at_hour=3)
    before_the_change = datetime(2026, 3, 28, 12, tzinfo=UTC)
    due = next_time(job, before_the_change, MADRID)
    assert due.astimezone(UTC) == datetime(2026, 3, 29, 1, tzinfo=UTC)  # 3 in the morning, now two hours from UTC
    assert next_time(job, due, MADRID).astimezone(UTC) == datetime(2026, 3, 30, 1, tzinfo=UTC)


def test_a_job_is_fired_once_however_many_workers_look(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recurring, "JOBS", (Recurring("a", "tests.office.test_jobs:note_a_run", 10),))
    RAN.clear()
    plan_jobs(MADRID)
    assert run_due_jobs(MADRID) == 0
    RecurringJob.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    assert [run_due_jobs(MADRID), run_due_jobs(MADRID)] == [1, 0]
    assert RAN == ["ran"]


def test_a_job_that_fails_says_why_and_comes_round_again(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recurring, "JOBS", (Recurring("a", "tests.office.test_jobs:fail", 10),))
    plan_jobs(MADRID)
    RecurringJob.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    run_due_jobs(MADRID)
    job = RecurringJob.objects.get()
    assert job.last_error == "RuntimeError: no room on the disk"
    assert job.next_at > timezone.now()


def test_two_weeks_of_nights_and_the_first_of_twelve_months_are_kept(tmp_path: Path) -> None:
    first = datetime(2025, 1, 1, tzinfo=UTC)
    for night in range(500):
        (tmp_path / f"{first + timedelta(days=night):%Y-%m-%d-%H%M%S}-nightly.zip").touch()
    (tmp_path / "2025-01-01-000000-before-upgrade.zip").touch()
    let_go_of_old_backups(tmp_path)
    kept = sorted(path.name[:10] for path in tmp_path.glob("*-nightly.zip"))
    assert kept[-14:] == [f"{first + timedelta(days=night):%Y-%m-%d}" for night in range(486, 500)]
    assert kept[:3] == ["2025-06-01", "2025-07-01", "2025-08-01"]
    assert len(kept) == 14 + 12
    assert (tmp_path / "2025-01-01-000000-before-upgrade.zip").exists()


def test_sqlite_is_told_how_large_its_tables_are(db: None) -> None:
    Organisation.objects.bulk_create(
        Organisation(public_id=f"org_{number:012}", name=f"Town {number}", kind="city") for number in range(40)
    )
    refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'organisation_filters'")
        assert cursor.fetchall() == [("40 40 40 40 40 40",)]


def test_quiet_moments_go_to_the_worlds_data_once_the_offices_own_is_encoded(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.HOME = Home(tmp_path)  # type: ignore[misc]
    atlas.add(tmp_path, "portal", [Path(sources.__file__).parent / "portal" / "sample"])
    atlas.build(tmp_path)
    assert dict(atlas.status(tmp_path).passages) == {"fast": 1}
    worker = Worker(MADRID)
    assert worker._encode_world() is False  # without the office's index it is not the worker that writes
    worker._index = Index.create(tmp_path / "index")
    assert [worker._encode_world(), worker._encode_world()] == [True, False]
    assert dict(atlas.status(tmp_path).passages) == {"fast": 1, "careful": 1}
    worker._index.close()


def test_the_worker_applies_changes_and_runs_due_jobs(django_db_setup: None, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    in_home(
        home.path,
        "from datetime import timedelta; from django.utils import timezone; from zoneinfo import ZoneInfo\n"
        "from sympolis.office.core.models import IndexChange, RecurringJob\n"
        "from sympolis.office.core.jobs.recurring import plan_jobs\n"
        "from sympolis.office.directory.models import Organisation as O\n"
        "plan_jobs(ZoneInfo('UTC')); RecurringJob.objects.update(next_at=timezone.now() - timedelta(1))\n"
        "IndexChange.objects.create(record=O.objects.create(name='Sfax', kind='city').public_id)",
    )
    done = sympolis(home.path, "worker", "--once")
    assert done.returncode == 0, done.stderr
    assert [hit["title"] for hit in json.loads(sympolis(home.path, "search", "sfax", "--json").stdout)] == ["Sfax"]
    status = json.loads((home.path / "status.json").read_text(encoding="utf-8"))
    assert (status["backup"]["ok"], status["restore_check"]["ok"]) == (True, True)
    assert Path(status["backup"]["file"]).stat().st_size == status["backup"]["bytes"]


SLOW = """
import os, pathlib, time
from django.tasks import task

@task()
def slow() -> str:
    folder = pathlib.Path(os.environ["SLOW_FOLDER"])
    (folder / f"began-{os.getpid()}").touch()
    while not (folder / "go on").exists():
        time.sleep(0.05)
    return "done"
"""


def wait_for(folder: Path, pattern: str, count: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while len(list(folder.glob(pattern))) < count:
        assert time.monotonic() < until, f"{count} × {pattern} did not come"
        time.sleep(0.05)


def changes_left(home: Home) -> int:
    """How many changes the index does not know of yet."""
    with closing(sqlite3.connect(home.database)) as asked:
        return int(asked.execute("SELECT count(*) FROM core_indexchange").fetchone()[0])


def test_a_task_of_a_killed_worker_is_done_again(django_db_setup: None, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    (tmp_path / "slowly.py").write_text(SLOW, encoding="utf-8")
    more = {"SLOW_FOLDER": str(tmp_path)}
    path = f"{environment(home.path)['PYTHONPATH']}{os.pathsep}{tmp_path}"
    env = {**environment(home.path, **more), "PYTHONPATH": path}
    begin = "from sympolis.cli.office import ready; ready()\nimport slowly; slowly.slow.enqueue()"
    subprocess.run([sys.executable, "-c", begin], env=env, check=True, timeout=60)
    worker = [sys.executable, "-m", "sympolis.cli.main", "worker"]
    with subprocess.Popen(worker, env=env) as first:
        wait_for(tmp_path, "began-*", 1)
        first.send_signal(signal.SIGKILL)
    with subprocess.Popen(worker, env=env) as second:
        wait_for(tmp_path, "began-*", 2)
        (tmp_path / "go on").touch()
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=60) == 0
    said = in_home(
        home.path,
        "from django_tasks_db.models import DBTaskResult as R\n"
        "print([(r.status, r.return_value, len(r.worker_ids)) for r in R.objects.all()])",
    )
    assert said == "[('SUCCESSFUL', 'done', 2)]"


def test_a_long_task_keeps_nothing_else_waiting_and_does_not_hold_up_the_end(
    django_db_setup: None, tmp_path: Path
) -> None:
    home = make_home(tmp_path / "home")
    (tmp_path / "slowly.py").write_text(SLOW.replace("@task()", '@task(queue_name="long")'), encoding="utf-8")
    path = f"{environment(home.path)['PYTHONPATH']}{os.pathsep}{tmp_path}"
    env = {**environment(home.path, SLOW_FOLDER=str(tmp_path)), "PYTHONPATH": path}
    begin = "from sympolis.cli.office import ready; ready()\nimport slowly\nfor _ in 'ab': slowly.slow.enqueue()"
    subprocess.run([sys.executable, "-c", begin], env=env, check=True, timeout=60)
    with subprocess.Popen([sys.executable, "-m", "sympolis.cli.main", "worker"], env=env) as worker:
        wait_for(tmp_path, "began-*", 1)
        in_home(
            home.path,
            "from sympolis.office.core.models import IndexChange\n"
            "from sympolis.office.directory.models import Organisation as O\n"
            "IndexChange.objects.create(record=O.objects.create(name='Sfax', kind='city').public_id)",
        )
        until = time.monotonic() + 60
        while changes_left(home):
            assert time.monotonic() < until, "the index waited for the long task"
            time.sleep(0.1)
        assert [hit["title"] for hit in json.loads(sympolis(home.path, "search", "sfax", "--json").stdout)] == ["Sfax"]
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 0
    said = in_home(
        home.path,
        "from django_tasks_db.models import DBTaskResult as R\n"
        "print(sorted(r.status for r in R.objects.all()), R.objects.exclude(worker_ids=[]).count())",
    )
    assert said == "['READY', 'RUNNING'] 1"


def test_in_quiet_moments_the_vocabulary_is_read_before_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slice at a time: first what tags are told by, then what matching by finer subjects waits for; words last."""
    read: list[int] = []
    words: list[list[str]] = []
    left = {FAST: [128, 7, 0, 0, 0, 0, 0, 0], CAREFUL: [64, 3, 0, 0, 0, 0]}
    sizes = {FAST: (len(compared_texts()), 128), CAREFUL: (len(subject_texts()), 64)}

    class Memory:
        def __init__(self, folder: Path) -> None: ...

        def fill(self, texts: list[str], encoder: str, limit: int | None = None) -> int:
            if limit is None:
                words.append(texts)
                return len(texts)
            assert (len(texts), limit) == sizes[encoder]
            return left[encoder].pop(0)

    class Records:
        def encode_missing(self, limit: int) -> int:
            read.append(limit)
            return 5 if len(read) == 1 else 0

        def passages_after(self, number: int, limit: int) -> list[int]:
            return [at for at in (3, 4, 9) if at > number][:2]

        def texts_of(self, passages: list[int]) -> list[str]:
            return [f"Water of the {'abcdefghij'[at]}{'abcdefghij'[at]}{'abcdefghij'[at]}" for at in passages]

    monkeypatch.setattr("sympolis.office.core.jobs.worker.Vectors", Memory)
    worker = Worker(ZoneInfo("UTC"))
    worker._index = Records()  # type: ignore[assignment]
    assert [worker._encode_some() for _ in range(9)] == [True, True, True, True, True, True, True, False, False]
    assert read == [8, 8, 8, 8]
    assert words == [["water", "ddd", "eee"], ["water", "jjj"]]
    assert left == {FAST: [], CAREFUL: []}
