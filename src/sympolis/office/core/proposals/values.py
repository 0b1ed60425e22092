"""Fields of any record as plain values that can wait in a table and be put into the record later.

A field is named as the model names it: a column, both days of a date as one, or a list of others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.fields.files import FieldFile

from sympolis.office.core.dates import Dated, PartialDate
from sympolis.office.core.lists import list_fields, lists_of, put_lists
from sympolis.office.core.models import Record
from sympolis.office.core.proposals.pictures import picture_of
from sympolis.office.core.texts import CodesField, MultilingualField, Text

type Plain = Any
"""What JSON can hold: of another record its public id, of a list ``{public id: {column: value}}``."""


class NoLongerThere(Exception):
    """What a proposal names was removed since."""


def is_list(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in list_fields(model))


def is_text(model: type[models.Model], name: str) -> bool:
    return not isinstance(getattr(model, name, None), Dated) and isinstance(
        model._meta.get_field(name), MultilingualField
    )


def is_picture(model: type[models.Model], name: str) -> bool:
    return any(field.name == name and isinstance(field, models.ImageField) for field in model._meta.concrete_fields)


def plain_value(record: Record, name: str) -> Plain:
    """What the record as it stands in memory says in a field that is no list."""
    value = getattr(record, name)
    if isinstance(value, PartialDate):
        return [day and day.isoformat() for day in (value.earliest, value.latest)]
    if isinstance(value, Record):
        return value.public_id
    if isinstance(value, FieldFile):
        return value.name or ""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def plain_values(record: Record, names: Iterable[str]) -> dict[str, Plain]:
    """The same of several fields, lists as the database has them."""
    wanted = list(names)
    model = type(record)
    lists = lists_of(model, [record.pk])[record.pk] if any(is_list(model, name) for name in wanted) else {}
    return {name: lists[name] if name in lists else plain_value(record, name) for name in wanted}


def python_value(model: type[models.Model], name: str, plain: Plain) -> Any:
    """A plain value as the record would have it; what names another record stays its public id."""
    if plain is None or is_list(model, name):
        return plain
    if isinstance(getattr(model, name, None), Dated):
        return PartialDate(*(day and date.fromisoformat(day) for day in plain))
    column: Any = model._meta.get_field(name)
    if isinstance(column, models.ForeignKey):
        return plain
    if isinstance(column, MultilingualField | CodesField):
        return column.to_python(plain)
    return plain if isinstance(column, models.JSONField) else column.to_python(plain)


def put_value(record: Record, name: str, before: Plain, after: Plain) -> None:
    """Write a proposed value into the record in memory; of a text in several languages those alone that were changed.

    Raises NoLongerThere where it names a record that is gone.
    """
    model = type(record)
    column: Any = None if isinstance(getattr(model, name, None), Dated) else model._meta.get_field(name)
    if isinstance(column, models.ForeignKey):
        setattr(record, name, _named(column.related_model, after))
    elif isinstance(column, MultilingualField):
        setattr(record, name, _merged(getattr(record, name), Text(before or {}), Text(after or {})))
    elif isinstance(column, models.FileField):
        setattr(record, name, _picture(after))
    else:
        setattr(record, name, python_value(model, name, after))


def _named(model: Any, public_id: str | None) -> Any:
    if public_id is None:
        return None
    found = model._default_manager.filter(public_id=public_id).first()
    if found is None:
        raise NoLongerThere(public_id)
    return found


def _picture(name: str) -> Any:
    """A proposed picture to be put in place; nothing where there should be none any more."""
    try:
        return picture_of(name) if name else ""
    except FileNotFoundError as error:
        raise NoLongerThere(name) from error


def _merged(now: Text, before: Text, after: Text) -> Text:
    merged = Text({code: entry.copy() for code, entry in now.items()})
    for code in dict.fromkeys([*before, *after]):
        if before.get_text(code) != after.get_text(code):
            merged.write(code, after.get_text(code), by="person", author=after.get(code, {}).get("author", ""))
    return merged


def put_list(record: Record, name: str, before: Plain, after: Plain) -> None:
    """Let those into a saved record's list who should come, and out of it who should go; the others stay."""
    now = lists_of(type(record), [record.pk])[record.pk][name]
    was: Mapping[str, Any] = before or {}
    gone = was.keys() - after.keys()
    came = {one: row for one, row in after.items() if was.get(one) != row}
    put_lists(record, {name: {one: row for one, row in {**now, **came}.items() if one not in gone}})


def digest(value: Any) -> str:
    """A few signs that differ where values differ: what an officer saw when deciding."""
    said = json.dumps(value, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.blake2s(said.encode(), digest_size=8).hexdigest()
