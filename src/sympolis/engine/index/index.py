"""A folder of documents that can be asked: words, vectors and names, fused into one score."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import batched
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from ..errors import IndexUnavailable
from ..model import Document, Hit, Query
from ..resolve.gazetteer import Gazetteer
from ..texts.encoders import CAREFUL, FAST, Matrix
from ..texts.similarity import background
from ..texts.vectors import Vectors
from .dense import open_table
from .documents import Documents, Pairs
from .lexical import Lexical
from .lock import WriterLock
from .prepare import Batch, prepare, preparing
from .question import Asked, understood
from .reading import Columns, Fresh, Numbers, filter_groups
from .search import Question, Reading, search, tell
from .tables import is_same, link, write_table

FORMAT = 5
_BATCH = 500
_KEPT_GENERATIONS = 2
_TRIES = 5
_LONGEST_QUESTION = 2_000


class Index:
    """Opened by one writer or by any number of readers; see ``create`` and ``open``."""

    def __init__(self, folder: Path, vectors: Vectors | None, write: bool, towns: Gazetteer | None = None) -> None:
        self.folder = folder
        self._towns = towns
        self.encoders: tuple[str, ...] = tuple((folder / "encoders").read_text("ascii").split())
        self._lock = WriterLock(folder) if write else None
        self._vectors = vectors or Vectors(None, self.encoders)
        self._documents = Documents(folder / "documents.sqlite", write)
        self._lexical = Lexical(folder / "lexical", write)
        self._fresh = Fresh()
        self._reading = self._read()
        self._encode_question = lru_cache(maxsize=256)(self._question_vector)
        if write and self._unfinished.exists():
            self._recover()

    @classmethod
    def create(cls, folder: Path, vectors: Vectors | None = None, encoders: Sequence[str] = (FAST, CAREFUL)) -> Index:
        """An empty index in a folder, opened for writing; whatever index was there is replaced.

        The first encoder is the one every document has at once; the others come by ``encode_missing``.
        """
        folder.mkdir(parents=True, exist_ok=True)
        lock = WriterLock(folder)
        for part in ("lexical", "vectors", "columns"):
            shutil.rmtree(folder / part, ignore_errors=True)
        (folder / "documents.sqlite").unlink(missing_ok=True)
        (folder / "encoders").write_text(" ".join(encoders), "ascii")
        _write_generation(folder, 0)
        lock.release()
        return cls(folder, vectors, write=True)

    @classmethod
    def open(
        cls, folder: Path, vectors: Vectors | None = None, write: bool = False, towns: Gazetteer | None = None
    ) -> Index:
        """An index that is there. Raises IndexUnavailable where there is none, IndexLocked for a second writer.

        With ``towns`` a question may call a town as no document does.
        """
        _check_format(folder)
        return cls(folder, vectors, write, towns)

    @property
    def generation(self) -> int:
        """Counts the commits; a reader's is the one it has taken."""
        return self._reading.generation

    def __len__(self) -> int:
        return len(self._reading.columns.numbers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents, each in place of the one of the same id; they can be found when this returns. How many."""
        count = 0
        self._unfinished.touch()
        for batch in preparing(documents):
            self._put(batch)
            count += len(batch.documents)
        self._commit({self.encoders[0]: None})
        return count

    def _put(self, batch: Batch) -> None:
        numbers, gone = self._documents.put(batch)
        self._lexical.remove(list(gone.values()))
        self._lexical.add(zip(numbers, batch.documents, strict=True))
        self._fresh.put(numbers, batch.documents)
        self._fresh.gone.update(gone)

    def remove(self, ids: Iterable[str]) -> int:
        """Forget documents; how many there were."""
        self._unfinished.touch()
        gone = self._documents.delete(list(ids))
        if not gone:
            self._unfinished.unlink()
            return 0
        self._lexical.remove(list(gone.values()))
        self._fresh.gone.update(gone)
        self._commit({})
        return len(gone)

    def encode_missing(self, encoder: str = CAREFUL, limit: int | None = None) -> int:
        """Give an encoder's vectors to passages without; how many got one. 0 means that nothing is left."""
        if encoder not in self.encoders:
            return 0
        missing = len(self.without_row(encoder))
        if missing:
            self._commit({encoder: limit})
        return min(missing, limit) if limit is not None else missing

    def without_row(self, encoder: str) -> Numbers:
        """Passages an encoder has not read, in the order in which ``encode_missing`` takes them."""
        passages, _ = self._documents.passages()
        table = self._reading.tables.get(encoder)
        return passages if table is None else passages[~np.isin(passages, table.passages, assume_unique=True)]

    def passages_after(self, number: int, limit: int) -> Numbers:
        """The first passages with a higher number, ascending: for who reads all of them in slices, 0 at first."""
        passages, _ = self._documents.passages()
        return passages[passages > number][:limit]

    def texts_of(self, passages: Numbers) -> list[str]:
        """The texts of passages, by their numbers, ascending."""
        return [passage.text for passage in self._documents.passage_texts(passages.tolist())]

    def search(self, query: Query) -> list[Hit]:
        """The documents that answer best, with the passage that does; without text, all that the filters let by."""
        reading = self._reading
        asked = understood(query.text[:_LONGEST_QUESTION], self._documents)
        vectors = {name: self._encode_question(asked.told, name) for name in reading.tables if asked.told}
        hits = search(Question(query, asked, vectors), reading, self._lexical, self._documents, self._towns)
        return [*self._told(hits[: query.told], query, asked), *hits[len(hits[: query.told]) :]]

    def nearest(
        self, questions: Mapping[str, Matrix], query: Query, count: int
    ) -> tuple[list[Numbers], dict[int, Document]]:
        """Many questions at once, by vectors alone: for each the numbers of the ``count`` nearest documents of every
        encoder, ascending, and the documents of these numbers.

        ``questions`` are raw vectors (q, d) by encoder; of ``query`` only the filters count.
        """
        reading = self._reading
        allowed = reading.filters.allowed(filter_groups(query), query.after, query.before)
        tables = [(reading.tables[name], rows) for name, rows in questions.items() if name in reading.tables]
        found = [table.nearest(rows, allowed, count) for table, rows in tables]
        near = [np.unique(np.concatenate(one)) for one in zip(*found, strict=True)]
        held = self._documents.by_number(np.unique(np.concatenate([np.zeros(0, np.int64), *near])).tolist())
        there = np.array(sorted(held), np.int64)  # others were removed since this reader took its generation
        return [one[np.isin(one, there)] for one in near], held

    def rows(self, encoder: str, documents: Numbers) -> tuple[Matrix, Numbers]:
        """Centred rows (r, d) of some documents one after another, and how many each has; in the order of passages."""
        table = self._reading.tables.get(encoder)
        if table is None:
            return np.zeros((0, 0), np.float32), np.zeros(len(documents), np.int64)
        starts, sizes = table.of(documents)
        at = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
        return np.asarray(table.rows[at], np.float32), sizes

    def tell(self, hits: Sequence[Hit], query: Query) -> list[Hit]:
        """The same hits of ``search``, each with the passage that answers: for those that are shown only."""
        return self._told(hits, query, understood(query.text[:_LONGEST_QUESTION], self._documents))

    def _told(self, hits: Sequence[Hit], query: Query, asked: Asked) -> list[Hit]:
        return tell(hits, query, asked.written, self._documents) if query.text.strip() else list(hits)

    def get(self, ids: Iterable[str]) -> list[Document]:
        """Documents by id, in the order asked for; ids that are not there are left out."""
        wanted = list(ids)
        found = self._documents.by_id(wanted)
        return [found[key] for key in wanted if key in found]

    def encoded(self) -> dict[str, int]:
        """Encoder -> how many passages have its vector."""
        return {name: len(table.passages) for name, table in self._reading.tables.items()}

    def reload(self) -> bool:
        """Take the newest generation; False if this one is it. Reads one small file."""
        if _read_generation(self.folder) == self._reading.generation:
            return False
        self._lexical.reload()
        self._reading = self._read()
        return True

    def close(self) -> None:
        """Let go of files and lock."""
        self._lexical.close()
        self._documents.close()
        if self._lock is not None:
            self._lock.release()

    def _question_vector(self, text: str, encoder: str) -> Matrix:
        row: Matrix = _PASSING.encode([text], encoder)[0]
        return row

    @property
    def _unfinished(self) -> Path:
        """There while documents and words may differ: a writer that died left it."""
        return self.folder / "unfinished"

    def _recover(self) -> None:
        """Index the words of all documents again and encode what has no vector, after a writer died."""
        self._lexical.clear()
        self._documents.forget_spellings()
        self._reading = Reading(self._reading.generation, Columns.empty(), self._reading.tables)
        for listed in batched(self._documents.all(), _BATCH):
            batch = prepare([document for _, document in listed])
            numbers = [number for number, _ in listed]
            self._documents.count_spellings(batch.spelled)
            self._lexical.add(zip(numbers, batch.documents, strict=True))
            self._fresh.put(numbers, batch.documents)
        self._commit({self.encoders[0]: None})

    def _read(self) -> Reading:
        """The newest generation; read again where the writer took its files away meanwhile."""
        for _ in range(_TRIES):
            generation = _read_generation(self.folder)
            try:
                reading = self._reading_of(generation)
            except FileNotFoundError:
                continue
            if generation >= _read_generation(self.folder) - _KEPT_GENERATIONS + 1:
                return reading
        raise IndexUnavailable(f"The index in {self.folder} changes faster than it can be read.", "Try again.")

    def _reading_of(self, generation: int) -> Reading:
        tables = {
            name: table
            for name in self.encoders
            if (table := open_table(self.folder / "vectors", name, generation)) is not None
        }
        columns = self.folder / "columns" / f"of.{generation}"
        return Reading(generation, Columns.open(columns) if generation else Columns.empty(), tables)

    def _commit(self, encode: dict[str, int | None]) -> None:
        """Write files of the next generation, computing at most so many rows for the encoders named, and publish."""
        generation = _read_generation(self.folder) + 1
        self._documents.write_spellings()
        self._write_columns(generation)
        present = self._documents.passages()
        for name in self.encoders:
            if name in encode or name in self._reading.tables:
                self._write_table(name, generation, present, encode.get(name, 0))
        self._lexical.commit()
        _write_generation(self.folder, generation)
        self._unfinished.unlink(missing_ok=True)
        self._fresh = Fresh()
        self._reading = self._read()
        for old in [*(self.folder / "vectors").glob("*.*"), *(self.folder / "columns").glob("*.*")]:
            if int(old.name.rsplit(".", 1)[1]) <= generation - _KEPT_GENERATIONS:
                shutil.rmtree(old, ignore_errors=True)

    def _write_columns(self, generation: int) -> None:
        folder = self.folder / "columns"
        if self._fresh or not self._reading.generation:
            self._reading.columns.with_fresh(self._fresh).save(folder / f"of.{generation}")
        else:
            link(folder / f"of.{self._reading.generation}", folder / f"of.{generation}")

    def _write_table(self, name: str, generation: int, present: Pairs, limit: int | None) -> None:
        old, folder = self._reading.tables.get(name), self.folder / "vectors"
        if old is not None and is_same(old, present, limit):
            link(folder / f"{name}.{self._reading.generation}", folder / f"{name}.{generation}")
            return
        against = old.against if old else background(name, self._vectors)
        write_table(folder / f"{name}.{generation}", old, present, limit, partial(self._encode, name), against)

    def _encode(self, encoder: str, passages: Numbers) -> Matrix:
        return self._vectors.encode(self.texts_of(passages), encoder)


_PASSING = Vectors(None, limit=500)  # questions are kept for the moment, never in the cache of documents


def _read_generation(folder: Path) -> int:
    try:
        return int((folder / "generation").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError) as error:
        raise IndexUnavailable(f"There is no index in {folder}.", "Build it first.") from error


def _write_generation(folder: Path, generation: int) -> None:
    new = folder / "generation.new"
    new.write_text(f"{FORMAT} {generation}\n", "ascii")
    new.replace(folder / "generation")


def _check_format(folder: Path) -> None:
    _read_generation(folder)
    if (folder / "generation").read_text("ascii").split()[0] != str(FORMAT):
        raise IndexUnavailable(f"The index in {folder} was made by another version.", "Build it again.")
