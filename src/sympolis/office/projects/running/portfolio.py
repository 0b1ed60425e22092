"""The office's projects together: how many and how much by programme, theme, goal, country, partner and year, what ends
with nothing after it, and what hangs on one programme. Examples do not count; currencies are never added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Count, IntegerField, Prefetch, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, NullIf, Substr

from sympolis.engine.iati.markers import screened
from sympolis.engine.iati.write import purpose_of
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.queries import Reader, among
from sympolis.office.core.texts import folded
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.enums import ParticipationRole
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.queries import changeable_projects
from sympolis.office.projects.running.queries import running_of
from sympolis.office.projects.running.sums import exact_sum, from_cents

MOST_PARTNERS = 30
MOST_ENDING = 50


@dataclass(slots=True)
class Group:
    """Projects that have something in common. A project counts in each of its themes, goals and countries."""

    value: Any
    projects: int = 0
    money: dict[str, Decimal] = field(default_factory=dict)  # by currency
    reckoned_in: dict[str, int] = field(default_factory=dict)  # how many projects, by currency

    def add(self, projects: int, currency: str, cents: int) -> None:
        self.projects += projects
        if cents:
            self.reckoned_in[currency] = self.reckoned_in.get(currency, 0) + projects
            self.money[currency] = self.money.get(currency, Decimal(0)) + from_cents(cents)


def portfolio_of(user: Reader) -> QuerySet[Project]:
    return changeable_projects(user).filter(illustrative=False)


def grouped(projects: QuerySet[Project], column: str) -> list[Group]:
    """By each of the codes of a column: those with most projects first, those without any last."""
    rows = projects.order_by().values_list(column, "currency").annotate(many=Count("pk"), cents=exact_sum("budget"))
    return _together((_codes(value), count, currency, cents) for value, currency, count, cents in rows)


def by_programme_and_year(projects: QuerySet[Project]) -> tuple[list[Group], list[Group]]:
    """By programme as above, and by the year they begin in, the last first; in one question."""
    year = Cast(NullIf(Substr(Cast("start_earliest", TextField()), 1, 4), Value("")), IntegerField())
    rows = list(
        projects.order_by()
        .values_list("programme", year, "currency")
        .annotate(many=Count("pk"), cents=exact_sum("budget"))
    )
    programmes = _together(((programme,), count, currency, cents) for programme, _, currency, count, cents in rows)
    years = _together(((began,), count, currency, cents) for _, began, currency, count, cents in rows)
    return programmes, sorted(years, key=lambda one: -(one.value or 0))


def by_partner(user: Reader) -> list[Group]:
    """Organisations with most projects, as (key, name), with the money that they have of them."""
    parts = Participation.objects.filter(
        among(changeable_projects(user), "project"), among(visible_organisations(user), "organisation"),
        project__illustrative=False,
    )  # fmt: skip
    rows = parts.order_by().values_list("organisation", "organisation__name", "project__currency")
    counted = rows.annotate(many=Count("project"), cents=exact_sum("money"))
    found: dict[int, Group] = {}
    for key, name, currency, many, cents in counted:
        found.setdefault(key, Group((key, name))).add(many, currency, cents)
    return sorted(found.values(), key=lambda one: (-one.projects, folded(one.value[1])))[:MOST_PARTNERS]


def _codes(value: Any) -> tuple[Any, ...]:
    return tuple(value) or ("",)


def _together(rows: Iterable[tuple[tuple[Any, ...], int, str, int]]) -> list[Group]:
    found: dict[Any, Group] = {}
    for values, count, currency, cents in rows:
        for value in values:
            found.setdefault(value, Group(value)).add(count, currency, cents)
    return sorted(found.values(), key=lambda one: (one.value in {"", None}, -one.projects, str(one.value)))


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
    """Of officers alone: all of them see the same, so what was reckoned for one is kept for the next, until a project
    or an organisation is written. With thousands of projects of fifty partners reckoning takes ten times as long as a
    page may."""
    officers_only(user)
    stamp = _stamp(user)
    kept: tuple[Any, Figures] | None = cache.get(KEPT)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    projects = portfolio_of(user)
    programmes, years = by_programme_and_year(projects)
    found = Figures(
        by_programme=programmes,
        by_theme=grouped(projects, "themes"),
        by_goal=grouped(projects, "sdgs"),
        by_country=grouped(projects, "countries"),
        by_year=years,
        by_partner=by_partner(user),
    )
    cache.set(KEPT, (stamp, found), KEPT_S)
    return found


KEPT, KEPT_S = "portfolio-figures", 24 * 3600


def _stamp(user: User) -> tuple[Any, ...]:
    """Changes with every writing of a project, of who takes part in one, and of an organisation: each is a version in
    a history, which only grows. One question, answered from ends of indexes."""
    histories: Any = (Project.history.model, Organisation.history.model)
    keys = [(one, "history_id") for one in histories] + [(Project, "pk"), (Participation, "pk")]
    last = [Subquery(one._default_manager.order_by(f"-{key}").values(key)[:1]) for one, key in keys]
    found: tuple[Any, ...] = User.objects.filter(pk=user.pk).values_list(*last).get()
    return found


def ending_with_nothing_after(projects: QuerySet[Project], year: int) -> list[Project]:
    """Projects that end in a year, no other of whose themes goes on beyond it."""
    last = date(year, 12, 31)
    beyond = projects.filter(end_latest__gt=last).order_by().values_list("themes", flat=True).distinct()
    going_on = {theme for themes in beyond for theme in themes}
    ending = projects.filter(end_latest__range=(date(year, 1, 1), last)).order_by("end_latest", "sort_key")
    alone = [key for key, themes in ending.values_list("pk", "themes") if not set(themes) & going_on][:MOST_ENDING]
    shown = projects.only("public_id", "slug", "title", "acronym", "themes", "programme", "end_latest", "end_earliest")
    found = shown.in_bulk(alone)
    return [found[key] for key in alone]


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
    money = [sum((getattr(one, name) for one in shares), Decimal(0)) if shares else "" for name in (
        "own", "grant", "cofinancing")]  # fmt: skip
    return (
        project.public_id, name_of(project.title), project.acronym, project.programme, str(project.start),
        str(project.end), leads, others, project.countries, project.themes, purpose_of(tuple(project.themes)),
        [f"{code}:{score}" for code, score in screened(running_of(project).markers)], project.sdgs, project.budget,
        project.currency, *money,
    )  # fmt: skip
