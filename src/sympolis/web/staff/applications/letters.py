"""Letters of partners as Word files, and the office's own templates for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolis.office.core.uploads import TYPES, Refused
from sympolis.office.projects.applications.enums import LetterKind
from sympolis.office.projects.models import LetterTemplate
from sympolis.office.synergies.invitations import language_of
from sympolis.office.synergies.letters import (
    PLACEHOLDERS,
    UnknownPlaceholders,
    keep_template,
    letter_for,
    remove_template,
)
from sympolis.web.staff.applications.access import partner_or_404
from sympolis.web.staff.brief.access import officers, reader


class TemplateForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Letter"), choices=LetterKind.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    file = forms.FileField(label=gettext_lazy("Word file"))


@officers
@require_safe
def letter(request: HttpRequest, public_id: str, number: int, kind: str) -> HttpResponse:
    """The letter in the partner's language, or in the one asked for."""
    if kind not in LetterKind.values:
        raise Http404
    row = partner_or_404(request, public_id, number)
    wanted = request.GET.get("language", "")
    language = wanted if wanted in dict(settings.LANGUAGES) else language_of(row.organisation)
    try:
        content = letter_for(row, LetterKind(kind), language, timezone.localdate())
    except (Refused, FileNotFoundError):
        messages.error(request, _("The template of this letter cannot be read. Upload it anew."))
        return redirect("staff:letters")
    name = slugify(f"{kind}-{row.organisation.slug}-{language}")
    return HttpResponse(
        content,
        content_type=TYPES["docx"],
        headers={"Content-Disposition": f'attachment; filename="{name}.docx"', "X-Content-Type-Options": "nosniff"},
    )


@officers
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """The office's own templates, one a letter and language, and what may stand in them."""
    form = TemplateForm(*_posted(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            keep_template(reader(request), LetterKind(said["kind"]), said["language"], said["file"])
        except Refused as error:
            form.add_error("file", str(error.message))
        except UnknownPlaceholders as error:
            listed = ", ".join(f"{{{{{name}}}}}" for name in error.names[:10])
            form.add_error("file", _("No letter can say this: %(names)s. Use those listed here.") % {"names": listed})
        else:
            messages.success(request, _("The template is there."))
            return redirect("staff:letters")
    context = {
        "form": form,
        "templates": list(LetterTemplate.objects.select_related("added_by")),
        "placeholders": [(f"{{{{{name}}}}}", words) for name, words in PLACEHOLDERS.items()],
    }
    return render(request, "staff/applications/letters.html", context, status=422 if form.errors else 200)


def _posted(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@officers
@require_POST
def letter_remove(request: HttpRequest, pk: int) -> HttpResponse:
    remove_template(reader(request), get_object_or_404(LetterTemplate, pk=pk))
    messages.success(request, _("Removed: the plain letter takes its place."))
    return redirect("staff:letters")
