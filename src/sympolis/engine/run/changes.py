"""What a later visit to a source says otherwise than an earlier one: deadlines of calls that moved, calls that opened.

Found in the inputs themselves, which keep every visit, so that the same input tells the same changes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from .merge import quoted

FILE = "call_changes.jsonl"
_WATCHED = ("deadlines", "status")


def write_call_changes(parts: Sequence[Path], folder: Path, base: duckdb.DuckDBPyConnection) -> int:
    """``call_changes.jsonl``: id, day it was noticed, field, before, after; by day and id. How many there are."""
    files = ", ".join(quoted(part / "calls.parquet") for part in parts if (part / "calls.parquet").is_file())
    rows = base.execute(_question(files)).fetchall() if files else []
    with (folder / FILE).open("w", encoding="utf-8") as out:
        for key, noticed, field, before, after in rows:
            told = {"id": key, "noticed_on": noticed.isoformat(), "field": field, "before": before, "after": after}
            out.write(json.dumps(told, ensure_ascii=False) + "\n")
    return len(rows)


def _question(files: str) -> str:
    """Every visit beside the one before it, field by field; a field nobody fills says nothing."""
    one_by_one = " UNION ALL ".join(
        f"SELECT id, retrieved_at, '{field}' AS field, "
        f"array_to_string([one::VARCHAR FOR one IN {_listed(field)} IF one::VARCHAR <> ''], ' ') AS said "
        f"FROM read_parquet([{files}]) WHERE retrieved_at IS NOT NULL"
        for field in _WATCHED
    )
    return (
        "WITH told AS (SELECT id, retrieved_at, field, max(said) AS said FROM "
        f"({one_by_one}) WHERE said <> '' GROUP BY ALL), "
        "beside AS (SELECT *, lag(said) OVER (PARTITION BY id, field ORDER BY retrieved_at) AS before FROM told) "
        "SELECT id, retrieved_at, field, before, said FROM beside WHERE before <> said ORDER BY retrieved_at, id, field"
    )


def _listed(field: str) -> str:
    return field if field == "deadlines" else f"[{field}]"
