"""The form of a piece of news."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import PartialDateField, RichField, SourcesField, field_for
from sympolis.office.core.forms import RecordForm
from sympolis.office.directory.fields import OrganisationField, OrganisationsField
from sympolis.office.events.queries import visible_events
from sympolis.office.planning.fields import RecordsField
from sympolis.office.projects.queries import visible_projects
from sympolis.office.publishing.actions import first_day
from sympolis.office.publishing.enums import Stage
from sympolis.office.publishing.models import NewsItem
from sympolis.office.publishing.pages.queries import second_reader_wanted

ONE_A_LINE = _("One a line: a title, or the address of its page.")
LINES = ("projects", "events")  # lists written one a line
WRITABLE = (Stage.PUBLISHED, Stage.DRAFT)


class NewsItemForm(RecordForm):
    FIRST = ("title", "summary", "body", "stage")  # what one writes, and whether readers see it

    published = PartialDateField(label=_("Published on"), help_text=_("2019, 2019-03 or 14/3/2019"))
    body = RichField(label=_("Text"), required=False)
    publishes_at = forms.DateTimeField(
        label=_("Publish it on"), required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
        help_text=_("By the clock of the office. Left empty: at once. Until then only officers see it."),
    )  # fmt: skip
    organisation = OrganisationField(label=_("Whose news it is"), required=False)
    organisations = OrganisationsField(
        label=_("Organisations it tells of"), required=False, help_text=_("It stands on their pages too.")
    )
    projects = RecordsField({"prj": visible_projects}, label=_("Projects it tells of"), help_text=ONE_A_LINE)
    events = RecordsField({"eve": visible_events}, label=_("Other events it tells of"), help_text=ONE_A_LINE)
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = NewsItem
        formfield_callback = field_for
        fields = (
            "title", "summary", "body", "published", "stage", "publishes_at", "organisation", "event",
            "organisations", "projects", "events", "translated_by", "visibility", "confirmed",
            "source_url", "note",
        )  # fmt: skip
        labels = {"event": _("Event")}

    def clean_publishes_at(self) -> datetime | None:
        """As it is kept, so that the same moment is the same value."""
        written: datetime | None = self.cleaned_data["publishes_at"]
        return written.astimezone(UTC) if written else None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if (item := kwargs.get("instance")) is not None and item.pk:  # asked for by Django's form and by ours
            prefetch_related_objects([item], "organisations", *LINES)
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["stage"]
        kept = [*WRITABLE, Stage.WAITING] if self.instance.stage == Stage.WAITING else WRITABLE
        offered.choices = [(one.value, one.label) for one in kept]
        if not self.instance.pk and second_reader_wanted():
            self.initial["stage"] = Stage.DRAFT

    def clean(self) -> dict[str, Any]:
        """What is told from now on is of today, unless somebody gives it a day: news without one are in no month."""
        cleaned = super().clean()
        was_told = bool(self.instance.pk) and self.instance.stage == Stage.PUBLISHED
        told = cleaned.get("stage") == Stage.PUBLISHED and not was_told
        if told and "published" in cleaned:
            cleaned["published"] = first_day(
                cleaned["published"], cleaned.get("publishes_at"), cleaned.get("source_url")
            )
        return cleaned

    def value_now(self, name: str) -> Any:
        """Lists that are written as lines are known by ids."""
        if name in LINES:
            listed = getattr(self.instance, name).all() if self.instance.pk else []
            return tuple(one.public_id for one in sorted(listed, key=lambda one: one.pk))
        return super().value_now(name)

    def plain_list(self, name: str) -> dict[str, dict[str, Any]]:
        return {one: {} for one in self.cleaned_data[name]} if name in LINES else super().plain_list(name)

    def clean_stage(self) -> str:
        """Where a second person reads first, nobody publishes here what they write: that is a button of its own."""
        stage: str = self.cleaned_data["stage"] or (self.initial.get("stage") or Stage.PUBLISHED)
        was = type(self.instance).objects.filter(pk=self.instance.pk).values_list("stage", flat=True).first()
        if stage == Stage.PUBLISHED and was != Stage.PUBLISHED and second_reader_wanted():
            raise ValidationError(
                _("Somebody else reads it before it is published. Save it as a draft, then ask for a reader."),
                code="second",
            )
        return stage


def told_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What a piece of news tells of, for the action that keeps it; lists the form does not show stay as they are."""
    return {name: cleaned[name] for name in ("organisations", *LINES) if name in cleaned}
