"""Give contributions a home in a plan, say what became of each and why, and publish that."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.texts import Text
from sympolis.office.planning.enums import Outcome
from sympolis.office.planning.models import Action, Contribution, ContributionLink, Plan, Session
from sympolis.office.planning.sessions.actions import keep_session
from sympolis.office.planning.tracing.errors import NoReason, NotPublished, ReasonTooLong

LONGEST_REASON = 1_000

type Home = Plan | Action


@transaction.atomic
def link_contributions(user: User, contributions: Sequence[Contribution], home: Home) -> int:
    """Put contributions behind a line or an action; how many were not there before."""
    officers_only(user)
    end = {"action": home} if isinstance(home, Action) else {"line": home}
    there = set(ContributionLink.objects.filter(**end).values_list("contribution", flat=True))
    fresh = [one for one in contributions if one.pk not in there]
    ContributionLink.objects.bulk_create(ContributionLink(contribution=one, made_by=user, **end) for one in fresh)
    return len(fresh)


def unlink_contribution(user: User, link: ContributionLink) -> None:
    officers_only(user)
    link.delete()


@transaction.atomic
def decide(user: User, contributions: Sequence[Contribution], outcome: str, reason: str, language: str) -> None:
    """Say what became of contributions; the empty outcome takes it back, and the reason with it.

    A reason in one language takes the place of that in all: it may be another reason. No words leave it as it stands.
    Raises ReasonTooLong, and NoReason where something is not taken up and nobody said why.
    """
    officers_only(user)
    if len(reason.strip()) > LONGEST_REASON:
        raise ReasonTooLong
    if outcome == Outcome.NOT and not reason.strip() and not all(one.reason for one in contributions):
        raise NoReason
    for one in contributions:
        one.outcome = Outcome(outcome) if outcome else ""
        if reason.strip() or not outcome:
            one.reason = Text.of(**{language: reason if outcome else ""})
    if contributions:
        bulk_update_with_history(
            list(contributions), Contribution, ["outcome", "reason"], batch_size=200, default_user=user
        )


@transaction.atomic
def publish_decisions(user: User, session: Session) -> Session:
    """Everybody reads what became of what was said. Raises NotPublished before the minutes are."""
    officers_only(user)
    if session.published_at is None:
        raise NotPublished
    session.decisions_published_at = timezone.now()
    return keep_session(session)
