"""Relations that go together and those that do not: in form, table and API; one that follows another."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.imports.definition import tables
from sympolis.office.core.imports.read import read_table
from sympolis.office.core.imports.understand import Understood, understand
from sympolis.office.directory.contradictions import Register, Tie
from sympolis.office.directory.forms import OrganisationForm, RelationForm
from sympolis.office.directory.models import Organisation, Relation
from tests.cast import Cast
from tests.factories import make_organisation, make_relation
from tests.web.public.test_as_of import dates, page


def tie(key: str, start: str, type_: str, end: str, since: str = "", until: str = "", **more: Any) -> Tie:
    return Tie(key, start, type_, end, since=PartialDate.parse(since), until=PartialDate.parse(until), **more)


CASES = [
    # what is there, what comes, what speaks against it
    (tie("1", "a", "member_of", "n"), tie("2", "a", "member_of", "n"), "twice"),
    (tie("1", "a", "member_of", "n", "2010"), tie("2", "a", "member_of", "n", "2012"), "twice"),
    (tie("1", "a", "member_of", "n", "2010", "2012"), tie("2", "a", "member_of", "n", "2012"), ""),
    (tie("1", "a", "member_of", "n", "2010", "2014"), tie("2", "a", "member_of", "n", "2012"), "twice"),
    (tie("1", "a", "member_of", "n", "", "2009"), tie("2", "a", "member_of", "n", "2010"), ""),
    (tie("1", "a", "member_of", "n"), tie("2", "a", "observer_of", "n"), ""),
    (tie("1", "a", "member_of", "n", role="founding member"), tie("2", "a", "member_of", "n"), ""),
    (tie("1", "a", "funds", "n"), tie("2", "n", "funds", "a"), ""),
    (tie("1", "a", "twinned_with", "n"), tie("2", "n", "twinned_with", "a"), "twice"),
    (tie("1", "a", "member_of", "n"), tie("2", "a", "member_of", "n", illustrative=True), ""),
    (tie("1", "a", "member_of", "n"), tie("1", "a", "member_of", "n", "2010"), ""),  # it is that very one
    (tie("1", "a", "member_of", "n"), tie("2", "b", "member_of", "b"), "itself"),
    (tie("1", "a", "president_of", "n", "2020"), tie("2", "b", "president_of", "n", "2022"), "presidents"),
    (tie("1", "a", "president_of", "n", "2020", "2022"), tie("2", "b", "president_of", "n", "2022"), ""),
    (tie("1", "a", "president_of", "n"), tie("2", "b", "president_of", "n"), "presidents"),
    (tie("1", "a", "president_of", "n"), tie("2", "b", "president_of", "n", "2022"), ""),  # nobody knows
    (tie("1", "a", "president_of", "n", "2020"), tie("2", "b", "president_of", "n", "2022", shared=True), ""),
    (tie("1", "a", "president_of", "n", "2020"), tie("2", "b", "president_of", "n", "2022", role="Co-chair"), ""),
    (tie("1", "a", "president_of", "n", "2020"), tie("2", "b", "vice_president_of", "n", "2022"), ""),
    (tie("1", "a", "part_of", "b"), tie("2", "b", "part_of", "a"), "circle"),
    (tie("1", "a", "part_of", "b", "2000", "2005"), tie("2", "b", "part_of", "a", "2010"), ""),
    (tie("1", "a", "succeeded_by", "b", "2000", "2005"), tie("2", "b", "succeeded_by", "a", "2010"), "circle"),
]


@pytest.mark.parametrize(("there", "comes", "sort"), CASES)
def test_what_speaks_against_a_relation(there: Tie, comes: Tie, sort: str) -> None:
    found = Register([there]).against(comes)
    assert (found.sort if found else "") == sort


def test_a_long_circle_is_followed_round() -> None:
    chain = [tie(f"{at}", f"{at}", "part_of", f"{at + 1}") for at in range(30)]
    found = Register(chain).against(tie("x", "30", "part_of", "0"))
    assert found is not None
    assert [one.end for one in found.others] == [str(at) for at in range(1, 31)]


def form(cast: Cast, left: Organisation, type_: str, right: Organisation, who: str = "officer", **more: str) -> Any:
    ends = {"from_organisation": left.name, "to_organisation": right.name}
    return RelationForm({**ends, "type": type_, **more}, instance=Relation(), user=getattr(cast, who))


def test_the_form_names_the_relation_that_is_there(cast: Cast) -> None:
    make_relation(cast.amb, "member_of", cast.sfax, **dates(since="2015", until="2020"))
    found = form(cast, cast.amb, "member_of", cast.sfax, since="2018")
    assert found.errors == {
        "__all__": [
            "This is there already for the same time: Àrea Metropolitana de Barcelona – Sfax (2015 – 2020)."
            " Change that one instead, or correct the dates."
        ]
    }
    assert form(cast, cast.amb, "member_of", cast.sfax, since="2021").is_valid()


def test_two_presidents_unless_the_presidency_is_shared(cast: Cast) -> None:
    network = make_organisation("A network", kind="city-network")
    make_relation(cast.amb, "president_of", network, **dates(since="2020"))
    assert form(cast, cast.sfax, "president_of", network, since="2022").errors == {
        "shared": [
            "Àrea Metropolitana de Barcelona presides over A network at the same time (2020 – …)."
            " Say when the one ended, or that the presidency is shared."
        ]
    }
    kept = form(cast, cast.sfax, "president_of", network, since="2022", shared="on")
    assert kept.is_valid()
    assert kept.save().shared is True
    other = form(cast, cast.sfax, "member_of", network, shared="on")
    assert other.is_valid()
    assert other.save().shared is False  # it says nothing of any other relation


def test_a_second_presidency_does_not_come_back_by_another_door(cast: Cast) -> None:
    """Neither out of the history nor out of what was removed."""
    officer, council = cast.client("officer"), make_organisation("Council", kind="body")
    first = make_relation(cast.sfax, "president_of", council, **dates(since="2019"))
    first.until = PartialDate.parse("2020")
    first.save()
    make_relation(cast.amb, "president_of", council, **dates(since="2021"))
    version = first.history.order_by("history_id")[0].history_id
    gone = make_relation(cast.sfax, "member_of", council)
    gone.type = "president_of"
    gone.since = PartialDate.parse("2022")
    gone.save()
    officer.post(reverse("staff:remove", kwargs={"public_id": gone.public_id}))
    said = "Àrea Metropolitana de Barcelona presides over Council at the same time (2021 – …)."
    for name, about in (
        ("restore", {"public_id": first.public_id, "history_id": version}),
        ("bring_back", {"public_id": gone.public_id}),
    ):
        answer = officer.post(reverse(f"staff:{name}", kwargs=about), follow=True)
        [told] = [str(one) for one in answer.context["messages"]]
        assert told.startswith(said), (name, told)
    first.refresh_from_db()
    assert (str(first.until), Relation.objects.filter(pk=gone.pk).exists()) == ("2020", False)


def test_a_circle_says_which_way_it_goes(cast: Cast) -> None:
    whole = make_organisation("Whole", kind="region")
    make_relation(cast.sfax, "part_of", whole)
    assert form(cast, whole, "part_of", cast.sfax).errors == {
        "to_organisation": [
            "This goes round in a circle: Whole → Sfax → Whole."
            " Correct one of these relations, or give them dates that do not meet."
        ]
    }
    cast.sfax.parent = cast.amb
    cast.sfax.save()
    assert "circle" in form(cast, cast.amb, "part_of", cast.sfax).errors.as_json()
    above = OrganisationForm(QueryDict("name=AMB&parent=Sfax"), instance=cast.amb, user=cast.officer)
    assert above.errors["parent"] == [
        "This goes round in a circle: Àrea Metropolitana de Barcelona → Sfax → Àrea Metropolitana de Barcelona."
        " Correct one of these relations, or give them dates that do not meet."
    ]


def test_what_a_reader_may_not_see_is_not_told_by_a_refusal(cast: Cast) -> None:
    secret = make_organisation("Zuhaitz", kind="city-network", visibility="office")
    network = make_organisation("A network", kind="city-network")
    make_relation(secret, "president_of", network, **dates(since="2020"))
    asked = form(cast, cast.sfax, "president_of", network, who="contact", since="2022")
    assert asked.is_valid(), asked.errors


def table(name: str, text: str) -> Understood:
    return understand(tables()[name], read_table(text.encode()), source="list")


RELATIONS = "from_id,type,to_id,role,since,until,shared\n"


def test_a_table_is_told_row_by_row(cast: Cast) -> None:
    make_organisation("A network", slug="a-network", kind="city-network")
    make_relation(cast.amb, "president_of", Organisation.objects.get(slug="a-network"), **dates(since="2020"))
    found = table(
        "relations",
        RELATIONS
        + "sfax,president_of,a-network,,2022,,\n"
        + "sfax,member_of,a-network,,2010,,\n"
        + "sfax,member_of,a-network,Member,2012,,\n"
        + "rabat,president_of,a-network,,2023,,yes\n"
        + "sfax,part_of,rabat,,,,\n"
        + "rabat,part_of,sfax,,,,\n"
        + "rabat,funds,rabat,,,,\n",
    )
    assert [(one.row, one.what, one.remedy) for one in found.problems] == [
        (
            2,
            "Àrea Metropolitana de Barcelona presides over A network at the same time (2020 – …).",
            "Say when the one ended, or that the presidency is shared.",
        ),
        (
            7,
            "This goes round in a circle: Rabat → Sfax → Rabat. See row 6.",
            "Correct one of these relations, or give them dates that do not meet.",
        ),
        (8, "An organisation has no relation to itself.", "Choose another organisation on one of the two sides."),
    ]


def test_a_table_that_came_in_comes_in_again(cast: Cast) -> None:
    rows = RELATIONS + "sfax,president_of,amb,,2020,,\nrabat,president_of,amb,,2022,,yes\nsfax,twinned_with,rabat,,,,\n"
    bring_in(table("relations", rows))
    again = table("relations", rows)
    assert again.problems == []
    run = bring_in(again)
    assert (run.created, run.changed, run.unchanged) == (0, 0, 3)
    other = table("relations", RELATIONS + "rabat,twinned_with,sfax,Old,,,\nrabat,twinned_with,sfax,,,,\n")
    assert other.problems == []


def test_a_vice_presidency_and_an_observer_of_a_list_of_seats(cast: Cast) -> None:
    make_organisation("A network", slug="a-network", kind="city-network")
    head = "organisation_id,network_id,body,role\n"
    bring_in(table("seats", head + "sfax,a-network,,Vice-president\nrabat,a-network,,Observer\n"))
    assert set(Relation.objects.values_list("from_organisation__slug", "type")) == {
        ("sfax", "vice_president_of"),
        ("rabat", "observer_of"),
    }


def test_the_api_refuses_it_too(cast: Cast) -> None:
    make_relation(cast.amb, "member_of", cast.sfax)
    body = {"from_organisation": cast.amb.public_id, "type": "member_of", "to_organisation": cast.sfax.public_id}
    answer = cast.client("officer").post("/api/v1/relations", json.dumps(body), content_type="application/json")
    assert answer.status_code == 422
    assert "This is there already for the same time" in answer.text
    own = {**body, "to_organisation": cast.amb.public_id}
    answer = cast.client("officer").post("/api/v1/relations", json.dumps(own), content_type="application/json")
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, ["to_organisation"])


def test_the_old_page_leads_to_the_new_one_and_keeps_its_seats(cast: Cast) -> None:
    new, network = make_organisation("New city"), make_organisation("A network", kind="city-network")
    make_relation(cast.sfax, "succeeded_by", new, **dates(since="2019"))
    make_relation(cast.sfax, "vice_president_of", network, **dates(since="2010", until="2019"))
    visitor = cast.client("visitor")
    old = visitor.get(page("organisation", cast.sfax))
    assert [str(link.other) for link in old.context["successors"].links] == ["New city"]
    assert "Succeeded by" in old.text
    assert new.get_absolute_url() in old.text
    assert [(group.type, [str(link.other) for link in group.links]) for group in old.context["seats"]] == [
        ("succeeded_by", ["New city"]),
        ("vice_president_of", ["A network"]),
    ]
    followed = visitor.get(page("organisation", new))
    assert [str(link.other) for link in followed.context["predecessors"].links] == ["Sfax"]
    assert f"{cast.sfax.get_absolute_url()}#links" in followed.text


def test_the_list_of_organisations_as_of_another_time(cast: Cast) -> None:
    new = make_organisation("New city", founded_year=2019)
    secret = make_organisation("Zuhaitz", visibility="office")
    make_relation(cast.sfax, "succeeded_by", new, **dates(since="2019"))
    make_relation(cast.amb, "succeeded_by", secret, **dates(since="2010"))  # nobody but the office may know

    def listed(query: str) -> list[str]:
        answer = cast.client("visitor").get(f"/en/organisations/{query}")
        return [one.name for one in answer.context["listing"].page]

    assert listed("") == ["Àrea Metropolitana de Barcelona", "New city", "Rabat", "Sfax"]
    assert listed("?on=2015") == ["Àrea Metropolitana de Barcelona", "Rabat", "Sfax"]
    assert listed("?on=2022&kind=city") == ["New city", "Rabat"]
    page_ = cast.client("visitor").get("/en/organisations/?on=2015").text
    assert f"{cast.sfax.get_absolute_url()}?on=2015" in page_
    assert '<input type="hidden" name="on" value="2015">' in page_
