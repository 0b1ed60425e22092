"""Nothing of the office's own records reaches others: on no page, in no list, count, map, feed or document."""

from __future__ import annotations

import pytest
from django.urls import reverse

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Person, Post
from tests.cast import Cast
from tests.web.public.site import KNOWN, SECRET, Site, make_document

OTHERS = ("visitor", "outsider", "participant", "contact")
LISTS = (
    "home", "organisations", "networks", "projects", "calls", "events", "plans", "positions", "news", "themes",
    "map_data", "graph", "graph_data",
)  # fmt: skip
PAGES = ("organisation", "project", "call", "event", "plan", "news", "agreement", "position", "session")
# Lists that name records; the themes only count them.
NAMING = tuple(name for name in LISTS if name not in {"networks", "themes", "map_data"})


def addresses(cast: Cast, site: Site) -> dict[str, str]:
    """Every public page that could show a record of the office."""
    network = {"slug": site.network.slug, "public_id": site.network.public_id}
    pages = {name: reverse(f"public:{name}") for name in LISTS}
    pages |= {
        "office": cast.amb.get_absolute_url(),
        "network": site.network.get_absolute_url(),
        "members": reverse("public:network_members", kwargs=network),
        "links": reverse("public:organisation_links", kwargs=network),
        "alliances": reverse("public:alliances", kwargs=network),
        "changes": reverse("public:organisation_changes", kwargs=network) + "?since=1990",
        "as of then": site.network.get_absolute_url() + "?on=2026",
        "members map": reverse("public:map_data", kwargs={"public_id": site.network.public_id}),
        "office map": reverse("public:map_data", kwargs={"public_id": cast.amb.public_id}),
        "graph around": reverse("public:organisation_graph", kwargs=network),
        "graph of one": reverse("public:graph_data", kwargs={"public_id": site.network.public_id}),
        "theme": reverse("public:theme", kwargs={"code": "water"}),
        "feed": reverse("public:news_feed"),
        "linked data": reverse("linked_data", kwargs={"kind": "organisation", "public_id": cast.amb.public_id}),
        "past events": reverse("public:events") + "?when=past",
        "search": reverse("public:search") + "?q=city",
    }
    pages |= {
        f"sitemap of {kind}": f"/sitemap-{kind}.xml"
        for kind in ("org", "prj", "cal", "eve", "pla", "agr", "pos", "new")
    }
    return pages | {f"public {name}": site.public[name].get_absolute_url() for name in PAGES}


@pytest.mark.parametrize("who", OTHERS)
def test_others_see_nothing_of_the_office_only(cast: Cast, site: Site, who: str) -> None:
    client = cast.client(who)
    for name, address in addresses(cast, site).items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        assert SECRET.lower() not in answer.content.decode().lower(), name


def test_the_officer_sees_both(cast: Cast, site: Site) -> None:
    """So that the test above could fail: the records are there, on these very pages."""
    client, pages = cast.client("officer"), addresses(cast, site)
    for name in (
        "home",
        *NAMING,
        "office",
        "members",
        "alliances",
        "theme",
        "members map",
        "office map",
        "network",
        "links",
        "search",
    ):
        said = client.get(pages[name]).content.decode()
        assert SECRET in said, name
        assert KNOWN in said, name


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("kind", [*PAGES, "document"])
def test_a_page_of_the_office_only_is_not_there(cast: Cast, site: Site, who: str, kind: str) -> None:
    address = site.secret[kind].get_absolute_url()
    answers = {name: cast.client(name).get(address) for name in (who, "officer")}
    answers["officer"].close()
    assert {name: answer.status_code for name, answer in answers.items()} == {who: 404, "officer": 200}


@pytest.mark.parametrize("who", OTHERS)
def test_counts_leave_out_what_is_not_seen(cast: Cast, site: Site, who: str) -> None:
    client = cast.client(who)
    rows = {row.theme.code: row.counts for row in client.get(reverse("public:themes")).context["rows"]}
    assert rows["water"] == {"organisations": 2, "projects": 1, "calls": 1, "needs": 1}
    assert client.get(reverse("public:projects")).context["listing"].count == 1
    assert [count for _, count in client.get(reverse("public:networks")).context["rows"]] == [2]


