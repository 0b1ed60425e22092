"""Taking many records away at once: their history stays, their ids answer 410 and never come to mean another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models, transaction

from sympolis.office.core.actions import mark_changed
from sympolis.office.core.enums import ChangeKind
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.models import Document, Record, RetiredId

AT_A_TIME = 5000


def record_models() -> dict[str, type[Record]]:
    """What a public id begins with -> the model."""
    return {model.ID_PREFIX: model for model in apps.get_models() if issubclass(model, Record)}


@transaction.atomic
def retire(records: Iterable[Record]) -> int:
    """Delete records nothing else hangs on (see ``leant_on``); says how many."""
    grouped: defaultdict[type[Record], list[Record]] = defaultdict(list)
    for record in records:
        grouped[type(record)].append(record)
    for model, gone in grouped.items():
        for start in range(0, len(gone), AT_A_TIME):
            part = gone[start : start + AT_A_TIME]
            model._default_manager.filter(pk__in=[record.pk for record in part]).delete()
            retired = [RetiredId(public_id=record.public_id) for record in part]
            RetiredId.objects.bulk_create(retired, ignore_conflicts=True, batch_size=1000)
            mark_changed([record.public_id for record in part], ChangeKind.REMOVE)
    return sum(map(len, grouped.values()))


def leant_on(model: type[Record], records: list[Record]) -> set[int]:
    """Those of the records that others hang on, or documents: taking them away would take those along."""
    pks = {record.pk for record in records}
    leaning: set[int] = set()
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        if relation.on_delete not in (models.CASCADE, models.PROTECT) or other in _own_lists(model):
            continue
        name = relation.field.attname
        for part in _parts(pks):
            rows = other._default_manager.filter(**{f"{name}__in": part}).values_list("pk", name)
            leaning.update(owner for pk, owner in rows if other is not model or pk not in pks)
    by_id = {record.public_id: record.pk for record in records}
    for part in _parts(by_id):
        documents = Document.objects.filter(record__in=part).values_list("record", flat=True)
        leaning.update(by_id[public_id] for public_id in documents)
    return leaning


def _own_lists(model: type[Record]) -> set[type[models.Model]]:
    """Tables between two that are part of the record itself: who takes part in it, its parties."""
    listed = {link.through for table in tables().values() if table.model is model for link in table.links.values()}
    return {through for through in listed if any(field.related_model is model for field in through._meta.fields)}


def _parts[T](items: Iterable[T]) -> Iterable[list[T]]:
    listed = list(items)
    return [listed[start : start + AT_A_TIME] for start in range(0, len(listed), AT_A_TIME)]
