"""Forms of agreements and positions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import (
    PartialDateField,
    SourcesField,
    field_for,
    language_choices,
    term_choices,
)
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.core.queries import writes_everywhere
from sympolis.office.directory.detail_fields import SignaturesField
from sympolis.office.directory.enums import Renewal
from sympolis.office.directory.fields import OrganisationField, OrganisationsField
from sympolis.office.directory.models import Agreement, Position
from sympolis.office.directory.queries import visible_agreements, written_organisations

MOST_MONTHS = 60


def ask_for_own_house(form: RecordForm, cleaned: dict[str, Any], name: str) -> None:
    """Who writes for one organisation writes of what that one signed."""
    if name not in cleaned or writes_everywhere(form.user):
        return
    named = [one.pk for one in cleaned[name] or ()]
    if not written_organisations(form.user).filter(pk__in=named).exists():
        form.add_error(name, ValidationError(_("Name your own organisation too: you write for it."), code="not_yours"))


class AgreementForm(RecordForm):
    FIRST = ("title", "parties")

    kind = forms.ChoiceField(label=_("Kind"), choices=term_choices("agreement_kinds"), required=False)
    parties = OrganisationsField(label=_("Parties"), required=False, help_text=_("One name a box."))
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)
    signed = PartialDateField(label=_("Signed on"), help_text=_("2019, 2019-03 or 14/3/2019"))
    in_force = PartialDateField(label=_("In force from"), help_text=_("Left empty: from the day it was signed."))
    ends = PartialDateField(label=_("Ends on"))
    renewal = forms.ChoiceField(
        label=_("On its last day"), choices=[("", _("Not known")), *Renewal.choices], required=False
    )
    signatures = SignaturesField(
        label=_("Who signed it"),
        help_text=_("Posts are seen by everybody; names by the office and by who acts for that organisation."),
    )
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Agreement
        formfield_callback = field_for
        fields = (
            "title", "parties", "kind", "signed", "in_force", "ends", "renewal", "notice_months", "signatures",
            "language", "themes", "obliges", "renewed_by", "visibility",
            "obliges_visibility", "confirmed", "source_url", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others: Any = self.fields["renewed_by"]
        others.queryset = visible_agreements(self.user).exclude(pk=self.instance.pk).order_by("sort_key")

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or self.instance.kind or "other"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ask_for_own_house(self, cleaned, "parties")
        check_order(self, cleaned, "signed", "ends", _("The agreement ends before it was signed."))
        check_order(self, cleaned, "in_force", "ends", _("The agreement ends before it is in force."))
        if (cleaned.get("notice_months") or 0) > MOST_MONTHS:
            self.add_error("notice_months", _("Nobody gives notice that early: write months, at most 60."))
        if cleaned.get("renewal") == Renewal.AUTOMATIC and not cleaned.get("ends") and "ends" in cleaned:
            self.add_error("ends", _("Write the day on which it is renewed, so that you are told in time."))
        return cleaned


class PositionForm(RecordForm):
    FIRST = ("title", "signatories", "adopted")

    signatories = OrganisationsField(label=_("Who signed"), required=False, help_text=_("One name a box."))
    addressed_to = OrganisationField(label=_("Addressed to"), required=False)
    adopted = PartialDateField(label=_("Date"), help_text=_("2019, 2019-03 or 14/3/2019"))
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Position
        formfield_callback = field_for
        fields = (
            "title", "signatories", "adopted", "addressed_to", "text", "themes", "outcome", "visibility",
            "outcome_visibility", "confirmed", "source_url", "note",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ask_for_own_house(self, cleaned, "signatories")
        return cleaned
