"""Everything written out, so that leaving is always possible: tables as CSV and JSON, files, and how to read them."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model

import sympolis
from sympolis.engine.sheets import harmless

OFFICE = "sympolis.office."
ENTITIES = "entities.ftm.json"  # written by who calls for an export: entities are told by all rooms together
KEPT_BACK = {"password", "token"}  # columns that open doors
MACHINERY = {
    "core_indexchange",
    "core_workersign",
    "core_recurringjob",
    "core_removal",
    "core_merge",
    "planning_statetoken",
}


def export_everything(folder: Path, progress: Callable[[str, int, int], None]) -> dict[str, int]:
    """Write all into an empty folder; rows by table."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    models = sorted(exported_models(), key=lambda model: model._meta.db_table)
    counts: dict[str, int] = {}
    for number, model in enumerate(models, start=1):
        counts[model._meta.db_table] = _write_table(folder / "tables", model)
        progress("Writing tables", number, len(models))
    for name in ("media", "documents"):
        source: Path = settings.HOME.path / name
        if source.is_dir():
            shutil.copytree(source, folder / name, dirs_exist_ok=True)
    (folder / "README.txt").write_text(_read_me(counts, models), encoding="utf-8")
    return counts


def exported_models() -> Iterator[type[Model]]:
    """Every table of the office's rooms, the links between records and what was before (history) included."""
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith(OFFICE) and model._meta.managed and model._meta.db_table not in MACHINERY:
            yield model


def exported_fields(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if field.name not in KEPT_BACK]


def _write_table(folder: Path, model: type[Model]) -> int:
    names = [field.attname for field in exported_fields(model)]
    count = 0
    base = folder / model._meta.db_table
    with (
        base.with_suffix(".csv").open("w", encoding="utf-8-sig", newline="") as table,
        base.with_suffix(".json").open("w", encoding="utf-8") as lines,
    ):
        writer = csv.writer(table)
        writer.writerow(names)
        lines.write("[")
        for row in model._default_manager.order_by("pk").values_list(*names).iterator(chunk_size=500):
            writer.writerow([_cell(value) for value in row])
            lines.write(",\n" if count else "\n")
            lines.write(json.dumps(dict(zip(names, row, strict=True)), cls=DjangoJSONEncoder, ensure_ascii=False))
            count += 1
        lines.write("\n]\n")
    return count


def _cell(value: Any) -> Any:
    """As a spreadsheet may have it."""
    if isinstance(value, dict | list):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    if isinstance(value, tuple):
        return ";".join(str(part) for part in value)
    return harmless(value) if isinstance(value, str) else "" if value is None else value


def _read_me(counts: dict[str, int], models: list[type[Model]]) -> str:
    lines = [
        f"Written by Sympolis {sympolis.__version__}.",
        "",
        "tables/     every table, as CSV (UTF-8) and as JSON; the same rows in both",
        "media/      pictures shown on public pages",
        "documents/  files that hang on records; core_document names them",
        f"{ENTITIES}  organisations, relations, projects, agreements, events and people without the examples, for",
        "            tools that read FollowTheMoney (https://followthemoney.tech): an entity a line",
        "",
        "Texts in several languages are objects: language -> {text, author, translator, by, revision}.",
        "Lists of codes are written a;b;c in CSV. In CSV a text that begins with = + - or @ has an apostrophe before",
        "it, so that no spreadsheet runs it; JSON has it as it is. Columns ending in _id name another table's row.",
        "Passwords and keys are not written out; `sympolis backup` keeps those.",
        "",
        "Tables, their rows and columns:",
    ]
    for model in models:
        columns = ", ".join(field.attname for field in exported_fields(model))
        lines.append(f"  {model._meta.db_table} ({counts[model._meta.db_table]}): {columns}")
    return "\n".join(lines) + "\n"
