"""Forms of meetings and promises."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import HourField, PartialDateField, SourcesField, field_for, term_choices
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.directory.fields import OrganisationField, OrganisationsField
from sympolis.office.synergies.models import Commitment, Meeting

MOST_LETTERS = 100_000


class NotesField(forms.CharField):
    """What was noted or a mail as it came: long, but not endless."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 10, "dir": "auto"})
        super().__init__(label=_("Notes"), required=False, max_length=MOST_LETTERS, widget=widget, **kwargs)
        self.error_messages["max_length"] = _(
            "This is longer than 100,000 letters. Paste the part in which something was promised."
        )


class MeetingForm(RecordForm):
    FIRST = ("title", "starts", "organisations")
    OFFICE_ONLY = (*RecordForm.OFFICE_ONLY, "notes")

    kind = forms.ChoiceField(label=_("Kind"), choices=term_choices("meeting_kinds"), required=False)
    starts = PartialDateField(label=_("When"), help_text=_("2019, 2019-03 or 14/3/2019"))
    ends = PartialDateField(label=_("Until"))
    from_hour = HourField(label=_("From (hour)"))
    until_hour = HourField(label=_("To (hour)"))
    notes = NotesField(help_text=_("For the office only."))
    organisations = OrganisationsField(label=_("Who meets"), required=False, help_text=_("One name a box."))
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Meeting
        formfield_callback = field_for
        fields = (
            "title", "starts", "organisations", "ends", "from_hour", "until_hour", "kind", "place", "posts_present",
            "agenda", "decisions", "notes", "visibility", "confirmed", "source_url", "note",
        )  # fmt: skip

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or self.instance.kind or "other"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "starts", "ends", _("The meeting ends before it begins."))
        begins, over = cleaned.get("from_hour"), cleaned.get("until_hour")
        if begins and over and over <= begins and not cleaned.get("ends"):
            self.add_error("until_hour", _("The meeting ends before it begins."))
        return cleaned


class NotesForm(RecordForm):
    """The notes of a meeting on its own page."""

    FIRST = ("notes",)
    OFFICE_ONLY = ("notes",)

    notes = NotesField()

    class Meta:
        model = Meeting
        formfield_callback = field_for
        fields = ("notes",)


class CommitmentForm(RecordForm):
    FIRST = ("text", "organisation", "due")

    organisation = OrganisationField(label=_("Who promised"))
    due = PartialDateField(label=_("By when"), help_text=_("2019, 2019-03 or 14/3/2019"))
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Commitment
        formfield_callback = field_for
        fields = (
            "text", "organisation", "due", "owner_post", "status", "meeting", "visibility", "confirmed", "source_url",
            "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True
