"""Pages that can be asked how things stood at another time: ``?on=2019``, ``2019-03`` or ``14/3/2019``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.form_fields import PartialDateField
from sympolis.office.directory.moments import Moment, Period


class MomentForm(forms.Form):
    """Which time the page shall speak of."""

    on = PartialDateField(label=_("As of"), help_text=_("2019, 2019-03 or 14/3/2019"))


class PeriodForm(forms.Form):
    """From when to when; without an end, until today."""

    since = PartialDateField(label=_("Since"), help_text=_("2019, 2019-03 or 14/3/2019"))
    until = PartialDateField(label=_("Until"), help_text=_("Today, if left empty."))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until.latest <= since.latest:
            self.add_error("until", _("It ends before it begins. Write a later date."))
        return cleaned

    def period(self, today: date) -> Period:
        """What was asked for; what is missing or can't be read is the last three years, until today."""
        asked: dict[str, PartialDate] = self.cleaned_data if self.is_valid() else {}
        since, until = (asked.get(name, PartialDate()).latest for name in ("since", "until"))
        by = until or today
        return Period(since or by - timedelta(days=3 * 365), by)


@dataclass(frozen=True, slots=True)
class Asked:
    """The time a page speaks of, and the form that says it. A date nobody can read leaves it at today."""

    moment: Moment
    form: MomentForm

    @property
    def day(self) -> date:
        """The day by which work is ongoing or finished."""
        return self.moment.last

    @property
    def only(self) -> Moment | None:
        """What a list is narrowed by; None where today's is asked for, which shows what was and what is to come too."""
        return None if self.moment.is_today else self.moment

    @property
    def query(self) -> str:
        """What a link has to carry to speak of the same time; empty for today."""
        return "" if self.moment.is_today else "?" + urlencode({"on": str(self.moment.asked_for)})


def asked_moment(request: HttpRequest) -> Asked:
    """What the address asks for."""
    today = timezone.localdate()
    form = MomentForm(request.GET if "on" in request.GET else None)
    when = form.cleaned_data["on"] if form.is_valid() else PartialDate()
    return Asked(Moment.asked(when, today), form)
