"""Meetings and promises: who may change them, which are next, which are overdue, and keeping them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext, override

from sympolis.engine.model import LANGUAGES
from sympolis.office.core.actions import keep_record, remove_record
from sympolis.office.core.dates import PartialDate
from sympolis.office.core.enums import Visibility
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Reader, changeable_records, proposable_records
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.enums import CommitmentStatus
from sympolis.office.synergies.models import Brief, Commitment, Meeting
from sympolis.office.synergies.queries import visible_commitments, visible_meetings

PROMISES_SHOWN = 20
"""Of those around an organisation."""


def changeable_meetings(user: Reader) -> QuerySet[Meeting]:
    return changeable_records(user, Meeting.objects.all())


def proposable_meetings(user: Reader) -> QuerySet[Meeting]:
    """Whom the office meets is the office's: who writes for it proposes at any."""
    return proposable_records(user, Meeting.objects.all(), Q(pk__in=[]))


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


@dataclass(frozen=True, slots=True)
class Promise:
    """What a line about a promise needs: what, of whom, by when, and the meeting it was said at."""

    text: Text
    due: PartialDate
    confirmed: bool
    illustrative: bool
    by: Text
    meeting: str  # its id


def open_promises_around(user: Reader, organisation: Organisation) -> list[Promise]:
    """What is still to be done by an organisation or for it: its own promises and those of the others it met, the
    next due first. For who signs in; a visitor sees none."""
    return [_promise(*row) for row in _AROUND.read(user, organisation.pk)] if user.is_authenticated else []


def _promises_around(user: Reader, organisation: int) -> QuerySet[Any, Any]:
    met = Meeting.organisations.through.objects.filter(organisation=organisation).values("meeting")
    around = Q(organisation=organisation) | Q(meeting__in=met)
    still_open = visible_commitments(user).filter(around, status=CommitmentStatus.OPEN)
    return still_open.order_by("due_latest", "sort_key").values_list(
        "text", "due_earliest", "due_latest", "confirmed", "illustrative", "meeting__public_id", "organisation__name",
        "organisation__name_language", "organisation__names",
    )[:PROMISES_SHOWN]  # fmt: skip


_AROUND = Prepared(_promises_around)


def _promise(
    text: Text, earliest: date | None, latest: date | None, confirmed: bool, illustrative: bool, meeting: str | None,
    name: str, name_language: str, names: Text,
) -> Promise:  # fmt: skip
    by = Text({**names, name_language: {"text": name, "original": True}})
    return Promise(text, PartialDate(earliest, latest), confirmed, illustrative, by, meeting or "")


@transaction.atomic
def make_meeting_of(user: User, brief: Brief, on: date) -> Meeting:
    """The meeting a brief prepares, on a day: both partners, a title in each language, the brief kept with it.

    Where the two already have a meeting on that day, it is that one: nothing is entered twice.
    """
    officers_only(user)
    both = (brief.left, brief.right)
    same_day = Meeting.objects.filter(starts_earliest=on, starts_latest=on)
    for partner in both:
        same_day = same_day.filter(organisations=partner)
    meeting = same_day.order_by("pk").first()
    if meeting is not None:
        meeting.brief = brief
        return keep_meeting(meeting)
    meeting = Meeting(kind="bilateral", visibility=Visibility.OFFICE, brief=brief, title=_title_of(brief))
    meeting.starts = PartialDate(on, on)
    return keep_meeting(meeting, both)


def _title_of(brief: Brief) -> Text:
    """In all languages: invitations go out in each guest's own."""
    title = Text()
    for language in LANGUAGES:
        left, right = (each.title_text().best(language).text for each in (brief.left, brief.right))
        with override(language):
            title.write(language, gettext("Meeting of %(left)s and %(right)s") % {"left": left, "right": right})
    return title


def set_promise_status(user: User, promise: Commitment, status: str) -> Commitment:
    """Done, dropped, or open again, in one click; the history says who said so."""
    officers_only(user)
    promise.status = CommitmentStatus(status)
    return keep_commitment(promise)


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
