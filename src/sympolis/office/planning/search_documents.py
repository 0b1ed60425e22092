"""Plans and their actions, as search reads them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from sympolis.engine.model import Document
from sympolis.office.core.searchable import Searchable, audiences, office_document, public_document
from sympolis.office.core.texts import joined
from sympolis.office.planning.models import Action, Plan
from sympolis.office.planning.queries import visible_actions, visible_plans


def plan_documents(plan: Plan) -> Iterator[Document]:
    entry = public_document(
        plan,
        "plan",
        text=plan.text.plain(),
        countries=(plan.organisation.country,) if plan.organisation.country else (),
        earliest=plan.starts_earliest,
        latest=plan.ends_latest,
        audiences=audiences(plan, plan.organisation.public_id),
    )
    yield entry
    yield from office_document(entry, plan.note)


def all_plans() -> QuerySet[Plan]:
    return Plan.objects.select_related("organisation")


def action_documents(action: Action) -> Iterator[Document]:
    entry = public_document(
        action,
        "action",
        text=joined(action.objective, action.text, action.local_targets),
        themes=action.themes,
        countries=action.countries,
        earliest=action.starts_earliest,
        latest=action.ends_latest,
        sdgs=tuple(int(goal) for goal in action.sdgs if goal.isdigit()),
    )
    yield entry
    yield from office_document(entry, action.note)


SEARCHABLE = (
    Searchable(Plan, all_plans, plan_documents, visible_plans),
    Searchable(Action, Action.objects.all, action_documents, visible_actions),
)
