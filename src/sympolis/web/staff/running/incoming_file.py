"""A spreadsheet that belongs to one project: chosen, looked at as it would come in, then brought in or left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sympolis.office.core.form_fields import language_now
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.read import MAX_BYTES
from sympolis.office.core.models import User
from sympolis.office.projects.models import Project
from sympolis.web.staff.brief.access import reader
from sympolis.web.staff.imports import shelf
from sympolis.web.staff.running.access import page, project_or_404

SHOWN_PROBLEMS = 100


class FileForm(forms.Form):
    """``WHAT`` says which columns it may have."""

    WHAT: Any = ""

    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = self.WHAT

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 10 megabytes. Split it into several files."))
        return file


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """What tells one kind of such files from another.

    ``read`` gives what is to come in, with its ``problems``; ``bring`` writes it, under the name of its file, and says
    how many rows it was; ``shown`` is what its page tells. ``name`` is that of its addresses, ``tab`` where it belongs.
    """

    name: str
    tab: str
    form: type[FileForm]
    read: Callable[[bytes, Project, User], Any]
    bring: Callable[[User, Project, Any, str], str]
    shown: Callable[[Project, Any], Mapping[str, Any]]

    def choose(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Choose a file; what it would do is shown before anything is written."""
        project = project_or_404(request, public_id)
        form = self.form(request.POST, request.FILES) if request.method == "POST" else self.form()
        if form.is_bound and form.is_valid():
            file = form.cleaned_data["file"]
            data = file.read()
            try:
                read = self.read(data, project, reader(request))
            except ImportRefused as refused:
                form.add_error("file", str(refused))
            else:
                if read.problems:
                    return self._wrong(request, project, form, read)
                waiting = shelf.Waiting(
                    token=shelf.new_token(), user=reader(request).pk, table=self._table(project),
                    file_name=file.name[:200], language=language_now(), data=data,
                )  # fmt: skip
                shelf.put(waiting)
                return redirect(f"staff:running_{self.name}_look", public_id=public_id, token=waiting.token)
        status = 422 if form.is_bound else 200
        return page(request, "lines_in", project, status, tab=self.tab, form=form, back=f"staff:{self.tab}")

    def look(self, request: HttpRequest, public_id: str, token: str) -> HttpResponse:
        """What a file would do; sent, it is brought in."""
        project = project_or_404(request, public_id)
        waiting = shelf.take(token, reader(request).pk)
        if waiting is None or waiting.table != self._table(project):
            raise Http404
        try:
            read = self.read(waiting.data, project, reader(request))
            if request.method == "POST" and not read.problems:
                said = self.bring(reader(request), project, read, waiting.file_name)
                shelf.drop(token)
                messages.success(request, f"{said} {_there_already(read.there)}".strip())
                return redirect(f"staff:{self.tab}", public_id=public_id)
        except ImportRefused as refused:
            messages.error(request, str(refused))
            return redirect(f"staff:running_{self.name}_in", public_id=public_id)
        except ValidationError as error:  # somebody else wrote meanwhile what does not go with it
            messages.error(request, " ".join(error.messages))
            return redirect(f"staff:running_{self.name}_in", public_id=public_id)
        if read.problems:
            return self._wrong(request, project, self.form(), read)
        about = {"file_name": waiting.file_name, "there": read.there, **self.shown(project, read)}
        return page(request, f"{self.name}_look", project, tab=self.tab, **about)

    def _wrong(self, request: HttpRequest, project: Project, form: FileForm, read: Any) -> HttpResponse:
        rows = len({one.row for one in read.problems})
        about = {"form": form, "problems": read.problems[:SHOWN_PROBLEMS], "wrong_rows": rows}
        return page(request, "lines_in", project, 422, tab=self.tab, back=f"staff:{self.tab}", **about)

    def _table(self, project: Project) -> str:
        """What it is called on the shelf: for no other project, and for no table of records."""
        return f"{self.name} {project.public_id}"


def _there_already(there: int) -> str:
    if not there:
        return ""
    return ngettext("%(n)d was there already.", "%(n)d were there already.", there) % {"n": there}
