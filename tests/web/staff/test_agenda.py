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


def table(cast: Cast, query: str = "") -> list[str]:
    answer: Any = cast.client("officer").get(f"{AGENDA}?format=csv{query}")
    lines: list[str] = answer.getvalue().decode("utf-8-sig").splitlines()
    return lines


def told(shared: Any) -> list[tuple[str, str]]:
    return [(str(line.organisation), str(line.entry.title)) for line in shared.lines]


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
    assert [str(trip.title) for trip in one.trips] == ["Away"]
    assert [str(need.title) for need in two.wants] == ["A priority"]
    assert [nothing.networks, nothing.twins, nothing.projects, nothing.wants, nothing.trips] == [[], [], [], [], []]
    rows = table(cast)
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
    assert told(place) == [("Alella", "A"), ("Badalona", "B")]


def test_a_place_is_the_same_in_whatever_language_it_is_named(cast: Cast, towns: list[Organisation]) -> None:
    first, second, third = towns
    make_organisation("Montpellier", kind="city", names=Text.of(ca="Montpeller", ar="مونبلييه"))
    meeting("A", "Montpeller", 10, first)
    meeting("B", "Corum, Montpellier", 12, second)
    meeting("C", "مونبلييه", 14, third)
    meeting("At home", "Ajuntament, Cervelló", 15, third)
    (place,) = shown(cast).places
    assert [who for who, _trip in told(place)] == ["Alella", "Badalona", "Cervelló"]
    assert [str(trip.title) for trip in shown(cast).members[2].trips] == ["C"]


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
    assert found.about == call
    assert told(found) == [
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
    assert told(found) == [
        ("Alella", "Own"), ("Badalona", "Own"), ("Cervelló", "Region"),
    ]  # fmt: skip


def test_it_is_narrowed_and_leads_to_all_who_go_together(cast: Cast, towns: list[Organisation]) -> None:
    first, second, third = towns
    make_relation(third, "twinned_with", cast.sfax)
    make_relation(first, "member_of", make_organisation("Harbours", kind="city-network"))
    make_project("Going on", second, stage="ongoing")
    make_project("Over", third, stage="finished")
    make_need(third, "A wish")
    meeting("A", "Tunis", 3, first, second)
    meeting("Alone", "Sfax", 3, third)
    call = make_call("Circular cities 2027", closes_latest=office_today())
    make_need(first, "After Circular cities 2027")
    make_need(second, "Circular cities 2027 too")

    def named(query: str) -> list[str]:
        found = [str(one.organisation) for one in shown(cast, f"?{query}").members]
        assert {row.split(",")[1] for row in table(cast, f"&{query}")[1:]} <= set(found)
        return found

    assert named("q=badal") == ["Badalona"]
    assert named("has=networks") == ["Alella"]
    assert named("has=twins") == ["Cervelló"]
    assert named("has=projects") == ["Badalona"]
    assert named("has=wants") == ["Alella", "Badalona", "Cervelló"]
    assert named("has=trips") == ["Alella", "Badalona", "Cervelló"]
    assert named("has=together") == ["Alella", "Badalona"]
    assert named("place=tunis") == ["Alella", "Badalona"]
    assert named(f"call={call.public_id}") == ["Alella", "Badalona"]
    assert named("place=nowhere") == ["Alella", "Badalona", "Cervelló"]  # nobody offered it


def test_of_many_a_page_is_shown_and_all_are_counted(
    cast: Cast, towns: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    more = [make_organisation(f"Town {number:02}") for number in range(27)]
    for town in more:
        make_relation(town, "part_of", cast.amb)
        make_relation(town, "member_of", cast.amb)  # said twice, counted once
    meeting("A", "Tunis", 3, *more)
    everybody = [str(town) for town in (*towns, *more)]
    for crowd in (1_000, 10):
        monkeypatch.setattr("sympolis.office.synergies.agenda.bodies.CROWD", crowd)
        pages = [shown(cast, f"?page={number}") for number in (1, 2)]
        assert [[str(one.organisation) for one in page.members] for page in pages] == [everybody[:25], everybody[25:]]
        assert [page.page.paginator.count for page in pages] == [30, 30]
    (place,) = pages[0].places
    assert (len(place.lines), place.who, place.more) == (8, 27, 19)
    assert {row.split(",")[1] for row in table(cast)[1:]} == set(everybody[3:])


def test_another_body_is_found_by_its_name(cast: Cast, towns: list[Organisation]) -> None:
    network = make_organisation("Xarxa de ports", kind="city-network")
    other = make_organisation("Xarxa de muntanya", kind="city-network")
    lonely = make_organisation("Xarxa buida", kind="city-network")
    client = cast.client("officer")
    for one in (network, other):
        for town in towns:
            make_relation(town, "member_of", one)
    make_relation(towns[0], "member_of", lonely)
    assert client.get(f"{AGENDA}?find=ports").headers["Location"] == f"{AGENDA}?of={network.public_id}"
    assert client.get(f"{AGENDA}?find=xarxa").context["bodies"] == [other, network]
    assert client.get(f"{AGENDA}?find=buida").context["bodies"] == []
    cast.office.organisation = lonely
    cast.office.save()
    assert client.get(AGENDA).context["bodies"] == []
    make_relation(lonely, "member_of", network)
    assert client.get(AGENDA).context["bodies"] == [network]


def test_what_is_kept_of_texts_follows_them(cast: Cast, towns: list[Organisation]) -> None:
    """Which needs name a call, and which city a word means, is asked again as soon as anything was saved."""
    first, second, _third = towns
    make_call("Circular cities 2027", closes_latest=office_today())
    needs = [make_need(town, "Circular cities 2027") for town in (first, second)]
    meeting("A", "Tunis", 3, first)
    meeting("B", "تونس", 5, second)
    assert (len(shown(cast).calls), shown(cast).places) == (1, [])
    needs[0].title = Text.of(en="Something else")
    needs[0].save()
    make_organisation("Tunis", kind="city", names=Text.of(ar="تونس"))
    assert (shown(cast).calls, len(shown(cast).places)) == ([], 1)


def test_few_queries_whatever_the_data(cast: Cast, towns: list[Organisation]) -> None:
    client, counts = cast.client("officer"), []
    make_call("Circular cities 2027", programme="LIFE", closes_latest=office_today())
    for size in (2, 10):
        for number in range(size):
            town = make_organisation(f"Town {size} {number}")
            make_relation(town, "part_of", cast.amb)
            make_relation(town, "member_of", make_organisation(f"Network {size} {number}"))
            make_relation(town, "twinned_with", cast.sfax)
            make_project(f"Project {number}", town, cast.sfax, programme="LIFE", stage="idea")
            make_need(town, f"Need {number} for LIFE")
            make_relation(town, "member_of", cast.sfax)
            meeting(f"Meeting {number}", "Tunis", number, town, cast.sfax)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{AGENDA}?q=town&has=together").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 12, "\n".join(query["sql"][:200] for query in queries)
