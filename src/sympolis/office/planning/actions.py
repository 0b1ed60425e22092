"""What the office does with plans and the actions in them, and what departments say of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from sympolis.office.core.actions import keep_record, mark_changed, remove_record
from sympolis.office.core.lists import list_fields, note_lists
from sympolis.office.core.models import User
from sympolis.office.directory.models import Organisation
from sympolis.office.planning.models import Action, Indicator, IndicatorValue, Milestone, NoQuestions, Plan
from sympolis.office.planning.queries import changeable_actions


@transaction.atomic
def keep_plan(plan: Plan, serves: Iterable[str] | None = None) -> Plan:
    """Add or change a plan or a line. ``serves`` are lines of other plans by public id; None leaves them be."""
    keep_record(plan)
    if serves is not None:
        plan.serves.set(Plan.objects.filter(public_id__in=list(serves)))
    note_lists(Plan, [plan])
    return plan


def remove_plan(plan: Plan, by: User | None = None) -> None:
    remove_record(plan, by)


@transaction.atomic
def keep_action(
    action: Action,
    organisations: Iterable[Organisation] | None = None,
    lists: Mapping[str, Iterable[str]] | None = None,
) -> Action:
    """Add or change an action. ``organisations`` None leaves who does it as it is; ``lists`` are the other lists that
    change, by public id: they come of its form, and whoever saves that says how far it is."""
    if lists is not None:
        action.reported_at = timezone.now()
    keep_record(action, also=[action.plan.public_id] if action.plan else ())
    if organisations is not None:
        action.organisations.set(organisations)
    others = {one.name: one.others for one in list_fields(Action)}
    for name, public_ids in (lists or {}).items():
        getattr(action, name).set(others[name]._default_manager.filter(public_id__in=list(public_ids)))
    note_lists(Action, [action])
    return action


def remove_action(action: Action, by: User | None = None) -> None:
    remove_record(action, by)


type Told = Milestone | Indicator | IndicatorValue
"""What is said of how far an action is."""


@transaction.atomic
def keep_told(user: User, told: Told) -> None:
    """Add or change a milestone, an indicator or a value of one. Raises PermissionDenied where the action is not this
    user's."""
    action = _theirs(user, told)
    _by(user, told).save()
    _reported(action)


@transaction.atomic
def remove_told(user: User, told: Told) -> None:
    action = _theirs(user, told)
    _by(user, told).delete()
    _reported(action)


def _theirs(user: User, told: Told) -> Action:
    action = told.indicator.action if isinstance(told, IndicatorValue) else told.action
    if not changeable_actions(user).filter(pk=action.pk).exists():
        raise PermissionDenied
    return action


def _by(user: User, told: Told) -> Any:
    told._history_user = user  # type: ignore[union-attr]  # the history asks for it
    return told


def _reported(action: Action) -> None:
    Action.objects.filter(pk=action.pk).update(reported_at=timezone.now())
    mark_changed([action.public_id])


def stop_asking(user: User) -> None:
    """No more mails that ask this user how far actions are."""
    NoQuestions.objects.get_or_create(user=user)


def ask_again(user: User) -> None:
    NoQuestions.objects.filter(user=user).delete()
