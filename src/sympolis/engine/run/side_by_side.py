"""Two long lists matched by all cores of this machine, with the same answer as one process gives.

Items are read and put beside each other once; the tables lie in a file that every process maps into its memory.
"""

from __future__ import annotations

import mmap
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from ..match.items import ItemTable, facing, read_items
from ..match.rank import best_of, blocks
from ..model import Item, Match
from ..texts.vectors import Vectors

_WORTH_A_PROCESS = 1_500
"""Left items. A process takes two seconds to start; 256 items take about one to compare and write down."""

_AHEAD = 2  # parts for each process, so that nobody waits

type Tables = tuple[list[ItemTable], ItemTable]

_held: list[Tables] = []


def match_here[T](
    left: Sequence[Item],
    right: Sequence[Item],
    limit: int = 20,
    *,
    vectors: Vectors,
    finish: Callable[[list[Match]], T],
    step: Callable[[int], None] = lambda done: None,
) -> Iterator[T]:
    """What ``match.match`` gives, a part of the left items at a time, as ``finish`` makes it where it was found.

    ``finish`` is a function of a module, or a partial of one: it goes to other processes.
    """
    if not left or not right or limit < 1:
        return
    lefts, rights = facing(read_items(left, vectors), read_items(right, vectors), vectors, by_words=True)
    tables = list(blocks(lefts)), rights
    done = 0
    for part, made in zip(tables[0], _parts(tables, limit, finish), strict=True):
        yield made
        done += len(part)
        step(done)


def _parts[T](tables: Tables, limit: int, finish: Callable[[list[Match]], T]) -> Iterator[T]:
    """What is made of each part, in order."""
    cores = os.cpu_count() or 1
    if cores < 2 or sum(map(len, tables[0])) < _WORTH_A_PROCESS:
        yield from (finish(list(best_of(part, tables[1], limit))) for part in tables[0])
        return
    with TemporaryDirectory(prefix="sympolis-match-") as folder:
        put_down(tables, Path(folder))
        with ProcessPoolExecutor(cores, get_context("spawn"), _hold, (Path(folder),)) as pool:
            tasks = (pool.submit(_part, at, limit, finish) for at in range(len(tables[0])))
            waiting = list(islice(tasks, _AHEAD * cores))
            while waiting:
                yield waiting.pop(0).result()
                waiting += islice(tasks, 1)


def _hold(folder: Path) -> None:
    _held.append(take_up(folder))


def _part[T](at: int, limit: int, finish: Callable[[list[Match]], T]) -> T:
    [(parts, rights)] = _held
    return finish(list(best_of(parts[at], rights, limit)))


def put_down(tables: Tables, folder: Path) -> None:
    """Write tables to a folder: their arrays one after another in a file, the rest beside it (PEP 574)."""
    arrays: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(tables, protocol=5, buffer_callback=arrays.append)
    with (folder / "arrays").open("wb") as out:
        sizes = [out.write(array.raw()) for array in arrays]
    (folder / "rest").write_bytes(pickle.dumps((sizes, rest)))


def take_up(folder: Path) -> Tables:
    """The tables of a folder of ours; their arrays are mapped, can't be written to, and are shared by all who do so."""
    sizes, rest = pickle.loads((folder / "rest").read_bytes())  # noqa: S301 - written by the process that started us
    with (folder / "arrays").open("rb") as file:
        every = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    arrays, at = [], 0
    for size in sizes:
        arrays.append(every[at : at + size])
        at += size
    tables: Tables = pickle.loads(rest, buffers=arrays)  # noqa: S301 - as above
    return tables
