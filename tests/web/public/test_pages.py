"""What the pages say, in which order, and what they ask of the database."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sympolis.engine.model import PartialDate, Stage
from sympolis.office.core.models import Record, WorkerSign
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Figure, Membership, Office, Organisation
from sympolis.office.planning.models import Plan
from sympolis.office.projects.models import Call, Project
from sympolis.office.projects.queries import at_stage, stage_on
from sympolis.web.public.templatetags.rows import short_beside
from tests.cast import Cast, office_today
from tests.factories import make_call, make_organisation, make_project, make_relation
from tests.web.public.site import NEXT_YEAR, Site, make_records
from tests.web.public.test_who_sees import LISTS, addresses

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
MOST_QUERIES = 12


@pytest.mark.parametrize("who", ["visitor", "contact", "officer"])
def test_a_page_asks_as_much_of_much_as_of_little(
    cast: Cast, site: Site, who: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    assert connection.features.supports_json_field  # Django asks the database once a process
    client, pages = cast.client(who), addresses(cast, site)
    for round_ in range(3):
        for name, address in pages.items():
            if name.startswith("sitemap"):
                continue
            with django_assert_max_num_queries(MOST_QUERIES, info=f"{name}, round {round_}"):
                assert client.get(address).status_code == 200
        for number in range(4):
            make_records(cast, site.network, f"More{round_}{number}", "public", {})


def test_the_map_asks_little(cast: Cast, site: Site, django_assert_max_num_queries: Callable[..., Any]) -> None:
    client = cast.client("visitor")
    with django_assert_max_num_queries(5):  # the office, its organisation, and three of its own
        assert client.get(reverse("public:map_data")).status_code == 200


def test_short_cuts_lead_to_what_is_on_the_page(cast: Cast, site: Site) -> None:
    """Of the pages long enough to have any."""
    told = {}
    for kind, page in addresses(cast, site).items():
        answer = cast.client("officer").get(page)
        said = "" if answer.streaming else answer.content.decode()
        places = re.findall(r'<li><a href="#([^"]+)"', said.partition('class="shortcuts"')[2].partition("</nav>")[0])
        assert [place for place in places if said.count(f'id="{place}"') != 1] == [], kind
        told[kind] = len(places)
    assert {kind for kind, count in told.items() if count} == {
        "office", "network", "links", "as of then", "public organisation", "public project", "public plan",
    }  # fmt: skip


def test_hostile_text_is_shown_as_text(cast: Cast, site: Site) -> None:
    """Every text field of every public record holds markup; no page lets it through."""
    for record in site.public.values():
        fill_with(record, HOSTILE)
    client = cast.client("visitor")
    for name, address in addresses(cast, site).items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        if answer["Content-Type"].startswith("text/html"):
            said = answer.content.decode()
            assert "<script>alert" not in said, name
            assert "<img src=x" not in said, name
    assert "&lt;script&gt;alert(1)" in client.get(site.public["project"].get_absolute_url()).content.decode()


def fill_with(record: Record, words: str) -> None:
    for field in record._meta.concrete_fields:
        kept = getattr(record, field.name)
        if isinstance(kept, Text):
            setattr(record, field.name, Text.of(en=words, ar=words))
        elif field.get_internal_type() in {"CharField", "TextField"} and field.name not in {
            "public_id", "slug", "visibility", "source", "sort_key", "folded", "stage", "currency", "language",
            "name_language", "country", "file", "type", "kind",
        } and not field.choices:  # fmt: skip
            cut = words[: getattr(field, "max_length", None)]  # PostgreSQL keeps no more
            setattr(record, field.name, cut if field.name != "themes" else ("water",))
        elif field.get_internal_type() == "CodesField":
            setattr(record, field.name, ("water",))
    record.save()


def test_figures_that_have_a_word_are_told_in_the_readers_language(cast: Cast) -> None:
    for what, value, unit in (
        ("population", 3_300_000, "people"),
        ("area", 636, "km²"),
        ("Files read", 51, "files"),
        ("municipalities", 36, "municipalities"),
        ("EU proposals approved", 8, "proposals"),
    ):
        Figure.objects.create(organisation=cast.amb, what=what, value=value, unit=unit)
    said = cast.client("visitor").get(cast.amb.get_absolute_url().replace("/en/", "/ca/")).content.decode()
    told = re.findall(r"<dt><bdi>(.*?)</bdi></dt><dd>([\d.]+)(?: <bdi>(.*?)</bdi>)?</dd>", said)
    assert sorted(told) == [
        ("Files read", "51", "files"),
        ("Habitants", "3.300.000", ""),
        ("Municipis", "36", ""),
        ("Propostes europees aprovades", "8", ""),
        ("Superfície", "636", "km²"),
    ]


@pytest.mark.parametrize(
    ("opens", "says"), [("2031-01", "opens in January 2031"), ("2031-01-05", "opens on 5 January 2031")]
)
def test_a_call_that_opens_in_a_month_has_no_day(cast: Cast, opens: str, says: str) -> None:
    when = PartialDate.parse(opens)
    make_call("Later", opens_earliest=when.earliest, opens_latest=when.latest, closes_latest=date(2031, 9, 1))
    assert says in cast.client("visitor").get(reverse("public:calls")).content.decode()


def test_lines_that_name_others_name_them_in_the_readers_language(cast: Cast) -> None:
    turin = make_organisation("Turin", name_language="en", names=Text.of(ca="Torí", ar="تورينو"))
    make_project("Innovators", turin)
    for language, named in (("en", "Turin"), ("ca", "Torí"), ("ar", "تورينو"), ("fr", "Turin")):
        said = cast.client("visitor").get(f"/{language}/projects/").content.decode()
        assert [name for name in ("Turin", "Torí", "تورينو") if name in said] == [named], language


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//[bad", "ftp://x.org"])
def test_only_web_addresses_become_links(cast: Cast, address: str) -> None:
    Organisation.objects.filter(pk=cast.amb.pk).update(website=address, source_url=address)
    said = cast.client("visitor").get(cast.amb.get_absolute_url()).content.decode()
    assert f'href="{address}' not in said


def test_no_page_has_anything_inline(cast: Cast, site: Site) -> None:
    client = cast.client("visitor")
    for name, address in addresses(cast, site).items():
        answer = client.get(address)
        if answer["Content-Type"].startswith("text/html"):
            said = answer.content.decode()
            assert " style=" not in said, name
            assert "<style" not in said, name
            assert " onclick=" not in said, name
            assert said.count("<script") == said.count("<script src="), name
            assert "script-src 'self'" in answer["Content-Security-Policy"], name


def test_a_list_turns_pages(cast: Cast) -> None:
    for number in range(120):
        make_organisation(f"Town {number:03}")
    client = cast.client("visitor")
    first = client.get(reverse("public:organisations"), {"q": "town"})
    assert first.context["listing"].count == 120
    assert [str(one) for one in first.context["listing"].page][:2] == ["Town 000", "Town 001"]
    last = client.get(reverse("public:organisations"), {"q": "town", "page": "3"})
    assert len(last.context["listing"].page) == 20
    assert [str(one) for one in client.get(reverse("public:organisations"), {"q": "town", "page": "99"}).context[
        "listing"].page] == [str(one) for one in last.context["listing"].page]  # fmt: skip
    assert client.get(reverse("public:organisations"), {"page": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "city"}, ["Rabat", "Sfax"]),
        ({"country": "TN"}, ["Sfax"]),
        ({"q": "àréa"}, ["Àrea Metropolitana de Barcelona"]),
        ({"theme": "water"}, []),
        ({"kind": "city", "country": "ES"}, []),
        ({"q": "\x00"}, ["Àrea Metropolitana de Barcelona", "Rabat", "Sfax"]),
    ],
)
def test_filters_of_organisations(cast: Cast, asked: dict[str, str], found: list[str]) -> None:
    page = cast.client("visitor").get(reverse("public:organisations"), asked)
    assert [str(one) for one in page.context["listing"].page] == found
    assert ("Nothing fits" in page.content.decode()) is (not found)
    assert "Nothing here yet" not in page.content.decode()


TODAY = date(2026, 11, 23)
DATES = ["", "2019", "2026", "2026-11-23", "2026-11-22", "2026-11-24", "2030"]


def test_stages_are_the_same_asked_of_the_database(db: None) -> None:
    for start in DATES:
        for end in DATES:
            for said in ("", *Stage):
                project = make_project(f"{start} {end} {said}", stage=said)
                project.start, project.end = PartialDate.parse(start), PartialDate.parse(end)
                project.save()
    projects = list(Project.objects.all())
    for stage in Stage:
        by_dates = {project.pk for project in projects if stage_on(project, TODAY) is stage}
        assert set(at_stage(Project.objects.all(), stage, TODAY).values_list("pk", flat=True)) == by_dates


def test_open_calls_come_first(cast: Cast) -> None:
    today = office_today()
    for title, days in (("closed long ago", -400), ("closed", -3), ("later", 300), ("soon", 5)):
        call = make_call(title)
        call.closes = PartialDate(today + timedelta(days=days), today + timedelta(days=days))
        call.save()
    make_call("without a date")
    page = cast.client("visitor").get(reverse("public:calls"))
    titles = [str(call) for call in page.context["listing"].page]
    assert titles == ["soon", "later", "without a date", "closed", "closed long ago"]
    assert "closes in 5 days" in page.content.decode()


def test_a_call_says_what_nobody_can_tell(cast: Cast) -> None:
    call = make_call("Water", eligible_countries=("TN", "ES"))
    said = cast.client("visitor").get(call.get_absolute_url()).content.decode()
    assert (
        said.count("can&#x27;t tell") + said.count("can't tell") == 6
    )  # opens, deadline, grant, share, kinds, and below: before
    assert "Tunisia, Spain" in said
    whom = {code: cast.client("visitor").get(reverse("public:calls"), {"country": code}) for code in ("TN", "FR")}
    assert {code: len(page.context["listing"].page) for code, page in whom.items()} == {"TN": 1, "FR": 0}
    Call.objects.update(eligible_countries="", eligible_kinds=("city",), gives="prize")
    prizes = {code: cast.client("visitor").get(reverse("public:calls"), {"gives": code}) for code in ("prize", "grant")}
    assert {code: len(page.context["listing"].page) for code, page in prizes.items()} == {"prize": 1, "grant": 0}
    kinds = {code: cast.client("visitor").get(reverse("public:calls"), {"kind": code}) for code in ("city", "ngo")}
    assert {code: len(page.context["listing"].page) for code, page in kinds.items()} == {"city": 1, "ngo": 0}
    assert len(cast.client("visitor").get(reverse("public:calls"), {"country": "FR"}).context["listing"].page) == 1


def test_ongoing_work_stands_before_finished_work(cast: Cast) -> None:
    for title, start, end in (
        ("Old", "2010", "2012"),
        ("Now", "2020", "2098"),
        ("Next", "2097", "2099"),
        ("Who knows", "", ""),
    ):
        project = make_project(title, cast.amb)
        project.start, project.end = PartialDate.parse(start), PartialDate.parse(end)
        project.save()
    client = cast.client("visitor")
    page, whole = client.get(cast.amb.get_absolute_url()), client.get(all_links_of(cast.amb))
    for answer in (page, whole):
        assert [str(part.title) for part in answer.context["current_work"]] == ["Now", "Next", "Who knows"]
    assert f'{all_links_of(cast.amb)}#projects">All projects <span class="count">4</span>' in page.content.decode()
    assert ">Old<" not in page.content.decode()
    assert [str(part.title) for part in whole.context["finished_work"]] == ["Old"]


def all_links_of(organisation: Organisation) -> str:
    kwargs = {"slug": organisation.slug, "public_id": organisation.public_id}
    return reverse("public:organisation_links", kwargs=kwargs)


def test_of_many_links_the_first_are_shown_and_all_are_one_click_away(cast: Cast) -> None:
    twins = [make_organisation(f"Twin {number:02}") for number in range(15)]
    for twin in twins[::-1]:
        make_relation(cast.amb, "twinned_with", twin)
    past = make_relation(cast.amb, "twinned_with", make_organisation("A former twin"))
    past.until = PartialDate.parse("1999")
    past.save()
    client = cast.client("visitor")
    page, whole = client.get(cast.amb.get_absolute_url()), client.get(all_links_of(cast.amb))
    names = [str(twin) for twin in twins]
    assert [str(link.other) for link in page.context["twins"].links] == names[:8]
    assert f'<a href="{all_links_of(cast.amb)}#twinned-with-out">Show all 16</a>' in page.content.decode()
    [group] = whole.context["groups"]
    assert ([str(link.other) for link in group.links], group.count) == ([*names, "A former twin"], 16)
    assert "Show all" not in whole.content.decode()
    assert whole.content.decode().count('<li class="is-muted">') == 1


def test_links_of_one_kind_have_pages_of_their_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a network has thousands: the first of each kind, and a kind alone page by page."""
    for module in ("organisation_page", "templatetags.around"):
        monkeypatch.setattr(f"sympolis.web.public.{module}.MANY", 2)
    monkeypatch.setattr("sympolis.web.public.links.A_PAGE", 2)
    names = [f"Twin {number}" for number in range(5)]
    for name in names[::-1]:
        make_relation(cast.amb, "twinned_with", make_organisation(name))
    make_relation(cast.amb, "partner_of", make_organisation("Ally"))
    client = cast.client("visitor")

    def shown(query: str = "") -> dict[str, list[str]]:
        groups = client.get(all_links_of(cast.amb) + query).context["groups"]
        return {group.id: [str(link.other) for link in group.links] for group in groups}

    assert shown() == {"partner-of-out": ["Ally"], "twinned-with-out": names[:2]}
    whole = client.get(all_links_of(cast.amb)).content.decode()
    assert f'<a href="{all_links_of(cast.amb)}?group=twinned-with-out#twinned-with-out">Show all 5</a>' in whole
    turned = [shown(f"?group=twinned-with-out&page={number}") for number in (1, 2, 3, 99)]
    pages = [names[:2], names[2:4], names[4:], names[4:]]
    assert turned == [{"twinned-with-out": some} for some in pages]
    alone = client.get(all_links_of(cast.amb) + "?group=twinned-with-out&page=2").content.decode()
    assert ('href="?group=twinned-with-out&amp;page=3"' in alone, "Show all" in alone) == (True, False)
    assert shown("?group=nothing-like-it") == shown()


