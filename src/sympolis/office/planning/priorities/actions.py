"""Begin a version of a plan's geographical priorities, change what is in it, take it away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.planning.models import GeographicalPriority, Plan, PrioritiesVersion
from sympolis.office.planning.priorities.incoming import Incoming
from sympolis.office.planning.voices.errors import VoiceRefused

MOST_PRIORITIES = 60


class DayTaken(VoiceRefused):
    sentence = _("Another version begins on that day. Choose another day, or change that one.")


class TooManyPriorities(VoiceRefused):
    sentence = _("A version has at most 60 priorities. Take one away first.")


@transaction.atomic
def begin_version(user: User, plan: Plan, label: str, since: date) -> PrioritiesVersion:
    """A version that holds from a day on; it begins with what held the day before. Raises DayTaken."""
    made = _begun(user, plan, label, since)
    before = plan.priority_versions.filter(since__lt=since).order_by("-since").first()
    for one in before.priorities.order_by("pk") if before else ():
        one.pk, one.version = None, made
        _by(user, one).save(force_insert=True)
    return made


@transaction.atomic
def bring_version(user: User, plan: Plan, label: str, since: date, rows: Sequence[Incoming]) -> PrioritiesVersion:
    """A version that holds from a day on, of these rows alone, all of them or none. Raises DayTaken and
    TooManyPriorities."""
    if len(rows) > MOST_PRIORITIES:
        raise TooManyPriorities
    made = _begun(user, plan, label, since)
    for row in rows:
        about = {name: getattr(row, name) for name in ("title", "reason", "countries", "regions", "weight")}
        _by(user, GeographicalPriority(version=made, **about)).save()
    return made


def _begun(user: User, plan: Plan, label: str, since: date) -> PrioritiesVersion:
    """One with nothing in it yet. Raises DayTaken."""
    officers_only(user)
    if plan.priority_versions.filter(since=since).exists():
        raise DayTaken
    made = PrioritiesVersion(plan=plan, label=label, since=since, by=user)
    _by(user, made).save()
    return made


@transaction.atomic
def keep_priority(user: User, priority: GeographicalPriority) -> GeographicalPriority:
    """Add or change one. Raises TooManyPriorities."""
    officers_only(user)
    version = PrioritiesVersion.objects.select_for_update().get(pk=priority.version_id)
    if priority.pk is None and version.priorities.count() >= MOST_PRIORITIES:
        raise TooManyPriorities
    _by(user, priority).save()
    return priority


def remove_priority(user: User, priority: GeographicalPriority) -> None:
    officers_only(user)
    _by(user, priority).delete()


def remove_version(user: User, version: PrioritiesVersion) -> None:
    """With what is in it; its history stays."""
    officers_only(user)
    _by(user, version).delete()


def _by(user: User, one: Any) -> Any:
    one._history_user = user  # the history asks for it
    return one
