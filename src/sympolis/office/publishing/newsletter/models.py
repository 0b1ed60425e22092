"""Subscribers with their consent, issues with their blocks, and each hand-over of one issue to one subscriber."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core import ids
from sympolis.office.core.texts import CodesField, MultilingualField
from sympolis.office.publishing.newsletter.enums import (
    BlockKind,
    DeliveryState,
    IssueState,
    LeftWhy,
    ReturnKind,
    SubscriberState,
)

# Readers of the demo are made up: nothing is delivered below .example (RFC 2606), and by this they are told apart.
EXAMPLE_DOMAIN = "@readers.example"


def issue_id() -> str:
    return ids.new_id("iss")


class Issue(models.Model):
    """One newsletter, in every language the office offers. ``address`` is where the site was reached when it was
    scheduled: links in mails begin with it. ``rate`` is how many mails a minute go out at most."""

    public_id = models.CharField(max_length=20, unique=True, default=issue_id, editable=False)
    month = models.DateField(_("month"))  # its first day
    title = MultilingualField(_("title"))
    opening = MultilingualField(_("opening words"))
    languages = CodesField(_("languages"))
    state = models.CharField(max_length=10, choices=IssueState.choices, default=IssueState.DRAFT, editable=False)
    scheduled_for = models.DateTimeField(null=True, editable=False)
    address = models.CharField(max_length=200, blank=True, editable=False)
    rate = models.PositiveIntegerField(_("mails a minute"), default=120)
    queued_to = models.PositiveBigIntegerField(default=0, editable=False)  # the last subscriber who was queued
    queued_at = models.DateTimeField(null=True, editable=False)  # when all were
    sent_at = models.DateTimeField(null=True, editable=False)
    trouble = models.CharField(max_length=500, blank=True, editable=False)  # why nothing goes out just now
    illustrative = models.BooleanField(default=False, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords(excluded_fields=["queued_to", "trouble", "updated_at"])

    class Meta:
        ordering = ("-month", "-pk")

    def __str__(self) -> str:
        return str(self.title)


class IssueBlock(models.Model):
    """One piece of an issue, with words of its own: what became of the record since changes nothing in it."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="blocks")
    kind = models.CharField(max_length=10, choices=BlockKind.choices)
    position = models.PositiveIntegerField(default=0)
    record = models.CharField(max_length=20, blank=True)  # public id of what it tells of
    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"))
    page = models.CharField(max_length=300, blank=True)  # of our site, without language: /news/…
    link = models.CharField(_("link"), max_length=1000, blank=True)  # elsewhere
    themes = CodesField(_("themes"))
    is_out = models.BooleanField(default=False)  # the editor took it out; drafting again leaves it out
    history = HistoricalRecords()

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "kind", "record"], condition=~models.Q(record=""), name="one_block_a_record"
            )
        ]

    def __str__(self) -> str:
        return str(self.title)


class Subscriber(models.Model):
    """A mail address that asked for the newsletter, and what was agreed to: when, where and in which words."""

    email = models.EmailField(_("mail address"))
    folded = models.CharField(max_length=254, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    kinds = CodesField(_("what about"))  # of Topic; empty: all
    themes = CodesField(_("themes"))  # empty: all
    state = models.CharField(max_length=10, choices=SubscriberState.choices, default=SubscriberState.WAITING)
    consent_at = models.DateTimeField(null=True)
    consent_from = models.CharField(max_length=300, blank=True)
    consent_words = models.TextField(blank=True)
    asked_at = models.DateTimeField(null=True)  # when the mail to confirm went last
    asked = models.PositiveSmallIntegerField(default=0)  # how often it did since they last answered
    wishes = models.JSONField(null=True)  # what somebody asked for with this address and nobody confirmed yet
    left_at = models.DateTimeField(null=True)
    left_why = models.CharField(max_length=10, choices=LeftWhy.choices, blank=True)
    left_with = models.ForeignKey(Issue, models.SET_NULL, null=True, related_name="leavers")
    soft_bounces = models.PositiveSmallIntegerField(default=0)  # within some months
    bounced_at = models.DateTimeField(null=True)
    bounce_said = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("folded",)
        constraints = [models.UniqueConstraint(fields=["folded"], name="one_subscriber_an_address")]
        indexes = [models.Index(fields=["state", "id"], name="subscriber_state")]

    def __str__(self) -> str:
        return self.email

    @property
    def is_example(self) -> bool:
        return self.folded.endswith(EXAMPLE_DOMAIN)


class Delivery(models.Model):
    """That one issue goes to one subscriber, once. ``claim`` says which process has it in hand; what it hands over has
    a Message-ID that follows from issue and subscriber alone."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, models.SET_NULL, null=True, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    claim = models.CharField(max_length=120, blank=True)
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=500, blank=True)  # by the mail server
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["issue", "subscriber"], name="one_delivery_each")]
        indexes = [
            models.Index(fields=["issue", "state", "due_at", "id"], name="delivery_due"),
            models.Index(fields=["claimed_at"], name="delivery_claimed", condition=models.Q(state="claimed")),
        ]


class MailPace(models.Model):
    """When the next mail of any issue may go, for all workers together: one row."""

    next_at = models.DateTimeField()


class Return(models.Model):
    """A mail that came back, or a complaint about one. ``digest`` is of the whole report: it counts once."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=10, choices=ReturnKind.choices)
    recipient = models.CharField(max_length=254, blank=True)
    said = models.CharField(max_length=500, blank=True)
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="returns")  # empty: not known
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-pk")