def test_what_is_mutual_stands_in_one_order_and_counts_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever end wrote it down; who is linked from both counts once, examples and what is closed never."""
    monkeypatch.setattr("sympolis.web.public.links.A_PAGE", 2)
    twins = {name: make_organisation(f"Twin {name}") for name in "ABCDEFG"}
    for name in "AC":
        make_relation(cast.amb, "twinned_with", twins[name])
    for name in "BDC":
        make_relation(twins[name], "twinned_with", cast.amb)
    ended = make_relation(cast.amb, "twinned_with", twins["E"])
    ended.until = PartialDate.parse("2001")
    ended.save()
    make_relation(twins["F"], "twinned_with", cast.amb, illustrative=True)
    closed = make_relation(twins["G"], "twinned_with", cast.amb, visibility="office")

    def told(who: str, query: str) -> tuple[str, int, int]:
        [group] = cast.client(who).get(all_links_of(cast.amb) + query).context["groups"]
        return "".join(str(link.other)[-1] for link in group.links), group.many, group.count

    assert told("visitor", "") == ("ABCCDFE", 7, 5)  # who is over as last
    pages = [told("visitor", f"?group=twinned-with-out&page={number}")[0] for number in (1, 2, 3, 4, 5)]
    assert pages == ["AB", "CC", "DF", "E", "E"]
    assert told("visitor", "?on=2010") == ("ABCCDF", 6, 4)
    assert told("officer", "") == ("ABCCDFGE", 8, 6)
    Membership.objects.create(user=cast.contact, organisation=twins["G"])
    assert (told("contact", "")[0], told("outsider", "")[0]) == ("ABCCDFGE", "ABCCDFE")
    twins["G"].visibility = "office"
    twins["G"].save()
    assert told("contact", "") == ("ABCCDFGE", 8, 6)  # their own house and their own relation
    Organisation.objects.filter(pk=closed.from_organisation_id).update(visibility="public")
    make_relation(twins["G"], "twinned_with", make_organisation("Hidden", visibility="office"))
    groups = cast.client("contact").get(all_links_of(twins["G"])).context["groups"]
    assert [[str(link.other) for link in group.links] for group in groups] == [[str(cast.amb)]]


def test_members_are_counted_once_however_sure(cast: Cast) -> None:
    """A member that joined twice, once as nobody confirmed, is one; examples are none."""
    network = make_organisation("MedCities", kind="city-network")
    for name in ("Tunis", "Sousse"):
        town = make_organisation(name)
        for confirmed in (True, True, False):
            make_relation(town, "member_of", network, confirmed=confirmed)
    make_relation(make_organisation("Gabès"), "member_of", network, confirmed=False)
    make_relation(make_organisation("Closed"), "member_of", network, visibility="office")
    make_relation(make_organisation("Example"), "member_of", network, illustrative=True)
    counts = {
        who: cast.client(who).get(network.get_absolute_url()).context["members"].count for who in ("visitor", "officer")
    }
    assert counts == {"visitor": 3, "officer": 4}


def test_bodies_of_a_network_have_pages_of_their_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own page and that of all links name the first; no body that is closed to the reader is named or counted."""
    for module in ("organisation_page", "templatetags.around"):
        monkeypatch.setattr(f"sympolis.web.public.{module}.MANY", 2)
    monkeypatch.setattr("sympolis.web.public.links.A_PAGE", 2)
    make_relation(cast.amb, "partner_of", make_organisation("Ally"))
    for name in ("Commission 3", "Commission 1", "Commission 2"):
        make_organisation(name, kind="body", parent=cast.amb)
    make_organisation("Commission 0", kind="body", parent=cast.amb, visibility="office")
    client, page = cast.client("visitor"), all_links_of(cast.amb)

    def shown(query: str = "") -> tuple[list[str], int, int]:
        told = client.get(page + query).context
        return [str(body) for body in told["bodies"].shown], told["bodies"].many, len(told["groups"])

    assert shown() == (["Commission 1", "Commission 2"], 3, 1)
    assert f'<a href="{page}?group=bodies#bodies">Show all 3</a>' in client.get(page).content.decode()
    assert shown("?group=bodies&page=2") == (["Commission 3"], 3, 0)
    assert "Show all" not in client.get(page + "?group=bodies&page=2").content.decode()
    assert [str(body) for body in client.get(cast.amb.get_absolute_url()).context["bodies"].shown] == [
        "Commission 1", "Commission 2", "Commission 3"
    ]  # fmt: skip
    assert cast.client("officer").get(page).context["bodies"].many == 4


