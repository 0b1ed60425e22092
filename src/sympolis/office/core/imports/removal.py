"""Taking many records away at once: their history stays, their ids answer 410 and never come to mean another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from sympolis.office.core.actions import mark_changed
from sympolis.office.core.enums import ChangeKind
from sympolis.office.core.history import DELETED, write_history
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.models import Document, Record, RetiredId, User

AT_A_TIME = 5000


@transaction.atomic
def retire(records: Iterable[Record], by: User | None, reason: str) -> int:
    """Delete records nothing else hangs on (see ``leant_on``); says how many."""
    grouped: defaultdict[type[Record], list[Record]] = defaultdict(list)
    for record in records:
        grouped[type(record)].append(record)
    for model, gone in grouped.items():
        write_history(model, gone, DELETED, by, reason)
        for part in _parts(gone):
            _delete(model, [record.pk for record in part])
        retired = [RetiredId(public_id=record.public_id) for record in gone]
        RetiredId.objects.bulk_create(retired, ignore_conflicts=True, batch_size=1000)
        mark_changed([record.public_id for record in gone], ChangeKind.REMOVE)
    return sum(map(len, grouped.values()))


def _delete(model: type[Record], pks: list[int]) -> None:
    """Without the signals of ``delete``, which write history one row at a time: it is written already."""
    for relation in _relations(model):
        leaning = relation.related_model._default_manager.filter(**{f"{relation.field.attname}__in": pks})
        if relation.on_delete is models.SET_NULL:
            leaning.update(**{relation.field.attname: None})
        elif relation.related_model in _own_lists(model):
            leaning._raw_delete(leaning.db)
        elif relation.get_accessor_name() in model.PARTS:
            leaning.delete()
    rows: Any = model._default_manager.filter(pk__in=pks)
    rows._raw_delete(rows.db)


def leant_on(model: type[Record], records: list[Record]) -> set[int]:
    """Those of the records that others hang on, or documents: taking them away would take those along."""
    pks = {record.pk for record in records}
    leaning: set[int] = set()
    among_them: list[tuple[int, int]] = []
    for relation in _relations(model):
        other, name = relation.related_model, relation.field.attname
        if relation.on_delete is models.SET_NULL or other in _own_lists(model):
            continue
        if relation.get_accessor_name() in model.PARTS:
            continue
        for part in _parts(pks):
            rows = other._default_manager.filter(**{f"{name}__in": part}).values_list("pk", name)
            for pk, owner in rows:
                if other is model and pk in pks:
                    among_them.append((pk, owner))
                else:
                    leaning.add(owner)
    by_id = {record.public_id: record.pk for record in records}
    for part in _parts(by_id):
        documents = Document.objects.filter(record__in=part).values_list("record", flat=True)
        leaning.update(by_id[public_id] for public_id in documents)
    return _with_what_they_lean_on(leaning, among_them)


def _with_what_they_lean_on(leaning: set[int], links: list[tuple[int, int]]) -> set[int]:
    """Of the same kind, ``(one, what it leans on)``: what stays keeps what it leans on, which would take it along."""
    owners = defaultdict(set)
    for pk, owner in links:
        owners[pk].add(owner)
    stays, fresh = set(leaning), set(leaning)
    while fresh:
        fresh = {owner for pk in fresh for owner in owners[pk]} - stays
        stays |= fresh
    return stays


def _relations(model: type[Record]) -> list[Any]:
    """Every field of another table that leads here, lists of many to many included; history leads nowhere."""
    fields: list[Any] = model._meta.get_fields(include_hidden=True)
    incoming = [field for field in fields if field.auto_created and not field.concrete and not field.many_to_many]
    return [relation for relation in incoming if relation.on_delete is not models.DO_NOTHING]


def _own_lists(model: type[Record]) -> set[type[models.Model]]:
    """Tables between two that are part of the record itself: who takes part in it, its parties."""
    listed = {link.through for table in tables().values() if table.model is model for link in table.links.values()}
    own: set[Any] = {field.remote_field.through for field in model._meta.many_to_many}
    return listed | own


def _parts[T](items: Iterable[T]) -> Iterable[list[T]]:
    listed = list(items)
    return [listed[start : start + AT_A_TIME] for start in range(0, len(listed), AT_A_TIME)]
