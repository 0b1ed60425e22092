"""The heavy steps of a build on this machine: processes on all cores, where there is enough to do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from .parse import Input, parse_file

_WORTH_A_PROCESS = 8 << 20  # bytes to read; starting a process takes a second
_WORTH_A_POOL = 4_000  # records


class Here:
    """A runner on this machine."""

    ahead = 8

    def read(self, waiting: Sequence[Input], cache: Path) -> Iterator[Input]:
        """Read files into folders of the cache; each file as soon as its folder is there."""
        if len(waiting) < 2 or sum(one.size for one in waiting) < _WORTH_A_PROCESS:
            for one in waiting:
                parse_file(one, cache)
                yield one
            return
        with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
            started = {pool.submit(parse_file, one, cache): one for one in waiting}
            for finished in as_completed(started):
                finished.result()
                yield started[finished]

    @contextmanager
    def workers(self, records: int) -> Iterator[Executor | None]:
        """Processes of their own where there is enough to do."""
        if records < _WORTH_A_POOL:
            yield None
            return
        with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
            yield pool
