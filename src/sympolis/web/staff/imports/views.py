"""Bringing in a spreadsheet, step by step: choose it, look at what it would do, bring it in, take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.origin import Origin, origin_of
from sympolis.office.core.imports.preview import previewed
from sympolis.office.core.imports.read import MAX_COLUMNS, read_table
from sympolis.office.core.imports.understand import Understood, understand
from sympolis.office.core.imports.undo import undo_import
from sympolis.office.core.models import Import
from sympolis.office.directory.models import Organisation
from sympolis.office.events.calendar_files import calendar_name, is_calendar, read_calendar
from sympolis.office.events.tables import EVENTS
from sympolis.web.staff.csv_file import csv_file
from sympolis.web.staff.imports import shelf
from sympolis.web.staff.imports.access import officer_of, officers_only
from sympolis.web.staff.imports.forms import HouseForm, TieForm, UploadForm, tie_choices, tied_as


@officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose a spreadsheet; below it what was brought in before."""
    first = {"table": request.GET.get("table", ""), "language": request.LANGUAGE_CODE}
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm(initial=first)
    if form.is_bound and form.is_valid():
        try:
            waiting = _waiting(request, form)
            _understood(request, waiting)
        except ImportRefused as refused:
            form.add_error("file", str(refused))
        else:
            shelf.put(waiting)
            return redirect("staff:import-preview", token=waiting.token)
    past = Paginator(Import.objects.select_related("by").defer("undo"), 20).get_page(request.GET.get("page"))
    context = {"form": form, "tables": tables().values(), "past": past, "labels": _labels(), "page": past}
    return render(request, "staff/imports/start.html", context, status=422 if form.errors else 200)


@officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """What was understood and what would change; correcting the headings comes back here."""
    waiting = _of_theirs(request, token)
    form, house_form = _tie_form(request, waiting), _house_form(request, waiting)
    if request.method == "POST" and _say(request, waiting, form, house_form):
        shelf.note(waiting)
        return redirect("staff:import-preview", token=token)
    try:
        understood, origin = _understood(request, waiting)
        shown = previewed(understood)
    except ImportRefused as refused:
        messages.error(request, str(refused))
        return redirect("staff:imports")
    context = {"preview": shown, "waiting": waiting, "origin": origin, "tie_form": form}
    if house_form is not None and _leaves_open(understood):
        context["house_form"] = house_form
    if waiting.tied:
        to = understood.desk.references.shown(waiting.tied_to)
        context |= {"tie_label": dict(tie_choices()).get(waiting.tied, ""), "tied_to": to}
    return render(request, "staff/imports/preview.html", context, status=422 if _is_wrong(form, house_form) else 200)


@officers_only
@require_POST
def apply(request: HttpRequest, token: str) -> HttpResponse:
    """Bring the table in, all of it or nothing."""
    waiting = _of_theirs(request, token)
    try:
        run = bring_in(
            _understood(request, waiting)[0],
            by=officer_of(request),
            file_name=waiting.file_name,
            leave_out_wrong_rows="leave_out" in request.POST,
        )
    except ImportRefused as refused:
        messages.error(request, str(refused))
        return redirect("staff:import-preview", token=token)
    shelf.drop(token)
    messages.success(
        request,
        _("Brought in: %(created)s new, %(changed)s changed, %(unchanged)s as they were.")
        % {"created": run.created, "changed": run.changed, "unchanged": run.unchanged},
    )
    return redirect("staff:imports")


@officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an import back, after asking once."""
    run = get_object_or_404(Import.objects.select_related("by"), pk=pk)
    if request.method != "POST":
        context = {"run": run, "label": _labels().get(run.table, run.table), "consequences": _consequences(run)}
        return render(request, "staff/imports/undo.html", context)
    try:
        undone = undo_import(run, officer_of(request))
    except ImportRefused as refused:
        messages.error(request, str(refused))
        return redirect("staff:imports")
    messages.success(
        request,
        _("Taken back: %(removed)s removed, %(restored)s as they were before.")
        % {"removed": undone.removed, "restored": undone.restored},
    )
    if undone.kept:
        names = ", ".join(undone.kept[:10])
        messages.warning(
            request,
            _("Left as they are, because somebody has worked with them since: %(names)s.") % {"names": names},
        )
    return redirect("staff:imports")


@officers_only
@require_GET
def template(request: HttpRequest, table: str) -> HttpResponse:
    """An empty table with every heading, to fill in."""
    if table not in tables():
        raise Http404
    return csv_file(table, [[column.name for column in tables()[table].columns]])


def _tie_form(request: HttpRequest, waiting: shelf.Waiting) -> TieForm | None:
    """What the rows are of whom, of tables that ask it; the office's own organisation until another is named."""
    if tables()[waiting.table].ties is None:
        return None
    if request.method == "POST" and "tied" in request.POST:
        return TieForm(request.POST, user=officer_of(request))
    to = _organisation(request, waiting.tied_to or None)
    return TieForm(initial={"tied": waiting.tied, "tied_to": to}, user=officer_of(request))


