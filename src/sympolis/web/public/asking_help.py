"""Asking the office for help without an account: one form behind a link that a department was given."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sympolis.office.core.templatetags.show import reader_language
from sympolis.office.synergies.helping.actions import LinkFull, ask_through
from sympolis.office.synergies.helping.forms import AskForm
from sympolis.office.synergies.helping.queries import help_link_of, is_open
from sympolis.web.public.bounds import has_room
from sympolis.web.public.handed_out import handed_out

MOST_ASKED, IN_SECONDS = 20, 3600


@require_http_methods(["GET", "HEAD", "POST"])
@handed_out
def ask_help(request: HttpRequest, token: str) -> HttpResponse:
    """The form; nothing of what others asked is shown, since a link is handed on."""
    link = help_link_of(token)
    if link is None:
        raise Http404
    if not is_open(link, timezone.localdate()):
        return render(request, "public/ask_help.html", {"link": link, "is_closed": True}, status=410)
    form = AskForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = 429
            if has_room("help", token, MOST_ASKED, IN_SECONDS):
                try:
                    ask_through(link, form.asked(), reader_language())
                    return redirect(f"{request.path}?asked=yes")
                except LinkFull:
                    pass
            form.add_error(None, _("A great deal was written here. Try again in an hour, or ask the office."))
    context = {"link": link, "form": form, "is_asked": request.GET.get("asked") == "yes" and status == 200}
    return render(request, "public/ask_help.html", context, status=status)
