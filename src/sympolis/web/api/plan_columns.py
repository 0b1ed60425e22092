"""What the API says of plans and of the actions in them. Who answers for an action in person is not told."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

from ninja import Schema
from pydantic import Field

from sympolis.office.planning.models import Action, Indicator, Milestone, Plan, PrioritiesVersion
from sympolis.web.api.columns import RecordOut, Row, about, ids


class PriorityOut(Schema):
    title: dict[str, str]
    countries: list[str]
    regions: list[str] = Field(description="Parts of the world (UN M49)")
    weight: Decimal
    reason: dict[str, str]


class PrioritiesOut(Schema):
    label: str
    since: date = Field(description="The day from which on it holds, until the next begins")
    version: str = Field(description="How it stands: who replaces or removes it says which they saw")
    priorities: list[PriorityOut]


class PlanOut(RecordOut):
    kind: str
    part_of: str
    organisation: str
    code: str
    position: int | None = Field(description="Its place among those beside it")
    title: dict[str, str]
    text: dict[str, str]
    levels: dict[str, str] = Field(description="Of a whole plan: how its levels are called, a name a line")
    stage: str = Field(description="draft, consultation, approved or revised; empty: not stated")
    weight: Decimal
    starts: str
    ends: str
    published_supports: int | None
    published_comments: int | None
    serves: list[str] = Field(description="Lines of other plans that it serves")
    geographical_priorities: list[PrioritiesOut] = Field(description="In versions, the latest first")


class MilestoneOut(Schema):
    title: dict[str, str]
    due: date | None
    done_on: date | None
    evidence_url: str


class YearOut(Schema):
    year: int
    target: Decimal | None
    actual: Decimal | None
    source_url: str


class IndicatorOut(Schema):
    title: dict[str, str]
    unit: str
    baseline: Decimal | None
    baseline_year: int | None
    source: str
    values: list[YearOut]


class ActionOut(RecordOut):
    plan: str
    code: str
    position: int | None
    title: dict[str, str]
    text: dict[str, str]
    objective: dict[str, str]
    themes: list[str]
    sdgs: list[str]
    local_targets: dict[str, str] = Field(description="A target a line")
    organisations: list[str]
    department: str
    countries: list[str]
    regions: list[str] = Field(description="Parts of the world by their UN M49 codes")
    place: str
    starts: str
    ends: str
    began: str
    finished: str
    budget: Decimal | None
    spent: Decimal | None
    currency: str
    money_from: str
    status: str = Field(description="planned, ongoing, late, stopped or done; empty: not stated")
    status_reason: str
    stated_progress: int | None = Field(description="Percent, where a person stated it")
    progress_reason: str
    weight: Decimal
    projects: list[str]
    milestones: list[MilestoneOut]
    indicators: list[IndicatorOut]


def plan_row(plan: Plan) -> Row:
    own = ("kind", "code", "position", "stage", "weight", "published_supports", "published_comments")
    return {
        **about(plan),
        **{name: getattr(plan, name) for name in own},
        "part_of": getattr(plan, "seen_parent", "") or "",
        "organisation": plan.organisation.public_id,
        "title": plan.title.plain(),
        "text": plan.text.plain(),
        "levels": plan.levels.plain(),
        "starts": str(plan.starts),
        "ends": str(plan.ends),
        "serves": ids(plan.serves.all()),
        "geographical_priorities": [priorities_row(one) for one in plan.priority_versions.all()],
    }


def priorities_row(version: PrioritiesVersion) -> Row:
    row = {
        "label": version.label,
        "since": version.since,
        "priorities": [
            {
                "title": one.title.plain(), "countries": list(one.countries), "regions": list(one.regions),
                "weight": one.weight, "reason": one.reason.plain(),
            }
            for one in version.priorities.all()
        ],
    }  # fmt: skip
    return {**row, "version": hashlib.sha256(repr(row).encode()).hexdigest()[:16]}


def action_row(action: Action) -> Row:
    own = (
        "code", "position", "place", "budget", "spent", "currency", "money_from", "status", "status_reason",
        "stated_progress", "progress_reason", "weight",
    )  # fmt: skip
    return {
        **about(action),
        **{name: getattr(action, name) for name in own},
        **{name: str(getattr(action, name)) for name in ("starts", "ends", "began", "finished")},
        **{name: list(getattr(action, name)) for name in ("themes", "sdgs", "countries", "regions")},
        **{name: getattr(action, name).plain() for name in ("title", "text", "objective", "local_targets")},
        "plan": getattr(action, "seen_plan", "") or "",
        "department": getattr(action, "seen_department", "") or "",
        "organisations": ids(action.organisations.all()),
        "projects": ids(action.projects.all()),
        "milestones": [_milestone(one) for one in action.milestones.all()],
        "indicators": [_indicator(one) for one in action.indicators.all()],
    }


def _milestone(milestone: Milestone) -> Row:
    own = ("due", "done_on", "evidence_url")
    return {"title": milestone.title.plain(), **{name: getattr(milestone, name) for name in own}}


def _indicator(indicator: Indicator) -> Row:
    own, yearly = ("unit", "baseline", "baseline_year", "source"), ("year", "target", "actual", "source_url")
    return {
        "title": indicator.title.plain(),
        **{name: getattr(indicator, name) for name in own},
        "values": [{name: getattr(value, name) for name in yearly} for value in indicator.values.all()],
    }
