"""Questions about plans and actions, as far as the reader may see."""

from __future__ import annotations

from django.db.models import QuerySet

from sympolis.office.core.queries import Reader, belongs_to, changeable_records, visible_records
from sympolis.office.planning.models import Action, Plan


def visible_plans(user: Reader) -> QuerySet[Plan]:
    return visible_records(user, Plan.objects.all(), belongs_to(user, "organisation"))


def visible_actions(user: Reader) -> QuerySet[Action]:
    return visible_records(user, Action.objects.all())


def changeable_plans(user: Reader) -> QuerySet[Plan]:
    return changeable_records(user, Plan.objects.all())


def changeable_actions(user: Reader) -> QuerySet[Action]:
    return changeable_records(user, Action.objects.all())
