"""Homes of their own for tests that start real processes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

from sympolis.config.home import Home
from sympolis.office.core.keeping.migrating import fingerprint
from sympolis.office.core.keeping.notes import MIGRATED, write_note
from tests.started import started

CHECKOUT = Path(__file__).resolve().parents[1]


def make_home(folder: Path, kind: str = "office") -> Home:
    """A home with empty tables, as after `sympolis init`, without paying for migrations again.

    Needs the fixture ``django_db_setup``: the tables are a copy of the tests' own, which no test leaves rows in.
    """
    home = Home(folder)
    home.prepare(kind)
    shutil.copyfile(connection.settings_dict["NAME"], home.database)
    with closing(sqlite3.connect(home.database)) as copied:
        assert copied.execute("SELECT count(*) FROM directory_organisation").fetchone() == (0,)
    home.database.chmod(0o600)
    write_note(MIGRATED, {"fingerprint": fingerprint()}, home.path)
    return home


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a process needs to work in a home; nothing of the tests' own settings."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "PORT"}}
    return {**kept, "SYMPOLIS_HOME": str(home), "PYTHONPATH": str(CHECKOUT / "src"), **more}


def sympolis(home: Path, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return started(["-m", "sympolis.cli.main", *words], environment(home), cwd=cwd, timeout_s=120)


def in_home(home: Path, code: str, given: str = "", patience_s: float = 120) -> str:
    """Run some Python in a home, with Django ready; what it printed."""
    code = f"from sympolis.cli.office import ready; ready()\n{code}"
    done = started(["-c", code], environment(home), given=given, timeout_s=patience_s)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
