"""What was removed: saying so at its address, listing it, bringing it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core import removals
from sympolis.office.core.models import Removal, RetiredId
from sympolis.office.core.queries import is_officer
from sympolis.web.staff.records.documents import KIND_OF_ID
from sympolis.web.staff.records.saving import NotTogether, check_together


def gone(request: HttpRequest, retired: RetiredId) -> HttpResponse:
    """The page of a record that was: for officers, and for who removed it, who may bring it back."""
    if retired.leads_to and (is_officer(request.user) or _may_change(request, retired.leads_to)):
        return redirect("staff:change", public_id=retired.leads_to, permanent=True)
    removal = removals.removal_of(retired.public_id)
    if retired.leads_to or not (is_officer(request.user) or _is_theirs(request, removal)):
        raise Http404
    return render(request, "staff/records/gone.html", {"removal": removal}, status=410)


def _may_change(request: HttpRequest, public_id: str) -> bool:
    kind = KIND_OF_ID.get(public_id.partition("_")[0])
    return kind is not None and kind.changeable(request.user).filter(public_id=public_id).exists()


def _is_theirs(request: HttpRequest, removal: Removal | None) -> bool:
    return removal is not None and removal.by_id == request.user.pk


@login_required
@require_safe
def removed(request: HttpRequest) -> HttpResponse:
    """What was removed lately and can still be brought back."""
    if not is_officer(request.user):
        raise PermissionDenied
    found = Removal.objects.select_related("by").defer("rows", "let_go")[:200]
    rows = [{"removal": one, "kind": KIND_OF_ID.get(one.record.partition("_")[0])} for one in found]
    return render(request, "staff/records/removed.html", {"rows": rows, "days": removals.KEPT.days})


@login_required
@require_POST
def bring_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Undo a removal. Who may not change the record when it is there again may not bring it back."""
    user: Any = request.user
    removal = removals.removal_of(public_id)
    kind = KIND_OF_ID.get(public_id.partition("_")[0])
    if kind is None or not (is_officer(user) or _is_theirs(request, removal)):
        raise Http404
    try:
        with transaction.atomic():
            record = removals.bring_back(public_id, user)
            if not kind.changeable(user).filter(pk=record.pk).exists():
                raise Http404
            check_together(kind, record, user)
    except (removals.CannotComeBack, NotTogether) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is back, with everything that went with it and is still known."))
    return redirect("staff:change", public_id=public_id)
