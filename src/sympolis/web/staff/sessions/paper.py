"""Dots that were placed on paper: a sheet is typed in, or several come out of a spreadsheet; each can be taken out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.read import MAX_BYTES
from sympolis.office.core.templatetags.show import plain
from sympolis.office.planning.enums import ParticipantKind
from sympolis.office.planning.models import ContributionGroup, Session
from sympolis.office.planning.sessions.errors import SessionRefused
from sympolis.office.planning.sessions.paper import (
    MOST_DOTS,
    MOST_PEOPLE,
    Counted,
    Understood,
    count_paper,
    sheets_of,
    take_paper_out,
    takes_paper,
    understand,
)
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.sessions.views import session_of

SHOWN_PROBLEMS = 100
FORM, FILE = "sheet", "file"


class SheetForm(forms.Form):
    """A sheet of paper: whose it is, and a box for the dots of each group."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of participant"), choices=ParticipantKind.choices)
    table = forms.CharField(label=gettext_lazy("Table or group"), max_length=60, required=False)
    people = forms.IntegerField(label=gettext_lazy("How many people placed them"), min_value=1, max_value=MOST_PEOPLE)
    client_id = forms.RegexField(r"^[A-Za-z0-9]{8,30}$", widget=forms.HiddenInput)

    def __init__(self, groups: list[ContributionGroup], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.boxes = {f"group_{group.pk}": group.pk for group in groups}
        for (name, _pk), group in zip(self.boxes.items(), groups, strict=True):
            self.fields[name] = forms.IntegerField(
                label=_("Dots: %(group)s") % {"group": plain(group.name)},
                required=False,
                min_value=0,
                max_value=MOST_DOTS,
            )

    def counted(self) -> Counted:
        values = self.cleaned_data
        dots = {pk: values[name] or 0 for name, pk in self.boxes.items()}
        return Counted(values["client_id"], values["kind"], values["table"], values["people"], dots)


class FileForm(forms.Form):
    """Sheets in a spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or XLSX with the columns: group, kind of participant, table, people, dots."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 megabytes. Split it into several files."))
        return file


@officers
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was counted so far. What is refused comes back as it was typed."""
    found = session_of(request, public_id)
    groups = list(found.groups.all())
    if request.method != "POST":
        return _page(request, found, groups)
    form = SheetForm(groups, request.POST, prefix=FORM)
    if form.is_valid():
        try:
            count_paper(reader(request), found, form.counted())
        except SessionRefused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Counted. It can be taken out again below."))
            return redirect("staff:session_paper", public_id=public_id)
    return _page(request, found, groups, form=form)


@officers
@never_cache
@require_POST
def file(request: HttpRequest, public_id: str) -> HttpResponse:
    """All of a file's sheets, or none where anything is wrong with it."""
    found = session_of(request, public_id)
    form, read = FileForm(request.POST, request.FILES, prefix=FILE), Understood()
    if form.is_valid():
        try:
            read = understand(found, form.cleaned_data["file"].read())
            if not read.problems:
                return _counted(request, found, read)
        except ImportRefused as refused:
            form.add_error("file", str(refused))
        except SessionRefused as refused:
            form.add_error(None, str(refused.sentence))
    return _page(request, found, list(found.groups.all()), file_form=form, read=read)


def _counted(request: HttpRequest, found: Session, read: Understood) -> HttpResponse:
    made = len(count_paper(reader(request), found, *read.sheets))
    before = len(read.sheets) - made
    said = ngettext("%(n)d sheet counted.", "%(n)d sheets counted.", made) % {"n": made}
    there = ngettext("%(n)d was there already.", "%(n)d were there already.", before) % {"n": before}
    messages.success(request, f"{said} {there}" if before else said)
    return redirect("staff:session_paper", public_id=found.public_id)


@officers
@require_POST
def take_out(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    found = session_of(request, public_id)
    try:
        take_paper_out(reader(request), found, get_object_or_404(found.paper_sheets, pk=number))
    except SessionRefused as refused:
        messages.error(request, str(refused.sentence))
    else:
        messages.success(request, _("Taken out: its dots count no more."))
    return redirect("staff:session_paper", public_id=public_id)


def _page(request: HttpRequest, found: Session, groups: list[ContributionGroup], **more: Any) -> HttpResponse:
    """With the forms as they were refused, if one was."""
    fresh = {"client_id": get_random_string(20)}
    read = more.get("read")
    context = {
        "session": found,
        "is_open": takes_paper(found),
        "groups": groups,
        "form": SheetForm(groups, prefix=FORM, initial=fresh),
        "file_form": FileForm(prefix=FILE),
        "sheets": list(sheets_of(found)),
        "problems": read.problems[:SHOWN_PROBLEMS] if read else [],
        **more,
    }
    return render(request, "staff/sessions/paper.html", context, status=422 if request.method == "POST" else 200)
