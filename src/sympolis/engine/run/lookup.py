"""What web processes look up in a snapshot, as one SQLite file: they read no Arrow. ``engine/world.py`` reads it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow.parquet as pq

from ..model import Organisation, Participation, Project, Record
from ..world import FILE, SCHEMA
from .tables import from_rows

_AT_ONCE = 20_000
_INDEXES = """
CREATE INDEX part_organisation ON participation (organisation_id, starts DESC, project_id);
CREATE INDEX part_project ON participation (project_id);
CREATE INDEX same_organisation ON same (organisation_id);
"""

type Row = tuple[object, ...]


def write_lookup(folder: Path) -> None:
    """The organisations, projects and participations of a snapshot, as they are shown on pages."""
    base = sqlite3.connect(folder / FILE)
    base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)
    with base:
        _fill(base, "organisation", _rows(folder, "organisations", _organisation))
        _fill(base, "project", _rows(folder, "projects", _project))
        _fill(base, "part", _rows(folder, "participations", _participation))
        base.execute(
            "INSERT INTO participation "
            "SELECT organisation_id, project_id, role, grant_, currency, coalesce(project.starts, '') "
            "FROM part LEFT JOIN project ON project.id = part.project_id ORDER BY part.id"
        )
        base.execute("DROP TABLE part")
        _fill(base, "same", _put_together(folder))
        base.executescript(_INDEXES)
    base.close()


def _rows(folder: Path, table: str, row: Callable[[Record], Row]) -> Iterator[Row]:
    with pq.ParquetFile(folder / f"{table}.parquet") as opened:
        for batch in opened.iter_batches(_AT_ONCE):
            yield from map(row, from_rows(table, batch))


def _put_together(folder: Path) -> Iterator[Row]:
    """Records that became part of another; the rest stand for themselves."""
    with pq.ParquetFile(folder / "same.parquet") as opened:
        for batch in opened.iter_batches(_AT_ONCE, columns=["id", "organisation_id"]):
            for key, body in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if key != body:
                    yield (key, body)


def _fill(base: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    width = len(base.execute(f"SELECT * FROM {table} LIMIT 0").description)
    base.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * width)})", rows)


def _organisation(record: Record) -> Row:
    assert isinstance(record, Organisation)
    told = {
        "names": dict(record.names),
        "aliases": record.aliases,
        "short_name": record.short_name,
        "place": record.place,
        "latitude": record.latitude,
        "longitude": record.longitude,
        "website": record.website,
        "identifiers": record.identifiers,
        "source": record.provenance.source,
        "source_url": record.provenance.source_url,
    }
    return (record.id, record.name, record.kind, record.country, json.dumps(told, ensure_ascii=False))


def _project(record: Record) -> Row:
    assert isinstance(record, Project)
    told = {
        "title": dict(record.title),
        "acronym": record.acronym,
        "programme": record.programme,
        "end": str(record.end),
        "budget": None if record.budget is None else str(record.budget),
        "currency": record.currency,
        "status": record.status,
        "themes": record.themes,
        "source": record.provenance.source,
        "source_url": record.provenance.source_url,
    }
    return (record.id, str(record.start), json.dumps(told, ensure_ascii=False))


def _participation(record: Record) -> Row:
    assert isinstance(record, Participation)
    grant = None if record.grant is None else str(record.grant)
    return (record.id, record.organisation_id, record.project_id, str(record.role), grant, record.currency)
