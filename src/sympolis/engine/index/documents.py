"""The documents of an index and their passages, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from ..model import Document
from ..texts.words import passages, spellings

MOST_PASSAGES = 4  # of one language; what comes later in a call is rules of the programme
_AT_ONCE = 500
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


def filter_tokens(document: Document) -> list[str]:
    """What a document can be filtered by, as ``name:value``; the same tokens serve words and vectors."""
    languages = {language for text in (document.title, document.text) for language, said in text.items() if said}
    return [
        f"kind:{document.kind}",
        *(f"country:{country}" for country in document.countries),
        *(f"language:{language}" for language in sorted(languages)),
        *(f"theme:{theme}" for theme in document.themes),
        *(f"audience:{audience}" for audience in document.audiences),
    ]


def names_of(document: Document) -> tuple[str, ...]:
    """What a document is called: an organisation by all its titles and aliases, anything else by its aliases."""
    titles = tuple(document.title.values()) if document.kind == "organisation" else ()
    return tuple(name for name in (*titles, *document.aliases) if name)


def split(document: Document) -> Iterator[tuple[str, str]]:
    """(language, passage) of a document: its title with every hundred words of its text.

    An organisation's bare names make no passage: names are matched by names, and their vectors are near to anything.
    """
    for language in dict.fromkeys([*document.title, *document.text]):
        title = document.title.get(language) or next((said for said in document.title.values() if said), "")
        parts = list(passages(document.text.get(language, "")))[:MOST_PASSAGES]
        if parts or (document.title.get(language) and document.kind != "organisation"):
            for part in parts or [""]:
                yield language, f"{title}. {part}".strip(". ") or title


def spellings_of(documents: Iterable[Document]) -> Counter[tuple[str, str]]:
    """(folded, written) -> how often, over all that documents say."""
    return Counter(
        pair
        for document in documents
        for said in (*document.title.values(), *document.text.values(), *document.aliases)
        for pair in spellings(said)
    )


class Documents:
    """Read by any number of processes, written by the one that holds the index's lock."""

    def __init__(self, file: Path, write: bool) -> None:
        self._address = str(file) if write else f"{file.absolute().as_uri()}?mode=ro"
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
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

    def put(self, documents: Sequence[Document]) -> list[tuple[int, Document]]:
        """Store documents in place of those of the same id; their new numbers."""
        connection = self._connection()
        with connection:
            self._delete([document.id for document in documents])
            self._spell(spellings_of(documents))
            numbered = []
            for document in documents:
                cursor = connection.execute(
                    "INSERT INTO document (id, record) VALUES (?, ?)", (document.id, _written(document))
                )
                number = int(cursor.lastrowid or 0)
                connection.executemany(
                    "INSERT INTO passage (document, language, text) VALUES (?, ?, ?)",
                    [(number, language, text) for language, text in split(document)],
                )
                numbered.append((number, document))
        return numbered

    def delete(self, ids: Sequence[str]) -> int:
        """Forget documents; how many there were."""
        with self._connection():
            return self._delete(ids)

    def _delete(self, ids: Sequence[str]) -> int:
        connection = self._connection()
        gone = 0
        self._spell(spellings_of(self.by_id(ids).values()), -1)
        for part in _parts(ids):
            marks = ",".join("?" * len(part))
            numbers = f"SELECT number FROM document WHERE id IN ({marks})"  # noqa: S608 - only marks
            connection.execute(f"DELETE FROM passage WHERE document IN ({numbers})", part)  # noqa: S608
            gone += connection.execute(f"DELETE FROM document WHERE id IN ({marks})", part).rowcount  # noqa: S608
        return gone

    def _spell(self, counted: Mapping[tuple[str, str], int], sign: int = 1) -> None:
        """Count spellings, or take back what was counted."""
        self._connection().executemany(
            "INSERT INTO spelling VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times",
            [(folded, written, sign * times) for (folded, written), times in counted.items()],
        )

    def spellings(self, folded: Collection[str]) -> dict[str, str]:
        """Folded word -> how it is most often written here; words nobody wrote are left out."""
        marks = ",".join("?" * len(folded))
        rows = self._connection().execute(
            f"SELECT folded, written FROM spelling WHERE folded IN ({marks}) AND times > 0 "  # noqa: S608 - only marks
            "ORDER BY times, written",
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
                f"SELECT number, record FROM document WHERE number IN ({marks})",  # noqa: S608 - only marks
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
                f"SELECT id, record FROM document WHERE id IN ({marks})",  # noqa: S608 - only marks
                part,
            )
            found.update((key, _read(record)) for key, record in rows)
        return found

    def passages(self) -> list[tuple[int, int]]:
        """(passage, document) numbers of all passages, in order of passage."""
        rows = self._connection().execute("SELECT number, document FROM passage ORDER BY number")
        return [(int(number), int(document)) for number, document in rows]

    def passages_of(self, documents: Sequence[int]) -> list[Passage]:
        """The passages of documents, in order."""
        return self._passages("document", documents)

    def passage_texts(self, numbers: Sequence[int]) -> list[Passage]:
        """Passages by their own numbers, in order."""
        return self._passages("number", numbers)

    def _passages(self, column: str, numbers: Sequence[int]) -> list[Passage]:
        found = []
        for part in _parts(list(numbers)):
            marks = ",".join("?" * len(part))
            found += [
                Passage(*row)
                for row in self._connection().execute(
                    f"SELECT number, document, language, text FROM passage "  # noqa: S608 - column is ours, only marks
                    f"WHERE {column} IN ({marks}) ORDER BY number",
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


def _written(document: Document) -> str:
    raw = asdict(document)
    raw["title"], raw["text"] = dict(document.title), dict(document.text)
    return json.dumps(raw, ensure_ascii=False, default=lambda day: day.isoformat())


def _read(record: str) -> Document:
    raw: Mapping[str, object] = json.loads(record)
    fixed: dict[str, object] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    for key in ("earliest", "latest"):
        if isinstance(fixed[key], str):
            fixed[key] = date.fromisoformat(str(fixed[key]))
    return Document(**fixed)  # type: ignore[arg-type]