def test_allies_and_changes_are_turned_page_by_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sympolis.web.public.allies.A_PAGE", 2)
    monkeypatch.setattr("sympolis.web.public.views.organisations.PAGE_LENGTH", 2)
    network = make_organisation("MedCities", kind="city-network")
    for year, name in enumerate(("Centre", "Agency", "Bank"), 2021):
        relation = make_relation(network, "partner_of", make_organisation(name))
        relation.since = PartialDate.parse(str(year))
        relation.save()
    client, arguments = cast.client("visitor"), {"slug": network.slug, "public_id": network.public_id}
    alliances = reverse("public:alliances", kwargs=arguments)
    pages = [client.get(alliances, {"page": number}).context["allies"] for number in (1, 2, 9)]
    assert [[str(ally.organisation) for ally, _life in page] for page in pages] == [
        ["Agency", "Bank"],
        ["Centre"],
        ["Centre"],
    ]
    changes = reverse("public:organisation_changes", kwargs=arguments)
    found = [client.get(changes, {"since": "2019", "until": "2025", "page": number}) for number in (1, 2)]
    told = [[change.title.best("en").text for change in one.context["changes"]] for one in found]
    assert told == [["Bank", "Agency"], ["Centre"]]
    assert "<h2>3 changes</h2>" in found[1].content.decode()


