"""Forms of what is kept of a project that runs: two people at once lose nothing, as in the forms of records."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from sympolis.engine.iati.markers import Marker, markers
from sympolis.office.core.form_fields import WebAddressField, day_or_field, language_now
from sympolis.office.core.forms import Clash, RecordForm, canonical
from sympolis.office.core.queries import visible_documents
from sympolis.office.directory.queries import visible_departments, visible_organisations
from sympolis.office.projects.forms import CurrencyField
from sympolis.office.projects.running.checks import check
from sympolis.office.projects.running.enums import Layout
from sympolis.office.projects.running.models import (
    BudgetLine,
    Claim,
    Effort,
    Obligation,
    PartnerShare,
    Payment,
    ProjectIndicator,
    ProjectMilestone,
    ReportingPeriod,
    Risk,
    Running,
    WorkPackage,
)
from sympolis.office.projects.running.programmes import programme, programmes
from sympolis.office.projects.running.queries import running_of

_MONTH = re.compile(r"(\d{4})-(\d{1,2})$")


class MonthField(forms.CharField):
    """A month as 2026-03; its first day is kept."""

    default_error_messages = {"month": _("Write the year and the month: 2026-03.")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "month", "class": "input-short", "placeholder": "2026-03"})
        super().__init__(max_length=7, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%Y-%m") if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        written = _MONTH.fullmatch(super().clean(value) or "")
        try:
            return date(int(written[1]), int(written[2]), 1) if written else self._refuse()
        except ValueError:
            return self._refuse()

    def _refuse(self) -> Any:
        raise ValidationError(self.error_messages["month"], code="month")


class EntryForm(RecordForm):
    """A form of one entry. What it names of others is chosen among those of its own project."""

    FIRST = ()
    OFFICE_ONLY = ()
    FULL_ONLY: ClassVar[tuple[str, ...]] = ()  # fields that a project in the simple layout is not asked for

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project = self.instance.project
        choices: dict[str, Any] = {
            "organisation": lambda: visible_organisations(self.user).filter(
                pk__in=project.participations.values("organisation")
            ),
            "work_package": project.work_packages.all,
            "budget_line": project.budget_lines.all,
            "period": project.periods.all,
            "document": lambda: visible_documents(self.user).filter(record=project.public_id),
            "department": lambda: visible_departments(self.user).filter(
                organisation__in=project.participations.values("organisation")
            ),
        }
        for name, rows in choices.items():
            if name in self.fields:
                self.fields[name].queryset = rows()  # type: ignore[attr-defined]

    def kept_from(self, user: Any) -> Iterable[str]:
        """Of the simple layout the few fields that matter; what is written in others already stays to be seen."""
        if running_of(self.instance.project).layout == Layout.FULL:
            return ()
        blank = type(self.instance)(project=self.instance.project)
        return [
            name for name in self.FULL_ONLY if canonical(self.value_now(name)) == canonical(getattr(blank, name, None))
        ]

    def validate_constraints(self) -> None:
        """The checks say the same as the database would, and at which field."""

    def _post_clean(self) -> None:
        """What can't be, given the others of its project, once the fields themselves are right."""
        super()._post_clean()
        if self.errors:
            return
        try:
            check(self.instance)
        except ValidationError as error:
            self.refuse(error)

    def refuse(self, error: ValidationError) -> None:
        """Say at its field what is wrong; a field that this form has not is said of the whole."""
        for name, said in error.message_dict.items():
            for words in said:
                self.add_error(name if name in self.fields else None, words)

    @property
    def is_clash(self) -> bool:
        return any(isinstance(one, Clash) for errors in self.errors.as_data().values() for one in errors)


def _marker_field(marker: Marker) -> forms.ChoiceField:
    def choices() -> list[tuple[str, Any]]:
        return [("", _("nobody has looked")), *((score, SCORES[score]) for score in marker.scores)]

    field = forms.ChoiceField(label=lazy(lambda: marker.label(language_now()), str)(), choices=choices, required=False)
    field.help_text = _("Policy marker of the DAC")
    return field


SCORES = {
    "0": _("not an aim"),
    "1": _("a significant aim"),
    "2": _("the principal aim"),
    "3": _("the principal aim, and in an action programme"),
    "4": _("the explicit primary aim"),
}
MARKER = "marker_"
_MarkerFields = type("_MarkerFields", (forms.Form,), {f"{MARKER}{code}": _marker_field(one) for code, one in
                                                       markers().items()})  # fmt: skip


