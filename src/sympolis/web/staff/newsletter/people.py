"""Subscribers, for administrators: the list, a file of it, a list brought in; mails that came back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolis.office.publishing.newsletter.enums import LeftWhy, SubscriberState
from sympolis.office.publishing.newsletter.models import Return, Subscriber
from sympolis.office.publishing.newsletter.queries import unsettled_returns
from sympolis.office.publishing.newsletter.returns import settle, take_in_file
from sympolis.office.publishing.newsletter.subscribing import bring_in, folded_address, forget, leave
from sympolis.web.staff.administration.access import administrators_only
from sympolis.web.staff.csv_file import long_csv_file
from sympolis.web.staff.newsletter.forms import ReturnsForm, SubscribersForm

PEOPLE_A_PAGE = 50


@administrators_only
@never_cache
@require_safe
def subscribers(request: HttpRequest) -> Any:  # a page, or a file that comes line by line
    """Everybody, by a piece of their address or by state; as a file as well."""
    question, state = request.GET.get("q", "")[:200].strip(), request.GET.get("state", "")
    found = Subscriber.objects.all()
    if question:
        found = found.filter(folded__contains=folded_address(question))
    if state in SubscriberState.values:
        found = found.filter(state=state)
    if request.GET.get("format") == "csv":
        return long_csv_file("subscribers", _lines(found))
    page = Paginator(found, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": question, "state": state, "states": SubscriberState.choices}
    return render(request, "staff/newsletter/subscribers.html", context)


def _lines(found: object) -> Iterator[tuple[object, ...]]:
    yield "email", "language", "topics", "themes", "state", "agreed_at", "consent", "agreed_where", "left_at"
    rows = found.iterator(chunk_size=2000)  # type: ignore[attr-defined]
    for one in rows:
        at = one.consent_at.isoformat(timespec="seconds") if one.consent_at else ""
        left = one.left_at.isoformat(timespec="seconds") if one.left_at else ""
        yield (one.email, one.language, one.kinds, one.themes, one.state, at, one.consent_words, one.consent_from,
               left)  # fmt: skip


@administrators_only
@require_POST
def subscriber(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody off the list, or delete all that is known of them, because they asked for it."""
    one = get_object_or_404(Subscriber, pk=pk)
    if request.POST.get("what") == "forget":
        forget(one)
        messages.success(request, _("The address is deleted."))
    else:
        leave(one, LeftWhy.OFFICE)
        messages.success(request, _("Nothing more is sent to %(email)s.") % {"email": one.email})
    return redirect("staff:subscribers")


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """A list of people who agreed elsewhere."""
    form = SubscribersForm(request.POST, request.FILES) if request.method == "POST" else SubscribersForm()
    if request.method == "POST" and form.is_valid():
        upload: Any = request.FILES["file"]
        done = bring_in(form.cleaned_data["file"], str(upload.name or ""))
        context = {"form": SubscribersForm(), "done": done}
        return render(request, "staff/newsletter/bring.html", context)
    return render(request, "staff/newsletter/bring.html", {"form": form}, status=422 if form.errors else 200)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def returns(request: HttpRequest) -> HttpResponse:
    """Mails that came back and did not fit, and a form to hand in more."""
    form = ReturnsForm(request.POST, request.FILES) if request.method == "POST" else ReturnsForm()
    if request.method == "POST" and form.is_valid():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "returned"
            path.write_bytes(form.cleaned_data["file"].read())
            done = take_in_file(path)
        said = _("Reports read: %(new)d. To be looked at: %(unclear)d.")
        messages.success(request, said % {"new": done.new, "unclear": done.unclear})
        return redirect("staff:returned_mails")
    page = Paginator(unsettled_returns(), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    status = 422 if form.errors else 200
    return render(request, "staff/newsletter/returns.html", {"form": form, "page": page}, status=status)


@administrators_only
@require_POST
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    settle(get_object_or_404(Return, pk=pk))
    return redirect("staff:returned_mails")
