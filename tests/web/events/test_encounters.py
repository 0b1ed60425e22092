"""Who met at events: on an organisation's page, its map and the graph; to take part, to speak, to be invited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from django.template.base import Node
from django.urls import reverse

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.events.actions import keep_event
from sympolis.office.events.models import Event, Registration, Slot, Speaker
from tests.cast import Cast
from tests.factories import make_organisation, make_relation

type Row = tuple[str, str, str, tuple[str, ...]]
PAGE, DATA = "/en/graph/", "/en/graph/data/"
MET, SPOKE, INVITED = "met at an event", "met at an event, one as a speaker", "invited to an event"
ALL = {"event": ["met", "spoke", "invited"], "only": "events"}


def held(title: str, day: date | None, organiser: Organisation, *cities: Organisation, **fields: Any) -> Event:
    invited = fields.pop("invited", [])
    event = Event(title=Text.of(en=title), start_earliest=day, start_latest=day, **fields)
    return keep_event(event, [organiser], cities, invited=invited)


@pytest.fixture
def towns(cast: Cast) -> dict[str, Organisation]:
    """AMB held two days: Oran took part in both, Split spoke at the second, Tirana was only invited."""
    made = {"AMB": cast.amb} | {
        name: make_organisation(name, slug=name.lower()) for name in ("Oran", "Split", "Tirana")
    }
    for at, one in enumerate(made.values()):
        one.latitude, one.longitude = 36.0 + at, 2.0 + at
        one.save()
    held("First day", date(2019, 5, 1), cast.amb, made["Oran"], invited=[made["Tirana"]])
    second = held("Second day", date(2020, 11, 25), cast.amb, made["Oran"])
    Speaker.objects.create(event=second, name="Ana", organisation=made["Split"])
    Speaker.objects.create(event=second, name="Bo", organisation=made["Tirana"], state="invited")
    # None of these is a meeting of anybody: examples, what was called off, is unconfirmed, or begins in years.
    held("Example", date(2019, 5, 1), cast.amb, made["Tirana"], illustrative=True)
    held("Called off", date(2019, 5, 1), cast.amb, made["Tirana"], is_cancelled=True)
    held("Unsure", date(2019, 5, 1), cast.amb, made["Tirana"], confirmed=False)
    held("To come", date(2099, 5, 1), cast.amb, made["Tirana"])
    held("Zuhaitz day", date(2019, 5, 1), cast.amb, made["Tirana"], visibility="office")
    return made


def ties(cast: Cast, address: str = PAGE, who: str = "visitor", **asked: Any) -> set[Row]:
    """The table's rows: both ends, what they had to do with each other, and the events that show it."""
    page = cast.client(who).get(address, asked).context["page"]
    return {(tie.start.name, tie.label, tie.end.name, tuple(str(one.title) for one in tie.events)) for tie in page}


TODAY = {
    ("AMB", MET, "Oran", ("Second day", "First day")),
    ("AMB", SPOKE, "Split", ("Second day",)),
    ("Oran", SPOKE, "Split", ("Second day",)),
    ("AMB", INVITED, "Tirana", ("First day",)),
}


def named(cast: Cast, found: set[Row]) -> set[Row]:
    return {tuple("AMB" if part == cast.amb.name else part for part in row) for row in found}  # type: ignore[misc]


class TestGraph:
    def test_each_kind_is_switched_on_by_itself(self, cast: Cast, towns: dict[str, Organisation]) -> None:
        assert ties(cast) == set()
        assert named(cast, ties(cast, **ALL)) == TODAY
        for code, label in (("met", MET), ("spoke", SPOKE), ("invited", INVITED)):
            assert named(cast, ties(cast, event=code)) == {row for row in TODAY if row[1] == label}
        assert named(cast, ties(cast, **ALL, on="2019")) == {
            ("AMB", MET, "Oran", ("First day",)),
            ("AMB", INVITED, "Tirana", ("First day",)),
        }
        assert named(cast, ties(cast, **ALL, q="split")) == {row for row in TODAY if "Split" in row}

    def test_kinds_are_counted_apart_though_none_is_drawn(self, cast: Cast, towns: dict[str, Organisation]) -> None:
        found = cast.client("visitor").get(PAGE)
        assert [(facet.code, facet.count) for facet in found.context["facets"]["encounters"]] == [
            ("met", 1), ("spoke", 2), ("invited", 1),
        ]  # fmt: skip
        assert 'name="event" value="met"' in found.text

    def test_the_picture_and_the_evidence(self, cast: Cast, towns: dict[str, Organisation]) -> None:
        data = cast.client("visitor").get(DATA, ALL).json()
        assert {(row[0], row[1]) for row in data["types"]} == {
            (MET, MET), (SPOKE, SPOKE), (INVITED, "was invited by"),
        }  # fmt: skip
        assert len({row[2] for row in data["types"]}) == 3
        assert len(data["links"]) == 4
        first = Event.objects.get(title__en__text="First day")
        assert (
            f'<a href="{first.get_absolute_url()}"><bdi>First day</bdi></a> <bdi>(1 May 2019)</bdi>'
            in cast.client("visitor").get(PAGE, ALL).text
        )

    def test_relations_stay_beside_them_unless_left_out(self, cast: Cast, towns: dict[str, Organisation]) -> None:
        towns["Oran"].relations_out.create(type="twinned_with", to_organisation=towns["Split"])
        assert len(ties(cast, event="met")) == 2
        assert len(ties(cast, event="met", only="events")) == 1


