"""What records are about: vectors of their passages, themes and goals out of their texts.

Nothing is computed twice: vectors are kept by the content of a passage, tags by the content of the text and by the code
and vocabulary that read them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import batched, islice
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow.parquet as pq

from .. import texts as texts_package
from ..index.prepare import split
from ..model import Call, Contribution, Event, Need, Project, Record
from ..texts.encoders import FAST, Matrix, load_encoder
from ..texts.themes import tag
from ..texts.vector_blocks import VectorBlocks
from ..texts.vectors import Vectors, text_key
from .clock import Progress
from .documents import document_of
from .runner import Runner
from .schemas import SCHEMAS
from .tables import from_rows, to_table

DESCRIBED = ("calls", "contributions", "events", "needs", "organisations", "plan_actions", "projects")
"""Tables whose rows have texts to be read."""

_TAGGED = (Call, Contribution, Event, Need, Project)
_AT_ONCE = 512

type Tags = tuple[tuple[str, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """What was found out about texts: float16 rows (n, d) of all that were asked for, tags of those to be tagged."""

    rows: Matrix
    tags: list[Tags]


def read_texts(passages: Sequence[str], tagged: Sequence[str], known: Mapping[str, Matrix]) -> Told:
    """Encode passages and tag texts, some of which have a known row. Runs in any process; keeps nothing."""
    vectors = _passing()
    vectors.remember(known, FAST)
    rows = vectors.encode(passages, FAST) if passages else np.zeros((0, load_encoder(FAST).dimensions), np.float32)
    themes, goals = tag(tagged, "theme", vectors), tag(tagged, "sdg", vectors)
    tags = [
        (
            tuple(one.code for one in about if one.accepted),
            tuple(sorted(int(one.code) for one in served if one.accepted)),
        )
        for about, served in zip(themes, goals, strict=True)
    ]
    return Told(rows.astype(np.float16), tags)


@lru_cache
def _passing() -> Vectors:
    return Vectors(None, (FAST,), limit=20_000)


class TagCache:
    """Tags by the content of a text, in a file."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(folder / "tags.sqlite")
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=NORMAL")
        self._base.execute(
            "CREATE TABLE IF NOT EXISTS tags "
            "(key BLOB PRIMARY KEY, themes TEXT NOT NULL, goals TEXT NOT NULL) WITHOUT ROWID"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def look_up(self, keys: Sequence[bytes]) -> dict[bytes, Tags]:
        """The tags of those that are known."""
        found: dict[bytes, Tags] = {}
        for part in batched(keys, 500):
            marks = ",".join("?" * len(part))
            for key, themes, goals in self._base.execute(
                f"SELECT key, themes, goals FROM tags WHERE key IN ({marks})",
                part,
            ):
                found[key] = (tuple(themes.split()), tuple(int(one) for one in goals.split()))
        return found

    def keep(self, tags: dict[bytes, Tags]) -> None:
        """Keep tags."""
        rows = [(key, " ".join(themes), " ".join(map(str, goals))) for key, (themes, goals) in tags.items()]
        with self._base:
            self._base.executemany("INSERT OR REPLACE INTO tags VALUES (?, ?, ?)", rows)


@lru_cache
def reading_version() -> bytes:
    """A digest of the code and vocabulary that texts are read with."""
    digest = hashlib.sha256()
    folder = Path(str(texts_package.__file__)).parent
    code = [
        folder / f"{name}.py"
        for name in ("themes", "goals", "tags", "phrases", "words", "languages", "similarity", "encoders")
    ]
    for file in [*code, *sorted((folder / "vocabulary").glob("*.yaml"))]:
        digest.update(file.read_bytes())
    return digest.digest()


def tag_key(text: str) -> bytes:
    """What the tags of a text are known by."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16, key=reading_version()[:32]).digest()


def describe(source: Path, folder: Path, vectors: VectorBlocks, cache: Path, runner: Runner, tell: Progress) -> None:
    """Read the tables of one folder and write those with texts into another, tagged; vectors are kept on the way."""
    total = sum(pq.read_metadata(source / f"{name}.parquet").num_rows for name in DESCRIBED)
    done = 0
    with TagCache(cache) as tags, runner.workers(total) as pool:
        for name in DESCRIBED:
            with pq.ParquetWriter(folder / f"{name}.parquet", SCHEMAS[name], compression="zstd") as out:
                asked = (_Batch(records, vectors, tags, pool) for records in _batches(source / f"{name}.parquet", name))
                for records in _described(asked, vectors, tags, runner.ahead):
                    out.write_table(to_table(records))
                    done += len(records)
                    tell("describe", done, total)
    vectors.close()


def _batches(file: Path, name: str) -> Iterator[list[Record]]:
    with pq.ParquetFile(file) as opened:
        for rows in opened.iter_batches(_AT_ONCE):
            yield list(from_rows(name, rows))


def _described(batches: Iterator[_Batch], vectors: VectorBlocks, tags: TagCache, ahead: int) -> Iterator[list[Record]]:
    """Batches in order, each when what was missing of it has come; some are always on their way."""
    waiting = list(islice(batches, ahead))
    while waiting:
        yield waiting.pop(0).finish(vectors, tags)
        waiting += islice(batches, 1)


class _Batch:
    """Some records, what is known of their texts, and the answer that is awaited for the rest."""

    def __init__(self, records: list[Record], vectors: VectorBlocks, tags: TagCache, pool: Executor | None) -> None:
        self._records = records
        documents = [document_of(record) for record in records]
        passages = [[text for _, text in split(one)] if one is not None else [] for one in documents]
        every = list(dict.fromkeys(text for parts in passages for text in parts))
        keys = [text_key(text) for text in every]
        missing = vectors.missing(keys, FAST)
        self._keys = [keys[at] for at in missing]
        self._texts = [_first(parts) if _lacks(one) else None for one, parts in zip(records, passages, strict=True)]
        wanted = {tag_key(text): text for text in self._texts if text}
        self._known = tags.look_up(list(wanted))
        self._asked = {key: text for key, text in wanted.items() if key not in self._known}
        new = {every[at] for at in missing}
        seen = [text for text in self._asked.values() if text not in new]
        known = dict(zip(seen, vectors.encode(seen, FAST), strict=True))
        self._told = _ask(pool, [every[at] for at in missing], list(self._asked.values()), known)

    def finish(self, vectors: VectorBlocks, tags: TagCache) -> list[Record]:
        """The records with what was found out, which is kept."""
        told = self._told()
        if self._keys:
            vectors.keep(self._keys, told.rows, FAST)
        fresh = dict(zip(self._asked, told.tags, strict=True))
        if fresh:
            tags.keep(fresh)
        known = self._known | fresh
        pairs = zip(self._records, self._texts, strict=True)
        return [_tagged(record, known[tag_key(text)]) if text else record for record, text in pairs]


def _ask(
    pool: Executor | None, passages: Sequence[str], tagged: Sequence[str], known: Mapping[str, Matrix]
) -> Callable[[], Told]:
    if not passages and not tagged:
        return lambda: Told(np.zeros((0, 0), np.float32), [])
    if pool is None:
        return lambda: read_texts(passages, tagged, known)
    answer: Future[Told] = pool.submit(read_texts, passages, tagged, known)
    return answer.result


def _first(passages: Sequence[str]) -> str:
    """What a record is tagged by: its first passage, which the index encodes as well."""
    return passages[0] if passages else ""


def _lacks(record: Record) -> bool:
    return isinstance(record, _TAGGED) and not (record.themes and record.sdgs)


def _tagged(record: Record, tags: Tags) -> Record:
    """What a source declared stays."""
    assert isinstance(record, _TAGGED)
    return replace(record, themes=record.themes or tags[0], sdgs=record.sdgs or tags[1])
