"""Who is using a home: servers and workers share it, a restore wants it alone."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sympolis.office.core.keeping.errors import KeepingError

_LOCK = "running.lock"  # held by the operating system, so that it is free again when a process dies


@contextmanager
def at_work_in(home: Path) -> Iterator[None]:
    """While a server or a worker runs. Refused while a restore does."""
    with _locked(home, fcntl.LOCK_SH, "A restore is going on here.", "Wait until it is done."):
        yield


@contextmanager
def alone_in(home: Path) -> Iterator[None]:
    """While everything here is replaced. Refused while a server or a worker runs."""
    with _locked(home, fcntl.LOCK_EX, f"Sympolis is running in {home}.", "Stop it first."):
        yield


@contextmanager
def _locked(home: Path, how: int, what: str, remedy: str) -> Iterator[None]:
    with (home / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except OSError as error:
            raise KeepingError(what, remedy) from error
        yield
