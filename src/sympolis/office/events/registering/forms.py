"""Forms of registering: what somebody fills in, and what the office sets."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import LanguagesField, language_now
from sympolis.office.core.texts import Text
from sympolis.office.events.models import Registration, RegistrationQuestion, RegistrationRules
from sympolis.office.events.registering.actions import Wish
from sympolis.office.events.registering.enums import QuestionKind

MOST_ANSWERS = 60
_ADDRESS = re.compile(r"://|\bwww\.|[<>@]", re.IGNORECASE)


def _plain_words(written: str) -> None:
    """A mail goes to whatever address is given: it carries no address of somebody else's choosing."""
    if _ADDRESS.search(written):
        raise ValidationError(_("Write it in plain words, without web or mail addresses."), code="plain")


def answers_to(question: RegistrationQuestion) -> list[str]:
    lines = (" ".join(line.split()) for line in question.answers.splitlines())
    return list(dict.fromkeys(line for line in lines if line))[:MOST_ANSWERS]


class RegistrationForm(forms.Form):
    """Who one is, the questions of this event, and that one agrees to what is done with it."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, validators=[_plain_words],
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Mail address"), max_length=254,
        help_text=_("A mail with your place and the link to change or cancel it goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )  # fmt: skip
    house = forms.CharField(
        label=_("Organisation"), max_length=300, required=False, validators=[_plain_words],
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )  # fmt: skip

    def __init__(self, rules: RegistrationRules, *args: Any, registration: Registration | None = None, **kwargs: Any):
        self.questions = list(rules.questions.all())
        if registration is not None:
            kwargs["initial"] = _initial(registration)
        super().__init__(*args, **kwargs)
        for question in self.questions:
            self.fields[_name(question)] = _field(question)
        if registration is not None:
            del self.fields["email"]
            self.fields["language"] = forms.ChoiceField(label=_("Language of the mails"), choices=settings.LANGUAGES)
        else:
            self.fields["agrees"] = forms.BooleanField(label=_("I agree that the office keeps this for the event."))
        self._email = registration.email if registration else ""

    @property
    def wish(self) -> Wish:
        said = self.cleaned_data
        answers = {str(one.pk): said[_name(one)] for one in self.questions if said[_name(one)] not in ("", None)}
        language = said.get("language") or language_now()
        return Wish(said["name"], said.get("email") or self._email, said["house"], language, answers)


def _initial(registration: Registration) -> dict[str, Any]:
    said = {f"question_{key}": answer for key, answer in registration.answers.items()}
    about = {"name": registration.name, "house": registration.house, "language": registration.language}
    return {**said, **about}


def _name(question: RegistrationQuestion) -> str:
    return f"question_{question.pk}"


def _field(question: RegistrationQuestion) -> forms.Field:
    label, required = question.text.best(language_now()).text, question.is_required
    if question.kind == QuestionKind.TICK:
        return forms.BooleanField(label=label, required=required)
    if question.kind == QuestionKind.CHOICE:
        offered = answers_to(question)
        choices = [(one, one) for one in offered]
        return forms.ChoiceField(label=label, required=required, choices=choices if required else [("", "—"), *choices])
    box = forms.TextInput(attrs={"dir": "auto"})
    return forms.CharField(label=label, required=required, max_length=500, widget=box)


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """How one registers for an event: all of it can stay as it is."""

    privacy = LanguagesField(rows=5, label=_("What is done with the data"), required=False)

    class Meta:
        model = RegistrationRules
        fields = (
            "capacity", "opens_at", "closes_at", "has_waiting_list", "needs_approval", "reminds_day_before",
            "reminds_hour_before", "has_certificate", "asks_feedback", "privacy", "kept_days",
        )  # fmt: skip

    FIRST = ("capacity", "closes_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("opens_at", "closes_at"):
            clock = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            self.fields[name].widget = clock
            self.fields[name].help_text = _("By the office's clock.")
        self.fields["capacity"].help_text = _("Left empty, there is room for all.")
        self.initial["privacy"] = self.instance.privacy

    def clean_privacy(self) -> Text:
        text = Text(self.instance.privacy)
        for code, words in self.cleaned_data["privacy"].items():
            text.write(code, words)
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It closes before it opens."))
        return cleaned

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.FIRST]


class FeedbackForm(forms.Form):
    """Three questions, without a name."""

    MARKS = tuple((str(mark), str(mark)) for mark in range(1, 6))

    useful = forms.TypedChoiceField(
        label=_("How useful was it? 5 is very."), choices=MARKS, coerce=int, widget=forms.RadioSelect
    )
    organised = forms.TypedChoiceField(
        label=_("How well was it organised? 5 is very well."), choices=MARKS, coerce=int, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Anything else"), required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )  # fmt: skip
