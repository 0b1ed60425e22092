"""Records as rows of the tables of a snapshot, written a few thousand at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from ..model import (
    Call,
    Contribution,
    Event,
    Measurement,
    Need,
    Organisation,
    PartialDate,
    Participation,
    Place,
    PlanAction,
    Project,
    Provenance,
    Record,
    Relation,
)
from .schemas import SCHEMAS

TABLES: Mapping[type, str] = {
    Organisation: "organisations",
    Place: "places",
    Relation: "relations",
    Project: "projects",
    Participation: "participations",
    Measurement: "measurements",
    Call: "calls",
    Event: "events",
    Need: "needs",
    PlanAction: "plan_actions",
    Contribution: "contributions",
}

_AT_ONCE = 20_000
_PROVENANCE = tuple(field.name for field in fields(Provenance))
_UNITS = dict.fromkeys(("cofinancing_rate", "baseline", "target", "reached"), Decimal("0.0001"))
_CENT = Decimal("0.01")

type Column = Sequence[Any]
type Cell = Callable[[Any], Any]


class Tables:
    """Parquet files of one folder, a file for each table that got a row."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[type, list[Record]] = {}
        self._files: dict[str, pq.ParquetWriter] = {}
        self.counts: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            for waiting in list(self._waiting):
                self._write(waiting)
        for file in self._files.values():
            file.close()

    def add(self, record: Record) -> None:
        """Put a record into its table. Its rows come in the order they are added in."""
        waiting = self._waiting.setdefault(type(record), [])
        waiting.append(record)
        if len(waiting) >= _AT_ONCE:
            self._write(type(record))

    def _write(self, kind: type) -> None:
        records = self._waiting[kind]
        name = TABLES[kind]
        if not records:
            return
        if name not in self._files:
            self._files[name] = pq.ParquetWriter(self._folder / f"{name}.parquet", SCHEMAS[name], compression="zstd")
        self._files[name].write_table(to_table(records))
        self.counts[name] = self.counts.get(name, 0) + len(records)
        records.clear()


def to_table(records: Sequence[Record]) -> pa.Table:
    """Records of one kind as the rows of its table."""
    kind = type(records[0])
    schema = SCHEMAS[TABLES[kind]]
    columns = dict(_columns(kind, records))
    return pa.table([pa.array(columns[field.name], field.type) for field in schema], schema=schema)


def _columns(kind: type, records: Sequence[Record]) -> Iterator[tuple[str, Column]]:
    names = [field.name for field in fields(kind)]
    for name, cells in zip(names, zip(*map(attrgetter(*names), records), strict=True), strict=True):
        if name == "provenance":
            parts = zip(*map(attrgetter(*_PROVENANCE), cells), strict=True)
            yield from zip(_PROVENANCE, parts, strict=True)
        elif any(isinstance(cell, PartialDate) for cell in cells[:1]):
            yield f"{name}_earliest", [cell.earliest for cell in cells]
            yield f"{name}_latest", [cell.latest for cell in cells]
        else:
            yield name, _plain(name, cells)


def _plain(name: str, cells: Column) -> Column:
    """Cells as Arrow takes them: texts as sorted pairs, amounts to the cent, what is no money more finely."""
    first = next((cell for cell in cells if cell is not None), None)
    if isinstance(first, Mapping):
        return [sorted(cell.items()) for cell in cells]
    if isinstance(first, Decimal):
        unit = _UNITS.get(name, _CENT)
        return [None if cell is None else cell.quantize(unit) for cell in cells]
    return cells


_RECORDS = {name: kind for kind, name in TABLES.items()}


def from_rows(name: str, rows: pa.Table | pa.RecordBatch) -> Iterator[Record]:
    """The records that rows of a table were made of."""
    kind = _RECORDS[name]
    made = [(field.name, _reader(field.name, str(field.type))) for field in fields(kind)]
    for row in rows.to_pylist(maps_as_pydicts="lossy"):
        yield kind(**{field: read(row) for field, read in made})


def _reader(name: str, written: str) -> Cell:
    """What makes a field of a record out of a row."""
    if name == "provenance":
        return lambda row: Provenance(**{part: row[part] for part in _PROVENANCE})
    if written == "PartialDate":
        return lambda row: _partial(row[f"{name}_earliest"], row[f"{name}_latest"])
    if written.startswith("tuple"):
        return lambda row: tuple(row[name] or ())
    return lambda row: row[name]


def _partial(earliest: date | None, latest: date | None) -> PartialDate:
    return PartialDate(earliest, latest)
