"""Which actions of plans a project, call, agreement or event carries, for its page: "public/_carries.html" shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Value

from sympolis.office.core.prepared import Prepared, columns_of, rows_of_all
from sympolis.office.core.queries import Reader
from sympolis.office.planning.models import Action, Plan
from sympolis.office.planning.queries import LEVELS_WITH_YEARS, visible_actions, visible_plans
from sympolis.office.planning.tree import in_order


@dataclass(frozen=True, slots=True)
class Carried:
    """An action, with the line it stands in and the plan that line is part of, as far as the reader may see them."""

    action: Action
    above: list[Plan]  # the plan first


def carries(user: Reader, kind: str, key: int) -> list[Carried]:
    """``kind`` as an action names it: one question."""
    actions, seen = [], {}
    asked = _ASKED[kind]
    for row in rows_of_all(user, ((one, (key,)) for one in asked)):
        is_plan, *columns = asked[row[0]].made(user, (key,))[0].read(row)
        if is_plan:
            plan = Plan.from_db(connection.alias, _PLAN, columns)
            seen[plan.pk] = plan
        else:
            actions.append(Action.from_db(connection.alias, _ACTION, columns))
    found = [Carried(action, list(_up_from(action, seen))[::-1]) for action in actions]
    return sorted(found, key=lambda one: ([in_order(plan) for plan in one.above], in_order(one.action)))


def _up_from(action: Action, seen: dict[int, Plan]) -> Iterator[Plan]:
    """The line, and what it is part of, up to the first the reader may not see or that is a plan."""
    at = seen.get(action.plan_id or 0)
    for _step in range(LEVELS_WITH_YEARS):
        if at is None:
            return
        yield at
        at = None if at.kind == "plan" else seen.get(at.parent_id or 0)


def _actions_question(kind: str, user: Reader, key: int) -> QuerySet[Any, Any]:
    return visible_actions(user).filter(**{kind: key}).order_by().values_list(Value(0), *_ACTION)


def _plans_question(kind: str, user: Reader, key: int) -> QuerySet[Any, Any]:
    """Those the actions stand in, and what these are part of."""
    actions: Any = visible_actions(user).filter(**{kind: key}).order_by()
    each = actions.values("plan_id")
    for steps in range(1, LEVELS_WITH_YEARS):
        each = each.union(actions.values("plan__" + "parent__" * (steps - 1) + "parent_id"), all=True)
    return visible_plans(user).filter(pk__in=each).order_by().values_list(Value(1), *_PLAN)


_MARKED = ("id", "public_id", "slug", "illustrative", "confirmed", "visibility", "code", "position", "title")
_ACTION, _PLAN = columns_of(Action, *_MARKED, "plan_id", "status"), columns_of(Plan, *_MARKED, "parent_id", "kind")
_ASKED = {
    kind: (Prepared(partial(_actions_question, kind)), Prepared(partial(_plans_question, kind)))
    for kind in ("projects", "calls", "agreements", "events")
}
