"""What the page of an action shows, of what its reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, DecimalField, Exists, F, OuterRef, Q, QuerySet, StringAgg, Subquery, Value
from django.db.models.expressions import RawSQL

from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.models import Document, TagDecision, page_address
from sympolis.office.core.queries import Reader, belongs_to, told_to, visible_documents
from sympolis.office.core.texts import Text
from sympolis.office.directory.queries import visible_agreements, visible_departments, visible_organisations
from sympolis.office.events.queries import visible_events
from sympolis.office.planning.listed import NAMED, listed
from sympolis.office.planning.models import Action, Indicator, IndicatorValue, Milestone
from sympolis.office.planning.progress import (
    ALL,
    ActionProgress,
    Part,
    Row,
    action_progress,
    indicator_progress,
    step_progress,
)
from sympolis.office.planning.queries import visible_actions, visible_plans
from sympolis.office.planning.tree import in_order
from sympolis.office.projects.models import Participation
from sympolis.office.projects.queries import visible_calls, visible_projects
from sympolis.web.public.indicator_plots import IndicatorPlot, indicator_plot

_HAS = {
    "has_links": ("planning_contributionlink",),
    "has_doers": ("planning_action_organisations",),
    "has_indicators": ("planning_indicator",),
    "has_carriers": tuple(f"planning_action_{what}" for what in ("projects", "calls", "agreements", "events")),
}
"""What most actions have none of: it is not asked for where there is none. Tables with a column ``action_id``."""
_OF_A_YEAR = ("year", "target", "actual", "source_url")


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator with its years, its plot where there is something to draw, and what it adds to the progress."""

    indicator: Indicator
    values: list[IndicatorValue]
    plot: IndicatorPlot | None
    row: Row


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone, the document that shows it where the reader may see it, and what it adds."""

    milestone: Milestone
    document: Document | None
    row: Row


def readable_actions(user: Reader) -> QuerySet[Action]:
    """Actions with their line and department at hand, whether the reader may see either, and the targets of the goals
    that a person confirmed."""
    targets = TagDecision.objects.filter(
        record=OuterRef("public_id"), scheme=TagScheme.TARGET, verdict=TagVerdict.CONFIRMED
    ).order_by()
    actions: Any = visible_actions(user).select_related("plan", "department")
    found: QuerySet[Action] = actions.annotate(
        sees_line=Exists(visible_plans(user).order_by().filter(pk=OuterRef("plan"))),
        confirmed_targets=Subquery(
            targets.values("record").annotate(codes=StringAgg("code", Value(" "))).values("codes")
        ),
        **{name: RawSQL(_any_in(*tables), [], BooleanField()) for name, tables in _HAS.items()},  # noqa: S611  # ours
        sees_department=Exists(visible_departments(user).order_by().filter(pk=OuterRef("department"))),
    )
    return found


def _any_in(*tables: str) -> str:
    found = (f"EXISTS(SELECT 1 FROM {table} WHERE action_id = planning_action.id)" for table in tables)  # noqa: S608  # ours
    return f"({' OR '.join(found)})"


def action_page(user: Reader, action: Any) -> dict[str, Any]:
    """All the page of one of ``readable_actions`` shows: three to six questions."""
    documents = list(visible_documents(user).filter(record=action.public_id).defer("text"))
    progress, steps, measured = how_far(action, documents)
    line = action.plan if action.sees_line else None
    doers = visible_organisations(user).filter(actions=action).order_by("sort_key")
    beside = listed(visible_actions(user).filter(plan=line), *NAMED) if line else []
    return {
        "action": action,
        "progress": progress,
        "steps": steps,
        "measured": measured,
        "department": action.department if action.sees_department else None,
        "line": line,
        "beside": [one for one in sorted(beside, key=in_order) if one.pk != action.pk],
        "doers": list(doers) if action.has_doers else [],
        "carried": carried_by(user, action) if action.has_carriers else [],
        "documents": documents,
        "targets": sorted((action.confirmed_targets or "").split(), key=_place),
    }


@dataclass(frozen=True, slots=True)
class Carrier:
    """A project, call, agreement or event an action is carried by; what a project costs, where the reader may know."""

    title: Text
    address: str
    budget: Decimal | None
    currency: str


def carried_by(user: Reader, action: Action) -> list[Carrier]:
    """Of those the reader may see, kind by kind: one question."""
    pages = ("project", "call", "agreement", "event")
    kinds: tuple[QuerySet[Any], ...] = (
        visible_projects(user), visible_calls(user), visible_agreements(user), visible_events(user),
    )  # fmt: skip
    theirs = Participation.objects.filter(belongs_to(user, "organisation")).values("project")
    costs = told_to(user, "budget", "money_visibility", Q(pk__in=theirs)), F("currency")
    none = Value(None, DecimalField(max_digits=14, decimal_places=2)), Value("")
    each = []
    for at, records in enumerate(kinds):
        budget, currency = none if at else costs
        rows = records.filter(actions=action).order_by().values_list("slug", "public_id", "title")
        each.append(rows.annotate(at=Value(at), costs=budget, paid_in=currency))
    found = sorted(each[0].union(*each[1:], all=True).order_by(), key=lambda row: (row[3], str(row[2]), row[1]))
    return [
        Carrier(title, page_address(pages[at], slug, public_id), costs, paid_in)
        for slug, public_id, title, at, costs, paid_in in found
    ]


def how_far(action: Any, documents: Iterable[Document]) -> tuple[ActionProgress, list[Step], list[Measured]]:
    """The progress of an action with the milestones and indicators it comes from: two questions."""
    milestones = list(action.milestones.all())
    values = years_of(action.indicators.all()) if getattr(action, "has_indicators", True) else {}
    indicators = list(values)
    parts = [Part(one, ALL, step_progress(one.done_on is not None)) for one in milestones]
    parts += [Part(one, ALL, indicator_progress(one.baseline, _plain(values[one]))) for one in indicators]
    progress = action_progress(action.stated_progress, action.status, parts)
    rows = progress.roll_up.rows
    shown = {one.pk: one for one in documents}
    steps = [Step(one, shown.get(one.document_id or 0), row) for one, row in zip(milestones, rows, strict=False)]
    measured = [
        Measured(one, values[one], indicator_plot(one, values[one]), row)
        for one, row in zip(indicators, rows[len(milestones) :], strict=True)
    ]
    return progress, steps, measured


def years_of(indicators: QuerySet[Indicator]) -> dict[Indicator, list[IndicatorValue]]:
    """Indicators, those of an action together, with what is known of each year: one question."""
    years: Any = {f"of_{name}": F(f"values__{name}") for name in _OF_A_YEAR}
    found: dict[Indicator, list[IndicatorValue]] = {}
    rows: Any = indicators.annotate(**years).order_by("action", "pk", "values__year")
    for one in rows:
        values = found.setdefault(one, [])
        if one.of_year is not None:
            values.append(IndicatorValue(indicator=one, **{name: getattr(one, f"of_{name}") for name in _OF_A_YEAR}))
    return found


def _plain(values: list[IndicatorValue]) -> list[tuple[int, Decimal | None, Decimal | None]]:
    return [(one.year, one.target, one.actual) for one in values]


def _place(code: str) -> tuple[int, str]:
    goal, _point, target = code.partition(".")
    return (int(goal) if goal.isdigit() else 0), target.zfill(2)