def test_a_filter_does_not_tell_what_is_not_seen(cast: Cast, site: Site) -> None:
    choices = cast.client("visitor").get(reverse("public:projects")).context["programmes"]
    assert [choice.code for choice in choices] == [f"{KNOWN} programme"]


def test_the_contact_sees_its_own_organisation(cast: Cast, site: Site) -> None:
    cast.sfax.visibility = "office"
    cast.sfax.save()
    address = cast.sfax.get_absolute_url()
    seen = {who: cast.client(who).get(address).status_code for who in (*OTHERS, "officer")}
    assert seen == {"visitor": 404, "outsider": 404, "participant": 404, "contact": 200, "officer": 200}


def test_a_hidden_parent_is_not_named_with_its_body(cast: Cast, site: Site) -> None:
    site.network.visibility = "office"
    site.network.save()
    body = site.public["body"].get_absolute_url()
    assert "MedCities" not in cast.client("visitor").get(body).content.decode()
    assert "MedCities" in cast.client("officer").get(body).content.decode()


def test_a_document_goes_to_those_who_see_what_it_hangs_on(cast: Cast, site: Site) -> None:
    address = site.public["document"].get_absolute_url()
    answer = cast.client("visitor").get(address)
    assert b"".join(answer.streaming_content) == b"words"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="report.txt"'
    cast.amb.visibility = "office"
    cast.amb.save()
    assert cast.client("visitor").get(address).status_code == 404
    answer = cast.client("officer").get(address)
    answer.close()
    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["email", "telephone"])
def test_how_to_reach_a_person_stays_in_the_office(cast: Cast, site: Site, name: str) -> None:
    said = cast.client("visitor").get(cast.amb.get_absolute_url()).content.decode()
    assert f"{KNOWN} unit" in said
    assert getattr(site.public["person"], name) not in said


# What stands nowhere but with people: their names, addresses, posts, earlier posts, and why they are kept.
OF_PEOPLE = ("Person", "@example.org", "555-7711", "post of a person", "earlier post", "mail of 3 May")


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("visibility", ["public", "office"])
def test_nothing_of_a_person_reaches_others_whatever_is_set(cast: Cast, site: Site, who: str, visibility: str) -> None:
    Person.objects.update(visibility=visibility, post=Text.of(en="post of a person"), basis_how="mail of 3 May")
    for person in Person.objects.all():
        about = {"organisation": site.public["organisation"], "visibility": visibility}
        Post.objects.create(person=person, post=Text.of(en="earlier post"), **about)
    client = cast.client(who)
    pages = addresses(cast, site) | {
        f"api {name}": f"/api/v1/{name}" for name in ("organisations", "relations", "agreements", "projects", "events")
    }
    pages["search for a name"] = reverse("public:search") + "?q=person"
    pages["search for a post"] = reverse("public:search") + "?q=EARLIER+POST"
    for name, address in pages.items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        told = answer.content.decode().replace(f"{who}@example.org", "")
        assert [words for words in OF_PEOPLE if words in told] == [], name


def test_officers_change_a_record_from_its_own_page(cast: Cast, site: Site) -> None:
    """The search leads to public pages: from there the form is one click away, and for nobody else in sight."""
    for kind in (*PAGES, "action"):
        record = site.public[kind]
        edit = f'href="{reverse("staff:change", args=[record.public_id])}"'
        page = record.get_absolute_url()
        seen = {who: edit in cast.client(who).get(page).text for who in ("officer", "participant", "visitor")}
        assert seen == {"officer": True, "participant": False, "visitor": False}, kind
        assert cast.client("officer").get(reverse("staff:change", args=[record.public_id])).status_code == 200, kind


WITH_DOCUMENTS = (
    "project", "call", "event", "plan", "action", "agreement", "position", "practice", "publication", "news",
    "office_page",
)  # fmt: skip


def test_every_page_has_the_documents_of_its_record_that_one_may_see(cast: Cast, site: Site) -> None:
    for name in WITH_DOCUMENTS:
        record = site.public[name]
        make_document(record, f"Open {name} paper")
        make_document(record, f"Office {name} paper", visibility="office")
        shown = {who: cast.client(who).get(record.get_absolute_url()).text for who in ("visitor", "officer")}
        told = {who: (f"Open {name} paper" in page, f"Office {name} paper" in page) for who, page in shown.items()}
        assert told == {"visitor": (True, False), "officer": (True, True)}, name
