"""Bring what was said on paper or elsewhere into a session: choose a file, look at it, bring it in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.read import MAX_COLUMNS
from sympolis.office.core.models import User
from sympolis.office.planning.models import Session
from sympolis.office.planning.sessions.errors import SessionRefused
from sympolis.office.planning.sessions.incoming import (
    HEADINGS,
    Understood,
    already_there,
    bring_in,
    files_of,
    take_file_back,
    understand,
)
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.imports import shelf
from sympolis.web.staff.sessions.forms import IncomingForm
from sympolis.web.staff.sessions.views import session_of

SHOWN_ROWS, SHOWN_PROBLEMS = 20, 100
LABELS = {
    "id": gettext_lazy("Number or reference"),
    "title": gettext_lazy("Title"),
    "text": gettext_lazy("What was said"),
    "summary": gettext_lazy("Summary"),
    "kind": gettext_lazy("What it is"),
    "table": gettext_lazy("Table or group"),
    "language": gettext_lazy("Language"),
    "themes": gettext_lazy("Themes"),
    "countries": gettext_lazy("Countries"),
    "place": gettext_lazy("Cities and other places"),
    "speaks_for": gettext_lazy("Whom they speak for"),
    "participant_kind": gettext_lazy("Kind of participant"),
}


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, public_id: str) -> HttpResponse:
    found = session_of(request, public_id)
    form = IncomingForm(request.POST, request.FILES) if request.method == "POST" else IncomingForm()
    if form.is_bound and form.is_valid():
        waiting = _waiting(request, found, form)
        try:
            _understood(waiting)
        except ImportRefused as refused:
            form.add_error("file", str(refused))
        else:
            shelf.put(waiting)
            return redirect("staff:session_incoming_preview", public_id=public_id, token=waiting.token)
    status = 422 if form.errors else 200
    files = files_of(found)
    people = User.objects.in_bulk({one.user for one in files if one.user})
    context = {"session": found, "form": form, "files": [(one, people.get(one.user or 0)) for one in files]}
    return render(request, "staff/sessions/incoming.html", context, status=status)


@officers
@require_POST
def take_back(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """Undo a file; what was worked on since stays."""
    found = session_of(request, public_id)
    try:
        gone, stay = take_file_back(reader(request), found, token)
    except SessionRefused:
        messages.error(request, _("The session is closed: open it again first."))
        return redirect("staff:session_incoming", public_id=public_id)
    said = ngettext("%(n)d contribution taken out again.", "%(n)d contributions taken out again.", gone) % {"n": gone}
    kept = ngettext(
        "%(n)d stays: somebody has changed, grouped, linked or decided it since.",
        "%(n)d stay: somebody has changed, grouped, linked or decided them since.", stay,
    ) % {"n": stay}  # fmt: skip
    messages.success(request, f"{said} {kept}" if stay else said)
    return redirect("staff:session_incoming", public_id=public_id)


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    """What was understood; correcting the columns comes back here, bringing in goes to the session."""
    found = session_of(request, public_id)
    waiting = shelf.take(token, reader(request).pk)
    if waiting is None or waiting.table != _table(found):
        raise Http404
    if request.method == "POST" and "bring" not in request.POST:
        waiting.chosen = _chosen(request)
        shelf.note(waiting)
        return redirect("staff:session_incoming_preview", public_id=public_id, token=token)
    try:
        read = _understood(waiting)
    except ImportRefused as refused:
        messages.error(request, str(refused))
        return redirect("staff:session_incoming", public_id=public_id)
    if request.method == "POST" and read.rows and (not read.problems or "leave_out" in request.POST):
        return _brought_in(request, found, waiting, read)
    return _preview(request, found, waiting, read)


def _brought_in(request: HttpRequest, found: Session, waiting: shelf.Waiting, read: Understood) -> HttpResponse:
    try:
        done = bring_in(reader(request), found, read.rows, waiting.file_name)
    except SessionRefused:
        messages.error(request, _("The session is closed: open it again first."))
        return redirect("staff:session", public_id=found.public_id)
    shelf.drop(waiting.token)
    said = ngettext("%(n)d contribution brought in", "%(n)d contributions brought in", done.added) % {"n": done.added}
    there = ngettext("%(n)d was there already.", "%(n)d were there already.", done.there) % {"n": done.there}
    messages.success(request, f"{said}; {there}" if done.there else f"{said}.")
    return redirect("staff:session", public_id=found.public_id)


def _preview(request: HttpRequest, found: Session, waiting: shelf.Waiting, read: Understood) -> HttpResponse:
    there = already_there(found, read.rows)
    columns = [
        {"at": at, "heading": heading, "name": read.columns[at], "example": _example(read, at)}
        for at, heading in enumerate(read.sheet.headings)
    ]
    context = {
        "session": found,
        "waiting": waiting,
        "read": read,
        "columns": columns,
        "names": [(name, LABELS[name]) for name in HEADINGS],
        "rows": read.rows[:SHOWN_ROWS],
        "problems": read.problems[:SHOWN_PROBLEMS],
        "there": there,
        "fresh": len(read.rows) - there,
    }
    return render(request, "staff/sessions/incoming_preview.html", context)


def _example(read: Understood, at: int) -> str:
    return next((row.cells[at] for row in read.sheet.rows[:50] if at < len(row.cells) and row.cells[at]), "")[:80]


def _table(found: Session) -> str:
    return f"session:{found.public_id}"


def _waiting(request: HttpRequest, found: Session, form: IncomingForm) -> shelf.Waiting:
    file = form.cleaned_data["file"]
    return shelf.Waiting(
        token=shelf.new_token(), user=reader(request).pk, table=_table(found), file_name=file.name[:200],
        language="", list=form.cleaned_data["kind"], data=bytes(file.read()),
    )  # fmt: skip


def _understood(waiting: shelf.Waiting) -> Understood:
    return understand(waiting.data, waiting.list, waiting.chosen)


def _chosen(request: HttpRequest) -> dict[int, str]:
    """``column-3=text``: the heading at place 3 means this column; nothing: leave it out."""
    places = {f"column-{at}": at for at in range(MAX_COLUMNS)}
    return {places[name]: str(value) for name, value in request.POST.items() if name in places}
