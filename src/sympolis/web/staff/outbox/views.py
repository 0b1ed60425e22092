"""Looking at mails of the demonstration, as HTML and as plain text, with what hangs on them."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from sympolis.office.core.keeping import outbox
from sympolis.web.staff.brief.access import View, officers
from sympolis.web.staff.newsletter.views import MAIL_CSP

MAILS_A_PAGE = 50


def demo_only(view: View) -> View:
    """In an office's own home mails hold links that open accounts: nobody reads those but whom they are for."""

    @officers
    @never_cache
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        office: Any = getattr(request, "office", None)
        if office is None or not office.is_demo or settings.MAIL_SERVER:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _mail(name: str, number: int) -> outbox.WrittenMail:
    found = outbox.mail_of(name, number)
    if found is None:
        raise Http404
    return found


@demo_only
def mails(request: HttpRequest) -> HttpResponse:
    page = Paginator(outbox.mails(), MAILS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "staff/outbox/outbox.html", {"page": page})


@demo_only
def mail(request: HttpRequest, name: str, number: int) -> HttpResponse:
    return render(request, "staff/outbox/mail.html", {"mail": _mail(name, number)})


@demo_only
@xframe_options_sameorigin
@csp_override(MAIL_CSP)
def html(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The HTML of a mail alone, in a frame that lets it do nothing and fetches nothing for it."""
    return HttpResponse(_mail(name, number).html)


@demo_only
def attachment(request: HttpRequest, name: str, number: int, place: int) -> HttpResponse:
    """Handed out to be kept, never shown as a page of ours."""
    found = _mail(name, number).attachments
    if place >= len(found):
        raise Http404
    response = HttpResponse(found[place].content, content_type="application/octet-stream")
    kept = "".join(letter for letter in found[place].name if letter.isalnum() or letter in "._- ")[:100]
    response.headers["Content-Disposition"] = f'attachment; filename="{kept.encode("ascii", "ignore").decode()}"'
    return response
