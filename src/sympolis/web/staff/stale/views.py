"""Members' pages, the longest silent first: what is missing, and asking one or all that are ticked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.directory.keeping_pages import (
    AGAIN,
    NEVER,
    answers,
    ask_about_pages,
    by_last_word,
    members_of,
    networks_looked_after,
    written_for,
)
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.queries import visible_organisations
from sympolis.web.staff.brief.access import officers, reader

PAGES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One page: when its member last said something, when it was asked, what is missing, whether it can be asked."""

    organisation: Any
    said: datetime | None
    is_confirmed: bool
    asked: datetime | None
    missing: list[str]
    may_ask: bool


@officers
@require_safe
def stale(request: HttpRequest) -> HttpResponse:
    """All that somebody writes for, or the members of one of the networks the office looks after."""
    networks = list(networks_looked_after(getattr(request, "office", None), _today()))
    chosen = next((one for one in networks if one.public_id == request.GET.get("network")), None)
    organisations = _listed(request, chosen)
    page = Paginator(by_last_word(organisations), PAGES_A_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "page": page,
        "rows": [_row(one, now) for one in page.object_list],
        "networks": networks,
        "chosen": chosen,
        "answers": answers(organisations, now),
        "again_days": AGAIN.days,
    }
    return render(request, "staff/stale/stale.html", context)


def _today() -> Moment:
    return Moment.now(timezone.localdate())


def _listed(request: HttpRequest, network: Organisation | None) -> QuerySet[Organisation]:
    seen = visible_organisations(request.user).filter(illustrative=False)
    if network is None:
        return written_for(seen)
    return seen.filter(pk__in=members_of(network, _today()).values("pk"))


def _row(one: Any, now: datetime) -> Row:
    missing = {
        _("description"): not one.description,
        _("people"): not one.has_people,
        _("logo"): not one.logo,
        _("themes"): not one.themes,
    }
    return Row(
        organisation=one,
        said=None if one.said == NEVER else one.said,
        is_confirmed=one.confirmed_at >= one.changed,
        asked=None if one.asked == NEVER else one.asked,
        missing=[word for word, is_missing in missing.items() if is_missing],
        may_ask=one.has_writers and one.asked <= now - AGAIN,
    )


@officers
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """One by its own button, or all that are ticked."""
    one = request.POST.get("one")
    wanted = [one] if one else request.POST.getlist("page")
    organisations = visible_organisations(request.user).filter(public_id__in=wanted[:PAGES_A_PAGE])
    asked, failed = ask_about_pages(reader(request), organisations, settings.SITE_ADDRESS or _here(request))
    if asked:
        said = ngettext("%(n)d page was asked about by mail.", "%(n)d pages were asked about by mail.", asked)
        messages.success(request, said % {"n": asked})
    if failed:
        said = ngettext("%(n)d mail did not go out.", "%(n)d mails did not go out.", failed)
        messages.error(request, f"{said % {'n': failed}} {_('Look at the mail server.')}")
    if not asked and not failed:
        messages.info(request, _("Nobody was asked: tick a page that was not asked about lately."))
    return redirect("staff:stale")


def _here(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")
