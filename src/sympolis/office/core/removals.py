"""What a removal took away, kept for a while: brought back whole while it can be, forgotten with its files after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.core.files.storage import Storage, default_storage
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sympolis.office.core.enums import ChangeKind
from sympolis.office.core.history import CHANGED, CREATED, write_history
from sympolis.office.core.lists import ListField, list_fields, note_lists
from sympolis.office.core.models import (
    Document,
    IndexChange,
    Merge,
    Record,
    Removal,
    RetiredId,
    User,
    record_models,
)
from sympolis.office.core.rows import AllOfIt, Row, insert_rows, model_of, plain_rows, with_both_ends

KEPT = timedelta(days=30)
BROUGHT_BACK = "brought back"


class CannotComeBack(Exception):
    """Why a removal can't be undone, in words for the one who tried."""


def keep_removal(record: Record, collector: AllOfIt, by: User | None) -> Removal:
    """Write down what is about to go."""
    gone = sorted(collector.gone(), key=lambda one: one is not record)
    let_go = [
        {"model": row._meta.label, "pk": row.pk, "field": field.attname, "value": getattr(row, field.attname)}
        for field, row in collector.let_go()
        if row not in gone
    ]
    return Removal.objects.create(
        record=record.public_id, title=str(record)[:300], rows=plain_rows(gone), let_go=let_go, by=by
    )


def neighbours(rows: Iterable[Row], let_go: Iterable[Row]) -> dict[type[Record], list[Record]]:
    """Records that stay and lose or get back somebody in a list of theirs, or what a column of theirs named."""
    keys: defaultdict[type[Record], set[int]] = defaultdict(set)
    owners = owners_of_lists()
    for row in rows:
        if row["model"] in owners:
            model, field = owners[row["model"]]
            keys[model].add(row["fields"][f"{field.owner}_id"])
    for row in let_go:
        model = model_of(row)
        if issubclass(model, Record):
            keys[model].add(row["pk"])
    going = {(row["model"], row["pk"]) for row in rows}
    found = {
        model: [one for one in model._default_manager.filter(pk__in=pks) if (model._meta.label, one.pk) not in going]
        for model, pks in keys.items()
    }
    return {model: records for model, records in found.items() if records}


def owners_of_lists() -> dict[str, tuple[type[Record], ListField]]:
    """Each table between two, by its label: whose list it is."""
    listed = ((model, field) for model in record_models().values() for field in list_fields(model))
    return {field.through._meta.label: (model, field) for model, field in listed}


def say_changed(changed: dict[type[Record], list[Record]], by: User | None, reason: str) -> None:
    """A version in the history of each, with its lists as they are now; search reads them again."""
    for model, records in changed.items():
        write_history(model, records, CHANGED, by, reason)
        note_lists(model, records)
        _mark(record.public_id for record in records)


def removal_of(public_id: str) -> Removal | None:
    """The last removal of a record, while it can be undone."""
    return Removal.objects.filter(record=public_id).select_related("by").first()


@transaction.atomic
def bring_back(public_id: str, by: User | None) -> Record:
    """Undo the removal of a record: it, what went with it, and every link that still has both its ends.

    Raises CannotComeBack. The ids are the ones they were; the ledger never forgot them.
    """
    removal = Removal.objects.select_for_update().filter(record=public_id).first()
    if removal is None:
        raise CannotComeBack(_("It was removed too long ago to be brought back."))
    model = model_of(removal.rows[0])
    if model._base_manager.filter(public_id=public_id).exists():
        raise CannotComeBack(_("It is there already: somebody brought it in again."))
    rows = with_both_ends(_new(removal.rows))
    if not rows or rows[0]["pk"] != removal.rows[0]["pk"]:
        raise CannotComeBack(_("What it belonged to is no longer there. Bring that back first."))
    records = insert_rows(rows)
    _take_hold_again(removal.let_go)
    RetiredId.objects.filter(public_id__in=[one.public_id for ones in records.values() for one in ones]).delete()
    for kind, ones in records.items():
        write_history(kind, ones, CREATED, by, BROUGHT_BACK)
        note_lists(kind, ones)
        _mark(one.public_id for one in ones)
    _mark(_named_by(records))
    say_changed(neighbours(rows, removal.let_go), by, BROUGHT_BACK)
    removal.delete()
    return next(one for ones in records.values() for one in ones if one.public_id == public_id)


def forget_removals() -> int:
    """Let go for good of what was removed a month ago, files included; how many."""
    old = list(Removal.objects.filter(at__lt=timezone.now() - KEPT))
    for removal in old:
        files = list(files_of(removal))
        gone = [row["fields"]["public_id"] for row in removal.rows if "public_id" in row["fields"]]
        Merge.objects.filter(into__in=gone).delete()  # what they were merged of can't be told apart any more
        removal.delete()
        for storage, name in files:
            storage.delete(name)
    return len(old)


def files_of(removal: Removal) -> Iterator[tuple[Storage, str]]:
    """The files that wait with a removal."""
    for row in removal.rows:
        for field in model_of(row)._meta.concrete_fields:
            if isinstance(field, models.FileField) and (name := row["fields"].get(field.attname)):
                yield field.storage or default_storage, name


def _new(rows: list[Row]) -> list[Row]:
    """The rows without those that are there again under the same id."""
    return [row for row in rows if not _is_there(row)]


def _is_there(row: Row) -> bool:
    model = model_of(row)
    same = models.Q(pk=row["pk"])
    if "public_id" in row["fields"]:
        same |= models.Q(public_id=row["fields"]["public_id"])
    return bool(model._base_manager.filter(same).exists())


def _take_hold_again(let_go: Iterable[Row]) -> None:
    """Columns that lost what they named name it again, if nobody gave them another since and it is there."""
    for row in let_go:
        model = model_of(row)
        other = next(one for one in model._meta.concrete_fields if one.attname == row["field"]).remote_field.model
        if other._base_manager.filter(pk=row["value"]).exists():
            model._base_manager.filter(pk=row["pk"], **{row["field"]: None}).update(**{row["field"]: row["value"]})


def _named_by(records: dict[type[Record], list[Record]]) -> Iterator[str]:
    """Public ids of the records these name: their entries in the index may show them."""
    for model, ones in records.items():
        for field in model._meta.concrete_fields:
            other: Any = field.remote_field.model if isinstance(field, models.ForeignKey) else None
            if other is not None and issubclass(other, Record):
                keys = {getattr(one, field.attname) for one in ones} - {None}
                yield from other._base_manager.filter(pk__in=keys).values_list("public_id", flat=True)
        if model is Document:
            yield from {one.record for one in ones if isinstance(one, Document)}


def _mark(public_ids: Iterable[str]) -> None:
    IndexChange.objects.bulk_create(
        IndexChange(record=public_id, kind=ChangeKind.PUT) for public_id in dict.fromkeys(public_ids)
    )
