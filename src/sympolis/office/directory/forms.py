"""Forms of the directory: organisations, relations, agreements, people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.form_fields import (
    LanguagesField,
    PartialDateField,
    ReaderField,
    WebAddressField,
    country_choices,
    field_for,
    language_choices,
    language_now,
    term_choices,
)
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.core.queries import is_officer, kept_by, written_by
from sympolis.office.directory.contradictions import Tie, contradiction_of
from sympolis.office.directory.detail_fields import CalledField, IdentifiersField, SignaturesField, SitesField
from sympolis.office.directory.enums import LegalBasis, RelationType, Renewal, Tick
from sympolis.office.directory.fields import OrganisationField, OrganisationsField
from sympolis.office.directory.models import (
    Agreement,
    Department,
    Figure,
    MembershipFee,
    Organisation,
    Person,
    Position,
    Post,
    Relation,
)
from sympolis.office.directory.queries import visible_departments, visible_organisations, visible_relations


class NamesField(forms.CharField):
    """Other ways a name is written, one a line."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else "\n".join(value or ())

    def clean(self, value: Any) -> Any:
        lines = str(super().clean(value)).splitlines()
        return list(dict.fromkeys(line.strip()[:300] for line in lines if line.strip()))


class OrganisationForm(RecordForm):
    FIRST = ("name",)
    OFFICE_ONLY: ClassVar[tuple[str, ...]] = ("confirmed", "note", "source_url")
    MATTERS = (
        "name", "names", "called", "identifiers", "short_name", "kind", "country", "place", "latitude",
        "longitude", "parent", "visibility", *Organisation.FIELD_GROUPS,
    )  # fmt: skip

    kind = forms.ChoiceField(label=_("Kind"), choices=term_choices("kinds"), required=False, initial="other")
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    name_language = forms.ChoiceField(label=_("Language of the name"), choices=language_choices, required=False)
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
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

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
        return (*super().kept_from(user), *(("parent",) if hidden else ()))

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or self.instance.kind or "other"

    def clean_name_language(self) -> str:
        said = self.cleaned_data["name_language"] or self.instance.name_language
        guesses = is_officer(self.user) or not self.instance.pk
        return said or (language_now() if guesses else "")

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
    OFFICE_ONLY = ("confirmed", "visibility", "note")

    from_organisation = OrganisationField(label=_("Who"), own=written_by)
    type = forms.ChoiceField(label=_("Relation"), choices=term_choices("relation_types"))
    to_organisation = OrganisationField(label=_("To whom"))
    since = PartialDateField(label=_("Since"), help_text=_("2019, 2019-03 or 14/3/2019"))
    until = PartialDateField(label=_("Until"))
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

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


MOST_MONTHS = 60
MOST_DEPARTMENTS = 300  # in one list: 20,000 of them took a person's form four seconds


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
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

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
        others.queryset = Agreement.objects.exclude(pk=self.instance.pk).order_by("sort_key")

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or self.instance.kind or "other"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
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
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Position
        formfield_callback = field_for
        fields = (
            "title", "signatories", "adopted", "addressed_to", "text", "themes", "outcome", "visibility",
            "outcome_visibility", "confirmed", "source_url", "note",
        )  # fmt: skip


class DepartmentField(forms.ModelChoiceField):  # type: ignore[type-arg]  # a generic in stubs alone
    """A department the user may see, named with its house."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Department.objects.none(), label=_("Department"), required=False, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.organisation.short_name or obj.organisation.name} · {obj}"

    def offer_to(self, user: Any, house: int | None = None) -> None:
        """Any that the user sees may be named; where there are hundreds, those of ``house`` alone are listed."""
        offered = visible_departments(user).select_related("organisation").only(*_NAMED)
        self.queryset = offered.order_by("organisation__sort_key", "sort_key")
        self.widget.choices = _Listed(self, house)


_NAMED = ("name", "sort_key", "organisation__name", "organisation__short_name", "organisation__sort_key")


class _Listed(ModelChoiceIterator):  # type: ignore[type-arg]  # a generic in stubs alone
    """Those that are offered, asked when they are shown."""

    def __init__(self, field: Any, house: int | None) -> None:
        super().__init__(field)
        self.house = house

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        listed = self.queryset
        keys = listed.order_by("pk").values_list("pk", flat=True)  # by name the database would sort them all
        if len(keys[: MOST_DEPARTMENTS + 1]) > MOST_DEPARTMENTS:
            listed = listed.filter(organisation=self.house or 0)
        found = list(listed.order_by("pk")[:MOST_DEPARTMENTS])
        found.sort(key=lambda one: (one.organisation.sort_key, one.sort_key))
        yield from map(self.choice, found)


def check_department(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """A post's department is one of the house the post is in."""
    department, organisation = cleaned.get("department"), cleaned.get("organisation")
    if department and organisation and department.organisation_id != organisation.pk:
        message = _("%(department)s is a department of %(house)s. Choose one of the organisation above, or none.")
        about = {"department": str(department), "house": str(department.organisation)}
        form.add_error("department", ValidationError(message, code="other_house", params=about))


