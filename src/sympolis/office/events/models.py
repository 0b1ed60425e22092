"""Events: who organises, when and where, in which languages, who speaks, took part or was invited, recordings."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import Dated, day
from sympolis.office.core.models import Record, WithLists
from sympolis.office.core.texts import CodesField, MultilingualField, Text
from sympolis.office.events.enums import EventKind, LinkFor, SpeakerState


class Event(Record):
    """A conference, webinar, assembly or visit; its edition in another language is an event of its own.

    Hours are those of the clock in ``time_zone``, empty: the office's. An event without an hour lasts whole days.
    """

    ID_PREFIX = "eve"
    PAGE = "event"
    TELLING = ("topic",)
    PARTS = ("speaker_rows", "slots", "recordings")

    title = MultilingualField(_("title"))
    topic = MultilingualField(_("topic"))
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind.choices, blank=True)
    start_earliest = day()
    start_latest = day()
    end_earliest = day()
    end_latest = day()
    start = Dated()
    end = Dated()
    from_hour = models.TimeField(_("from (hour)"), null=True, blank=True)
    until_hour = models.TimeField(_("to (hour)"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    # What other sources say of the day: lines, see dates.
    also_dated = models.JSONField(_("what other sources say of the date"), default=list, blank=True)
    is_cancelled = models.BooleanField(_("It does not take place"), default=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.CharField(_("link to take part"), max_length=1000, blank=True)
    link_for = models.CharField(_("who sees the link"), max_length=10, choices=LinkFor.choices, default="registered")
    link_minutes = models.PositiveIntegerField(
        _("show the link only so many minutes before it begins"), null=True, blank=True
    )
    languages = CodesField(_("languages spoken"))
    edition_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="editions")
    speakers = models.TextField(_("speakers"), blank=True)  # as read; rows are what people made of it
    organisers = models.ManyToManyField("directory.Organisation", related_name="events_organised", blank=True)
    partners = models.ManyToManyField("directory.Organisation", related_name="events_supported", blank=True)
    funders = models.ManyToManyField("directory.Organisation", related_name="events_financed", blank=True)
    # A company or a technical service that is no organisation of ours, in words.
    organised_too = models.CharField(_("organised too by"), max_length=300, blank=True)
    financed_too = models.CharField(_("financed too by"), max_length=300, blank=True)
    cities = models.ManyToManyField("directory.Organisation", related_name="events_attended", blank=True)
    invited = models.ManyToManyField("directory.Organisation", related_name="events_invited", blank=True)
    history = HistoricalRecords(bases=[WithLists])

    class Meta:
        ordering = ("-start_latest", "sort_key")
        indexes = [models.Index(fields=["source_id", "source"], name="event_source")]

    def title_text(self) -> Text:
        return self.title


class Speaker(models.Model):
    """Somebody who spoke or is to speak, with the post, house and city they had at that time."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="speaker_rows")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    post = models.CharField(_("post"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        "directory.Organisation", models.SET_NULL, null=True, blank=True, related_name="spoken_at"
    )
    house = models.CharField(_("organisation, as it was called"), max_length=300, blank=True)
    city = models.CharField(_("city"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SpeakerState.choices, default=SpeakerState.CONFIRMED)
    objects: ClassVar[models.Manager[Speaker]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """One session of an event, in one of its tracks; on a visit one stop, with who receives the visitors."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="slots")
    day = models.DateField(_("day"), null=True, blank=True)  # empty: the event's first
    from_hour = models.TimeField(_("from (hour)"))
    until_hour = models.TimeField(_("to (hour)"), null=True, blank=True)
    title = MultilingualField(_("title"))
    track = models.CharField(_("track"), max_length=100, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    speakers = models.ManyToManyField(Speaker, related_name="slots", blank=True)
    hosts = models.ManyToManyField("directory.Organisation", related_name="stops_hosted", blank=True)
    objects: ClassVar[models.Manager[Slot]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("day", "from_hour", "pk")


class Recording(models.Model):
    """Where an event can be seen again, in which language; ``chapters`` are lines of a time and a title."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="recordings")
    link = models.CharField(_("link"), max_length=1000)
    language = models.CharField(_("language"), max_length=10, blank=True)
    chapters = models.TextField(_("chapters"), blank=True)
    transcript = models.TextField(_("transcript"), blank=True)
    objects: ClassVar[models.Manager[Recording]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        ordering = ("pk",)


class CalendarKey(models.Model):
    """What opens somebody's own calendar to the program they subscribe with; only a check of it is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_key")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    objects: ClassVar[models.Manager[CalendarKey]] = models.Manager()  # said, because the checker does not see it


# What belongs to registering is kept in a room of its own below this one.
from sympolis.office.events.registering.models import (  # noqa: E402 - they name the models above
    FeedbackAnswer,
    Registration,
    RegistrationMail,
    RegistrationQuestion,
    RegistrationRules,
)

__all__ = [
    "CalendarKey", "Event", "FeedbackAnswer", "Recording", "Registration", "RegistrationMail", "RegistrationQuestion",
    "RegistrationRules", "Slot", "Speaker",
]  # fmt: skip
