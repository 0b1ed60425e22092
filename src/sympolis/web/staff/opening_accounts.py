"""The form of who opens an account. Alone in its file: allauth reads it while it reads its own forms."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from sympolis.office.core.models import User


class OpenAccountForm(forms.Form):
    """What somebody says of themselves who opens an account; allauth puts address and password to it."""

    first_name = forms.CharField(label=gettext_lazy("Your first name"), max_length=150)
    last_name = forms.CharField(
        label=gettext_lazy("Your last name"), max_length=150, help_text=gettext_lazy("Your comments stand under it.")
    )
    website = forms.CharField(
        required=False, label=gettext_lazy("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(gettext_lazy("Leave this empty"))
        return ""

    def signup(self, _request: HttpRequest, _user: User) -> None:
        """Names are kept by the adapter."""
