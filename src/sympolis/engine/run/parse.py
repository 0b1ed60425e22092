"""Files of the sources into tables, each file by itself: what was read once is kept by the file's content."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .. import model
from .. import sources as sources_package
from ..sources import SOURCES, Reject
from .clock import Progress
from .tables import Tables

if TYPE_CHECKING:
    from .runner import Runner

_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Input:
    """A file that was added: its source, its name among the inputs, what it holds."""

    source: str
    name: str
    file: Path
    checksum: str

    @property
    def size(self) -> int:
        """In bytes."""
        return self.file.stat().st_size

    @property
    def key(self) -> str:
        """Stands for the content and for the code that reads it."""
        return (
            f"{self.source}-{hashlib.sha256((self.checksum + reader_version(self.source)).encode()).hexdigest()[:24]}"
        )


def inputs_of(folder: Path) -> list[Input]:
    """Every file that would be read, sources in the order they are believed in, files by name."""
    return [
        Input(source, file.relative_to(folder).as_posix(), file, _checksum(file))
        for source, reader in SOURCES.items()
        if (folder / source).is_dir()
        for file in reader.files(folder / source)
    ]


def _checksum(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while part := opened.read(_READ_BYTES):
            digest.update(part)
    return digest.hexdigest()


@lru_cache
def reader_version(source: str) -> str:
    """A digest of the code that reads a source: a changed reader reads again."""
    shared, records = (Path(str(package.__file__)).parent for package in (sources_package, model))
    digest = hashlib.sha256()
    for file in sorted([*records.glob("*.py"), *shared.glob("*.py"), *(shared / source).rglob("*.py")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def parse(inputs: Sequence[Input], cache: Path, runner: Runner, tell: Progress) -> list[Path]:
    """The folders of tables that the files were read into: sources in order, of each the latest retrieved first.

    A folder holds a parquet file for each table, ``rejects.csv`` and ``told.json``; it is there whole or not at all.
    """
    waiting = {one.key: one for one in inputs if not (cache / one.key).is_dir()}
    total = sum(one.size for one in waiting.values())
    done = 0
    tell("read", done, total)
    cache.mkdir(parents=True, exist_ok=True)
    for one in runner.read(sorted(waiting.values(), key=lambda one: -one.size), cache):
        done += one.size
        tell("read", done, total)
    places = {source: at for at, source in enumerate(SOURCES)}
    told = sorted(inputs, key=lambda one: (places[one.source], _newest_first(cache / one.key), one.name))
    return [cache / one.key for one in told]


def _newest_first(folder: Path) -> int:
    retrieved = json.loads((folder / "told.json").read_text("utf-8"))["retrieved_at"]
    return -date.fromisoformat(retrieved).toordinal() if retrieved else 0


def parse_file(one: Input, cache: Path) -> None:
    """Read a file into a folder of the cache."""
    folder = cache / f"{one.key}.{os.getpid()}.new"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rejects: list[Reject] = []
    retrieved: date | None = None
    with Tables(folder) as tables:
        for record in SOURCES[one.source].read(one.file, rejects):
            tables.add(record)
            if (day := record.provenance.retrieved_at) and (retrieved is None or day > retrieved):
                retrieved = day
    write_rejects(folder, rejects)
    told = {"counts": tables.counts, "retrieved_at": retrieved.isoformat() if retrieved else ""}
    (folder / "told.json").write_text(json.dumps(told), "utf-8")
    if (cache / one.key).is_dir():
        shutil.rmtree(folder)  # another process was as quick
    else:
        folder.rename(cache / one.key)


def write_rejects(folder: Path, rejects: Sequence[Reject]) -> None:
    """``rejects.csv``: file, line, reason."""
    with (folder / "rejects.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "line", "reason"])
        rows.writerows([reject.file, reject.line, reject.reason] for reject in rejects)


def read_rejects(folder: Path) -> list[Reject]:
    """What ``write_rejects`` wrote."""
    with (folder / "rejects.csv").open(encoding="utf-8", newline="") as file:
        return [Reject(row["file"], int(row["line"]), row["reason"]) for row in csv.DictReader(file)]


def forget_others(cache: Path, kept: Sequence[Path]) -> None:
    """Take away what was read of files that are no longer among the inputs, and what a dead process left."""
    names = {folder.name for folder in kept}
    for folder in cache.glob("*"):
        if folder.name not in names:
            shutil.rmtree(folder, ignore_errors=True)
