"""Organisations and bodies, their people and departments, relations, agreements, figures; the office itself."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import Dated, PartialDate, day
from sympolis.office.core.enums import MembershipRole, Visibility
from sympolis.office.core.field_groups import group_visibility
from sympolis.office.core.models import Record, WithLists
from sympolis.office.core.texts import CodesField, Entry, MultilingualField, Text
from sympolis.office.directory.details import CalledName, Identifier, Site, called_names, identifiers, sites
from sympolis.office.directory.enums import MUTUAL, LegalBasis, MemberKind, Renewal, SameVerdict, Tick


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
        """Its own name stands for it where the reader's language has none."""
        own: Entry = {"text": self.name, "original": True}
        return Text({**self.names, self.name_language: own})

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
            # Thousands of members are counted out of this alone.
            models.Index(
                fields=["type", "to_organisation", "narrowest", "illustrative", "from_organisation"],
                name="relation_counts",
            ),
            models.Index(fields=["narrowest"], name="relation_seen"),
            models.Index(fields=["from_organisation", "to_organisation"], name="relation_ends"),
            models.Index(
                fields=["confirmed", "narrowest"], condition=models.Q(confirmed=False), name="relation_unconfirmed"
            ),
        ]

    def title_text(self) -> Text:
        return Text.of(en=self.type)  # without its ends: a thousand relations must not ask for a thousand names

    def twin_key(self) -> Hashable:
        ends = (self.from_organisation_id, self.to_organisation_id)
        return (self.type, frozenset(ends) if self.type in MUTUAL else ends, self.visibility, self.illustrative)

    def says_the_same(self, twin: Relation) -> bool:
        """Unless the two speak of another role or of other years."""
        told = ((getattr(self, name), getattr(twin, name)) for name in ("role", "since", "until"))
        return all(not mine or not theirs or mine == theirs for mine, theirs in told)


class Agreement(Record):
    """A signed text between organisations."""

    ID_PREFIX = "agr"
    PAGE = "agreement"
    FIELD_GROUPS = {"obliges_visibility": ("obliges",)}

    title = MultilingualField(_("title"))
    kind = models.CharField(_("kind"), max_length=40)
    parties = models.ManyToManyField(Organisation, related_name="agreements", verbose_name=_("parties"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    signed_earliest = day()
    signed_latest = day()
    ends_earliest = day()
    ends_latest = day()
    in_force_earliest = day()
    in_force_latest = day()
    signed = Dated()
    ends = Dated()
    in_force = Dated()
    renewal = models.CharField(_("on its last day"), max_length=10, choices=Renewal.choices, blank=True)
    notice_months = models.PositiveSmallIntegerField(_("notice, in months"), null=True, blank=True)
    signatures = models.JSONField(_("who signed it"), default=list, blank=True)  # lines: see details
    renewed_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="renews", verbose_name=_("renewed by")
    )
    themes = CodesField(_("themes"))
    obliges = MultilingualField(_("what it obliges to"))
    obliges_visibility = group_visibility(_("who may see what it obliges to"))
    history = HistoricalRecords(bases=[WithLists])

    def title_text(self) -> Text:
        return self.title

    @property
    def over(self) -> PartialDate:
        """The day after which it no longer holds; none of one that goes on by itself."""
        return PartialDate() if self.renewal == Renewal.AUTOMATIC else self.ends


class Position(Record):
    """What one or many organisations said together to somebody: a statement, a letter, an opinion of a council."""

    ID_PREFIX = "pos"
    PAGE = "position"
    FIELD_GROUPS = {"outcome_visibility": ("outcome",)}

    title = MultilingualField(_("title"))
    text = MultilingualField(_("text"))
    signatories = models.ManyToManyField(Organisation, related_name="positions", verbose_name=_("who signed"))
    addressed_to = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="positions_received",
        verbose_name=_("to whom"),
    )  # fmt: skip
    adopted_earliest = day()
    adopted_latest = day()
    adopted = Dated()
    themes = CodesField(_("themes"))
    outcome = MultilingualField(_("what came of it"))
    outcome_visibility = group_visibility(_("who may see what came of it"))
    history = HistoricalRecords(bases=[WithLists])

    def title_text(self) -> Text:
        return self.title


