"""The whole database as values, to be compared before a merging and after its undoing."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

from sympolis.office.core.models import IndexChange, Merge
from sympolis.office.planning.models import StateToken

# What is written at every saving, and what tells of it.
NOT_COMPARED = {"updated_at"}
TOLD_ALONE = (IndexChange, Merge, StateToken)


def all_models() -> list[Any]:
    """Every table of the office but the history, lists between two included."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        is_ours = model.__module__.startswith("sympolis.")
        if is_ours and model not in TOLD_ALONE and not hasattr(model, "history_id"):
            found.append(model)
    return found


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as the database has it."""
    found = {}
    for model in all_models():
        columns = [field.attname for field in model._meta.concrete_fields if field.name not in NOT_COMPARED]
        rows = list(model._base_manager.order_by("pk").values(*columns))
        if rows:
            found[model._meta.label] = rows
    return found


def rows_holding(public_id: str) -> set[str]:
    """The columns, as ``model.column``, in which a public id still stands anywhere."""
    found = set()
    for model in all_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                values = model._base_manager.values_list(field.attname, flat=True)
                if any(public_id in str(value) for value in values):
                    found.add(f"{model._meta.label}.{field.attname}")
    return found
