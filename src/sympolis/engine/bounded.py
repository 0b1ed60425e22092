"""Files that are read piece by piece, and given up where a piece does not end."""

from __future__ import annotations

from typing import BinaryIO


class TooLong(Exception):
    """One piece takes more than is held in memory."""


class Bounded:
    """A file that raises TooLong once more than ``most`` bytes were read since ``since`` was set to nothing."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file = file
        self._most = most
        self.since = 0

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.since += len(data)
        if self.since > self._most:
            raise TooLong
        return data
