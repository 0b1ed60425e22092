"""What a removal took away, kept for a while: brought back whole while it can be, forgotten with its files after."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.files.storage import Storage, default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext as _

from sympolis.office.core.enums import ChangeKind
from sympolis.office.core.history import CHANGED, CREATED, write_history
from sympolis.office.core.lists import ListField, list_fields, note_lists
from sympolis.office.core.models import (
    Document,
    IndexChange,
    Record,
    Removal,
    RetiredId,
    User,
    record_models,
)

KEPT = timedelta(days=30)
BROUGHT_BACK = "brought back"

type Row = dict[str, Any]


class CannotComeBack(Exception):
    """Why a removal can't be undone, in words for the one who tried."""


class AllOfIt(Collector):
    """Collects every row that would go, the ones Django could delete unseen included."""

    def can_fast_delete(self, objs: object, from_field: object = None) -> bool:
        return False

    def gone(self) -> list[models.Model]:
        return [one for ones in self.data.values() for one in ones]

    def let_go(self) -> Iterator[tuple[models.Field[Any, Any], models.Model]]:
        """Rows that stay and lose what they name."""
        for (field, _value), groups in self.field_updates.items():
            for group in groups:
                rows: Any = group if isinstance(group, (models.QuerySet, list, tuple, set)) else [group]
                yield from ((field, row) for row in rows)


def keep_removal(record: Record, collector: AllOfIt, by: User | None) -> Removal:
    """Write down what is about to go."""
    gone = sorted(collector.gone(), key=lambda one: one is not record)
    let_go = [
        {"model": row._meta.label, "pk": row.pk, "field": field.attname, "value": getattr(row, field.attname)}
        for field, row in collector.let_go()
        if row not in gone
    ]
    rows = json.loads(json.dumps([_row(one) for one in gone], cls=DjangoJSONEncoder))
    return Removal.objects.create(record=record.public_id, title=str(record)[:300], rows=rows, let_go=let_go, by=by)


def neighbours(rows: Iterable[Row], let_go: Iterable[Row]) -> dict[type[Record], list[Record]]:
    """Records that stay and lose or get back somebody in a list of theirs, or what a column of theirs named."""
    keys: defaultdict[type[Record], set[int]] = defaultdict(set)
    owners = {
        field.through._meta.label: (model, field) for model in record_models().values() for field in list_fields(model)
    }
    for row in rows:
        if row["model"] in owners:
            model, field = owners[row["model"]]
            keys[model].add(row["fields"][f"{field.owner}_id"])
    for row in let_go:
        model = _model(row)
        if issubclass(model, Record):
            keys[model].add(row["pk"])
    going = {(row["model"], row["pk"]) for row in rows}
    found = {
        model: [one for one in model._default_manager.filter(pk__in=pks) if (model._meta.label, one.pk) not in going]
        for model, pks in keys.items()
    }
    return {model: records for model, records in found.items() if records}


def _owners_of_lists() -> dict[str, tuple[type[Record], ListField]]:
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
    model = _model(removal.rows[0])
    if model._base_manager.filter(public_id=public_id).exists():
        raise CannotComeBack(_("It is there already: somebody brought it in again."))
    rows = _with_both_ends(_new(removal.rows))
    if not rows or rows[0]["pk"] != removal.rows[0]["pk"]:
        raise CannotComeBack(_("What it belonged to is no longer there. Bring that back first."))
    records = _insert(rows)
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
        removal.delete()
        for storage, name in files:
            storage.delete(name)
    return len(old)


def files_of(removal: Removal) -> Iterator[tuple[Storage, str]]:
    """The files that wait with a removal."""
    for row in removal.rows:
        for field in _model(row)._meta.concrete_fields:
            if isinstance(field, models.FileField) and (name := row["fields"].get(field.attname)):
                yield field.storage or default_storage, name


def _row(one: models.Model) -> Row:
    fields = {field.attname: _kept(field, one) for field in one._meta.concrete_fields if not field.primary_key}
    return {"model": one._meta.label, "pk": one.pk, "fields": fields}


def _kept(field: models.Field[Any, Any], one: models.Model) -> Any:
    value = field.value_from_object(one)
    if isinstance(value, datetime):
        return value.isoformat()  # the encoder would cut it to thousandths
    return value if isinstance(field, models.JSONField) else field.get_prep_value(value)


def _model(row: Row) -> Any:
    return apps.get_model(row["model"])


def _new(rows: list[Row]) -> list[Row]:
    """The rows without those that are there again under the same id."""
    return [row for row in rows if not _is_there(row)]


def _is_there(row: Row) -> bool:
    model = _model(row)
    same = models.Q(pk=row["pk"])
    if "public_id" in row["fields"]:
        same |= models.Q(public_id=row["fields"]["public_id"])
    return bool(model._base_manager.filter(same).exists())


def _with_both_ends(rows: list[Row]) -> list[Row]:
    """The rows whose other ends are there or come back too; a column that may be empty lets go of what is gone."""
    while True:
        coming = {(row["model"], row["pk"]) for row in rows}
        public_ids = {row["fields"].get("public_id") for row in rows}
        whole = [row for row in rows if _has_its_ends(row, coming) and _hangs_on_something(row, public_ids)]
        if len(whole) == len(rows):
            return rows
        rows = whole


def _has_its_ends(row: Row, coming: set[tuple[str, int]]) -> bool:
    fields = row["fields"]
    for field in _model(row)._meta.concrete_fields:
        key = fields.get(field.attname)
        if not isinstance(field, models.ForeignKey) or key is None:
            continue
        other: Any = field.remote_field.model
        if (other._meta.label, key) not in coming and not other._base_manager.filter(pk=key).exists():
            if not field.null:
                return False
            fields[field.attname] = None
    return True


def _hangs_on_something(row: Row, coming: set[str | None]) -> bool:
    """Documents name what they hang on by its public id."""
    if row["model"] != Document._meta.label:
        return True
    public_id = row["fields"]["record"]
    model = record_models().get(public_id.partition("_")[0])
    return public_id in coming or (model is not None and model._base_manager.filter(public_id=public_id).exists())


def _insert(rows: list[Row]) -> dict[type[Record], list[Record]]:
    """Write the rows as they were, keys included; the records among them by model."""
    records: defaultdict[type[Record], list[Record]] = defaultdict(list)
    for row in rows:
        model = _model(row)
        columns = {field.attname: field for field in model._meta.concrete_fields}
        # a column that came with a later version has its default
        kept = {name: columns[name].to_python(value) for name, value in row["fields"].items() if name in columns}
        one = model(pk=row["pk"], **kept)
        one.save_base(raw=True, force_insert=True)
        if isinstance(one, Record):
            records[model].append(one)
    return dict(records)


def _take_hold_again(let_go: Iterable[Row]) -> None:
    """Columns that lost what they named name it again, if nobody gave them another since and it is there."""
    for row in let_go:
        model = _model(row)
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
