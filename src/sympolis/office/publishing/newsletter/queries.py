"""Questions about the newsletter: what everybody may read, what officers see, and figures without tracking anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from sympolis.office.core.queries import Reader, is_officer
from sympolis.office.publishing.newsletter.enums import DeliveryState, IssueState, SubscriberState
from sympolis.office.publishing.newsletter.models import Delivery, Issue, Return, Subscriber

PUBLISHED = (IssueState.SENDING, IssueState.SENT)


def visible_issues(user: Reader) -> QuerySet[Issue]:
    """Officers see all, everybody what was sent."""
    found = Issue.objects.all()
    return found if is_officer(user) else found.filter(state__in=PUBLISHED)


def archived_issues() -> QuerySet[Issue]:
    """What the archive on the web lists, the latest first."""
    return Issue.objects.filter(state__in=PUBLISHED).order_by("-month", "-pk")


def subscribers_by_state() -> Mapping[str, int]:
    rows = Subscriber.objects.order_by().values_list("state").annotate(n=Count("pk"))
    return {**dict.fromkeys(SubscriberState.values, 0), **dict(rows)}


def subscribers_by_language() -> list[tuple[str, int]]:
    rows = Subscriber.objects.filter(state=SubscriberState.SUBSCRIBED).order_by()
    return list(rows.values_list("language").annotate(n=Count("pk")).order_by("-n", "language"))


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of one issue: counted from what servers and readers said, not from watching anybody."""

    by_state: Mapping[str, int]
    left: int
    complained: int

    @property
    def all(self) -> int:
        return sum(self.by_state.values())

    @property
    def sent(self) -> int:
        return self.by_state[DeliveryState.SENT]

    @property
    def waiting(self) -> int:
        return self.by_state[DeliveryState.QUEUED] + self.by_state[DeliveryState.CLAIMED]

    @property
    def doubt(self) -> int:
        return self.by_state[DeliveryState.DOUBT]

    @property
    def came_back(self) -> int:
        return self.by_state[DeliveryState.BOUNCED]

    @property
    def refused(self) -> int:
        return self.by_state[DeliveryState.REFUSED]

    @property
    def skipped(self) -> int:
        return self.by_state[DeliveryState.SKIPPED]


def figures_of(issue: Issue) -> Figures:
    rows = dict(issue.deliveries.order_by().values_list("state").annotate(n=Count("pk")))
    left = issue.leavers.aggregate(all=Count("pk"), complained=Count("pk", filter=Q(left_why="complaint")))
    return Figures({**dict.fromkeys(DeliveryState.values, 0), **rows}, left["all"], left["complained"])


def in_doubt(issue: Issue) -> QuerySet[Delivery]:
    return issue.deliveries.filter(state=DeliveryState.DOUBT).select_related("subscriber").order_by("pk")


def issues_in_doubt() -> QuerySet[Issue]:
    doubted = Delivery.objects.filter(issue=OuterRef("pk"), state=DeliveryState.DOUBT)
    return Issue.objects.filter(Exists(doubted))


def unsettled_returns() -> QuerySet[Return]:
    return Return.objects.filter(settled_at=None)
