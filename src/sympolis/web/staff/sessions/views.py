"""Running a session: hand out links, open its parts, note down, group, see the dots, write the minutes."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.forms import RecordForm
from sympolis.office.core.models import RetiredId
from sympolis.office.core.queries import the_one
from sympolis.office.planning.enums import Phase
from sympolis.office.planning.kept import SAID, with_tokens
from sympolis.office.planning.models import Contribution, Session
from sympolis.office.planning.sessions.actions import (
    Said,
    note_down,
    open_link,
    set_phase,
    take_groups,
    withdraw_link,
)
from sympolis.office.planning.sessions.errors import SessionRefused
from sympolis.office.planning.sessions.minutes import (
    NoMinutes,
    approve_minutes,
    draft_minutes,
    keep_minutes,
    publish_minutes,
)
from sympolis.office.planning.sessions.queries import (
    changeable_sessions,
    is_closed_by_the_plan,
    visible_contributions,
    with_too_many_dots,
)
from sympolis.office.planning.tracing.actions import publish_decisions
from sympolis.office.planning.tracing.mails import tell_authors
from sympolis.office.synergies.enums import GroupingState
from sympolis.office.synergies.groups.actions import start_grouping
from sympolis.office.synergies.groups.queries import HEAVY, names_of, visible_groupings
from sympolis.office.synergies.groups.reading import FEWEST_TEXTS, MOST_TEXTS, Poured
from sympolis.office.synergies.groups.reading import Said as PouredText
from sympolis.web.public.lists import CountedPaginator
from sympolis.web.public.session_said import Numbers, numbers_of
from sympolis.web.site_root import for_any_reader, site_root
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.csv_file import csv_file
from sympolis.web.staff.qr_code import picture_of
from sympolis.web.staff.records.gone import gone
from sympolis.web.staff.records.saving import keep_change
from sympolis.web.staff.records.tables.planning import SESSIONS
from sympolis.web.staff.records.views import clashes_of
from sympolis.web.staff.sessions.forms import LinkForm, MinutesForm, NoteForm

HEADINGS = (
    "id", "kind", "text", "language", "table", "participant_kind", "speaks_for", "group", "themes", "countries",
    "regions", "place",
)  # fmt: skip
ROW = (
    "public_id", "kind", "text", "language", "table", "participant__kind", "participant__speaks_for",
    "participant__name", "group__name",
)  # fmt: skip


@officers
@never_cache
@require_safe
def session(request: HttpRequest, public_id: str) -> HttpResponse:
    seen = with_tokens(changeable_sessions(request.user).select_related("organisation", "plan"), SAID)
    found = the_one(seen.filter(public_id=public_id))
    if found is None:
        return gone(request, get_object_or_404(RetiredId, public_id=public_id))
    return _page(request, found)


def session_of(request: HttpRequest, public_id: str) -> Session:
    return get_object_or_404(
        changeable_sessions(request.user).select_related("organisation", "plan"), public_id=public_id
    )


def _page(request: HttpRequest, found: Session, status: int = 200, **more: Any) -> HttpResponse:
    said = visible_contributions(request.user).filter(session=found).select_related("participant", "group").only(*ROW)
    groupings = visible_groupings(request.user).filter(session=found.public_id).defer(*HEAVY)
    numbers = numbers_of(request.user, found, for_everybody=False)
    counts = numbers.counts
    context = {
        "session": found,
        "phases": Phase,
        "closed_by_plan": is_closed_by_the_plan(found),
        **_counted(found, numbers),
        "links": list(found.links.all()),
        "link_form": LinkForm(),
        "note_form": NoteForm(initial={"client_id": get_random_string(20)}),
        "page": CountedPaginator(said.order_by("-pk"), counts.everything).get_page(request.GET.get("page")),
        "groupings": list(groupings[:5]),
        "done": GroupingState.DONE,
        "has_groups": bool(numbers.groups),
        "loose": numbers.loose,
        "fewest": FEWEST_TEXTS,
        "may_group": found.phase in {Phase.PREPARED, Phase.CONTRIBUTE},
        "minutes_form": MinutesForm(instance=found, user=request.user),
        **more,
    }
    return render(request, "staff/sessions/session.html", context, status=status)


def _counted(found: Session, numbers: Numbers) -> dict[str, Any]:
    """What changes while people place dots."""
    return {
        "counts": numbers.counts,
        "results": numbers.results,
        "over": with_too_many_dots(found) if numbers.counts.dots else 0,
        "goes_on": found.phase == Phase.PRIORITISE,
    }


@officers
@never_cache
@require_safe
def results(request: HttpRequest, public_id: str) -> HttpResponse:
    """The results as they come: nothing where nothing has happened since the number that is asked for."""
    found = get_object_or_404(with_tokens(changeable_sessions(request.user)), public_id=public_id)
    if request.GET.get("since") == str(found.sequence):
        return HttpResponse(status=204)  # what asks leaves the page as it is
    numbers = numbers_of(request.user, found, for_everybody=False)
    return render(request, "staff/sessions/_results.html", {"session": found, **_counted(found, numbers)})


@officers
@never_cache
@require_POST
def link(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new link; its address is in this one answer alone."""
    found, form = session_of(request, public_id), LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, found, 422, link_form=form)
    try:
        made, token = open_link(reader(request), found, form.cleaned_data["kind"], form.cleaned_data["places"])
    except SessionRefused:
        messages.error(request, _("A session has at most 20 links. Close one first."))
        return redirect("staff:session", public_id=public_id)
    address = site_root(request) + for_any_reader(reverse("session_join", kwargs={"token": token}))
    handed_out = {"link": made, "address": address, "picture": picture_of(address)}
    return _page(request, found, handed_out=handed_out)


