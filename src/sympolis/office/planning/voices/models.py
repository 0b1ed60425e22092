"""The process of a plan with its phases; supports, comments, reports, appeals; who follows what and is told of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core import ids
from sympolis.office.core.texts import MultilingualField
from sympolis.office.planning.voices.enums import Audience, Level, ReportReason


class Process(models.Model):
    """How people take part in a plan and all that is part of it. Without phases ``is_open`` says whether they do."""

    plan = models.OneToOneField("planning.Plan", models.CASCADE, related_name="process")
    is_open = models.BooleanField(_("Supports and comments are open"), default=False)
    level = models.CharField(_("what taking part leads to"), max_length=12, choices=Level.choices, blank=True)
    reasons = MultilingualField(_("why so"))
    audience = models.CharField(
        _("who may support and comment"), max_length=15, choices=Audience.choices, default=Audience.PUBLIC
    )
    invited = models.TextField(_("who is invited"), blank=True)  # mail addresses, one a line
    history = HistoricalRecords()


class ProcessPhase(models.Model):
    """Some days of a process, first and last included, and what is open in them."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="phases")
    title = MultilingualField(_("title"))
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    contribute = models.BooleanField(_("contributing in sessions"), default=False)
    support = models.BooleanField(_("supporting"), default=False)
    comment = models.BooleanField(_("commenting"), default=False)
    prioritise = models.BooleanField(_("prioritising in sessions"), default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ("starts", "ends", "pk")


def _one_of(*names: str) -> Q:
    """Exactly one of these columns is filled."""
    found = Q()
    for name in names:
        found |= Q(**{f"{other}__isnull": other != name for other in names})
    return found


_SHOWN = Q(removed_at=None, hidden_at=None)


def comment_id() -> str:
    return ids.new_id("com")


class Comment(models.Model):
    """What somebody says of a plan or an action, or in answer to another. ``client_id`` was made with the form: sent
    twice, it is there once. ``parent`` is where it hangs, at most three deep; ``answers`` whom it answers."""

    public_id = models.CharField(max_length=20, unique=True, default=comment_id, editable=False)
    plan = models.ForeignKey("planning.Plan", models.CASCADE, null=True, related_name="comments")
    action = models.ForeignKey("planning.Action", models.CASCADE, null=True, related_name="comments")
    thread = models.ForeignKey("self", models.CASCADE, null=True, related_name="in_thread")  # empty: it begins one
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="below")
    answers = models.ForeignKey("self", models.SET_NULL, null=True, related_name="answered_by")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comments")
    client_id = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)  # guessed
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)  # by its author: the words are gone
    hidden_at = models.DateTimeField(null=True)  # by a moderator: the words are kept from all but the author
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    hidden_why = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField(
        auto_now=True
    )  # in words, state or supports: what was drawn before is out of date
    history = HistoricalRecords(excluded_fields=["changed_at"])

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["author", "client_id"], name="one_comment_each"),
            models.CheckConstraint(condition=_one_of("plan", "action"), name="comment_on_one"),
        ]
        indexes = [
            models.Index(fields=["author", "created_at"], name="comment_pace"),
            models.Index(fields=["hidden_at"], name="comment_hidden"),
            models.Index(fields=["plan", "changed_at"], name="comment_plan_changed"),
            models.Index(fields=["action", "changed_at"], name="comment_action_changed"),
            # Counted on every page: thousands of rows that nobody has to look at one by one.
            models.Index(fields=["plan", "thread"], condition=_SHOWN, name="comment_plan_shown"),
            models.Index(fields=["action", "thread"], condition=_SHOWN, name="comment_action_shown"),
            models.Index(fields=["plan"], condition=~_SHOWN, name="comment_plan_unshown"),
            models.Index(fields=["action"], condition=~_SHOWN, name="comment_action_unshown"),
        ]

    @property
    def record(self) -> Any:
        return self.action if self.action_id else self.plan


class Support(models.Model):
    """That somebody backs a plan, an action or a comment: once, whatever windows they have open."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="supports")
    plan = models.ForeignKey("planning.Plan", models.CASCADE, null=True, related_name="supports")
    action = models.ForeignKey("planning.Action", models.CASCADE, null=True, related_name="supports")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="supports")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "person"], name="one_support_a_plan"),
            models.UniqueConstraint(fields=["action", "person"], name="one_support_an_action"),
            models.UniqueConstraint(fields=["comment", "person"], name="one_support_a_comment"),
            models.CheckConstraint(condition=_one_of("plan", "action", "comment"), name="support_of_one"),
        ]


class CommentReport(models.Model):
    """That somebody finds a comment wrong; it waits until a moderator has decided."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("what is wrong with it"), max_length=10, choices=ReportReason.choices)
    words = models.CharField(_("in your words"), max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, db_index=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["comment", "by"], name="one_report_each")]


class Appeal(models.Model):
    """The one objection an author may raise against the hiding of a comment, and what was said to it."""

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="appeal")
    words = models.CharField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)
    against = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )  # who had hidden
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ("pk",)


class Follow(models.Model):
    """That somebody wants to be told of new comments on a plan or an action."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    plan = models.ForeignKey("planning.Plan", models.CASCADE, null=True, related_name="followers")
    action = models.ForeignKey("planning.Action", models.CASCADE, null=True, related_name="followers")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["plan", "person"], name="one_follow_a_plan"),
            models.UniqueConstraint(fields=["action", "person"], name="one_follow_an_action"),
            models.CheckConstraint(condition=_one_of("plan", "action"), name="follow_of_one"),
        ]


class DigestReader(models.Model):
    """Up to which moment somebody was told by mail, and whether they want no more of it."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest")
    told_until = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
