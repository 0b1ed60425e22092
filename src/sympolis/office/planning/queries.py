"""Questions about plans and actions, as far as the reader may see."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, DecimalField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from sympolis.office.core.models import User
from sympolis.office.core.prepared import Prepared, exact
from sympolis.office.core.queries import (
    OneOf,
    Reader,
    belongs_to,
    changeable_records,
    proposable_records,
    visible_records,
)
from sympolis.office.directory.models import Person
from sympolis.office.planning.enums import PlanStage
from sympolis.office.planning.listed import ALWAYS, ListedAction, named
from sympolis.office.planning.models import Action, Indicator, Milestone, Plan, PlanVersion
from sympolis.office.planning.progress import (
    NO_STEPS,
    ActionProgress,
    indicator_progress,
    listed_progress,
)

LEVELS_WITH_YEARS = 5  # a plan and four levels below it
BELOW = (
    "WITH RECURSIVE below(id) AS (SELECT CAST(%s AS bigint) UNION"
    " SELECT p.id FROM planning_plan p JOIN below ON p.parent_id = below.id) SELECT id FROM below"
)
ABOVE = (
    "WITH RECURSIVE above(id) AS (SELECT CAST(%s AS bigint) UNION"
    " SELECT p.parent_id FROM planning_plan p JOIN above ON p.id = above.id WHERE p.parent_id IS NOT NULL)"
    " SELECT id FROM above"
)
ANYBODY = AnonymousUser()
"""Who asks where it is the same for all."""


def visible_plans(user: Reader) -> QuerySet[Plan]:
    return visible_records(user, Plan.objects.all(), belongs_to(user, "organisation"))


def visible_actions(user: Reader) -> QuerySet[Action]:
    return visible_records(user, Action.objects.all())


def changeable_plans(user: Reader) -> QuerySet[Plan]:
    return changeable_records(user, Plan.objects.all())


def proposable_plans(user: Reader) -> QuerySet[Plan]:
    """A plan is written by the office, whosever it is: who writes for it proposes at any."""
    return proposable_records(user, Plan.objects.all(), Q(pk__in=[]))


def changeable_actions(user: Reader) -> QuerySet[Action]:
    """Officers all; others those they answer for, of those they see."""
    return changeable_records(user, visible_actions(user), answered_for_by(user))


def answered_for_by(user: Reader) -> Q | None:
    """Actions this user answers for: named on them, or working in the department that does. A person of the directory
    is who signs in with the same address and acts for the organisation the person works in."""
    if not isinstance(user, User) or not user.is_active or not user.email:
        return None
    them = Person.objects.filter(
        email__iexact=user.email, organisation__in=user.memberships.values("organisation")
    ).order_by()
    named: Any = Action.people.through.objects.filter(person__in=them).values("action")
    working: Any = them.filter(department__organisation=F("organisation")).values("department")
    return Q(pk__in=named) | Q(department__in=working)


def visible_versions(user: Reader) -> QuerySet[PlanVersion]:
    """Versions of plans the reader may see: those in consultation and approved, for everybody."""
    found = PlanVersion.objects.filter(plan__in=visible_plans(user))
    return found if isinstance(user, User) and user.reads_office else found.filter(
        stage__in=[PlanStage.CONSULTATION, PlanStage.APPROVED]
    )  # fmt: skip


def below(plans: QuerySet[Plan], top: int) -> QuerySet[Plan]:
    """Those of the plans that are part of one, however far down, and the one itself: one question."""
    return plans.filter(pk__in=RawSQL(BELOW, [top]))  # noqa: S611  # the number is a parameter


def closes_a_circle(plan: int | None, parent: Plan | None) -> bool:
    """Whether a plan would be part of itself under this parent, however far up."""
    if plan is None or parent is None:
        return False
    return Plan.objects.filter(pk=plan).filter(pk__in=RawSQL(ABOVE, [parent.pk])).exists()  # noqa: S611


def actions_in(user: Reader, plans: Iterable[int], *columns: str) -> list[ListedAction]:
    """The actions of plans, each with these columns: one question. ``begins`` and ``ends`` are the first and the last
    day it takes, as it went, else as it is planned."""
    names = (*ALWAYS, *columns)
    return named(names, _actions_question(names).rows(user, json.dumps(list(plans))))


@lru_cache(maxsize=50)
def _actions_question(names: tuple[str, ...]) -> Prepared:
    days: Any = {name: day for name, day in _DAYS.items() if name in names}
    asked = [f"{name}_day" if name in days else name for name in names]

    def question(user: Reader, plans: str) -> QuerySet[Any, Any]:
        found = visible_actions(user).filter(OneOf("plan_id", plans))
        return found.annotate(**{f"{name}_day": day for name, day in days.items()}).values_list(*asked)

    return Prepared(question)


def _day(went: str, planned: str, end: str) -> Case:
    """A day of what is known of how it went; where nothing is, of the plan."""
    is_known = Q(**{f"{went}_earliest__isnull": False}) | Q(**{f"{went}_latest__isnull": False})
    return Case(When(is_known, then=F(f"{went}_{end}")), default=F(f"{planned}_{end}"))


_DAYS = {"begins": _day("began", "starts", "earliest"), "ends": _day("finished", "ends", "latest")}


def progress_of(actions: Iterable[Action | ListedAction]) -> dict[int, ActionProgress]:
    """How far each action is, for lists of them: one question, however many there are. What a person stated comes
    before what is measured, so of those nothing is asked."""
    known = list(actions)
    steps, measured = _counted_parts([action.pk for action in known if action.stated_progress is None])
    return {
        action.pk: listed_progress(
            action.stated_progress, action.status, steps.get(action.pk, NO_STEPS), measured.get(action.pk, ())
        )
        for action in known
    }


def _counted_parts(
    actions: list[int],
) -> tuple[dict[int, tuple[int, int]], dict[int, tuple[Fraction | None, ...]]]:
    """How many milestones each action has and how many of them are done; how far each of its indicators is. One
    question."""
    steps: dict[int, tuple[int, int]] = {}
    told: dict[tuple[int, int], tuple[Any, list[Any]]] = {}
    for action, indicator, count, done, baseline, *value in _PARTS.rows(ANYBODY, json.dumps(actions)):
        if indicator is None:
            steps[action] = (count, done)
            continue
        _baseline, values = told.setdefault((action, indicator), (exact(baseline), []))
        year, target, actual = value
        if year is not None:
            values.append((year, exact(target), exact(actual)))
    measured: dict[int, tuple[Fraction | None, ...]] = defaultdict(tuple)
    for (action, _indicator), (baseline, values) in told.items():
        measured[action] += (indicator_progress(baseline, sorted(values)),)
    return steps, measured


def _parts_question(_user: Reader, actions: str) -> QuerySet[Any, Any]:
    """Action, indicator, its milestones and those done; of an indicator its baseline and, for each year, target and
    actual value. Milestones of an action are counted in a row of no indicator."""
    no_number, none = Value(None, DecimalField(max_digits=18, decimal_places=4)), Value(None, IntegerField())
    indicators = Indicator.objects.filter(OneOf("action_id", actions)).order_by()
    steps = Milestone.objects.filter(OneOf("action_id", actions)).order_by().values("action")
    counted = steps.annotate(indicator=none, n=Count("pk"), done=Count("done_on"))
    return indicators.values_list(
        "action", "pk", Value(0), Value(0), "baseline", "values__year", "values__target", "values__actual"
    ).union(
        counted.values_list("action", "indicator", "n", "done", no_number, none, no_number, no_number),
        all=True,
    )


_PARTS = Prepared(_parts_question)


def with_years(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Each with the first and last day it is for: its own, else those of the nearest plan above that says them."""
    above = ["parent__" * steps for steps in range(LEVELS_WITH_YEARS)]
    first, last = ([F(f"{way}{name}") for way in above] for name in ("starts_earliest", "ends_latest"))
    return plans.annotate(first_day=Coalesce(*first), last_day=Coalesce(*last))


def overdue_steps(today: date) -> QuerySet[Milestone]:
    """Milestones whose day has passed and that nobody said are done."""
    return Milestone.objects.filter(done_on=None, due__lt=today)
