"""What happens to any record when it is kept or let go: its history, its place in the index, its id."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from sympolis.office.core.enums import ChangeKind
from sympolis.office.core.models import Document, IndexChange, Record, RetiredId, User
from sympolis.office.core.removals import keep_removal, neighbours, say_changed
from sympolis.office.core.rows import AllOfIt


def mark_changed(public_ids: Iterable[str], kind: ChangeKind = ChangeKind.PUT) -> None:
    """Tell the index, within the transaction of the change itself, which entries are out of date."""
    IndexChange.objects.bulk_create(IndexChange(record=public_id, kind=kind) for public_id in dict.fromkeys(public_ids))


@transaction.atomic
def keep_record(record: Record, also: Iterable[str] = ()) -> None:
    """Save a record; ``also`` are public ids of others whose entry in the index shows something of it."""
    record.save()
    mark_changed([record.public_id, *also])


@transaction.atomic
def remove_record(record: Record, by: User | None = None) -> None:
    """Delete a record with all that hangs on it. Their ids answer 410 from now on and are never given to another.

    For a month ``removals.bring_back`` can undo it; until then the files of its documents stay where they are.
    """
    collector = AllOfIt(using=record._state.db or "default")
    collector.collect([record])
    records = [one.public_id for one in collector.gone() if isinstance(one, Record)]
    collector.collect(list(Document.objects.filter(record__in=records)))
    gone = collector.gone()
    removal = keep_removal(record, collector, by)
    left = neighbours(removal.rows, removal.let_go)
    for one in gone if by else ():
        one._history_user = by  # type: ignore[attr-defined]  # the history asks for it
    retired = [one.public_id for one in gone if isinstance(one, Record)]
    collector.delete()
    RetiredId.objects.bulk_create([RetiredId(public_id=one) for one in retired], ignore_conflicts=True)
    mark_changed(retired, ChangeKind.REMOVE)
    say_changed(left, by, f"removed:{record.public_id}")


@transaction.atomic
def keep_document(document: Document) -> None:
    keep_record(document, also=[document.record])


@transaction.atomic
def remove_document(document: Document, by: User | None = None) -> None:
    mark_changed([document.record])
    remove_record(document, by)
