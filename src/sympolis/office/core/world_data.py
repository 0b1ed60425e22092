"""How the world's data stands: what was added, what is being served, what was left out. Reads files of the home."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from sympolis.office.core.readers import current_snapshot

REJECTS = "rejects.csv"


class Reject(NamedTuple):
    """A line of a file that was left out; line 0: the whole file."""

    file: str
    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """What was added of one source, and how many of its files the served data was made of."""

    name: str
    files: int
    bytes: int
    added_at: datetime | None
    read: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What is being served: when it was made, rows by table, seconds by step, lines left out by reason."""

    updated_at: datetime
    counts: Mapping[str, int]
    seconds: Mapping[str, float]
    rejected: int
    reasons: Mapping[str, int]
    inputs: Mapping[str, int]


def standing() -> Standing | None:
    """None before the first build."""
    snapshot = current_snapshot()
    return _standing(snapshot) if snapshot and (snapshot / "manifest.json").is_file() else None


@lru_cache(maxsize=1)
def _standing(snapshot: Path) -> Standing:
    """A snapshot never changes once it is served, and what it left out can be long."""
    file = snapshot / "manifest.json"
    told = json.loads(file.read_text("utf-8"))
    reasons = Counter(reason for _file, _line, reason in told["rejects"])
    return Standing(
        datetime.fromtimestamp(file.stat().st_mtime, UTC),
        told["counts"],
        told["seconds"],
        len(told["rejects"]),
        dict(reasons.most_common()),
        Counter(name.partition("/")[0] for name in told["inputs"]),
    )


def sources() -> list[Source]:
    """What was added, by source."""
    folder = settings.HOME.atlas / "inputs"
    read = served.inputs if (served := standing()) else {}
    found = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    return [_source(one, read.get(one.name, 0)) for one in found]


def _source(folder: Path, read: int) -> Source:
    stats = [file.stat() for file in folder.rglob("*") if file.is_file()]
    last = max((one.st_mtime for one in stats), default=None)
    added_at = datetime.fromtimestamp(last, UTC) if last else None
    return Source(folder.name, len(stats), sum(one.st_size for one in stats), added_at, read)


def rejects(start: int = 0, stop: int | None = None, reason: str = "") -> Iterator[Reject]:
    """What was left out, in the order of the files; nothing before the first build."""
    snapshot = current_snapshot()
    if snapshot is None or not (snapshot / REJECTS).is_file():
        return
    with (snapshot / REJECTS).open(encoding="utf-8", newline="") as file:
        rows = (Reject(row["file"], row["line"], row["reason"]) for row in csv.DictReader(file))
        yield from islice((row for row in rows if not reason or row.reason == reason), start, stop)