@officers
@require_POST
def close_link(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    withdraw_link(reader(request), get_object_or_404(session_of(request, public_id).links, pk=number))
    messages.success(request, _("Closed: nobody comes in by it any more. Who is in stays."))
    return redirect("staff:session", public_id=public_id)


@officers
@require_POST
def phase(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open another part of the session."""
    found, wanted = session_of(request, public_id), request.POST.get("phase", "")
    if wanted not in Phase.values:
        raise Http404
    set_phase(reader(request), found, wanted)
    return redirect("staff:session", public_id=public_id)


@officers
@require_POST
def note(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note down what was said, a contribution a line. Sent twice, it is there once."""
    found, form = session_of(request, public_id), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, 422, note_form=form)
    values = form.cleaned_data
    lines = form.lines()
    several = [
        Said(f"{values['client_id']}-{number}", line, values["kind"], values["table"])
        for number, line in enumerate(lines)
    ]
    try:
        kept = note_down(reader(request), found, several)
    except SessionRefused as refused:
        form.add_error("text", str(refused.sentence))
        return _page(request, found, 409, note_form=form)
    said = ngettext("%(n)d contribution noted down.", "%(n)d contributions noted down.", len(kept))
    messages.success(request, said % {"n": len(kept)})
    return redirect("staff:session", public_id=public_id)


@officers
@require_POST
def group(request: HttpRequest, public_id: str) -> HttpResponse:
    """Have the worker propose groups of what was said."""
    found = session_of(request, public_id)
    rows = visible_contributions(request.user).filter(session=found).order_by("pk")
    said = tuple(PouredText(one.public_id, one.text, one.language) for one in rows[:MOST_TEXTS])
    if len(said) < FEWEST_TEXTS:
        messages.error(request, _("Too little was said yet to be put into groups."))
        return redirect("staff:session", public_id=public_id)
    made = start_grouping(reader(request), found.title.best().text, Poured(said), session=found.public_id)
    return redirect("staff:grouping", public_id=made.public_id)


@officers
@require_POST
def take(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take groups over as they stand, for dots and minutes."""
    found = session_of(request, public_id)
    groupings = visible_groupings(request.user).filter(session=found.public_id, state=GroupingState.DONE)
    grouping = get_object_or_404(groupings, public_id=request.POST.get("grouping", "")[:20])
    try:
        taken = take_groups(reader(request), found, names_of(grouping))
    except SessionRefused:
        messages.error(request, _("Dots are open or the session is closed: go back to contributions first."))
        return redirect("staff:session", public_id=public_id)
    said = ngettext("%(n)d group taken over.", "%(n)d groups taken over.", len(taken))
    messages.success(request, said % {"n": len(taken)})
    return redirect("staff:session", public_id=public_id)


@officers
@require_POST
def minutes(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draft, keep what was corrected, approve or publish; whatever was asked, what stands in the box is kept first.
    What somebody else wrote meanwhile is shown, not lost."""
    if (refused := _corrected(request, session_of(request, public_id))) is not None:
        return refused
    found, user, what = session_of(request, public_id), reader(request), request.POST.get("what", "")
    if what == "draft" and _has_words(request):
        messages.error(request, _("There are words in the box already, and they are kept. Empty it to draft anew."))
        return _at_minutes(public_id)
    try:
        if what == "draft":
            keep_minutes(user, found, draft_minutes(found))
        elif what == "approve":
            approve_minutes(user, found)
        elif what == "publish":
            publish_minutes(user, found)
    except NoMinutes:
        messages.error(request, _("Draft the minutes and approve them first."))
    else:
        messages.success(request, _("Saved."))
    return _at_minutes(public_id)


def _at_minutes(public_id: str) -> HttpResponse:
    return redirect(f"{reverse('staff:session', kwargs={'public_id': public_id})}#minutes")


def _has_words(request: HttpRequest) -> bool:
    return any(request.POST[name].strip() for name in request.POST if name.startswith("minutes_"))


def _corrected(request: HttpRequest, found: Session) -> HttpResponse | None:
    """Keep what was written in the box, where it is sent along; an answer only where it can't be kept."""
    if not any(name.startswith("minutes_") for name in request.POST):
        return None
    user = reader(request)

    def keep(form: RecordForm) -> object:
        return keep_minutes(user, form.instance) if form.changed_names() else None

    form = keep_change(replace(SESSIONS, form=MinutesForm, keep=keep), found, user, request.POST, None).form
    if form.is_valid():
        return None
    clashes = clashes_of(form)
    again = form.again() if clashes else form
    fresh = session_of(request, found.public_id)
    return _page(request, fresh, 409 if clashes else 422, minutes_form=again, clashes=clashes)


@officers
@require_POST
def decisions(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish what became of what was said; who left a mail address is told, once."""
    found = session_of(request, public_id)
    try:
        publish_decisions(reader(request), found)
    except SessionRefused as refused:
        messages.error(request, str(refused.sentence))
        return redirect("staff:session", public_id=public_id)
    told = tell_authors(found, site_root(request))
    said = ngettext("Published. %(n)d author is told by mail.", "Published. %(n)d authors are told by mail.", told)
    messages.success(request, said % {"n": told})
    return redirect("staff:session", public_id=public_id)


@officers
@require_safe
def table(request: HttpRequest, public_id: str) -> HttpResponse:
    """All that was said as a table, for the office: with whom it was said for."""
    found = session_of(request, public_id)
    said = visible_contributions(request.user).filter(session=found).select_related("participant", "group")
    cells = (_cells(one) for one in said.order_by("pk").iterator())
    return csv_file(f"session-{found.public_id}", chain([HEADINGS], cells))


def _cells(one: Contribution) -> tuple[str, ...]:
    who = one.participant
    name = one.group.name.best().text if one.group else ""
    kind, speaks_for = (who.kind, who.speaks_for) if who else ("", "")
    about = (*(";".join(codes) for codes in (one.themes, one.countries, one.regions)), one.place)
    return one.public_id, one.kind, one.text, one.language, one.table, kind, speaks_for, name, *about
