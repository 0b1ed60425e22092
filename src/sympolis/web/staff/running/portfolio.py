"""All projects together, and the register of decentralised cooperation as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sympolis.engine.match.country_points import point_of
from sympolis.engine.texts import vocabulary
from sympolis.office.core import names
from sympolis.office.core.form_fields import language_now
from sympolis.office.core.templatetags.show import money, number, plain
from sympolis.office.projects.applications.queries import Decided, decided_by, visible_applications
from sympolis.office.projects.running.counted import portfolio_of
from sympolis.office.projects.running.portfolio import (
    REGISTER,
    Figures,
    Group,
    dependence,
    ending_with_nothing_after,
    figures,
    most_used,
    register,
)
from sympolis.web.public.charts import collection, feature
from sympolis.web.public.templatetags.portal import percent
from sympolis.web.staff.brief.access import officers
from sympolis.web.staff.csv_file import long_csv_file
from sympolis.web.staff.running.drawings import Bars, bars
from sympolis.web.staff.workbook import workbook_file

MUCH = 50
"""From this share of the money on, in percent, one programme is said to be depended on."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One side of the portfolio: its heading, a row for each group, and the same drawn."""

    key: str
    heading: str
    rows: list[tuple[str, Group]]
    plot: Bars | None


@dataclass(frozen=True, slots=True)
class Rates:
    """How applications fared by one side: a row for each of its values, and the same drawn."""

    heading: str
    rows: list[tuple[str, Decided]]
    plot: Bars | None


@officers
@require_safe
def portfolio(request: HttpRequest) -> HttpResponseBase:
    """``?format=csv`` or ``xlsx``: the register."""
    user: Any = request.user
    form = request.GET.get("format")
    if form in {"csv", "xlsx"}:
        rows = _register(user)
        return long_csv_file("register", rows) if form == "csv" else workbook_file("register", rows)
    told = figures(user)
    next_year = timezone.localdate().year + 1
    hangs_on = dependence(told.by_programme)
    sides = _sides(told)
    context = {
        "count": sum(one.projects for one in told.by_programme),
        "money": _sums(told.by_programme),
        "sides": sides,
        "rates": _rates(decided_by(visible_applications(user))),
        "next_year": next_year,
        "ending": ending_with_nothing_after(portfolio_of(user), next_year),
        "has_map": any(one.value for _name, one in next(side for side in sides if side.key == "country").rows),
        "hangs_on": hangs_on if hangs_on and hangs_on.percent >= MUCH else None,
    }
    return render(request, "staff/running/portfolio.html", context)


@officers
@require_safe
def money_map(request: HttpRequest) -> JsonResponse:
    """The countries of the projects as GeoJSON, with how many projects and how much money each has."""
    user: Any = request.user
    language = language_now()
    points = []
    for group in figures(user).by_country:
        if group.value and (at := point_of(group.value)) is not None:
            about = {
                "name": names.COUNTRIES.name(group.value, language),
                "note": " · ".join([_projects(group.projects), *_amounts(group)]),
                "url": f"{reverse('staff:portfolio')}#by-country",
            }
            points.append(feature("Point", [at[1], at[0]], about))
    return JsonResponse(collection(points))


def _sums(groups: list[Group]) -> dict[str, Decimal]:
    """All money by currency; of groups in which each project is once."""
    found: dict[str, Decimal] = {}
    for group in groups:
        for currency, amount in group.money.items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return found


def _projects(many: int) -> str:
    return ngettext("%(shown)s project", "%(shown)s projects", many) % {"shown": number(many)}


def _amounts(group: Group) -> list[str]:
    return [money(amount, currency) for currency, amount in group.money.items()]


def _sides(told: Figures) -> list[Shown]:
    language = language_now()
    currency = most_used(told.by_programme)

    def named(key: str, heading: str, groups: list[Group], name: Any) -> Shown:
        shown = [(str(name(one.value)) if one.value else _("not known"), one) for one in groups]
        return Shown(key, heading, shown, _drawn(shown, currency, in_order=key == "year"))

    return [
        named("programme", _("By programme"), told.by_programme, str),
        named("theme", _("By theme"), told.by_theme, _label("themes", language)),
        named("goal", _("By goal"), told.by_goal, _goal(language)),
        named("country", _("By country"), told.by_country, lambda one: names.COUNTRIES.name(one, language)),
        named("year", _("By year they begin in"), told.by_year, str),
        named("partner", _("By partner"), told.by_partner, lambda one: one[1]),
    ]


def _drawn(rows: list[tuple[str, Group]], currency: str, in_order: bool) -> Bars | None:
    """Money in the currency most used, or projects where none has any: the most first, years in their order."""
    amounts = [(name, one.money.get(currency, Decimal(0)), one) for name, one in rows]
    if any(amount for _name, amount, _one in amounts):
        told = [(name, amount, money(amount, currency)) for name, amount, _one in amounts if amount]
    else:
        told = [(name, Decimal(one.projects), _projects(one.projects)) for name, _amount, one in amounts]
    most = sorted(told, key=lambda one: -one[1])
    if not most:
        return None
    finding = _("Most: %(name)s (%(said)s).") % {"name": most[0][0], "said": most[0][2]}
    return bars(told if in_order else most, finding)


def _rates(decided: dict[str, list[Decided]]) -> list[Rates]:
    return [
        _rate(_("Success of applications by programme"), decided["programme"]),
        _rate(_("Success of applications by year of their deadline"), decided["year"]),
    ]


def _rate(heading: str, rows: list[Decided]) -> Rates:
    shown = [(str(one.value) if one.value else _("not known"), one) for one in rows]
    told = [
        (name, one.rate, f"{percent(one.rate)} · {number(one.granted)}/{number(one.decided)}") for name, one in shown
    ]
    best = max(told, key=lambda one: one[1], default=None)
    finding = _("Granted most often: %(name)s (%(said)s).") % {"name": best[0], "said": best[2]} if best else ""
    return Rates(heading, shown, bars(told, finding))


def _label(name: str, language: str) -> Any:
    return lambda code: vocabulary.label(name, code, language)


def _goal(language: str) -> Any:
    return lambda code: f"{code}. {vocabulary.label('sdgs', code, language)}"


def _register(user: Any) -> Iterator[tuple[object, ...]]:
    yield REGISTER
    yield from register(user, plain)
