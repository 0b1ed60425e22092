"""Proving that a backup is whole, and putting it in place of what is there."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import stat
import tempfile
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

import sympolis
from sympolis.office.core.keeping import postgresql
from sympolis.office.core.keeping.backup import (
    DATABASE,
    FILES,
    FOLDERS,
    FORMAT,
    LEDGER,
    MANIFEST,
    Kept,
    Manifest,
    count_rows,
)
from sympolis.office.core.keeping.errors import BadBackup
from sympolis.office.core.keeping.postgresql import DUMP
from sympolis.office.core.keeping.running import alone_in

_MADE_AGAIN = ("index", "cache", "migrated.json")
_ANOTHER = "Take another backup."
_LARGEST_MANIFEST = 256 * 2**20  # a million files
_FIRST_STEP = ("core", "0001_initial")
# whatever zipfile makes of a file that is cut off, locked, or packed in a way of its own
_UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, zlib.error)


@dataclass(frozen=True, slots=True)
class CheckedBackup:
    """A backup that could be restored now."""

    version: str
    made_at: str
    kind: str
    files: int
    rows: int


def check_backup(path: Path) -> CheckedBackup:
    """Unpack a backup beside everything and look at all of it. Raises BadBackup with what is wrong."""
    with tempfile.TemporaryDirectory(prefix="sympolis-check-") as folder:
        return _unpacked(path, Path(folder))


def restore_backup(path: Path, home: Path) -> Path | None:
    """Put a backup in place; gives the folder where the state before it is kept, None if there was none.

    Nothing is touched before the whole backup is unpacked and proven. What can be made again (the index) is not
    restored; the snapshot of the world's data, vectors and older backups stay where they are.
    """
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)  # what people wrote, and the keys: nobody else's on the machine
    with alone_in(home):
        fresh = Path(tempfile.mkdtemp(prefix="restoring-", dir=home))
        try:
            _unpacked(path, fresh)
            _refuse_other_tables(fresh)
            return _swap(home, fresh)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _swap(home: Path, fresh: Path) -> Path | None:
    restored = (DATABASE, LEDGER, *FILES, *FOLDERS)
    state = (*restored, f"{DATABASE}-wal", f"{DATABASE}-shm", *_MADE_AGAIN)
    aside = home / f"before-restore-{timezone.now():%Y-%m-%d-%H%M%S-%f}"
    if (fresh / DUMP).exists():
        postgresql.put_back(fresh / DUMP, postgresql.read_dump(fresh / DUMP), aside / DUMP)
    for name in state:
        _move(home / name, aside / name)
    for name in restored:
        _move(fresh / name, home / name)
    for folder in FOLDERS:
        (home / folder).mkdir(parents=True, exist_ok=True)
    return aside if aside.exists() else None


def _refuse_other_tables(fresh: Path) -> None:
    if (fresh / DUMP).exists() == postgresql.is_used():
        return
    if postgresql.is_used():
        raise BadBackup(
            "This backup holds tables of SQLite, and this office keeps its own in PostgreSQL.",
            f"Restore it without SYMPOLIS_DATABASE, then move the tables: {postgresql.GUIDE}.",
        )
    raise BadBackup(
        "This backup holds tables of PostgreSQL, and none is named here.",
        f"Say in SYMPOLIS_DATABASE where they are to go: {postgresql.GUIDE}.",
    )


def _move(source: Path, target: Path) -> None:
    """Move a file or folder that is there, and nothing else."""
    if source.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source.rename(target)


def _unpacked(path: Path, folder: Path) -> CheckedBackup:
    """Everything of a backup, proven, in a folder."""
    try:
        with zipfile.ZipFile(path) as backup:
            manifest = _manifest(backup)
            _refuse_newer(manifest)
            _prove_entries(backup, manifest, path.name)
            _prove_room(manifest, folder)
            for name, kept in manifest.files.items():
                _unpack(backup, name, kept, folder)
    except _UNREADABLE as error:
        raise BadBackup(f"{path.name} is not a whole backup: {error}.", _ANOTHER) from error
    rows = _prove_dump(folder / DUMP) if DUMP in manifest.files else _prove_database(folder / DATABASE)
    if rows != manifest.rows:
        raise BadBackup(f"{path.name} holds {rows} rows where {manifest.rows} were kept.", _ANOTHER)
    if (folder / LEDGER).exists():
        _prove(folder / LEDGER)
    for name in FILES:
        _prove_note(folder / name)
    return CheckedBackup(manifest.version, manifest.made_at, manifest.kind, len(manifest.files), rows)


def _manifest(backup: zipfile.ZipFile) -> Manifest:
    try:
        if backup.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise ValueError(MANIFEST)
        said = json.loads(backup.read(MANIFEST))
        files = {name: Kept(int(about["bytes"]), str(about["sha256"])) for name, about in said["files"].items()}
        texts = {name: str(said[name]) for name in ("version", "made_at", "kind")}
        manifest = Manifest(format=int(said["format"]), rows=int(said["rows"]), files=files, **texts)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadBackup("This is not a backup of Sympolis.", "Name a file that `sympolis backup` wrote.") from error
    for name in manifest.files:
        parts = PurePosixPath(name).parts
        known = name in {DATABASE, DUMP, LEDGER, *FILES} or name.startswith(tuple(f"{folder}/" for folder in FOLDERS))
        if not known or ".." in parts or "\\" in name:
            raise BadBackup(f"The backup holds a file that is none of ours: {name!r}.", _ANOTHER)
    if len({DATABASE, DUMP} & {*manifest.files}) != 1:
        raise BadBackup("The backup holds no tables.", _ANOTHER)
    return manifest


def _prove_entries(backup: zipfile.ZipFile, manifest: Manifest, called: str) -> None:
    """Exactly the files it says it holds, each once, and each a plain file."""
    names = [entry.filename for entry in backup.infolist() if entry.filename != MANIFEST]
    odd = sorted({*names} ^ {*manifest.files}) + [name for name in names if names.count(name) > 1][:1]
    if odd:
        raise BadBackup(f"{called} does not hold what it says: {odd[0]!r}.", _ANOTHER)
    for entry in backup.infolist():
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in {0, stat.S_IFREG}:
            raise BadBackup(f"{called} holds something that is no file: {entry.filename!r}.", _ANOTHER)


def _prove_room(manifest: Manifest, folder: Path) -> None:
    wanted, free = sum(kept.bytes for kept in manifest.files.values()), shutil.disk_usage(folder).free
    if wanted > free:
        raise BadBackup(
            f"The backup unpacks to {wanted / 2**30:.1f} GB, there is room for {free / 2**30:.1f}.",
            "Make room on the disk, or take another backup if this one can't be that large.",
        )


def _refuse_newer(manifest: Manifest) -> None:
    if manifest.format > FORMAT or _numbers(manifest.version) > _numbers(sympolis.__version__):
        raise BadBackup(
            f"This backup was made by version {manifest.version}, this is {sympolis.__version__}.",
            f"Install version {manifest.version} or newer first.",
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _unpack(backup: zipfile.ZipFile, name: str, kept: Kept, folder: Path) -> None:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with backup.open(name) as read, target.open("wb") as write:
        while size <= kept.bytes and (chunk := read.read(2**20)):  # no further: it may unpack to anything
            digest.update(chunk)
            size += len(chunk)
            write.write(chunk)
    target.chmod(0o600)
    if (size, digest.hexdigest()) != (kept.bytes, kept.sha256):
        raise BadBackup(f"{name} in the backup is not what was kept.", _ANOTHER)


def _prove(path: Path) -> int:
    """Whether SQLite finds a database whole; how many rows it holds."""
    try:
        with closing(sqlite3.connect(path)) as database:
            said = [row[0] for row in database.execute("PRAGMA integrity_check")]
            if said != ["ok"] or database.execute("PRAGMA foreign_key_check").fetchone():
                raise BadBackup(f"The tables in {path.name} are damaged.", _ANOTHER)
            return count_rows(database)
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"The tables in {path.name} are damaged: {error}.", _ANOTHER) from error


def _prove_note(path: Path) -> None:
    """Keys and what kind of home it is: nothing starts where these can't be read."""
    try:
        readable = not path.exists() or isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
    except (ValueError, RecursionError):
        readable = False
    if not readable:
        raise BadBackup(f"{path.name} in the backup can't be read.", _ANOTHER)


def _prove_database(path: Path) -> int:
    rows = _prove(path)
    try:
        with closing(sqlite3.connect(path)) as database:
            applied = set(database.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.DatabaseError:
        applied = set()
    _prove_steps(applied)
    return rows


def _prove_dump(path: Path) -> int:
    held = postgresql.read_dump(path)
    _prove_steps(held.applied)
    return held.rows


def _prove_steps(applied: set[tuple[str, str]]) -> None:
    """Whether the migrations that have run are ours and no newer ones."""
    if _FIRST_STEP not in applied:
        raise BadBackup("The tables in the backup are another application's.", _ANOTHER)
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or ())
    apps = {app for app, _ in known}
    unknown = sorted(f"{app} {name}" for app, name in applied - known if app in apps)
    if unknown:
        raise BadBackup(
            f"This backup was made by another version: this one does not know the step {unknown[0]}.",
            "Install the version that made it, or a newer one.",
        )
