"""What names a record: foreign keys and lists, found through the models; ids kept as text, named in the settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import TextField
from django.db.models.functions import Cast

from sympolis.office.core.models import Record, record_models

_FIRST_IDS = re.compile(r"[a-z]{3}_\w{12}(:[a-z]{3}_\w{12})+")  # whose order is no matter: parties of an agreement
_TWO_IDS = re.compile(r"[a-z]{3}_\w{12} [a-z]{3}_\w{12}")

type Column = models.Field[Any, Any]


def keys_to(model: type[models.Model]) -> list[Column]:
    """The foreign keys that lead to a model, those of tables between two included; a history's lead nowhere."""
    links: list[Any] = model._meta.get_fields(include_hidden=True)
    incoming = [link for link in links if link.auto_created and not link.concrete and not link.many_to_many]
    return [link.field for link in incoming if link.on_delete is not models.DO_NOTHING]


def text_columns() -> list[Column]:
    """The columns that name records by public id; and of every record what the last import said of it, and its own id
    there, which may be made of others'."""
    named = []
    for path in settings.SYMPOLIS_NAMED_BY_ID:
        label, _dot, name = path.rpartition(".")
        named.append(apps.get_model(label)._meta.get_field(name))
    heard = [model._meta.get_field(name) for model in record_models().values() for name in ("imported", "source_id")]
    return [*named, *heard]


def rows_naming(column: Column, public_id: str) -> models.QuerySet[Any]:
    """The rows whose column holds a public id, alone or among other words."""
    rows: models.QuerySet[Any] = column.model._base_manager.order_by("pk")
    if isinstance(column, models.JSONField):
        rows = rows.annotate(as_text=Cast(column.name, TextField()))
        return rows.filter(as_text__contains=public_id)
    return rows.filter(**{f"{column.name}__contains": public_id})


def renamed(column: Column, value: Any, before: str, after: str) -> Any:
    """A value with one public id in place of another. Two in order stay in order: a pair has no sides."""
    if isinstance(column, models.JSONField):
        return json.loads(json.dumps(value).replace(before, after))
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(after if one == before else one for one in value))
    written = str(value).replace(before, after)
    if _TWO_IDS.fullmatch(written):
        return " ".join(sorted(written.split()))
    first = _FIRST_IDS.match(written) if column.name == "source_id" else None
    return ":".join(sorted(set(first[0].split(":")))) + written[first.end() :] if first else written


def names_itself(row: models.Model, column: Column) -> bool:
    """Whether a pair is of one with itself, or what was between two is no more: its two ends are one."""
    value = getattr(row, column.attname)
    if isinstance(value, str) and _TWO_IDS.fullmatch(value) and len(set(value.split())) == 1:
        return True
    ends = getattr(row, "BETWEEN", ()) or _ends_of_own_list(type(row))
    if column.name not in ends:
        return False
    first, second = (getattr(row, row._meta.get_field(end).attname) for end in ends)  # type: ignore[union-attr]  # these are columns
    return first is not None and bool(first == second)


def _ends_of_own_list(model: type[models.Model]) -> tuple[str, ...]:
    """Of the table of a list whose owner and those in it are of one kind: its two ends."""
    if not model._meta.auto_created:
        return ()
    keys = [one for one in model._meta.concrete_fields if isinstance(one, models.ForeignKey)]
    same = len({one.remote_field.model for one in keys}) == 1
    return tuple(one.name for one in keys) if same and len(keys) == 2 else ()


def unique_sets(model: type[models.Model], column: Column) -> Iterator[tuple[Column, ...]]:
    """The sets of columns, this one among them, that no two rows may have alike."""
    sets = [tuple(one.fields) for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    sets += [tuple(names) for names in model._meta.unique_together]
    sets += [(column.name,)] if column.unique else []
    for names in sets:
        if column.name in names:
            yield tuple(model._meta.get_field(name) for name in names)  # type: ignore[misc]  # these are columns


def chain_of(record: Record) -> list[Record]:
    """What a record is part of, what that is part of, and so on, by any column that leads to its own kind."""
    found: list[Record] = []
    waiting = [record]
    while waiting:
        one = waiting.pop()
        for column in own_keys(type(record)):
            above = getattr(one, column.name)
            if above is not None and above not in found:
                found.append(above)
                waiting.append(above)
    return found


def own_keys(model: type[models.Model]) -> list[Column]:
    """The foreign keys of a model to itself."""
    keys = [one for one in model._meta.concrete_fields if isinstance(one, models.ForeignKey)]
    return [one for one in keys if one.remote_field.model is model]
