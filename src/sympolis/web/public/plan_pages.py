"""What pages of a plan show: its tree with how far it is, its actions by goal, place, department and time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sympolis.engine.texts import vocabulary
from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.queries import Counted, Reader
from sympolis.office.directory.queries import visible_departments, visible_organisations
from sympolis.office.planning.models import Action, Milestone, Plan
from sympolis.office.planning.progress import ActionProgress
from sympolis.office.planning.queries import ABOVE, BELOW, progress_of, visible_actions, visible_plans
from sympolis.office.planning.tree import Node, build_tree, in_order, inside, parents_among
from sympolis.office.planning.voices.queries import tallied
from sympolis.web.public.lists import by_name, language

SHOWN_WITH_LINES = 60
"""With more actions than these a page names those of its own, and leads to the lines for theirs."""
LATELY = 40
LAST_HEADING = 6
ROW = ("folded", "imported", "note", "progress_reason", "status_reason", "objective")
LISTED = (
    "public_id", "slug", "title", "code", "position", "plan", "status", "weight", "stated_progress", "visibility",
    "confirmed", "illustrative", "themes", "sdgs", "countries", "regions", "place", "department", "starts_earliest",
    "starts_latest", "ends_earliest", "ends_latest", "began_earliest", "began_latest", "finished_earliest",
    "finished_latest", "updated_at", "reported_at",
)  # fmt: skip
COUNTED = ("plan", "status", "weight", "stated_progress", "position")
PLAN_ROW = ("folded", "imported", "note")
_CODE = re.compile("[A-Z]{2}|[0-9]{3}")


@dataclass(slots=True)
class PlanPage:
    """A plan, line or measure with all that is below it, as one reader sees it."""

    plan: Plan
    parents: list[Plan]
    siblings: list[Plan]
    tree: Node
    progress: dict[int, ActionProgress]
    is_small: bool  # every action is named
    drawn: dict[int, SafeString] = field(default_factory=dict)  # the line of each action that was drawn

    @property
    def lines(self) -> list[tuple[Node, int]]:
        """What is below it, from the top, with the level its heading has."""
        return [(node, level) for child in self.tree.children for node, level in _levels(child, 2)]

    @property
    def whole(self) -> Plan:
        """The topmost plan this is part of."""
        return self.parents[0] if self.parents else self.plan


def _levels(node: Node, level: int) -> Iterator[tuple[Node, int]]:
    yield node, min(level, LAST_HEADING)
    for child in node.children:
        yield from _levels(child, level + 1)


def plan_page(
    user: Reader, plan: Plan, whole: bool = False, listed: bool = False, how_far: bool = True
) -> PlanPage:  # fmt: skip
    """Three questions, however large the plan is; four where not every action is named. ``whole``: with all words of
    every action all the same; ``listed``: with what a list of them says; without ``how_far`` nobody asks how far they
    are, which is a question less."""
    related = _related(user, plan)
    parents = parents_among(related, plan)
    siblings = sorted((one for one in related if one.parent_id == plan.parent_id and one.pk != plan.pk), key=in_order)
    parts = inside(related, plan)
    is_small = sum(one.deeds for one in parts) <= SHOWN_WITH_LINES
    if whole or listed:
        seen = visible_actions(user).filter(plan__in=[one.pk for one in parts])
        actions = list(seen.defer(*ROW) if whole else seen.only(*LISTED))
    else:
        actions = _actions(user, plan, parts, is_small)
    progress = progress_of(actions) if how_far else {}
    tree = build_tree(plan, parts, actions, progress, *levels_above(plan, parents))
    for node in tree.walk():
        node.plan.listed_actions = node.actions if is_small or node.plan.pk == plan.pk else []  # type: ignore[attr-defined]
    return PlanPage(plan, parents, siblings if parents else [], tree, progress, is_small)


def _related(user: Reader, plan: Plan) -> list[Any]:
    """The plan, what it is part of, what is part of it and what is beside it, each with how many actions it has
    (``deeds``)."""
    of = Q(pk__in=RawSQL(BELOW, [plan.pk])) | Q(pk__in=RawSQL(ABOVE, [plan.pk]))  # noqa: S611  # parameters
    if plan.parent_id:
        of |= Q(parent=plan.parent_id)
    deeds = Counted(visible_actions(user).filter(plan=OuterRef("pk")))
    return list(visible_plans(user).filter(of).annotate(deeds=deeds).defer(*PLAN_ROW))


def _actions(user: Reader, plan: Plan, plans: list[Any], with_words: bool) -> list[Action]:
    """The actions of plans; where not all are to have words, those of ``plan`` itself have."""
    seen = visible_actions(user)
    if with_words:
        return list(tallied(seen.filter(plan__in=[one.pk for one in plans])).defer(*ROW))
    parts = seen.filter(plan__in=[one.pk for one in plans if one.pk != plan.pk])
    own = any(one.deeds for one in plans if one.pk == plan.pk)
    return [*parts.only(*COUNTED), *(seen.filter(plan=plan).defer(*ROW) if own else ())]


def levels_above(plan: Plan, parents: list[Plan]) -> tuple[Any, int]:
    """How the levels are called that a line stands in, and how deep it stands in them."""
    for depth, one in enumerate(reversed(parents), 1):
        if one.kind == "plan":
            return one.levels, depth
    return None, 0


def with_doers(user: Reader, actions: list[Action]) -> list[Action]:
    """With who does each, of those the reader may see: one question."""
    doers = visible_organisations(user).only("public_id", "slug", "name", "name_language", "names", "short_name")
    prefetch_related_objects(actions, Prefetch("organisations", doers))
    return actions


@dataclass(frozen=True, slots=True)
class Group:
    """Actions under a heading; ``known`` is False where the heading says that it is not stated."""

    heading: str
    actions: list[Action]
    known: bool = True
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, or shall, on a day."""

    day: date
    words: str
    action: Action
    title: Any = ""


