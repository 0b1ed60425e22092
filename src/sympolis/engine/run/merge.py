"""Tables of many files into one of each: every record once, whoever told of it.

What one file leaves open another fills in. Where two say different things, the earlier file in order is believed;
lists and languages are united in that order. Rows come out sorted by id, so that the same input gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from .schemas import SCHEMAS

_ROWS_AT_ONCE = 20_000
_FILE_BITS = 40  # a row's rank is its file's, shifted so far, and its own place
_ANY_IS_TRUE = frozenset({"confirmed"})
_NAMING = {"name", "names", "aliases"}


@contextmanager
def database(scratch: Path, memory: str = "2GB") -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory that spills into a folder; nothing of it lasts."""
    scratch.mkdir(parents=True, exist_ok=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(scratch),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(config=settings)
    try:
        yield connection
    finally:
        connection.close()


def merge(parts: Sequence[Path], folder: Path, base: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """Write a parquet file for every table; table -> how many rows were read and how many records they told of."""
    counts = {}
    for name, schema in SCHEMAS.items():
        files = [part / f"{name}.parquet" for part in parts if (part / f"{name}.parquet").is_file()]
        if files:
            _rank(name, files, base)
            read = _number(base, f"SELECT count(*) FROM {name}")
            kept = write(base, united(name, schema), folder / f"{name}.parquet", schema)
            base.execute(f"DROP VIEW {name}")
        else:
            pq.write_table(schema.empty_table(), folder / f"{name}.parquet", compression="zstd")
            read = kept = 0
        counts[name] = {"read": read, "kept": kept}
    return counts


def _number(base: duckdb.DuckDBPyConnection, question: str) -> int:
    [[number]] = base.execute(question).fetchall()
    return int(number)


def _rank(name: str, files: Sequence[Path], base: duckdb.DuckDBPyConnection) -> None:
    """A view of the rows of all files with their ``rank``: the lower, the more it is believed."""
    wheres = " UNION ALL BY NAME ".join(
        f"SELECT *, ({at}::BIGINT << {_FILE_BITS}) + file_row_number AS rank "
        f"FROM read_parquet({quoted(file)}, file_row_number = true)"
        for at, file in enumerate(files)
    )
    base.execute(f"CREATE TEMP VIEW {name} AS {wheres}")


def quoted(file: Path) -> str:
    """A path as a string of SQL."""
    return "'" + str(file).replace("'", "''") + "'"


def united(name: str, schema: pa.Schema) -> str:
    """SQL for the rows of a view with ``rank``, one for each id: told once they pass as they are, else put together."""
    columns = [field.name for field in schema if field.name != "id"]
    plain = ", ".join(f'"{column}"' for column in columns)
    made = {column: _aggregate(schema.field(column)) for column in columns}
    if made.keys() >= _NAMING:
        made["aliases"] = _other_names(schema)
    together = ", ".join(f'{sql} AS "{column}"' for column, sql in made.items())
    return f"""
        WITH again AS MATERIALIZED (SELECT id FROM {name} GROUP BY id HAVING count(*) > 1)
        SELECT id, {plain} FROM {name} ANTI JOIN again USING (id)
        UNION ALL BY NAME
        SELECT id, {together} FROM {name} SEMI JOIN again USING (id) GROUP BY id
        ORDER BY id
    """


def _other_names(schema: pa.Schema) -> str:
    """What else a body is called: no row's name is lost, whichever is believed."""
    every = "list_concat(coalesce(aliases, []), [name], coalesce(map_values(names), []))"
    listed = f"flatten(list({every} ORDER BY rank))"
    kept = f"list_concat([{_aggregate(schema.field('name'))}], map_values({_aggregate(schema.field('names'))}))"
    return f"list_filter({listed}, lambda one, i: list_position({listed}, one) = i AND NOT list_contains({kept}, one))"


def _aggregate(field: pa.Field) -> str:
    column = f'"{field.name}"'
    if pa.types.is_map(field.type):
        listed = f"flatten(list(map_entries({column}) ORDER BY rank) FILTER ({column} IS NOT NULL))"
        keys = f"list_transform({listed}, lambda one: one.key)"
        return f"map_from_entries(list_filter({listed}, lambda one, i: list_position({keys}, one.key) = i))"
    if pa.types.is_list(field.type):
        listed = f"flatten(list({column} ORDER BY rank) FILTER ({column} IS NOT NULL))"
        return f"list_filter({listed}, lambda one, i: list_position({listed}, one) = i)"
    if pa.types.is_boolean(field.type):
        return f"bool_{'or' if field.name in _ANY_IS_TRUE else 'and'}({column})"
    said = f"{column} IS NOT NULL" + (f" AND {column} <> ''" if pa.types.is_string(field.type) else "")
    return f"coalesce(arg_min({column}, rank) FILTER ({said}), any_value({column}))"


def write(base: duckdb.DuckDBPyConnection, question: str, file: Path, schema: pa.Schema) -> int:
    """The rows of an answer as a parquet file of a schema; how many there were."""
    count = 0
    answer = base.sql(question).to_arrow_reader(_ROWS_AT_ONCE)
    with pq.ParquetWriter(file, schema, compression="zstd") as out:
        for batch in answer:
            out.write_table(pa.Table.from_batches([batch]).select(schema.names).cast(schema))
            count += batch.num_rows
    return count
