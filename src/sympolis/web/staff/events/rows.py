"""The pages where an event's rows are written: all of a kind on one page, with empty ones to fill, saved as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sympolis.office.core.templatetags.show import plain
from sympolis.office.directory.finder import Finder
from sympolis.office.events.clashes import clashes_in
from sympolis.office.events.enums import EventKind
from sympolis.office.events.models import Event, Recording, RegistrationQuestion, RegistrationRules, Slot, Speaker
from sympolis.office.events.rows import ChangedMeanwhile, digest_of, keep_rows
from sympolis.office.events.speakers import speakers_in
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.events.access import event_or_404
from sympolis.web.staff.events.row_forms import QuestionForm, RecordingForm, RowForm, SlotForm, SpeakerForm

SPARE, MOST_ROWS, MOST_CLASHES = 2, 200, 5


@dataclass(frozen=True, slots=True)
class Rows:
    """One kind of rows: what they hang on, their form, and what the page says."""

    model: type[Any]
    form: type[RowForm]
    heading: Any
    intro: Any
    owner: Callable[[Event], Any]
    through: str  # the foreign key to what they hang on
    of_visits: tuple[Any, Any] | None = None  # what the page of a visit says instead

    def said_of(self, event: Event) -> tuple[Any, Any]:
        """Its heading and what stands under it."""
        return self.of_visits if self.of_visits and event.kind == EventKind.VISIT else (self.heading, self.intro)

    def of(self, event: Event) -> QuerySet[Any, Any]:
        found: QuerySet[Any, Any] = self.model.objects.filter(**{self.through: self.owner(event)})
        return found


def _rules(event: Event) -> RegistrationRules:
    rules: RegistrationRules | None = getattr(event, "registering", None)
    if rules is None:
        raise Http404
    return rules


ROWS = {
    "speakers": Rows(
        Speaker, SpeakerForm, _("Speakers"),
        _("With the post, organisation and city they had at the time. Who is only invited is not shown in public."),
        lambda event: event, "event",
    ),
    "sessions": Rows(
        Slot, SlotForm, _("Sessions"), _("The programme: hours, titles, tracks and who speaks."),
        lambda event: event, "event",
        (_("Stops"), _("The programme: hours, what is seen, where, and who receives the visitors.")),
    ),
    "recordings": Rows(
        Recording, RecordingForm, _("Recordings"), _("Where it can be seen again."), lambda event: event, "event"
    ),
    "questions": Rows(
        RegistrationQuestion, QuestionForm, _("Questions on the form"),
        _("Besides name, mail address and organisation. Ask for what you need."), _rules, "rules",
    ),
}  # fmt: skip


@officers
@require_http_methods(["GET", "POST"])
def rows(request: HttpRequest, public_id: str, what: str) -> HttpResponse:
    """What somebody else wrote meanwhile is not written over: the page says so and shows both."""
    if what not in ROWS:
        raise Http404
    of, event = ROWS[what], event_or_404(request, public_id)
    prefetch_related_objects([event], "speaker_rows")
    owner, there = of.owner(event), of.of(event)
    proposed = _proposed(request, event) if what == "speakers" and request.method == "GET" else []
    made = forms.inlineformset_factory(
        type(owner), of.model, form=of.form, fk_name=of.through, extra=SPARE + len(proposed), max_num=MOST_ROWS
    )
    about: dict[str, Any] = {"instance": owner, "form_kwargs": {"user": request.user, "event": event}}
    formset: Any = made(request.POST, **about) if request.method == "POST" else made(initial=proposed, **about)
    seen, clash = request.POST.get("seen", ""), False
    if request.method == "POST" and formset.is_valid():
        try:
            keep_rows(reader(request), event, there, seen, formset.save)
        except ChangedMeanwhile:
            clash = True
        else:
            messages.success(request, _now("Saved."))
            if what == "sessions":
                _tell_clashes(request, event)
            return redirect("staff:event_rows", public_id=public_id, what=what)
    heading, intro = of.said_of(event)
    context = {
        "event": event, "heading": heading, "intro": intro, "what": what, "formset": formset, "clash": clash,
        "proposed": proposed,
        "theirs": list(there) if clash else [], "seen": digest_of(there) if request.method == "GET" or clash else seen,
    }  # fmt: skip
    return render(request, "staff/events/rows.html", context, status=409 if clash else 200)


def _tell_clashes(request: HttpRequest, event: Event) -> None:
    for clash in islice(clashes_in(event), MOST_CLASHES):
        said = (
            _now("%(who)s speaks in “%(one)s” and in “%(other)s” at the same time.")
            if clash.who
            else _now("“%(one)s” and “%(other)s” are at %(place)s at the same time.")
        )
        about = {"one": plain(clash.one.title), "other": plain(clash.other.title)}
        messages.warning(request, said % {**about, "who": clash.who, "place": clash.place})


def _proposed(request: HttpRequest, event: Event) -> list[dict[str, Any]]:
    """The words that were read, as rows to be kept or put right; nothing where there are rows."""
    if not event.speakers or event.speaker_rows.exists():
        return []
    found = speakers_in(event.speakers, event, Finder.for_reader(request.user))
    names = ("name", "post", "house", "position", "organisation")
    return [{name: getattr(one, name) for name in names} for one in found]
