from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class PlanningConfig(AppConfig):
    name = "sympolis.office.planning"
    label = "planning"

    def ready(self) -> None:
        pre_migrate.connect(_before_migrations, sender=self)
        post_migrate.connect(_after_migrations, sender=self)


def _before_migrations(using: str, **_signal: Any) -> None:
    import_module("sympolis.office.planning.migrations._in_step").drop_triggers(connections[using])


def _after_migrations(using: str, **_signal: Any) -> None:
    import_module("sympolis.office.planning.migrations._in_step").make_triggers(connections[using])
