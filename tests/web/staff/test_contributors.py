"""A contributor of the whole site reads what the office keeps, proposes at any of it, and decides nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sympolis.office.core.api_tokens import make_token
from sympolis.office.core.enums import SiteRole, TokenScope
from sympolis.office.core.models import Document, Proposal, ProposedChange, User
from sympolis.office.core.queries import officers
from sympolis.office.directory.models import Organisation, Person, Relation
from sympolis.office.planning.voices.names import name_of
from sympolis.office.projects.models import Need
from tests.cast import Cast, let_propose, let_read, office_today
from tests.factories import make_need, make_organisation, make_project, make_relation
from tests.web.staff.test_proposals import PAGE, address, decide, states, write


@pytest.fixture
def intern(cast: Cast) -> Any:
    let_read(cast)
    let_propose(cast)
    return cast.client("contributor")


def test_who_writes_at_another_houses_page(cast: Cast, intern: Any) -> None:
    need = make_need(cast.sfax, "Trees", visibility="office")
    person = Person.objects.create(organisation=cast.sfax, name="Amal")
    relation = make_relation(cast.sfax, "member_of", make_organisation("Harbours", kind="city-network"))
    project = make_project("Reuse", visibility="office")  # of nobody
    records = (cast.sfax, need, person, relation, project)
    everybody = ("administrator", "officer", "contributor", "reader", "contact", "participant", "outsider", "visitor")
    asked = {who: [cast.client(who).get(address(one)).status_code for one in records] for who in everybody}
    assert asked == {
        **dict.fromkeys(("administrator", "officer", "contributor"), [200] * 5),
        "contact": [200, 200, 200, 200, 404],
        **dict.fromkeys(("reader", "participant", "outsider"), [404] * 5),
        "visitor": [302] * 5,
    }


def test_all_of_it_waits_and_says_where_it_was_read(cast: Cast, intern: Any) -> None:
    write(intern, cast.sfax, website="www.sfax.tn", name="Sfax city", source_url="https://www.sfax.tn/about")
    cast.sfax.refresh_from_db()
    assert (cast.sfax.website, cast.sfax.name, cast.sfax.source_url) == ("", "Sfax", "")
    assert states() == dict.fromkeys(("website", "name", "source_url"), "waiting")
    officer = cast.client("officer")
    decide(officer, "approve", "website", "source_url")
    decide(officer, "refuse", "name", reason="It is called Sfax.")
    cast.sfax.refresh_from_db()
    assert (cast.sfax.website, cast.sfax.name) == ("https://www.sfax.tn", "Sfax")
    assert cast.sfax.source_url == "https://www.sfax.tn/about"
    assert "It is called Sfax." in intern.get(reverse(PAGE)).text


def test_who_presses_save_and_changed_nothing_makes_no_version(cast: Cast, intern: Any) -> None:
    before = cast.sfax.history.count()
    write(intern, cast.sfax)
    assert (cast.sfax.history.count(), Proposal.objects.count()) == (before, 0)
    assert "You changed nothing: nothing waits." in intern.get(address(cast.sfax)).text


def test_what_the_office_says_to_itself_is_not_proposed(cast: Cast, intern: Any) -> None:
    """It would stand beside the form of the member's contact."""
    assert {"note", "confirmed"} & set(intern.get(address(cast.sfax)).context["form"].fields) == set()
    write(intern, cast.sfax, note="Hard to work with", confirmed="", name="Sfax city")
    assert states() == {"name": "waiting"}
    page = cast.client("contact").get(address(cast.sfax)).text
    assert ("Sfax city" in page, "Hard to work with" in page) == (True, False)


def test_what_is_added_for_any_house_waits(cast: Cast, intern: Any) -> None:
    tunis = make_organisation("Tunis", kind="city", country="TN", visibility="office")
    adding: dict[str, dict[str, Any]] = {
        "needs": {"title_en": "Shade", "organisation": "Tunis", "stage": "need"},
        "relations": {"from_organisation": "Tunis", "type": "twinned_with", "to_organisation": "Sfax"},
        "projects": {"title_en": "Shade", "parts": ["Tunis"], "parts_was": [""], "parts_role": ["lead"],
                     "parts_money": [""]},
        "events": {"title_en": "Shade day", "start": "2027-03-01"},
    }  # fmt: skip
    assert [intern.post(reverse(f"staff:{kind}_add"), said).get("Location") for kind, said in adding.items()] == [
        reverse(PAGE)
    ] * 4
    assert (Need.objects.count(), Relation.objects.count(), Proposal.objects.count()) == (0, 0, 4)
    officer = cast.client("officer")
    for proposal in Proposal.objects.all():
        decide(officer, "approve", "title", proposal=proposal)
    assert [(one.organisation, str(one.title)) for one in Need.objects.all()] == [(tunis, "Shade")]
    assert [(one.from_organisation, one.to_organisation) for one in Relation.objects.all()] == [(tunis, cast.sfax)]
    assert intern.get(reverse("staff:organisations_add")).status_code == 403


def test_a_new_record_begins_at_the_offices_own_house(cast: Cast, intern: Any) -> None:
    form = intern.get(reverse("staff:needs_add")).context["form"]
    assert form.initial["organisation"] == cast.amb
    cast.contributor.memberships.create(organisation=cast.sfax, role="contributor")  # type: ignore[union-attr]  # signed in
    assert intern.get(reverse("staff:needs_add")).context["form"].initial["organisation"] == cast.sfax


