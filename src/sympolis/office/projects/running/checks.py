"""What can't be of an entry, given the others of its project: told with what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sympolis.office.core.templatetags.show import money, when
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.enums import CostBasis
from sympolis.office.projects.running.models import (
    BudgetLine,
    Claim,
    Effort,
    Entry,
    Obligation,
    PartnerShare,
    Payment,
    ProjectIndicator,
    ReportingPeriod,
    Running,
    WorkPackage,
)
from sympolis.office.projects.running.programmes import programme

MOST_HOURS = Decimal(744)
"""The hours a month of 31 days has: more is a slip for one post; a department may have more."""

type Problems = dict[str, str]
"""Field -> what is wrong with it."""


def check(entry: Entry) -> None:
    """Raises ValidationError by field."""
    found = _CHECKS.get(type(entry), _nothing)(entry)
    if found:
        raise ValidationError(found)


def _nothing(_entry: Any) -> Problems:
    return {}


def _others(entry: Any) -> Any:
    return type(entry)._default_manager.filter(project=entry.project_id).exclude(pk=entry.pk)


def _share(share: PartnerShare) -> Problems:
    if _others(share).filter(organisation=share.organisation_id).exists():
        return {"organisation": _("This partner has its share already: change that one.")}
    together = sum((one.in_project.total for one in _others(share)), share.in_project.total)
    return rate_of_share(share) or beyond_budget(share.project, together)


def rate_of_share(share: PartnerShare) -> Problems:
    return _rate(share, share.currency or share.project.currency)


def beyond_budget(project: Project, together: Decimal) -> Problems:
    """What is wrong where the partners' shares come to this, in the project's currency."""
    budget, currency = project.budget, project.currency
    if budget is None or together <= budget:
        return {}
    said = {"together": money(together, currency), "budget": money(budget, currency)}
    words = _(
        "With this share the partners have %(together)s together, more than the project's budget of %(budget)s. "
        "Lower a share, or raise the budget of the project first."
    )
    return {"own": words % said}


def _work_package(package: WorkPackage) -> Problems:
    if package.starts and package.ends and package.ends < package.starts:
        return {"ends": _("It ends before it begins.")}
    return {}


def _indicator(indicator: ProjectIndicator) -> Problems:
    if bool(indicator.starts) != bool(indicator.ends):
        return {"ends" if indicator.starts else "starts": _("Write both days, or neither.")}
    if indicator.starts and indicator.ends and indicator.ends < indicator.starts:
        return {"ends": _("It ends before it begins.")}
    return {}


def _line(line: BudgetLine) -> Problems:
    if line.basis == CostBasis.UNIT and (line.units is None or line.unit_cost is None):
        return {"units": _("Unit costs need the number of units and the cost of one.")}
    if line.basis == CostBasis.FLAT:
        return _flat(line)
    return {}


def _flat(line: BudgetLine) -> Problems:
    running = getattr(line.project, "running", None)
    rules = programme(running.rules if running else "")
    category = rules.category(line.category)
    if category is None or category.percent is None:
        return {"category": _("The rules of this project have no flat rate for this category.")}
    if line.rate is None:
        return {"rate": _("Write the flat rate in percent.")}
    if line.rate > category.percent:
        most = f"{category.percent.normalize():f}"
        return {"rate": _("The rules allow %(most)s %% here at most.") % {"most": most}}
    same = _others(line).filter(basis=CostBasis.FLAT, category=line.category, organisation=line.organisation_id)
    if same.exists():
        return {"category": _("This partner has a flat rate for this category already: change that line.")}
    flat_there = _others(line).filter(basis=CostBasis.FLAT, organisation=line.organisation_id)
    for code in flat_there.values_list("category", flat=True):
        other = rules.category(code)
        if other is not None and code in category.of and line.category in other.of:
            words = _("This flat rate and that of another line are a share of each other: make one of them real costs.")
            return {"category": words}
    return {}


def _running(running: Running) -> Problems:
    rules = programme(running.rules)
    flat = BudgetLine.objects.filter(project=running.project_id, basis=CostBasis.FLAT).values_list(
        "category", flat=True
    )
    lost = [one for one in flat if (category := rules.category(one)) is None or category.percent is None]
    if not lost:
        return {}
    return {
        "rules": _("The budget has flat rates that these rules do not know: change those lines to real costs first.")
    }


def _period(period: ReportingPeriod) -> Problems:
    if period.ends < period.starts:
        return {"ends": _("It ends before it begins.")}
    overlapping = _others(period).filter(starts__lte=period.ends, ends__gte=period.starts).first()
    if overlapping is None:
        return {}
    said = {"label": overlapping.label, "first": when(overlapping.starts), "last": when(overlapping.ends)}
    return {"starts": _("It overlaps with “%(label)s” (%(first)s to %(last)s). Change one of the two.") % said}


def _claim(claim: Claim) -> Problems:
    if claim.period.project_id != claim.project_id:
        return {"period": _("This period is of another project.")}
    if _others(claim).filter(period=claim.period_id, organisation=claim.organisation_id).exists():
        return {"period": _("This partner has a claim for this period already: change that one.")}
    words = _("More than was claimed: correct one of the two.")
    return {
        name: words
        for name in ("certified", "accepted")
        if (told := getattr(claim, name)) is not None and told > claim.claimed
    }


def _payment(payment: Payment) -> Problems:
    if payment.amount <= 0:
        return {
            "amount": _("A payment is more than nothing. Money that goes the other way is a payment of its own: choose "
                        "which way it goes.")
        }  # fmt: skip
    return _rate(payment, payment.currency)


def _rate(entry: Payment | PartnerShare, currency: str) -> Problems:
    """Sums of another currency than the project's have a rate and its day; those of its own have none."""
    own, rate = entry.project.currency, entry.rate
    if rate is not None and rate <= 0:
        return {"rate": _("A rate is more than nothing.")}
    if currency == own:
        wrong = rate is not None and rate != 1
        return {"rate": _("This is the project's own currency: leave the rate empty.")} if wrong else {}
    if rate is None:
        return {"rate": _("Write the rate: the project is reckoned in %(code)s.") % {"code": own}}
    return {} if entry.rate_on else {"rate_on": _("Write of which day the rate is.")}


def _effort(effort: Effort) -> Problems:
    if not effort.post and effort.department_id is None:
        return {"post": _("Write whose hours these are: a post, or a department.")}
    if effort.department_id is None and effort.hours > MOST_HOURS:
        return {"hours": _("No month has more than 744 hours.")}
    effort.prepare()
    same = _others(effort).filter(month=effort.month, post=effort.post, department=effort.department_id)
    return {"month": _("The hours of this month are written already: change them.")} if same.exists() else {}


def _obligation(done: Obligation) -> Problems:
    same = _others(done).filter(code=done.code).exists()
    return {"done_on": _("This was marked as done meanwhile.")} if same else {}


_CHECKS: dict[type[Entry], Callable[[Any], Problems]] = {
    Running: _running,
    PartnerShare: _share,
    WorkPackage: _work_package,
    BudgetLine: _line,
    ProjectIndicator: _indicator,
    ReportingPeriod: _period,
    Claim: _claim,
    Payment: _payment,
    Effort: _effort,
    Obligation: _obligation,
}
