"""Meetings and promises: who may change them, which are next, which are overdue, and keeping them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from sympolis.office.core.actions import keep_record, remove_record
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import User
from sympolis.office.core.queries import Reader, changeable_records
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.enums import CommitmentStatus
from sympolis.office.synergies.models import Commitment, Meeting
from sympolis.office.synergies.queries import visible_commitments, visible_meetings


def changeable_meetings(user: Reader) -> QuerySet[Meeting]:
    return changeable_records(user, Meeting.objects.all())


def changeable_commitments(user: Reader) -> QuerySet[Commitment]:
    return changeable_records(user, Commitment.objects.all())


def next_meetings(user: Reader, today: date) -> QuerySet[Meeting]:
    """Meetings that are not over, the next one first."""
    not_over = Q(ends_latest__gte=today) | Q(ends_latest=None, starts_latest__gte=today)
    return visible_meetings(user).filter(not_over).order_by("starts_earliest", "sort_key")


def overdue_commitments(user: Reader, today: date, ours: int | None = None) -> QuerySet[Commitment]:
    """Open promises whose last day has passed: those of organisation ``ours`` first, then the longest overdue."""
    mine = Case(When(organisation=ours, then=Value(0)), default=Value(1), output_field=IntegerField())
    late = visible_commitments(user).filter(status=CommitmentStatus.OPEN, due_latest__lt=today)
    return late.order_by(mine, "due_latest", "sort_key")


@transaction.atomic
def keep_meeting(meeting: Meeting, organisations: Iterable[Organisation] | None = None) -> Meeting:
    """Add or change a meeting; ``organisations`` None leaves who meets as it is."""
    keep_record(meeting)
    if organisations is not None:
        meeting.organisations.set(organisations)
    note_lists(Meeting, [meeting])
    return meeting


def remove_meeting(meeting: Meeting, by: User | None = None) -> None:
    remove_record(meeting, by)


def keep_commitment(commitment: Commitment) -> Commitment:
    keep_record(commitment, also=[commitment.meeting.public_id] if commitment.meeting else ())
    return commitment


def remove_commitment(commitment: Commitment, by: User | None = None) -> None:
    remove_record(commitment, by)
