"""Forms of the directory: organisations, relations, figures, what belonging to a network costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar
from unicodedata import bidirectional

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.form_fields import (
    PartialDateField,
    SourcesField,
    WebAddressField,
    country_choices,
    field_for,
    language_choices,
    language_now,
    term_choices,
)
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.core.queries import is_officer, written_by
from sympolis.office.core.texts import RIGHT_TO_LEFT
from sympolis.office.directory.contradictions import Tie, contradiction_of
from sympolis.office.directory.detail_fields import CalledField, IdentifiersField, SitesField
from sympolis.office.directory.details import CalledName, called_names, former_names
from sympolis.office.directory.enums import RelationType, Tick
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.directory.models import Figure, MembershipFee, Organisation, Relation
from sympolis.office.directory.queries import visible_organisations, visible_relations


class NamesField(forms.CharField):
    """Other ways a name is written, one a line."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else "\n".join(value or ())

    def clean(self, value: Any) -> Any:
        lines = str(super().clean(value)).splitlines()
        return list(dict.fromkeys(line.strip()[:300] for line in lines if line.strip()))


OF_RENAMING = ("renamed_on", "old_name_was_wrong")  # said of a change of name, and kept nowhere by themselves


class OrganisationForm(RecordForm):
    FIRST = ("name", *OF_RENAMING)
    OFFICE_ONLY: ClassVar[tuple[str, ...]] = ("confirmed", "note", "source_url")
    MATTERS = (
        "name", "names", "called", "identifiers", "short_name", "kind", "country", "place", "latitude",
        "longitude", "parent", "visibility", *Organisation.FIELD_GROUPS,
    )  # fmt: skip

    kind = forms.ChoiceField(label=_("Kind"), choices=term_choices("kinds"), required=False, initial="other")
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    name_language = forms.ChoiceField(label=_("Language of the name"), choices=language_choices, required=False)
    renamed_on = PartialDateField(
        label=_("If the name changes: called so since"),
        help_text=_("The old one is kept as a former name until then. Left empty: until today."),
    )
    old_name_was_wrong = forms.BooleanField(
        label=_("The old name was a mistake"), required=False, help_text=_("Then it is not kept.")
    )
    parent = OrganisationField(label=_("Part of"), required=False)
    aliases = NamesField(
        label=_("Also written"), required=False, help_text=_("One a line: how else people and lists write the name."),
        widget=forms.Textarea(attrs={"rows": 3}), max_length=5000,
    )  # fmt: skip
    called = CalledField(label=_("Former and other names"))
    website = WebAddressField(label=_("Web site"), required=False, max_length=500)
    websites = SitesField(label=_("Other web sites"))
    identifiers = IdentifiersField(
        label=_("Known to others as"),
        help_text=_("Each number is of one organisation alone; mistyped digits are found."),
    )
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Organisation
        formfield_callback = field_for
        fields = (
            "name", "kind", "country", "place", "short_name", "name_language", "names", "aliases", "called", "parent",
            "line", "description", "themes", "website", "websites", "identifiers", "logo", "founded_year", "population",
            "latitude", "longitude", "visibility", *Organisation.FIELD_GROUPS, "confirmed", "source_url", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: Any = self.fields["identifiers"]
        known.of = self.instance if self.instance.pk else None

    def kept_from(self, user: Any) -> Iterable[str]:
        """What it is part of is told to nobody who may not see that one."""
        above = self.instance.parent
        hidden = above is not None and not visible_organisations(user).filter(pk=above.pk).exists()
        renaming = () if self.instance.pk else OF_RENAMING
        return (*super().kept_from(user), *(("parent",) if hidden else ()), *renaming)

    def changed_names(self) -> list[str]:
        return [name for name in super().changed_names() if name not in OF_RENAMING]

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or self.instance.kind or "other"

    def clean_name_language(self) -> str:
        said = self.cleaned_data["name_language"] or self.instance.name_language
        guesses = is_officer(self.user) or not self.instance.pk
        return said or (language_now() if guesses and self._is_in_script_of(language_now()) else "")

    def _is_in_script_of(self, language: str) -> bool:
        """Whoever reads Arabic and writes “Port de Sfax” does not write a name in Arabic."""
        runs_left = any(bidirectional(sign) in {"R", "AL"} for sign in self.cleaned_data.get("name") or "")
        return runs_left == (language in RIGHT_TO_LEFT)

    def clean_latitude(self) -> float | None:
        return _within(self.cleaned_data["latitude"], 90, _("A latitude lies between -90 and 90."))

    def clean_longitude(self) -> float | None:
        return _within(self.cleaned_data["longitude"], 180, _("A longitude lies between -180 and 180."))

    def clean_parent(self) -> Organisation | None:
        parent: Organisation | None = self.cleaned_data["parent"]
        if parent and parent.pk == self.instance.pk:
            raise ValidationError(_("An organisation can't be part of itself."), code="circle")
        if parent and self.instance.pk:
            tie = Tie("", self.instance.pk, RelationType.PART_OF, parent.pk, illustrative=self.instance.illustrative)
            found = contradiction_of(tie, visible_relations(self.user), visible_organisations(self.user))
            if found and found[0] == "circle":
                raise ValidationError(found[1], code="circle")
        return parent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk and not cleaned.get("old_name_was_wrong") and "called" in cleaned:
            cleaned["called"] = [*cleaned["called"], *map(str, self._former(cleaned))]
        if not self.instance.pk and cleaned.get("name") and (twin := self._twin(cleaned)):
            self.add_error("name", ValidationError(
                _("%(name)s is there already. Look at it before you add another one: its address ends in %(slug)s."),
                code="duplicate", params={"name": twin.name, "slug": twin.slug},
            ))  # fmt: skip
        return cleaned

    def _former(self, cleaned: dict[str, Any]) -> Iterator[CalledName]:
        """What it was called so far and is no more, each until the day it was renamed."""
        today, now = timezone.localdate(), {**self.now, **cleaned}
        until = cleaned.get("renamed_on") or PartialDate(today, today)
        was = [(code, name) for code, name in self.now["names"].plain().items() if now["names"].get_text(code)]
        was.insert(0, (self.now["name_language"], self.now["name"]))
        names = [now["name"], now["short_name"], *now["names"].plain().values(), *now["aliases"]]
        return former_names(was, [*names, *(one.name for one in called_names(cleaned["called"]))], until)

    def _twin(self, cleaned: dict[str, Any]) -> Organisation | None:
        same = visible_organisations(self.user).filter(
            name__iexact=cleaned["name"], country=cleaned.get("country") or "", parent=cleaned.get("parent")
        )
        return same.filter(kind=cleaned.get("kind") or "other").first()


def _within(value: float | None, most: float, message: Any) -> float | None:
    if value is not None and not -most <= value <= most:
        raise ValidationError(message, code="range")
    return value


class RelationForm(RecordForm):
    FIRST = ("from_organisation", "type", "to_organisation")
    OFFICE_ONLY = ("confirmed", "visibility", "note")

    from_organisation = OrganisationField(label=_("Who"), own=written_by)
    type = forms.ChoiceField(label=_("Relation"), choices=term_choices("relation_types"))
    to_organisation = OrganisationField(label=_("To whom"))
    since = PartialDateField(label=_("Since"), help_text=_("2019, 2019-03 or 14/3/2019"))
    until = PartialDateField(label=_("Until"))
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Relation
        formfield_callback = field_for
        fields = (
            "from_organisation", "type", "to_organisation", "role", "member_kind", "since", "until", "attested_on",
            "shared", "visibility", "confirmed", "source_url", "note",
        )  # fmt: skip
        widgets = {"attested_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "since", "until", _("The relation ends before it begins."))
        if cleaned.get("type") != RelationType.PRESIDENT_OF and "shared" in cleaned:
            cleaned["shared"] = False
        if all(cleaned.get(name) for name in ("from_organisation", "to_organisation", "type")) and not self.errors:
            self._refuse_contradiction(cleaned)
        return cleaned

    def title_of(self, record: Any) -> str:
        return f"{record.from_organisation} – {record.to_organisation}"

    def houses(self) -> list[Any]:
        return [self.cleaned_data["from_organisation"]]

    def _refuse_contradiction(self, cleaned: dict[str, Any]) -> None:
        tie = Tie(
            self.instance.public_id, cleaned["from_organisation"].pk, cleaned["type"], cleaned["to_organisation"].pk,
            cleaned.get("role") or "", cleaned.get("since") or PartialDate(), cleaned.get("until") or PartialDate(),
            bool(cleaned.get("shared")), self.instance.illustrative,
        )  # fmt: skip
        if found := contradiction_of(tie, visible_relations(self.user), visible_organisations(self.user)):
            sort, what = found
            self.add_error(_WHERE_WRONG[sort], ValidationError(what, code=sort))


_WHERE_WRONG = {"itself": "to_organisation", "circle": "to_organisation", "presidents": "shared", "twice": None}


class MembershipFeeForm(RecordForm):
    FIRST = ("network", "year", "amount", "currency", "organisation")

    organisation = OrganisationField(label=_("Who pays"))
    network = OrganisationField(label=_("Network"))
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3, required=False)
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = MembershipFee
        formfield_callback = field_for
        fields = ("network", "year", "amount", "currency", "organisation", "confirmed", "source_url", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = _("Several of one year are added up.")

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper() or self.instance.currency

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount is not None and amount < 0:
            raise ValidationError(_("A fee is no less than nothing."), code="range")
        return amount

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("network") and cleaned["network"] == cleaned.get("organisation"):
            self.add_error("network", _("The same organisation stands on both sides. Choose another one."))
        return cleaned


class FigureForm(RecordForm):
    """What somebody published of an organisation: how many members, how much budget, of which year."""

    FIRST = ("what", "value", "unit", "year", "organisation")
    MATTERS = ("organisation",)

    organisation = OrganisationField(label=_("Organisation"), own=written_by)
    year = forms.IntegerField(
        label=_("Year"),
        min_value=1000,
        max_value=2200,
        error_messages={"required": _("Say of which year it is: a number without one soon misleads.")},
    )
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Figure
        formfield_callback = field_for
        fields = (
            "what", "value", "unit", "year", "organisation", "visibility", "confirmed", "source_url", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].required = not self.instance.pk  # what came in without one may stay so

    def clean(self) -> dict[str, Any]:
        """Of one year one value."""
        cleaned = super().clean()
        same = Figure.objects.filter(
            organisation=cleaned.get("organisation"), what__iexact=cleaned.get("what", ""),
            unit=cleaned.get("unit", ""), year=cleaned.get("year"),
        ).exclude(pk=self.instance.pk)  # fmt: skip
        if not self.errors and same.exists():
            self.add_error("what", _("This figure of that year is there already. Change that one."))
        return cleaned


class MembershipAnswerForm(forms.Form):
    """Three ticks of one year; who would not keep it, or is not sure, says why."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    used = forms.ChoiceField(label=_("Was it used?"), choices=Tick.choices, widget=forms.RadioSelect)
    used_by = forms.CharField(
        label=_("By whom"), max_length=300, required=False, help_text=_("Departments, municipalities, posts: no names.")
    )
    keep = forms.ChoiceField(label=_("Keep it?"), choices=Tick.choices, widget=forms.RadioSelect)
    why = forms.CharField(label=_("Why"), max_length=500, required=False)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["year"]
        chosen.choices = [(year, str(year)) for year in years]

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        if cleaned.get("keep") in {Tick.NO, Tick.UNSURE} and not cleaned.get("why"):
            self.add_error("why", _("Write a line why."))
        return cleaned