def test_the_alliances_of_a_network(cast: Cast) -> None:
    """Case B: each ally with its line in the language it has it in, and the seats behind it, one line a body."""
    network = make_organisation("MedCities", kind="city-network")
    cmi = make_organisation(
        "Centre for Mediterranean Integration", short_name="CMI", website="https://www.cmimarseille.org/x"
    )
    cmi.line = Text.of(fr="Une plateforme de la Méditerranée")
    cmi.save()
    hub = make_organisation("Urban Hub", kind="body", parent=cmi)
    make_relation(network, "partner_of", cmi, role="Urban Hub")
    make_relation(network, "sits_on", hub, role="member")
    make_relation(network, "participates_in", hub, role="Urban Hub")
    make_relation(make_organisation("World Bank"), "sits_on", hub)
    make_relation(cast.sfax, "member_of", network)
    make_project("Together", network, cmi)
    ended = make_relation(network, "partner_of", make_organisation("Past ally"))
    ended.until = PartialDate.parse("2019")
    ended.save()
    kwargs = {"slug": network.slug, "public_id": network.public_id}
    page = cast.client("visitor").get(reverse("public:alliances", kwargs=kwargs))
    [(ally, _life)] = page.context["allies"]
    assert (ally.organisation, ally.projects, ally.events) == (cmi, 1, 0)
    assert short_beside(ally.organisation) == ' <span class="muted"><bdi>CMI</bdi></span>'
    acr = make_organisation("ACR+ Association of Cities", short_name="ACR+")
    assert short_beside(acr) == ""  # its name says it already
    assert [(seat.body, seat.roles) for seat in ally.seats] == [(hub, ["Member"])]
    said = page.content.decode()
    assert '<span lang="fr" dir="ltr">Une plateforme de la Méditerranée</span>' in said
    assert '<span class="lang-note">French</span>' in said
    assert ">cmimarseille.org</a>" in said