class DepartmentForm(RecordForm):
    FIRST = ("name", "organisation", "themes")
    OFFICE_ONLY = (*RecordForm.OFFICE_ONLY, "contact_visibility")
    MATTERS = ("organisation",)

    organisation = OrganisationField(label=_("Organisation"), own=written_by)
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    class Meta:
        model = Department
        formfield_callback = field_for
        fields = (
            "name", "organisation", "themes", "post", "mailbox", "visibility", "contact_visibility", "confirmed",
            "source_url", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["mailbox"].help_text = _("The address of the department, of no person.")
        self.fields["post"].help_text = _("The post, not who holds it.")


class HeldForm(RecordForm):
    """What a post needs to know, whoever's it is: where it is and from when to when it is held."""

    MATTERS = ("organisation",)

    organisation = OrganisationField(label=_("Organisation"), own=written_by)
    department = DepartmentField()
    since = PartialDateField(label=_("In this post since"), help_text=_("2019, 2019-03 or 14/3/2019"))
    until = PartialDateField(label=_("In this post until"))
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments: Any = self.fields["department"]
        departments.offer_to(self.user, self.instance.organisation_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_order(self, cleaned, "since", "until", _("The post ends before it begins."))
        check_department(self, cleaned)
        return cleaned


class PersonForm(HeldForm):
    FIRST = ("name", "post", "organisation", "department")

    language = forms.ChoiceField(label=_("Language to write in"), choices=language_choices, required=False)
    basis_from = PartialDateField(label=_("Legal basis since"))
    basis_until = PartialDateField(label=_("Legal basis until"))

    class Meta:
        model = Person
        formfield_callback = field_for
        fields = (
            "name", "post", "organisation", "department", "since", "until", "themes", "email", "telephone", "language",
            "languages", "basis", "basis_from", "basis_until", "basis_how", "confirmed", "source_url", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].help_text = _("Names or two-letter codes with commas between them.")
        self.fields["basis"].help_text = _("Why the office may keep this person's data.")
        self.fields["basis_how"].help_text = _("For example: mail of 3 May, form at the meeting in Sfax.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("name") and not cleaned.get("post"):
            self.add_error("name", _("Write a name or a post."))
        check_order(self, cleaned, "basis_from", "basis_until", _("The legal basis ends before it begins."))
        if cleaned.get("basis") == LegalBasis.CONSENT:
            self._ask_for_proof(cleaned)
        return cleaned

    def _ask_for_proof(self, cleaned: dict[str, Any]) -> None:
        """Consent that nobody can show is none (article 7.1)."""
        if "basis_from" in cleaned and not cleaned["basis_from"]:
            self.add_error("basis_from", _("Write when consent was given."))
        if "basis_how" in cleaned and not cleaned["basis_how"]:
            self.add_error("basis_how", _("Write how consent was recorded, so that you can show it."))


class PostForm(HeldForm):
    FIRST = ("post", "organisation", "department", "since", "until")

    class Meta:
        model = Post
        formfield_callback = field_for
        fields = (
            "post", "organisation", "department", "since", "until", "confirmed", "source_url", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].required = True


class MembershipFeeForm(RecordForm):
    FIRST = ("network", "year", "amount", "currency", "organisation")

    organisation = OrganisationField(label=_("Who pays"))
    network = OrganisationField(label=_("Network"))
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3, required=False)
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

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
    source_url = WebAddressField(label=_("Where this was read"), required=False, max_length=1000)

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


class NewPostForm(forms.Form):
    """Somebody moves on: the new post, and when the one held so far was left."""

    left = PartialDateField(label=_("Left the present post on"), help_text=_("2019, 2019-03 or 14/3/2019"))
    post = LanguagesField(label=_("New post"))
    organisation = OrganisationField(label=_("Organisation"), own=kept_by)
    department = DepartmentField()
    since = PartialDateField(label=_("In the new post since"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, ReaderField):
                field.user = user
        departments: Any = self.fields["department"]
        departments.offer_to(user)

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        check_department(self, cleaned)
        return cleaned
