"""One visit to a service: a folder for what it gives, gone on with where the last visit was cut off."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from ...errors import FetchError
from . import cordis, iati, keep, portal, wikidata
from .http import Client
from .pages import Visit

_ENDED = ".complete"
_FOLDER = re.compile(r"fetched-(\d{4}-\d\d-\d\d)(?:-since-\d{4}-\d\d-\d\d)?")


class Fetcher(Protocol):
    """The questions of one service."""

    ADDRESS: str
    KEPT: int
    """How many visits to keep: where a visit tells all again, one."""
    TAKES_SINCE: bool
    NEEDS_KEY: str
    """The setting that holds the key it wants; empty where it wants none."""

    def fetch(self, client: Client, visit: Visit) -> None:
        """Ask everything; pages that are there are not asked for again."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a visit got."""

    folder: Path
    files: tuple[Path, ...]


FETCHERS: Mapping[str, Fetcher] = MappingProxyType(
    {"portal": portal, "wikidata": wikidata, "iati": iati, "interreg": keep, "cordis": cordis}
)
"""Source -> who is asked for it."""


def fetch(
    source: str,
    inputs: Path,
    client: Client,
    today: date,
    *,
    address: str = "",
    since: date | None = None,
    key: str = "",
    tell: Callable[[str], None] = lambda _: None,
) -> Fetched:
    """Ask a service for the files of a source, into a folder of ``inputs/<source>``, where the next build reads them.

    Raises FetchError for a source nobody can be asked for, for a key that is wanted, and where the service fails.
    """
    fetcher = FETCHERS.get(source)
    if fetcher is None:
        raise FetchError(f"Nobody can be asked for {source!r}.", f"There are {', '.join(FETCHERS)}.")
    if since and not fetcher.TAKES_SINCE:
        raise FetchError(f"{source} can't be asked for what is new.", "Leave --since out.")
    if fetcher.NEEDS_KEY and not key:
        raise FetchError(f"The service wants a key for {source}.", f"Get one and set {fetcher.NEEDS_KEY}.")
    home = inputs / source
    folder = _folder(home, today, since)
    before = next((one for one in reversed(_visits(home)) if (one / _ENDED).exists() and one != folder), None)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fetcher.fetch(client, Visit(folder, address or fetcher.ADDRESS, since, key, before, tell))
        (folder / _ENDED).touch()
        _forget(home, fetcher.KEPT, folder)
    except OSError as error:
        raise FetchError(f"{folder} can't be written: {error.strerror}.", "Make room and call again.") from error
    files = (file for file in folder.iterdir() if file.name != _ENDED and file.suffix not in (".state", ".part"))
    return Fetched(folder, tuple(sorted(files)))


def _folder(home: Path, today: date, since: date | None) -> Path:
    """Where the last visit with the same question was cut off, else a folder of today."""
    ending = f"-since-{since}" if since else ""
    cut_off = [folder for folder in _visits(home) if folder.name[18:] == ending and not (folder / _ENDED).exists()]
    return cut_off[-1] if cut_off else home / f"fetched-{today}{ending}"


def _visits(home: Path) -> list[Path]:
    return sorted(folder for folder in home.glob("fetched-*") if _FOLDER.fullmatch(folder.name))


def _forget(home: Path, kept: int, folder: Path) -> None:
    """Take away the oldest visits that ended; what people added stays."""
    ended = [one for one in _visits(home) if (one / _ENDED).exists() and one != folder]
    for old in ended[: max(0, len(ended) + 1 - kept)]:
        shutil.rmtree(old)
