"""What somebody says of a new token."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.api_tokens import LONGEST
from sympolis.office.core.models import ApiToken

USUAL = timedelta(days=90)


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]  # a generic in stubs alone
    """What it is for, what it may do, and until when it is good."""

    class Meta:
        model = ApiToken
        fields = ("name", "scope", "expires_on")
        help_texts = {
            "name": _("The program or the sheet that will use it."),
            "scope": _("Only what you may see and write yourself."),
            "expires_on": _("A year from today at most. Its last day counts."),
        }
        widgets = {"expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("expires_on", timezone.localdate() + USUAL)

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise ValidationError(_("Write a day from today to a year from now."), code="range")
        return day
