"""The fields of a form as JSON: how each is described, read and written. The form itself judges what was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from functools import singledispatch
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from sympolis.office.core.form_fields import (
    ChosenCodesField,
    LanguagesField,
    NamedCodesField,
    PartialDateField,
    plain_words,
)
from sympolis.office.core.forms import RecordForm
from sympolis.office.core.models import Record, User
from sympolis.office.directory.detail_fields import RowsField
from sympolis.office.directory.fields import OrganisationField, OrganisationsField
from sympolis.office.directory.forms import NamesField
from sympolis.office.planning.enums import ParticipantKind, own_numbers
from sympolis.office.planning.fields import DotsByKindField, RecordsField
from sympolis.office.projects.applications.forms import OfficerField
from sympolis.office.projects.fields import PartsField
from sympolis.office.projects.practices.forms import ProjectField
from sympolis.office.projects.running.forms import MonthField
from sympolis.office.projects.running.models import Entry

NOBODY = "-"  # no key of any record: a form says that it is no choice


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class Words(Strict):
    """A text in the languages it has. A language left out stays as it is; null or an empty text takes it away."""

    en: str | None = None
    ca: str | None = None
    es: str | None = None
    fr: str | None = None
    ar: str | None = None


class DotsByKind(Strict):
    """How many dots some kinds of participant have. A kind that is left out, or null, has the session's number."""

    council: int | None = None
    expert: int | None = None
    team: int | None = None
    partner: int | None = None
    other: int | None = None


class PartIn(Strict):
    """Who takes part in a project, as what, with how much of the money."""

    organisation: str = Field(description="Id or name")
    role: str = Field("partner", description="lead or partner")
    money: Decimal | None = Field(None, description="A sum, as text or number: 120000.50")


@singledispatch
def type_of(field: forms.Field) -> Any:
    """What the description of the API says of a field."""
    return str


@singledispatch
def said(field: forms.Field, value: Any) -> Any:
    """What a record holds, as JSON."""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)


@singledispatch
def sent(field: forms.Field, name: str, value: Any) -> Mapping[str, list[str]]:
    """A value in JSON as a browser would send it. No boxes at all is what a browser sends of an empty list."""
    return {name: ["" if value is None else str(value)]}


@type_of.register
def _(field: LanguagesField) -> Any:
    return Words


@said.register
def _(field: LanguagesField, value: Any) -> Any:
    return plain_words(value)


@sent.register
def _(field: LanguagesField, name: str, value: Any) -> Mapping[str, list[str]]:
    return {f"{name}_{code}": [(value or {}).get(code) or ""] for code, _native in settings.LANGUAGES}


@said.register
def _(field: PartialDateField, value: Any) -> Any:
    return str(value or "")


@type_of.register
def _(field: ChosenCodesField) -> Any:
    return list[str]


@said.register
def _(field: ChosenCodesField, value: Any) -> Any:
    return [str(code) for code in value or ()]


@sent.register
def _(field: ChosenCodesField, name: str, value: Any) -> Mapping[str, list[str]]:
    return {name: list(value or ())}


@type_of.register
def _(field: NamedCodesField) -> Any:
    return list[str]


@said.register
def _(field: NamedCodesField, value: Any) -> Any:
    return [str(code) for code in value or ()]


@sent.register
def _(field: NamedCodesField, name: str, value: Any) -> Mapping[str, list[str]]:
    return {name: [", ".join(value or ())]}


@type_of.register
def _(field: DotsByKindField) -> Any:
    return DotsByKind


@said.register
def _(field: DotsByKindField, value: Any) -> Any:
    return own_numbers(value or ())


@sent.register
def _(field: DotsByKindField, name: str, value: Any) -> Mapping[str, list[str]]:
    written = {kind: (value or {}).get(kind) for kind in ParticipantKind.values}
    return {f"{name}_{kind}": ["" if number is None else str(number)] for kind, number in written.items()}


@type_of.register
def _(field: NamesField) -> Any:
    return list[str]


@said.register
def _(field: NamesField, value: Any) -> Any:
    return list(value or ())


@sent.register
def _(field: NamesField, name: str, value: Any) -> Mapping[str, list[str]]:
    return {name: ["\n".join(value or ())]}


@said.register
def _(field: OrganisationField, value: Any) -> Any:
    return value.public_id if isinstance(value, Record) else ""


@type_of.register
def _(field: OrganisationsField) -> Any:
    return list[str]


@said.register
def _(field: OrganisationsField, value: Any) -> Any:
    return [one.public_id for one in value or ()]


@sent.register
def _(field: OrganisationsField, name: str, value: Any) -> Mapping[str, list[str]]:
    return {name: list(value or ())}


@type_of.register
def _(field: RowsField) -> Any:
    columns: dict[str, Any] = {name: (str, "") for name, _label, _choices in field.columns}
    row = create_model(f"{type(field).__name__.removesuffix('Field')}In", __base__=Strict, **columns)
    return list[row]  # type: ignore[valid-type]


@said.register
def _(field: RowsField, value: Any) -> Any:
    names = [name for name, _label, _choices in field.columns]
    return [dict(zip(names, field.row_of(line), strict=True)) for line in value or ()]


@sent.register
def _(field: RowsField, name: str, value: Any) -> Mapping[str, list[str]]:
    rows = value or ()
    first = {column: choices[0][0] if choices else "" for column, _label, choices in field.columns}
    return {f"{name}_{column}": [row.get(column) or empty for row in rows] for column, empty in first.items()}


@type_of.register
def _(field: PartsField) -> Any:
    return list[PartIn]


