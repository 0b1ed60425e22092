"""Models and migrations say the same."""

from __future__ import annotations

import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from sympolis.config.home import Home
from tests.homes import in_home


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = io.StringIO()
    call_command("makemigrations", "--dry-run", stdout=said)
    assert said.getvalue().strip() == "No changes detected"


@pytest.mark.slow
def test_tables_made_at_once_are_those_the_migrations_make(tmp_path: Path) -> None:
    at_once, in_steps = Home(tmp_path / "at_once"), Home(tmp_path / "in_steps")
    at_once.prepare("office")
    in_steps.prepare("office")
    in_home(at_once.path, "from sympolis.office.core.keeping.migrating import migrate; assert migrate()")
    in_home(
        in_steps.path,
        "from django.core.management import call_command; call_command('migrate', verbosity=0)",
        patience_s=900,
    )
    made, wanted = tables_of(at_once.database), tables_of(in_steps.database)
    assert len(made) > 100
    assert made == wanted


def tables_of(database: Path) -> dict[str, Any]:
    """What there is in a database, whatever the order of its columns."""
    with closing(sqlite3.connect(database)) as connection:

        def rows(asked: str, *about: str) -> list[Any]:
            return sorted(connection.execute(asked, about).fetchall(), key=repr)

        found: dict[str, Any] = {}
        for name, sql in rows("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
            found[name] = {
                "columns": [row[1:] for row in rows(f'PRAGMA table_info("{name}")')],
                "leads to": [row[2:] for row in rows(f'PRAGMA foreign_key_list("{name}")')],
                "rules": sorted(re.findall(r'CONSTRAINT "\w+"', sql)),
                "indexes": rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?", name),
            }
            found[name]["columns"].sort(key=repr)
            found[name]["leads to"].sort(key=repr)
        found["run"] = rows("SELECT app, name FROM django_migrations")
        found["rights"] = rows("SELECT codename FROM auth_permission")
    return found
