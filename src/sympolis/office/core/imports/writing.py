"""Many records and their history in few statements: other people wait while an import writes.

Updating goes by upsert, ten times the speed of ``bulk_update``.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from sympolis.office.core.history import CHANGED, CREATED, write_history
from sympolis.office.core.models import Record, User

BATCH = 500
DERIVED = ("imported", "slug", "sort_key", "folded", "updated_at")


def create_all(model: type[Record], records: list[Record], by: User | None, reason: str) -> None:
    """Insert records with the first line of their history."""
    for record in records:
        record.prepare()
    model._default_manager.bulk_create(records, batch_size=BATCH)
    write_history(model, records, CREATED, by, reason)


def update_all(
    model: type[Record], records: list[Record], columns: Iterable[str], by: User | None, reason: str
) -> None:
    """Write these columns of records that exist, what is derived from them, and a line of history each."""
    for record in records:
        record.prepare()
        record.updated_at = timezone.now()
    _overwrite(model, records, [*columns, *DERIVED])
    write_history(model, records, CHANGED, by, reason)


def note_heard(model: type[Record], records: list[Record]) -> None:
    """Keep what an import said where nothing came of it."""
    _overwrite(model, records, ["imported"])


def _overwrite(model: type[Record], records: list[Record], columns: Iterable[str]) -> None:
    model._default_manager.bulk_create(
        records,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=[model._meta.pk.name],
        update_fields=sorted(set(columns)),
    )
