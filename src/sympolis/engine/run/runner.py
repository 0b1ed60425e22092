"""Where the heavy steps of a build run: what this machine (``here.py``) and a cluster (``spark.py``) both offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from .parse import Input


class Runner(Protocol):
    """The same functions do the work wherever it is done, so that the rows are the same."""

    @property
    def ahead(self) -> int:
        """How many batches of texts to have in hand, so that nobody waits."""

    def read(self, waiting: Sequence[Input], cache: Path) -> Iterator[Input]:
        """Read files into folders of the cache; each file as soon as its folder is there."""

    def workers(self, records: int) -> AbstractContextManager[Executor | None]:
        """Who reads the texts of that many records; None: this process does it best itself."""
