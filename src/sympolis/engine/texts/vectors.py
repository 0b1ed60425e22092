"""Vectors of texts, computed once: a cache by content in one SQLite file, safe for several processes. They are kept
under their encoder's edition, so that none is found again that another edition made."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .encoders import CAREFUL, FAST, Matrix, load_encoder

KEPT = 400_000
"""How many vectors are kept, unless told otherwise."""

_BATCH = 64
_REMEMBERED = 5_000  # in this process beside a file, some 10 MB
_ASKED_AT_ONCE = 500
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vector (
    encoder TEXT NOT NULL, hash BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (encoder, hash)
) WITHOUT ROWID
"""


class Vectors:
    """Encoders with a memory. ``folder`` None keeps everything in this process.

    ``limit`` bounds how many vectors are kept; beyond it a tenth of them, by hash and so at random, is forgotten.
    """

    def __init__(
        self, folder: Path | None = None, encoders: Sequence[str] = (FAST, CAREFUL), limit: int = KEPT
    ) -> None:
        self.encoders = tuple(encoders)
        self.limit = limit
        self._lock = threading.Lock()
        self._recent: dict[tuple[str, bytes], npt.NDArray[np.float32]] = {}
        self._file = None if folder is None else folder / "vectors.sqlite"
        self._local = threading.local()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def encode(self, texts: Sequence[str], encoder: str = FAST) -> Matrix:
        """float32 (n, d), rows of length 1; what is not known yet is computed and kept."""
        keys = [text_key(text) for text in texts]
        found = self._look_up(set(keys), encoder)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        pending = list(missing.items())
        for start in range(0, len(pending), _BATCH):
            batch = pending[start : start + _BATCH]
            rows = self._computed([text for _, text in batch], encoder)
            found.update(zip((key for key, _ in batch), rows, strict=True))
            self._keep(zip((key for key, _ in batch), rows, strict=True), encoder)
        dimensions = load_encoder(encoder).dimensions
        return np.array([found[key] for key in keys], np.float32).reshape(len(texts), dimensions)

    def remember(self, rows: Mapping[str, Matrix], encoder: str) -> None:
        """Take over rows (d,) that were computed elsewhere, for this process only."""
        for text, row in rows.items():
            self._remember(encoder, text_key(text), np.asarray(row, np.float32))

    def learn(self, texts: Sequence[str], rows: Matrix, encoder: str) -> None:
        """Keep rows (n, d) that were computed elsewhere."""
        self._keep([(text_key(text), row) for text, row in zip(texts, rows, strict=True)], encoder)

    def unread(self, texts: Sequence[str], encoder: str) -> list[str]:
        """Those of some texts, each once, that are not known yet."""
        unique = list(dict.fromkeys(texts))
        _, mask = self.known(unique, encoder)
        return [text for text, known in zip(unique, mask, strict=True) if not known]

    def take_over(self, texts: Sequence[str], other: Vectors, encoder: str) -> int:
        """Keep what another memory knows of some texts and this one doesn't; how many rows these were."""
        missing = self.unread(texts, encoder)
        rows, there = other.known(missing, encoder)
        found = [(text_key(missing[at]), rows[at]) for at in np.flatnonzero(there)]
        self._keep(found, encoder)
        return len(found)

    def _computed(self, texts: Sequence[str], encoder: str) -> Matrix:
        return load_encoder(encoder).encode(texts)

    def known(self, texts: Sequence[str], encoder: str) -> tuple[Matrix, npt.NDArray[np.bool_]]:
        """float32 (n, d) and bool (n,): the vectors there are without computing any; unknown rows are zero."""
        keys = [text_key(text) for text in texts]
        found = self._look_up(set(keys), encoder)
        rows = np.zeros((len(texts), load_encoder(encoder).dimensions), np.float32)
        mask = np.array([key in found for key in keys], bool).reshape(len(texts))
        for at, key in enumerate(keys):
            if key in found:
                rows[at] = found[key]
        return rows, mask

    def fill(self, texts: Sequence[str], encoder: str = CAREFUL, limit: int | None = None) -> int:
        """Compute at most ``limit`` of the vectors that are missing; how many were computed (0: nothing is left)."""
        missing = self.unread(texts, encoder)[:limit]
        self.encode(missing, encoder)
        return len(missing)

    def _look_up(self, keys: set[bytes], encoder: str) -> dict[bytes, npt.NDArray[np.float32]]:
        found = {key: row for key in keys if (row := self._recent.get((encoder, key))) is not None}
        asked = sorted(keys - found.keys())
        if self._file is None or not asked:
            return found
        for start in range(0, len(asked), _ASKED_AT_ONCE):
            part = asked[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(part))
            rows = self._connection().execute(
                f"SELECT hash, value FROM vector WHERE encoder = ? AND hash IN ({marks})",  # noqa: S608 - only marks
                (load_encoder(encoder).edition, *part),
            )
            for key, value in rows:
                found[key] = np.frombuffer(value, np.float32)
                self._remember(encoder, key, found[key])
        return found

    def _keep(self, rows: Iterable[tuple[bytes, npt.NDArray[np.float32]]], encoder: str) -> None:
        kept = list(rows)
        for key, row in kept:
            self._remember(encoder, key, row)
        if self._file is None:
            return
        connection = self._connection()
        edition = load_encoder(encoder).edition
        with connection:
            connection.executemany(
                "INSERT OR IGNORE INTO vector VALUES (?, ?, ?)", [(edition, key, row.tobytes()) for key, row in kept]
            )
            (count,) = connection.execute("SELECT count(*) FROM vector").fetchone()
            if count > self.limit:
                connection.execute(
                    "DELETE FROM vector WHERE hash IN (SELECT hash FROM vector ORDER BY hash LIMIT ?)",
                    (count - self.limit + self.limit // 10,),
                )

    def _remember(self, encoder: str, key: bytes, row: npt.NDArray[np.float32]) -> None:
        with self._lock:
            if len(self._recent) >= (self.limit if self._file is None else min(self.limit, _REMEMBERED)):
                self._recent.clear()
            self._recent[encoder, key] = row

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(str(self._file), timeout=30)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(_SCHEMA)
            self._local.connection = connection
        return connection

    def close(self) -> None:
        """Let go of this thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None


def text_key(text: str) -> bytes:
    """What a text is known by: 16 bytes of its content."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
