"""The graph of relations: what is drawn, what is filtered, who sees what, and how much it costs."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from sympolis.office.core.prepared import Prepared
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.moments import Moment
from sympolis.web.public import graph_telling
from sympolis.web.public.graph_links import Near, Wanted, asked_for
from tests.cast import Cast, office_today
from tests.factories import make_organisation, make_relation
from tests.web.public.site import KNOWN, SECRET, Site
from tests.web.public.test_as_of import dates

PAGE, DATA, FILE = "/en/graph/", "/en/graph/data/", "/en/graph/file/"


@pytest.fixture
def towns(cast: Cast) -> dict[str, Organisation]:
    """Two networks, a town in both, a body of one, and what must not be drawn."""
    names = {"Oran": "city", "Split": "city", "Tirana": "city", "MedNet": "city-network", "AdriaNet": "city-network"}
    made = {name: make_organisation(name, slug=name.lower(), kind=kind) for name, kind in names.items()}
    made["Oran"].themes = ("water",)
    made["Oran"].save()
    made["Board"] = make_organisation("Board", slug="board", kind="body", parent=made["MedNet"])
    make_relation(made["Oran"], "member_of", made["MedNet"], **dates(since="2010", until="2017"))
    make_relation(made["Split"], "member_of", made["MedNet"], **dates(since="2018"))
    make_relation(made["Split"], "member_of", made["AdriaNet"], role="observer")
    make_relation(made["Split"], "sits_on", made["Board"], **dates(since="2019"))
    make_relation(made["Tirana"], "twinned_with", made["Split"], **dates(since="1990"))
    make_relation(made["Tirana"], "member_of", made["MedNet"], confirmed=False)
    make_relation(made["Tirana"], "member_of", made["AdriaNet"], illustrative=True)
    return made


def drawn(cast: Cast, address: str = DATA, who: str = "visitor", **asked: Any) -> set[tuple[str, str, str, bool]]:
    """Every tie that is drawn in words, with whether its dates leave it open."""
    data = cast.client(who).get(address, asked).json()
    names, types = [node[2] for node in data["nodes"]], [each[0] for each in data["types"]]
    return {(names[row[0]], types[row[2]], names[row[1]], len(row) == 4 and row[3] == 1) for row in data["links"]}


def links_of(cast: Cast, address: str = FILE, who: str = "visitor", **asked: Any) -> list[dict[str, str]]:
    """The rows of the file."""
    answer = cast.client(who).get(address, asked)
    return list(csv.DictReader(answer.getvalue().decode("utf-8-sig").splitlines()))


NOW = {
    ("Split", "member of", "MedNet", False),
    ("Split", "member of", "AdriaNet", False),
    ("Split", "has a seat on", "Board", False),
    ("Board", "part of", "MedNet", False),
    ("Tirana", "twinned with", "Split", False),
}


def test_what_holds_today_is_drawn(cast: Cast, towns: dict[str, Organisation]) -> None:
    assert drawn(cast) == NOW


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": ["city"]}, {("Tirana", "twinned with", "Split", False)}),
        ({"type": ["sits_on", "part_of"]}, {tie for tie in NOW if "Board" in tie}),
        ({"q": "tiràna"}, {("Tirana", "twinned with", "Split", False)}),
        ({"theme": "water"}, set()),
        ({"kind": ["nothing"]}, set()),
        (
            {"on": "2012"},
            {
                ("Oran", "member of", "MedNet", False),
                ("Split", "member of", "AdriaNet", True),
                ("Board", "part of", "MedNet", False),
                ("Tirana", "twinned with", "Split", False),
            },
        ),
        ({"on": "2012", "theme": "water"}, {("Oran", "member of", "MedNet", False)}),
    ],
)
def test_what_is_filtered(
    cast: Cast, towns: dict[str, Organisation], asked: dict[str, Any], found: set[tuple[str, str, str, bool]]
) -> None:
    if asked.get("on") == "2012" and "theme" not in asked:
        found = found - {("Board", "part of", "MedNet", False)}  # who sits there since 2019 brings the board in
    assert drawn(cast, **asked) == found


def test_around_one_organisation(cast: Cast, towns: dict[str, Organisation]) -> None:
    """Its neighbours and what links them; nobody two steps away."""
    address = f"{DATA}{towns['MedNet'].public_id}/"
    assert drawn(cast, address) == {("Split", "member of", "MedNet", False)}
    assert cast.client("visitor").get(address).json()["nodes"][0][2] == "MedNet"
    assert cast.client("visitor").get(f"{DATA}org_000000000000/").status_code == 404


def test_each_kind_and_type_says_how_it_looks(cast: Cast, towns: dict[str, Organisation]) -> None:
    data = cast.client("visitor").get(DATA).json()
    assert data["kinds"] == [["Body", "diamond", 7], ["City", "circle", 1], ["Network of cities", "diamond", 4]]
    assert data["types"] == [
        ["member of", "has as member", 1],
        ["part of", "includes", 6],
        ["has a seat on", "has a seat for", 2],
        ["twinned with", "twinned with", 5],
    ]
    first = data["nodes"][0]
    assert data["address"].replace("SLUG", first[1]).replace("ID", first[0]) == towns["Split"].get_absolute_url()


def test_the_same_data_is_the_same_picture(cast: Cast, towns: dict[str, Organisation]) -> None:
    answers = [cast.client(who).get(DATA).content for who in ("visitor", "visitor", "officer")]
    assert len(set(answers)) == 1
    places = {(node[5], node[6]) for node in json.loads(answers[0])["nodes"]}
    assert len(places) == 5
    assert all(abs(part) <= 1_050 for place in places for part in place)


def test_the_table_has_what_the_picture_shows(cast: Cast, towns: dict[str, Organisation]) -> None:
    def rows(**asked: str) -> list[tuple[str, str, str]]:
        page = cast.client("visitor").get(PAGE, asked).context["page"]
        return [(tie.start.name, tie.label, tie.end.name) for tie in page]

    assert {(*row, False) for row in rows()} == NOW
    assert [row[0] for row in rows(sort="who")] == ["Board", "Split", "Split", "Split", "Tirana"]
    assert [row[2] for row in rows(sort="-whom")] == ["Split", "MedNet", "MedNet", "Board", "AdriaNet"]
    assert rows(sort="nonsense") == rows()


def test_the_page_keeps_filters_and_date(cast: Cast, towns: dict[str, Organisation]) -> None:
    said = cast.client("visitor").get(PAGE, {"on": "2012", "type": "member_of", "sort": "who"}).content.decode()
    assert f'data-src="{DATA}?on=2012&amp;type=member_of"' in said
    assert f'href="{towns["Oran"].get_absolute_url()}?on=2012"' in said
    assert 'value="member_of" checked' in said
    assert "As it was" in said


def test_an_empty_office_is_told_what_to_do(cast: Cast) -> None:
    for who, is_asked in (("visitor", False), ("officer", True)):
        said = cast.client(who).get(PAGE).content.decode()
        assert "No links are known yet" in said
        assert (f'href="{reverse("staff:relations_add")}"' in said) is is_asked
        assert "data-graph" not in said


def test_nothing_that_fits_leads_back_to_all(cast: Cast, towns: dict[str, Organisation]) -> None:
    said = cast.client("visitor").get(PAGE, {"q": "zzzz"}).content.decode()
    assert "No link fits" in said
    assert f'href="{PAGE}"' in said


@pytest.mark.parametrize("who", ["visitor", "outsider", "participant", "contact", "officer", "administrator"])
def test_others_do_not_see_what_is_the_office_s(cast: Cast, site: Site, who: str) -> None:
    client = cast.client(who)
    around = reverse("public:organisation_graph", kwargs={"slug": "medcities", "public_id": site.network.public_id})
    of_one = f"{site.network.public_id}/"
    for address in (PAGE, DATA, FILE, around, DATA + of_one, FILE + of_one):
        said = client.get(address).getvalue().decode()
        assert KNOWN in said, address
        assert (SECRET in said) is (who in {"officer", "administrator"}), address
    hidden = site.secret["organisation"]
    for address in (DATA, FILE):
        found = client.get(f"{address}{hidden.public_id}/").status_code
        assert found == (200 if who in {"officer", "administrator"} else 404)


def test_what_is_somebody_s_own_is_kept_by_no_one_else(cast: Cast, towns: dict[str, Organisation]) -> None:
    answer = cast.client("visitor").get(DATA)
    assert (answer["Cache-Control"], answer["Vary"]) == ("public, max-age=300", "Cookie, Accept-Encoding")
    assert cast.client("officer").get(DATA)["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("who", ["visitor", "contact", "officer"])
def test_as_many_questions_whatever_the_size(
    cast: Cast,
    towns: dict[str, Organisation],
    who: str,
    django_assert_max_num_queries: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sympolis.web.public.graph_table.FEW", 40)
    client = cast.client(who)
    around = reverse("public:organisation_graph", kwargs={"slug": "mednet", "public_id": towns["MedNet"].public_id})
    for number in (0, 60):
        for at in range(number):
            make_relation(make_organisation(f"Town {at}"), "member_of", towns["MedNet"])
        for address in (
            PAGE,
            around,
            f"{PAGE}?q=town&theme=water&kind=city",
            f"{around}?q=town&theme=water&kind=city",
            f"{PAGE}?event=met&sort=who",
            f"{PAGE}?event=met&event=spoke&q=town&theme=water&kind=city",
            f"{PAGE}?event=met&event=spoke&q=town&theme=water&on=2012&page=9",
            f"{around}?q=town&theme=water&kind=city&kind=city-network&sort=-whom",
            f"{around}?q=town&theme=water&kind=city&kind=body&sort=since&page=9",
            f"{around}?q=town&theme=water&kind=city&kind=body&event=met&event=invited&sort=who",
        ):
            with django_assert_max_num_queries(12):
                assert client.get(address).status_code == 200
        for address in (DATA, FILE):
            with django_assert_max_num_queries(7):
                assert client.get(address).status_code == 200


def test_of_very_many_the_best_linked_are_drawn(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sympolis.web.public.graph.MOST_NODES", 3)
    monkeypatch.setattr("sympolis.web.public.graph.MOST_LINKS", 2)
    hub, other = (make_organisation(name, kind="city-network") for name in ("Hub", "Other"))
    for number in range(4):
        town = make_organisation(f"Town {number}")
        make_relation(town, "member_of", hub)
        make_relation(town, "member_of", other) if number < 2 else None
    assert drawn(cast) == {("Town 0", "member of", "Hub", False), ("Town 0", "member of", "Other", False)}
    assert len(cast.client("visitor").get(PAGE).context["page"]) == 6
    assert cast.client("visitor").get(DATA).json()["note"] == (
        "Drawn are the best linked: organisations 3, links 2. The file beside the table has all of them; a filter shows"
        " the others."
    )


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two links are more than are all read for a page, and a page has two."""
    for name, few in (("FEW", 1), ("AHEAD", 2), ("PAGE_LENGTH", 2)):
        monkeypatch.setattr(f"sympolis.web.public.graph_table.{name}", few)


