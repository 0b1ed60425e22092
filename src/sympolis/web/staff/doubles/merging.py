"""Merging two records: finding the other, both side by side, choosing field by field, undoing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import ForeignKey
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sympolis.office.core.dates import Dated
from sympolis.office.core.merging.errors import MergeRefused
from sympolis.office.core.merging.fields import KEEPER, OTHER, Part, look, parts_of
from sympolis.office.core.merging.merge import merge_records, refuse
from sympolis.office.core.merging.queries import visible_merges
from sympolis.office.core.merging.undo import undo_merge, why_not
from sympolis.office.core.models import Merge, Record
from sympolis.office.core.texts import folded
from sympolis.office.directory.doubles import waiting_doubles
from sympolis.office.directory.models import Double
from sympolis.web.staff.doubles.pairs import Shown, shown
from sympolis.web.staff.imports.access import officer_of, officers_only
from sympolis.web.staff.records import cells
from sympolis.web.staff.records.documents import DOCUMENTS, KIND_OF_ID
from sympolis.web.staff.records.kinds import Kind
from sympolis.web.staff.records.removal import hanging_on
from sympolis.web.staff.records.versions import shown_versions

FOUND, MERGES_A_PAGE = 20, 50


@dataclass(frozen=True, slots=True)
class Line:
    """Something both say, side by side; ``chosen`` is whose stays unless somebody says otherwise."""

    part: Part
    label: str
    left: list[Any]
    right: list[Any]
    differs: bool
    chosen: str


@officers_only
@require_safe
def merge_with(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which other one is it? Those that may be the same first, then by name."""
    kind, record = _one(request, public_id)
    question = request.GET.get("q", "")[:200]
    context = {
        "kind": kind,
        "record": record,
        "question": question,
        "likely": _likely(request, kind, record),
        "found": _named(request, kind, record, question),
    }
    return render(request, "staff/doubles/merge_with.html", context)


def _one(request: HttpRequest, public_id: str) -> tuple[Kind, Any]:
    kind = KIND_OF_ID.get(public_id.partition("_")[0])
    if kind is None or kind is DOCUMENTS:
        raise Http404
    model: Any = kind.form._meta.model
    names = [column.name for column in model._meta.concrete_fields if isinstance(column, ForeignKey)]
    rows = kind.changeable(request.user).select_related(*names) if names else kind.changeable(request.user)
    return kind, get_object_or_404(rows, public_id=public_id)


def _likely(request: HttpRequest, kind: Kind, record: Record) -> list[Shown]:
    waiting: list[Double] = list(waiting_doubles(request.user, kind.prefix).filter(pair__contains=record.public_id)[:5])
    return shown(request, kind, waiting) if waiting else []


def _named(request: HttpRequest, kind: Kind, record: Record, question: str) -> list[dict[str, Any]]:
    words = folded(question).split()
    if not words:
        return []
    rows = kind.with_rows(kind.changeable(request.user).exclude(pk=record.pk), request.user)
    for word in words:
        rows = rows.filter(kind.matches(word, request.user))
    columns = kind.columns_for(officer=True)[1:4]
    return [
        {"record": row, "about": [said for column in columns if (said := cells.shown(column.value(row)))]}
        for row in rows.order_by(*kind.order)[:FOUND]
    ]


@officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, public_id: str, other_id: str) -> HttpResponse:
    """Both side by side; the first stays, and field by field one chooses whose value."""
    kind, keeper = _one(request, public_id)
    other_kind, other = _one(request, other_id)
    refused = _never(keeper, other)
    if refused and other_kind is not kind:
        messages.error(request, str(refused))
        return redirect("staff:merge_with", public_id=public_id)
    if request.method == "POST":
        chosen = {
            part.name: said
            for part in parts_of(type(keeper))
            if (said := request.POST.get(f"keep-{part.name}", "")) in {KEEPER, OTHER}
        }
        try:
            done = merge_records(keeper, other, officer_of(request), chosen, request.POST.get("seen", "-"))
        except MergeRefused as error:
            refused = error
        else:
            messages.success(request, _("Merged. What “%(name)s” was is in the history.") % {"name": done.title})
            return redirect("staff:change", public_id=public_id)
    return _compare_page(request, kind, keeper, other, refused)


def _never(keeper: Record, other: Record) -> MergeRefused | None:
    try:
        refuse(keeper, other)
    except MergeRefused as error:
        return error
    return None


def _compare_page(
    request: HttpRequest, kind: Kind, keeper: Any, other: Any, refused: MergeRefused | None
) -> HttpResponse:
    lines = [_line(kind, part, keeper, other) for part in parts_of(type(keeper))]
    told = [line for line in lines if line.left or line.right]
    context = {
        "kind": kind,
        "keeper": keeper,
        "other": other,
        "differing": [line for line in told if line.differs],
        "alike": [line for line in told if not line.differs],
        "hanging": hanging_on(other),
        "seen": look(keeper, other),
        "refused": refused,
        "is_never": _never(keeper, other) is not None,
    }
    return render(request, "staff/doubles/merge.html", context, status=409 if request.method == "POST" else 200)


def _line(kind: Kind, part: Part, keeper: Any, other: Any) -> Line:
    labels = [_label(kind, keeper, name) for name in part.names]
    left, right = ([_value(kind, record, name) for name in part.names] for record in (keeper, other))
    return Line(
        part,
        labels[0],
        [value for value in left if value],
        [value for value in right if value],
        part.differs(keeper, other),
        part.default(keeper, other),
    )


def _label(kind: Kind, record: Any, name: str) -> str:
    field = kind.form.base_fields.get(name)
    if field and field.label:
        return str(field.label)
    column = getattr(type(record), name, None)
    return str(capfirst(name.replace("_", " ") if isinstance(column, Dated) else _verbose(record, name)))


def _verbose(record: Any, name: str) -> str:
    return str(record._meta.get_field(name).verbose_name)


def _value(kind: Kind, record: Any, name: str) -> Any:
    value = getattr(record, name)
    if isinstance(value, Record):
        return cells.shown(value)
    if isinstance(value, FieldFile):  # its name tells two apart
        return value.name.rpartition("/")[2] if value.name else ""
    return cells.shown(cells.in_words(kind.form.base_fields.get(name), value)) if value not in (None, "") else ""


@officers_only
@require_safe
def merges(request: HttpRequest) -> HttpResponse:
    """What was merged, the latest first."""
    page = Paginator(visible_merges(request.user).defer("steps"), MERGES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "staff/doubles/merges.html", {"page": page})


@officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def merged(request: HttpRequest, pk: int) -> HttpResponse:
    """One merging: the history of what went, and taking the two apart again."""
    done = get_object_or_404(visible_merges(request.user), pk=pk)
    kind = KIND_OF_ID[done.record.partition("_")[0]]
    refused = None
    if request.method == "POST":
        try:
            record = undo_merge(done, officer_of(request))
        except MergeRefused as error:
            refused = error
        else:
            messages.success(request, _("Undone: they are two again."))
            return redirect("staff:change", public_id=record.public_id)
    context = {
        "merge": done,
        "kind": kind,
        "versions": shown_versions(request.user, kind, _as_it_was(kind, done)),
        "refused": refused or why_not(done),
    }
    return render(request, "staff/doubles/merged.html", context, status=409 if refused else 200)


def _as_it_was(kind: Kind, done: Merge) -> Record:
    """The record that went, as far as its history is asked for."""
    model: Any = kind.form._meta.model
    found: Record = model(pk=done.key, public_id=done.record)
    return found
