"""Meetings and what was promised in them; briefs as made, and what officers decided about their lines."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core import ids
from sympolis.office.core.dates import Dated, day
from sympolis.office.core.models import Record, WithLists
from sympolis.office.core.texts import CodesField, MultilingualField, Text
from sympolis.office.core.tokens import new_token
from sympolis.office.synergies.enums import (
    AttendeeMail,
    CommitmentStatus,
    GroupingState,
    InvitationAnswer,
    InvitationState,
    PartnerVerdict,
    ReminderKind,
    Subject,
    Verdict,
)


class Meeting(Record):
    """A meeting, held or to come."""

    ID_PREFIX = "mee"
    SAID_OF_IT = ("attendees",)

    title = MultilingualField(_("title"))
    kind = models.CharField(_("kind"), max_length=40)
    starts_earliest = day()
    starts_latest = day()
    ends_earliest = day()
    ends_latest = day()
    starts = Dated()
    ends = Dated()
    from_hour = models.TimeField(_("from (hour)"), null=True, blank=True)  # of the office's own clock
    until_hour = models.TimeField(_("to (hour)"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    organisations = models.ManyToManyField("directory.Organisation", related_name="meetings")
    posts_present = models.TextField(_("who is there"), blank=True)
    agenda = MultilingualField(_("agenda"))
    decisions = MultilingualField(_("decisions"))
    notes = models.TextField(_("notes"), blank=True)  # the office's own, whoever else sees the meeting
    brief = models.ForeignKey("Brief", models.SET_NULL, null=True, blank=True, editable=False, related_name="meetings")
    history = HistoricalRecords(bases=[WithLists])

    class Meta:
        ordering = ("-starts_latest",)

    def title_text(self) -> Text:
        return self.title


class Commitment(Record):
    """What somebody promised to do by when. Overdue is computed, never kept."""

    ID_PREFIX = "com"

    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, blank=True, related_name="commitments")
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="commitments")
    owner_post = models.CharField(_("who"), max_length=200, blank=True)
    passage = models.TextField(_("the words it was picked out of"), blank=True, editable=False)
    text = MultilingualField(_("what was promised"))
    due_earliest = day()
    due_latest = day()
    due = Dated()
    status = models.CharField(
        _("status"), max_length=20, choices=CommitmentStatus.choices, default=CommitmentStatus.OPEN
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ("due_latest",)

    def title_text(self) -> Text:
        return self.text


class Reminder(models.Model):
    """That officers were told of a promise, once while it came near and once when its day had passed."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=ReminderKind.choices)
    due = models.DateField()  # the last day as it was then: who sets another is told again
    told_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commitment", "kind", "due"], name="told_once")]


