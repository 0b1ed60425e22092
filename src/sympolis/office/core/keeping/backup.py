"""One file with everything a home holds: tables, files, keys and the ledger of ids, each with its checksum."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

import sympolis
from sympolis.office.core.keeping import postgresql
from sympolis.office.core.keeping.errors import KeepingError

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "sympolis.sqlite"
LEDGER = "ids.sqlite"
FOLDERS = ("media", "documents", "atlas/inputs")
FILES = ("secrets.json", "home.json", "demo-sign-ins.json")
# Not in a backup, for it can be made again: the index, vectors, the snapshot built of atlas/inputs (the same files
# give the same snapshot: `sympolis atlas build`), cache, mail that has gone out.


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    version: str
    made_at: str
    kind: str
    rows: int
    files: dict[str, Kept]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made."""

    path: Path
    files: int
    bytes: int


def dated_name(purpose: str) -> str:
    """Sorts by time; two of a second do not meet."""
    return f"{timezone.now():%Y-%m-%d-%H%M%S}-{purpose}.zip"


def make_backup(path: Path) -> Backup:
    """Write a backup while everybody goes on working. The file is there as a whole or not at all."""
    if not path.parent.is_dir():
        raise KeepingError(f"There is no folder {path.parent}.", "Make it first or name another.")
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.HOME.backups) as folder:
            count = _write(fresh, Path(folder))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return Backup(path, count, path.stat().st_size)


def _write(fresh: Path, folder: Path) -> int:
    tables = postgresql.DUMP if postgresql.is_used() else DATABASE
    rows = _copy_tables(folder / tables)
    sources = {tables: folder / tables}
    if settings.HOME.ids.exists():
        copy_database(settings.HOME.ids, folder / LEDGER)
        sources[LEDGER] = folder / LEDGER
    sources.update(_files_of(settings.HOME.path))
    kept: dict[str, Kept] = {}
    descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)  # it holds the keys
    with os.fdopen(descriptor, "w+b") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
        for name, source in sources.items():
            kept[name] = _add(out, name, source)
        manifest = Manifest(FORMAT, sympolis.__version__, timezone.now().isoformat(), settings.HOME.kind, rows, kept)
        out.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return len(kept)


def _copy_tables(target: Path) -> int:
    return postgresql.dump_tables(target) if postgresql.is_used() else copy_database(settings.HOME.database, target)


def _add(out: zipfile.ZipFile, name: str, source: Path) -> Kept:
    digest, size = hashlib.sha256(), 0
    about = zipfile.ZipInfo.from_file(source, name)
    about.compress_type = zipfile.ZIP_DEFLATED
    with source.open("rb") as read, out.open(about, "w", force_zip64=True) as write:
        while chunk := read.read(2**20):
            digest.update(chunk)
            size += len(chunk)
            write.write(chunk)
    return Kept(size, digest.hexdigest())


def _files_of(home: Path) -> Iterator[tuple[str, Path]]:
    for name in FILES:
        if (home / name).is_file():
            yield name, home / name
    for folder in FOLDERS:
        for file in sorted((home / folder).rglob("*")):
            if file.is_file() and not file.is_symlink():
                yield file.relative_to(home).as_posix(), file


def copy_database(source: Path, target: Path) -> int:
    """A consistent copy of a database that others are writing, by SQLite's own backup; how many rows it holds."""
    reading = sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)
    with closing(reading) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        return count_rows(copy)


def count_rows(database: sqlite3.Connection) -> int:
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    quoted = [name.replace('"', '""') for name in names]
    return sum(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in quoted)  # noqa: S608
