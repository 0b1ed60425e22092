"""The small form beside a membership's years: what was paid for one of them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class FeeForm(forms.Form):
    """A fee of the network whose page it stands on."""

    prefix = "fee"

    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)
    amount = forms.DecimalField(
        label=_("Amount"),
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("Several of one year are added up."),
    )
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()