class RunningForm(EntryForm, _MarkerFields):  # type: ignore[misc,valid-type]  # fields that data give
    FULL_ONLY = tuple(f"{MARKER}{code}" for code in markers())

    rules = forms.ChoiceField(
        label=_("Rules of the programme"), required=False,
        choices=lambda: [(one.code, one.label(language_now())) for one in programmes().values()],
        help_text=_("They give the budget its categories, its flat rates and the list of what has to be shown."),
    )  # fmt: skip
    official_url = WebAddressField(label=_("Its address"), required=False, max_length=1000)

    class Meta:
        model = Running
        formfield_callback = day_or_field
        fields = ("layout", "rules", "official_name", "official_url", "results", "shows_money")

    def value_now(self, name: str) -> Any:
        if not name.startswith(MARKER):
            return super().value_now(name)
        return self.instance.markers.get(name.removeprefix(MARKER), "")

    def _post_clean(self) -> None:
        told = dict(self.instance.markers)
        for name, score in self.cleaned_data.items():
            if name.startswith(MARKER):
                told[name.removeprefix(MARKER)] = score
        self.instance.markers = {code: score for code, score in told.items() if score}
        super()._post_clean()


class ShareForm(EntryForm):
    currency = CurrencyField(
        label=_("Currency"), empty="",
        help_text=_("Empty: the project's own. Of another one write the rate and its day."),
    )  # fmt: skip

    class Meta:
        model = PartnerShare
        formfield_callback = day_or_field
        fields = ("organisation", "own", "grant", "cofinancing", "currency", "rate", "rate_on")


class WorkPackageForm(EntryForm):
    class Meta:
        model = WorkPackage
        formfield_callback = day_or_field
        fields = ("code", "title", "starts", "ends", "organisation")


class BudgetLineForm(EntryForm):
    FULL_ONLY = ("work_package", "basis", "units", "unit_cost", "rate")

    category = forms.ChoiceField(label=_("Category"), required=False)

    class Meta:
        model = BudgetLine
        formfield_callback = day_or_field
        fields = (
            "what", "category", "organisation", "work_package", "year", "basis", "units", "unit_cost", "rate",
            "planned", "actual",
        )  # fmt: skip
        help_texts = {"planned": _("Of unit costs and flat rates it is reckoned: leave it as it is.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = getattr(self.instance.project, "running", None)
        known = [
            (one.code, one.label(language_now())) for one in programme(running.rules if running else "").categories
        ]
        there = self.instance.category
        if there and there not in dict(known):
            known.append((there, there))  # of other rules: it stays until somebody chooses
        self.fields["category"].choices = [("", "—"), *known]  # type: ignore[attr-defined]
        self.fields["planned"].required = False

    def clean_planned(self) -> Any:
        """Left empty, what stood there holds."""
        written = self.cleaned_data["planned"]
        return self.instance.planned if written is None else written


class PeriodForm(EntryForm):
    class Meta:
        model = ReportingPeriod
        formfield_callback = day_or_field
        fields = ("label", "starts", "ends", "due", "organisation", "done_on")


class ClaimForm(EntryForm):
    class Meta:
        model = Claim
        formfield_callback = day_or_field
        fields = (
            "period", "organisation", "claimed", "state", "submitted_on", "control", "controller", "certified",
            "certified_on", "accepted",
        )  # fmt: skip


class PaymentForm(EntryForm):
    currency = CurrencyField(label=_("Currency"))

    class Meta:
        model = Payment
        formfield_callback = day_or_field
        fields = (
            "on", "direction", "amount", "currency", "rate", "rate_on", "organisation", "other_party", "budget_line",
            "reference",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.instance.project.currency
        self.fields["currency"].empty = own  # type: ignore[attr-defined]  # a CurrencyField
        if self.instance.pk is None:
            self.initial["currency"] = own


class MilestoneForm(EntryForm):
    FULL_ONLY = ("work_package",)

    evidence_url = WebAddressField(label=_("What shows it (a link)"), required=False, max_length=1000)

    class Meta:
        model = ProjectMilestone
        formfield_callback = day_or_field
        fields = (
            "title", "kind", "due", "organisation", "work_package", "done_on", "evidence_url", "document", "is_public",
        )  # fmt: skip


class IndicatorForm(EntryForm):
    evidence_url = WebAddressField(label=_("What shows it (a link)"), required=False, max_length=1000)

    class Meta:
        model = ProjectIndicator
        formfield_callback = day_or_field
        fields = (
            "title", "unit", "baseline", "target", "reached", "measured_on", "level", "starts", "ends",
            "evidence_url", "is_public",
        )  # fmt: skip


class RiskForm(EntryForm):
    class Meta:
        model = Risk
        formfield_callback = day_or_field
        fields = ("what", "likelihood", "impact", "answer", "is_over")


class EffortForm(EntryForm):
    month = MonthField(label=_("Month"))

    class Meta:
        model = Effort
        formfield_callback = day_or_field
        fields = ("month", "post", "department", "hours")


class ObligationForm(EntryForm):
    evidence_url = WebAddressField(label=_("What shows it (a link)"), required=False, max_length=1000)

    class Meta:
        model = Obligation
        formfield_callback = day_or_field
        fields = ("done_on", "evidence_url")
