"""What was proposed, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from sympolis.office.core.enums import ProposalState
from sympolis.office.core.models import Proposal, ProposedChange, User
from sympolis.office.core.proposals.actions import REASON
from sympolis.office.core.queries import Reader, is_officer

WAITING = ProposedChange.objects.filter(state=ProposalState.WAITING)


def visible_proposals(user: Reader) -> QuerySet[Proposal]:
    """The office sees all, everybody else their own."""
    if is_officer(user):
        return Proposal.objects.all()
    return Proposal.objects.filter(by=user) if user.is_authenticated else Proposal.objects.none()


def waiting_proposals(user: Reader) -> QuerySet[Proposal]:
    """Those with a field that is not decided, the oldest first."""
    return visible_proposals(user).filter(Exists(WAITING.filter(proposal=OuterRef("pk"))))


def additions_waiting(user: User) -> int:
    """How many records that a user would add the office has yet to read."""
    return waiting_proposals(user).filter(by=user, record="").count()


def waiting_on(public_id: str) -> QuerySet[Proposal]:
    """What waits on a record, whoever proposed it: asked by those alone who may write at the record."""
    return Proposal.objects.filter(Exists(WAITING.filter(proposal=OuterRef("pk"))), record=public_id)


def with_waiting(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """The fields that wait come along, as ``waiting``."""
    return proposals.select_related("by").prefetch_related(Prefetch("changes", WAITING, to_attr="waiting"))


def decided_changes(user: Reader) -> QuerySet[ProposedChange]:
    """What was said to what the reader proposed, the last first."""
    own = ProposedChange.objects.filter(proposal__in=visible_proposals(user))
    said = own.filter(state__in=(ProposalState.APPROVED, ProposalState.REFUSED))
    return said.select_related("proposal").order_by("-decided_at", "-pk")


def proposers(reasons: Iterable[str]) -> dict[str, str]:
    """Of lines of history: reason -> who had proposed what led to it."""
    numbers = {int(one.removeprefix(REASON)) for one in reasons if one.startswith(REASON)}
    found = Proposal.objects.filter(pk__in=numbers).select_related("by") if numbers else ()
    return {f"{REASON}{one.pk}": str(one.by) for one in found if one.by}
