"""What is set for registering at an event, who registered, what mails they get and what they thought of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.texts import CodesField, MultilingualField
from sympolis.office.events.registering.enums import MailKind, QuestionKind, RegistrationState

STRONGER = ("confirmed", "waiting", "asked", "refused", "cancelled")
"""What holds where somebody registered twice, the strongest first."""


class RegistrationRules(models.Model):
    """An event without them takes no registrations. Once registrations are forgotten, ``counted`` says how many."""

    event = models.OneToOneField("events.Event", models.CASCADE, related_name="registering")
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True, validators=[MinValueValidator(1)])
    has_waiting_list = models.BooleanField(_("A waiting list when all places are taken"), default=True)
    needs_approval = models.BooleanField(_("The office approves each registration"), default=False)
    reminds_day_before = models.BooleanField(_("A mail the day before"), default=True)
    reminds_hour_before = models.BooleanField(_("A mail an hour before, with the link"), default=True)
    has_certificate = models.BooleanField(_("Who came can take away a certificate"), default=False)
    asks_feedback = models.BooleanField(_("Ask afterwards what they thought of it"), default=False)
    privacy = MultilingualField(_("what is done with the data"))
    kept_days = models.PositiveIntegerField(
        _("registrations are deleted so many days after the event"),
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
    )
    counted = models.JSONField(default=dict, editable=False)
    forgotten_at = models.DateTimeField(null=True, editable=False)
    objects: ClassVar[models.Manager[RegistrationRules]] = models.Manager()  # said, because the checker sees it not


class RegistrationQuestion(models.Model):
    """A field of the office's own on the form; ``answers`` of a choice are lines."""

    rules = models.ForeignKey(RegistrationRules, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0)
    text = MultilingualField(_("question"))
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind.choices, default=QuestionKind.TEXT)
    is_required = models.BooleanField(_("has to be answered"), default=False)
    answers = models.TextField(_("answers to choose from, one a line"), blank=True)
    objects: ClassVar[models.Manager[RegistrationQuestion]] = models.Manager()  # said, because the checker sees it not

    class Meta:
        ordering = ("position", "pk")


class Registration(models.Model):
    """Somebody who registered, once for each mail address: the office's own, never public, deleted after a time.

    ``site`` is where this site was reached then, for links in later mails. ``told`` is what the last mail said of when
    and where. ``queued_at`` is their turn; who cancels and comes back is last.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="registrations")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("mail address"))
    folded_email = models.CharField(max_length=254, editable=False)
    house = models.CharField(_("organisation"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        "directory.Organisation", models.SET_NULL, null=True, blank=True, related_name="registrations"
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    answers = models.JSONField(default=dict)  # key of the question -> what was answered
    state = models.CharField(_("state"), max_length=10, choices=RegistrationState.choices)
    queued_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    consented_at = models.DateTimeField()
    came_at = models.DateTimeField(_("came"), null=True)
    gave_feedback = models.BooleanField(default=False)
    told = models.JSONField(default=dict)
    site = models.CharField(max_length=200, blank=True)
    # Keys of those that became this one when two events were found to be the same: their links lead here.
    former = CodesField(editable=False)
    objects: ClassVar[models.Manager[Registration]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("queued_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["event", "folded_email"], name="one_registration_per_address"),
            models.CheckConstraint(condition=Q(state__in=RegistrationState.values), name="registration_state_is_known"),
        ]
        indexes = [models.Index(fields=["event", "state", "queued_at"], name="registration_turn")]

    def __str__(self) -> str:
        return self.name

    def take_over(self, other: Registration) -> None:
        """Of two at what turns out to be one event: a place stays a place, the earlier turn and the older link hold."""
        if STRONGER.index(other.state) < STRONGER.index(self.state):
            self.state, self.queued_at, self.told = other.state, other.queued_at, other.told
        elif other.state == self.state:
            self.queued_at = min(self.queued_at, other.queued_at)
        self.came_at = self.came_at or other.came_at
        self.former = (*self.former, *other.former, str(other.pk))


class RegistrationMail(models.Model):
    """A mail that waits, is being handed over, or was: of each kind once for each ``about`` (a day, a turn).

    One that was taken and not sent was cut off in between: it is in doubt and not sent again by itself.
    """

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=12, choices=MailKind.choices)
    about = models.CharField(max_length=64)
    asked_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)  # why it is given up
    objects: ClassVar[models.Manager[RegistrationMail]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["registration", "kind", "about"], name="one_mail_of_a_kind"),
        ]
        indexes = [models.Index(fields=["taken_at"], name="registration_mail_waits")]


class FeedbackAnswer(models.Model):
    """What somebody thought of an event; who it was is not kept."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="feedback")
    useful = models.PositiveSmallIntegerField()
    organised = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    objects: ClassVar[models.Manager[FeedbackAnswer]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("-useful", "-organised", "words")  # never by when: that would tell who it was
