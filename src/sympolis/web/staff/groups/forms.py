"""What an officer pours in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.read import MAX_BYTES
from sympolis.office.synergies.groups.reading import (
    LONGEST_OF_ALL,
    ContributionsRefused,
    Poured,
    contributions_in_lines,
    contributions_in_table,
)


class PourForm(forms.Form):
    """A file or pasted lines."""

    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=200,
        help_text=_("Left empty, the name of the file stands here."),
        widget=forms.TextInput({"dir": "auto"}),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "CSV or XLSX with a row for each contribution: a column with the text, and id and language if you like."
        ),
    )
    pasted = forms.CharField(
        label=_("Or paste them, one a line"),
        required=False,
        max_length=LONGEST_OF_ALL,
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
    )

    poured: Poured

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, pasted = cleaned.get("file"), str(cleaned.get("pasted") or "")
        if self.errors:
            return cleaned
        if not file and not pasted.strip():
            self.add_error("file", _("Choose a file, or paste contributions below."))
        elif file and file.size > MAX_BYTES:
            self.add_error("file", _("The file is larger than 10 megabytes. Split it into several files."))
        else:
            try:
                self.poured = contributions_in_table(file.read()) if file else contributions_in_lines(pasted)
            except (ContributionsRefused, ImportRefused) as refused:
                self.add_error("file" if file else "pasted", str(refused))
        return cleaned

    def said_title(self) -> str:
        """What it is called: as written, else the name of the file, else how it begins."""
        file = self.cleaned_data.get("file")
        return self.cleaned_data["title"] or (file.name if file else self.poured.said[0].text[:60])
