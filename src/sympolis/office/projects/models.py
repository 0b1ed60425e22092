"""Projects and who takes part, calls, and what organisations need, want and offer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import Dated, day
from sympolis.office.core.field_groups import group_visibility
from sympolis.office.core.models import Record, WithLists
from sympolis.office.core.texts import CodesField, MultilingualField, Text
from sympolis.office.projects.enums import Gives, NeedStage, ParticipationRole, WritingState
from sympolis.office.projects.running import models as _running  # noqa: F401  # its tables are this room's


class Project(Record):
    """Work with a beginning, an end, partners and usually money."""

    ID_PREFIX = "prj"
    PAGE = "project"
    TELLING = ("summary",)
    TOGETHER = (("budget", "currency"),)
    FIELD_GROUPS = {"money_visibility": ("budget", "currency")}  # and with them what each partner has of it
    PARTS = (
        "running", "shares", "work_packages", "budget_lines", "periods", "claims", "payments", "milestones",
        "indicators", "risks", "efforts", "obligations", "lines_brought",
        "shares_brought",
    )  # fmt: skip

    title = MultilingualField(_("title"))
    acronym = models.CharField(_("acronym"), max_length=100, blank=True)
    summary = MultilingualField(_("summary"))
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    start_earliest = day()
    start_latest = day()
    end_earliest = day()
    end_latest = day()
    start = Dated()
    end = Dated()
    budget = models.DecimalField(_("budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    money_visibility = group_visibility(_("who may see the money"))
    # What a person set; empty means: computed from the dates. See queries.stage_on.
    stage = models.CharField(_("stage"), max_length=20, blank=True)
    countries = CodesField(_("countries"))
    themes = CodesField(_("themes"))
    sdgs = CodesField(_("sustainable development goals"))
    website = models.CharField(_("web site"), max_length=500, blank=True)
    organisations = models.ManyToManyField(
        "directory.Organisation", through="Participation", related_name="projects", verbose_name=_("who takes part")
    )
    history = HistoricalRecords(bases=[WithLists])

    class Meta:
        ordering = ("sort_key",)
        indexes = [
            models.Index(fields=["visibility", "illustrative", "themes"], name="project_counts"),
            models.Index(fields=["-start_latest", "sort_key"], name="project_newest"),
            models.Index(fields=["id"], condition=models.Q(confirmed=False), name="project_unconfirmed"),
            models.Index(fields=["source_id", "source"], name="project_source"),
            models.Index(fields=["illustrative", "end_latest", "themes"], name="project_ending"),
        ]

    def title_text(self) -> Text:
        return self.title

    def other_names(self) -> tuple[str, ...]:
        return (self.acronym,)

    def has_sums(self) -> bool:
        """Whether anything of how it runs is written in its currency."""
        running: Any = self
        parts = (running.shares, running.budget_lines, running.payments, running.claims)
        return any(rows.exists() for rows in parts)

    def has_amounts(self) -> bool:
        """Whether anything at all is: its budget, what partners have of it, how it runs."""
        return self.budget is not None or self.participations.exclude(money=None).exists() or self.has_sums()

    def against_being_one_with(self, other: Project) -> tuple[str, str] | None:
        """Sums of two currencies can't be added up, and nobody but the office knows by which rate."""
        if self.currency == other.currency or not (self.has_amounts() and other.has_amounts()):
            return None
        said = {"one": self, "first": self.currency, "other": other, "second": other.currency}
        what = _("“%(one)s” is reckoned in %(first)s and “%(other)s” in %(second)s: their sums can't be added up.")
        remedy = _(
            "Keep both, or write the sums of one of them in the other's currency first. "
            "Its budget can be had as a file and brought in again."
        )
        return str(what % said), str(remedy)

    def settle_with(self, other: Project) -> None:
        """Its currency is that of whichever has amounts, whatever was chosen: else they would mean something else."""
        if other.currency != self.currency and other.has_amounts():
            self.currency = other.currency


