"""Forms of departments, people and their posts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import (
    LanguagesField,
    PartialDateField,
    ReaderField,
    SourcesField,
    field_for,
    language_choices,
)
from sympolis.office.core.forms import RecordForm, check_order
from sympolis.office.core.queries import kept_by, written_by
from sympolis.office.directory.enums import LegalBasis
from sympolis.office.directory.fields import OrganisationField
from sympolis.office.directory.models import Department, Person, Post
from sympolis.office.directory.queries import visible_departments

MOST_DEPARTMENTS = 300  # in one list: 20,000 of them took a person's form four seconds


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
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

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
    source_url = SourcesField(label=_("Where this was read"), required=False, max_length=1000)

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
