"""The region's agenda: who reads it, what it lists of each, and what two have in common."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.events.models import Event
from sympolis.office.projects.models import Application, ApplicationPartner
from sympolis.office.synergies.models import Meeting
from tests.cast import Cast, office_today
from tests.factories import make_call, make_need, make_organisation, make_project, make_relation

AGENDA = "/en/office/agenda/"


def day(days: int) -> PartialDate:
    on = office_today() + timedelta(days)
    return PartialDate(on, on)


def meeting(title: str, place: str, days: int, *who: Organisation) -> Meeting:
    made = Meeting(title=Text.of(en=title), kind="other", place=place)
    made.starts = day(days)
    made.save()
    made.organisations.set(who)
    return made


@pytest.fixture
def towns(cast: Cast) -> list[Organisation]:
    """Three municipalities of the metropolitan area."""
    towns = [make_organisation(name, country="ES") for name in ("Alella", "Badalona", "Cervelló")]
    for town in towns:
        make_relation(town, "part_of", cast.amb)
    return towns


def shown(cast: Cast, query: str = "") -> Any:
    return cast.client("officer").get(AGENDA + query).context["agenda"]


def test_officers_read_it_and_nobody_else(cast: Cast, towns: list[Organisation]) -> None:
    for address in (AGENDA, f"{AGENDA}?of={cast.amb.public_id}&format=csv"):
        assert cast.client("visitor").get(address).status_code == 302
        for who in ("contact", "participant", "outsider"):
            assert cast.client(who).get(address).status_code == 403
        assert cast.client("officer").get(address).status_code == 200
    assert cast.client("officer").get(f"{AGENDA}?of={towns[0].public_id}").status_code == 404


def test_of_each_what_goes_on(cast: Cast, towns: list[Organisation]) -> None:
    first, second, _third = towns
    network = make_organisation("Harbours", kind="city-network")
    make_relation(first, "member_of", network)
    make_relation(cast.sfax, "twinned_with", first)
    make_relation(second, "twinned_with", first, until_latest=office_today() - timedelta(1))
    make_project("Going on", first, start_earliest=office_today(), stage="ongoing")
    make_project("Long over", first, stage="finished")
    make_need(second, "A priority", stage="priority")
    meeting("Away", "Tunis", 3, first)
    meeting("At home", "Alella", 3, first)
    meeting("Over", "Tunis", -3, first)
    meeting("On screens", "Online", 3, first)
    found = shown(cast)
    assert [one.organisation for one in found.members] == towns
    one, two, nothing = found.members
    assert [one.networks, one.twins] == [[network], [cast.sfax]]
    assert [str(project.title) for project in one.projects] == ["Going on"]
    assert [str(trip.record.title) for trip in one.trips] == ["Away"]
    assert [str(need.title) for need in two.wants] == ["A priority"]
    assert [nothing.networks, nothing.twins, nothing.projects, nothing.wants, nothing.trips] == [[], [], [], [], []]
    rows = cast.client("officer").get(f"{AGENDA}?format=csv").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[2:4] for row in rows[1:]] == [
        ["Network", "Harbours"],
        ["Twin town", "Sfax"],
        ["Project", "Going on"],
        ["Trip", "Away"],
        ["Priority", "A priority"],
    ]


def test_two_go_to_the_same_place_within_sixty_days(cast: Cast, towns: list[Organisation]) -> None:
    first, second, third = towns
    meeting("A", "València", 10, first)
    event = Event(title=Text.of(en="B"), place="Valencia")
    event.start = day(70)
    event.save()
    event.cities.set([second])
    meeting("Too late", "Valencia", 131, third)
    meeting("Alone 1", "Tunis", 10, first)
    meeting("Alone 2", "Tunis", 12, first)
    (place,) = shown(cast).places
    assert [(str(who), str(trip.record.title)) for who, trip in place.going] == [("Alella", "A"), ("Badalona", "B")]


def test_a_place_is_the_same_in_whatever_language_it_is_named(cast: Cast, towns: list[Organisation]) -> None:
    first, second, third = towns
    make_organisation("Montpellier", kind="city", names=Text.of(ca="Montpeller", ar="مونبلييه"))
    meeting("A", "Montpeller", 10, first)
    meeting("B", "Corum, Montpellier", 12, second)
    meeting("C", "مونبلييه", 14, third)
    meeting("At home", "Ajuntament, Cervelló", 15, third)
    (place,) = shown(cast).places
    assert [str(who) for who, _trip in place.going] == ["Alella", "Badalona", "Cervelló"]
    assert [str(trip.record.title) for trip in shown(cast).members[2].trips] == ["C"]


def test_two_are_after_the_same_call(cast: Cast, towns: list[Organisation]) -> None:
    first, second, third = towns
    call = make_call("Circular cities 2027", programme="LIFE", closes_latest=office_today())
    make_call("Closed", programme="LIFE", closes_latest=office_today() - timedelta(1))
    make_call("Another", programme="MED", closes_latest=office_today())
    make_project("Reuse", first, programme="Life", stage="preparing")
    make_project("Begun", third, programme="LIFE", stage="ongoing")
    make_need(second, "Partners for LIFE", stage="need")
    make_need(third, "A better life for all MEDiators")
    make_need(third, "Money", stage="need")
    (found,) = shown(cast).calls
    assert found.call == call
    assert [(str(who), str(record.title)) for who, record in found.after] == [
        ("Alella", "Reuse"),
        ("Badalona", "Partners for LIFE"),
    ]


def test_two_who_apply_to_one_call_are_told(cast: Cast, towns: list[Organisation]) -> None:
    first, second, third = towns
    call = make_call("Circular cities 2027", closes_latest=office_today())

    def apply(title: str, whose: Organisation, **more: Any) -> Application:
        return Application.objects.create(title=Text.of(en=title), organisation=whose, call=call, **more)

    own = apply("Own", first)
    ApplicationPartner.objects.create(application=own, organisation=second)
    assert shown(cast).calls == []  # in one and the same
    apply("Over", third, stage="refused")
    apply("Given up", third, decision="no-go")
    region = apply("Region", cast.amb, stage="drafting")
    ApplicationPartner.objects.create(application=region, organisation=third)
    ApplicationPartner.objects.create(application=region, organisation=second, state="no")
    (found,) = shown(cast).calls
    assert [(str(who), str(record.title)) for who, record in found.after] == [
        ("Alella", "Own"), ("Badalona", "Own"), ("Cervelló", "Region"),
    ]  # fmt: skip


def test_few_queries_whatever_the_data(cast: Cast, towns: list[Organisation]) -> None:
    client, counts = cast.client("officer"), []
    make_call("Circular cities 2027", programme="LIFE", closes_latest=office_today())
    for size in (1, 10):
        for number in range(size):
            town = make_organisation(f"Town {size} {number}")
            make_relation(town, "part_of", cast.amb)
            make_relation(town, "member_of", make_organisation(f"Network {size} {number}"))
            make_relation(town, "twinned_with", cast.sfax)
            make_project(f"Project {number}", town, cast.sfax, programme="LIFE", stage="idea")
            make_need(town, f"Need {number} for LIFE")
            meeting(f"Meeting {number}", "Tunis", number, town, cast.sfax)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(AGENDA).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 12, "\n".join(query["sql"][:200] for query in queries)
