"""Where in the world contributions and actions are about what: themes against parts of the world."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from sympolis.office.core.queries import Reader
from sympolis.office.planning.listed import ListedAction
from sympolis.office.planning.models import Contribution, Plan, Session
from sympolis.office.planning.queries import below, visible_plans
from sympolis.office.planning.sessions.queries import visible_contributions, visible_sessions
from sympolis.office.planning.tracing.places import parts_of_the_world

NOT_SAID = ""
type Place = tuple[str, str]
"""A theme and a part of the world; either may not be said."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """How many contributions and how many actions are about a theme in a part of the world. One that has several of
    either counts in each of them; ``contributions`` and ``actions`` count everything once."""

    asked: Counter[Place] = field(default_factory=Counter)
    done: Counter[Place] = field(default_factory=Counter)
    contributions: int = 0
    actions: int = 0

    @property
    def themes(self) -> list[str]:
        """Those that anything is about, what was asked for most first; what has none is last."""
        totals = Counter(theme for theme, _region in self.asked.elements())
        names = {theme for theme, _region in (*self.asked, *self.done)}
        return sorted(names, key=lambda one: (one == NOT_SAID, -totals[one], one))

    @property
    def regions(self) -> list[str]:
        names = {region for _theme, region in (*self.asked, *self.done)}
        return sorted(names, key=lambda one: (one == NOT_SAID, one))

    @property
    def most(self) -> int:
        return max(self.asked.values(), default=0)

    @property
    def gaps(self) -> list[Place]:
        """What was asked for somewhere and no action is about there, the most asked for first."""
        known = [place for place in self.asked if NOT_SAID not in place and not self.done[place]]
        return sorted(known, key=lambda place: (-self.asked[place], place))

    @property
    def without_place(self) -> int:
        """Contributions of which nobody said where, once for each of their themes."""
        return sum(count for (_theme, region), count in self.asked.items() if region == NOT_SAID)


def heat_map(user: Reader, plan: Plan, actions: Iterable[ListedAction]) -> HeatMap:
    """Of what was said in sessions on a plan and its parts, as far as the reader may see: one question."""
    asked, contributions = _counted(_rows(said_about(user, plan)))
    actions = list(actions)
    done, count = _counted((one.themes, one.countries, one.regions, 1) for one in actions)
    return HeatMap(asked, done, contributions, count)


def said_about(user: Reader, plan: Plan) -> QuerySet[Contribution]:
    sessions: QuerySet[Session] = visible_sessions(user).order_by().filter(plan__in=below(visible_plans(user), plan.pk))
    return visible_contributions(user).filter(session__in=sessions)


def _rows(said: QuerySet[Contribution]) -> Iterator[tuple[Any, ...]]:
    """Put together by the database: thousands of contributions are some hundred different rows."""
    columns = ("themes", "countries", "regions")
    yield from said.order_by().values_list(*columns).annotate(n=Count("pk"))


def _counted(rows: Iterable[tuple[Any, ...]]) -> tuple[Counter[Place], int]:
    found: Counter[Place] = Counter()
    everything = 0
    for themes, countries, regions, count in rows:
        everything += count
        for theme in themes or (NOT_SAID,):
            for region in parts_of_the_world(countries, regions) or (NOT_SAID,):
                found[theme, region] += count
    return found, everything