def test_members_by_country_and_former_members(cast: Cast) -> None:
    network = make_organisation("MedCities", kind="city-network")
    make_relation(cast.sfax, "member_of", network)
    left = make_relation(make_organisation("Nicosia", country="CY"), "member_of", network)
    left.until = PartialDate.parse("2010")
    left.save()
    kwargs = {"slug": network.slug, "public_id": network.public_id}
    page = cast.client("visitor").get(reverse("public:network_members", kwargs=kwargs))
    assert [(group.name, [str(link.other) for link in group.links]) for group in page.context["countries"]] == [
        ("Tunisia", ["Sfax"])
    ]
    assert [str(link.other) for link in page.context["past"]] == ["Nicosia"]


def test_a_plan_with_its_parent_lines_and_actions(cast: Cast) -> None:
    parent = Plan.objects.create(organisation=cast.amb, title=Text.of(ca="Pla d'actuació"))
    plan = Plan.objects.create(organisation=cast.amb, title=Text.of(ca="Pla d'internacionalització"), parent=parent)
    line = Plan.objects.create(
        organisation=cast.amb, title=Text.of(ca="Captar fons"), parent=plan, kind="line", published_supports=3
    )
    line.actions.create(title=Text.of(en="Seek funding"), text=Text.of(ca="Buscar", en="Seek it"), sdgs=("17",))
    page = cast.client("visitor").get(plan.get_absolute_url())
    assert page.context["parent"] == parent
    assert [
        (str(node.plan), [str(a) for a in node.plan.listed_actions]) for node in page.context["page"].tree.children
    ] == [("Captar fons", ["Seek funding"])]
    assert "3 supports" in page.content.decode()
    assert "Seek it" in page.content.decode()


