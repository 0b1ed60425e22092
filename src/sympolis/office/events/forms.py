"""The form of an event."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import PartialDateField, WebAddressField, field_for
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.directory.fields import OrganisationsField
from sympolis.office.events.models import Event


class EventForm(RecordForm):
    FIRST = ("title", "start")

    start = PartialDateField(label=_("Begins"), help_text=_("2019, 2019-03 or 14/3/2019"))
    end = PartialDateField(label=_("Ends"))
    organisers = OrganisationsField(label=_("Who organises it"), required=False, help_text=_("One name a box."))
    cities = OrganisationsField(label=_("Who takes part"), required=False, help_text=_("One name a box."))
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Event
        formfield_callback = field_for
        fields = (
            "title", "start", "end", "place", "topic", "speakers", "languages", "organisers", "cities", "visibility",
            "confirmed", "source_url", "note",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "start", "end", _("The event ends before it begins."))
        return cleaned
