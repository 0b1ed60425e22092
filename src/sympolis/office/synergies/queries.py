"""Questions about meetings, promises and briefs, as far as the reader may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from sympolis.office.core.queries import Reader, belongs_to, is_officer, visible_records
from sympolis.office.synergies.models import Brief, Commitment, Meeting


def visible_meetings(user: Reader) -> QuerySet[Meeting]:
    """The contacts of those who meet see the meeting too."""
    own = Meeting.organisations.through.objects.filter(belongs_to(user, "organisation"))
    return visible_records(user, Meeting.objects.all(), Q(pk__in=own.values("meeting")))


def visible_commitments(user: Reader) -> QuerySet[Commitment]:
    return visible_records(user, Commitment.objects.all(), belongs_to(user, "organisation"))


def visible_briefs(user: Reader) -> QuerySet[Brief]:
    """Briefs are the office's own work."""
    return Brief.objects.all() if is_officer(user) else Brief.objects.none()
