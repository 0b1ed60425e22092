"""Lists of others a record has (parties, partners, who meets): as plain values, kept with each version of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import models
from django.db.models import Max

from sympolis.office.core.models import Record, WithLists

type Lists = dict[str, dict[str, dict[str, Any]]]
"""field -> public id of who stands in it -> what the row between the two says besides."""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ListField:
    """One list of a model: the table between, its two ends, and its other columns."""

    name: str
    through: Any
    owner: str  # name of the foreign key to the record
    target: str  # name of the foreign key to who stands in the list
    more: tuple[models.Field[Any, Any], ...]

    @property
    def others(self) -> type[Record]:
        found: type[Record] = self.through._meta.get_field(self.target).remote_field.model
        return found


def list_fields(model: type[models.Model]) -> list[ListField]:
    """The many-to-many fields of a model."""
    found = []
    for many in model._meta.many_to_many:
        between: Any = many
        owner, target = between.m2m_field_name(), between.m2m_reverse_field_name()
        through: Any = between.remote_field.through
        more = (one for one in through._meta.concrete_fields if not one.primary_key and one.name not in {owner, target})
        found.append(ListField(many.name, through, owner, target, tuple(more)))
    return found


def keeps_lists(model: type[models.Model]) -> bool:
    """Whether the history of a model has a place for its lists."""
    history: Any = getattr(model, "history", None)
    return history is not None and issubclass(history.model, WithLists)


def lists_of(model: type[models.Model], pks: Iterable[int]) -> dict[int, Lists]:
    """The lists of many records as they stand: one query for each list."""
    wanted, fields = list(pks), list_fields(model)
    found: dict[int, Lists] = {pk: {field.name: {} for field in fields} for pk in wanted}
    for field in fields:
        rows = field.through._default_manager.filter(**{f"{field.owner}__in": wanted}).order_by("pk")
        names = (f"{field.owner}_id", f"{field.target}__public_id", *(one.attname for one in field.more))
        for owner, public_id, *values in rows.values_list(*names):
            said = zip(field.more, values, strict=True)
            found[owner][field.name][public_id] = {one.name: _plain(one, value) for one, value in said}
    return found


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    """As JSON has it, and equal to itself read again: 120000.00 whatever the database made of it."""
    return None if value is None else field.value_to_string(field.model(**{field.attname: field.to_python(value)}))


def note_lists(model: type[Record], records: Iterable[Record]) -> None:
    """Write the lists as they stand now into the last version of each record."""
    if not keeps_lists(model):
        return
    history: Any = model.history.model  # type: ignore[attr-defined]
    for some in batched([record.pk for record in records], _AT_ONCE):
        now = lists_of(model, some)
        last = history._default_manager.filter(id__in=some).values("id").annotate(last=Max("history_id"))
        rows = list(history._default_manager.filter(history_id__in=[one["last"] for one in last]).only("id"))
        for row in rows:
            row.lists = now[row.id]
        history._default_manager.bulk_update(rows, ["lists"], batch_size=_AT_ONCE)


def note_lists_of_version(instance: models.Model, history_instance: Any, **_signal: Any) -> None:
    """Each saving of a record remembers the lists it had then."""
    if issubclass(type(history_instance), WithLists) and history_instance.history_type != "-":
        history_instance.lists = lists_of(type(instance), [instance.pk])[instance.pk]


def put_lists(record: Record, lists: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Make the lists of a record what they were; who is no longer there can't come back."""
    for field in list_fields(type(record)):
        if field.name in lists:
            _put_list(record, field, lists[field.name])


def _put_list(record: Record, field: ListField, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    manager = field.through._default_manager
    there = dict(field.others._default_manager.filter(public_id__in=wanted).values_list("public_id", "pk"))
    of_record = {f"{field.owner}_id": record.pk}
    manager.filter(**of_record).exclude(**{f"{field.target}__in": list(there.values())}).delete()
    for public_id, pk in there.items():
        more = {one.attname: one.to_python(wanted[public_id].get(one.name)) for one in field.more}
        ends = {**of_record, f"{field.target}_id": pk}
        manager.update_or_create(**ends, defaults=more) if more else manager.get_or_create(**ends)


def said_of(field: ListField, row: Mapping[str, Any]) -> Iterator[Any]:
    """What a row says besides whom it names: choices by their label, the rest as it is; nothing where it is empty."""
    for column in field.more:
        value = row.get(column.name)
        if value not in (None, ""):
            yield dict(column.flatchoices).get(value, value)