@said.register
def _(field: PartsField, value: Any) -> Any:
    return [
        {
            "organisation": part.organisation.public_id,
            "role": str(part.role),
            "money": part.money,
        }
        for part in value or ()
    ]


@sent.register
def _(field: PartsField, name: str, value: Any) -> Mapping[str, list[str]]:
    rows = value or ()
    return {
        name: [row["organisation"] for row in rows],
        f"{name}_was": ["" for _row in rows],
        f"{name}_role": [row.get("role") or "" for row in rows],
        f"{name}_money": ["" if row.get("money") is None else str(row["money"]) for row in rows],
    }


@said.register
def _(field: ProjectField, value: Any) -> Any:
    return value.public_id if isinstance(value, Record) else ""


@type_of.register
def _(field: RecordsField) -> Any:
    return list[str]


@said.register
def _(field: RecordsField, value: Any) -> Any:
    return list(value or ())


@sent.register
def _(field: RecordsField, name: str, value: Any) -> Mapping[str, list[str]]:
    return {name: ["\n".join(value or ())]}


@said.register
def _(field: MonthField, value: Any) -> Any:
    return field.prepare_value(value) or ""


def _is_numbered(field: forms.ModelChoiceField) -> bool:  # type: ignore[type-arg]  # a generic in stubs alone
    """Whether what is chosen has no id of its own: entries of a project have numbers."""
    offered: Any = field.queryset
    return offered is not None and issubclass(offered.model, Entry)


@type_of.register
def _(field: forms.ModelChoiceField) -> Any:  # type: ignore[type-arg]  # as above
    return int if _is_numbered(field) else str


@said.register
def _(field: forms.ModelChoiceField, value: Any) -> Any:  # type: ignore[type-arg]  # as above
    if _is_numbered(field):
        return value.pk if isinstance(value, Entry) else None
    return value.public_id if isinstance(value, Record) else ""


@sent.register
def _(field: forms.ModelChoiceField, name: str, value: Any) -> Mapping[str, list[str]]:  # type: ignore[type-arg]  # as above
    """A form takes the key of a row; programs know its id."""
    if not value:
        return {name: [""]}
    if _is_numbered(field):
        return {name: [str(value)]}
    offered: Any = field.queryset
    row = offered.filter(public_id=value).values_list("pk", flat=True).first()
    return {name: [NOBODY if row is None else str(row)]}


@said.register
def _(field: OfficerField, value: Any) -> Any:
    return value.email if isinstance(value, User) else ""


@sent.register
def _(field: OfficerField, name: str, value: Any) -> Mapping[str, list[str]]:
    return {name: [str(value or "")]}


@type_of.register
def _(field: forms.BooleanField) -> Any:
    return bool


@said.register
def _(field: forms.BooleanField, value: Any) -> Any:
    return bool(value)


@sent.register
def _(field: forms.BooleanField, name: str, value: Any) -> Mapping[str, list[str]]:
    return {name: ["on"]} if value else {}


@type_of.register
def _(field: forms.IntegerField) -> Any:
    return int


@said.register
def _(field: forms.IntegerField, value: Any) -> Any:
    return value


@type_of.register
def _(field: forms.FloatField) -> Any:
    return float


@type_of.register
def _(field: forms.DecimalField) -> Any:
    return Decimal


def writable(form: RecordForm | type[RecordForm]) -> dict[str, forms.Field]:
    """The fields of a form that can be sent as JSON: all but files and what travels with a page."""
    fields: dict[str, forms.Field] = form.fields if isinstance(form, RecordForm) else form.base_fields
    return {name: field for name, field in fields.items() if name != "seen" and not isinstance(field, forms.FileField)}


def schema_of(form: type[RecordForm], name: str) -> type[Strict]:
    """The description of what may be sent of a kind of record. Nothing is required here: the form says what is
    missing, and a change says only what changes."""
    with translation.override("en"):
        columns: dict[str, Any] = {
            name: (type_of(field) | None, Field(None, description=_described(field)))
            for name, field in writable(form).items()
        }
    return create_model(name, __base__=Strict, **columns)


def _described(field: forms.Field) -> str:
    words = [str(field.label or ""), str(field.help_text or "")]
    if isinstance(field, OfficerField):
        words.append("The mail address of somebody of the office.")
    elif isinstance(field, ProjectField):
        words.append("Its id, acronym or title.")
    elif isinstance(field, forms.ModelChoiceField):
        words.append("The number of one of the same project." if _is_numbered(field) else "The id of one.")
    elif isinstance(field, OrganisationsField) and not isinstance(field, PartsField):
        words.append("Ids or names of organisations.")
    elif isinstance(field, OrganisationField) and not isinstance(field, PartsField):
        words.append("The id or the name of an organisation.")
    elif isinstance(field, NamedCodesField):
        words.append("Two-letter codes.")
    return ". ".join(word.rstrip(".") for word in words if word)


def said_by(form: RecordForm) -> dict[str, Any]:
    """All a form would show of its record, as JSON."""
    return {name: said(field, form.now[name]) for name, field in writable(form).items()}


def data_of(form: RecordForm, body: Mapping[str, Any]) -> QueryDict:
    """What a browser would send that had this form before it and changed what ``body`` says: the rest is as shown,
    and ``seen`` says what was shown, so that what others change meanwhile stays."""
    now = said_by(form)
    data = QueryDict(mutable=True)
    for name, field in writable(form).items():
        value = body.get(name, now[name])
        if name in body and isinstance(field, LanguagesField):
            value = {**now[name], **(value or {})}
        for key, written in sent(field, name, value).items():
            data.setlist(key, written)
    data["seen"] = form.initial["seen"]
    return data
