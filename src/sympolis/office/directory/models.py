"""Organisations and bodies, their relations, figures, fees and pages; the office itself."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import Dated, day
from sympolis.office.core.enums import MembershipRole, Visibility
from sympolis.office.core.field_groups import group_visibility, office_only
from sympolis.office.core.models import Record
from sympolis.office.core.texts import CodesField, Entry, MultilingualField, Text
from sympolis.office.directory.details import CalledName, Identifier, Site, called_names, identifiers, sites
from sympolis.office.directory.enums import MUTUAL, MemberKind, SameVerdict, Tick


def title_of(name: str, language: str, names: Text) -> Text:
    """What an organisation is called: its own name stands for it where the reader's language has none."""
    own: Entry = {"text": name, "original": True}
    return Text({**names, language: own})


class Organisation(Record):
    """Any body that can act. One of kind ``body`` (a commission, a working group) has the ``parent`` it is part of."""

    ID_PREFIX = "org"
    PAGE = "organisation"
    TELLING = ("line", "description")
    TOGETHER = (("name", "name_language"), ("latitude", "longitude"))
    FIELD_GROUPS = {
        "contact_visibility": ("website", "websites"),
        "identifiers_visibility": ("identifiers",),
    }

    name = models.CharField(_("name"), max_length=300)
    name_language = models.CharField(_("language of the name"), max_length=10, blank=True)  # empty: not known
    names = MultilingualField(_("name in other languages"))
    short_name = models.CharField(_("short name"), max_length=100, blank=True)
    aliases = models.JSONField(_("also written"), default=list, blank=True)
    called = models.JSONField(_("former and other names"), default=list, blank=True)  # lines: see details
    kind = models.CharField(_("kind"), max_length=40, db_index=True)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="bodies", verbose_name=_("part of")
    )
    country = models.CharField(_("country"), max_length=2, blank=True, db_index=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    population = models.PositiveIntegerField(_("people living there"), null=True, blank=True)
    website = models.CharField(_("web site"), max_length=500, blank=True)
    websites = models.JSONField(_("other web sites"), default=list, blank=True)  # lines: see details
    identifiers = models.JSONField(_("known to others as"), default=list, blank=True)  # ``vat:ESP0801900B``
    contact_visibility = group_visibility(_("who may see the web sites"))
    identifiers_visibility = group_visibility(_("who may see what others know it as"))
    founded_year = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    themes = CodesField(_("themes"))
    line = MultilingualField(_("a line about it"))
    description = MultilingualField(_("description"))
    logo = models.ImageField(_("logo"), upload_to="logos", blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("sort_key",)
        indexes = [
            # Lists count and offer filters out of these alone, without reading the organisations.
            models.Index(fields=["visibility", "illustrative", "themes"], name="organisation_counts"),
            models.Index(
                fields=["visibility", "kind", "country", "illustrative", "founded_year"], name="organisation_filters"
            ),
            models.Index(fields=["kind", "sort_key", "visibility", "illustrative"], name="organisation_of_a_kind"),
            # What waits to be confirmed is counted out of these alone (SQLite looks again whether it is so).
            models.Index(
                fields=["sort_key", "visibility", "confirmed"],
                condition=models.Q(confirmed=False),
                name="organisation_unconfirmed",
            ),
            models.Index(fields=["source_id", "source"], name="organisation_source"),
        ]

    def title_text(self) -> Text:
        return title_of(self.name, self.name_language, self.names)

    def other_names(self) -> tuple[str, ...]:
        return (self.name, self.short_name, *self.aliases, *(one.name for one in self.called_names))

    @property
    def called_names(self) -> list[CalledName]:
        """Former names before those in other languages and scripts, as they were written down."""
        return sorted(called_names(self.called), key=lambda one: not one.is_former)

    @property
    def sites(self) -> list[Site]:
        return sites(self.websites)

    @property
    def known_as(self) -> list[Identifier]:
        return identifiers(self.identifiers)

    def take_names(self, other: Organisation) -> None:
        """Whatever the other was called, this one is found under too."""
        called = {self.name, self.short_name, *self.names.plain().values(), *(one.name for one in self.called_names)}
        names = [*self.aliases, *other.other_names(), *other.names.plain().values()]
        self.aliases = [name for name in dict.fromkeys(names) if name and name not in called]

    def against_being_one_with(self, other: Organisation) -> tuple[str, str] | None:
        """Who presides each, where that is two at once; the way from one to the other, where that is a circle."""
        from sympolis.office.directory.contradictions import closed_circle, two_presidents  # it knows these models

        return two_presidents(self, other) or closed_circle(self, other)

    def __str__(self) -> str:
        return self.name


class Relation(Record):
    """A dated, typed, sourced link from one organisation to another or to a body."""

    ID_PREFIX = "rel"
    BETWEEN: ClassVar = ("from_organisation", "to_organisation")

    from_organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="relations_out", verbose_name=_("who")
    )
    type = models.CharField(_("relation"), max_length=40, db_index=True)
    to_organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="relations_in", verbose_name=_("to whom")
    )
    role = models.CharField(_("role"), max_length=300, blank=True)
    member_kind = models.CharField(_("stands for"), max_length=20, choices=MemberKind.choices, blank=True)
    since_earliest = day()
    since_latest = day()
    until_earliest = day()
    until_latest = day()
    attested_on = models.DateField(_("attested on"), null=True, blank=True)
    shared = models.BooleanField(_("shared presidency"), default=False)
    # The narrowest visibility of it and of its two ends. The database keeps it (migrations/_in_step.py): it is there
    # for questions, and stale in an object at hand.
    narrowest = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.OFFICE, editable=False)
    since = Dated()
    until = Dated()
    history = HistoricalRecords(excluded_fields=["narrowest"])

    class Meta:
        indexes = [
            # Thousands of members are counted out of this alone, of any day.
            models.Index(
                fields=[
                    "type",
                    "to_organisation",
                    "narrowest",
                    "illustrative",
                    "from_organisation",
                    "since_earliest",
                    "until_latest",
                    "confirmed",
                ],
                name="relation_counts",
            ),
            # The latest that began or ended around a network of thousands.
            models.Index(fields=["to_organisation", "since_latest"], name="relation_began"),
            models.Index(fields=["to_organisation", "until_latest"], name="relation_ended"),
            # How many somebody sees is known by how many they do not, and how many of these are examples.
            models.Index(fields=["narrowest", "illustrative"], name="relation_seen"),
            # Who is a member on a day is found out of these alone.
            models.Index(
                fields=[
                    "to_organisation",
                    "type",
                    "confirmed",
                    "from_organisation",
                    "since_earliest",
                    "until_latest",
                    "narrowest",
                    "illustrative",
                ],
                name="relation_joined",
            ),
            models.Index(fields=["from_organisation", "to_organisation"], name="relation_ends"),
            # What an organisation is to others, and when that began and ended, is told out of these alone, and so is
            # what a graph draws.
            models.Index(
                fields=[
                    "from_organisation",
                    "type",
                    "narrowest",
                    "illustrative",
                    "to_organisation",
                    "since_earliest",
                    "since_latest",
                    "until_earliest",
                    "until_latest",
                    "confirmed",
                ],
                name="relation_told",
            ),
            models.Index(
                fields=["confirmed", "narrowest"], condition=models.Q(confirmed=False), name="relation_unconfirmed"
            ),
        ]

    def title_text(self) -> Text:
        return Text.of(en=self.type)  # without its ends: a thousand relations must not ask for a thousand names

    def twin_key(self) -> Hashable:
        ends = (self.from_organisation_id, self.to_organisation_id)
        return (self.type, frozenset(ends) if self.type in MUTUAL else ends, self.visibility, self.illustrative)

    def against_what_was_chosen(self, before: Relation, other: Relation) -> tuple[str, str] | None:
        """One end of this and one of another may be the same organisation, or go round in a circle."""
        from sympolis.office.directory.contradictions import chosen_contradiction  # it knows these models

        return chosen_contradiction(self, before, other)

    def says_the_same(self, twin: Relation) -> bool:
        """Unless the two speak of another role or of other years."""
        told = ((getattr(self, name), getattr(twin, name)) for name in ("role", "since", "until"))
        return all(not mine or not theirs or mine == theirs for mine, theirs in told)


