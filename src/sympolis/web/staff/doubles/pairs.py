"""Pairs of our own records that may be one, with the reasons; what somebody said is not the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.directory import doubles as found
from sympolis.office.directory.models import Double
from sympolis.office.directory.world.unsure import Reason
from sympolis.web.staff.imports.access import officer_of, officers_only
from sympolis.web.staff.records.documents import KIND_OF_ID, KIND_OF_NAME
from sympolis.web.staff.records.kinds import Kind
from sympolis.web.staff.world.reasons import Said, in_words

PAIRS_A_PAGE, DECIDED_A_PAGE = 20, 50
LOOKED_THROUGH = tuple(KIND_OF_ID[prefix] for prefix in found.KINDS)


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as the page shows it: the two records, and what speaks for and against their being one."""

    double: Double
    left: Any
    right: Any
    speaks_for: list[Said]
    speaks_against: list[Said]


@officers_only
@require_safe
def doubles(request: HttpRequest) -> HttpResponse:
    """Those that wait, the likeliest first."""
    kind = _kind(request.GET.get("kind", ""))
    page = Paginator(found.waiting_doubles(request.user, kind.prefix), PAIRS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "kinds": LOOKED_THROUGH,
        "kind": kind,
        "page": page,
        "pairs": shown(request, kind, list(page)),
        "looked_at": parse_datetime(found.looked_at()),
        "is_looking": found.is_looking(),
    }
    return render(request, "staff/doubles/doubles.html", context)


def _kind(name: str) -> Kind:
    kind = KIND_OF_NAME.get(name)
    return kind if kind in LOOKED_THROUGH else LOOKED_THROUGH[0]


def shown(request: HttpRequest, kind: Kind, pairs: Sequence[Double]) -> list[Shown]:
    """The pairs whose two records are both there: one question."""
    records = records_of(request, kind, (public_id for pair in pairs for public_id in pair.ids))
    made = []
    for pair in pairs:
        left, right = (records.get(public_id) for public_id in pair.ids)
        if left and right:
            first, second = sorted((left, right), key=lambda record: record.pk)
            said = [in_words(Reason(*reason)) for reason in pair.reasons]
            speaks_for = [one for one in said if one.speaks_for]
            speaks_against = [one for one in said if not one.speaks_for]
            made.append(Shown(pair, first, second, speaks_for, speaks_against))
    return made


def records_of(request: HttpRequest, kind: Kind, public_ids: Iterable[str]) -> dict[str, Any]:
    """Records by public id, with what names the house they are at."""
    rows = kind.visible(request.user).filter(public_id__in=set(public_ids)).defer("imported", "folded", "note")
    if "organisation" in {column.name for column in rows.model._meta.concrete_fields}:
        rows = rows.select_related("organisation")
    return {record.public_id: record for record in rows}


@officers_only
@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """The worker looks through everything; pressing twice does it once."""
    if found.start_looking():
        messages.success(request, _("All records are being looked through. You can go on working."))
    else:
        messages.info(request, _("All records are being looked through already."))
    return redirect(f"{reverse('staff:doubles')}?{urlencode({'kind': _kind(request.POST.get('kind', '')).name})}")


@officers_only
@require_POST
def say(request: HttpRequest) -> HttpResponse:
    """The two are not the same: kept, and the list goes on where one was."""
    one, other = request.POST.get("one", "")[:20], request.POST.get("other", "")[:20]
    kind = KIND_OF_ID.get(one.partition("_")[0])
    if kind is None or one == other or len(records_of(request, kind, (one, other))) != 2:
        raise Http404
    found.say_apart(officer_of(request), one, other)
    messages.success(request, _("Kept: these are two. They are not proposed again."))
    back = urlencode({"kind": kind.name, "page": request.POST.get("page", "")[:6]})
    return redirect(f"{reverse('staff:doubles')}?{back}#pairs")


@officers_only
@require_safe
def apart(request: HttpRequest) -> HttpResponse:
    """What somebody said is not the same, the latest first."""
    page = Paginator(found.apart_doubles(request.user), DECIDED_A_PAGE).get_page(request.GET.get("page"))
    named: dict[str, Any] = {}
    for prefix in {one.prefix for one in page}:
        if kind := KIND_OF_ID.get(prefix):
            named |= records_of(request, kind, (public_id for one in page for public_id in one.ids))
    rows = [{"double": one, "records": [named.get(public_id) for public_id in one.ids]} for one in page]
    return render(request, "staff/doubles/apart.html", {"page": page, "rows": rows})


@officers_only
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back, whoever said it."""
    found.take_apart_back(officer_of(request), get_object_or_404(found.apart_doubles(request.user), pk=pk))
    messages.success(request, _("Taken back. The two may be proposed again."))
    return redirect("staff:doubles_apart")
