"""What is done to records of every room alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from sympolis.office.core.enums import ChangeKind
from sympolis.office.core.models import IndexChange, Record, RetiredId


def mark_changed(public_ids: Iterable[str], kind: ChangeKind = ChangeKind.PUT) -> None:
    """Say that the index entries of these records are out of date. Call it in the transaction of the change itself."""
    changes = [IndexChange(record=public_id, kind=kind) for public_id in dict.fromkeys(public_ids)]
    IndexChange.objects.bulk_create(changes, batch_size=1000)


def retire(records: Iterable[Record]) -> None:
    """Take records away: their history stays, their ids answer 410 and never come to mean something else."""
    grouped: defaultdict[type[Record], list[Record]] = defaultdict(list)
    for record in records:
        grouped[type(record)].append(record)
    with transaction.atomic():
        for model, gone in grouped.items():
            public_ids = [record.public_id for record in gone]
            pks = [record.pk for record in gone]
            for start in range(0, len(pks), 5000):
                model._default_manager.filter(pk__in=pks[start : start + 5000]).delete()
            retired = [RetiredId(public_id=public_id) for public_id in public_ids]
            RetiredId.objects.bulk_create(retired, ignore_conflicts=True, batch_size=1000)
            mark_changed(public_ids, ChangeKind.REMOVE)
