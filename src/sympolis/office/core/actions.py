"""What happens to any record when it is kept or let go: its history, its place in the index, its id."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models.deletion import Collector

from sympolis.office.core.enums import ChangeKind
from sympolis.office.core.models import Document, IndexChange, Record, RetiredId


def mark_changed(public_ids: Iterable[str], kind: ChangeKind = ChangeKind.PUT) -> None:
    """Tell the index, within the transaction of the change itself, which entries are out of date."""
    IndexChange.objects.bulk_create(IndexChange(record=public_id, kind=kind) for public_id in dict.fromkeys(public_ids))


@transaction.atomic
def keep_record(record: Record, also: Iterable[str] = ()) -> None:
    """Save a record; ``also`` are public ids of others whose entry in the index shows something of it."""
    record.save()
    mark_changed([record.public_id, *also])


@transaction.atomic
def remove_record(record: Record) -> None:
    """Delete a record with all that hangs on it. Their ids answer 410 from now on and are never given again."""
    collector = _AllOfIt(using=record._state.db or "default")
    collector.collect([record])
    gone = [one.public_id for ones in collector.data.values() for one in ones if isinstance(one, Record)]
    documents = list(Document.objects.filter(record__in=gone))
    for document in documents:
        _drop_file(document)
    gone += [document.public_id for document in documents]
    Document.objects.filter(record__in=gone).delete()
    record.delete()
    RetiredId.objects.bulk_create([RetiredId(public_id=one) for one in gone], ignore_conflicts=True)
    mark_changed(gone, ChangeKind.REMOVE)


@transaction.atomic
def keep_document(document: Document) -> None:
    keep_record(document, also=[document.record])


@transaction.atomic
def remove_document(document: Document) -> None:
    _drop_file(document)
    mark_changed([document.record])
    remove_record(document)


def _drop_file(document: Document) -> None:
    """The file goes when the row is really gone, not before."""
    storage, name = document.file.storage, document.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))


class _AllOfIt(Collector):
    """Collects every row that would go, the ones Django could delete unseen included."""

    def can_fast_delete(self, objs: object, from_field: object = None) -> bool:
        return False
