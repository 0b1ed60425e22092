"""What is kept of a project that runs, for programs: who may change the project reads and writes it, through the forms
and the actions of its pages. For anybody else there is nothing at these addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Schema, Status
from pydantic import Field, create_model

from sympolis.office.core.queries import Reader, visible_documents
from sympolis.office.core.texts import MultilingualField
from sympolis.office.directory.queries import visible_departments, visible_organisations
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.actions import Outdated, keep_entry, remove_entry
from sympolis.office.projects.running.queries import run_projects
from sympolis.web.api.fields import Strict, schema_of, type_of, writable
from sympolis.web.api.interface import api
from sympolis.web.api.lists import CHUNK, PageOf, Paging, table
from sympolis.web.api.one import found_or_gone
from sympolis.web.api.problems import Refused
from sympolis.web.api.readings import seen_id
from sympolis.web.api.versions import named_versions, version_missing
from sympolis.web.api.writing import KEY, MATCH, data_sent, once, refuse_what_is_wrong
from sympolis.web.staff.records.cells import in_words, written
from sympolis.web.staff.running.kinds import KINDS, EntryKind

type Row = dict[str, Any]

SEEN: dict[str, Callable[[Reader], QuerySet[Any]]] = {
    "organisation": visible_organisations,
    "department": visible_departments,
    "document": visible_documents,
}
"""Records an entry names: their ids are told as far as the reader may see them."""

RECKONED = {"payment": ("converted",)}
"""Columns that no form asks for."""


@dataclass(frozen=True, slots=True)
class EntryReading:
    """One kind of entry: its name in addresses, how a row is described, what may be sent."""

    kind: EntryKind
    name: str
    columns: type[Schema]
    fields: type[Strict]

    @property
    def names(self) -> list[str]:
        return [*writable(self.kind.form), *RECKONED.get(self.kind.name, ())]

    def of(self, project: Project, user: Reader) -> QuerySet[Any]:
        rows: QuerySet[Any] = getattr(project, self.kind.relation).all()
        seen = {f"seen_{name}": seen_id(SEEN[name](user), name) for name in SEEN if name in self.names}
        found: QuerySet[Any] = rows.annotate(**seen)
        return found

    def row(self, entry: Any) -> Row:
        about = {"number": entry.pk, "version": str(entry.version)}
        return {**about, **{name: _told(entry, name) for name in self.names}}


def _told(entry: Any, name: str) -> Any:
    if name in SEEN:
        return getattr(entry, f"seen_{name}") or ""
    column = entry._meta.get_field(name)
    value = getattr(entry, column.attname)
    if isinstance(column, MultilingualField):
        return value.plain()
    return f"{value:%Y-%m}" if name == "month" else value


def _reading(kind: EntryKind) -> EntryReading:
    model = kind.model.__name__
    columns: dict[str, Any] = {"number": int, "version": (str, Field(description="Send it as If-Match to change it"))}
    for name, field in writable(kind.form).items():
        columns[name] = _type_told(kind.model._meta.get_field(name), field)
    for name in RECKONED.get(kind.name, ()):
        columns[name] = type_of(kind.model._meta.get_field(name).formfield())
    told = create_model(f"{model}Out", __base__=Schema, **columns)
    return EntryReading(kind, kind.relation.replace("_", "-"), told, schema_of(kind.form, f"{model}Fields"))


def _type_told(column: Any, field: Any) -> Any:
    if column.name in SEEN or column.name == "month":
        return str
    if isinstance(column, MultilingualField):
        return dict[str, str]
    told = date if isinstance(column, models.DateField) else type_of(field)
    return told | None if column.null else told


READINGS = [_reading(kind) for kind in KINDS.values()]


def _project(request: HttpRequest, public_id: str) -> Project:
    found: Project = found_or_gone(run_projects(request.user), public_id)
    return found


def _entry(request: HttpRequest, of: EntryReading, public_id: str, number: int) -> Any:
    project = _project(request, public_id)
    entry = get_object_or_404(of.of(project, request.user), pk=number)
    entry.project = project
    return entry


def _again(request: HttpRequest, of: EntryReading, entry: Any) -> Row:
    return of.row(of.of(entry.project, request.user).get(pk=entry.pk))


def _check_version(request: HttpRequest, of: EntryReading, entry: Any) -> None:
    """As of records: what the writer has not seen is not written over, and it is told what that is."""
    known = named_versions(request)
    if not known:
        raise version_missing(str(entry.version))
    if known != ["*"] and str(entry.version) not in known:
        raise _outdated(request, of, entry, known[0])


def _outdated(request: HttpRequest, of: EntryReading, entry: Any, version: str) -> Refused:
    """With the difference, field by field, between what the writer saw and what stands there."""
    seen = int(version) if version.isdecimal() and version.isascii() and len(version) < 10 else 0
    then = entry.history.filter(version=seen).order_by("-history_id").first()
    changes = [
        {"field": name, "before": _written(request, of, name, before), "after": _written(request, of, name, now)}
        for name in writable(of.kind.form)
        for column in [entry._meta.get_field(name).attname]
        if then is not None and (before := getattr(then, column)) != (now := getattr(entry, column))
    ]
    return Refused(
        HTTPStatus.PRECONDITION_FAILED,
        _("Somebody changed this since you read it. Look at what changed, and send your change with the new version."),
        changes=changes,
        version=str(entry.version),
    )


def _written(request: HttpRequest, of: EntryReading, name: str, value: Any) -> str:
    if name in SEEN:
        return SEEN[name](request.user).filter(pk=value).values_list("public_id", flat=True).first() or ""
    field = of.kind.form.base_fields[name]
    return written(value if isinstance(field, ModelChoiceField) else in_words(field, value))


def _kept(request: HttpRequest, of: EntryReading, entry: Any, body: Strict) -> Row:
    user: Any = request.user
    form = of.kind.form(data_sent(of.kind.form(instance=entry, user=user), body), instance=entry, user=user)
    refuse_what_is_wrong(form)
    try:
        keep_entry(user, form.instance)
    except Outdated:
        now = get_object_or_404(of.of(entry.project, user), pk=entry.pk)
        raise _outdated(request, of, now, str(entry.version)) from None
    except ValidationError as error:
        form.refuse(error)
        refuse_what_is_wrong(form)
    return _again(request, of, form.instance)


def _tagged(response: HttpResponse, row: Row) -> Row:
    response["ETag"] = f'"{row["version"]}"'
    return row


def _open_routes(of: EntryReading) -> None:
    below = f"/projects/{{public_id}}/{of.name}"
    how: dict[str, Any] = {"tags": ["Projects that run"], "by_alias": True}

    def list_of(request: HttpRequest, public_id: str, paging: Query[Paging]) -> Any:
        rows = of.of(_project(request, public_id), request.user)
        if paging.format == "csv":
            return table((of.row(one) for one in rows.iterator(chunk_size=CHUNK)), of.columns, of.name)
        page = rows[paging.offset : paging.offset + paging.limit]
        about = {"count": rows.count(), "limit": paging.limit, "offset": paging.offset}
        return {**about, "items": [of.row(one) for one in page]}

    def one_of(request: HttpRequest, response: HttpResponse, public_id: str, number: int) -> Any:
        return _tagged(response, of.row(_entry(request, of, public_id, number)))

    def add_to(
        request: HttpRequest, response: HttpResponse, public_id: str, body: of.fields  # type: ignore[name-defined]  # a form made here
    ) -> Any:  # fmt: skip
        project = _project(request, public_id)
        row = once(request, lambda: _kept(request, of, of.kind.model(project=project), body))
        about = {"public_id": public_id, "number": row["number"]}
        response["Location"] = reverse(f"api-v1:one_of_{of.kind.relation}", kwargs=about)
        return Status(201, _tagged(response, row))

    def change_one(
        request: HttpRequest, response: HttpResponse, public_id: str, number: int,
        body: of.fields,  # type: ignore[name-defined]  # as above
    ) -> Any:  # fmt: skip
        entry = _entry(request, of, public_id, number)
        _check_version(request, of, entry)
        return _tagged(response, _kept(request, of, entry, body))

    def remove_one(request: HttpRequest, public_id: str, number: int) -> Any:
        user: Any = request.user
        entry = _entry(request, of, public_id, number)
        _check_version(request, of, entry)
        remove_entry(user, entry)
        return Status(204, None)

    def put_on(method: Callable[..., Any], path: str, view: Any, words: str, response: Any, **more: Any) -> None:
        view.__name__ = f"{view.__name__}_{of.kind.relation}"
        method(path, response=response, summary=f"{words} {of.name}", **how, **more)(view)

    put_on(api.get, below, list_of, "A project's", PageOf[of.columns])  # type: ignore[name-defined]  # as above
    put_on(api.post, below, add_to, "Add to a project's", {201: of.columns}, openapi_extra=KEY)
    put_on(api.get, f"{below}/{{number}}", one_of, "One of a project's", of.columns)
    put_on(api.patch, f"{below}/{{number}}", change_one, "Change one of a project's", of.columns, openapi_extra=MATCH)
    put_on(api.delete, f"{below}/{{number}}", remove_one, "Remove one of a project's", {204: None}, openapi_extra=MATCH)


for _one in READINGS:
    _open_routes(_one)
