"""The cast of every permission test: who they are and what each can get at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.test import Client
from django.utils import timezone

from sympolis.office.core.enums import MembershipRole, SiteRole
from sympolis.office.core.models import User
from sympolis.office.directory.models import Membership, Office, Organisation
from tests.factories import make_organisation, make_relation

PASSWORD = "a harbour in the morning"


def office_today() -> date:
    """The day it is at the cast's office, where the evening's last hours by UTC are the next day's first."""
    return timezone.localdate(timezone=ZoneInfo(Office().time_zone))


@dataclass
class Cast:
    """One office (Barcelona's metropolitan area), one member city (Sfax) with a contact, and people around them.

    The contact's and the outsider's cities are members of no network of the office's; ``insider`` is somebody of a city
    that is, where a test asks for one (``let_in``).
    """

    office: Office
    amb: Organisation
    sfax: Organisation
    administrator: User
    officer: User
    contact: User
    participant: User
    outsider: User
    insider: User | None = None
    reader: User | None = None
    contributor: User | None = None

    def client(self, who: str) -> Client:
        """A browser signed in as one of the cast; ``visitor`` is not signed in."""
        client = Client()
        if who != "visitor":
            client.force_login(getattr(self, who), backend="sympolis.office.directory.sign_in.SignIn")
        return client


def let_in(cast: Cast, network: Organisation) -> User:
    """Somebody of Tunis, a member of a network whose secretariat the office keeps."""
    tunis = make_organisation("Tunis", slug="tunis", kind="city", country="TN")
    make_relation(cast.amb, "hosts_secretariat_of", network)
    make_relation(tunis, "member_of", network)
    cast.insider = User.objects.create_user("insider@example.org", PASSWORD, first_name="Insider")
    Membership.objects.create(user=cast.insider, organisation=tunis, role=MembershipRole.READER)
    return cast.insider


def let_read(cast: Cast) -> User:
    """A deputy mayor, who reads what is the office's."""
    cast.reader = User.objects.create_user("reader@example.org", PASSWORD, first_name="Reader", role=SiteRole.READER)
    return cast.reader


def let_propose(cast: Cast) -> User:
    """An intern of the office, who reads what is the office's and proposes changes to any of it."""
    cast.contributor = User.objects.create_user(
        "intern@example.org", PASSWORD, first_name="Intern", role=SiteRole.CONTRIBUTOR
    )
    return cast.contributor


def make_cast() -> Cast:
    amb = make_organisation(
        "Àrea Metropolitana de Barcelona", slug="amb", short_name="AMB", kind="metropolitan-authority", country="ES"
    )
    sfax = make_organisation("Sfax", slug="sfax", kind="city", country="TN")
    rabat = make_organisation("Rabat", slug="rabat", kind="city", country="MA")
    office = Office.objects.create(organisation=amb, languages=("en", "ca", "es", "fr", "ar"))
    office.name.write("en", "International Relations")
    office.save()

    def person(name: str, role: SiteRole = SiteRole.PARTICIPANT) -> User:
        return User.objects.create_user(f"{name}@example.org", PASSWORD, first_name=name.title(), role=role)

    cast = Cast(
        office,
        amb,
        sfax,
        administrator=person("administrator", SiteRole.ADMINISTRATOR),
        officer=person("officer", SiteRole.OFFICER),
        contact=person("contact"),
        participant=person("participant"),
        outsider=person("outsider"),
    )
    Membership.objects.create(user=cast.contact, organisation=sfax)
    Membership.objects.create(user=cast.outsider, organisation=rabat)
    return cast
