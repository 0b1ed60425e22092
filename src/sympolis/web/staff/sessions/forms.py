"""What an officer fills in while a session goes on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import field_for
from sympolis.office.core.forms import RecordForm
from sympolis.office.core.imports.read import MAX_BYTES
from sympolis.office.planning.enums import ContributionKind, ParticipantKind
from sympolis.office.planning.models import Session

LONGEST_PASTE = 200_000


class LinkForm(forms.Form):
    """A link for one kind of participant."""

    kind = forms.ChoiceField(label=_("For whom"), choices=ParticipantKind.choices)
    places = forms.IntegerField(label=_("How many may come in"), required=False, min_value=1, max_value=10_000)


class NoteForm(forms.Form):
    """What was said in the room or stands on paper."""

    kind = forms.ChoiceField(label=_("What it is"), choices=ContributionKind.choices)
    table = forms.CharField(label=_("Table or group"), max_length=60, required=False)
    text = forms.CharField(
        label=_("What was said"),
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("One contribution a line."),
    )
    client_id = forms.RegexField(r"^[A-Za-z0-9]{8,30}$", widget=forms.HiddenInput)

    def lines(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["text"].splitlines() if line.strip()]


class IncomingForm(forms.Form):
    """A spreadsheet of what was said on paper or elsewhere."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV or XLSX, or an export of proposals from Decidim; up to 5,000 rows.")
    )
    kind = forms.ChoiceField(
        label=_("What it is"), choices=ContributionKind.choices, help_text=_("For rows that do not say it themselves.")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 megabytes. Split it into several files."))
        return file


class MinutesForm(RecordForm):
    """The minutes in each language they have."""

    FIRST = ("minutes",)
    OFFICE_ONLY = ("minutes",)

    class Meta:
        model = Session
        formfield_callback = field_for
        fields = ("minutes",)