class Figure(Record):
    """A number about an organisation, as somebody published it."""

    ID_PREFIX = "fig"
    TOGETHER = (("value", "unit"),)

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="figures")
    what = models.CharField(_("what"), max_length=200)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    history = HistoricalRecords()

    def title_text(self) -> Text:
        return Text.of(en=self.what)


class MembershipFee(Record):
    """What an organisation pays a network for one year. Several of one year are added up."""

    ID_PREFIX = "fee"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="fees_paid", verbose_name=_("who pays"))
    network = models.ForeignKey(Organisation, models.CASCADE, related_name="fees_taken", verbose_name=_("network"))
    year = models.PositiveSmallIntegerField(_("year"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    visibility = office_only()
    history = HistoricalRecords()

    class Meta:
        indexes = [models.Index(fields=["organisation", "year"], name="fees_of_a_year")]

    def title_text(self) -> Text:
        return Text.of(en=str(self.year))  # without its network: see Relation


class MembershipAnswer(models.Model):
    """What an officer said of one year of belonging to a network: was it used, by whom, shall it be kept."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="membership_answers")
    network = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    used = models.CharField(_("used"), max_length=10, choices=Tick.choices)
    used_by = models.CharField(_("by whom"), max_length=300, blank=True)
    keep = models.CharField(_("keep it"), max_length=10, choices=Tick.choices)
    why = models.CharField(_("why"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "network", "year", "by"], name="one_answer_a_year")
        ]


class MembershipQuestion(models.Model):
    """That an officer was asked by mail about the memberships of a year: never twice."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["officer", "year"], name="asked_once_a_year")]


class Membership(models.Model):
    """A user acting for an organisation."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=MembershipRole.choices, default=MembershipRole.EDITOR)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_each")]


class HouseReader(models.Model):
    """That somebody wants no mails of what their organisations signed and promised, or wants them again. Who said
    nothing gets them."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="house_reader")
    is_off = models.BooleanField(default=False)


class HouseTold(models.Model):
    """That somebody was told so much before of what an organisation of theirs signed or promised. Another day is told
    anew."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    step = models.CharField(max_length=20)
    what = models.PositiveBigIntegerField()  # the key of the agreement or the promise, as the step says
    due = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "step", "what", "due"], name="house_told_once")]


class PageQuestion(models.Model):
    """That somebody who writes for an organisation was asked by mail whether its page is right, and the answer."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="page_questions")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.CharField(max_length=64, unique=True, editable=False)  # hashed
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True)  # when "still right" was pressed


class WorldLink(models.Model):
    """This organisation is that record of the world's data. It may be several of them; each of them is one of ours."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="world_links")
    world_id = models.CharField(max_length=200, unique=True)
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    linked_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()


class SameBody(models.Model):
    """What a person decided of two records of the world's data; ``left`` is the smaller id."""

    left = models.CharField(max_length=200)
    right = models.CharField(max_length=200)
    verdict = models.CharField(max_length=10, choices=SameVerdict.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)
    note = models.TextField(blank=True)
    names = models.JSONField(default=list)  # how the two were called when somebody decided
    history = HistoricalRecords()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [models.UniqueConstraint(fields=["left", "right"], name="one_judgement_each")]


class Double(models.Model):
    """Two records of ours that may be one, as the worker found them, or that somebody said are not.

    ``reasons`` are ``[key, score, left, right]``, empty where only a person brought the two up.
    """

    pair = models.CharField(max_length=50, unique=True)  # the two public ids in order
    prefix = models.CharField(max_length=3)  # of both ids: what kind they are
    score = models.FloatField(default=0.0)
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField(auto_now_add=True)
    apart_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    apart_at = models.DateTimeField(null=True)  # somebody said that they are not the same
    objects: ClassVar[models.Manager[Double]] = models.Manager()  # said, because the checker does not see it

    class Meta:
        indexes = [models.Index(fields=["prefix", "apart_at", "-score"], name="doubles_waiting")]

    @property
    def ids(self) -> list[str]:
        return self.pair.split()


class Office(models.Model):
    """The office that runs this home: one row."""

    name = MultilingualField(_("name of the office"))
    about = MultilingualField(_("what this office does"))
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, related_name="+", verbose_name=_("its organisation")
    )
    logo = models.ImageField(_("logo"), upload_to="office", blank=True)
    default_language = models.CharField(_("main language"), max_length=10, choices=settings.LANGUAGES, default="en")
    languages = CodesField(_("languages offered"))
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Madrid")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    contact = models.TextField(_("contact"), blank=True)
    legal_notice = MultilingualField(_("legal notice"))
    is_open_to_join = models.BooleanField(_("Everybody may open an account to support and comment"), default=False)
    is_demo = models.BooleanField(default=False, editable=False)
    started_on = models.DateField(auto_now_add=True)
    examples_removed_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return str(self.name)


# Django finds a room's models here alone.
from sympolis.office.directory.agreements.models import (  # noqa: E402 - they name the models above
    Agreement,
    EndReminder,
    Position,
)
from sympolis.office.directory.people.models import (  # noqa: E402 - they name the models above
    Department,
    Person,
    Post,
)

__all__ = [
    "Agreement", "Department", "Double", "EndReminder", "Figure", "Membership", "MembershipAnswer", "MembershipFee",
    "MembershipQuestion", "Office", "Organisation", "PageQuestion", "Person", "Position", "Post", "Relation",
    "SameBody", "WorldLink",
]  # fmt: skip
