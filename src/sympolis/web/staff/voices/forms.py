"""What an officer says of the process of a plan and of one phase of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.form_fields import LanguagesField
from sympolis.office.core.texts import Text
from sympolis.office.planning.models import Process, ProcessPhase
from sympolis.office.planning.voices.enums import Audience

MOST_INVITED = 100_000


def written(text: Text, words: dict[str, str]) -> Text:
    """A text with these words in each language they have."""
    kept = Text(text)
    for code, said in words.items():
        kept.write(code, said)
    return kept


class ProcessForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """Whether and how people take part."""

    reasons = LanguagesField(label=_("Why so"), rows=3, required=False)
    invited = forms.CharField(
        label=_("Who is invited"), required=False, max_length=MOST_INVITED,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
        help_text=_("Mail addresses, one a line. They take part with an account of that address."),
    )  # fmt: skip

    class Meta:
        model = Process
        fields = ("is_open", "level", "reasons", "audience", "invited")
        labels = {"level": _("What taking part leads to"), "audience": _("Who may support and comment")}
        help_texts = {"is_open": _("As long as there are no phases. Once there are, what is open goes by them.")}

    def clean_reasons(self) -> Text:
        return written(self.instance.reasons, self.cleaned_data["reasons"])

    def clean_invited(self) -> str:
        addresses = self.cleaned_data["invited"].replace(",", " ").replace(";", " ").lower().split()
        for address in addresses:
            EmailValidator(_("“%(value)s” is no mail address."))(address)
        return "\n".join(dict.fromkeys(addresses))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("level") and not cleaned.get("reasons") and "reasons" not in self.errors:
            self.add_error("reasons", _("Say why: who takes part reads what it leads to and the reason."))
        if cleaned.get("audience") == Audience.INVITED and not cleaned.get("invited") and "invited" not in self.errors:
            self.add_error("invited", _("Write at least one address, or let everybody take part."))
        return cleaned


class PhaseForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """One phase: its days and what is open in them."""

    title = LanguagesField(label=_("Title"))
    starts = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    class Meta:
        model = ProcessPhase
        fields = ("title", "starts", "ends", "support", "comment", "contribute", "prioritise")
        labels = {
            "support": _("Supporting is open"),
            "comment": _("Commenting is open"),
            "contribute": _("Contributing in sessions"),
            "prioritise": _("Prioritising in sessions"),
        }

    def clean_title(self) -> Text:
        return written(self.instance.title, self.cleaned_data["title"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts"), cleaned.get("ends")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("ends", _("The phase ends before it begins."))
        return cleaned