def pages(cast: Cast, who: str = "visitor", **asked: Any) -> list[tuple[str, str, str, bool]]:
    """All rows of the table, page after page as the reader turns them."""
    found: list[tuple[str, str, str, bool]] = []
    for number in range(1, 20):
        page = cast.client(who).get(PAGE, {**asked, "page": number}).context["page"]
        found += [(tie.start.name, tie.label, tie.end.name, tie.is_unsure) for tie in page]
        if not page.has_next():
            break
    return found


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": ["city"]},
        {"kind": ["city", "city-network"]},
        {"type": ["sits_on", "part_of"]},
        {"type": ["member_of"], "kind": ["city", "city-network"]},
        {"q": "tiràna"},
        {"q": "net"},
        {"theme": "water"},
        {"theme": "water", "on": "2012"},
        {"theme": "water", "q": "mednet", "on": "2012", "kind": ["city", "city-network"]},
        {"on": "2012"},
        {"on": "2012", "sort": "-whom"},
        {"sort": "since"},
        {"kind": ["nothing"]},
        {"only": "events"},
    ],
)
def test_of_many_links_the_pages_have_what_is_drawn(
    cast: Cast, towns: dict[str, Organisation], many: None, asked: dict[str, Any]
) -> None:
    """Each row once: what was filtered, in any order, though a page is read by itself."""
    rows = pages(cast, **asked)
    assert (len(rows), set(rows)) == (len(set(rows)), drawn(cast, **asked))


