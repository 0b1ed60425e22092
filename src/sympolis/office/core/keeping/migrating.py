"""Bringing the tables up to date, and knowing at once when nothing is to be done (a no-op migrate takes seconds)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

import sympolis
from sympolis.office.core.keeping.notes import MIGRATED, read_note, write_note


def is_migrated() -> bool:
    """Whether this version's migrations have all run on this home's database."""
    return read_note(MIGRATED).get("fingerprint") == fingerprint() and _has_database()


def migrate() -> bool:
    """Run what migrations are missing; False when there were none."""
    if is_migrated():
        return False
    missing = _are_missing()
    if missing:
        if not connection.introspection.table_names():
            make_tables()
        call_command("migrate", verbosity=0, interactive=False)
    if connection.vendor == "sqlite":
        _database_file().chmod(0o600)
    write_note(MIGRATED, {"fingerprint": fingerprint(), "version": sympolis.__version__})
    return missing


def make_tables() -> None:
    """All tables as they are now, in a database that has none, with every migration noted as run.

    Running them one after the other comes to the same and takes a minute: Django draws up all models anew for each
    step. Migrations of rows have nothing to do here.
    """
    loader, recorder = MigrationLoader(connection), MigrationRecorder(connection)
    made: list[Any] = [model for model in apps.get_models() if model._meta.app_label in loader.migrated_apps]
    with connection.schema_editor() as editor:  # one transaction: whoever is killed here begins anew
        for model in (*made, recorder.Migration):
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for app, name in loader.disk_migrations or ():
            recorder.record_applied(app, name)


def _are_missing() -> bool:
    """Asked before running them, for a run that does nothing still costs seconds (a database that was restored)."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def fingerprint() -> str:
    """Changes with any migration file of any app, and with the database they ran on."""
    digest = hashlib.sha256(connection.vendor.encode())
    if connection.vendor != "sqlite":  # a home may be moved, its SQLite file moves along
        digest.update(f"{connection.settings_dict['HOST']} {connection.settings_dict['NAME']}".encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(f"{app.label} {file.name} ".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def has_tables() -> bool:
    """Whether there is anything that a backup would keep: not in a database that was just made."""
    if connection.vendor == "sqlite":
        return _database_file().exists()
    return bool(connection.introspection.table_names())


def _database_file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _has_database() -> bool:
    return connection.vendor != "sqlite" or _database_file().exists()
