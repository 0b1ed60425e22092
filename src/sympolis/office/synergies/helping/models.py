"""Requests of departments, and the links through which they are made without an account."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.models import Record
from sympolis.office.core.texts import MultilingualField, Text
from sympolis.office.synergies.helping.enums import HelpKind, HelpState


class HelpLink(models.Model):
    """An address at which somebody of a department asks the office for help without signing in."""

    department = models.ForeignKey(
        "directory.Department", models.CASCADE, related_name="help_links", verbose_name=_("department")
    )
    label = models.CharField(_("who it is for"), max_length=200)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    token = models.CharField(max_length=64, unique=True, editable=False)  # hashed
    expires_on = models.DateField(_("open until"))
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    objects: ClassVar[models.Manager[HelpLink]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.label


class HelpRequest(Record):
    """What somebody of a department asked for, who of the office sees to it by when, and the answer.

    The office's own, whatever its visibility says; who asked sees their own.
    """

    ID_PREFIX = "req"

    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"))
    kind = models.CharField(_("what is asked for"), max_length=20, choices=HelpKind.choices, default=HelpKind.OTHER)
    department = models.ForeignKey(
        "directory.Department", models.SET_NULL, null=True, blank=True, related_name="help_requests",
        verbose_name=_("department"),
    )  # fmt: skip
    asked_by = models.CharField(_("who asks"), max_length=200, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    asked_on = models.DateField(_("asked on"), default=timezone.localdate)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    due = models.DateField(_("by when"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=HelpState.choices, default=HelpState.NEW, db_index=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    link = models.ForeignKey(HelpLink, models.SET_NULL, null=True, editable=False, related_name="requests")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ("-asked_on", "-pk")

    def title_text(self) -> Text:
        return self.title
