"""The office's projects together: how many and how much by programme, theme, goal, country, partner and year, what ends
with nothing after it, and what hangs on one programme. Examples do not count; currencies are never added up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Prefetch, QuerySet

from sympolis.engine.iati.markers import screened
from sympolis.engine.iati.write import purpose_of
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.queries import Reader, among
from sympolis.office.core.texts import folded
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.enums import ParticipationRole
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.running.counted import Side, counted, portfolio_of
from sympolis.office.projects.running.queries import running_of
from sympolis.office.projects.running.sums import financing, from_cents

MOST_PARTNERS = 30
MOST_ENDING = 50


@dataclass(slots=True)
class Group:
    """Projects that have something in common. A project counts in each of its themes, goals and countries."""

    value: Any
    projects: int = 0
    money: dict[str, Decimal] = field(default_factory=dict)  # by currency
    reckoned_in: dict[str, int] = field(default_factory=dict)  # how many projects, by currency


@dataclass(frozen=True, slots=True)
class Figures:
    """All projects together, side by side."""

    by_programme: list[Group]
    by_theme: list[Group]
    by_goal: list[Group]
    by_country: list[Group]
    by_year: list[Group]
    by_partner: list[Group]


def figures(user: User) -> Figures:
    """Of officers alone: all of them see the same, so what was reckoned for one is kept for the next. Where projects or
    organisations were written since, only they are counted anew."""
    officers_only(user)
    tally, names = counted(user)
    return Figures(
        by_programme=_most_first(tally["programme"]),
        by_theme=_most_first(tally["theme"]),
        by_goal=_most_first(tally["goal"]),
        by_country=_most_first(tally["country"]),
        by_year=sorted(_groups(tally["year"]), key=lambda one: -(one.value or 0)),
        by_partner=_partners(tally["partner"], names),
    )


def _groups(side: Side) -> list[Group]:
    found = []
    for value, by_currency in side.items():
        group = Group(value)
        for currency, (projects, reckoned, cents) in sorted(by_currency.items()):
            group.projects += projects
            if reckoned:
                group.reckoned_in[currency], group.money[currency] = reckoned, from_cents(cents)
        found.append(group)
    return found


def _most_first(side: Side) -> list[Group]:
    """Those with most projects first, those without any code last."""
    return sorted(_groups(side), key=lambda one: (one.value == "", -one.projects, str(one.value)))


def _partners(side: Side, names: dict[int, str]) -> list[Group]:
    """Organisations with most projects, as (key, name), with the money that they have of them."""
    most = sorted(((sum(one[0] for one in side[key].values()), key) for key in side if key in names), reverse=True)
    least = most[:MOST_PARTNERS][-1][0] if most else 0
    groups = _groups({key: side[key] for many, key in most if many >= least})
    for group in groups:
        group.value = (group.value, names[group.value])
    return sorted(groups, key=lambda one: (-one.projects, folded(one.value[1])))[:MOST_PARTNERS]


def ending_with_nothing_after(projects: QuerySet[Project], year: int) -> list[Project]:
    """Projects that end in a year, no other of whose themes goes on beyond it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    groups: Any = projects.filter(end_latest__gte=first).order_by().values_list("themes")
    until = dict(groups.annotate(until=Max("end_latest")))
    going_on = {theme for themes, day in until.items() if day > last for theme in themes}
    alone = [themes for themes in until if not set(themes) & going_on]
    ending = projects.filter(end_latest__range=(first, last), themes__in=alone).order_by("end_latest", "sort_key")
    columns = ("public_id", "slug", "title", "acronym", "themes", "programme", "end_latest", "end_earliest")
    return list(ending.only(*columns)[:MOST_ENDING]) if alone else []


@dataclass(frozen=True, slots=True)
class Dependence:
    """How much of the money in the currency that is used most comes from one programme."""

    programme: str
    percent: int
    currency: str


def most_used(groups: list[Group]) -> str:
    """The currency in which most projects are reckoned; empty where none has money."""
    used: dict[str, int] = {}
    for group in groups:
        for currency, projects in group.reckoned_in.items():
            used[currency] = used.get(currency, 0) + projects
    return max(used, key=lambda one: used[one], default="")


def dependence(by_programme: list[Group]) -> Dependence | None:
    currency = most_used(by_programme)
    named = [group for group in by_programme if group.value]
    if not currency or not named:
        return None
    total = sum((one.money.get(currency, Decimal(0)) for one in by_programme), Decimal(0))
    most = max(named, key=lambda one: one.money.get(currency, Decimal(0)))
    return Dependence(most.value, int(most.money.get(currency, Decimal(0)) * 100 / total), currency)


REGISTER = (
    "id", "title", "acronym", "programme", "begins", "ends", "lead", "partners", "countries", "themes",
    "dac_purpose", "dac_markers", "sdgs", "budget", "currency", "own", "grant", "cofinancing",
)  # fmt: skip
"""The columns of the register of decentralised cooperation."""

AT_ONCE = 200


def register(user: Reader, name_of: Callable[[Any], str]) -> Iterator[tuple[object, ...]]:
    """The register row by row, so many projects at a time."""
    parts = Participation.objects.filter(among(visible_organisations(user), "organisation"))
    rows = portfolio_of(user).select_related("running").order_by("sort_key", "pk")
    rows = rows.prefetch_related("shares", Prefetch("participations", parts.select_related("organisation")))
    for project in rows.iterator(chunk_size=AT_ONCE):
        yield _registered(project, list(project.participations.all()), name_of)


def _registered(project: Project, parts: list[Participation], name_of: Callable[[Any], str]) -> tuple[object, ...]:
    leads = [part.organisation.name for part in parts if part.role == ParticipationRole.LEAD]
    others = [part.organisation.name for part in parts if part.role != ParticipationRole.LEAD]
    shares = list(project.shares.all())
    together = financing(shares)
    money = [together.own, together.grant, together.cofinancing] if shares else [""] * 3
    return (
        project.public_id, name_of(project.title), project.acronym, project.programme, str(project.start),
        str(project.end), leads, others, project.countries, project.themes, purpose_of(tuple(project.themes)),
        [f"{code}:{score}" for code, score in screened(running_of(project).markers)], project.sdgs, project.budget,
        project.currency, *money,
    )  # fmt: skip
