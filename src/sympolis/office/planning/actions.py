"""What the office does with plans and the actions in them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from sympolis.office.core.actions import keep_record, remove_record
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import User
from sympolis.office.directory.models import Organisation
from sympolis.office.planning.models import Action, Plan


def keep_plan(plan: Plan) -> Plan:
    keep_record(plan)
    return plan


def remove_plan(plan: Plan, by: User | None = None) -> None:
    remove_record(plan, by)


@transaction.atomic
def keep_action(action: Action, organisations: Iterable[Organisation] | None = None) -> Action:
    """Add or change an action; ``organisations`` None leaves who does it as it is."""
    keep_record(action, also=[action.plan.public_id] if action.plan else ())
    if organisations is not None:
        action.organisations.set(organisations)
    note_lists(Action, [action])
    return action


def remove_action(action: Action, by: User | None = None) -> None:
    remove_record(action, by)
