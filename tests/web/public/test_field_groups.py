"""What some fields of a record say is told to those alone who may see them: on pages, in lists, files and the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Agreement, Department, Organisation, Position
from sympolis.office.directory.search_documents import agreement_documents, position_documents
from sympolis.office.projects.models import Project
from tests.cast import Cast, let_in
from tests.factories import make_organisation, make_project, make_relation

SITE, NUMBER, POST, MAIL, MONEY = "grouped.example", "Registerx 77", "Harbourmaster", "port@grouped.example", "98765432"
EVERYBODY = ("visitor", "participant", "outsider", "contact", "insider", "officer", "administrator")


@pytest.fixture
def city(cast: Cast) -> Organisation:
    network = make_organisation("MedCities", kind="city-network", slug="medcities")
    let_in(cast, network)
    city = make_organisation(
        "Grouped", kind="city", website=f"https://{SITE}", websites=[f"projects||https://more.{SITE}"],
        identifiers=[f"national:{NUMBER}"], contact_visibility="network", identifiers_visibility="office",
    )  # fmt: skip
    make_relation(network, "partner_of", city)
    Department.objects.create(
        organisation=city, name=Text.of(en="Port"), post=Text.of(en=POST), mailbox=MAIL, contact_visibility="network"
    )
    project = make_project("Grouped quay", city, budget=int(MONEY), money_visibility="network", themes=("water",))
    project.participations.update(money=int(MONEY))
    return city


def addresses(city: Organisation) -> dict[str, str]:
    project = Project.objects.get()
    network = Organisation.objects.get(name="MedCities")
    api = "/api/v1"
    page = {"slug": network.slug, "public_id": network.public_id}
    return {
        "page": city.get_absolute_url(),
        "alliances": reverse("public:alliances", kwargs=page),
        "project": project.get_absolute_url(),
        "projects": reverse("public:projects"),
        "its data": reverse("linked_data", kwargs={"kind": "organisation", "public_id": city.public_id}),
        "project's data": reverse("linked_data", kwargs={"kind": "project", "public_id": project.public_id}),
        "api": f"{api}/organisations/{city.public_id}",
        "api departments": f"{api}/departments",
        "api project": f"{api}/projects/{project.public_id}",
        "api file": f"{api}/projects?format=csv",
        "entities": f"{api}/entities.ftm.json",
        "office list": reverse("staff:projects") + "?format=csv",
    }


TOLD_TO_OFFICERS = {
    "page": {SITE, NUMBER, POST, MAIL, MONEY},
    "alliances": {SITE},
    "project": {MONEY},
    "projects": {MONEY},
    "its data": {SITE, NUMBER},
    "project's data": {MONEY},
    "api": {SITE, NUMBER},
    "api departments": {POST, MAIL, SITE},
    "api project": {MONEY},
    "api file": {MONEY},
    "entities": {SITE, NUMBER, MONEY},
}


def told(cast: Cast, who: str, address: str) -> set[str]:
    answer: Any = cast.client(who).get(address)
    assert answer.status_code in {200, 302}, (who, address)
    said = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    plain = "".join(sign for sign in said if sign not in ",.\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
    words = {SITE, NUMBER, POST, MAIL}
    return {word for word in words if word in said} | ({MONEY} if MONEY in plain else set())


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_is_told_what(cast: Cast, city: Organisation, who: str) -> None:
    found = {name: told(cast, who, address) for name, address in addresses(city).items()}
    office_list = found.pop("office list")
    assert office_list <= {MONEY}
    if who in {"officer", "administrator"}:
        assert found == TOLD_TO_OFFICERS
        return
    kept = {NUMBER} if who == "insider" else {SITE, NUMBER, POST, MAIL, MONEY}
    assert found == {name: words - kept for name, words in TOLD_TO_OFFICERS.items()}
    assert who == "insider" or not office_list


def test_a_project_says_not_known_only_of_what_nobody_knows(cast: Cast, city: Organisation) -> None:
    page = Project.objects.get().get_absolute_url()
    assert "Budget" not in cast.client("visitor").get(page).text
    Project.objects.update(budget=None, money_visibility="")
    assert "Budget" in cast.client("visitor").get(page).text


def test_an_officer_closes_a_group_with_the_form(cast: Cast, city: Organisation) -> None:
    client = cast.client("officer")
    address = reverse("staff:change", kwargs={"public_id": city.public_id})
    form = client.get(address).context["form"]
    assert form["contact_visibility"].value() == "network"
    assert dict(form.fields["contact_visibility"].choices) == {
        "": "Whoever sees the rest", "network": "Members of our networks", "office": "The office only",
    }  # fmt: skip
    data = {"seen": form.initial["seen"], "name": "Grouped", "kind": "city", "visibility": "public"}
    for written in ("office", "", "network"):
        client.post(address, {**data, "contact_visibility": written, "identifiers_visibility": "office"})
        city.refresh_from_db()
        assert city.contact_visibility == written
        data["seen"] = client.get(address).context["form"].initial["seen"]


@pytest.mark.parametrize(("group", "insiders"), [("office", False), ("network", True)])
def test_what_an_agreement_obliges_to_and_what_came_of_a_position(
    cast: Cast, city: Organisation, group: str, insiders: bool
) -> None:
    agreement = Agreement.objects.create(
        title=Text.of(en="Twinning"), kind="twinning", obliges=Text.of(en="Quietpay"), obliges_visibility=group
    )
    position = Position.objects.create(
        title=Text.of(en="Letter"), outcome=Text.of(en="Softno"), outcome_visibility=group
    )
    position.signatories.add(city)
    for who in EVERYBODY:
        sees = who in {"officer", "administrator"} or (insiders and who == "insider")
        client: Any = cast.client(who)
        said = (client.get(agreement.get_absolute_url()).text, client.get(position.get_absolute_url()).text)
        assert ("Quietpay" in said[0], "Softno" in said[1]) == (sees, sees), who
        assert ("Softno" in client.get(f"/api/v1/positions/{position.public_id}").text) is sees, who
    entries = [*agreement_documents(agreement), *position_documents(position)]
    told = {one.audiences for one in entries if {"Quietpay", "Softno"} & set("\n".join(one.text.values()).split())}
    assert told == {("office", "network") if insiders else ("office",)}
