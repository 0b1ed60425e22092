"""The documents of an index and their passages, in one SQLite file."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from ..model import Document
from .prepare import Batch, Prepared, spellings_of

_AT_ONCE = 500
_MOST_SPELLINGS = 500_000  # in memory before they are written, some 100 MB
_PAIRS = np.dtype([("passage", np.int64), ("document", np.int64)])
_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, record TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS passage (
    number INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS passage_document ON passage (document);
CREATE TABLE IF NOT EXISTS spelling (
    folded TEXT NOT NULL, written TEXT NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (folded, written)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """At most some hundred words of one document in one language, with its title before them."""

    number: int
    document: int
    language: str
    text: str


type Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


class Documents:
    """Read by any number of processes, written by the one that holds the index's lock."""

    def __init__(self, file: Path, write: bool) -> None:
        self._address = str(file) if write else f"{file.absolute().as_uri()}?mode=ro"
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._spelled: Counter[tuple[str, str]] = Counter()
        if write:
            self._connection().executescript(_SCHEMA)

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self._address, timeout=30, uri=self._address.startswith("file:"), check_same_thread=False
            )
            self._local.connection = connection
            self._opened.append(connection)
        return connection

    def put(self, batch: Batch) -> tuple[list[int], dict[int, str]]:
        """Store documents in place of those of the same id: their new numbers, and number -> id of what they replace.

        How they spell is counted; ``write_spellings`` writes it down.
        """
        connection = self._connection()
        with connection:
            gone = self._delete([document.id for document in batch.documents])
            first = self._last_number() + 1
            numbers = list(range(first, first + len(batch.documents)))
            rows = list(zip(numbers, batch.documents, strict=True))
            connection.executemany(
                "INSERT INTO document (number, id, record) VALUES (?, ?, ?)",
                [(number, document.id, document.record) for number, document in rows],
            )
            connection.executemany("INSERT INTO passage (document, language, text) VALUES (?, ?, ?)", _passages(rows))
        self._spelled.update(batch.spelled)
        if len(self._spelled) > _MOST_SPELLINGS:
            self.write_spellings()
        return numbers, gone

    def _last_number(self) -> int:
        """No number is given twice."""
        row = self._connection().execute("SELECT seq FROM sqlite_sequence WHERE name = 'document'").fetchone()
        return int(row[0]) if row else 0

    def delete(self, ids: Sequence[str]) -> dict[int, str]:
        """Forget documents; number -> id of those there were."""
        with self._connection():
            return self._delete(ids)

    def _delete(self, ids: Sequence[str]) -> dict[int, str]:
        connection = self._connection()
        gone: dict[int, str] = {}
        for part in _parts(ids):
            marks = ",".join("?" * len(part))
            gone |= dict(connection.execute(f"SELECT number, id FROM document WHERE id IN ({marks})", part))
        for documents in _parts(list(gone)):
            marks = ",".join("?" * len(documents))
            self._spelled.subtract(spellings_of(self.by_number(documents).values()))
            connection.execute(f"DELETE FROM passage WHERE document IN ({marks})", documents)
            connection.execute(f"DELETE FROM document WHERE number IN ({marks})", documents)
        return gone

    def write_spellings(self) -> None:
        """Write down how often words were spelled how since the last time."""
        with self._connection() as connection:
            connection.executemany(
                "INSERT INTO spelling VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times",
                ((folded, written, times) for (folded, written), times in sorted(self._spelled.items())),
            )
        self._spelled.clear()

    def forget_spellings(self) -> None:
        """Count all again: what was put since the last writing is not known any more."""
        self._spelled.clear()
        with self._connection() as connection:
            connection.execute("DELETE FROM spelling")

    def count_spellings(self, spelled: Mapping[tuple[str, str], int]) -> None:
        """Count what documents that are here already say."""
        self._spelled.update(spelled)

    def spellings(self, folded: Collection[str]) -> dict[str, str]:
        """Folded word -> how it is most often written here; words nobody wrote are left out."""
        marks = ",".join("?" * len(folded))
        rows = self._connection().execute(
            f"SELECT folded, written FROM spelling WHERE folded IN ({marks}) AND times > 0 ORDER BY times, written",
            list(folded),
        )
        return dict(rows.fetchall())

    def all(self) -> Iterator[tuple[int, Document]]:
        """Every document with its number, in order of number."""
        for number, record in self._connection().execute("SELECT number, record FROM document ORDER BY number"):
            yield number, _read(record)

    def by_number(self, numbers: Iterable[int]) -> dict[int, Document]:
        """Documents by number; numbers that are gone are left out."""
        found: dict[int, Document] = {}
        for part in _parts(list(numbers)):
            marks = ",".join("?" * len(part))
            rows = self._connection().execute(
                f"SELECT number, record FROM document WHERE number IN ({marks})",
                part,
            )
            found.update((number, _read(record)) for number, record in rows)
        return found

    def by_id(self, ids: Sequence[str]) -> dict[str, Document]:
        """Documents by id; ids that are not there are left out."""
        found: dict[str, Document] = {}
        for part in _parts(ids):
            marks = ",".join("?" * len(part))
            rows = self._connection().execute(
                f"SELECT id, record FROM document WHERE id IN ({marks})",
                part,
            )
            found.update((key, _read(record)) for key, record in rows)
        return found

    def passages(self) -> Pairs:
        """Numbers of all passages and of their documents, both ascending."""
        rows = self._connection().execute("SELECT number, document FROM passage ORDER BY number")
        pairs = np.fromiter(rows, _PAIRS)
        return pairs["passage"].copy(), pairs["document"].copy()

    def passage_texts(self, numbers: Sequence[int]) -> list[Passage]:
        """Passages by their own numbers, in order."""
        return self._passages("number", numbers)

    def passage_languages(self, documents: Sequence[int]) -> dict[int, str]:
        """Passage -> its language, of some documents."""
        found: dict[int, str] = {}
        for part in _parts(documents):
            marks = ",".join("?" * len(part))
            rows = self._connection().execute(f"SELECT number, language FROM passage WHERE document IN ({marks})", part)
            found.update(rows.fetchall())
        return found

    def _passages(self, column: str, numbers: Sequence[int]) -> list[Passage]:
        found = []
        for part in _parts(list(numbers)):
            marks = ",".join("?" * len(part))
            found += [
                Passage(*row)
                for row in self._connection().execute(
                    f"SELECT number, document, language, text FROM passage WHERE {column} IN ({marks}) ORDER BY number",
                    part,
                )
            ]
        return found

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        self._local = threading.local()


def _parts[T](listed: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]


def _passages(rows: Iterable[tuple[int, Prepared]]) -> Iterator[tuple[int, str, str]]:
    return ((number, language, text) for number, document in rows for language, text in document.passages)


def _read(record: str) -> Document:
    return _documents().validate_json(record)


@cache
def _documents() -> TypeAdapter[Document]:
    """Reads a record in a third of the time that `json` and a dataclass take: a question reads three hundred."""
    return TypeAdapter(Document)
