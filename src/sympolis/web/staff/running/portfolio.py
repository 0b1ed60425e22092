"""All projects together, and the register of decentralised cooperation as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sympolis.engine.texts import vocabulary
from sympolis.office.core import names
from sympolis.office.core.form_fields import language_now
from sympolis.office.core.templatetags.show import plain
from sympolis.office.projects.running.portfolio import (
    REGISTER,
    Group,
    by_partner,
    by_year,
    dependence,
    ending_with_nothing_after,
    grouped,
    portfolio_of,
    register,
)
from sympolis.web.staff.brief.access import officers
from sympolis.web.staff.csv_file import long_csv_file, long_workbook_file

MUCH = 50
"""From this share of the money on, in percent, one programme is said to be depended on."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One side of the portfolio: its heading, and a row for each group with its share of all projects."""

    key: str
    heading: str
    rows: list[tuple[str, Group]]


@officers
@require_safe
def portfolio(request: HttpRequest) -> HttpResponseBase:
    """``?format=csv`` or ``xlsx``: the register."""
    user: Any = request.user
    form = request.GET.get("format")
    if form in {"csv", "xlsx"}:
        rows = _register(user)
        return long_csv_file("register", rows) if form == "csv" else long_workbook_file("register", rows)
    projects = portfolio_of(user)
    by_programme = grouped(projects, "programme")
    next_year = timezone.localdate().year + 1
    hangs_on = dependence(by_programme)
    context = {
        "count": sum(one.projects for one in by_programme),
        "money": _sums(by_programme),
        "sides": _sides(projects, by_programme),
        "partners": by_partner(user, projects),
        "next_year": next_year,
        "ending": ending_with_nothing_after(projects, next_year),
        "hangs_on": hangs_on if hangs_on and hangs_on.percent >= MUCH else None,
    }
    return render(request, "staff/running/portfolio.html", context)


def _sums(groups: list[Group]) -> dict[str, Decimal]:
    """All money by currency; of groups in which each project is once."""
    found: dict[str, Decimal] = {}
    for group in groups:
        for currency, amount in group.money.items():
            found[currency] = found.get(currency, Decimal(0)) + amount
    return found


def _sides(projects: Any, by_programme: list[Group]) -> list[Shown]:
    language = language_now()

    def named(key: str, heading: str, groups: list[Group], name: Any) -> Shown:
        shown = [(str(name(one.value)) if one.value else _("not known"), one) for one in groups]
        return Shown(key, heading, shown)

    return [
        named("programme", _("By programme"), by_programme, str),
        named("theme", _("By theme"), grouped(projects, "themes"), _label("themes", language)),
        named("goal", _("By goal"), grouped(projects, "sdgs"), _goal(language)),
        named(
            "country", _("By country"), grouped(projects, "countries"), lambda one: names.COUNTRIES.name(one, language)
        ),
        named("year", _("By year they begin in"), by_year(projects), str),
    ]


def _label(name: str, language: str) -> Any:
    return lambda code: vocabulary.label(name, code, language)


def _country(language: str) -> Any:
    return lambda code: names.COUNTRIES.name(code, language)


def _goal(language: str) -> Any:
    return lambda code: f"{code}. {vocabulary.label('sdgs', code, language)}"


def _register(user: Any) -> Iterator[tuple[object, ...]]:
    yield REGISTER
    yield from register(user, plain)