class Slot(models.Model):
    """One part of a meeting's day: from when to when, about what, and who of each side takes part."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="slots")
    from_hour = models.TimeField(_("from (hour)"))
    until_hour = models.TimeField(_("to (hour)"), null=True, blank=True)
    title = MultilingualField(_("title"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    departments = models.ManyToManyField("directory.Department", related_name="slots", blank=True)

    class Meta:
        ordering = ("from_hour", "pk")


class Attendee(models.Model):
    """Somebody of one side who takes part in a meeting, or a department's mailbox: the office's own, never public.

    ``told`` is what the last invitation said of when and where: a meeting that moved since makes it out of date.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendees")
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="attendees")
    department = models.ForeignKey(
        "directory.Department", models.SET_NULL, null=True, blank=True, related_name="attendees"
    )
    person = models.ForeignKey("directory.Person", models.CASCADE, null=True, blank=True, related_name="attendees")
    name = models.CharField(_("name"), max_length=200, blank=True)
    post = models.CharField(_("post"), max_length=200, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    mail = models.CharField(max_length=10, choices=AttendeeMail.choices, blank=True)  # waits for the worker
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    told = models.JSONField(default=dict)
    answer = models.CharField(max_length=5, choices=InvitationAnswer.choices, blank=True)
    answer_text = models.CharField(_("who should be asked, or anything else"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    was_there = models.BooleanField(_("was there"), null=True)
    objects: ClassVar[models.Manager[Attendee]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("organisation__sort_key", "name", "pk")


def brief_id() -> str:
    return ids.new_id("bri")


class Brief(models.Model):
    """A brief as made: its lines are a snapshot, so that what was handed round can be found and made again."""

    BETWEEN: ClassVar = ("left", "right")

    public_id = models.CharField(max_length=20, unique=True, default=brief_id, editable=False)
    left = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    right = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    network = models.ForeignKey("directory.Organisation", models.SET_NULL, null=True, blank=True, related_name="+")
    left_scope = CodesField()  # public ids of the bodies whose links count for the left side too
    right_scope = CodesField()
    on = models.DateField()
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    include_unconfirmed = models.BooleanField(default=False)
    document = models.JSONField()  # the snapshot, as made by brief.py
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="briefs")
    made_at = models.DateTimeField(auto_now_add=True)
    title = models.CharField(max_length=300)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.title


class LineDecision(models.Model):
    """What an officer decided about one line, for this pair of partners, in every language and every later brief."""

    pair = models.CharField(max_length=50, db_index=True)  # the two public ids in order
    line = models.CharField(max_length=200)  # the line's key: kind and record ids, no language in it
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    until = models.DateField(null=True)  # set aside in briefs as of days up to this one; the next has it again
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pair", "line"], name="one_decision_per_line")]


class PartnerDecision(models.Model):
    """What an officer decided about a partner that was suggested for an organisation."""

    BETWEEN: ClassVar = ("organisation", "partner")

    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="partner_decisions")
    partner = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, choices=PartnerVerdict.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [models.UniqueConstraint(fields=["organisation", "partner"], name="one_decision_per_partner")]


class SuggestionAnswer(models.Model):
    """What one officer said to a suggestion, with how it was scored then: what the rankings learn from.

    Two who say different things are both kept; what is decided is the last word, see the decisions above.
    """

    BETWEEN: ClassVar = ("about", "suggestion")

    subject = models.CharField(max_length=10, choices=Subject.choices)
    about = models.CharField(max_length=50)  # what it was suggested for: a public id, a pair of them, a key of ours
    suggestion = models.CharField(max_length=200)  # a record's public id, an id of the world's data, or a line's key
    words = models.TextField(blank=True)  # the need as it was typed, where ``about`` is the key of its words
    answer = models.CharField(max_length=10, choices=PartnerVerdict.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    features = models.JSONField(default=dict)  # name -> score in [0, 1]
    score = models.FloatField(null=True)  # what it was ranked by; none where that is the sum of the features
    example = models.BooleanField(default=False)  # rests on an invented record: teaches nothing
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["subject", "about", "suggestion", "by"], name="one_answer_per_officer")
        ]


class LearningSwitch(models.Model):
    """Learning switched off (what was learnt is forgotten, the answers stay) or on again; the last one counts."""

    is_on = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)


def grouping_id() -> str:
    return ids.new_id("grp")


class Grouping(models.Model):
    """Contributions somebody poured in, and the groups they were put into: the office's own, never public.

    ``texts`` are ``{"id", "text", "language"}`` in the order they came. ``groups`` are ``{"number", "labels", "theme",
    "name"}``: labels by language, and what a person called it. ``found`` and ``placed`` say of each text the number of
    its group, as it was found and as people moved it since; 0: in none.
    """

    public_id = models.CharField(max_length=20, unique=True, default=grouping_id, editable=False)
    title = models.CharField(_("title"), max_length=200)
    session = models.CharField(max_length=20, blank=True, db_index=True)  # public id of the session they were said in
    state = models.CharField(max_length=10, choices=GroupingState.choices, default=GroupingState.WAITING)
    done = models.PositiveIntegerField(default=0)  # texts and phrases read of ``total``
    total = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    count = models.PositiveIntegerField(default=0)  # how many texts
    texts = models.JSONField(default=list)
    groups = models.JSONField(default=list)
    found = models.JSONField(default=list)
    placed = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    objects: ClassVar[models.Manager[Grouping]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.title


def invitation_token() -> str:
    return new_token()


class Invitation(models.Model):
    """A short mail that asks a member along: approved by a named officer, answered on a page without sign-in."""

    token = models.CharField(max_length=64, unique=True, default=invitation_token, editable=False)
    brief = models.ForeignKey(Brief, models.CASCADE, related_name="invitations")
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="invitations")
    language = models.CharField(max_length=10)
    to = models.EmailField(_("to"), blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    state = models.CharField(max_length=10, choices=InvitationState.choices, default=InvitationState.DRAFT)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=5, choices=InvitationAnswer.choices, blank=True)
    answer_text = models.CharField(_("who should be asked, or anything else"), max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)


# Django finds a room's models here alone.
from sympolis.office.synergies.helping.models import HelpLink, HelpRequest  # noqa: E402 - beside what they belong to
from sympolis.office.synergies.watching.models import (  # noqa: E402 - beside what they belong to
    CallNews,
    Noticed,
    SeenCall,
    Watch,
    WatchReader,
)

__all__ = [
    "Attendee", "Brief", "CallNews", "Commitment", "Grouping", "HelpLink", "HelpRequest", "Invitation",
    "LearningSwitch", "LineDecision", "Meeting", "Noticed", "PartnerDecision", "Reminder", "SeenCall", "Slot",
    "SuggestionAnswer", "Watch", "WatchReader",
]  # fmt: skip
