"""The office's own index: written by one process, brought up to what the records say within seconds of a change."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from pathlib import Path

from django.conf import settings

from sympolis.engine.errors import IndexUnavailable
from sympolis.engine.index import Index
from sympolis.engine.model import Document
from sympolis.engine.texts.vectors import Vectors
from sympolis.office.core.models import IndexChange
from sympolis.office.core.searchable import PARTS_OF_RECORDS, parts, prefix_of, searchables

type Progress = Callable[[str, int, int], None]

_AT_ONCE = 500


def open_writer() -> Index:
    """The index for writing, made anew where there is none or another version's. IndexLocked for a second writer."""
    vectors = Vectors(settings.HOME.vectors)
    try:
        return Index.open(settings.HOME.index, vectors, write=True)
    except IndexUnavailable:
        if (settings.HOME.index / "generation").exists():
            shutil.rmtree(settings.HOME.index)
        return Index.create(settings.HOME.index, vectors)


def ensure_index(progress: Progress) -> None:
    """An index with every record in it; nothing to do where there is one that can be read."""
    if not is_complete(settings.HOME.index):
        rebuild(progress)


def is_complete(folder: Path) -> bool:
    """Whether a build came to its end there (one that was killed half-way is done again)."""
    try:
        Index.open(folder).close()
    except IndexUnavailable:
        return False
    return (folder / "complete").exists()


def rebuild(progress: Progress) -> int:
    """Write every record's entry anew; how many entries there are. Changes that wait are covered by it."""
    latest = IndexChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    vectors = Vectors(settings.HOME.vectors)
    (settings.HOME.index / "complete").unlink(missing_ok=True)
    with Index.create(settings.HOME.index, vectors) as index:
        total = sum(one.records().count() for one in searchables().values())
        done = 0
        for batch in batched(all_documents(), _AT_ONCE):
            index.add(batch)
            done += sum(1 for document in batch if record_id(document.id) == document.id)
            progress("Indexing", done, total)
        (settings.HOME.index / "complete").touch()
        IndexChange.objects.filter(pk__lte=latest).delete()
        return len(index)


def all_documents() -> Iterator[Document]:
    for one in searchables().values():
        for record in one.records().order_by("pk").iterator(chunk_size=_AT_ONCE):
            yield from one.documents(record)


def apply_changes(index: Index, limit: int = 500) -> int:
    """Bring the index up to the oldest changes that wait; how many were applied.

    The records are read now, not as they were: a change that was overtaken by another does no harm, and one that was
    applied but not yet crossed off when the worker died is applied again.
    """
    waiting = list(IndexChange.objects.order_by("pk")[:limit].values_list("pk", "record"))
    if not waiting:
        return 0
    changed = with_owners(record for _, record in waiting)
    documents = list(documents_of(changed))
    present = {document.id for document in documents}
    index.remove([one for one in entry_ids(changed) if one not in present])
    index.add(documents)
    IndexChange.objects.filter(pk__in=[pk for pk, _ in waiting]).delete()
    return len(waiting)


def documents_of(public_ids: Iterable[str]) -> Iterator[Document]:
    """The entries of these records; none for those that are gone."""
    for prefix, ids in _by_prefix(public_ids).items():
        if one := searchables().get(prefix):
            for record in one.records().filter(public_id__in=ids):
                yield from one.documents(record)


def with_owners(public_ids: Iterable[str]) -> list[str]:
    """These and those whose entries tell of them."""
    changed = list(dict.fromkeys(public_ids))
    for prefix, ids in _by_prefix(changed).items():
        for part in parts().get(prefix, ()):
            changed.extend(part.owners(ids))
    return list(dict.fromkeys(changed))


def entry_ids(public_ids: Iterable[str]) -> Iterator[str]:
    """Every entry a record may have."""
    for public_id in public_ids:
        yield public_id
        yield from (public_id + part for part in PARTS_OF_RECORDS)


def record_id(entry: str) -> str:
    """The public id of the record an entry is of."""
    return entry.partition("#")[0]


def _by_prefix(public_ids: Iterable[str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for public_id in public_ids:
        grouped[prefix_of(public_id)].append(public_id)
    return grouped
