"""What pages of a plan show: its tree with how far it is, its actions by goal, place, department and time."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sympolis.engine.texts import vocabulary
from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.prepared import Prepared, columns_of
from sympolis.office.core.queries import Counted, OneOf, Reader
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_departments, visible_organisations
from sympolis.office.planning.listed import COUNTED, NAMED, ListedAction, listed, read_day
from sympolis.office.planning.models import Action, Milestone, Plan
from sympolis.office.planning.progress import ActionProgress
from sympolis.office.planning.queries import (
    ABOVE,
    ANYBODY,
    BELOW,
    actions_in,
    progress_of,
    visible_actions,
    visible_plans,
)
from sympolis.office.planning.tree import Node, build_tree, in_order, inside, parents_among
from sympolis.web.public.lists import by_name, language

SHOWN_WITH_LINES = 60
"""With more actions than these a page names those of its own, and leads to the lines for theirs."""
LATELY = 40
PLACES = ("countries", "regions")
GROUPED = ("goals", "places", "departments")
LAST_HEADING = 6
ROW = ("folded", "imported", "note", "progress_reason", "status_reason", "objective", "local_targets")
PLAN_ROW = (
    "folded", "imported", "note", "source", "source_id", "source_url", "retrieved_at", "sort_key", "created_at",
    "starts_earliest", "starts_latest", "ends_earliest", "ends_latest", "published_comments",
)  # fmt: skip
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


def plan_page(user: Reader, plan: Plan, whole: bool = False) -> PlanPage:
    """Three questions, however large the plan is; four where not every action is named. ``whole``: with all words of
    every action all the same."""
    related = _related(user, plan)
    parts = inside(related, plan)
    is_small = sum(one.deeds for one in parts) <= SHOWN_WITH_LINES
    actions = _actions(user, plan, parts, whole or is_small)
    return _page(plan, related, actions, progress_of(actions), is_small)


def listed_page(user: Reader, plan: Plan, *columns: str, how_far: bool = False) -> PlanPage:
    """All actions of a plan, each with what a list says of it (``columns``): two questions, one more with how far they
    are."""
    related = _related(user, plan)
    actions = actions_in(user, [one.pk for one in inside(related, plan)], *columns)
    return _page(plan, related, actions, progress_of(actions) if how_far else {}, is_small=False)


def _page(
    plan: Plan, related: list[Any], actions: Sequence[Any], progress: dict[int, ActionProgress], is_small: bool
) -> PlanPage:
    parents = parents_among(related, plan)
    siblings = sorted((one for one in related if one.parent_id == plan.parent_id and one.pk != plan.pk), key=in_order)
    tree = build_tree(plan, inside(related, plan), actions, progress, *levels_above(plan, parents))
    for node in tree.walk():
        node.plan.listed_actions = node.actions if is_small or node.plan.pk == plan.pk else []  # type: ignore[attr-defined]
    return PlanPage(plan, parents, siblings if parents else [], tree, progress, is_small)


def _related(user: Reader, plan: Plan) -> list[Any]:
    """The plan, what it is part of, what is part of it and what is beside it, each with how many actions it has
    (``deeds``)."""
    found: list[Any] = []
    for *row, deeds in _RELATED.read(user, plan.pk, plan.parent_id or 0):
        one: Any = Plan.from_db(connection.alias, _COLUMNS, row)
        one.deeds = deeds
        found.append(one)
    return found


def _related_question(user: Reader, plan: int, parent: int) -> QuerySet[Any, Any]:
    of = Q(pk__in=RawSQL(BELOW, [plan])) | Q(pk__in=RawSQL(ABOVE, [plan])) | Q(parent=parent)  # noqa: S611  # parameters
    deeds = Counted(visible_actions(user).filter(plan=OuterRef("pk")))
    return visible_plans(user).filter(of).annotate(deeds=deeds).values_list(*_COLUMNS, "deeds")


_COLUMNS = [field.attname for field in Plan._meta.concrete_fields if field.name not in PLAN_ROW]
_RELATED = Prepared(_related_question)


def _actions(user: Reader, plan: Plan, plans: list[Any], with_words: bool) -> list[Any]:
    """The actions of plans; where not all are to have words, those of ``plan`` itself have."""
    if with_words:
        return _in_words(user, [one.pk for one in plans])
    others = [one.pk for one in plans if one.pk != plan.pk]
    parts = actions_in(user, others, *COUNTED) if others else []
    own = any(one.deeds for one in plans if one.pk == plan.pk)
    return [*parts, *(_in_words(user, [plan.pk]) if own else ())]


def _in_words(user: Reader, plans: list[int]) -> list[Any]:
    """Actions with all their words and who does each, of those the reader may see: one question."""
    found: dict[int, Any] = {}
    doers: dict[int, list[Organisation]] = defaultdict(list)
    many = len(_WORDS_COLUMNS)
    for *row, is_seen in _WORDS.read(user, json.dumps(plans)):
        action = Action.from_db(connection.alias, _WORDS_COLUMNS, row[:many])
        found.setdefault(action.pk, action)
        if is_seen:
            doers[action.pk].append(Organisation.from_db(connection.alias, _DOER, row[many:]))
    for pk, action in found.items():
        action.doers = doers[pk]
    return list(found.values())


def _words_question(user: Reader, plans: str) -> QuerySet[Any, Any]:
    """A row for each who does an action, and one for what nobody is said to do."""
    seen = Exists(visible_organisations(user).order_by().filter(pk=OuterRef("organisations")))
    rows = visible_actions(user).filter(OneOf("plan_id", plans)).annotate(is_seen=seen)
    rows = rows.order_by("pk", "organisations__sort_key", "organisations")
    return rows.values_list(*_WORDS_COLUMNS, *(f"organisations__{name}" for name in _DOER), "is_seen")


_WORDS_COLUMNS = [field.attname for field in Action._meta.concrete_fields if field.name not in ROW]
_DOER = columns_of(Organisation, "id", "public_id", "slug", "name", "name_language", "names", "short_name")
_WORDS = Prepared(_words_question)


def levels_above(plan: Plan, parents: list[Plan]) -> tuple[Any, int]:
    """How the levels are called that a line stands in, and how deep it stands in them."""
    for depth, one in enumerate(reversed(parents), 1):
        if one.kind == "plan":
            return one.levels, depth
    return None, 0


@dataclass(frozen=True, slots=True)
class Group:
    """Actions under a heading; ``known`` is False where the heading says that it is not stated."""

    heading: str
    actions: list[ListedAction]
    known: bool = True
    anchor: str = ""


class Moment(NamedTuple):
    """Something that happened, or shall, on a day; ``title`` as the database has it, where it is a milestone."""

    day: date
    words: str
    action: ListedAction
    title: Any = None


WAYS = {
    "goals": gettext_lazy("By goal"),
    "places": gettext_lazy("By place"),
    "departments": gettext_lazy("By department"),
    "time": gettext_lazy("Over time"),
    "heat": gettext_lazy("Themes and places"),
    "alignment": gettext_lazy("What carries it"),
    "changes": gettext_lazy("What changed lately"),
}


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "goals": (*NAMED, "status", "stated_progress", "sdgs"),
    "places": (*NAMED, "status", "stated_progress", *PLACES, "place"),
    "departments": (*NAMED, "status", "stated_progress", "department_id"),
    "time": (*NAMED, "begins", "ends"),
    "heat": ("themes", *PLACES),
    "alignment": ("public_id", "themes", "sdgs", *PLACES),
}
"""What each way of looking at a plan asks of its actions."""


def page_by(user: Reader, plan: Plan, way: str) -> PlanPage:
    """A plan with the actions a way of looking at it shows."""
    if way == "changes":
        return _page(plan, _related(user, plan), [], {}, is_small=False)
    return listed_page(user, plan, *COLUMNS[way], how_far=way in GROUPED)


def grouped(user: Reader, way: str, actions: list[ListedAction]) -> list[Group]:
    """The actions under each heading; one that has several stands under each of them."""
    named: dict[str, Callable[[ListedAction], Iterable[str]]] = {
        "goals": lambda action: action.sdgs,
        "places": _places,
        "departments": _departments(user, actions) if way == "departments" else lambda action: (),
    }
    found: dict[str, list[ListedAction]] = defaultdict(list)
    rest: list[ListedAction] = []
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


def _places(action: ListedAction) -> Iterable[str]:
    yield from action.countries
    yield from action.regions
    if action.place:
        yield action.place


def _departments(user: Reader, actions: list[ListedAction]) -> Callable[[ListedAction], Iterable[str]]:
    wanted = {action.department_id for action in actions if action.department_id}
    names = {one.pk: str(one.name.best(language()).text) for one in visible_departments(user).filter(pk__in=wanted)}
    return lambda action: [names[action.department_id]] if action.department_id in names else []


def timeline(actions: list[ListedAction]) -> list[Moment]:
    """Beginnings, ends and milestones in the order of their days: one question."""
    by_pk = {action.pk: action for action in actions}
    moments = []
    words = {"begins": _("begins"), "ends": _("ends"), "due": _("milestone due"), "done": _("milestone done")}
    for action in actions:
        if begins := action.begins:
            moments.append(Moment(begins, words["begins"], action))
        if ends := action.ends:
            moments.append(Moment(ends, words["ends"], action))
    for pk, title, done_on, due in _STEPS.rows(ANYBODY, json.dumps(list(by_pk))):
        if on := done_on or due:
            moments.append(Moment(read_day(on), words["done" if done_on else "due"], by_pk[pk], title))
    return sorted(moments, key=lambda one: (one.day, one.action.pk))


def _steps_question(_user: Reader, actions: str) -> QuerySet[Any, Any]:
    steps = Milestone.objects.filter(OneOf("action_id", actions)).order_by()
    return steps.values_list("action", "title", "done_on", "due")


_STEPS = Prepared(_steps_question)


def changed_lately(user: Reader, page: PlanPage) -> list[Any]:
    """The lines and actions that were written last, the newest first: one question."""
    lines: list[Any] = [node.plan for node in page.tree.walk()]
    for one in lines:
        one.changed_at = one.updated_at
    changed = Greatest("updated_at", Coalesce("reported_at", "updated_at"))
    actions: Any = visible_actions(user).filter(plan__in=[one.pk for one in lines]).annotate(changed_at=changed)
    both = [*lines, *listed(actions.order_by("-changed_at", "-pk")[:LATELY], *NAMED, "changed_at")]
    return sorted(both, key=lambda one: (one.changed_at, one.pk), reverse=True)[:LATELY]