WAYS = {
    "goals": gettext_lazy("By goal"),
    "places": gettext_lazy("By place"),
    "departments": gettext_lazy("By department"),
    "time": gettext_lazy("Over time"),
    "heat": gettext_lazy("Themes and places"),
    "alignment": gettext_lazy("What carries it"),
    "changes": gettext_lazy("What changed lately"),
}


def grouped(user: Reader, way: str, actions: list[Action]) -> list[Group]:
    """The actions under each heading; one that has several stands under each of them."""
    named: dict[str, Callable[[Action], Iterable[str]]] = {
        "goals": lambda action: action.sdgs,
        "places": _places,
        "departments": _departments(user, actions) if way == "departments" else lambda action: (),
    }
    found: dict[str, list[Action]] = defaultdict(list)
    rest: list[Action] = []
    for action in actions:
        headings = list(dict.fromkeys(named[way](action)))
        for heading in headings:
            found[heading].append(action)
        if not headings:
            rest.append(action)
    groups = [Group(label, found[code], anchor=_anchor(way, code)) for code, label in _labelled(way, found)]
    return [*groups, Group(_("Not stated"), rest, known=False)] if rest else groups


def _labelled(way: str, found: Iterable[str]) -> list[tuple[str, str]]:
    if way == "goals":
        goals = sorted((code for code in found), key=lambda code: int(code) if code.isdigit() else 0)
        return [(code, f"{_goal(code)} · {vocabulary.label('sdgs', code, language())}") for code in goals]
    if way == "places":
        named = by_name((COUNTRIES.name(code, language()), code) for code in found)
        return [(code, label) for label, code in named]
    return [(label, label) for label in (pair[0] for pair in by_name((one, one) for one in found))]


def _anchor(way: str, code: str) -> str:
    """Where the map leads to."""
    return f"place-{code}" if way == "places" and _CODE.fullmatch(code) else ""


def _goal(code: str) -> str:
    return _("SDG %(goal)s") % {"goal": code}


def _places(action: Action) -> Iterable[str]:
    yield from action.countries
    yield from action.regions
    if action.place:
        yield action.place


def _departments(user: Reader, actions: list[Action]) -> Callable[[Action], Iterable[str]]:
    wanted = {action.department_id for action in actions if action.department_id}
    names = {one.pk: str(one.name.best(language()).text) for one in visible_departments(user).filter(pk__in=wanted)}
    return lambda action: [names[action.department_id]] if action.department_id in names else []


def timeline(actions: list[Action]) -> list[Moment]:
    """Beginnings, ends and milestones in the order of their days: one question."""
    by_pk = {action.pk: action for action in actions}
    moments = []
    for action in actions:
        begins = action.began or action.starts
        ends = action.finished or action.ends
        if begins and begins.earliest:
            moments.append(Moment(begins.earliest, _("begins"), action))
        if ends and ends.latest:
            moments.append(Moment(ends.latest, _("ends"), action))
    for step in Milestone.objects.filter(action__in=list(by_pk)):
        if on := step.done_on or step.due:
            words = _("milestone done") if step.done_on else _("milestone due")
            moments.append(Moment(on, words, by_pk[step.action_id], step.title))
    return sorted(moments, key=lambda one: (one.day, one.action.pk))


def changed_lately(page: PlanPage) -> list[Any]:
    """The lines and actions that were written last, the newest first."""
    lines = [node.plan for node in page.tree.walk()]
    both: list[Any] = [*lines, *page.tree.all_actions()]
    for one in both:
        reported = getattr(one, "reported_at", None)
        one.changed_at = max(one.updated_at, reported) if reported else one.updated_at
    return sorted(both, key=lambda one: (one.changed_at, one.pk), reverse=True)[:LATELY]
