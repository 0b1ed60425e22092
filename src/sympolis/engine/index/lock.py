"""One writer at a time, held by the operating system and so released when its process dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from ..errors import IndexLocked


class WriterLock:
    """An advisory lock on a file of the index."""

    def __init__(self, folder: Path) -> None:
        self._handle = open(folder / "writer.lock", "a+", encoding="ascii")  # noqa: SIM115 - held until release
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._handle.close()
            raise IndexLocked(
                f"Another process is writing the index in {folder}.", "Stop the other worker, or wait until it is done."
            ) from error
        self._handle.truncate(0)
        self._handle.write(str(os.getpid()))
        self._handle.flush()

    def release(self) -> None:
        """Let the next writer in."""
        if not self._handle.closed:
            fcntl.flock(self._handle, fcntl.LOCK_UN)
            self._handle.close()
