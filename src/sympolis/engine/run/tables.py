"""Records as rows of the tables of a snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..model import (
    Call,
    Event,
    Need,
    Organisation,
    PartialDate,
    PlanAction,
    Project,
    Provenance,
    Record,
    Relation,
)
from .schemas import SCHEMAS

TABLES: Mapping[type, str] = {
    Organisation: "organisations",
    Relation: "relations",
    Project: "projects",
    Call: "calls",
    Event: "events",
    Need: "needs",
    PlanAction: "plan_actions",
}


def write_tables(folder: Path, records: Sequence[Record]) -> dict[str, int]:
    """Write a parquet file for each table, rows sorted by id; how many rows each has."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for record in records:
        rows[TABLES[type(record)]].append(_row(record))
    projects = [record for record in records if isinstance(record, Project)]
    rows["participations"] = [row for project in projects for row in _participations(project)]
    rows["places"] = _places(record for record in records if isinstance(record, Organisation))
    for name, schema in SCHEMAS.items():
        ordered = sorted(rows[name], key=lambda row: [str(row[column]) for column in schema.names[:3]])
        pq.write_table(pa.Table.from_pylist(ordered, schema=schema), folder / f"{name}.parquet", compression="zstd")
    return {name: len(listed) for name, listed in rows.items()}


def _row(record: Record) -> dict[str, Any]:
    assert is_dataclass(record)
    row: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, PartialDate):
            row[f"{field.name}_earliest"], row[f"{field.name}_latest"] = value.earliest, value.latest
        elif isinstance(value, Provenance):
            row |= {one.name: getattr(value, one.name) for one in fields(value)}
        elif isinstance(value, Decimal):
            row[field.name] = value.quantize(Decimal("0.0001" if field.name == "cofinancing_rate" else "0.01"))
        elif isinstance(value, Mapping):
            row[field.name] = sorted(value.items())
        else:
            row[field.name] = list(value) if isinstance(value, tuple) else value
    return row


def _participations(project: Project) -> list[dict[str, str]]:
    lead = [{"project_id": project.id, "organisation_id": project.lead_id, "role": "lead"}] if project.lead_id else []
    partners = [partner for partner in project.partner_ids if partner != project.lead_id]
    return lead + [{"project_id": project.id, "organisation_id": one, "role": "partner"} for one in partners]


def _places(organisations: Iterable[Organisation]) -> list[dict[str, Any]]:
    """Every place an organisation stands in, once."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in organisations:
        if one.place and one.latitude is not None:
            row = {"name": one.place, "country": one.country, "latitude": one.latitude, "longitude": one.longitude}
            found.setdefault((one.place, one.country), row)
    return list(found.values())
