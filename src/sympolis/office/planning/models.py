"""Plans with their lines and measures, and the actions in them; sessions, and what was put into them."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core import ids
from sympolis.office.core.dates import Dated, day
from sympolis.office.core.models import Record, WithLists
from sympolis.office.core.texts import CodesField, MultilingualField, Text
from sympolis.office.planning.enums import ContributionKind, ParticipantKind, Phase, PlanKind


class Plan(Record):
    """A strategy over years, or one line or measure of it."""

    ID_PREFIX = "pla"
    PAGE = "plan"

    kind = models.CharField(_("kind"), max_length=20, choices=PlanKind.choices, default=PlanKind.PLAN)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="plans")
    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"))
    starts_earliest = day()
    starts_latest = day()
    ends_earliest = day()
    ends_latest = day()
    starts = Dated()
    ends = Dated()
    published_supports = models.PositiveIntegerField(_("supports, as published"), null=True, blank=True)
    published_comments = models.PositiveIntegerField(_("comments, as published"), null=True, blank=True)
    history = HistoricalRecords()

    def title_text(self) -> Text:
        return self.title


class Action(Record):
    """One thing to do in a plan."""

    ID_PREFIX = "act"
    TELLING = ("text",)

    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, blank=True, related_name="actions")
    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"))
    themes = CodesField(_("themes"))
    sdgs = CodesField(_("sustainable development goals"))
    organisations = models.ManyToManyField("directory.Organisation", related_name="actions", blank=True)
    history = HistoricalRecords(bases=[WithLists])

    def title_text(self) -> Text:
        return self.title


MOST_DOTS = 20


class Session(Record):
    """A working session on a plan: needs, ideas and proposals are put in, put into groups, and the groups get dots."""

    ID_PREFIX = "ses"
    PAGE = "session"

    title = MultilingualField(_("title"))
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="sessions")
    plan = models.ForeignKey(
        Plan, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("for which plan")
    )
    starts_earliest = day()
    starts_latest = day()
    starts = Dated()
    from_hour = models.TimeField(_("from (hour)"), null=True, blank=True)  # of the office's own clock
    until_hour = models.TimeField(_("to (hour)"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.CharField(_("link to the room"), max_length=1000, blank=True)
    agenda = MultilingualField(_("agenda"))
    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.PREPARED, editable=False)
    dots = models.PositiveSmallIntegerField(
        _("dots for each participant"), default=5, validators=[MinValueValidator(1), MaxValueValidator(MOST_DOTS)]
    )
    minutes = MultilingualField(_("minutes"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)
    sequence = models.PositiveBigIntegerField(default=0, editable=False)  # grows with all that happens in it
    history = HistoricalRecords(excluded_fields=["sequence"])

    class Meta:
        ordering = ("-starts_latest",)

    def title_text(self) -> Text:
        return self.title


class SessionLink(models.Model):
    """An address for one kind of participant: who has it takes part. Only a check of it is kept."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="links")
    kind = models.CharField(_("for whom"), max_length=10, choices=ParticipantKind.choices)
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    token = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("pk",)


class Participant(models.Model):
    """Somebody in a session, for a body that is named or for themselves. Only a check of their address is kept."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="participants")
    link = models.ForeignKey(SessionLink, models.SET_NULL, null=True, related_name="participants")
    kind = models.CharField(max_length=10, choices=ParticipantKind.choices)
    name = models.CharField(_("your name"), max_length=100, blank=True)
    speaks_for = models.CharField(_("whom you speak for"), max_length=200, blank=True)  # empty: for themselves
    token = models.CharField(max_length=64, unique=True, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)


class ContributionGroup(models.Model):
    """Contributions that people say are about the same."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="groups")
    name = MultilingualField(_("name"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")


def contribution_id() -> str:
    return ids.new_id("con")


class Contribution(models.Model):
    """A need, an idea or a proposal, as somebody said it. ``client_id`` was made where it was typed: sent twice, it is
    there once. ``sequence`` is the session's at its last change; what is taken back stays, empty of words."""

    public_id = models.CharField(max_length=20, unique=True, default=contribution_id, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="contributions")
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="contributions")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    client_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=ContributionKind.choices, default=ContributionKind.NEED)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    table = models.CharField(_("table or group"), max_length=60, blank=True)
    themes = CodesField(_("themes"))
    group = models.ForeignKey(ContributionGroup, models.SET_NULL, null=True, related_name="contributions")
    sequence = models.PositiveBigIntegerField()
    taken_back = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords(excluded_fields=["sequence"])

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["session", "client_id"], name="one_contribution_each")]
        indexes = [models.Index(fields=["session", "sequence"], name="contribution_sequence")]


class Dot(models.Model):
    """A dot of a participant on a group, with the id it got where it was placed: sent twice, it counts once."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="dots")
    group = models.ForeignKey(ContributionGroup, models.CASCADE, related_name="dots")
    client_id = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "client_id"], name="one_dot_each")]


# Django finds a room's models here alone.
from sympolis.office.planning.voices.models import (  # noqa: E402
    Appeal,
    Comment,
    CommentReport,
    DigestReader,
    Follow,
    Process,
    ProcessPhase,
    Support,
)

__all__ = [
    "Action", "Appeal", "Comment", "CommentReport", "Contribution", "ContributionGroup", "DigestReader", "Dot",
    "Follow", "Participant", "Plan", "Process", "ProcessPhase", "Session", "SessionLink", "Support",
]  # fmt: skip