def test_many_links_are_sorted_before_they_are_cut(cast: Cast, towns: dict[str, Organisation], many: None) -> None:
    assert [row[0] for row in pages(cast, sort="who")] == ["Board", "Split", "Split", "Split", "Tirana"]
    assert [row[2] for row in pages(cast, sort="-whom")] == ["Split", "MedNet", "MedNet", "Board", "AdriaNet"]
    assert {row[0] for row in pages(cast, who="contact", sort="relation")} == {"Board", "Split", "Tirana"}
    last = cast.client("visitor").get(PAGE, {"page": 99}).context["page"]
    assert (last.number, [tie.start.name for tie in last]) == (3, ["Board"])


def test_what_a_page_of_many_does_not_count_the_picture_tells(
    cast: Cast, towns: dict[str, Organisation], many: None
) -> None:
    page, data = cast.client("visitor").get(PAGE), cast.client("visitor").get(DATA).json()
    assert '<h2 id="graph-title" data-graph-title>More than 2 links</h2>' in page.text
    assert '<span class="count" data-graph-count="city-network"></span>' in page.text
    assert "1 to 2 of more than 2" in " ".join(page.text.split())
    assert data["title"] == "5 links, 5 organisations"
    assert data["counts"] == {
        "city": "2", "city-network": "2", "body": "1",
        "member_of": "2", "sits_on": "1", "twinned_with": "1", "part_of": "1",
    }  # fmt: skip


