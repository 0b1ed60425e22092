"""Forms of projects, calls and needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import PartialDateField, SourcesField, WebAddressField, field_for, term_choices
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.core.queries import written_by
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import own_organisations, written_organisations
from sympolis.office.projects.actions import Part
from sympolis.office.projects.enums import ParticipationRole
from sympolis.office.projects.fields import PartsField
from sympolis.office.projects.models import Call, Need, Project


class CurrencyField(forms.CharField):
    """Three letters, as ISO 4217 has them; ``empty`` is what an empty field means."""

    def __init__(self, *, empty: str = "EUR", **kwargs: Any) -> None:
        self.empty = empty
        super().__init__(max_length=3, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        code = str(super().clean(value)).upper()
        if not code:
            return self.empty
        if len(code) != 3 or not code.isascii() or not code.isalpha():
            raise ValidationError(_("Write the three letters of the currency: EUR, MAD, TND."), code="currency")
        return code


class ProjectForm(RecordForm):
    FIRST = ("title",)
    OFFICE_ONLY = ("confirmed", "note", "source_url")
    MATTERS = ("parts", "budget", "currency", "visibility", "money_visibility")
    LISTS = {"parts": "organisations"}

    parts = PartsField(
        label=_("Who takes part"), required=False, help_text=_("One organisation a row, with its role and its money.")
    )
    start = PartialDateField(label=_("Begins"), help_text=_("2019, 2019-03 or 14/3/2019"))
    end = PartialDateField(label=_("Ends"))
    stage = forms.ChoiceField(
        label=_("Stage"), choices=term_choices("stages", empty=_("As the dates say")), required=False
    )
    currency = CurrencyField(label=_("Currency"), initial="EUR")
    website = WebAddressField(label=_("Web site"), required=False, max_length=500)
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Project
        formfield_callback = field_for
        fields = (
            "title", "acronym", "summary", "parts", "start", "end", "stage", "programme", "budget", "currency",
            "countries", "themes", "sdgs", "website", "visibility", "money_visibility", "confirmed",
            "source_url", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.Meta.fields)

    def value_now(self, name: str) -> Any:
        if name != "parts":
            return super().value_now(name)
        if not self.instance.pk:
            return self.initial.get("parts") or self._own_part()
        rows = self.instance.participations.select_related("organisation").order_by("role", "organisation__sort_key")
        return [Part(row.organisation, row.role, row.money) for row in rows]

    def _own_part(self) -> list[Part]:
        """Who is no officer adds projects that its own organisation leads."""
        if self.user.is_officer:
            return []
        own = own_organisations(self.user).first()
        return [Part(own, ParticipationRole.LEAD)] if own else []

    def clean_parts(self) -> list[Part]:
        parts: list[Part] = self.cleaned_data["parts"]
        if not self.user.writes_everywhere:
            kept = written_organisations(self.user).filter(pk__in=[house.pk for house in _houses(parts)])
            if not kept.exists():
                raise ValidationError(_("Your own organisation must lead a project you keep."), code="not_yours")
        return parts

    def houses(self) -> list[Any]:
        return _houses(self.cleaned_data["parts"])

    def plain_list(self, name: str) -> dict[str, dict[str, Any]]:
        return {
            part.organisation.public_id: {"role": part.role, "money": None if part.money is None else str(part.money)}
            for part in self.cleaned_data[name]
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "start", "end", _("The project ends before it begins."))
        self._check_currency(cleaned)
        return cleaned

    def _check_currency(self, cleaned: dict[str, Any]) -> None:
        """Sums that were written in one currency do not become as many of another."""
        before = self.now.get("currency")
        if self.instance.pk and cleaned.get("currency", before) != before and self.instance.has_sums():
            words = _("The shares, lines and payments of this project are in %(code)s: its currency stays as it is.")
            self.add_error("currency", ValidationError(words, code="sums", params={"code": before}))


def _houses(parts: list[Part]) -> list[Organisation]:
    """Whose project it is: who leads it, or everybody in one that nobody leads."""
    leads = [part.organisation for part in parts if part.role == ParticipationRole.LEAD]
    return leads or [part.organisation for part in parts]


class CallForm(RecordForm):
    FIRST = ("title",)

    opens = PartialDateField(label=_("Opens"))
    closes = PartialDateField(label=_("Closes"), help_text=_("2019, 2019-03 or 14/3/2019"))
    currency = CurrencyField(label=_("Currency"), initial="EUR")
    cofinancing_rate = forms.DecimalField(
        label=_("Co-financing rate"), min_value=0, max_value=1, required=False, decimal_places=3,
        help_text=_("Between 0 and 1: 0.8 when the programme pays 80 of every 100."),
    )  # fmt: skip
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Call
        formfield_callback = field_for
        fields = (
            "title", "summary", "programme", "gives", "opens", "closes", "eligible_countries", "eligible_kinds",
            "themes", "max_grant", "currency", "cofinancing_rate", "visibility", "confirmed", "source_url", "note",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "opens", "closes", _("The call closes before it opens."))
        return cleaned


class NeedForm(RecordForm):
    FIRST = ("title", "organisation")
    OFFICE_ONLY = ("confirmed", "note", "source_url")
    MATTERS = ("organisation", "visibility")

    organisation = OrganisationField(label=_("Whose it is"), own=written_by)
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Need
        formfield_callback = field_for
        fields = (
            "title", "organisation", "stage", "text", "themes", "attested_on", "visibility", "confirmed", "source_url",
            "note",
        )  # fmt: skip
        widgets = {"attested_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
