"""The tables of a snapshot as an index that can be asked, and as the file of calls that web processes read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from ..index import Index
from ..model import Call, Document
from ..texts.vectors import Vectors
from .describe import DESCRIBED
from .documents import document_of
from .tables import from_rows

_AT_ONCE = 5_000


def documents_in(folder: Path) -> Iterator[Document]:
    """Everything of a snapshot that can be found, table by table in order of id."""
    for name in DESCRIBED:
        with pq.ParquetFile(folder / f"{name}.parquet") as opened:
            for rows in opened.iter_batches(_AT_ONCE):
                for record in from_rows(name, rows):
                    document = document_of(record)
                    if document is not None:
                        yield document


def calls_in(folder: Path) -> Iterator[Call]:
    """The calls of a snapshot."""
    for record in from_rows("calls", pq.read_table(folder / "calls.parquet")):
        assert isinstance(record, Call)
        yield record


def build_index(folder: Path, vectors: Vectors) -> int:
    """An index of the documents of a snapshot, in its folder; how many there are."""
    with Index.create(folder / "index", vectors) as index:
        return index.add(documents_in(folder))
