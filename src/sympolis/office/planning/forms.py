"""Forms of plans, actions and sessions."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import HourField, PartialDateField, WebAddressField, field_for
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.directory.fields import OrganisationField, OrganisationsField
from sympolis.office.planning.models import Action, Plan, Session


class PlanForm(RecordForm):
    FIRST = ("title", "organisation")

    organisation = OrganisationField(label=_("Whose it is"))
    starts = PartialDateField(label=_("Begins"), help_text=_("2019, 2019-03 or 14/3/2019"))
    ends = PartialDateField(label=_("Ends"))
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Plan
        formfield_callback = field_for
        fields = (
            "title", "organisation", "kind", "parent", "text", "starts", "ends", "published_supports",
            "published_comments", "visibility", "confirmed", "source_url", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents: Any = self.fields["parent"]
        parents.queryset = Plan.objects.exclude(pk=self.instance.pk).order_by("sort_key")

    def clean_parent(self) -> Plan | None:
        parent: Plan | None = self.cleaned_data["parent"]
        above = parent
        for _step in range(20):
            if above is None or self.instance.pk is None:
                break
            if above.pk == self.instance.pk:
                raise ValidationError(_("A plan can't be part of itself."), code="circle")
            above = above.parent
        return parent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "starts", "ends", _("The plan ends before it begins."))
        return cleaned


class ActionForm(RecordForm):
    FIRST = ("title",)

    organisations = OrganisationsField(label=_("Who does it"), required=False, help_text=_("One name a box."))
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Action
        formfield_callback = field_for
        fields = (
            "title", "plan", "text", "organisations", "themes", "sdgs", "visibility", "confirmed", "source_url",
            "note",
        )  # fmt: skip


class SessionForm(RecordForm):
    FIRST = ("title", "starts", "organisation")
    OFFICE_ONLY = ("note",)

    organisation = OrganisationField(label=_("Whose it is"))
    starts = PartialDateField(label=_("When"), help_text=_("2019, 2019-03 or 14/3/2019"))
    from_hour = HourField(label=_("From (hour)"))
    until_hour = HourField(label=_("To (hour)"))
    link = WebAddressField(label=_("Link to the room"), required=False, max_length=1000)

    class Meta:
        model = Session
        formfield_callback = field_for
        fields = (
            "title", "starts", "organisation", "plan", "from_hour", "until_hour", "place", "link", "agenda", "dots",
            "note",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins, over = cleaned.get("from_hour"), cleaned.get("until_hour")
        if begins and over and over <= begins:
            self.add_error("until_hour", _("The session ends before it begins."))
        return cleaned
