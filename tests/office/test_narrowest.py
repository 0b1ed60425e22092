"""The column that says who may see a relation: kept by the database, whoever writes, and however."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from sympolis.office.core.actions import remove_record
from sympolis.office.core.enums import Visibility
from sympolis.office.core.found_by_words import FEW, containing, words_of
from sympolis.office.core.queries import among, belongs_to, visible_records
from sympolis.office.core.removals import bring_back
from sympolis.office.directory.models import Membership, Organisation, Relation
from sympolis.office.directory.queries import count_of_relations, visible_organisations, visible_relations
from tests.cast import Cast, let_in
from tests.factories import make_organisation, make_relation

ALL = (Visibility.PUBLIC, Visibility.NETWORK, Visibility.OFFICE)


def plant(cast: Cast) -> list[Relation]:
    """One of each visibility between two of each; some of them the contact's city's."""
    ends = [make_organisation(f"End {one}", slug=f"end-{one}", visibility=one) for one in ALL]
    other = [make_organisation(f"Other {one}", slug=f"other-{one}", visibility=one) for one in ALL]
    made = [make_relation(*pair, visibility=one) for pair, one in product(_pairs(ends, other), ALL)]
    made += [make_relation(cast.sfax, "partner_of", end, visibility=one) for end, one in product(ends, ALL)]
    made += [make_relation(end, "funds", cast.sfax, visibility=one) for end, one in product(ends, ALL)]
    return made


def _pairs(ends: list[Organisation], others: list[Organisation]) -> list[tuple[Any, str, Any]]:
    return [(start, "twinned_with", end) for start, end in product(ends, others)]


def everybody(cast: Cast) -> dict[str, Any]:
    names = ("administrator", "officer", "contact", "insider", "participant", "outsider")
    return {"visitor": AnonymousUser(), **{name: getattr(cast, name) for name in names}}


def asked_end_by_end(user: Any) -> set[int]:
    """What a reader may see, as it was asked before the column was there."""
    seen = visible_organisations(user)
    own = belongs_to(user, "from_organisation") | belongs_to(user, "to_organisation")
    rows = visible_records(user, Relation.objects.all(), own)
    rows = rows.filter(among(seen, "from_organisation"), among(seen, "to_organisation"))
    return set(rows.values_list("pk", flat=True))


def expected() -> dict[int, str]:
    rows = Relation.objects.values_list(
        "pk", "visibility", "from_organisation__visibility", "to_organisation__visibility"
    )
    return {pk: max(said, key=ALL.index) for pk, *said in rows}


def kept() -> dict[int, str]:
    return dict(Relation.objects.values_list("pk", "narrowest"))


@pytest.mark.django_db
def test_the_column_says_what_asking_end_by_end_says(cast: Cast) -> None:
    made = plant(cast)
    let_in(cast, make_organisation("MedCities", slug="medcities", kind="city-network"))
    hidden = Organisation.objects.get(slug="end-office")
    Membership.objects.create(user=cast.outsider, organisation=hidden)
    Relation.objects.filter(pk__in=[one.pk for one in made[::3]]).update(illustrative=True)
    told = {name: set(visible_relations(user).values_list("pk", flat=True)) for name, user in everybody(cast).items()}
    assert told == {name: asked_end_by_end(user) for name, user in everybody(cast).items()}
    for user in everybody(cast).values():
        real = visible_relations(user).filter(illustrative=False).count()
        assert count_of_relations(user) == visible_relations(user).count()
        assert 0 < real < count_of_relations(user)
        assert count_of_relations(user, with_examples=False) == real
    sizes = {name: len(found) for name, found in told.items()}
    assert sizes == {
        "visitor": 5, "participant": 5, "contact": 9, "outsider": 14, "insider": 18, "officer": 47,
        "administrator": 47,
    }  # fmt: skip


@pytest.mark.django_db
def test_it_is_kept_however_somebody_writes(cast: Cast) -> None:
    plant(cast)
    assert kept() == expected()
    end = Organisation.objects.get(slug="end-public")
    end.visibility = Visibility.OFFICE
    end.save()
    assert kept() == expected()
    Organisation.objects.filter(slug__startswith="other").update(visibility=Visibility.NETWORK)
    assert kept() == expected()
    Relation.objects.filter(type="funds").update(visibility=Visibility.NETWORK)
    assert kept() == expected()
    Relation.objects.filter(type="funds").update(to_organisation=Organisation.objects.get(slug="end-network"))
    assert kept() == expected()
    rows = list(Relation.objects.all())
    for row in rows:
        row.visibility = Visibility.PUBLIC
    Relation.objects.bulk_update(rows, ["visibility"])
    assert kept() == expected()
    stale = Relation.objects.filter(narrowest=Visibility.OFFICE).first()
    assert stale is not None
    stale.narrowest = Visibility.PUBLIC  # an object at hand knows no better: what it says is not believed
    stale.save()
    Relation.objects.update(narrowest=F("visibility"))
    assert kept() == expected()
    fresh = [Relation(from_organisation=end, to_organisation=cast.amb, type="part_of", slug="r", public_id="rel_x")]
    Relation.objects.bulk_create(fresh)
    assert kept() == expected()


@pytest.mark.django_db
def test_what_comes_back_after_a_removal_is_as_hidden_as_its_end_is_by_then(cast: Cast) -> None:
    relation = make_relation(cast.sfax, "partner_of", cast.amb)
    pk = relation.pk
    remove_record(relation, cast.officer)
    Organisation.objects.filter(pk=cast.amb.pk).update(visibility=Visibility.OFFICE)
    bring_back(relation.public_id, cast.officer)
    assert kept() == {pk: "office"}


@pytest.mark.django_db
def test_migrating_reckons_it_anew_and_makes_the_triggers_again(cast: Cast) -> None:
    relation = make_relation(cast.sfax, "partner_of", cast.amb)
    with connection.cursor() as cursor:
        tables = {"relation_is_changed": "directory_relation", "relation_is_kept": "directory_relation"}
        for name, table in tables.items():
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
    Relation.objects.update(narrowest=Visibility.NETWORK)
    assert kept() == {relation.pk: "network"}
    call_command("migrate", verbosity=0)
    assert kept() == {relation.pk: "public"}
    Relation.objects.update(visibility=Visibility.OFFICE)
    assert kept() == {relation.pk: "office"}


@pytest.mark.django_db
def test_words_find_the_same_among_few_and_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for at in range(12):
        make_organisation(f"Vila {at}", slug=f"vila-{at}", country="ES")
    make_organisation("Vila 1 amagada", slug="vila-hidden", visibility=Visibility.OFFICE)
    seen = visible_organisations(AnonymousUser())
    found = [str(one) for one in containing(seen, "VILÀ 1").order_by("pk")]
    assert found == ["Vila 1", "Vila 10", "Vila 11"]
    monkeypatch.setattr("sympolis.office.core.found_by_words.FEW", 2)
    assert [str(one) for one in containing(seen, "vila 1").order_by("pk")] == found
    assert words_of("Vila de les 77 Fonts") == ["77", "fonts", "vila", "les", "de"]
    assert FEW == 1_000
