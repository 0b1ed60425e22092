"""What web processes look up in a snapshot, as one SQLite file: they read no Arrow. ``engine/world.py`` reads it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..model import PartialDate
from ..world import FILE, SCHEMA

_AT_ONCE = 20_000
_INDEXES = """
CREATE INDEX part_organisation ON participation (organisation_id, starts DESC, project_id);
CREATE INDEX part_project ON participation (project_id);
CREATE INDEX measurement_project ON measurement (project_id, place);
CREATE INDEX same_organisation ON same (organisation_id);
"""

_OF_BODY = (
    "names", "aliases", "short_name", "place", "latitude", "longitude", "website", "identifiers",
    "source", "source_url",
)  # fmt: skip
_OF_WORK = (
    "title", "acronym", "programme", "budget", "currency", "status", "themes", "source", "source_url",
)  # fmt: skip
_MEASURED = ("level", "title", "aim", "text", "unit", "baseline_words", "target_words", "reached_words")

type Row = tuple[Any, ...]


def write_lookup(folder: Path) -> None:
    """The organisations, projects and participations of a snapshot, as they are shown on pages."""
    base = sqlite3.connect(folder / FILE)
    base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)
    with base:
        _fill(base, "organisation", _rows(folder, "organisations", _organisations))
        _fill(base, "project", _rows(folder, "projects", _projects))
        _fill(base, "measurement", _rows(folder, "measurements", _measurements))
        _fill(base, "part", _rows(folder, "participations", _participations))
        base.execute(
            "INSERT INTO participation "
            "SELECT organisation_id, project_id, role, grant_, currency, coalesce(project.starts, '') "
            "FROM part LEFT JOIN project ON project.id = part.project_id ORDER BY part.id"
        )
        base.execute("DROP TABLE part")
        _fill(base, "same", _put_together(folder))
        base.executescript(_INDEXES)
    base.close()


def _rows(folder: Path, table: str, rows_of: Callable[[pa.RecordBatch], Iterable[Row]]) -> Iterator[Row]:
    with pq.ParquetFile(folder / f"{table}.parquet") as opened:
        for batch in opened.iter_batches(_AT_ONCE):
            yield from rows_of(batch)


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


def _organisations(rows: pa.RecordBatch) -> Iterator[Row]:
    return zip(*_columns(rows, "id", "name", "kind", "country"), map(_written, _told(rows, _OF_BODY)), strict=True)


def _projects(rows: pa.RecordBatch) -> Iterator[Row]:
    starts, ends = (list(map(str, map(PartialDate, *_days(rows, name)))) for name in ("start", "end"))
    told = (_work(one, end) for one, end in zip(_told(rows, _OF_WORK), ends, strict=True))
    return zip(*_columns(rows, "id"), starts, map(_written, told), strict=True)


def _work(told: dict[str, Any], end: str) -> dict[str, Any]:
    """``end`` comes third, where it always stood: the same input gives the same bytes."""
    named = {name: told.pop(name) for name in ("title", "acronym", "programme")}
    return {**named, "end": end, **told, "budget": _amount(told["budget"])}


def _participations(rows: pa.RecordBatch) -> Iterator[Row]:
    key, body, project, role, grant, currency = _columns(
        rows, "id", "organisation_id", "project_id", "role", "grant", "currency"
    )
    return zip(key, body, project, role, map(_amount, grant), currency, strict=True)


def _measurements(rows: pa.RecordBatch) -> Iterator[Row]:
    days = [list(map(str, map(PartialDate, *_days(rows, name)))) for name in ("start", "end", "measured")]
    numbers = [list(map(_number, column)) for column in _columns(rows, "baseline", "target", "reached")]
    project, order = _columns(rows, "project_id", "order")
    names = ("start", "end", "measured", "baseline", "target", "reached")
    more = (dict(zip(names, values, strict=True)) for values in zip(*days, *numbers, strict=True))
    told = ({**one, **rest} for one, rest in zip(_told(rows, _MEASURED), more, strict=True))
    return zip(project, order, map(_written, told), strict=True)


def _days(rows: pa.RecordBatch, name: str) -> Iterator[list[Any]]:
    return _columns(rows, f"{name}_earliest", f"{name}_latest")


def _told(rows: pa.RecordBatch, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What rows say in some columns."""
    return (dict(zip(names, values, strict=True)) for values in zip(*_columns(rows, *names), strict=True))


def _columns(rows: pa.RecordBatch, *names: str) -> Iterator[list[Any]]:
    """The other columns, texts above all, are not made into objects: a world has many."""
    return (rows.column(name).to_pylist(maps_as_pydicts="lossy") for name in names)


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _number(measured: Decimal | None) -> str | None:
    """Without zeros that say nothing and without an exponent."""
    return None if measured is None else f"{measured.normalize():f}"


_written = json.JSONEncoder(ensure_ascii=False).encode
