"""Public ids: one opaque id for life, kept in a ledger that outlives every rebuild, import and undo."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # base32 without l, o, 0 and 1, which people mistake for each other
LENGTH = 12


def new_id(prefix: str) -> str:
    """A fresh opaque id: ``org_`` and 12 letters and digits (60 random bits)."""
    return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"


def ids_for(prefix: str, source: str, source_ids: Iterable[str]) -> dict[str, str]:
    """The public id of each record of a source: the one it always had, or a fresh one that is kept from now on."""
    wanted = list(dict.fromkeys(source_ids))
    with _ledger(settings.HOME.ids) as ledger:
        known = dict(
            ledger.execute("SELECT source_id, public_id FROM ids WHERE prefix = ? AND source = ?", (prefix, source))
        )
        fresh = {source_id: new_id(prefix) for source_id in wanted if source_id not in known}
        ledger.executemany(
            "INSERT INTO ids (prefix, source, source_id, public_id) VALUES (?, ?, ?, ?)",
            [(prefix, source, source_id, public_id) for source_id, public_id in fresh.items()],
        )
    known.update(fresh)
    return {source_id: known[source_id] for source_id in wanted}


@contextmanager
def _ledger(path: Path) -> Iterator[sqlite3.Connection]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=20, isolation_level="IMMEDIATE")) as connection, connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS ids (prefix TEXT, source TEXT, source_id TEXT, public_id TEXT UNIQUE,"
            " PRIMARY KEY (prefix, source, source_id))"
        )
        yield connection
