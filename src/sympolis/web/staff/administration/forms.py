"""Forms of the administration: users, the office's settings, and the very first page."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.enums import SiteRole
from sympolis.office.core.form_fields import (
    LanguagesField,
    PictureField,
    ReaderField,
    country_choices,
    language_now,
    term_choices,
)
from sympolis.office.core.models import User
from sympolis.office.core.texts import Text
from sympolis.office.directory.fields import MembershipsField, OrganisationField
from sympolis.office.directory.models import Office


def time_zone_choices() -> list[tuple[str, str]]:
    """Zones named after a place; the others are old spellings of these."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in places)]


# Where a country has several, the one of its capital; of the countries not named here nobody can guess it.
_MAIN_ZONE = {"ES": "Europe/Madrid", "PT": "Europe/Lisbon", "DE": "Europe/Berlin", "UA": "Europe/Kyiv"}


def zone_of(country: str) -> str:
    """The time zone of a country; empty where it has several, or where the country is not said."""
    zones = [str(zone) for zone in get_global("territory_zones").get(country, ())]
    return zones[0] if len(zones) == 1 else _MAIN_ZONE.get(country, "")


class CurrencyField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=3, max_length=3, widget=forms.TextInput(attrs={"class": "input-short"}), **kwargs)

    def clean(self, value: Any) -> str:
        code = str(super().clean(value)).upper()
        if not code.isascii() or not code.isalpha():
            raise ValidationError(_("Write the three letters of the currency: EUR, MAD, TND."), code="currency")
        return code


class UserForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """What an administrator says of a user. The mail address of a user who is there is the user's own to change."""

    organisations = MembershipsField(
        label=_("Acts for"), required=False,
        help_text=_("What a contributor writes waits for the office; an editor changes at once what need not wait; "
                    "an administrator also invites the organisation's people."),
    )  # fmt: skip

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "post", "role", "language")
        help_texts = {
            "role": _(
                "Officers work with everything. Contributors see what the office sees and propose changes, which wait "
                "for an officer. Readers see the same and change nothing: a deputy mayor, for example. Participants "
                "see what is public and what is their own."
            )
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations: Any = self.fields["organisations"]
        organisations.user = user
        if self.instance.pk:
            del self.fields["email"]
            kept = self.instance.memberships.select_related("organisation")
            self.initial["organisations"] = [(one.organisation, one.role) for one in kept]
        else:
            self.initial.setdefault("role", SiteRole.OFFICER)
            self.initial.setdefault("language", language_now())

    def about(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "post", "role", "language")}


class OfficeForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """What the office says of itself, and how its pages behave."""

    name = LanguagesField(label=_("Name of the office"))
    about = LanguagesField(label=_("What this office does"), rows=4, required=False)
    organisation = OrganisationField(label=_("Its organisation"))
    logo = PictureField(label=_("Logo"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages offered"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    currency = CurrencyField(label=_("Currency"))
    legal_notice = LanguagesField(label=_("Legal notice"), rows=6, required=False)

    class Meta:
        model = Office
        fields = (
            "name", "about", "organisation", "logo", "default_language", "languages", "time_zone", "currency",
            "contact", "legal_notice", "is_open_to_join",
        )  # fmt: skip
        help_texts = {
            "is_open_to_join": _("They confirm their mail address and see what everybody sees. Closed, the office "
                                 "invites whoever is to take part."),
        }  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, ReaderField):
                field.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("name", "about", "legal_notice"):
            if name in cleaned:
                cleaned[name] = self._written(name, cleaned[name])
        chosen = cleaned.get("languages")
        if chosen and cleaned.get("default_language"):
            cleaned["languages"] = tuple(dict.fromkeys([cleaned["default_language"], *chosen]))
        return cleaned

    def _written(self, name: str, words: dict[str, str]) -> Text:
        text = Text(getattr(self.instance, name))
        for code, said in words.items():
            text.write(code, said)
        return text


class FirstRunForm(forms.Form):
    """Everything an office needs to begin."""

    code = forms.CharField(
        label=_("Code"), max_length=40,
        help_text=_("Shown in the terminal where Sympolis was started, and kept in the file secrets.json of its home."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name of the office"), max_length=300)
    organisation = forms.CharField(
        label=_("Its organisation"), max_length=300, help_text=_("The city, authority or network you work for.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=term_choices("kinds"), initial="city")
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    default_language = forms.ChoiceField(label=_("Main language"), choices=settings.LANGUAGES)
    languages = forms.MultipleChoiceField(
        label=_("Languages offered"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple,
        initial=[code for code, _name in settings.LANGUAGES],
    )  # fmt: skip
    first_name = forms.CharField(label=_("Your first name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Your last name"), max_length=150, required=False)
    email = forms.EmailField(label=_("Your mail address"), help_text=_("You will be the first administrator."))
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), max_length=200,
        help_text=_("Ten characters or more. A short sentence is good."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=lambda: [("", _("that of the country")), *time_zone_choices()]
    )
    currency = CurrencyField(label=_("Currency"), initial="EUR")
    logo = PictureField(label=_("Logo"), required=False)
    contact = forms.CharField(
        label=_("Contact"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        validators=[MaxLengthValidator(5000)], help_text=_("How the public reaches the office."),
    )  # fmt: skip
    legal_notice = forms.CharField(
        label=_("Legal notice"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        validators=[MaxLengthValidator(50_000)],
    )  # fmt: skip

    FIRST = ("code", "name", "organisation", "kind", "country", "email", "password")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not constant_time_compare(code.strip(), settings.HOME.secret("first_run_code")):
            raise ValidationError(_("This is not the code of this server. Look at its terminal."), code="code")
        return code

    def clean_time_zone(self) -> str:
        return self.cleaned_data["time_zone"] or zone_of(self.cleaned_data.get("country", "")) or "Europe/Madrid"

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.FIRST]

    @property
    def more_is_wrong(self) -> bool:
        return any(field.errors for field in self.more_fields)
