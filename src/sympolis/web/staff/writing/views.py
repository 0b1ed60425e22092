"""Making a writing link, shown once; reading what came through, published or refused in one click."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sympolis.office.projects.models import WritingLink
from sympolis.office.projects.queries import is_open, visible_links, visible_writings, waiting_writings
from sympolis.office.projects.writing import open_link, publish_written, refuse_written, withdraw_link
from sympolis.web.site_root import site_root
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.qr_code import picture_of
from sympolis.web.staff.writing.forms import WritingLinkForm

MOST_SHOWN = 100


@officers
@never_cache
@require_http_methods(["GET", "POST"])
def writing(request: HttpRequest) -> HttpResponse:
    """What waits, a form for a new link, the links there are. A new link's address is in this one answer alone."""
    user, on = reader(request), timezone.localdate()
    form = WritingLinkForm(request.POST or None, user=user, initial={"language": user.language})
    made = None
    if request.method == "POST" and form.is_valid():
        link = form.save(commit=False)
        made = _handed_out(request, link, open_link(user, link))
        form = WritingLinkForm(user=user, initial={"language": user.language})
    links = visible_links(user).select_related("organisation", "made_by")[:MOST_SHOWN]
    waiting = waiting_writings(user).select_related("need__organisation", "link")[:MOST_SHOWN]
    context = {
        "form": form,
        "made": made,
        "waiting": waiting,
        "links": [(link, is_open(link, on)) for link in links],
    }
    return render(request, "staff/writing/writing.html", context)


def _handed_out(request: HttpRequest, link: WritingLink, token: str) -> dict[str, object]:
    """The address, a mail with it, and a picture of it to scan with a phone."""
    with override(link.language):
        path = reverse("write", kwargs={"token": token})
        address = site_root(request) + path
        organisation = link.organisation.title_text().best(link.language).text
        subject = _("What does %(organisation)s need, or offer?") % {"organisation": organisation}
        body = _("Write it here in your own words, without signing in: %(link)s") % {"link": address}
    return {
        "link": link,
        "address": address,
        "mail": f"mailto:{quote(link.email)}?subject={quote(subject)}&body={quote(body)}",
        "picture": picture_of(address),
    }


@officers
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    withdraw_link(reader(request), get_object_or_404(visible_links(request.user), pk=pk))
    messages.success(request, _("Closed: nobody writes there any more. What was written stays."))
    return redirect("staff:writing")


@officers
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    writings = visible_writings(request.user).select_related("need")
    found = get_object_or_404(writings, need__public_id=public_id)
    if request.POST.get("what") == "publish":
        publish_written(reader(request), found)
        messages.success(request, _("Published: everybody may see it."))
    elif request.POST.get("reason", "").strip():
        refuse_written(reader(request), found, request.POST["reason"])
        messages.success(request, _("Refused. Who wrote it reads the reason."))
    else:
        messages.error(request, _("Say why: who wrote it reads the reason."))
    return redirect("staff:writing")
