"""Every page of the office against the whole cast."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from sympolis.office.core.models import Document
from sympolis.office.projects.models import Need, Project
from sympolis.web.staff.records.documents import KINDS, RECORD_KINDS
from tests.cast import Cast
from tests.factories import make_need, make_project
from tests.web.staff.rooms import LEAST, PRIVATE, one_of_each

NAMES = [kind.name for kind in KINDS]
RECORDS = [kind.name for kind in RECORD_KINDS]
# What a contact adds or proposes, too.
MAY_ADD = {
    "agreements", "departments", "events", "figures", "needs", "organisations", "people", "positions", "practices",
    "projects", "publications", "relations",
}  # fmt: skip


@pytest.fixture
def rows(cast: Cast, settings: Any, tmp_path: Any) -> dict[str, Any]:
    return one_of_each(cast, PRIVATE, visibility="office")


@pytest.mark.parametrize("kind", NAMES)
def test_a_visitor_is_asked_to_sign_in_and_comes_back(cast: Cast, kind: str) -> None:
    answer = cast.client("visitor").get(reverse(f"staff:{kind}"), {"q": "x"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/en/account/login/?next=/en/office/{kind}/%3Fq%3Dx"


@pytest.mark.parametrize("kind", NAMES)
def test_a_list_shows_the_offices_own_to_officers_only(cast: Cast, rows: dict[str, Any], kind: str) -> None:
    for who in ("administrator", "officer"):
        for form in ("", "csv"):
            answer = cast.client(who).get(reverse(f"staff:{kind}"), {"format": form})
            assert answer.status_code == 200
            assert PRIVATE in answer.text
    for who in ("contact", "participant", "outsider"):
        for form in ("", "csv"):
            answer = cast.client(who).get(reverse(f"staff:{kind}"), {"format": form})
            assert answer.status_code == 200
            assert PRIVATE not in answer.text
            assert rows[kind].public_id not in answer.text


@pytest.mark.parametrize("kind", NAMES)
def test_who_may_open_change_and_remove_a_record(cast: Cast, rows: dict[str, Any], kind: str) -> None:
    public_id = rows[kind].public_id
    for name in ("change", "remove"):
        address = reverse(f"staff:{name}", kwargs={"public_id": public_id})
        assert cast.client("visitor").get(address).status_code == 302
        assert cast.client("officer").get(address).status_code == 200
        for who in ("contact", "participant", "outsider"):
            assert cast.client(who).get(address).status_code == 404
            assert cast.client(who).post(address, LEAST.get(kind, {})).status_code == 404
    assert type(rows[kind]).objects.filter(public_id=public_id).exists()


@pytest.mark.parametrize("kind", RECORDS)
def test_who_may_add(cast: Cast, kind: str) -> None:
    address = reverse(f"staff:{kind}_add")
    assert cast.client("visitor").get(address).status_code == 302
    assert cast.client("officer").get(address).status_code == 200
    for who in ("participant",):
        assert cast.client(who).get(address).status_code == 403
        assert cast.client(who).post(address, LEAST[kind]).status_code == 403
    expected = 200 if kind in MAY_ADD else 403
    assert cast.client("contact").get(address).status_code == expected


@pytest.mark.parametrize("kind", RECORDS)
def test_documents_and_versions_of_what_is_not_yours(cast: Cast, rows: dict[str, Any], kind: str) -> None:
    row = rows[kind]
    add = reverse("staff:document_add", kwargs={"public_id": row.public_id})
    version = row.history.first().history_id
    restore = reverse("staff:restore", kwargs={"public_id": row.public_id, "history_id": version})
    assert cast.client("officer").get(add).status_code == 200
    for who in ("contact", "participant", "outsider"):
        assert cast.client(who).get(add).status_code == 404
        assert cast.client(who).post(restore).status_code == 404
    assert cast.client("visitor").post(restore).status_code == 302
    assert cast.client("officer").get(restore).status_code == 405


def test_a_private_file_is_served_to_nobody_else(cast: Cast, rows: dict[str, Any]) -> None:
    address = reverse("staff:document_file", kwargs={"public_id": rows["documents"].public_id})
    answer = cast.client("officer").get(address)
    assert b"".join(answer.streaming_content) == b"the words in it"
    assert answer["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert cast.client("visitor").get(address).status_code == 302
    for who in ("contact", "participant", "outsider"):
        assert cast.client(who).get(address).status_code == 404


def test_a_file_that_is_lost_is_not_found_and_no_error(cast: Cast, rows: dict[str, Any]) -> None:
    document = rows["documents"]
    document.file.storage.delete(document.file.name)
    address = reverse("staff:document_file", kwargs={"public_id": document.public_id})
    assert cast.client("officer").get(address).status_code == 404


def test_a_public_file_on_a_private_record_is_private(cast: Cast, rows: dict[str, Any]) -> None:
    Document.objects.update(visibility="public")
    address = reverse("staff:document_file", kwargs={"public_id": rows["documents"].public_id})
    assert cast.client("participant").get(address).status_code == 404


def test_a_contact_keeps_its_own_things_and_no_others(cast: Cast) -> None:
    led = make_project("Led by Sfax", cast.sfax, cast.amb)
    joined = make_project("Led by AMB", cast.amb, cast.sfax)
    unled = make_project("Led by nobody", None, cast.sfax)
    own_need, other_need = make_need(cast.sfax, "Ours"), make_need(cast.amb, "Theirs")
    expected = {cast.sfax: 200, led: 200, unled: 200, own_need: 200, joined: 404, other_need: 404, cast.amb: 404}
    contact, outsider = cast.client("contact"), cast.client("outsider")
    for record, status in expected.items():
        address = reverse("staff:change", kwargs={"public_id": record.public_id})
        assert contact.get(address).status_code == status, record
        assert outsider.get(address).status_code == 404, record


def test_a_mere_reader_of_an_organisation_changes_nothing(cast: Cast) -> None:
    cast.contact.memberships.update(role="reader")
    address = reverse("staff:change", kwargs={"public_id": cast.sfax.public_id})
    assert cast.client("contact").get(address).status_code == 404
    assert cast.client("contact").get(reverse("staff:needs_add")).status_code == 403


def test_a_contact_cannot_write_in_anothers_name(cast: Cast) -> None:
    contact = cast.client("contact")
    answer = contact.post(reverse("staff:needs_add"), {**LEAST["needs"], "organisation": "AMB"})
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"organisation": ["You can write this for your own organisation only."]}
    parts = {"parts": ["AMB"], "parts_was": [""], "parts_role": ["lead"], "parts_money": [""]}
    answer = contact.post(reverse("staff:projects_add"), {**LEAST["projects"], **parts})
    assert answer.context["form"].errors == {"parts": ["Your own organisation must lead a project you keep."]}
    assert (Need.objects.count(), Project.objects.count()) == (0, 0)


def test_a_contact_does_not_see_or_set_what_is_the_offices(cast: Cast) -> None:
    cast.sfax.note = "Late payer"
    cast.sfax.save()
    address = reverse("staff:change", kwargs={"public_id": cast.sfax.public_id})
    contact = cast.client("contact")
    page = contact.get(address)
    assert "Late payer" not in page.text
    form = {"name": "Sfax", "seen": page.context["form"].initial["seen"], "note": "x", "visibility": "office",
            "kind": "company", "parent": "AMB", "website": "www.sfax.tn"}  # fmt: skip
    assert contact.post(address, form).status_code == 302
    cast.sfax.refresh_from_db()
    kept = (cast.sfax.note, cast.sfax.visibility, cast.sfax.kind, cast.sfax.parent, cast.sfax.website)
    assert kept == ("Late payer", "public", "city", None, "https://www.sfax.tn")


def test_going_back_does_not_bring_a_contact_what_is_the_offices(cast: Cast) -> None:
    cast.sfax.visibility, cast.sfax.place, cast.sfax.website = "office", "Here", "https://old.tn"
    cast.sfax.save()
    cast.sfax.visibility, cast.sfax.place, cast.sfax.website = "public", "There", "https://new.tn"
    cast.sfax.save()
    older = cast.sfax.history.order_by("history_id")[1].history_id
    answer = cast.client("contact").post(
        reverse("staff:restore", kwargs={"public_id": cast.sfax.public_id, "history_id": older})
    )
    assert answer.status_code == 302
    cast.sfax.refresh_from_db()
    assert (cast.sfax.website, cast.sfax.place, cast.sfax.visibility) == ("https://old.tn", "There", "public")


def test_mail_addresses_of_people_stay_in_the_office(cast: Cast) -> None:
    rows = one_of_each(cast)
    assert rows["people"].email == "mayor@example.org"
    for who in ("contact", "participant", "outsider"):
        for form in ("", "csv"):
            page = cast.client(who).get(reverse("staff:people"), {"format": form, "sort": "email"})
            assert "mayor@example.org" not in page.text
    assert "mayor@example.org" in cast.client("officer").get(reverse("staff:people")).text


@pytest.mark.parametrize("name", ["administration", "office_settings", "users", "user_invite", "examples"])
def test_administration_is_for_administrators(cast: Cast, name: str) -> None:
    address = reverse(f"staff:{name}")
    assert cast.client("visitor").get(address).status_code == 302
    assert cast.client("administrator").get(address).status_code == 200
    for who in ("officer", "contact", "participant", "outsider"):
        assert cast.client(who).get(address).status_code == 403


@pytest.mark.parametrize("name", ["user_change", "user_deactivate", "user_reactivate", "user_invite_again"])
def test_users_are_for_administrators(cast: Cast, name: str) -> None:
    address = reverse(f"staff:{name}", kwargs={"pk": cast.participant.pk})
    assert cast.client("visitor").post(address).status_code == 302
    for who in ("officer", "contact", "participant", "outsider"):
        assert cast.client(who).post(address, {"role": "administrator", "language": "en"}).status_code == 403
    cast.participant.refresh_from_db()
    assert (cast.participant.role, cast.participant.is_active) == ("participant", True)


def test_the_suggestions_name_only_what_the_reader_sees(cast: Cast) -> None:
    cast.sfax.visibility = "office"
    cast.sfax.save()
    address = reverse("staff:suggest_organisations")
    ask = {"from_organisation": "sfà"}
    assert cast.client("officer").get(address, ask).text.strip() == '<option value="Sfax"></option>'
    assert cast.client("outsider").get(address, ask).text.strip() == ""
    assert cast.client("visitor").get(address, ask).status_code == 302
