"""The form of a piece of news."""

from __future__ import annotations

from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import LanguagesField, PartialDateField, WebAddressField, field_for
from sympolis.office.core.forms import RecordForm
from sympolis.office.core.rich import MARKS
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.publishing.models import NewsItem


class NewsItemForm(RecordForm):
    FIRST = ("title", "summary")

    published = PartialDateField(label=_("Published on"), help_text=_("2019, 2019-03 or 14/3/2019"))
    body = LanguagesField(label=_("Text"), rows=8, required=False, help_text=MARKS)
    publishes_at = forms.DateTimeField(
        label=_("Publish it on"), required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
        help_text=_("By the clock of the office. Left empty: at once. Until then only officers see it."),
    )  # fmt: skip
    organisation = OrganisationField(label=_("Whose news it is"), required=False)
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = NewsItem
        formfield_callback = field_for
        fields = (
            "title", "summary", "body", "published", "publishes_at", "organisation", "event", "translated_by",
            "visibility", "confirmed",
            "source_url", "note",
        )  # fmt: skip

    def clean_publishes_at(self) -> datetime | None:
        """As it is kept, so that the same moment is the same value."""
        written: datetime | None = self.cleaned_data["publishes_at"]
        return written.astimezone(UTC) if written else None
