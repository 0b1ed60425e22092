"""Applications with their partners and tasks, and the mails that ask partners along."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.models import Record, WithLists, private_storage
from sympolis.office.core.texts import MultilingualField, Text
from sympolis.office.core.tokens import hashed, new_token
from sympolis.office.projects.applications.deadlines import moment_of
from sympolis.office.projects.applications.enums import (
    ApplicationStage,
    Decision,
    LetterKind,
    PartnerRole,
    PartnerState,
    RequestState,
)
from sympolis.office.projects.enums import ParticipationRole


class Application(Record):
    """One application to a call, or to a programme without one: the office's own, whatever its visibility says.

    The deadline is kept as it was written, with the zone of its clock: see ``deadlines.py``.
    """

    ID_PREFIX = "app"
    TOGETHER = (("amount", "currency"), ("deadline_on", "deadline_hour", "deadline_zone"))
    PARTS = ("partners", "tasks")

    title = MultilingualField(_("title"))
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="applications")
    role = models.CharField(_("role"), max_length=20, choices=ParticipationRole.choices, default=ParticipationRole.LEAD)
    call = models.ForeignKey("projects.Call", models.SET_NULL, null=True, blank=True, related_name="applications")
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    stage = models.CharField(
        _("stage"), max_length=20, choices=ApplicationStage.choices, default=ApplicationStage.IDEA, db_index=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    deadline_on = models.DateField(_("deadline"), null=True, blank=True)
    deadline_hour = models.TimeField(_("hour"), null=True, blank=True)
    deadline_zone = models.CharField(_("time zone"), max_length=60, blank=True)  # empty: the office's own
    amount = models.DecimalField(_("amount asked for"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    summary = MultilingualField(_("summary"))
    result = models.TextField(_("result"), blank=True)
    decision = models.CharField(_("go or no go"), max_length=10, choices=Decision.choices, blank=True)
    decision_reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    project = models.ForeignKey("projects.Project", models.SET_NULL, null=True, blank=True, related_name="applications")
    organisations = models.ManyToManyField(
        "directory.Organisation", through="projects.ApplicationPartner", related_name="applied_with",
        verbose_name=_("partners"),
    )  # fmt: skip
    history = HistoricalRecords(bases=[WithLists])

    class Meta:
        ordering = ("deadline_on", "sort_key")
        indexes = [models.Index(fields=["stage", "deadline_on"], name="application_deadlines")]

    def title_text(self) -> Text:
        return self.title

    @property
    def deadline(self) -> datetime | None:
        """The moment it ends: the end of the day where no hour was written."""
        return moment_of(self.deadline_on, self.deadline_hour, self.deadline_zone)


class ApplicationPartner(models.Model):
    """One organisation's part in one application, and how sure it is."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="application_parts")
    role = models.CharField(_("role"), max_length=20, choices=PartnerRole.choices, default=PartnerRole.PARTNER)
    state = models.CharField(_("state"), max_length=10, choices=PartnerState.choices, default=PartnerState.THOUGHT)
    note = models.CharField(_("note"), max_length=500, blank=True)
    objects: ClassVar[models.Manager[ApplicationPartner]] = models.Manager()  # said, the checker does not see it

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["application", "organisation"], name="partner_once")]


class ApplicationTask(models.Model):
    """Something to be done for an application, by whom and by when."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="tasks")
    text = models.CharField(_("what is to be done"), max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    due = models.DateField(_("by when"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    objects: ClassVar[models.Manager[ApplicationTask]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("due", "pk")
        indexes = [models.Index(fields=["due"], condition=models.Q(done_at=None), name="application_task_due")]

    def __str__(self) -> str:
        return self.text


def nobodys_token() -> str:
    """What stands there until the mail goes out, whose address alone is known to somebody."""
    return hashed(new_token())


class PartnerRequest(models.Model):
    """A mail that asks an organisation to be a partner: approved by a named officer, answered once without sign-in."""

    partner = models.ForeignKey(ApplicationPartner, models.CASCADE, related_name="requests")
    token = models.CharField(max_length=64, unique=True, default=nobodys_token, editable=False)  # hashed
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.DRAFT)
    expires_on = models.DateField(_("to be answered until"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=5, blank=True)
    answer_text = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    objects: ClassVar[models.Manager[PartnerRequest]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("-made_at", "-pk")


class LetterTemplate(models.Model):
    """The office's own Word file for a letter in one language; without one there is a plain letter of the program's."""

    kind = models.CharField(_("letter"), max_length=10, choices=LetterKind.choices)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    file = models.FileField(_("file"), storage=private_storage, upload_to="letters", max_length=300)
    file_name = models.CharField(max_length=200, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    added_at = models.DateTimeField(auto_now=True)
    objects: ClassVar[models.Manager[LetterTemplate]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("kind", "language")
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="one_template_each")]