class EndReminder(models.Model):
    """The office was told so many months before that an agreement ends on that day: never twice."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reminders")
    ends = models.DateField()
    months = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "ends", "months"], name="one_reminder_each")]


class Department(Record):
    """A unit of an organisation and what it works on: public, while the people who work in it are not."""

    ID_PREFIX = "dep"
    FIELD_GROUPS = {"contact_visibility": ("post", "mailbox")}

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="departments")
    name = MultilingualField(_("name"))
    themes = CodesField(_("themes"))
    post = MultilingualField(_("post that leads it"))
    mailbox = models.EmailField(_("shared mailbox"), blank=True)
    contact_visibility = group_visibility(_("who may see the post and the mailbox"))
    history = HistoricalRecords()

    def title_text(self) -> Text:
        return self.name


def office_only() -> models.CharField[Any, Any]:
    """``visibility`` of what is about a person: nothing of it is public, so nothing else is offered or asked for."""
    return models.CharField(
        _("who may see it"), max_length=10, choices=Visibility.choices, default=Visibility.OFFICE, editable=False
    )


class Person(Record):
    """Somebody with the post held now, seen by the office and the own house alone. Often only the post is known.

    Earlier posts, and others held at the same time, are ``posts``. ``basis`` is why the law lets the office keep it.
    """

    ID_PREFIX = "per"
    TOGETHER = (
        ("post", "organisation", "department", "since", "until"),
        ("basis", "basis_how", "basis_from", "basis_until"),
    )

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="people")
    department = models.ForeignKey(
        Department, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("department")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    post = MultilingualField(_("post"))
    email = models.EmailField(_("mail address"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=50, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    languages = CodesField(_("languages spoken"))
    themes = CodesField(_("works on"))
    since_earliest = day()
    since_latest = day()
    until_earliest = day()
    until_latest = day()
    since = Dated()
    until = Dated()
    basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis.choices, blank=True)
    basis_how = models.CharField(_("how it was recorded"), max_length=300, blank=True)
    basis_from_earliest = day()
    basis_from_latest = day()
    basis_until_earliest = day()
    basis_until_latest = day()
    basis_from = Dated()
    basis_until = Dated()
    visibility = office_only()
    history = HistoricalRecords()

    class Meta:
        indexes = [
            models.Index(
                fields=["basis_until_latest"],
                condition=models.Q(basis_until_latest__isnull=False),
                name="person_basis_ends",
            )
        ]

    def title_text(self) -> Text:
        return Text.of(en=self.name) if self.name else self.post

    def left_over_of(self, other: Person) -> list[Record]:
        """The post of the two that was not chosen stands among the others."""
        told = [(one.organisation_id, one.department_id, one.post.plain()) for one in (self, other)]
        if not other.post or told[0] == told[1]:
            return []
        left = Post(
            person=self, organisation_id=other.organisation_id, department_id=other.department_id, post=other.post,
            source_url=other.source_url, confirmed=other.confirmed, illustrative=other.illustrative,
        )  # fmt: skip
        left.since, left.until = other.since, other.until
        return [left]


class Post(Record):
    """A post somebody held before, or holds besides the one that stands with the person."""

    ID_PREFIX = "pst"
    TOGETHER = (("organisation", "department"),)

    person = models.ForeignKey(Person, models.CASCADE, related_name="posts", verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="posts")
    department = models.ForeignKey(
        Department, models.SET_NULL, null=True, blank=True, related_name="posts", verbose_name=_("department")
    )
    post = MultilingualField(_("post"))
    since_earliest = day()
    since_latest = day()
    until_earliest = day()
    until_latest = day()
    since = Dated()
    until = Dated()
    visibility = office_only()
    history = HistoricalRecords()

    def title_text(self) -> Text:
        return self.post


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
