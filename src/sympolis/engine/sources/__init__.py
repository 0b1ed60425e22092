"""Open data as others publish it, read into the engine's records: one folder for each source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from ..errors import SourceError
from ..model import Record
from . import facts, portal
from .rejects import Reject

__all__ = ["SOURCES", "Reject", "Source", "find_source", "read_source"]


class Source(Protocol):
    """What the folder of a source offers."""

    def read(self, paths: Sequence[Path], rejects: list[Reject]) -> Iterator[Record]:
        """The records of files or folders; what can't be read is added to ``rejects`` with its reason."""

    def files(self, path: Path) -> list[Path]:
        """The files of a folder (or the file itself) that this source reads, in order of name."""


SOURCES: MappingProxyType[str, Source] = MappingProxyType({"facts": facts, "portal": portal})


def find_source(name: str) -> Source:
    """The source of that name. Raises SourceError for a name it does not know."""
    if name not in SOURCES:
        raise SourceError(f"There is no source called {name!r}.", f"Use one of {', '.join(SOURCES)}.")
    return SOURCES[name]


def read_source(name: str, paths: Sequence[Path], rejects: list[Reject] | None = None) -> Iterator[Record]:
    """The records in the files of a source. Raises SourceError for an unknown source or a path that isn't there."""
    source = find_source(name)
    for path in paths:
        if not path.exists():
            raise SourceError(f"There is nothing at {path}.", "Check the path.")
    return source.read(paths, [] if rejects is None else rejects)
