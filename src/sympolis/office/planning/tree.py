"""A plan as a tree: what is part of what, in order, how each level is called and how far it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from sympolis.office.core.texts import Text
from sympolis.office.planning.enums import PlanKind
from sympolis.office.planning.listed import ListedAction
from sympolis.office.planning.models import Action, Plan
from sympolis.office.planning.progress import ActionProgress, Part, RollUp, roll_up, weight_of

LAST = 10**9


def in_order(one: Any) -> tuple[Any, ...]:
    """Where a line or an action stands among those beside it: as numbered, then as they came in."""
    return (LAST if one.position is None else one.position, one.pk)


@dataclass
class Node:
    """A plan, line or measure with what is in it. ``level`` is how what stands there is called, by language; ``known``
    how far actions are."""

    plan: Plan
    level: Text = field(default_factory=Text)
    children: list[Node] = field(default_factory=list)
    actions: list[Any] = field(default_factory=list)  # Action, or what a list says of one (``listed``)
    known: Mapping[int, ActionProgress] = field(default_factory=dict)

    @cached_property
    def roll_up(self) -> RollUp:
        """Reckoned where a page shows it: most lists of actions do not."""
        return roll_up([*_lines(self), *_actions(self)])

    @property
    def progress(self) -> Fraction | None:
        return self.roll_up.progress

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def all_actions(self) -> list[Any]:
        return [action for node in self.walk() for action in node.actions]

    @property
    def action_count(self) -> int:
        return len(self.actions) + sum(child.action_count for child in self.children)


def parents_among(plans: Iterable[Plan], one: Plan) -> list[Plan]:
    """Those of the plans that one is part of, the topmost first, as far up as none in between is missing."""
    found = {plan.pk: plan for plan in plans}
    line: list[Plan] = []
    at: Plan | None = one
    while at is not None and (at := found.pop(at.parent_id or 0, None)) is not None:
        line.insert(0, at)
    return [plan for plan in line if plan.pk != one.pk]


def inside[P: Plan](plans: Iterable[P], top: Plan) -> list[P]:
    """Those of the plans that are part of one, however far down, and the one itself."""
    parts: dict[int | None, list[P]] = defaultdict(list)
    for plan in plans:
        parts[plan.pk if plan.pk == top.pk else plan.parent_id].append(plan)
    found: list[P] = []
    ahead = parts.pop(top.pk, [])
    while ahead:
        found += ahead
        ahead = [part for plan in ahead if plan.pk != top.pk for part in parts.pop(plan.pk, ())]
    return found


def level_name(levels: Text, depth: int) -> Text:
    """How the ``depth``-th level below a plan is called, in each language it has a name in."""
    named = {language: words.splitlines() for language, words in levels.plain().items()}
    lines = {language: lines[depth - 1] for language, lines in named.items() if 0 < depth <= len(lines)}
    return Text.of(**lines)


def build_tree(
    top: Plan,
    plans: Iterable[Plan],
    actions: Iterable[Action | ListedAction],
    progress: Mapping[int, ActionProgress],
    levels: Text | None = None,
    depth: int = 0,
) -> Node:
    """The tree below ``top``. What hangs on something that is not among ``plans`` is left out; what goes round in a
    circle is there once.

    ``levels`` and ``depth`` are of the whole plan ``top`` is part of; a plan within a plan names its own.
    """
    below: dict[int, list[Plan]] = defaultdict(list)
    for plan in plans:
        if plan.parent_id is not None and plan.pk != top.pk:
            below[plan.parent_id].append(plan)
    doing: dict[int | None, list[Any]] = defaultdict(list)
    for action in actions:
        doing[action.plan_id].append(action)
    seen: set[int] = set()

    def node(plan: Plan, levels: Text, depth: int) -> Node:
        seen.add(plan.pk)
        if plan.kind == PlanKind.PLAN:
            levels, depth = plan.levels, 0
        made = Node(plan, level_name(levels, depth), [], sorted(doing[plan.pk], key=in_order), progress)
        for part in sorted(below[plan.pk], key=in_order):
            if part.pk not in seen:
                made.children.append(node(part, levels, depth + 1))
        return made

    return node(top, Text() if levels is None else levels, depth)


def _lines(node: Node) -> Iterator[Part]:
    """What has no action anywhere below it is no part of the sum: there is nothing in it to be done."""
    for child in node.children:
        if child.action_count:
            yield Part(child.plan, weight_of(child.plan.weight), child.progress)


def _actions(node: Node) -> Iterator[Part]:
    for action in node.actions:
        known = node.known.get(action.pk)
        yield Part(action, weight_of(action.weight), known.progress if known else None)
