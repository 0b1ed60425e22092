"""Open data as others publish it, read into the engine's records: one folder for each source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from ..errors import SourceError
from ..model import Record
from . import cordis, decidim, facts, geonames, iati, interreg, portal, table, wikidata
from .rejects import Reject

__all__ = ["BUNDLED", "SOURCES", "Reject", "Source", "find_source", "read_source"]


class Source(Protocol):
    """What the folder of a source offers.

    A record may be told by several files (a project by one, its topics by another): readers give each part as a record
    of the same id, and the build puts them together. So every file is read by itself, and several at once.
    """

    def files(self, path: Path) -> list[Path]:
        """The files of a folder, however deep (or the file itself), that this source reads, in order of name."""

    def read(self, file: Path, rejects: list[Reject]) -> Iterator[Record]:
        """The records of a file, one at a time; what can't be read is added to ``rejects`` with its reason.

        Raises nothing for what stands in the file; an OSError where the file itself can't be had.
        """


SOURCES: MappingProxyType[str, Source] = MappingProxyType(
    {
        "facts": facts,
        "portal": portal,
        "cordis": cordis,
        "iati": iati,
        "interreg": interreg,
        "wikidata": wikidata,
        "geonames": geonames,
        "decidim": decidim,
        "table": table,
    }
)
"""Name -> reader. Where two sources tell of one record, the one that stands first is believed."""


BUNDLED: MappingProxyType[str, Path] = MappingProxyType({"geonames": geonames.BUNDLED})
"""Name -> what is added when nobody names a file, for sources that bring their own data."""


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
    left_out = [] if rejects is None else rejects
    return (record for path in paths for file in source.files(path) for record in source.read(file, left_out))
