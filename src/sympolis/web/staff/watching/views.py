"""The page of what one watches with what is new, the page of one watch with what fits now, saving a search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sympolis.engine.match.calls import next_deadline
from sympolis.office.core.templatetags.show import plain
from sympolis.office.core.texts import Text
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.planning.queries import visible_plans
from sympolis.office.synergies.enums import PartnerVerdict, Subject
from sympolis.office.synergies.learning import office_learning
from sympolis.office.synergies.learning_words import learnt_in_words
from sympolis.office.synergies.models import SuggestionAnswer
from sympolis.office.synergies.need_answers import OUT
from sympolis.office.synergies.watching.actions import TooMany, answer_fit, keep_watch, remove_watch, set_rhythm
from sympolis.office.synergies.watching.enums import Rhythm
from sympolis.office.synergies.watching.fits import Fit, fits_now
from sympolis.office.synergies.watching.forms import WatchForm
from sympolis.office.synergies.watching.models import Watch
from sympolis.office.synergies.watching.queries import (
    MOST_NEWS,
    label_of,
    noticed_for,
    reader_of,
    said_of,
    told_of,
    visible_watches,
)
from sympolis.office.synergies.watching.wording import in_words
from sympolis.web.staff.brief.access import reader
from sympolis.web.staff.saying import Saying, codes_of, told, verdict_in

MOST_FITS = 30


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def watching(request: HttpRequest) -> HttpResponse:
    """What is new, what one watches, a form to watch more, and how often one is told."""
    user = reader(request)
    form = WatchForm(request.POST if request.method == "POST" else None, user=user, initial=_asked(request))
    if request.method == "POST" and form.is_valid() and _kept(request, form.save(commit=False)):
        return redirect("staff:watching")
    own = reader_of(user)
    context = {
        "form": form,
        "news": told_of(user, noticed_for(user)[:MOST_NEWS], timezone.localdate()),
        "watches": [(one, label_of(one)) for one in visible_watches(user)],
        "rhythms": Rhythm,
        "rhythm": own.rhythm if own else Rhythm.DAILY,
    }
    return render(request, "staff/watching/watching.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address says is to be watched: the page of an organisation or a plan leads here."""
    user = reader(request)
    found: dict[str, Any] = {}
    if words := request.GET.get("words", ""):
        found["words"] = words.replace("\x00", "").strip()[:200]
    if key := request.GET.get("organisation", ""):
        found["organisation"] = visible_organisations(user).filter(public_id=key[:20]).first()
    if key := request.GET.get("plan", ""):
        found["plan"] = visible_plans(user).filter(public_id=key[:20]).values_list("pk", flat=True).first()
    return found


def _kept(request: HttpRequest, made: Watch) -> bool:
    try:
        keep_watch(reader(request), made)
    except TooMany:
        messages.error(request, _("You watch as much as anybody can. Remove something first."))
        return False
    messages.success(request, _("You are told what opens, changes and closes."))
    return True


@login_required
@require_POST
def watch_this(request: HttpRequest) -> HttpResponse:
    """Save a search from the list of calls with one click."""
    form = WatchForm(request.POST, user=reader(request))
    if form.is_valid():
        _kept(request, form.save(commit=False))
    else:
        messages.error(request, _("Say what to look for: words, a theme, a programme, a portfolio."))
    return redirect("staff:watching")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """One watch: what fits now, with why and what speaks against, and what it looks for, to be changed."""
    user = reader(request)
    found = get_object_or_404(visible_watches(user), pk=pk)
    form = WatchForm(request.POST if request.method == "POST" else None, user=user, instance=found)
    if request.method == "POST" and form.is_valid():
        _kept(request, form.save(commit=False))
        return redirect("staff:watch", pk=pk)
    if form.errors:
        found = get_object_or_404(visible_watches(user), pk=pk)
    today = timezone.localdate()
    learning = office_learning()
    fits, said = fits_now(found, today, learning), said_of(found)
    codes = codes_of(said)
    first = [one for one in fits if codes.get(one.known.call.id) not in OUT]
    later = [one for one in fits if codes.get(one.known.call.id) == PartnerVerdict.LATER]
    no = [one for one in fits if codes.get(one.known.call.id) == PartnerVerdict.NO]
    context = {
        "watch": found,
        "label": label_of(found),
        "form": form,
        "fits": [_shown(found, one, today, said) for one in first[:MOST_FITS]],
        "count": len(first),
        "put_off": [_shown(found, one, today, said) for one in later],
        "put_aside": [_saying(found, one, said) for one in no],
        "learnt": learnt_in_words(learning, Subject.CALLS) if user.is_officer else "",
    }
    return render(request, "staff/watching/watch.html", context, status=422 if form.errors else 200)


def _title(fit: Fit) -> Text:
    return Text.of(**{code: said for code, said in fit.known.call.title.items() if said})


def _saying(watch: Watch, fit: Fit, said: Mapping[str, SuggestionAnswer]) -> Saying:
    key = fit.known.call.id
    return Saying(reverse("staff:watch_say", args=[watch.pk]), key, plain(_title(fit)), said=said.get(key))


def _shown(watch: Watch, fit: Fit, on: Any, said: Mapping[str, SuggestionAnswer]) -> dict[str, Any]:
    call, row = fit.known.call, fit.known.row
    return {
        "title": _title(fit),
        "saying": _saying(watch, fit, said),
        "programme": call.programme,
        "closes": next_deadline(call, on),
        "address": row.get_absolute_url() if row else "",
        "outside": call.provenance.source_url,
        "is_example": row.illustrative if row else False,
        "because": in_words(fit.because),
        "against": in_words(fit.against),
    }


@login_required
@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes, no or later to a call that answers one's own watch; empty takes it back."""
    user, verdict, key = reader(request), verdict_in(request), request.POST.get("record", "")
    found = get_object_or_404(visible_watches(user), pk=pk)
    fit = next((one for one in fits_now(found, timezone.localdate()) if one.known.call.id == key), None)
    if fit is None:
        raise Http404
    answer_fit(user, found, fit, verdict, request.POST.get("why", ""))
    messages.success(request, told(verdict, plain(_title(fit))))
    return redirect("staff:watch", pk=pk)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = reader(request)
    remove_watch(user, get_object_or_404(Watch.objects.filter(person=user), pk=pk))
    messages.success(request, _("No longer watched."))
    return redirect("staff:watching")


@login_required
@require_POST
def rhythm(request: HttpRequest) -> HttpResponse:
    """How often one is told by mail."""
    chosen = request.POST.get("rhythm", "")
    if chosen not in Rhythm.values:
        raise Http404
    set_rhythm(reader(request), Rhythm(chosen))
    messages.success(request, _("Saved."))
    return redirect("staff:watching")