def test_of_very_many_links_those_between_the_best_linked_are_drawn(
    cast: Cast, towns: dict[str, Organisation], many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not those that were written down first; the table begins with the same, in any order, and both say so."""
    for name in ("graph.MOST_READ", "graph_links.MOST_LISTED", "graph_table.MOST_LISTED"):
        monkeypatch.setattr(f"sympolis.web.public.{name}", 3)
    monkeypatch.setattr(graph_telling, "HUBS", 1)
    monkeypatch.setattr(graph_telling, "_TELLING", Prepared(graph_telling._telling))
    hub = make_organisation("Hub", kind="city-network")
    members = [make_relation(make_organisation(f"Member {at}"), "member_of", hub) for at in range(3)]
    make_relation(towns["Tirana"], "member_of", hub, visibility="office")
    best = {(f"Member {at}", "member of", "Hub", False) for at in range(3)}
    assert drawn(cast) == drawn(cast, type="member_of") == best
    assert pages(cast)[:3] == sorted(best)
    assert [row[0] for row in pages(cast, sort="-who")] == ["Member 2", "Member 1", "Member 0", "Board"]
    said = "those between the best linked come first"
    assert said in cast.client("visitor").get(PAGE, {"sort": "who"}).text
    assert said in cast.client("visitor").get(DATA).json()["note"]
    members[0].delete()
    assert len(drawn(cast) - best) == 1  # another takes its place


def test_bodies_stand_among_sorted_links(cast: Cast, towns: dict[str, Organisation], many: None) -> None:
    """They are no relations, and the database does not sort them."""
    found = [(sort, [row[2] for row in pages(cast, sort=sort)]) for sort in ("whom", "-whom")]
    names = ["AdriaNet", "Board", "MedNet", "MedNet", "Split"]
    assert found == [("whom", names), ("-whom", names[::-1])]
    when = [(row[0], row[2]) for row in pages(cast, sort="since")]
    assert when == [
        ("Board", "MedNet"), ("Split", "AdriaNet"), ("Tirana", "Split"), ("Split", "MedNet"), ("Split", "Board"),
    ]  # fmt: skip


def test_the_table_of_very_many_links_ends_and_says_where_all_are(
    cast: Cast, towns: dict[str, Organisation], many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every order so many relations and the bodies; the file has what the picture is of."""
    for module in ("graph_links", "graph_table"):
        monkeypatch.setattr(f"sympolis.web.public.{module}.MOST_LISTED", 3)
    rows = [pages(cast, sort=sort) for sort in ("", "who", "-since", "relation")]
    assert [len(found) for found in rows] == [4] * 4
    assert rows[1] == sorted(rows[0])
    said = "Of so many links the table has the first 3 and sorts these; the file has all that are read."
    for asked in ({}, {"sort": "who", "page": 99}):
        page = cast.client("visitor").get(PAGE, asked).text
        assert (said in page, f'href="{FILE}"' in page, "latest" in page) == (True, True, False)
    few = cast.client("visitor").get(PAGE, {"type": "twinned_with", "sort": "who"}).text
    assert (said in few, f'href="{FILE}?type=twinned_with"' in few) == (False, True)
    assert {(row["from"], row["relation"], row["to"]) for row in links_of(cast)} == {row[:3] for row in NOW}


def test_the_links_go_out_as_a_file(cast: Cast, towns: dict[str, Organisation]) -> None:
    """With the filters of the page, in the reader's language, harmless in a spreadsheet."""
    Organisation.objects.filter(name="Oran").update(name="=Oran")
    oran, mednet = towns["Oran"], towns["MedNet"]
    assert links_of(cast, on="2012", theme="water") == [
        {
            "from_id": oran.public_id, "from": "'=Oran", "type": "member_of", "relation": "member of", "role": "",
            "to_id": mednet.public_id, "to": "MedNet", "since": "2010", "until": "2017", "is_certain": "yes",
            "events": "",
        }
    ]  # fmt: skip
    assert [row["is_certain"] for row in links_of(cast, on="2012", kind=["city", "city-network"], q="adria")] == ["no"]
    around = links_of(cast, f"{FILE}{mednet.public_id}/".replace("/en/", "/ca/"))
    assert [(row["from"], row["relation"], row["since"]) for row in around] == [("Split", "membre de", "2018")]
    assert cast.client("visitor").get(f"{FILE}org_000000000000/").status_code == 404


def test_around_one_with_many_links(cast: Cast, towns: dict[str, Organisation], many: None) -> None:
    make_relation(towns["Tirana"], "partner_of", towns["MedNet"])
    around = reverse("public:organisation_graph", kwargs={"slug": "mednet", "public_id": towns["MedNet"].public_id})
    found = []
    for number in (1, 2):
        page = cast.client("visitor").get(around, {"page": number})
        found += [(tie.start.name, tie.end.name) for tie in page.context["page"]]
    assert sorted(found) == [("Split", "MedNet"), ("Tirana", "MedNet"), ("Tirana", "Split")]


@pytest.mark.parametrize("who", ["visitor", "contact", "officer"])
def test_of_many_links_nobody_sees_what_is_not_theirs(cast: Cast, site: Site, many: None, who: str) -> None:
    make_relation(site.network, "partner_of", make_organisation("Another"))
    shown = pages(cast, who=who)
    assert any(SECRET in part for row in shown for part in row[:3]) is (who == "officer")


def test_of_very_many_links_of_one_the_first_are_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("graph_links", "graph_table"):
        monkeypatch.setattr(f"sympolis.web.public.{module}.MOST_NEAR", 2)
    hub = make_organisation("Hub", kind="city-network")
    towns = [make_organisation(f"Town {number}") for number in range(3)]
    for town in towns[:2]:
        make_relation(town, "member_of", hub)
    address = {"slug": "hub", "public_id": hub.public_id}
    said = "Read are its first 2 links and those between whom they lead to; it has more."
    page = cast.client("visitor").get(reverse("public:organisation_graph", kwargs=address)).text
    assert (said in page, "Town 1" in page) == (False, True)
    make_relation(hub, "partner_of", towns[2])
    make_relation(towns[0], "twinned_with", towns[2])
    page = cast.client("visitor").get(reverse("public:organisation_graph", kwargs=address)).text
    assert (said in page, "Town 1" in page, "Town 2" in page, "Twinned with" in page) == (True, False, True, True)
    assert reverse("public:organisation_links", kwargs=address) in page


def test_a_filter_finds_what_is_too_far_down_to_be_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        ("graph", "MOST_READ"),
        ("graph_table", "MOST_LISTED"),
        ("graph_links", "MOST_LISTED"),
        ("graph_table", "FEW"),
    ):
        monkeypatch.setattr(f"sympolis.web.public.{module}.{name}", 2)
    hub, friend = make_organisation("Hub", kind="city-network"), make_organisation("Friend", kind="region")
    for number in range(3):
        make_relation(make_organisation(f"Town {number}", themes=("water",)), "member_of", hub)
    make_relation(make_organisation("Last"), "twinned_with", friend)
    more = "There are more links than are read at once"
    assert more in cast.client("visitor").get(PAGE).text
    assert more in cast.client("visitor").get(DATA).json()["note"]
    last = {("Last", "twinned with", "Friend", False)}
    assert drawn(cast, type="twinned_with") == drawn(cast, q="last") == last
    assert drawn(cast, kind=["region", "city"], theme="") == last
    assert more not in cast.client("visitor").get(PAGE, {"type": "twinned_with"}).text
    assert len(drawn(cast, theme="water")) == 2
    assert set(pages(cast, theme="water")) == drawn(cast, theme="water")


