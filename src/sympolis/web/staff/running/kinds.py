"""The kinds of entries of a project that runs: how each is called, its form, and the page it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from sympolis.office.projects.running.forms import (
    BudgetLineForm,
    ClaimForm,
    EffortForm,
    EntryForm,
    IndicatorForm,
    MilestoneForm,
    PaymentForm,
    PeriodForm,
    RiskForm,
    ShareForm,
    WorkPackageForm,
)


@dataclass(frozen=True, slots=True)
class EntryKind:
    """``relation`` is the project's name for its entries of this kind, ``page`` the address of where they are shown."""

    name: str
    relation: str
    form: type[EntryForm]
    page: str
    one: Any
    add: Any

    @property
    def model(self) -> Any:
        return self.form._meta.model

    @property
    def url(self) -> str:
        return f"staff:running_{self.name}"

    @property
    def add_url(self) -> str:
        return f"staff:running_{self.name}_add"


KINDS = {
    kind.name: kind
    for kind in (
        EntryKind("share", "shares", ShareForm, "running", _("A partner's share"), _("Add a partner's share")),
        EntryKind("milestone", "milestones", MilestoneForm, "running", _("Milestone"), _("Add a milestone")),
        EntryKind("line", "budget_lines", BudgetLineForm, "running_budget", _("Budget line"), _("Add a budget line")),
        EntryKind("payment", "payments", PaymentForm, "running_payments", _("Payment"), _("Add a payment")),
        EntryKind("package", "work_packages", WorkPackageForm, "running_work", _("Work package"),
                  _("Add a work package")),
        EntryKind("period", "periods", PeriodForm, "running_claims", _("Reporting period"),
                  _("Add a reporting period")),
        EntryKind("claim", "claims", ClaimForm, "running_claims", _("Claim"), _("Add a claim")),
        EntryKind("indicator", "indicators", IndicatorForm, "running_work", _("Indicator"), _("Add an indicator")),
        EntryKind("risk", "risks", RiskForm, "running_work", _("Risk"), _("Add a risk")),
        EntryKind("effort", "efforts", EffortForm, "running_hours", _("Hours of a month"), _("Add hours of a month")),
    )
}  # fmt: skip