def test_events_to_come_and_past(cast: Cast, site: Site) -> None:
    event = site.public["event"]
    assert str(event) in Client().get(reverse("public:events")).content.decode()
    event.start = PartialDate.parse("2019")  # type: ignore[attr-defined]
    event.save()
    assert str(event) not in Client().get(reverse("public:events")).content.decode()
    assert str(event) in Client().get(reverse("public:events") + "?when=past").content.decode()
    assert NEXT_YEAR.earliest is not None


def test_an_empty_office_has_whole_pages(db: None) -> None:
    Office.objects.create()
    client = Client()
    for name in (*LISTS, "search", "credits", "legal", "news_feed"):
        assert client.get(reverse(f"public:{name}")).status_code == 200, name
    assert "Nothing here yet" in client.get(reverse("public:projects")).text
    assert "At another date" not in client.get(reverse("public:home")).text


def test_search_without_an_index_says_what_is_true_of_it(cast: Cast) -> None:
    ask = {"q": "Sfax"}
    not_ready = "Search is not ready on this site yet: for now only names are looked through."
    visitor, officer = (cast.client(name).get("/en/search/", ask).text for name in ("visitor", "officer"))
    assert not_ready in visitor
    assert "worker" not in visitor
    assert not_ready in officer
    assert '<code dir="ltr">sympolis worker</code>' in officer
    sign = WorkerSign.objects.create(worker_id="w", host="elsewhere", process=1, seen_at=timezone.now())
    coming = cast.client("visitor").get("/en/search/", ask).text
    assert "Search is being prepared: for now only names are looked through." in coming
    sign.seen_at -= timedelta(minutes=5)  # it died
    sign.save()
    assert not_ready in cast.client("visitor").get("/en/search/", ask).text
