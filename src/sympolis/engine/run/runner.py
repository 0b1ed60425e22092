"""Where the heavy steps of a build run: what this machine (``here.py``) and a cluster (``spark.py``) both offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..errors import AtlasError
from .parse import Input

if TYPE_CHECKING:
    from .spark import Cluster


class Runner(Protocol):
    """The same functions do the work wherever it is done, so that the rows are the same."""

    @property
    def ahead(self) -> int:
        """How many batches of texts to have in hand, so that nobody waits."""

    def read(self, waiting: Sequence[Input], cache: Path) -> Iterator[Input]:
        """Read files into folders of the cache; each file as soon as its folder is there."""

    def workers(self, records: int) -> AbstractContextManager[Executor | None]:
        """Who reads the texts of that many records; None: this process does it best itself."""


@contextmanager
def cluster_at(address: str) -> Iterator[Cluster]:
    """A Spark cluster, whose part of the code is loaded only here. Raises AtlasError where there is none to be had."""
    try:
        from .spark import Cluster
    except ImportError as error:
        raise AtlasError(
            f"What asks a Spark cluster is not installed here ({error.name}).",
            "Install requirements/spark.txt, or go on without --spark.",
        ) from None
    with Cluster(address) as cluster:
        yield cluster
