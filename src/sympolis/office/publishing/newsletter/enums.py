"""States of subscribers, issues and hand-overs, and what a block of an issue is made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SubscriberState(models.TextChoices):
    """Only who is subscribed is written to."""

    WAITING = "waiting", pgettext_lazy("subscriber", "Waiting for confirmation")
    SUBSCRIBED = "subscribed", pgettext_lazy("subscriber", "Subscribed")
    LEFT = "left", pgettext_lazy("subscriber", "Left")
    BOUNCED = "bounced", pgettext_lazy("subscriber", "Address does not work")


class LeftWhy(models.TextChoices):
    """How somebody came to leave."""

    READER = "reader", pgettext_lazy("left", "by themselves")
    COMPLAINT = "complaint", pgettext_lazy("left", "reported a mail as unwanted")
    OFFICE = "office", pgettext_lazy("left", "taken off by the office")


class Topic(models.TextChoices):
    """What a reader chooses to be told of, besides themes."""

    NEWS = "news", _("News")
    EVENTS = "events", _("Events")
    PROJECTS = "projects", _("Projects")
    CALLS = "calls", _("Calls")
    PLAN = "plan", _("How far the plan is")


class BlockKind(models.TextChoices):
    """Where a block stands in an issue; each has a heading of its own."""

    OWN = "own", pgettext_lazy("newsletter", "From the office")
    NEWS = "news", pgettext_lazy("newsletter", "News")
    COMING = "coming", pgettext_lazy("newsletter", "Coming events")
    PAST = "past", pgettext_lazy("newsletter", "Events that were")
    PROJECTS = "projects", pgettext_lazy("newsletter", "Projects")
    CALLS = "calls", pgettext_lazy("newsletter", "Calls that are open")
    PLAN = "plan", pgettext_lazy("newsletter", "How far the plan is")


TOPIC_OF = {
    BlockKind.NEWS: Topic.NEWS,
    BlockKind.COMING: Topic.EVENTS,
    BlockKind.PAST: Topic.EVENTS,
    BlockKind.PROJECTS: Topic.PROJECTS,
    BlockKind.CALLS: Topic.CALLS,
    BlockKind.PLAN: Topic.PLAN,
}
"""What the office writes itself has no topic: everybody gets it."""


class IssueState(models.TextChoices):
    """A draft is edited; from the moment it is scheduled its words stay as they are."""

    DRAFT = "draft", pgettext_lazy("issue", "Draft")
    SCHEDULED = "scheduled", pgettext_lazy("issue", "Scheduled")
    SENDING = "sending", pgettext_lazy("issue", "Being sent")
    STOPPED = "stopped", pgettext_lazy("issue", "Stopped")
    SENT = "sent", pgettext_lazy("issue", "Sent")


class DeliveryState(models.TextChoices):
    """One issue for one subscriber."""

    QUEUED = "queued", pgettext_lazy("delivery", "Waiting")
    CLAIMED = "claimed", pgettext_lazy("delivery", "Being handed over")
    SENT = "sent", pgettext_lazy("delivery", "Handed over")
    DOUBT = "doubt", pgettext_lazy("delivery", "In doubt")
    REFUSED = "refused", pgettext_lazy("delivery", "Refused")
    BOUNCED = "bounced", pgettext_lazy("delivery", "Came back")
    SKIPPED = "skipped", pgettext_lazy("delivery", "No longer wanted")


class ReturnKind(models.TextChoices):
    """What a mail server or a mailbox provider reports back."""

    GONE = "gone", pgettext_lazy("bounce", "There is no such mailbox")
    FAILED = "failed", pgettext_lazy("bounce", "Not delivered this time")
    COMPLAINT = "complaint", pgettext_lazy("bounce", "Reported as unwanted")
    UNKNOWN = "unknown", pgettext_lazy("bounce", "Not understood")
