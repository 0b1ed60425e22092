"""What carries which part of a plan, and what carries none; how far it covers its parent plan and the 2030 Agenda."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, Q, QuerySet, StringAgg, Value
from django.db.models.functions import Cast

from sympolis.engine.texts import vocabulary
from sympolis.engine.texts.themes import generic_themes
from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.models import TagDecision, page_address
from sympolis.office.core.prepared import Prepared, columns_of
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.core.texts import Text
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.queries import visible_relations
from sympolis.office.planning.enums import PlanKind
from sympolis.office.planning.listed import ListedAction
from sympolis.office.planning.models import GeographicalPriority, Plan
from sympolis.office.planning.queries import below, visible_actions, visible_plans
from sympolis.office.planning.tree import Node
from sympolis.office.projects.models import Project
from sympolis.office.projects.queries import visible_projects

MOST_WORKS, MOST_LINKS = 2_000, 10_000
_NAMED = columns_of(
    Organisation, "id", "public_id", "slug", "name", "name_language", "names", "short_name", "kind", "country", "themes"
)


@dataclass(frozen=True, slots=True)
class Work:
    """A project the house takes part in, or a network it is a member of. ``carries``: actions of the plan, by key."""

    title: Text
    address: str
    is_network: bool
    themes: frozenset[str]
    countries: tuple[str, ...]
    carries: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class LineServed:
    """A line with what is linked with its actions, and what else shares a theme with them."""

    node: Node
    carried_by: list[Work]
    kindred: list[Work]

    @property
    def is_served(self) -> bool:
        return bool(self.carried_by or self.kindred)


@dataclass(frozen=True, slots=True)
class PriorityServed:
    priority: GeographicalPriority
    works: list[Work]


@dataclass(frozen=True, slots=True)
class GoalCovered:
    """A goal of the 2030 Agenda with how many actions name it, and its confirmed targets with how many each."""

    goal: int
    actions: int
    targets: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class ParentCovered:
    """A line of the parent plan with the lines of this one that serve it."""

    line: Plan
    by: list[Plan]


@dataclass(slots=True)
class Alignment:
    lines: list[LineServed]
    priorities: list[PriorityServed]
    serving_none: list[Work]
    goals: list[GoalCovered]
    works: list[Work]
    parent: Plan | None = None
    parent_lines: list[ParentCovered] = field(default_factory=list)

    @property
    def unserved_lines(self) -> list[LineServed]:
        return [one for one in self.lines if not one.is_served]

    @property
    def unserved_priorities(self) -> list[PriorityServed]:
        return [one for one in self.priorities if not one.works]

    @property
    def goals_covered(self) -> int:
        return sum(bool(one.actions) for one in self.goals)

    @property
    def targets_covered(self) -> int:
        return sum(len(one.targets) for one in self.goals)

    @property
    def parent_covered(self) -> int:
        return sum(bool(one.by) for one in self.parent_lines)


@dataclass(frozen=True, slots=True)
class Links:
    """The networks a house is a member of, and the country of whoever it is linked with, once for each link."""

    networks: list[Organisation]
    countries: list[str]


def links_of(user: Reader, house: Organisation, on: date) -> Links:
    """What held on a day, either way; examples and what nobody confirmed are none. One question."""
    networks: dict[int, Organisation] = {}
    countries = []
    for kind, begins, *ends in _held_on(on).read(user, house.pk):
        one, other = ends[: len(_NAMED)], ends[len(_NAMED) :]
        outward = begins == house.pk
        far = Organisation.from_db(DEFAULT_DB_ALIAS, _NAMED, other if outward else one)
        countries.append(far.country)
        if outward and kind == RelationType.MEMBER_OF:
            networks.setdefault(far.pk, far)
    return Links(list(networks.values()), [country for country in countries if country and country != house.country])


@lru_cache(maxsize=4)  # today's, and of the days that reports are of
def _held_on(on: date) -> Prepared:
    """What kind of relation it is, where it begins, and both ends of it, of one house."""

    def question(user: Reader, house: int) -> QuerySet[Any, Any]:
        rows = visible_relations(user).filter(illustrative=False, confirmed=True)
        rows = Moment.now(on).possible(rows.filter(Q(from_organisation=house) | Q(to_organisation=house)))
        ends = [f"{end}__{name}" for end in ("from_organisation", "to_organisation") for name in _NAMED]
        held = rows.order_by("to_organisation__sort_key", "pk")[:MOST_LINKS]
        return held.values_list("type", "from_organisation_id", *ends)

    return Prepared(question)


def works_of(user: Reader, house: Organisation, links: Links, actions: Iterable[ListedAction]) -> list[Work]:
    """The projects the house takes part in and the networks it is a member of: one question. Examples are none."""
    projects = [
        Work(
            title, page_address(Project.PAGE, slug, public_id), False, frozenset(themes), abroad(countries, house),
            frozenset(map(int, (carries or "").split())),
        )
        for public_id, slug, title, themes, countries, carries in _WORKS.read(
            user, house.pk, json.dumps([one.pk for one in actions])
        )
    ]  # fmt: skip
    networks = [
        Work(one.title_text(), one.get_absolute_url(), True, frozenset(one.themes), abroad((one.country,), house))
        for one in links.networks
    ]
    return [*projects, *networks]


def _works_question(user: Reader, house: int, actions: str) -> QuerySet[Any, Any]:
    carried = StringAgg(Cast("actions__pk", CharField()), Value(" "), filter=OneOf("actions__pk", actions))
    mine = visible_projects(user).filter(illustrative=False, participations__organisation=house)
    rows = mine.annotate(carries=carried).order_by("sort_key", "pk")[:MOST_WORKS]
    return rows.values_list("public_id", "slug", "title", "themes", "countries", "carries")


_WORKS = Prepared(_works_question)


def abroad(countries: Iterable[str], house: Organisation) -> tuple[str, ...]:
    """Everything the house does is done at home as well."""
    return tuple(one for one in countries if one and one != house.country)


def alignment_of(
    user: Reader, tree: Node, parents: Sequence[Plan], works: Sequence[Work], priorities: Iterable[GeographicalPriority]
) -> Alignment:
    """Two questions besides what is handed in."""
    inside: dict[int, Inside] = {}
    _look_into(tree, inside)
    lines = [_line(node, inside[node.plan.pk], works) for node in tree.walk() if node is not tree]
    served = [
        PriorityServed(one, [work for work in works if one.is_served_by(work.countries)]) for one in priorities
    ]  # fmt: skip
    themes = inside[tree.plan.pk].themes
    of_priorities = {id(work) for one in served for work in one.works}
    none = [
        work for work in works
        if not work.carries and not work.themes & themes and id(work) not in of_priorities
    ]  # fmt: skip
    found = Alignment(lines, served, none, _goals(user, tree), list(works))
    found.parent = next((one for one in reversed(parents) if one.kind == PlanKind.PLAN), None)
    if found.parent is not None:
        found.parent_lines = _parent_lines(user, found.parent, tree)
    return found


class Inside(NamedTuple):
    """The keys of the actions in a line, at any depth, and the themes of all of them, without those that say little on
    their own: nearly everything shares them."""

    keys: frozenset[int]
    themes: frozenset[str]


def _look_into(node: Node, found: dict[int, Inside]) -> Inside:
    """Each action is looked at once, however deep it stands."""
    parts = [_look_into(child, found) for child in node.children]
    themes = frozenset(theme for action in node.actions for theme in action.themes) - generic_themes()
    inside = Inside(
        frozenset(action.pk for action in node.actions).union(*(part.keys for part in parts)),
        themes.union(*(part.themes for part in parts)),
    )
    found[node.plan.pk] = inside
    return inside


def _line(node: Node, inside: Inside, works: Sequence[Work]) -> LineServed:
    keys, themes = inside
    carried = [work for work in works if work.carries & keys]
    kindred = [work for work in works if work.themes & themes and not work.carries & keys]
    return LineServed(node, carried, kindred)


def _goals(user: Reader, tree: Node) -> list[GoalCovered]:
    named = Counter(goal for action in tree.all_actions() for goal in action.sdgs)
    confirmed = Counter(code for (code,) in _TARGETS.rows(user, json.dumps([node.plan.pk for node in tree.walk()])))
    targets: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for one in vocabulary.targets():
        if confirmed[one.code]:
            targets[one.code.split(".")[0]].append((one.code, confirmed[one.code]))
    return [GoalCovered(one.code, named[str(one.code)], targets[str(one.code)]) for one in vocabulary.sdgs()]


def _targets_question(user: Reader, plans: str) -> QuerySet[Any, Any]:
    """The targets of the 2030 Agenda that somebody confirmed of an action in one of the plans."""
    ours = visible_actions(user).filter(OneOf("plan_id", plans)).order_by()
    said = TagDecision.objects.filter(
        record__in=ours.values("public_id"), scheme=TagScheme.TARGET, verdict=TagVerdict.CONFIRMED
    )
    return said.values_list("code")


_TARGETS = Prepared(_targets_question)


def _parent_lines(user: Reader, parent: Plan, tree: Node) -> list[ParentCovered]:
    """The lines of the parent plan that are no part of this one, with which of ours serve each: one question."""
    ours = {node.plan.pk: node.plan for node in tree.walk()}
    serving = StringAgg(Cast("served_by__pk", CharField()), Value(" "), filter=Q(served_by__in=list(ours)))
    seen: Any = below(visible_plans(user), parent.pk).exclude(pk__in=[*ours, parent.pk])
    lines = seen.only("public_id", "slug", "title", "code").annotate(serving=serving)
    return [
        ParentCovered(one, [ours[pk] for pk in sorted(map(int, (one.serving or "").split()))])
        for one in lines.order_by("code", "position", "pk")
    ]
