"""A meeting of two partners with everything a brief can say about them, and strings that must not leak."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sympolis.office.core.enums import Visibility
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Department, Organisation, Person
from sympolis.office.projects.models import Project
from sympolis.office.synergies.models import Commitment, Meeting
from tests.factories import make_call, make_need, make_organisation, make_project, make_relation

PRIVATE = (
    "laia.private@example.org",
    "+34 600 000 001",
    "SECRET-NOTE-ORG",
    "SECRET-NOTE-PROMISE",
    "SECRET-NOTE-PERSON",
)


@dataclass
class Pair:
    left: Organisation
    right: Organisation
    network: Organisation
    member: Organisation
    reuse: Project
    secret: Organisation


def make_pair(on: date) -> Pair:
    """Lyra and Cetus: water on both sides, one network, one call, one promise that is overdue."""
    lyra = make_organisation("Lyra Metropolis", kind="metropolitan-authority", country="FR", place="Lyra")
    city = make_organisation("Lyra", kind="city", country="FR", place="Lyra", population=250_000)
    cetus = make_organisation(
        "Cetus Area", short_name="CETUS", kind="metropolitan-authority", country="ES", note="SECRET-NOTE-ORG"
    )
    network = make_organisation("Harbour Network", kind="city-network")
    member = make_organisation("Porto Novo", kind="city", country="TN")
    secret = make_organisation("Hidden Club", kind="city-network", visibility=Visibility.OFFICE)
    make_relation(city, "part_of", lyra)
    make_relation(city, "president_of", network)
    for one in (cetus, member):
        make_relation(one, "member_of", network)
    for one in (lyra, cetus):
        make_relation(one, "member_of", secret)
    reuse = _projects(lyra, city, cetus, member)
    make_need(cetus, "Water for thirty years", text=Text.of(en="Reused waste water for parks."), themes=("water",))
    make_need(lyra, "Reuse of waste water", text=Text.of(en="Reused waste water for parks."), themes=("water",))
    make_call(
        "Reuse of waste water in cities",
        programme="LIFE",
        themes=("water",),
        closes_latest=on + timedelta(90),
        summary=Text.of(en="Cities reuse treated waste water."),
    )
    _people(lyra, cetus)
    _meetings(on, lyra, cetus)
    return Pair(lyra, cetus, network, member, reuse, secret)


def _projects(lyra: Organisation, city: Organisation, cetus: Organisation, member: Organisation) -> Project:
    water: dict[str, object] = {"themes": ("water",), "sdgs": ("6",)}
    text = Text.of(en="Treated waste water is reused to water parks and fields in a dry city.")
    reuse = make_project("Reuse of treated water", cetus, summary=text, stage="finished", **water)
    make_project("Reuse of water in parks", lyra, summary=text, stage="ongoing", **water)
    make_project("Drainage in the old town", cetus, summary=text, stage="ongoing", **water)
    make_project("Water of the hills", lyra, summary=text, **water)
    make_project("Unsure water", cetus, summary=text, stage="ongoing", confirmed=False, **water)
    make_project("Invented water", cetus, summary=text, stage="ongoing", illustrative=True, **water)
    make_project("Fountains", city, summary=text, stage="ongoing", **water)
    make_project("Wells of Porto Novo", member, summary=text, stage="ongoing", **water)
    return reuse


def _people(lyra: Organisation, cetus: Organisation) -> None:
    water = Department.objects.create(organisation=cetus, name=Text.of(en="Water service"), themes=("water",))
    Person.objects.create(
        organisation=cetus,
        department=water,
        name="Laia Puig",
        post=Text.of(en="Head of water"),
        email="laia.private@example.org",
        telephone="+34 600 000 001",
        note="SECRET-NOTE-PERSON",
    )
    Department.objects.create(organisation=lyra, name=Text.of(en="Eau"), themes=("water",))


def _meetings(on: date, lyra: Organisation, cetus: Organisation) -> None:
    def meeting(title: str, day: date) -> Meeting:
        made = Meeting.objects.create(
            title=Text.of(en=title), kind="bilateral", starts_earliest=day, starts_latest=day, visibility="office"
        )
        made.organisations.set([lyra, cetus])
        return made

    last = meeting("Call of the two", on - timedelta(30))
    meeting("Day of the two", on + timedelta(7))
    Commitment.objects.create(
        meeting=last,
        organisation=lyra,
        text=Text.of(fr="Envoyer les coûts"),
        due_earliest=on - timedelta(5),
        due_latest=on - timedelta(5),
        note="SECRET-NOTE-PROMISE",
        visibility="office",
    )