def test_of_many_links_the_page_of_who_met_is_read_from_the_latest_event_on(
    cast: Cast, towns: dict[str, Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each pair once, the latest event first, with all events it has in common though only two are read for it; of few
    who are asked for, and of a kind, from the latest of theirs on."""
    for name, few in (("FEW", 0), ("AHEAD", 1), ("PAGE_LENGTH", 1), ("LATEST_EVENTS", 2)):
        monkeypatch.setattr(f"sympolis.web.public.graph_table.{name}", few)
    make_relation(towns["Oran"], "twinned_with", towns["Split"])
    Organisation.objects.filter(name="Tirana").update(kind="region")
    held("Last day", date(2021, 1, 1), towns["Tirana"], towns["Split"])
    asked = {"event": ["met", "spoke"], "sort": "who"}
    expected = [
        {("Split", MET, "Tirana", ("Last day",))},
        {(cast.amb.name, MET, "Oran", ("Second day", "First day"))},
        {(cast.amb.name, SPOKE, "Split", ("Second day",))},
        {("Oran", SPOKE, "Split", ("Second day",))},
        {("Oran", "twinned with", "Split", ())},
    ]
    assert [ties(cast, page=number, **asked) for number in range(1, 6)] == expected
    page = cast.client("visitor").get(PAGE, asked)
    assert ("so many links are not sorted otherwise" in page.text, "sort=whom" in page.text) == (True, False)
    assert [ties(cast, event="spoke", only="events", page=number) for number in (1, 2)] == expected[2:4]
    monkeypatch.setattr("sympolis.web.public.graph_table.LATEST_EVENTS", 1)
    assert [ties(cast, page=number, **asked) for number in (1, 2, 9)] == [expected[0], expected[4], expected[4]]
    said = "the first 800; the file has all that are read. Who met is read from 1 events, the latest first."
    assert said in cast.client("visitor").get(PAGE, asked).text
    assert ties(cast, event="met", q="oran") == expected[1]
    held("Visit", date(2020, 1, 1), towns["Tirana"], make_organisation("Bari", kind="region"))
    held("Later", date(2022, 1, 1), towns["Oran"], towns["Split"])
    monkeypatch.setattr("sympolis.web.public.graph_table.LATEST_EVENTS", 2)
    assert ties(cast, event="met", kind=["region"]) == {("Tirana", MET, "Bari", ("Visit",))}
    monkeypatch.setattr("sympolis.web.public.graph_links.FEW_HOLDERS", 0)
    assert ties(cast, event="met", q="bari") == set()  # of many it is looked who met at the latest of all


def test_a_large_event_is_one_of_its_organisers(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """That three hundred at a congress all met each other, nobody can say."""
    monkeypatch.setattr("sympolis.office.events.encounters.MOST_TOGETHER", 3)
    many = [make_organisation(f"Town {number}", slug=f"town-{number}") for number in range(4)]
    held("Congress", date(2019, 5, 1), cast.amb, *many)
    assert {row[:3] for row in named(cast, ties(cast, **ALL))} == {
        ("AMB", MET, f"Town {number}") for number in range(4)
    }
    around = reverse("public:organisation_graph", args=["town-0", many[0].public_id])
    found = ties(cast, around, **ALL)
    assert {row[:3] for row in named(cast, found)} >= {("Town 0", MET, f"Town {number}") for number in (1, 2, 3)}


def test_hosts_of_a_stop_met_who_came(cast: Cast, towns: dict[str, Organisation]) -> None:
    visit = held("Visit", date(2021, 2, 1), cast.amb)
    stop = Slot.objects.create(event=visit, from_hour="10:00", title=Text.of(en="Port"))
    stop.hosts.add(towns["Tirana"])
    assert ("AMB", MET, "Tirana", ("Visit",)) in named(cast, ties(cast, event="met"))


@pytest.mark.parametrize("who", ["visitor", "outsider", "participant", "contact", "officer", "administrator"])
def test_what_the_office_keeps_to_itself_is_no_evidence_for_others(
    cast: Cast, towns: dict[str, Organisation], who: str
) -> None:
    inside = who in {"officer", "administrator"}
    client = cast.client(who)
    for address, asked in ((PAGE, ALL), (towns["Tirana"].get_absolute_url(), {})):
        assert ("Zuhaitz" in client.get(address, asked).text) is inside
    found = {
        feature["properties"].get("note", "")
        for feature in client.get(f"/en/map/{towns['Tirana'].public_id}/", ALL).json()["features"]
    }
    assert ("met at 1 event · invited to 1 event" in found) is inside


def test_the_page_tells_three_things_apart_and_names_no_person(cast: Cast, towns: dict[str, Organisation]) -> None:
    event = Event.objects.get(title__en__text="First day")
    Registration.objects.create(
        event=event, name="Xenia Private", email="x@example.org", folded_email="x@example.org", state="confirmed",
        organisation=towns["Split"], queued_at="2019-04-01T00:00Z", consented_at="2019-04-01T00:00Z",
    )  # fmt: skip
    said = cast.client("visitor").get(cast.amb.get_absolute_url())
    lines = [
        (one.other.name, [(words, len(events)) for words, events, _more in one.lines]) for one in said.context["met"]
    ]
    assert lines == [
        ("Oran", [("met at 2 events", 2)]),
        ("Split", [("met at 1 event, one as a speaker", 1)]),
        ("Tirana", [("invited to 1 event", 1)]),
    ]
    assert "Xenia" not in said.text
    assert 'id="met"' not in cast.client("visitor").get(cast.sfax.get_absolute_url()).text


def test_the_map_draws_what_is_switched_on(cast: Cast, towns: dict[str, Organisation]) -> None:
    def lines(**asked: Any) -> dict[str, str]:
        data = cast.client("visitor").get(f"/en/map/{cast.amb.public_id}/", asked).json()["features"]
        return {
            each["properties"]["label"].split(" – ")[1]: each["properties"]["note"]
            for each in data if each["geometry"]["type"] == "LineString"
        }  # fmt: skip

    assert lines() == {}
    assert lines(event="met") == {"Oran": "met at 2 events"}
    assert lines(event="nonsense") == {}
    assert lines(event=["spoke", "invited"]) == {
        "Split": "met at 1 event, one as a speaker",
        "Tirana": "invited to 1 event",
    }
    page = cast.client("visitor").get(cast.amb.get_absolute_url(), {"event": "met", "on": "2019"}).text
    assert f'data-src="/en/map/{cast.amb.public_id}/?on=2019&amp;event=met"' in page
    home = cast.client("visitor").get("/en/", {"event": ["met", "invited"]})
    assert {one.name: one.why() for one in home.context["reach"].harbours} == {
        "Oran": "met at 2 events", "Tirana": "invited to 1 event",
    }  # fmt: skip


def test_as_many_questions_for_many(
    cast: Cast, towns: dict[str, Organisation], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = cast.client("visitor")
    for number in (0, 40):
        for at in range(number):
            held(f"Day {at}", date(2018, 1, 1), cast.amb, make_organisation(f"Place {at}"), towns["Oran"])
        for address, asked in ((PAGE, ALL), (cast.amb.get_absolute_url(), {}), ("/en/", ALL), (DATA, ALL)):
            with django_assert_max_num_queries(12):
                assert client.get(address, asked).status_code == 200


def test_another_meeting_is_no_more_templates(cast: Cast, towns: dict[str, Organisation]) -> None:
    """Rows of a page are written in Python: what grows with the data is no node of a template (no clock tells it)."""
    client, counts = cast.client("officer"), []
    address = cast.amb.get_absolute_url()
    for _round in range(2):
        client.get(address)  # what is read once a process is read
        with patch.object(Node, "render_annotated", autospec=True, side_effect=Node.render_annotated) as rendered:
            said = client.get(address).text
        counts.append(rendered.call_count)
        for number in range(4):
            held(f"Again {number}", date(2018, 1, 1 + number), cast.amb, towns["Oran"], towns["Tirana"])
    assert "Again 3" in said
    assert counts[0] > 100  # it counts
    assert counts[1] <= counts[0] + 4 * 5, counts  # each of four events, named at the foot
