"""Forms of the directory: organisations, relations, agreements, people."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import (
    PartialDateField,
    WebAddressField,
    country_choices,
    field_for,
    language_choices,
    language_now,
    term_choices,
)
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.directory.enums import MUTUAL
from sympolis.office.directory.fields import OrganisationField, OrganisationsField
from sympolis.office.directory.models import Agreement, Organisation, Person, Relation


class NamesField(forms.CharField):
    """Other ways a name is written, one a line."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else "\n".join(value or ())

    def clean(self, value: Any) -> Any:
        lines = str(super().clean(value)).splitlines()
        return list(dict.fromkeys(line.strip()[:300] for line in lines if line.strip()))


class OrganisationForm(RecordForm):
    FIRST = ("name",)
    OFFICE_ONLY: ClassVar[tuple[str, ...]] = (*RecordForm.OFFICE_ONLY, "parent", "kind")

    kind = forms.ChoiceField(label=_("Kind"), choices=term_choices("kinds"), required=False, initial="other")
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    name_language = forms.ChoiceField(label=_("Language of the name"), choices=language_choices, required=False)
    parent = OrganisationField(label=_("Part of"), required=False)
    aliases = NamesField(
        label=_("Also written"), required=False, help_text=_("One a line: how else people and lists write the name."),
        widget=forms.Textarea(attrs={"rows": 3}), max_length=5000,
    )  # fmt: skip
    website = WebAddressField(label=_("Web site"), required=False, max_length=500)
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Organisation
        formfield_callback = field_for
        fields = (
            "name", "kind", "country", "place", "short_name", "name_language", "names", "aliases", "parent", "line",
            "description", "themes", "website", "logo", "founded_year", "population", "latitude", "longitude",
            "visibility", "confirmed", "source_url", "note",
        )  # fmt: skip

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or self.instance.kind or "other"

    def clean_name_language(self) -> str:
        return self.cleaned_data["name_language"] or self.instance.name_language or language_now()

    def clean_latitude(self) -> float | None:
        return _within(self.cleaned_data["latitude"], 90, _("A latitude lies between -90 and 90."))

    def clean_longitude(self) -> float | None:
        return _within(self.cleaned_data["longitude"], 180, _("A longitude lies between -180 and 180."))

    def clean_parent(self) -> Organisation | None:
        parent: Organisation | None = self.cleaned_data["parent"]
        above = parent
        for _step in range(20):
            if above is None or above.pk is None:
                break
            if above.pk == self.instance.pk:
                raise ValidationError(_("An organisation can't be part of itself."), code="circle")
            above = above.parent
        return parent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.instance.pk and cleaned.get("name") and (twin := self._twin(cleaned)):
            self.add_error("name", ValidationError(
                _("%(name)s is there already. Look at it before you add another one: its address ends in %(slug)s."),
                code="duplicate", params={"name": twin.name, "slug": twin.slug},
            ))  # fmt: skip
        return cleaned

    def _twin(self, cleaned: dict[str, Any]) -> Organisation | None:
        same = Organisation.objects.filter(
            name__iexact=cleaned["name"], country=cleaned.get("country") or "", parent=cleaned.get("parent")
        )
        return same.filter(kind=cleaned.get("kind") or "other").first()


def _within(value: float | None, most: float, message: Any) -> float | None:
    if value is not None and not -most <= value <= most:
        raise ValidationError(message, code="range")
    return value


class RelationForm(RecordForm):
    FIRST = ("from_organisation", "type", "to_organisation")

    from_organisation = OrganisationField(label=_("Who"))
    type = forms.ChoiceField(label=_("Relation"), choices=term_choices("relation_types"))
    to_organisation = OrganisationField(label=_("To whom"))
    since = PartialDateField(label=_("Since"), help_text=_("2019, 2019-03 or 14/3/2019"))
    until = PartialDateField(label=_("Until"))
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Relation
        formfield_callback = field_for
        fields = (
            "from_organisation", "type", "to_organisation", "role", "since", "until", "attested_on", "visibility",
            "confirmed", "source_url", "note",
        )  # fmt: skip
        widgets = {"attested_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "since", "until", _("The relation ends before it begins."))
        ends = (cleaned.get("from_organisation"), cleaned.get("to_organisation"))
        if ends[0] and ends[0] == ends[1]:
            self.add_error("to_organisation", _("The same organisation stands on both sides. Choose another one."))
        elif all(ends) and cleaned.get("type") and self._is_there(cleaned, *ends):
            self.add_error(None, _("This relation is there already, for the same time. Change that one instead."))
        return cleaned

    def _is_there(self, cleaned: dict[str, Any], left: Any, right: Any) -> bool:
        ends = Q(from_organisation=left, to_organisation=right)
        if cleaned["type"] in MUTUAL:
            ends |= Q(from_organisation=right, to_organisation=left)
        same = Relation.objects.filter(ends, type=cleaned["type"], role__iexact=cleaned.get("role") or "")
        since = cleaned.get("since")
        if since:
            same = same.filter(since_earliest=since.earliest, since_latest=since.latest)
        return same.exclude(pk=self.instance.pk).exists()


class AgreementForm(RecordForm):
    FIRST = ("title", "parties")

    kind = forms.ChoiceField(label=_("Kind"), choices=term_choices("agreement_kinds"), required=False)
    parties = OrganisationsField(label=_("Parties"), required=False, help_text=_("One name a box."))
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)
    signed = PartialDateField(label=_("Signed on"), help_text=_("2019, 2019-03 or 14/3/2019"))
    ends = PartialDateField(label=_("Ends on"))
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Agreement
        formfield_callback = field_for
        fields = (
            "title", "parties", "kind", "signed", "ends", "language", "themes", "renewed_by", "visibility",
            "confirmed", "source_url", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others: Any = self.fields["renewed_by"]
        others.queryset = Agreement.objects.exclude(pk=self.instance.pk).order_by("sort_key")

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or self.instance.kind or "other"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "signed", "ends", _("The agreement ends before it was signed."))
        return cleaned


class PersonForm(RecordForm):
    FIRST = ("name", "post", "organisation")

    organisation = OrganisationField(label=_("Organisation"), own=True)
    language = forms.ChoiceField(label=_("Language to write in"), choices=language_choices, required=False)
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Person
        formfield_callback = field_for
        fields = (
            "name", "post", "organisation", "email", "telephone", "language", "visibility", "confirmed", "source_url",
            "note",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("name") and not cleaned.get("post"):
            self.add_error("name", _("Write a name or a post."))
        return cleaned
