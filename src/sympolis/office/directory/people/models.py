"""Departments, the people who work in them, and the posts they hold and held."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from sympolis.office.core.dates import Dated, day
from sympolis.office.core.field_groups import group_visibility, office_only
from sympolis.office.core.models import Record
from sympolis.office.core.texts import CodesField, MultilingualField, Text
from sympolis.office.directory.enums import LegalBasis


class Department(Record):
    """A unit of an organisation and what it works on: public, while the people who work in it are not."""

    ID_PREFIX = "dep"
    FIELD_GROUPS = {"contact_visibility": ("post", "mailbox")}

    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="departments")
    name = MultilingualField(_("name"))
    themes = CodesField(_("themes"))
    post = MultilingualField(_("post that leads it"))
    mailbox = models.EmailField(_("shared mailbox"), blank=True)
    contact_visibility = group_visibility(_("who may see the post and the mailbox"))
    history = HistoricalRecords()

    def title_text(self) -> Text:
        return self.name


class Person(Record):
    """Somebody with the post held now, seen by the office and the own house alone. Often only the post is known.

    Earlier posts, and others held at the same time, are ``posts``. ``basis`` is why the law lets the office keep it.
    """

    ID_PREFIX = "per"
    TOGETHER = (
        ("post", "organisation", "department", "since", "until"),
        ("basis", "basis_how", "basis_from", "basis_until"),
    )

    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="people")
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
    organisation = models.ForeignKey("directory.Organisation", models.CASCADE, related_name="posts")
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
