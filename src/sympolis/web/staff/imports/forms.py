"""What an officer says when bringing in a spreadsheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import MAX_BYTES


class UploadForm(forms.Form):
    """A file or pasted rows, and what they are about."""

    table = forms.ChoiceField(label=_("What the rows are"))
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("XLSX or CSV, up to 10 megabytes and 50,000 rows; or a calendar (.ics) of up to 1,000 events."),
    )
    pasted = forms.CharField(
        label=_("Or paste the rows, headings first"),
        required=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea({"rows": 6, "dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the texts"),
        choices=settings.LANGUAGES,
        help_text=_("For rows that do not say it themselves."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["table"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(table.name, table.label) for table in tables().values()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, pasted = cleaned.get("file"), (cleaned.get("pasted") or "").strip()
        if not file and not pasted and "file" not in self.errors:
            self.add_error("file", _("Choose a file, or paste rows below."))
        if file and file.size > MAX_BYTES:
            self.add_error("file", _("The file is larger than 10 megabytes. Split it into several files."))
        return cleaned

    def data_bytes(self) -> bytes:
        """The uploaded file, or else what was pasted."""
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file else str(self.cleaned_data["pasted"]).encode()
