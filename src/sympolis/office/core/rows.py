"""Rows as plain values: written down before they go, and put back as they were, keys included."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.deletion import Collector

from sympolis.office.core.models import Document, Record, record_models

type Row = dict[str, Any]
"""``{"model": label, "pk": key, "fields": {column: value}}``"""


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


def plain_rows(ones: Iterable[models.Model]) -> list[Row]:
    """Rows as JSON has them: what is kept and what is read again are equal."""
    found: list[Row] = json.loads(json.dumps([row_of(one) for one in ones], cls=DjangoJSONEncoder))
    return found


def plain_value(column: models.Field[Any, Any], one: models.Model) -> Any:
    """One column of a row as JSON has it."""
    return json.loads(json.dumps(kept_value(column, one), cls=DjangoJSONEncoder))


def row_of(one: models.Model) -> Row:
    fields = {field.attname: kept_value(field, one) for field in one._meta.concrete_fields if not field.primary_key}
    return {"model": one._meta.label, "pk": one.pk, "fields": fields}


def kept_value(field: models.Field[Any, Any], one: models.Model) -> Any:
    value = field.value_from_object(one)
    if isinstance(value, datetime):
        return value.isoformat()  # the encoder would cut it to thousandths
    return value if isinstance(field, models.JSONField) else field.get_prep_value(value)


def model_of(row: Row) -> Any:
    return apps.get_model(row["model"])


def with_both_ends(rows: list[Row]) -> list[Row]:
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
    for field in model_of(row)._meta.concrete_fields:
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


def insert_rows(rows: list[Row]) -> dict[type[Record], list[Record]]:
    """Write the rows as they were, keys included; the records among them by model."""
    records: defaultdict[type[Record], list[Record]] = defaultdict(list)
    for row in rows:
        model = model_of(row)
        columns = {field.attname: field for field in model._meta.concrete_fields}
        # a column that came with a later version has its default
        kept = {name: columns[name].to_python(value) for name, value in row["fields"].items() if name in columns}
        one = model(pk=row["pk"], **kept)
        one.save_base(raw=True, force_insert=True)
        if isinstance(one, Record):
            records[model].append(one)
    return dict(records)
