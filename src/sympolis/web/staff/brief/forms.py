"""What an officer fills in: whom a brief is about, and the mail that asks a member along."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.models import Invitation
from sympolis.office.synergies.queries import NameFinder

SIDES = ("left", "right", "network")


class BriefForm(forms.Form):
    """Two names, typed as they come; a network whose members may be asked along; language and day."""

    left = forms.CharField(label=_("One side"), max_length=300)
    right = forms.CharField(label=_("The other side"), max_length=300)
    network = forms.CharField(
        label=_("Network"),
        max_length=300,
        required=False,
        help_text=_("Its members may be asked along. Can be left empty."),
    )
    language = forms.ChoiceField(label=_("Language of the brief"), choices=settings.LANGUAGES)
    on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input-medium"}, format="%Y-%m-%d"),
        help_text=_("Today, when left empty."),
    )
    include_unconfirmed = forms.BooleanField(label=_("Take in what nobody has confirmed yet"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finder = NameFinder(user)
        self.nearest: dict[str, list[Organisation]] = {}

    def _found(self, field: str) -> Organisation | None:
        """A name picked from the nearest (sent as an id) goes before what was typed."""
        typed: str = self.data.get(f"{field}_id") or self.cleaned_data[field]
        if not typed:
            return None
        found = self.finder.find(typed)
        if found.organisation is None:
            self.nearest[field] = found.nearest
            raise forms.ValidationError(
                _("Nothing is called just that. Is it one of these?")
                if found.nearest
                else _("Nothing here is called like this. Enter it first, or try another name.")
            )
        return found.organisation

    def clean_left(self) -> Organisation | None:
        return self._found("left")

    def clean_right(self) -> Organisation | None:
        return self._found("right")

    def clean_network(self) -> Organisation | None:
        return self._found("network")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        left, right = cleaned.get("left"), cleaned.get("right")
        if left is not None and left == right:
            self.add_error(
                "right", _("This is the same as the first: a brief needs two partners. Name the one you will meet.")
            )
        return cleaned


class InvitationForm(forms.ModelForm[Invitation]):
    class Meta:
        model = Invitation
        fields = ("to", "subject", "body")
        widgets = {"body": forms.Textarea(attrs={"rows": 12, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].required = True