def test_lists_take_a_date(cast: Cast, towns: dict[str, Organisation]) -> None:
    def ask(address: str, **asked: str) -> Any:
        return cast.client("officer").get(address, asked)

    count = {on: ask("/api/v1/relations", as_of=on).json()["count"] for on in ("", "2012", "2030-01-01")}
    assert count == {"": 6, "2012": 4, "2030-01-01": 5}
    assert ask("/api/v1/relations", as_of="soon").status_code == 422
    found = {on: ask("/en/office/relations/", on=on, type="member_of").context["list"].rows for on in ("", "2012")}
    assert [row.record.from_organisation.name for row in found["2012"]] == ["Oran", "Split", "Tirana", "Tirana"]
    assert len(found[""]) == 5
    assert ask("/en/office/relations/", on="2012", type="sits_on").context["list"].rows == []
    assert "“soon” is no date." in ask("/en/office/relations/", on="soon").content.decode()


def test_the_first_page_s_map_takes_a_date(cast: Cast, towns: dict[str, Organisation]) -> None:
    for name in ("Split", "Oran"):
        Organisation.objects.filter(name=name).update(latitude=36, longitude=10)
    make_relation(cast.amb, "twinned_with", towns["Split"], **dates(since="2015"))
    make_relation(cast.amb, "twinned_with", towns["Oran"], **dates(since="2001", until="2010"))
    home = reverse("public:home")
    reached = {
        on: [harbour.name for harbour in cast.client("visitor").get(home + on).context["reach"].harbours]
        for on in ("", "?on=2005")
    }
    assert reached == {"": ["Split"], "?on=2005": ["Oran"]}
    assert 'data-src="/en/map/?on=2005"' in cast.client("visitor").get(home + "?on=2005").content.decode()


