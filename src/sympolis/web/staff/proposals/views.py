"""What members would change: to the office a list to decide, to them what waits and what was said to it."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.enums import ProposalState
from sympolis.office.core.models import Document, Proposal, ProposedChange
from sympolis.office.core.proposals import actions
from sympolis.office.core.proposals.documents import drop_refused
from sympolis.office.core.proposals.mails import tell_decided
from sympolis.office.core.proposals.pictures import is_proposed, picture_of
from sympolis.office.core.proposals.queries import (
    decided_changes,
    visible_proposals,
    waiting_proposals,
    with_waiting,
)
from sympolis.office.core.proposals.values import NoLongerThere
from sympolis.office.core.queries import is_officer
from sympolis.web.site_root import site_root
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.proposals.shown import shown_proposals
from sympolis.web.staff.records.differences import label_of
from sympolis.web.staff.records.documents import KIND_OF_ID, KINDS
from sympolis.web.staff.records.saving import NotTogether, check_together

logger = logging.getLogger(__name__)

PROPOSALS_A_PAGE = 20
MOST_DECIDED = 30


@login_required
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """One kind of record after the other, the oldest first, so that nobody waits behind others."""
    all_waiting = waiting_proposals(request.user)
    counts = dict(all_waiting.order_by("kind").values_list("kind").annotate(Count("pk")))
    tabs = [(kind, counts[kind.prefix]) for kind in KINDS if kind.prefix in counts]
    asked = request.GET.get("kind")
    chosen = next((kind for kind, _count in tabs if kind.prefix == asked), tabs[0][0] if tabs else None)
    of_kind = all_waiting.filter(kind=chosen.prefix) if chosen else all_waiting
    page = Paginator(with_waiting(of_kind), PROPOSALS_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "tabs": tabs,
        "chosen": chosen,
        "count": sum(counts.values()),
        "waiting": shown_proposals(request.user, page.object_list),
    }
    if not is_officer(request.user):
        context["decided"] = [_said(one) for one in decided_changes(request.user)[:MOST_DECIDED]]
    return render(request, "staff/proposals/proposals.html", context)


def _said(change: ProposedChange) -> dict[str, Any]:
    return {"change": change, "label": label_of(KIND_OF_ID[change.proposal.kind], change.field)}


@officers
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no to the fields that are ticked; who proposed them is told by mail."""
    proposal = get_object_or_404(Proposal.objects.select_related("by"), pk=pk)
    fields = request.POST.getlist("field")
    if not fields:
        messages.error(request, _("Tick at least one field."))
    elif request.POST.get("what") == "approve":
        _approve(request, proposal, fields)
    elif request.POST.get("reason", "").strip():
        reason = request.POST["reason"]
        changes = actions.refuse(reader(request), proposal, fields, reason)
        drop_refused(proposal, reader(request))
        _tell(request, proposal, changes, reason)
    else:
        messages.error(request, _("Say why: who proposed it reads the reason."))
    return redirect(f"{reverse('staff:proposals')}?kind={proposal.kind}")


def _approve(request: HttpRequest, proposal: Proposal, fields: list[str]) -> None:
    kind = KIND_OF_ID[proposal.kind]

    def keep(record: Any) -> None:
        """Each field was right by itself when it was proposed; together, and by now, they may not be."""
        check_together(kind, record, request.user)
        assert kind.keep_version is not None
        kind.keep_version(record)

    try:
        changes = actions.approve(reader(request), proposal, fields, request.POST.get("seen", ""), keep)
    except actions.ChangedMeanwhile:
        messages.error(request, _("Somebody changed it while you were reading. Look at it once more."))
    except NotTogether as error:
        messages.error(request, str(error))
    except NoLongerThere:
        messages.error(request, _("What this is about is no longer there. It can only be refused."))
    else:
        _tell(request, proposal, changes)


def _tell(request: HttpRequest, proposal: Proposal, changes: list[ProposedChange], reason: str | None = None) -> None:
    """A mail that can't go takes nothing back: the page of who proposed it says the same."""
    if not changes:
        messages.info(request, _("It was decided already."))
        return
    words = [label_of(KIND_OF_ID[proposal.kind], one.field) for one in changes]
    try:
        page = partial(_page_of, proposal, site_root(request))
        told = tell_decided(proposal, words, reason is None, reason or "", page)
    except OSError:
        logger.exception("the mail about proposal %d did not go out", proposal.pk)
        messages.error(request, _("It is decided, but the mail did not go out. Look at the mail server."))
        return
    done = _("Approved.") if reason is None else _("Refused.")
    messages.success(request, f"{done} {_('Who proposed it is told by mail.')}" if told else done)


def _page_of(proposal: Proposal, site: str) -> str:
    """Where who proposed it looks at what became of it: its form where they write at it, else its page; of a document
    what it hangs on. Empty where there is nothing they see."""
    public_id = proposal.record
    if proposal.kind == Document.ID_PREFIX:
        of_document = Document.objects.filter(public_id=public_id)
        public_id = of_document.values_list("record", flat=True).first() or ""
    kind, by = KIND_OF_ID.get(public_id.partition("_")[0]), proposal.by
    if kind is None or by is None:
        return ""
    path = ""
    if kind.writable(by).filter(public_id=public_id).exists():
        path = reverse("staff:change", kwargs={"public_id": public_id})
    elif kind.form._meta.model.PAGE and (seen := kind.visible(by).filter(public_id=public_id).first()):
        path = seen.get_absolute_url()
    return site.rstrip("/") + path if path else ""


@login_required
@require_safe
def picture(request: HttpRequest, pk: int) -> FileResponse:
    """A picture that waits for the office: for those who see the proposal on its page or beside the record's form."""
    change = get_object_or_404(ProposedChange.objects.select_related("proposal"), pk=pk, state=ProposalState.WAITING)
    proposal = change.proposal
    is_seen = visible_proposals(request.user).filter(pk=proposal.pk).exists()
    writable = KIND_OF_ID[proposal.kind].writable(request.user)
    name = str(change.after)
    if not is_proposed(name) or not (is_seen or writable.filter(public_id=proposal.record).exists()):
        raise Http404
    try:
        answer = FileResponse(picture_of(name), content_type="image/png")
    except FileNotFoundError as error:
        raise Http404 from error
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Who proposed it takes it back."""
    proposal = get_object_or_404(visible_proposals(request.user), pk=pk, by=reader(request))
    actions.withdraw(reader(request), proposal)
    drop_refused(proposal, reader(request))
    messages.success(request, _("Taken back: the office does not read it any more."))
    return redirect("staff:proposals")
