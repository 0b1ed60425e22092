"""The steps of a build on this machine."""

from __future__ import annotations

import csv
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..index import Index
from ..index.documents import split
from ..model import Call, Document, Event, Need, Project, Record
from ..sources import SOURCES, Reject, read_source
from ..texts.encoders import FAST
from ..texts.themes import tag
from ..texts.vectors import Vectors
from .documents import document_of

type Progress = Callable[[str, int, int], None]
"""Called with a step's name, how much of it is done and how much there is."""

_AT_ONCE = 128
_READ_BYTES = 1 << 20


@dataclass(slots=True)
class Clock:
    """How long each step took, in seconds, and whom to tell how far it is."""

    tell: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        self.tell(name, 0, 1)
        began = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - began, 3)
        self.tell(name, 1, 1)


def checksums(inputs: Path) -> dict[str, str]:
    """``source/file`` -> SHA-256 of every file that would be read, in order of name."""
    found = {}
    for folder in sorted(path for path in inputs.glob("*") if path.is_dir() and path.name in SOURCES):
        for file in SOURCES[folder.name].files(folder):
            found[f"{folder.name}/{file.name}"] = _checksum(file)
    return found


def _checksum(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while part := opened.read(_READ_BYTES):
            digest.update(part)
    return digest.hexdigest()


def read_inputs(inputs: Path, rejects: list[Reject]) -> list[Record]:
    """All records of all sources, each id once, in order of kind and id."""
    found: dict[str, Record] = {}
    for folder in sorted(path for path in inputs.glob("*") if path.is_dir() and path.name in SOURCES):
        for record in read_source(folder.name, [folder], rejects):
            if record.id in found:
                rejects.append(Reject(folder.name, 0, f"{record.id} was read before; the first one stays."))
            else:
                found[record.id] = record
    return sorted(found.values(), key=lambda record: (type(record).__name__, record.id))


def tag_records(
    records: Sequence[Record], vectors: Vectors, tell: Progress
) -> tuple[list[Record], dict[str, tuple[int, ...]]]:
    """Records with themes read out of their texts where none were declared, and goals for those without."""
    untagged = [record for record in records if isinstance(record, Call | Event | Need | Project) and not record.themes]
    goalless = [record for record in records if isinstance(record, Call | Event | Need)]
    themes = _tags(untagged, "theme", vectors, tell)
    goals = {key: tuple(int(code) for code in codes) for key, codes in _tags(goalless, "sdg", vectors, tell).items()}
    tagged = [
        replace(record, themes=themes[record.id])
        if isinstance(record, Call | Event | Need | Project) and record.id in themes
        else record
        for record in records
    ]
    return tagged, {key: tuple(sorted(listed)) for key, listed in goals.items()}


def _tags(records: Sequence[Record], scheme: str, vectors: Vectors, tell: Progress) -> dict[str, tuple[str, ...]]:
    found = {}
    for start in range(0, len(records), _AT_ONCE):
        part = records[start : start + _AT_ONCE]
        texts = [_text_of(record) for record in part]
        for record, tags in zip(part, tag(texts, "theme" if scheme == "theme" else "sdg", vectors), strict=True):
            found[record.id] = tuple(one.code for one in tags if one.accepted)
        tell(f"tag {scheme}s", start + len(part), len(records))
    return found


def _text_of(record: Record) -> str:
    """The first passage of a record, which the index encodes as well; it is tagged by what that says."""
    document = document_of(record)
    assert document is not None
    return next((text for _, text in split(document)), "")


def build_index(folder: Path, documents: Sequence[Document], vectors: Vectors, tell: Progress) -> int:
    """An index of documents in a new folder; passages are encoded a few at a time, and kept as they come."""
    texts = [text for document in documents for _, text in split(document)]
    for start in range(0, len(texts), _AT_ONCE):
        vectors.encode(texts[start : start + _AT_ONCE], FAST)
        tell("encode", min(start + _AT_ONCE, len(texts)), len(texts))
    with Index.create(folder, vectors) as index:
        return index.add(documents)


def write_rejects(folder: Path, rejects: Sequence[Reject]) -> None:
    """``rejects.csv``: file, line, reason."""
    with (folder / "rejects.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "line", "reason"])
        rows.writerows([reject.file, reject.line, reject.reason] for reject in rejects)


def write_json(file: Path, content: object) -> None:
    """A file that is there whole or not at all."""
    new = file.with_name(file.name + ".new")
    new.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
    new.replace(file)
