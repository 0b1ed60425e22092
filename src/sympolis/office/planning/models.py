"""Plans with their lines and measures, actions and how far they are; sessions, and what was put into them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core import ids
from sympolis.office.core.dates import Dated, day
from sympolis.office.core.models import Record, WithLists
from sympolis.office.core.texts import CodesField, MultilingualField, Text
from sympolis.office.planning.enums import (
    ActionStatus,
    ContributionKind,
    Outcome,
    ParticipantKind,
    Phase,
    PlanKind,
    PlanStage,
    SessionAudience,
    own_numbers,
)

MOST_PERCENT = 100
FIRST_YEAR, LAST_YEAR = 1950, 2150
NOT_NEGATIVE = MinValueValidator(0)


def weight() -> models.DecimalField[Any, Any]:
    """What a line or an action counts for in the progress of what it is part of."""
    return models.DecimalField(
        _("weight"), max_digits=7, decimal_places=2, default=Decimal(1), validators=[NOT_NEGATIVE]
    )


def sum_of_money(name: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(name, max_digits=14, decimal_places=2, null=True, blank=True, validators=[NOT_NEGATIVE])


def measured(name: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(name, max_digits=18, decimal_places=4, null=True, blank=True)


class Plan(Record):
    """A strategy over years, or one line or measure of it."""

    ID_PREFIX = "pla"
    PAGE = "plan"
    PARTS = ("versions", "priority_versions", "process")
    SAID_OF_IT = ("comments", "supports", "followers", "watches")

    kind = models.CharField(_("kind"), max_length=20, choices=PlanKind.choices, default=PlanKind.PLAN)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="plans")
    code = models.CharField(_("code"), max_length=40, blank=True)
    position = models.PositiveIntegerField(_("order"), null=True, blank=True)  # among those beside it; empty: last
    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"))
    # How the levels below a whole plan are called there, a name a line, from the top: Axis, Priority, Line.
    levels = MultilingualField(_("names of its levels"))
    stage = models.CharField(_("stage"), max_length=12, choices=PlanStage.choices, blank=True)
    serves = models.ManyToManyField(
        "self", symmetrical=False, related_name="served_by", blank=True,
        verbose_name=_("lines of other plans that it serves"),
    )  # fmt: skip
    weight = weight()
    starts_earliest = day()
    starts_latest = day()
    ends_earliest = day()
    ends_latest = day()
    starts = Dated()
    ends = Dated()
    published_supports = models.PositiveIntegerField(_("supports, as published"), null=True, blank=True)
    published_comments = models.PositiveIntegerField(_("comments, as published"), null=True, blank=True)
    history = HistoricalRecords(bases=[WithLists])

    def title_text(self) -> Text:
        return self.title


class PlanVersion(models.Model):
    """A plan as it was when it went into consultation or was approved: its lines and actions, word for word.

    ``content`` is ``{"parts": {public id: entry}, "actions": {public id: entry}}``; see ``versions.py``.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="versions")
    stage = models.CharField(max_length=12, choices=PlanStage.choices)
    label = models.CharField(_("what it is called"), max_length=200)
    content = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-pk")


