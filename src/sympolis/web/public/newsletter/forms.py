"""What a reader fills in to get the newsletter, and to choose what they get."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import theme_choices
from sympolis.office.publishing.newsletter.drafting import offered_languages
from sympolis.office.publishing.newsletter.enums import Topic
from sympolis.office.publishing.newsletter.subscribing import Wishes

CONSENT = _(
    "I want to get the newsletter at this address. It is used for nothing else, and I can leave with one click in every"
    " issue."
)


def language_choices() -> list[tuple[str, str]]:
    names = dict(settings.LANGUAGES)
    return [(code, names.get(code, code)) for code in offered_languages()]


class WishesForm(forms.Form):
    """In which language, and what about."""

    language = forms.ChoiceField(label=_("Language"), choices=language_choices)
    kinds = forms.MultipleChoiceField(
        label=_("What about"), choices=Topic.choices, required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}), help_text=_("Nothing ticked: all of it."),
    )  # fmt: skip
    themes = forms.MultipleChoiceField(
        label=_("Themes"), choices=theme_choices, required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}), help_text=_("Nothing ticked: all of them."),
    )  # fmt: skip

    def wishes(self) -> Wishes:
        said: dict[str, Any] = self.cleaned_data
        return Wishes(said["language"], tuple(said["kinds"]), tuple(said["themes"]))


class SignUpForm(WishesForm):
    """The same with an address, and the words that are agreed to."""

    email = forms.EmailField(
        label=_("Your mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    consent = forms.BooleanField(label=CONSENT, error_messages={"required": _("Without this we may not write to you.")})
    website = forms.CharField(
        required=False, label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("email", "language", "kinds", "themes", "consent", "website")

    @property
    def is_trapped(self) -> bool:
        """Programs fill in whatever they find; people do not see this field."""
        return bool(self.cleaned_data.get("website"))