def _house_form(request: HttpRequest, waiting: shelf.Waiting) -> HouseForm | None:
    """Whose the rows are, of tables that must say it."""
    if not tables()[waiting.table].house:
        return None
    if request.method == "POST" and "house" in request.POST:
        return HouseForm(request.POST, user=officer_of(request))
    return HouseForm(initial={"house": _organisation(request, waiting.house)}, user=officer_of(request))


def _organisation(request: HttpRequest, public_id: str | None) -> Organisation | None:
    """The one that was chosen; the office's own until one was."""
    office = getattr(request, "office", None)
    own: Organisation | None = office.organisation if office else None
    if public_id is None or (own and own.public_id == public_id):
        return own
    return Organisation.objects.filter(public_id=public_id).first() if public_id else None


def _leaves_open(understood: Understood) -> bool:
    """Whether the rows do not say whose they are: there is no column for it, or one for the other party alone."""
    table = understood.table
    return table.column(table.house).many or table.house not in understood.columns


def _say(request: HttpRequest, waiting: shelf.Waiting, tie_form: TieForm | None, house_form: HouseForm | None) -> bool:
    """Take down what a person said of the rows, of one thing at a time. False where it can't be understood."""
    if tie_form is not None and tie_form.is_bound:
        if not tie_form.is_valid():
            return False
        to = tie_form.cleaned_data["tied_to"]
        waiting.tied, waiting.tied_to = tie_form.cleaned_data["tied"], to.public_id if to else ""
    elif house_form is not None and house_form.is_bound:
        if not house_form.is_valid():
            return False
        house = house_form.cleaned_data["house"]
        waiting.house = house.public_id if house else ""
    else:
        waiting.chosen = _chosen(request)
        waiting.list = request.POST.get("list", "")[:100]
    return True


def _is_wrong(*bound: Form | None) -> bool:
    return any(form is not None and form.errors for form in bound)


def _waiting(request: HttpRequest, form: UploadForm) -> shelf.Waiting:
    """A calendar is a list of events, whatever was chosen; it is known again by the name it has for itself."""
    file, data = form.cleaned_data.get("file"), form.data_bytes()
    from_calendar = is_calendar(data)
    return shelf.Waiting(
        token=shelf.new_token(),
        user=officer_of(request).pk,
        table=EVENTS.name if from_calendar else form.cleaned_data["table"],
        file_name=file.name[:200] if file else _("pasted rows"),
        language=form.cleaned_data["language"],
        data=data,
        list=calendar_name(data) if from_calendar else "",
    )


def _of_theirs(request: HttpRequest, token: str) -> shelf.Waiting:
    waiting = shelf.take(token, officer_of(request).pk)
    if waiting is None or waiting.table not in tables():  # a session's table waits on the same shelf
        raise Http404
    return waiting


def _understood(request: HttpRequest, waiting: shelf.Waiting) -> tuple[Understood, Origin]:
    sheet = read_calendar(waiting.data) if is_calendar(waiting.data) else read_table(waiting.data)
    table = tables()[waiting.table]
    origin = origin_of(table, sheet, waiting.file_name, waiting.list)
    tied = tied_as(waiting.tied, waiting.tied_to)
    own = _organisation(request, None) if table.house and waiting.house is None else None
    house = own.public_id if own else waiting.house or ""
    read = understand(table, sheet, waiting.chosen, origin.source, waiting.language, tied, house)
    return read, origin


def _chosen(request: HttpRequest) -> dict[int, str]:
    """``column-3=country_iso2``: the heading at place 3 means this column; nothing: leave it out."""
    places = {f"column-{at}": at for at in range(MAX_COLUMNS)}
    return {places[name]: str(value) for name, value in request.POST.items() if name in places}


def _labels() -> dict[str, Any]:
    return {table.name: table.label for table in tables().values()}


def _consequences(run: Import) -> list[str]:
    made, changed = len(run.undo.get("created", [])), len(run.undo.get("changed", {}))
    return [
        ngettext("%(count)s record it made is removed.", "%(count)s records it made are removed.", made)
        % {"count": made},
        ngettext(
            "%(count)s record it changed gets its earlier values back.",
            "%(count)s records it changed get their earlier values back.",
            changed,
        )
        % {"count": changed},
        _("What somebody has worked with since stays as it is."),
    ]
