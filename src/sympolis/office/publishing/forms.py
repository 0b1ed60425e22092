"""The form of a piece of news."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import PartialDateField, WebAddressField, field_for
from sympolis.office.core.forms import RecordForm
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.publishing.models import NewsItem


class NewsItemForm(RecordForm):
    FIRST = ("title", "summary")

    published = PartialDateField(label=_("Published on"), help_text=_("2019, 2019-03 or 14/3/2019"))
    organisation = OrganisationField(label=_("Whose news it is"), required=False)
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = NewsItem
        formfield_callback = field_for
        fields = (
            "title", "summary", "published", "organisation", "event", "translated_by", "visibility", "confirmed",
            "source_url", "note",
        )  # fmt: skip