class Participation(models.Model):
    """One organisation's part in one project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="participations")
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="participations")
    role = models.CharField(
        _("role"), max_length=20, choices=ParticipationRole.choices, default=ParticipationRole.PARTNER
    )
    money = models.DecimalField(_("money"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "organisation"], name="one_part_each")]


class Call(Record):
    """One opening of a programme. Empty countries or kinds mean: not known."""

    ID_PREFIX = "cal"
    PAGE = "call"
    TELLING = ("summary",)
    TOGETHER = (("max_grant", "currency"),)

    title = MultilingualField(_("title"))
    summary = MultilingualField(_("summary"))
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    gives = models.CharField(_("kind of call"), max_length=10, choices=Gives.choices, blank=True)
    opens_earliest = day()
    opens_latest = day()
    closes_earliest = day()
    closes_latest = day()
    opens = Dated()
    closes = Dated()
    eligible_countries = CodesField(_("countries that may apply"))
    eligible_kinds = CodesField(_("kinds that may apply"))
    themes = CodesField(_("themes"))
    max_grant = models.DecimalField(_("largest grant"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    cofinancing_rate = models.DecimalField(
        _("co-financing rate"), max_digits=4, decimal_places=3, null=True, blank=True
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ("closes_latest", "sort_key")
        indexes = [
            models.Index(fields=["visibility", "illustrative", "themes"], name="call_counts"),
            models.Index(fields=["closes_latest", "sort_key"], name="call_closing"),
            models.Index(fields=["source_id", "source"], name="call_source"),
        ]

    def title_text(self) -> Text:
        return self.title


class Need(Record):
    """Something an organisation needs, has set as a priority, or offers to others."""

    ID_PREFIX = "nee"
    TELLING = ("text",)

    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="needs")
    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"))
    stage = models.CharField(_("what it is"), max_length=20, choices=NeedStage.choices, default=NeedStage.NEED)
    themes = CodesField(_("themes"))
    # When its author last said that it holds; see queries.stale_needs for those who never did.
    attested_on = models.DateField(_("last confirmed on"), null=True, blank=True)
    history = HistoricalRecords()

    def title_text(self) -> Text:
        return self.title


class WritingLink(models.Model):
    """An address at which somebody of one organisation writes needs, offers and priorities without signing in."""

    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="writing_links")
    label = models.CharField(_("who it is for"), max_length=200)
    email = models.EmailField(_("mail address"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    token = models.CharField(max_length=64, unique=True, editable=False)  # hashed
    expires_on = models.DateField(_("open until"))
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.label


class Writing(models.Model):
    """That a need was written through a link, and what the office said to it."""

    need = models.OneToOneField(Need, models.CASCADE, related_name="writing")
    link = models.ForeignKey(WritingLink, models.CASCADE, related_name="writings")
    state = models.CharField(max_length=10, choices=WritingState.choices, default=WritingState.WAITING, db_index=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)


class HoldsQuestion(models.Model):
    """That the author of a need was asked by mail whether it still holds, and the answer."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="questions")
    to = models.EmailField()
    language = models.CharField(max_length=10)
    token = models.CharField(max_length=64, unique=True, editable=False)  # hashed
    asked_at = models.DateTimeField()
    holds = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)


# Django finds a room's models here alone.
from sympolis.office.projects.applications.models import (  # noqa: E402 - they name the models above
    Application,
    ApplicationPartner,
    ApplicationTask,
    LetterTemplate,
    PartnerRequest,
)
from sympolis.office.projects.practices.models import Practice  # noqa: E402 - it names the models above

__all__ = [
    "Application", "ApplicationPartner", "ApplicationTask", "Call", "HoldsQuestion", "LetterTemplate", "Need",
    "Participation", "PartnerRequest", "Practice", "Project", "Writing", "WritingLink",
]  # fmt: skip
