"""How many projects there are and how much money they have, by what they have in common; kept between looks.

What each project adds is kept beside the sums. After a writing, what was counted of the projects written since is taken
away and what they are now is added, so a look after it costs as much as what was written, not as all there is. All is
counted anew where much was written at once, or where an organisation's part changed without its projects (as when two
organisations are made one)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, Count, F, Q, QuerySet, Subquery, Value

from sympolis.office.core.models import User
from sympolis.office.core.queries import Reader, among
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.queries import changeable_projects
from sympolis.office.projects.running.sums import exact_sum

type Side = dict[Any, dict[str, list[int]]]
"""Value -> currency -> how many projects, how many of them with money, how many cents."""

SIDES = ("programme", "theme", "goal", "country", "year", "partner")
KEPT, KEPT_S = "portfolio-counted", 30 * 24 * 3600
TOGETHER = 8  # what so many projects add is kept in one place
MOST_ANEW = 100
"""Of more projects or organisations written since, all are counted: reading where they are kept would take as long."""


@dataclass(frozen=True, slots=True)
class Added:
    """What one project adds."""

    currency: str
    cents: int
    values: tuple[tuple[str, Any], ...]  # side and value
    parts: tuple[tuple[int, int], ...]  # organisation and cents


@dataclass(slots=True)
class Kept:
    stamp: tuple[Any, ...]
    sides: dict[str, Side]
    names: dict[int, str]  # of the organisations that the office sees
    places: dict[int, str]
    """What so many projects add was kept by this look, whose name is part of where: never written twice, so that two at
    once do no harm. One name for all that one look kept, for it is read and written with every other."""


def portfolio_of(user: Reader) -> QuerySet[Project]:
    return changeable_projects(user).filter(illustrative=False)


def counted(user: User) -> tuple[dict[str, Side], dict[int, str]]:
    """The sums by side, and the names of organisations. For officers alone."""
    stamp = _stamp(user)
    kept: Kept | None = cache.get(KEPT)
    if kept is None or kept.stamp != stamp:
        kept = (_counted_since(user, kept, stamp) if kept else None) or _all_counted(user, stamp)
        cache.set(KEPT, kept, KEPT_S)
    return kept.sides, kept.names


def _stamp(user: User) -> tuple[Any, ...]:
    """Changes with every writing of a project, of who takes part in one, and of an organisation: each is a version in
    a history, which only grows. One question, answered from ends of indexes."""
    histories: Any = (Project.history.model, Organisation.history.model)
    keys = [(one, "history_id") for one in histories] + [(Project, "pk"), (Participation, "pk")]
    last = [Subquery(one._default_manager.order_by(f"-{key}").values(key)[:1]) for one, key in keys]
    found: tuple[Any, ...] = User.objects.filter(pk=user.pk).values_list(*last).get()
    return found


def _all_counted(user: User, stamp: tuple[Any, ...]) -> Kept:
    kept = Kept(stamp, {side: {} for side in SIDES}, {}, {})
    places: dict[int, dict[int, Added]] = {}
    for key, added in _added(user, portfolio_of(user), _parts(user), kept.names):
        _put(kept.sides, added, 1)
        places.setdefault(key // TOGETHER, {})[key] = added
    _keep(kept, places)
    return kept


def _counted_since(user: User, kept: Kept, stamp: tuple[Any, ...]) -> Kept | None:
    """What was kept, with what was written since; None where all must be counted."""
    projects, houses = _written_since(kept.stamp, stamp)
    if len(projects) > MOST_ANEW or len(houses) > MOST_ANEW:
        return None
    numbers = {key // TOGETHER for key in projects}
    old = cache.get_many(_place(number, look) for number, look in kept.places.items() if number in numbers)
    places: dict[int, dict[int, Added]] = {}
    for number in numbers:
        look = kept.places.get(number)
        if look and _place(number, look) not in old:
            return None
        places[number] = old[_place(number, look)] if look else {}
    for key in projects:
        if was := places[key // TOGETHER].pop(key, None):
            _put(kept.sides, was, -1)
    rows = portfolio_of(user).filter(pk__in=projects)
    for key, added in _added(user, rows, _parts(user).filter(project__in=projects), kept.names):
        _put(kept.sides, added, 1)
        places[key // TOGETHER][key] = added
    if not _houses_hold(user, kept, houses):
        return None
    _keep(kept, places)
    cache.delete_many(old)
    kept.stamp = stamp
    return kept


def _written_since(stamp: tuple[Any, ...], now: tuple[Any, ...]) -> tuple[set[int], set[int]]:
    """Keys of projects and of organisations that were written since, in one question to those that moved."""
    histories: Any = (Project.history.model._default_manager, Organisation.history.model._default_manager)
    moved = [(was or 0, was != is_now) for was, is_now in zip(stamp, now, strict=True)]
    (project, _), (house, _), (last, _), (part, _) = moved
    asked = [
        _named("project", histories[0].filter(history_id__gt=project), "id"),
        _named("house", histories[1].filter(history_id__gt=house), "id"),
        _named("project", Project.objects.filter(pk__gt=last), "pk"),
        _named("project", Participation.objects.filter(pk__gt=part), "project_id"),
    ]
    needed = [rows for rows, (_was, has_moved) in zip(asked, moved, strict=True) if has_moved]
    found: dict[str, set[int]] = {"project": set(), "house": set()}
    for what, key in needed[0].union(*needed[1:]).order_by() if len(needed) > 1 else needed[0]:
        found[what].add(key)
    return found["project"], found["house"]


def _named(what: str, rows: Any, key: str) -> Any:
    return rows.order_by().annotate(what=Value(what, CharField()), key=F(key)).values_list("what", "key")


def _parts(user: User) -> QuerySet[Participation]:
    return Participation.objects.filter(
        among(visible_organisations(user), "organisation"), project__illustrative=False
    ).order_by()


def _added(
    user: User, projects: QuerySet[Project], parts: QuerySet[Participation], names: dict[int, str]
) -> Iterator[tuple[int, Added]]:
    """What each project adds; the names of their partners are put beside."""
    of: dict[int, list[tuple[int, int]]] = {}
    for project, house, name, money in parts.values_list("project", "organisation", "organisation__name", "money"):
        of.setdefault(project, []).append((house, int(money.scaleb(2)) if money else 0))
        names[house] = name
    columns = ("pk", "currency", "budget", "programme", "start_earliest", "themes", "sdgs", "countries")
    for key, currency, budget, programme, began, *codes in projects.order_by().values_list(*columns):
        values = [("programme", programme), ("year", began.year if began else None)]
        for side, found in zip(("theme", "goal", "country"), codes, strict=True):
            values += [(side, code) for code in dict.fromkeys(found) or ("",)]
        cents = int(budget.scaleb(2)) if budget else 0
        yield key, Added(currency, cents, tuple(values), tuple(of.get(key, ())))


def _put(sides: dict[str, Side], added: Added, sign: int) -> None:
    """One project more (1) or less (-1)."""
    for side, value in added.values:
        _put_one(sides[side], value, added.currency, added.cents, sign)
    for house, cents in added.parts:
        _put_one(sides["partner"], house, added.currency, cents, sign)


def _put_one(side: Side, value: Any, currency: str, cents: int, sign: int) -> None:
    by_currency = side.setdefault(value, {})
    sums = by_currency.setdefault(currency, [0, 0, 0])
    sums[0] += sign
    if cents:
        sums[1] += sign
        sums[2] += sign * cents
    if not sums[0]:
        del by_currency[currency]
        if not by_currency:
            del side[value]


def _houses_hold(user: User, kept: Kept, houses: Iterable[int]) -> bool:
    """Whether what is counted of these organisations is what they have; their names are read anew."""
    if not houses:
        return True
    with_money = Count("pk", filter=~Q(money=None) & ~Q(money=0))
    rows = _parts(user).filter(organisation__in=houses)
    sums = rows.values_list("organisation", "organisation__name", "project__currency").annotate(
        many=Count("pk"), reckoned=with_money, cents=exact_sum("money")
    )
    found: Side = {}
    for house, name, currency, many, reckoned, cents in sums:
        found.setdefault(house, {})[currency] = [many, reckoned, cents]
        kept.names[house] = name
    return all(found.get(house) == kept.sides["partner"].get(house) for house in houses)


def _keep(kept: Kept, places: dict[int, dict[int, Added]]) -> None:
    look = uuid.uuid4().hex
    cache.set_many({_place(number, look): added for number, added in places.items()}, KEPT_S)
    kept.places |= dict.fromkeys(places, look)


def _place(number: int, look: str) -> str:
    return f"{KEPT}-{look}-{number}"