def test_who_edits_one_house_writes_at_once_for_it_alone(cast: Cast, intern: Any) -> None:
    cast.contributor.memberships.create(organisation=cast.sfax, role="editor")  # type: ignore[union-attr]  # signed in
    for house in (cast.sfax, cast.amb):
        write(intern, house, website="www.example.org")
    cast.sfax.refresh_from_db()
    cast.amb.refresh_from_db()
    assert (cast.sfax.website, cast.amb.website) == ("https://www.example.org", "")
    assert [one.record for one in Proposal.objects.all()] == [cast.amb.public_id]


def test_nothing_is_theirs_to_decide(cast: Cast, intern: Any) -> None:
    need = make_need(cast.sfax, "Trees")
    write(intern, need, title_en="Shade", organisation="Sfax")
    write(cast.client("contact"), cast.sfax, name="Sfax city")
    of_theirs = {"public_id": need.public_id}
    for tried, status in {
        reverse("staff:proposal_decide", kwargs={"pk": Proposal.objects.earliest("pk").pk}): 403,
        reverse("staff:proposal_withdraw", kwargs={"pk": Proposal.objects.latest("pk").pk}): 404,
        reverse("staff:remove", kwargs=of_theirs): 404,
        reverse("staff:restore", kwargs={**of_theirs, "history_id": need.history.first().history_id}): 404,
        reverse("staff:imports"): 403,
        reverse("staff:doubles"): 403,
        reverse("staff:team", kwargs={"public_id": cast.sfax.public_id}): 404,
    }.items():
        assert intern.post(tried, {"what": "approve", "field": "title"}).status_code == status, tried
    assert set(ProposedChange.objects.values_list("state", flat=True)) == {"waiting"}
    assert [one.by for one in intern.get(reverse(PAGE)).context["page"].object_list] == [cast.contributor]
    assert str(Need.objects.get().title) == "Trees"


def test_a_file_they_hang_up_waits(cast: Cast, intern: Any) -> None:
    hang_up = reverse("staff:document_add", kwargs={"public_id": cast.sfax.public_id})
    file = SimpleUploadedFile("plan.txt", b"trees along the quay")
    intern.post(hang_up, {"file": file, "title": "Quay", "visibility": "public"})
    assert [(one.visibility, one.confirmed) for one in Document.objects.all()] == [("office", False)]


def test_a_program_of_theirs_reads_everything_and_writes_nothing(cast: Cast, intern: Any) -> None:
    person = Person.objects.create(organisation=cast.sfax, name="Amal", email="amal@example.org")
    _token, secret = make_token(cast.contributor, "A table", TokenScope.WRITE, office_today())  # type: ignore[arg-type]  # signed in
    headers = {"Authorization": f"Bearer {secret}"}
    visitor = cast.client("visitor")
    assert [one["email"] for one in visitor.get("/api/v1/people", headers=headers).json()["items"]] == [person.email]
    one = f"/api/v1/people/{person.public_id}"
    told = visitor.patch(one, {"name": "X"}, content_type="application/json", headers=headers)
    assert (told.status_code, Person.objects.get().name) == (403, "Amal")


def test_they_are_none_of_the_office(cast: Cast, intern: Any) -> None:
    assert set(officers()) == {cast.administrator, cast.officer}
    assert name_of("", "", SiteRole.CONTRIBUTOR) == "A participant"
    assert cast.contributor
    cast.contributor.is_active = False
    assert (cast.contributor.reads_office, cast.contributor.writes_everywhere) == (False, False)


def test_pages_and_lists_lead_to_what_may_be_proposed(cast: Cast, intern: Any) -> None:
    project = make_project("Reuse", cast.sfax)
    for record in (cast.sfax, project):
        page = record.get_absolute_url()
        asked = {who: cast.client(who).get(page).text for who in ("contributor", "reader", "officer")}
        offered = {who: "Propose a change" in page for who, page in asked.items()}
        assert offered == {"contributor": True, "reader": False, "officer": False}
        assert f'href="{address(record)}"' in intern.get(page).text
    for who, leads in {"contributor": True, "reader": False}.items():
        assert (f'href="{address(cast.sfax)}"' in cast.client(who).get(reverse("staff:organisations")).text) is leads
    write(intern, cast.sfax, name="Sfax city")
    assert "1 change waits for the office" in intern.get(reverse("staff:dashboard")).text
    assert Organisation.objects.filter(name="Sfax city").count() == 0


def test_an_administrator_makes_somebody_a_contributor(cast: Cast) -> None:
    said = {"email": "new@example.org", "first_name": "N", "last_name": "N", "role": "contributor", "language": "en"}
    cast.client("administrator").post(reverse("staff:user_invite"), said)
    made = User.objects.get(email="new@example.org")
    assert (made.role, made.is_staff, made.reads_office, made.is_officer) == ("contributor", False, True, False)


@pytest.mark.parametrize("many", [1, 6])
def test_questions_to_the_database_do_not_grow(
    cast: Cast, intern: Any, many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(many):
        need = make_need(make_organisation(f"City {number}", kind="city"), f"Trees {number}")
        write(intern, need, title_en="Shade", organisation=f"City {number}")
    assert Proposal.objects.count() == many
    write(intern, cast.sfax, name="Sfax city")
    pages = [reverse(name) for name in ("staff:dashboard", "staff:needs", "staff:organisations", PAGE)]
    for page in (*pages, address(cast.sfax), address(Need.objects.latest("pk"))):
        with django_assert_max_num_queries(12):
            assert intern.get(page).status_code == 200
