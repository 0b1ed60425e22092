"""Models and migrations say the same."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from sympolis.config.home import Home
from tests.homes import in_home
from tests.migrated import digests, kept, step_by_step, tables_of


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = io.StringIO()
    call_command("makemigrations", "--dry-run", stdout=said)
    assert said.getvalue().strip() == "No changes detected"


@pytest.mark.slow
def test_tables_made_at_once_are_those_the_migrations_make(tmp_path: Path) -> None:
    at_once = Home(tmp_path / "at_once")
    at_once.prepare("office")
    in_home(at_once.path, "from sympolis.office.core.keeping.migrating import migrate; assert migrate()")
    made = digests(tables_of(at_once.database))
    assert len(made) > 100
    assert made == (kept() or step_by_step(tmp_path))