def test_the_map_of_the_first_page_is_narrowed_with_its_table(cast: Cast, site: Site) -> None:
    def drawn(**asked: str) -> tuple[set[str], set[str]]:
        page = Client().get("/en/", asked)
        told = Client().get(f"/en/map/{page.context['map_query']}").json()
        points = {one["properties"]["name"] for one in told["features"] if one["geometry"]["type"] == "Point"}
        return {one.name for one in page.context["reach"].located}, points - {"AMB"}

    assert drawn() == ({"Harbourlight city", "MedCities"},) * 2
    assert drawn(kind="city-network") == ({"MedCities"},) * 2
    assert drawn(theme="water") == ({"Harbourlight city"},) * 2
    assert drawn(kind="city-network", theme="water") == (set(), set())
    assert "No link fits" in Client().get("/en/", {"theme": "energy", "on": "2019"}).text
    assert 'name="on" value="2019"' in Client().get("/en/", {"theme": "energy", "on": "2019"}).text


@pytest.mark.parametrize(("kinds", "walked"), [({"city"}, "to"), ({"city", "city-network"}, "from")])
def test_links_of_networks_are_walked_from_where_they_begin(kinds: set[str], walked: str, db: None) -> None:
    """In a network end nearly all links there are: of two networks they are found by where they begin."""
    wanted = Wanted(kinds=frozenset(kinds))
    (part, keys), *more = asked_for(Moment.now(office_today()), Near(), wanted, 50, ("pk",), None, "")
    assert not more
    sql = part.made(AnonymousUser(), keys)[0].sql
    assert [end for end in ("from", "to") if f' "directory_relation"."{end}_organisation_id" IN' in sql] == [walked]
