"""The same one twice on the office's pages: who sees it, what it shows, what pressing does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from sympolis.office.core.enums import Visibility
from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.models import Merge, RetiredId
from sympolis.office.core.texts import Text
from sympolis.office.directory.doubles import look_through, pair_of
from sympolis.office.directory.models import Double, Membership, Organisation, Person
from tests.cast import Cast
from tests.factories import make_need, make_organisation, make_relation

MOST_QUERIES = 12


def url(name: str, *args: Any) -> str:
    return reverse(f"staff:{name}", args=args)


@pytest.fixture
def ville(cast: Cast) -> Organisation:
    """Sfax once more."""
    cast.sfax.website = "https://sfax.example.org"
    cast.sfax.save()
    return make_organisation(
        "Sfax (ville)", slug="sfax-ville", country="TN", population=330_000, website="https://sfax.example.org/fr",
        line=Text.of(fr="La capitale du sud"), note="Ask Amal",
    )  # fmt: skip


@pytest.fixture
def people(cast: Cast) -> tuple[Person, Person]:
    one, other = (
        Person.objects.create(organisation=cast.sfax, name=name, email=mail, note="Not for strangers")
        for name, mail in (("Amal Trabelsi", "amal@example.org"), ("Amel Trabelsi", "AMAL@example.org"))
    )
    return one, other


def all_pages(cast: Cast, ville: Organisation) -> list[str]:
    merge = merge_records(make_organisation("One"), make_organisation("Two"), cast.officer)
    return [
        url("doubles"), url("doubles") + "?kind=people", url("doubles_apart"), url("merges"), url("merged", merge.pk),
        url("merge_with", ville.public_id) + "?q=sfax", url("merge", cast.sfax.public_id, ville.public_id),
    ]  # fmt: skip


def test_the_pages_are_the_offices_alone(cast: Cast, ville: Organisation, people: tuple[Person, Person]) -> None:
    look_through()
    Membership.objects.create(user=cast.contact, organisation=ville)
    pair = Double.objects.get(prefix="per")
    for address in all_pages(cast, ville):
        assert cast.client("visitor").get(address).status_code == 302
        for who in ("contact", "participant", "outsider"):
            answer = cast.client(who).get(address)
            assert (answer.status_code, "Trabelsi" in answer.text, "Ask Amal" in answer.text) == (403, False, False)
        for who in ("officer", "administrator"):
            assert cast.client(who).get(address).status_code == 200, address
    pressed = [
        (url("merge", cast.sfax.public_id, ville.public_id), {}),
        (url("double_apart"), {"one": people[0].public_id, "other": people[1].public_id}),
        (url("double_back", pair.pk), {}),
        (url("doubles_look"), {}),
        (url("merged", Merge.objects.get().pk), {}),
    ]
    before = (Organisation.objects.count(), Double.objects.filter(apart_at=None).count())
    for address, data in pressed:
        for who in ("contact", "participant", "outsider"):
            assert cast.client(who).post(address, data).status_code == 403
    assert (Organisation.objects.count(), Double.objects.filter(apart_at=None).count()) == before
    assert not DBTaskResult.objects.exists()


def test_pairs_stand_with_their_reasons(cast: Cast, ville: Organisation, people: tuple[Person, Person]) -> None:
    look_through()
    shown = cast.client("officer").get(url("doubles")).text
    assert "1 pair waits" in shown
    assert url("merge", cast.sfax.public_id, ville.public_id) in shown
    assert "Both have the same web site" in shown
    shown = cast.client("officer").get(url("doubles"), {"kind": "people"}).text
    for words in ("The names are alike", "Both have the same mail address", "Both are at the same organisation"):
        assert words in shown
    assert "amal@example.org" not in shown


def test_not_the_same_is_remembered_and_taken_back(cast: Cast, people: tuple[Person, Person]) -> None:
    look_through()
    officer, ids = cast.client("officer"), [one.public_id for one in people]
    answer = officer.post(url("double_apart"), {"one": ids[1], "other": ids[0], "page": "1"})
    assert answer["Location"] == url("doubles") + "?kind=people&page=1#pairs"
    look_through()
    said = Double.objects.get(prefix="per")
    assert (said.pair, said.apart_by, said.apart_at is not None) == (pair_of(*ids), cast.officer, True)
    assert "No pair waits" in officer.get(url("doubles"), {"kind": "people"}).text
    listed = officer.get(url("doubles_apart")).text
    assert "Amal Trabelsi" in listed
    assert "Officer" in listed
    assert officer.post(url("double_back", said.pk))["Location"] == url("doubles_apart")
    assert "1 pair waits" in officer.get(url("doubles"), {"kind": "people"}).text
    for one, other in ((ids[0], ids[0]), (ids[0], "per_aaaaaaaaaaaa"), ("x", "y"), (ids[0], cast.sfax.public_id)):
        assert officer.post(url("double_apart"), {"one": one, "other": other}).status_code == 404


def test_the_other_is_found_by_name(cast: Cast, ville: Organisation) -> None:
    look_through()
    officer = cast.client("officer")
    page = officer.get(url("merge_with", cast.sfax.public_id)).text
    assert "May be the same" in page
    assert url("merge", cast.sfax.public_id, ville.public_id) in page
    found = officer.get(url("merge_with", ville.public_id), {"q": "SFAX"}).text
    assert url("merge", ville.public_id, cast.sfax.public_id) in found
    assert url("merge", ville.public_id, ville.public_id) not in found
    assert "Nothing of this kind is called that" in officer.get(url("merge_with", ville.public_id), {"q": "zz"}).text
    assert url("merge_with", ville.public_id) in officer.get(url("change", ville.public_id)).text


def test_both_stand_side_by_side_and_the_chosen_stays(cast: Cast, ville: Organisation) -> None:
    make_need(ville, "Pumps")
    officer, address = cast.client("officer"), url("merge", cast.sfax.public_id, ville.public_id)
    page = officer.get(address).text
    assert re.search(r'name="keep-website" value="keeper"[^>]*checked', page)
    assert re.search(r'name="keep-population" value="other"[^>]*checked', page)
    assert "1 need or offer" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    answer = officer.post(address, {"seen": seen[1], "keep-name": "other", "keep-website": "other"})
    assert (answer.status_code, answer["Location"]) == (302, url("change", cast.sfax.public_id))
    kept = Organisation.objects.get(pk=cast.sfax.pk)
    assert (kept.name, kept.website, kept.population) == ("Sfax (ville)", "https://sfax.example.org/fr", 330_000)
    assert kept.aliases == ["Sfax"]
    assert kept.history.first().history_user == cast.officer
    record = officer.get(answer["Location"]).text
    assert "Merged from “<bdi>Sfax (ville)</bdi>”" in record

    merge = Merge.objects.get()
    assert "Added" in officer.get(url("merged", merge.pk)).text
    assert officer.post(url("merged", merge.pk))["Location"] == url("change", ville.public_id)
    assert Organisation.objects.get(pk=ville.pk).needs.count() == 1
    assert officer.get(url("change", ville.public_id)).status_code == 200
    again = officer.post(url("merged", merge.pk))
    assert (again.status_code, "This was undone already." in again.text) == (409, False)
    assert "undone" in officer.get(url("merges")).text


def test_who_looked_too_early_is_asked_to_look_again(cast: Cast, ville: Organisation) -> None:
    officer, address = cast.client("officer"), url("merge", cast.sfax.public_id, ville.public_id)
    for seen in ("", "older"):
        answer = officer.post(address, {"seen": seen} if seen else {})
        assert answer.status_code == 409
        assert "Somebody changed one of the two while you were looking." in answer.text
    assert Organisation.objects.filter(pk=ville.pk).exists()


def test_what_can_never_be_one_has_no_button(cast: Cast, people: tuple[Person, Person]) -> None:
    officer = cast.client("officer")
    port = make_organisation("Port", kind="body", parent=cast.sfax)
    page = officer.get(url("merge", cast.sfax.public_id, port.public_id)).text
    assert "“Port” belongs to “Sfax”: they cannot be one." in page
    assert 'name="seen"' in page
    assert "These are not the same" not in page
    answer = officer.get(url("merge", cast.sfax.public_id, people[0].public_id), follow=True)
    assert answer.redirect_chain == [(url("merge_with", cast.sfax.public_id), 302)]
    assert "are of different kinds" in answer.text
    for other in ("org_aaaaaaaaaaaa", "doc_aaaaaaaaaaaa", "xyz"):
        assert officer.get(url("merge", cast.sfax.public_id, other)).status_code == 404


def test_merged_ids_lead_on_everywhere(cast: Cast, ville: Organisation) -> None:
    old = ville.get_absolute_url()
    merge = merge_records(cast.sfax, ville, cast.officer)
    visitor, new = cast.client("visitor"), Organisation.objects.get(pk=cast.sfax.pk).get_absolute_url()
    answer = visitor.get(old)
    assert (answer.status_code, answer["Location"]) == (301, new)
    answer = visitor.get(f"/api/v1/organisations/{ville.public_id}")
    assert (answer.status_code, answer["Location"]) == (301, f"/api/v1/organisations/{cast.sfax.public_id}")
    make_relation(cast.sfax, "member_of", cast.amb)
    rows = visitor.get("/api/v1/relations", {"organisation": ville.public_id}).json()["items"]
    assert [row["from_id"] for row in rows] == [cast.sfax.public_id]
    change = url("change", ville.public_id)
    assert cast.client("officer").get(change)["Location"] == url("change", cast.sfax.public_id)
    assert cast.client("contact").get(change)["Location"] == url("change", cast.sfax.public_id)
    assert cast.client("outsider").get(change).status_code == 404

    Organisation.objects.filter(pk=cast.sfax.pk).update(visibility=Visibility.OFFICE)
    assert visitor.get(old).status_code == 404
    assert visitor.get(f"/api/v1/organisations/{ville.public_id}").status_code == 404
    RetiredId.objects.create(public_id=cast.sfax.public_id)
    Organisation.objects.filter(pk=cast.sfax.pk).delete()
    assert visitor.get(old).status_code == 410
    assert Merge.objects.get() == merge


def test_looking_is_asked_of_the_worker_once(cast: Cast, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}
    officer = cast.client("officer")
    for _time in range(2):
        assert officer.post(url("doubles_look"), {"kind": "people"})["Location"] == url("doubles") + "?kind=people"
    assert DBTaskResult.objects.count() == 1
    assert "All records are being looked through." in officer.get(url("doubles")).text


def test_pages_ask_little(cast: Cast, ville: Organisation, django_assert_max_num_queries: Callable[..., Any]) -> None:
    counts = []
    for size in (2, 14):
        for at in range(size):
            where = make_organisation(f"House {size} {at}")
            for _time in range(2):
                Person.objects.create(organisation=where, name=f"Amal {size} {at}", email=f"a{size}-{at}@example.org")
            make_need(ville, f"Need {at}")
            merge_records(make_organisation("One"), make_organisation("Two"), cast.officer)
        look_through()
        for double in Double.objects.filter(prefix="per", apart_at=None)[:1]:
            cast.client("officer").post(url("double_apart"), dict(zip(("one", "other"), double.ids, strict=True)))
        officer = cast.client("officer")
        asked = []
        for address in all_pages(cast, ville):
            with django_assert_max_num_queries(MOST_QUERIES, info=address) as queries:
                assert officer.get(address).status_code == 200
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]
