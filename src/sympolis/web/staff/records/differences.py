"""A field from one value to another, in the reader's words."""

from __future__ import annotations

from typing import Any, TypedDict

from django import forms
from django.utils.text import capfirst

from sympolis.office.core.history import FieldChange
from sympolis.web.staff.records import cells
from sympolis.web.staff.records.kinds import Kind


class Difference(TypedDict):
    """What a page shows of a change: both sides are escaped already."""

    label: Any
    before: Any
    after: Any


def label_of(kind: Kind, name: str) -> Any:
    """What the form calls a field, or the model where the form has none of that name; said when shown."""
    field = kind.form.base_fields.get(name)
    return field.label if field and field.label else capfirst(kind.form._meta.model._meta.get_field(name).verbose_name)


def change_in_words(kind: Kind, change: FieldChange) -> Difference:
    field = kind.form.base_fields.get(change.name)
    before, after = (cells.shown(_said(kind, field, change.name, value)) for value in (change.before, change.after))
    return Difference(label=label_of(kind, change.name), before=before, after=after)


def _said(kind: Kind, field: forms.Field | None, name: str, value: Any) -> Any:
    """As the form says it; what no form has, such as the state of a session, as its column does."""
    if field is not None:
        return cells.in_words(field, value)
    column: Any = kind.form._meta.model._meta.get_field(name)
    labels = dict(getattr(column, "flatchoices", ()))
    return labels.get(value, value) if labels else value