class Action(Record):
    """One thing to do in a plan."""

    ID_PREFIX = "act"
    PAGE = "action"
    PARTS = ("milestones", "indicators", "questions")
    SAID_OF_IT = ("comments", "supports", "followers")
    TELLING = ("text",)
    TOGETHER = (("budget", "spent", "currency"),)

    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, blank=True, related_name="actions")
    code = models.CharField(_("code"), max_length=40, blank=True)
    position = models.PositiveIntegerField(_("order"), null=True, blank=True)
    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"))
    objective = MultilingualField(_("objective"))
    themes = CodesField(_("themes"))
    sdgs = CodesField(_("sustainable development goals"))
    # A city's own version of the goals' targets, a target a line: no list of them holds for two cities.
    local_targets = MultilingualField(_("local targets"))
    organisations = models.ManyToManyField("directory.Organisation", related_name="actions", blank=True)
    department = models.ForeignKey(
        "directory.Department", models.SET_NULL, null=True, blank=True, related_name="actions",
        verbose_name=_("responsible department"),
    )  # fmt: skip
    people = models.ManyToManyField(
        "directory.Person", related_name="actions", blank=True, verbose_name=_("responsible people")
    )
    countries = CodesField(_("countries"))
    regions = CodesField(_("regions of the world"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    starts_earliest = day()
    starts_latest = day()
    ends_earliest = day()
    ends_latest = day()
    starts = Dated()
    ends = Dated()
    began_earliest = day()
    began_latest = day()
    finished_earliest = day()
    finished_latest = day()
    began = Dated()
    finished = Dated()
    budget = sum_of_money(_("budget planned"))
    spent = sum_of_money(_("spent"))
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    money_from = models.CharField(_("where the money comes from"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=ActionStatus.choices, blank=True)
    status_reason = models.TextField(_("why it is stopped or late"), blank=True)
    stated_progress = models.PositiveSmallIntegerField(
        _("progress in %, as stated"), null=True, blank=True, validators=[MaxValueValidator(MOST_PERCENT)]
    )
    progress_reason = models.TextField(_("what the stated progress rests on"), blank=True)
    weight = weight()
    reported_at = models.DateTimeField(null=True, editable=False)  # when somebody last said how far it is
    projects = models.ManyToManyField(
        "projects.Project", related_name="actions", blank=True, verbose_name=_("projects")
    )
    calls = models.ManyToManyField("projects.Call", related_name="actions", blank=True, verbose_name=_("calls"))
    agreements = models.ManyToManyField(
        "directory.Agreement", related_name="actions", blank=True, verbose_name=_("agreements")
    )
    events = models.ManyToManyField("events.Event", related_name="actions", blank=True, verbose_name=_("events"))
    history = HistoricalRecords(bases=[WithLists])

    def title_text(self) -> Text:
        return self.title

    def other_names(self) -> tuple[str, ...]:
        return (self.code,) if self.code else ()


class Milestone(models.Model):
    """A step of an action that is either done or not, with what shows it."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="milestones")
    title = MultilingualField(_("title"))
    due = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence_url = models.CharField(_("what shows it (a link)"), max_length=1000, blank=True)
    document = models.ForeignKey(
        "core.Document", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("what shows it (a document)"),
    )  # fmt: skip
    history = HistoricalRecords()

    class Meta:
        ordering = (models.F("due").asc(nulls_last=True), "pk")


class Indicator(models.Model):
    """What is measured of an action: from where it started to what is wanted by which year."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="indicators")
    title = MultilingualField(_("title"))
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    baseline = measured(_("value at the start"))
    baseline_year = models.PositiveSmallIntegerField(_("year of the start"), null=True, blank=True)
    source = models.CharField(_("who measures it"), max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("pk",)


class IndicatorValue(models.Model):
    """What an indicator shall be in a year, and what it was."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="values")
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    target = measured(_("target"))
    actual = measured(_("measured"))
    source_url = models.CharField(_("where the measured value was read"), max_length=1000, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("year",)
        constraints = [models.UniqueConstraint(fields=["indicator", "year"], name="one_value_a_year")]


class ActionQuestion(models.Model):
    """That somebody was asked by mail how far an action is: once in a quarter at most."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="questions")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    quarter = models.CharField(max_length=6)  # 2026Q4
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "to", "quarter"], name="one_question_a_quarter")]


class NoQuestions(models.Model):
    """Somebody who does not want to be asked by mail how far actions are."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)


MOST_DOTS = 20


class Session(Record):
    """A working session on a plan: needs, ideas and proposals are put in, put into groups, and the groups get dots."""

    ID_PREFIX = "ses"
    PAGE = "session"
    PARTS = ("contributions", "groups", "participants", "links", "invitations", "waiting", "paper_sheets")

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
    audience = models.CharField(
        _("who may come in"), max_length=15, choices=SessionAudience.choices, default=SessionAudience.LINK
    )
    capacity = models.PositiveSmallIntegerField(
        _("places in all"), null=True, blank=True, validators=[MinValueValidator(1)]
    )  # empty: as many as come
    phase = models.CharField(_("state"), max_length=12, choices=Phase.choices, default=Phase.PREPARED, editable=False)
    dots = models.PositiveSmallIntegerField(
        _("dots for each participant"), default=5, validators=[MinValueValidator(1), MaxValueValidator(MOST_DOTS)]
    )
    dots_by_kind = CodesField(_("another number for some kinds of participant"))  # ``council:3``; see ``dots_for``
    minutes = MultilingualField(_("minutes"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False,
        verbose_name=_("minutes approved by"),
    )  # fmt: skip
    published_at = models.DateTimeField(_("minutes published on"), null=True, editable=False)
    decisions_published_at = models.DateTimeField(_("decisions published on"), null=True, editable=False)
    sequence = models.PositiveBigIntegerField(default=0, editable=False)  # grows with all that happens in it
    history = HistoricalRecords(excluded_fields=["sequence"])

    class Meta:
        ordering = ("-starts_latest",)

    def title_text(self) -> Text:
        return self.title

    def dots_for(self, kind: str) -> int:
        """How many dots each participant of a kind has."""
        return own_numbers(self.dots_by_kind).get(kind, self.dots)


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
    sits_at = models.CharField(max_length=60, blank=True)  # the table or group they said last
    email = models.EmailField(blank=True)  # for one mail when decisions are published, and gone with it
    language = models.CharField(max_length=10, blank=True)
    token = models.CharField(max_length=64, unique=True, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)


class SessionInvitation(models.Model):
    """Somebody who is invited to a session by mail, as a kind of participant; their own address opens it for them."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="invitations")
    kind = models.CharField(_("for whom"), max_length=10, choices=ParticipantKind.choices)
    name = models.CharField(max_length=100, blank=True)
    speaks_for = models.CharField(max_length=200, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=10, blank=True)
    waits = models.BooleanField(default=False)  # for the worker to send it
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    told = models.JSONField(default=dict)  # when and where it is, as the last mail said; empty before any
    declined_at = models.DateTimeField(null=True)
    participant = models.OneToOneField(Participant, models.SET_NULL, null=True, related_name="invitation")

    class Meta:
        ordering = ("kind", "email")
        constraints = [models.UniqueConstraint(fields=["session", "email"], name="one_invitation_each")]


class WaitingPlace(models.Model):
    """Somebody who waits for a place in a session: told by mail when they get one, and gone from here with that."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="waiting")
    link = models.ForeignKey(SessionLink, models.CASCADE, null=True, related_name="waiting")
    invitation = models.ForeignKey(SessionInvitation, models.CASCADE, null=True, related_name="waiting")
    kind = models.CharField(max_length=10, choices=ParticipantKind.choices)
    name = models.CharField(max_length=100, blank=True)
    speaks_for = models.CharField(max_length=200, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["session", "email"], name="one_waiting_place_each")]


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
    countries = CodesField(_("countries"))
    regions = CodesField(_("regions of the world"))
    place = models.CharField(_("cities and other places"), max_length=200, blank=True)
    group = models.ForeignKey(ContributionGroup, models.SET_NULL, null=True, related_name="contributions")
    sequence = models.PositiveBigIntegerField()
    taken_back = models.BooleanField(default=False)
    outcome = models.CharField(_("what became of it"), max_length=10, choices=Outcome.choices, blank=True)
    reason = MultilingualField(_("why"))
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


class ContributionLink(models.Model):
    """A line or an action that a contribution is behind: one of the two."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="links")
    line = models.ForeignKey(Plan, models.CASCADE, null=True, related_name="contribution_links", db_index=False)
    action = models.ForeignKey(Action, models.CASCADE, null=True, related_name="contribution_links", db_index=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["contribution", "line"], name="one_link_to_a_line"),
            models.UniqueConstraint(fields=["contribution", "action"], name="one_link_to_an_action"),
            models.CheckConstraint(condition=models.Q(line=None) ^ models.Q(action=None), name="a_line_or_an_action"),
        ]
        indexes = [  # out of which what is behind a whole plan is counted
            models.Index(fields=["line", "contribution"], name="behind_a_line"),
            models.Index(fields=["action", "contribution"], name="behind_an_action"),
        ]

    def get_absolute_url(self) -> str:
        home = self.action or self.line
        return home.get_absolute_url() if home else ""


class StateToken(models.Model):
    """When the tables that something is made of were last written: a ``token`` that no other state of them has. Of
    ``what`` are plans with their actions, what was said for them, and what of it they rest on. SQLite keeps it
    (migrations/_in_step.py); PostgreSQL has none (fingerprints.py)."""

    what = models.CharField(max_length=10, primary_key=True)
    token = models.CharField(max_length=16)


# Django finds a room's models here alone.
from sympolis.office.planning.priorities.models import (  # noqa: E402 - they name the models above
    GeographicalPriority,
    PrioritiesVersion,
)
from sympolis.office.planning.sessions.models import PaperDots, PaperSheet  # noqa: E402 - they name the models above
from sympolis.office.planning.voices.models import (  # noqa: E402 - they name the models above
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
    "Action", "Appeal", "Comment", "CommentReport", "Contribution", "ContributionGroup", "ContributionLink",
    "DigestReader", "Dot", "Follow", "GeographicalPriority", "Indicator", "IndicatorValue", "Milestone",
    "PaperDots", "PaperSheet", "Participant", "Plan", "PrioritiesVersion", "Process", "ProcessPhase",
    "Session", "SessionLink", "StateToken",
    "Support",
]  # fmt: skip
