"""Two lines about a need in any language, and the calls, projects, practices, actions and cities that answer it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sympolis.office.core.templatetags.show import reader_language
from sympolis.office.synergies.need_answers import KINDS, MOST_OF_A_KIND, answers_to
from sympolis.web.staff.brief.access import officers, reader

LONGEST = 1_000
MOST = 30
KIND_WORDS = {
    "call": _("Calls"),
    "project": _("Projects"),
    "practice": _("Practices"),
    "action": _("Actions of plans"),
    "organisation": _("Cities and other organisations"),
}


@officers
@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\x00", " ").strip()[:LONGEST]
    asked = request.GET.getlist("kind")
    kinds = [kind for kind in KINDS if kind in asked]
    office = getattr(request, "office", None)
    ours = office.organisation if office and text else None
    found = None
    if text:
        on = timezone.localdate()
        found = answers_to(reader(request), text, on, kinds=kinds, language=reader_language(), limit=MOST, ours=ours)
    context = {
        "text": text,
        "longest": LONGEST,
        "found": found,
        "kinds": [(kind, KIND_WORDS[kind], kind in kinds, found.counts.get(kind, 0) if found else 0) for kind in KINDS],
        "ours": ours,
        "most": MOST_OF_A_KIND if found and not kinds and max(found.counts.values(), default=0) > MOST_OF_A_KIND else 0,
    }
    return render(request, "staff/answer/answer.html", context)
