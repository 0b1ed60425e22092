"""Who of our own records may be one: who is proposed, why, and who is not."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.merging.undo import undo_merge
from sympolis.office.directory.doubles import (
    MOST_IN_BLOCK,
    alike_organisations,
    alike_people,
    apart_doubles,
    look_through,
    pair_of,
    say_apart,
    take_apart_back,
    waiting_doubles,
)
from sympolis.office.directory.models import Double, Organisation, Person
from tests.cast import Cast
from tests.factories import make_organisation


def person(where: Organisation, name: str, email: str = "", telephone: str = "", **more: object) -> Person:
    return Person.objects.create(organisation=where, name=name, email=email, telephone=telephone, **more)  # type: ignore[misc]


def why(one: Person, other: Person) -> list[str]:
    """The reasons why two are proposed; nothing where they are not."""
    found = {pair.pair: pair for pair in alike_people()}.get(pair_of(one.public_id, other.public_id))
    return [reason[0].removeprefix("person-") for reason in found.reasons] if found else []


def test_people_by_mail_name_telephone_and_house(cast: Cast) -> None:
    house, away = cast.sfax, cast.amb
    amal = person(house, "Amal Trabelsi", "amal@example.org", "+216 74 111 222")
    assert why(amal, person(house, "Trabelsi, Amal")) == ["same-name", "organisation"]
    assert why(amal, person(house, "Mme Amal TRABELSI")) == ["same-name", "organisation"]
    assert why(amal, person(house, "Amel Trabelsi")) == ["alike-names", "organisation"]
    assert why(amal, person(away, "Amel Trabelsi")) == []
    assert why(amal, person(away, "Amel Trabelsi", telephone="74111222")) == ["alike-names", "telephone", "elsewhere"]
    assert why(amal, person(away, "Amel Trabelsi", "AMAL@example.org")) == ["alike-names", "mail", "elsewhere"]


def test_the_same_name_elsewhere_is_proposed_while_few_have_it(cast: Cast) -> None:
    one, other = person(cast.sfax, "Ali Ben Salah"), person(cast.amb, "Ben Salah Ali")
    assert why(one, other) == ["same-name", "elsewhere"]
    for at in range(2):
        person(make_organisation(f"House {at}"), "Ali Ben Salah")
    assert why(one, other) == []


def test_a_post_without_a_name_and_two_names_at_one_address(cast: Cast) -> None:
    named = person(cast.sfax, "Amal Trabelsi", "mayor@example.org")
    post = person(cast.sfax, "", "mayor@example.org")
    assert why(named, post) == ["name-unknown", "mail", "organisation"]
    other, third = person(cast.amb, "Nadia Kamoun", "desk@example.org"), person(cast.amb, "Omar", "desk@example.org")
    assert why(other, third) == ["names-differ", "mail"]
    person(cast.amb, "Lina", "desk@example.org")  # a desk of three is a shared mailbox
    assert why(other, third) == []
    assert why(person(cast.amb, "One", telephone="934000000"), person(cast.amb, "Two", telephone="934000000")) == []


def test_examples_and_real_people_are_never_one(cast: Cast) -> None:
    one, other = (
        person(cast.sfax, "Amal", "a@example.org"),
        person(cast.sfax, "Amal", "a@example.org", illustrative=True),
    )
    assert why(one, other) == []


def test_a_house_of_many_is_not_compared_all_with_all(cast: Cast) -> None:
    for at in range(MOST_IN_BLOCK + 20):
        person(cast.sfax, f"Maria Person{at:03}")
    one, other = person(cast.sfax, "Maria Zoubeir"), person(cast.sfax, "Maria Zoubir")
    assert why(one, other) == ["alike-names", "organisation"]


def test_organisations_by_name_place_and_web_site(cast: Cast) -> None:
    twice = make_organisation("Ville de Sfax", country="TN")
    make_organisation("Sfax Example", country="TN", illustrative=True)
    network, another = (make_organisation(name, kind="city-network") for name in ("MedCities", "Metropolis"))
    for parent in (network, another, network):
        make_organisation("Commission of Culture", kind="body", parent=parent)
    bodies = {one.public_id for one in network.bodies.all()}
    found = {one.pair: one for one in alike_organisations()}
    assert set(found) == {pair_of(cast.sfax.public_id, twice.public_id), " ".join(sorted(bodies))}
    reasons = found[pair_of(cast.sfax.public_id, twice.public_id)].reasons
    assert {"resolve-name", "resolve-country"} <= {key for key, score, *_said in reasons if score > 0}


def test_what_was_found_is_kept_up_to_date_and_what_was_said_stays(cast: Cast) -> None:
    one, other = person(cast.sfax, "Amal Trabelsi"), person(cast.sfax, "Amal Trabelsi")
    third = person(cast.sfax, "Amal Trabelsi")
    assert look_through() == 3
    said = say_apart(cast.officer, other.public_id, one.public_id)
    assert look_through() == 2
    assert list(apart_doubles(cast.officer)) == [said]
    third.name = "Somebody Else"
    third.save()
    assert look_through() == 0
    assert Double.objects.get() == said
    take_apart_back(cast.officer, said)
    assert look_through() == 1
    by_hand = say_apart(cast.officer, one.public_id, third.public_id)
    take_apart_back(cast.officer, by_hand)
    assert Double.objects.count() == 1


def test_what_was_said_goes_along_when_one_of_them_is_merged(cast: Cast) -> None:
    one, other, third = (person(cast.sfax, "Amal Trabelsi") for _at in range(3))
    look_through()
    say_apart(cast.officer, other.public_id, third.public_id)
    before = set(Double.objects.values_list("pair", "apart_by"))
    merge = merge_records(one, other, cast.officer)
    assert set(Double.objects.values_list("pair", flat=True)) == {pair_of(one.public_id, third.public_id)}
    undo_merge(merge, cast.officer)
    assert set(Double.objects.values_list("pair", "apart_by")) == before


def test_only_officers_see_pairs_and_decide(cast: Cast) -> None:
    one, other = person(cast.sfax, "Amal Trabelsi"), person(cast.sfax, "Amal Trabelsi")
    look_through()
    assert waiting_doubles(cast.officer, "per").count() == 1
    for user in (cast.contact, cast.participant, cast.outsider):
        assert not waiting_doubles(user, "per").exists()
        assert not apart_doubles(user).exists()
        with pytest.raises(PermissionDenied):
            say_apart(user, one.public_id, other.public_id)
        with pytest.raises(PermissionDenied):
            take_apart_back(user, Double.objects.get())
