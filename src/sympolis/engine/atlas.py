"""The world's open data, read, tagged, encoded, indexed and published: the story of a build, in order.

``<home>/atlas/inputs/<source>/`` holds what was added, ``<build id>/`` a snapshot, ``current`` names the one being
served, ``cache/`` what need not be computed twice. A build that dies leaves the last snapshot serving; building again
goes on from the cache. The same input gives the same snapshot.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .calls_file import write_calls
from .errors import AtlasError, IndexUnavailable
from .index import Index
from .index.index import FORMAT
from .index.lock import WriterLock
from .model import Call
from .run.documents import document_of
from .run.steps import Clock, Progress, build_index, checksums, read_inputs, tag_records, write_json, write_rejects
from .run.tables import write_tables
from .sources import Reject, find_source
from .texts.encoders import CAREFUL
from .texts.vectors import Vectors

VERSION = 1
"""Raise it when the same input would give another snapshot."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made: rows per table, what was left out, seconds per step. ``unchanged``: nothing was to do."""

    build_id: str
    counts: Mapping[str, int]
    rejects: tuple[Reject, ...]
    seconds: Mapping[str, float]
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class AtlasStatus:
    """What there is: the inputs added, the snapshot being served, and whether it is made of these inputs."""

    build_id: str
    inputs: Mapping[str, int]
    counts: Mapping[str, int] = field(default_factory=dict)
    rejected: int = 0
    passages: Mapping[str, int] = field(default_factory=dict)
    current: bool = False


def add(home: Path, source: str, paths: Sequence[Path]) -> tuple[Path, ...]:
    """Copy the files of a source into the home, in place of those of the same name; where they are now."""
    reader = find_source(source)
    files = [file for path in paths for file in reader.files(path)]
    if not files:
        raise AtlasError(f"There is nothing of the source {source!r} to add.", "Name its files or their folder.")
    folder = home / "atlas" / "inputs" / source
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(Path(shutil.copy2(file, folder / file.name)) for file in files)


def build(home: Path, progress: Progress | None = None) -> BuildReport:
    """Make a snapshot of everything that was added and publish it. Raises AtlasError where nothing was added."""
    atlas = home / "atlas"
    clock = Clock(progress or _silent)
    sums = checksums(atlas / "inputs")
    if not sums:
        raise AtlasError("There is nothing to build the world data from.", "Add a source first.")
    build_id = hashlib.sha256(json.dumps([VERSION, FORMAT, sums]).encode()).hexdigest()[:16]
    if (served := current(home)) is not None and served.name == build_id and _is_readable(home):
        return _report(served, unchanged=True)
    lock = WriterLock(atlas)
    try:
        folder = _empty_folder(atlas / f"building-{build_id}")
        vectors = Vectors(atlas / "cache")
        rejects: list[Reject] = []
        with clock.step("read"):
            records = read_inputs(atlas / "inputs", rejects)
        with clock.step("tag"):
            records, goals = tag_records(records, vectors, clock.tell)
        with clock.step("tables"):
            counts = write_tables(folder, records)
            write_calls(folder, (record for record in records if isinstance(record, Call)))
            write_rejects(folder, rejects)
        with clock.step("index"):
            found = [document_of(record, goals.get(record.id, ())) for record in records]
            counts["documents"] = build_index(folder / "index", [one for one in found if one], vectors, clock.tell)
        vectors.close()
        _write_manifest(folder, build_id, sums, counts, rejects, clock)
        return _publish(atlas, folder, build_id)
    finally:
        lock.release()


def status(home: Path) -> AtlasStatus:
    """What there is, without changing anything."""
    sums = checksums(home / "atlas" / "inputs")
    per_source: dict[str, int] = {}
    for name in sums:
        source = name.split("/")[0]
        per_source[source] = per_source.get(source, 0) + 1
    served = current(home)
    if served is None:
        return AtlasStatus("", per_source)
    manifest = _manifest(served)
    passages: Mapping[str, int] = {}
    if (index := open_index(home)) is not None:
        with index:
            passages = index.encoded()
    is_current = index is not None and manifest["inputs"] == sums
    return AtlasStatus(served.name, per_source, manifest["counts"], len(manifest["rejects"]), passages, is_current)


def current(home: Path) -> Path | None:
    """The snapshot being served; None before the first build."""
    try:
        folder = home / "atlas" / (home / "atlas" / "current").read_text("ascii").strip()
    except OSError:
        return None
    return folder if (folder / "manifest.json").is_file() else None


def open_index(home: Path, vectors: Vectors | None = None) -> Index | None:
    """The index of the snapshot being served, for reading; None before the first build."""
    served = current(home)
    try:
        return Index.open(served / "index", vectors) if served else None
    except IndexUnavailable:
        return None


def _is_readable(home: Path) -> bool:
    """Whether what is being served can be searched: an index that lost a file, or of an older layout, can not."""
    index = open_index(home)
    if index is not None:
        index.close()
    return index is not None


def encode_missing(home: Path, encoder: str = CAREFUL, limit: int | None = None) -> int:
    """Let an encoder go on with the snapshot being served; how many passages got a vector, 0 when all have one."""
    served = current(home)
    if served is None:
        return 0
    vectors = Vectors(home / "atlas" / "cache")
    with Index.open(served / "index", vectors, write=True) as index:
        done = index.encode_missing(encoder, limit)
    vectors.close()
    return done


def _silent(step: str, done: int, total: int) -> None:
    """Nobody wants to know how far it is."""


def _empty_folder(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _write_manifest(
    folder: Path,
    build_id: str,
    sums: Mapping[str, str],
    counts: Mapping[str, int],
    rejects: Sequence[Reject],
    clock: Clock,
) -> None:
    left_out = [[reject.file, reject.line, reject.reason] for reject in rejects]
    content = {"build_id": build_id, "inputs": sums, "counts": counts, "rejects": left_out, "seconds": clock.seconds}
    write_json(folder / "manifest.json", content)


def _publish(atlas: Path, folder: Path, build_id: str) -> BuildReport:
    """One rename makes the snapshot, one more lets it be served; the one before last goes."""
    before = current(atlas.parent)
    shutil.rmtree(atlas / build_id, ignore_errors=True)
    folder.rename(atlas / build_id)
    pointer = atlas / "current.new"
    pointer.write_text(build_id, "ascii")
    pointer.replace(atlas / "current")
    kept = {build_id, before.name if before else ""}
    for old in atlas.glob("*/manifest.json"):
        if old.parent.name not in kept:
            shutil.rmtree(old.parent, ignore_errors=True)
    return _report(atlas / build_id)


def _report(folder: Path, unchanged: bool = False) -> BuildReport:
    manifest = _manifest(folder)
    rejects = tuple(Reject(*row) for row in manifest["rejects"])
    return BuildReport(folder.name, manifest["counts"], rejects, manifest["seconds"], unchanged)


def _manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return content
