"""The world's open data, read, tagged, encoded, indexed and published: the story of a build, in order.

``<home>/atlas/inputs/<source>/`` holds what was added, ``<build id>/`` a snapshot, ``current`` names the one being
served, ``cache/`` what need not be computed twice. A build that dies leaves the last snapshot serving; building again
goes on from the cache. The same input gives the same snapshot.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .calls_file import write_calls
from .errors import AtlasError, IndexLocked, IndexUnavailable
from .index import Index
from .index.index import FORMAT
from .index.lock import WriterLock
from .resolve.gazetteer import Gazetteer
from .run.changes import write_call_changes
from .run.clock import Clock, Progress
from .run.describe import describe, reading_version
from .run.encoding import Encoding
from .run.here import Here
from .run.indexing import build_index, calls_in
from .run.lookup import write_lookup
from .run.merge import database, merge
from .run.parse import Input, forget_others, inputs_of, parse, read_rejects, write_rejects
from .run.runner import Runner, cluster_at
from .run.same import JUDGEMENTS, UNSURE, put_together, read_judgements, resolving_version
from .sources import Reject, find_source
from .texts.vector_blocks import VectorBlocks
from .texts.vectors import Vectors

VERSION = 3
"""Raise it when the same input would give another snapshot."""

_NO_ROOM_BYTES = 1 << 20


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
    """Copy the files of a source into the home, in place of those of the same name; where they are now.

    Files of a folder stay in a folder of its name, so that two archives may each have their ``project.csv``.
    """
    reader = find_source(source)
    found = [(file, path) for path in paths for file in reader.files(path)]
    if not found:
        raise AtlasError(f"There is nothing of the source {source!r} to add.", "Name its files or their folder.")
    return tuple(_take_in(file, path, home / "atlas" / "inputs" / source) for file, path in found)


def _take_in(file: Path, given: Path, folder: Path) -> Path:
    inside = Path(given.resolve().name, file.relative_to(given)) if given.is_dir() else Path(file.name)
    kept = folder / inside
    kept.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(file, kept))


def build(home: Path, progress: Progress | None = None, spark: str = "") -> BuildReport:
    """Make a snapshot of everything that was added and publish it.

    ``spark`` is the address of a Spark Connect server (``sc://host:15002``) whose cluster does the heavy steps; without
    one this machine does. The rows are the same. Raises AtlasError where nothing was added, where another build is
    running, where the disk is full and where the cluster fails.
    """
    atlas = home / "atlas"
    inputs = inputs_of(atlas / "inputs")
    if not inputs:
        raise AtlasError("There is nothing to build the world data from.", "Add a source first.")
    build_id = _build_id(home, inputs)
    if (served := current(home)) is not None and served.name == build_id and _is_readable(home):
        return _report(served, unchanged=True)
    with _only_builder(atlas), _cleaning_up(atlas), _runner(spark) as runner:
        folder = _empty_folder(atlas / f"building-{build_id}")
        clock = Clock(progress or _silent)
        counts, rejects = _make(inputs, folder, atlas / "cache", runner, clock)
        sums = {one.name: one.checksum for one in inputs}
        _write_manifest(folder, build_id, sums, counts, rejects, clock)
        return _publish(atlas, folder, build_id)


def _build_id(home: Path, inputs: Sequence[Input]) -> str:
    """Stands for the input, what people decided of it, the code that reads it and the layout that it is written in."""
    decided = sorted((*one, said) for one, said in read_judgements(home / "atlas" / JUDGEMENTS).items())
    code = [reading_version().hex(), resolving_version().hex()]
    told = [VERSION, FORMAT, *code, decided, [(one.name, one.key) for one in inputs]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def _make(
    inputs: Sequence[Input], folder: Path, cache: Path, runner: Runner, clock: Clock
) -> tuple[dict[str, int], list[Reject]]:
    """The steps in order; rows per table and what was left out."""
    vectors = VectorBlocks(cache / "vectors")
    merged = _empty_folder(folder / "merged")
    with clock.step("read"):
        parts = parse(inputs, cache / "parsed", runner, clock.tell)
        rejects = [reject for part in parts for reject in read_rejects(part)]
        forget_others(cache / "parsed", parts)
    with clock.step("merge"), database(folder / "scratch") as base:
        counts = {name: both["kept"] for name, both in merge(parts, merged, base).items()}
        counts["call_changes"] = write_call_changes(parts, folder, base)
    with clock.step("resolve"), database(folder / "scratch") as base:
        judgements = cache.parent / JUDGEMENTS
        counts["organisations"] = put_together(merged, cache / "resolved", judgements, base, clock.tell)
    with clock.step("describe"):
        describe(merged, folder, vectors, cache, runner, clock.tell)
        _keep_others(merged, folder)
    with clock.step("index"):
        write_calls(folder, calls_in(folder))
        write_rejects(folder, rejects)
        write_lookup(folder)
        counts["documents"] = build_index(folder, vectors)
    vectors.close()
    for scratch in ("merged", "scratch"):
        shutil.rmtree(folder / scratch, ignore_errors=True)
    return counts, rejects


def _keep_others(merged: Path, folder: Path) -> None:
    """Tables without texts pass as they are."""
    for file in [*merged.glob("*.parquet"), merged / UNSURE]:
        if not (folder / file.name).exists():
            file.rename(folder / file.name)


@contextmanager
def _runner(spark: str) -> Iterator[Runner]:
    if not spark:
        yield Here()
        return
    with cluster_at(spark) as cluster:
        yield cluster


@contextmanager
def _only_builder(atlas: Path) -> Iterator[None]:
    try:
        lock = WriterLock(atlas)
    except IndexLocked:
        raise AtlasError("The world data is being built already.", "Wait until that build is done.") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _cleaning_up(atlas: Path) -> Iterator[None]:
    """A build that fails leaves nothing but the cache, and a full disk is said as such."""
    _remove_unfinished(atlas)
    try:
        yield
    except Exception as error:
        is_full = _is_full_disk(error) or shutil.disk_usage(atlas).free < _NO_ROOM_BYTES
        _remove_unfinished(atlas)
        if is_full:
            free = shutil.disk_usage(atlas).free // 1_000_000
            raise AtlasError(
                f"The disk is full: {free} MB are left. The world data stays as it was.", "Make room, then build again."
            ) from error
        raise


def _is_full_disk(error: BaseException) -> bool:
    """SQLite has words of its own for it. What writes words says no more than that a thread failed: then the room that
    is left tells."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    said = str(error).lower()
    return os.strerror(errno.ENOSPC).lower() in said or "disk is full" in said


def _remove_unfinished(atlas: Path) -> None:
    for folder in atlas.glob("building-*"):
        shutil.rmtree(folder, ignore_errors=True)


def status(home: Path) -> AtlasStatus:
    """What there is, without changing anything."""
    inputs = inputs_of(home / "atlas" / "inputs")
    per_source = dict(Counter(one.source for one in inputs))
    served = current(home)
    if served is None:
        return AtlasStatus("", per_source)
    manifest = _manifest(served)
    passages: Mapping[str, int] = {}
    if (index := open_index(home)) is not None:
        with index:
            passages = index.encoded()
    is_current = index is not None and served.name == _build_id(home, inputs)
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
        return Index.open(served / "index", vectors, towns=Gazetteer.kept(home / "atlas" / "cache")) if served else None
    except IndexUnavailable:
        return None


def _is_readable(home: Path) -> bool:
    """Whether what is being served can be searched: an index that lost a file, or of an older layout, can not."""
    index = open_index(home)
    if index is not None:
        index.close()
    return index is not None


def encoding(home: Path, snapshot: Path) -> Encoding:
    """Let the careful encoder go on with the snapshot being served. Raises IndexUnavailable."""
    return Encoding(snapshot, home / "atlas" / "cache" / "vectors")


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
    written = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    (folder / "manifest.json.new").write_text(written, "utf-8")
    (folder / "manifest.json.new").replace(folder / "manifest.json")


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
