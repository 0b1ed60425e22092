"""What is open to the members of the office's networks, and to whom that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import override

from sympolis.config.home import Home
from sympolis.engine.model import PartialDate
from sympolis.office.core.enums import Visibility
from sympolis.office.core.imports.columns import NARROWER, VISIBILITIES
from sympolis.office.core.imports.parsers import choice
from sympolis.office.core.indexing import apply_changes, documents_of, open_writer, rebuild, with_owners
from sympolis.office.core.merging.fields import KEEPER, OTHER, parts_of
from sympolis.office.core.models import IndexChange, Record, User
from sympolis.office.core.queries import (
    belongs_to,
    open_visibilities,
    take_out,
    visible_documents,
    visible_records,
)
from sympolis.office.core.readers import follow, forget_readers
from sympolis.office.core.search import reader_audiences, search
from sympolis.office.core.texts import Text
from sympolis.office.directory.circle import acts_inside
from sympolis.office.directory.models import (
    Agreement,
    Department,
    Membership,
    Organisation,
    Person,
    Relation,
)
from sympolis.office.directory.queries import visible_organisations, visible_people, visible_relations
from sympolis.office.directory.sign_in import SignIn
from sympolis.office.planning.models import Action, Plan
from sympolis.office.planning.versions import hidden_now, open_part, take_version
from sympolis.office.projects.models import Project
from sympolis.office.projects.queries import visible_projects
from sympolis.office.synergies.models import Meeting
from tests.cast import Cast, let_in
from tests.factories import make_need, make_organisation, make_project, make_relation
from tests.web.public.site import make_document

VISITOR = AnonymousUser()
TODAY = date(2026, 5, 1)


@pytest.fixture
def network(cast: Cast) -> Organisation:
    return make_organisation("MedCities", kind="city-network", slug="medcities")


def someone(of: Organisation) -> User:
    user = User.objects.create_user("someone@example.org", "x")
    Membership.objects.create(user=user, organisation=of)
    return user


def is_inside(user: User) -> bool:
    return acts_inside(user, TODAY)


class TestWhoIsInside:
    def test_who_acts_for_the_offices_own_organisation(self, cast: Cast) -> None:
        assert is_inside(someone(cast.amb))

    @pytest.mark.parametrize("joined", ["member_of", "part_of"])
    def test_its_members_and_parts(self, cast: Cast, joined: str) -> None:
        badalona = make_organisation("Badalona")
        user = someone(badalona)
        assert not is_inside(user)
        make_relation(badalona, joined, cast.amb)
        assert is_inside(user)

    @pytest.mark.parametrize("duty", ["hosts_secretariat_of", "president_of"])
    def test_members_of_a_network_it_looks_after_and_the_network_itself(
        self, cast: Cast, network: Organisation, duty: str
    ) -> None:
        make_relation(cast.amb, duty, network)
        make_relation(cast.sfax, "member_of", network)
        assert is_inside(cast.contact)
        assert is_inside(someone(network))
        assert not is_inside(cast.outsider)
        assert not is_inside(cast.participant)

    @pytest.mark.parametrize("duty", ["member_of", "vice_president_of", "sits_on", "partner_of", "observer_of"])
    def test_no_network_it_merely_belongs_to(self, cast: Cast, network: Organisation, duty: str) -> None:
        make_relation(cast.amb, duty, network)
        make_relation(cast.sfax, "member_of", network)
        assert not is_inside(cast.contact)

    def test_no_body_it_presides_that_is_no_network(self, cast: Cast) -> None:
        commission = make_organisation("A commission", kind="body")
        make_relation(cast.amb, "president_of", commission)
        make_relation(cast.sfax, "member_of", commission)
        assert not is_inside(cast.contact)

    @pytest.mark.parametrize("joined", ["observer_of", "partner_of", "part_of", "sits_on"])
    def test_who_is_joined_to_a_network_otherwise_is_no_member(
        self, cast: Cast, network: Organisation, joined: str
    ) -> None:
        make_relation(cast.amb, "hosts_secretariat_of", network)
        make_relation(cast.sfax, joined, network)
        assert not is_inside(cast.contact)

    @pytest.mark.parametrize(
        "said",
        [
            {"confirmed": False},
            {"illustrative": True},
            {"until": PartialDate.parse("2025")},
            {"until": PartialDate.parse("2026-04-30")},
            {"since": PartialDate.parse("2026-05-02")},
        ],
    )
    @pytest.mark.parametrize("which", ["duty", "membership"])
    def test_what_nobody_confirmed_or_does_not_hold_gives_no_right(
        self, cast: Cast, network: Organisation, which: str, said: dict[str, Any]
    ) -> None:
        relations = {
            "duty": make_relation(cast.amb, "hosts_secretariat_of", network),
            "membership": make_relation(cast.sfax, "member_of", network),
        }
        assert is_inside(cast.contact)
        for name, value in said.items():
            setattr(relations[which], name, value)
        relations[which].save()
        assert not is_inside(cast.contact)

    def test_what_may_hold_today_counts(self, cast: Cast, network: Organisation) -> None:
        make_relation(cast.amb, "hosts_secretariat_of", network)
        relation = make_relation(cast.sfax, "member_of", network)
        relation.since, relation.until = PartialDate.parse("2026"), PartialDate.parse("2026")
        relation.save()
        assert is_inside(cast.contact)


EVERYBODY = ("administrator", "officer", "insider", "contact", "participant", "outsider")


class TestRecords:
    def test_each_sees_what_is_open_to_them(self, cast: Cast, network: Organisation) -> None:
        let_in(cast, network)
        for visibility in Visibility:
            make_project(visibility.value, cast.amb, visibility=visibility)
        found = {who: {str(one) for one in visible_projects(getattr(cast, who))} for who in EVERYBODY}
        everything, public = {"public", "network", "office"}, {"public"}
        assert found == {
            "administrator": everything, "officer": everything, "insider": {"public", "network"}, "contact": public,
            "participant": public, "outsider": public,
        }  # fmt: skip
        assert {str(one) for one in visible_projects(VISITOR)} == public
        assert open_visibilities(VISITOR) == {"public"}
        assert open_visibilities(cast.insider) == {"public", "network"}  # type: ignore[arg-type]
        assert open_visibilities(cast.officer) == everything

    def test_whose_it_is_sees_it_without_being_inside(self, cast: Cast) -> None:
        make_project("Ours", cast.sfax, visibility=Visibility.NETWORK)
        assert [str(one) for one in visible_projects(cast.contact)] == ["Ours"]
        assert not visible_projects(cast.outsider).exists()

    def test_a_relation_between_the_networks_own(self, cast: Cast, network: Organisation) -> None:
        insider = let_in(cast, network)
        hidden = make_organisation("Hidden", visibility=Visibility.OFFICE)
        inner = make_organisation("Inner", visibility=Visibility.NETWORK)
        seen = make_relation(inner, "twinned_with", cast.amb)
        make_relation(hidden, "twinned_with", cast.amb, visibility=Visibility.NETWORK)
        twins = Q(type="twinned_with")
        assert list(visible_relations(insider).filter(twins)) == [seen]
        assert not visible_relations(cast.contact).filter(twins).exists()
        assert not visible_relations(VISITOR).filter(twins).exists()

    def test_people_stay_private_whatever_their_row_says(self, cast: Cast, network: Organisation) -> None:
        insider = let_in(cast, network)
        Person.objects.create(organisation=cast.amb, name="A", visibility=Visibility.NETWORK)
        assert not visible_people(insider).exists()

    def test_documents(self, cast: Cast, network: Organisation) -> None:
        insider = let_in(cast, network)
        one = make_document(cast.amb, "Inner", visibility=Visibility.NETWORK)
        assert list(visible_documents(insider)) == [one]
        for who in (VISITOR, cast.contact, cast.participant, cast.outsider):
            assert not visible_documents(who).exists()
        client = cast.client("insider")
        answer: Any = client.get(one.get_absolute_url())
        assert b"".join(answer.streaming_content) == b"words"
        for name in ("visitor", "contact", "participant", "outsider"):
            assert cast.client(name).get(one.get_absolute_url()).status_code == 404

    def test_versions_of_a_plan(self, cast: Cast, network: Organisation) -> None:
        insider = let_in(cast, network)
        plan = Plan.objects.create(organisation=cast.amb, title=Text.of(en="Plan"))
        for visibility in Visibility:
            Action.objects.create(plan=plan, title=Text.of(en=visibility.value), visibility=visibility)
        content = take_version(cast.officer, plan, "approved", "One").content

        def shown(user: Any) -> set[str]:
            visibilities = open_visibilities(user)
            part = open_part(content, hidden_now(content, visibilities), visibilities)
            return {one["title"]["en"] for one in part["actions"].values()}

        assert shown(insider) == {"public", "network"}
        assert shown(cast.contact) == shown(VISITOR) == {"public"}
        Action.objects.filter(visibility=Visibility.NETWORK).update(visibility=Visibility.OFFICE)
        assert shown(insider) == {"public"}

    @pytest.mark.parametrize("size", [1, 12])
    def test_no_more_questions_for_more_records(
        self, cast: Cast, network: Organisation, django_assert_num_queries: Any, size: int
    ) -> None:
        insider = let_in(cast, network)
        for number in range(size):
            make_project(f"P{number}", cast.amb, budget=5, money_visibility="office", visibility="network")
        with django_assert_num_queries(4):  # whom they act for; whether that is inside; the records; which are theirs
            assert [one.budget for one in visible_projects(insider)] == [None] * size


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path) -> Iterator[Home]:
    settings.HOME = Home(tmp_path)  # type: ignore[misc]
    yield settings.HOME
    forget_readers()


def quiet(name: str, done: int, total: int) -> None:
    pass


def found(user: Any, words: str) -> set[str]:
    return {hit.title.text for hit in search(user, words).hits}


def readers(cast: Cast) -> list[tuple[str, Any]]:
    return [
        ("visitor", VISITOR),
        *((who, getattr(cast, who)) for who in ("officer", "insider", "participant", "outsider")),
    ]


def words_for(user: Any, record: Record) -> str:
    """What a reader may find a record by, of the entries it has in the index."""
    audiences = set(reader_audiences(user))
    entries = [one for one in documents_of([record.public_id]) if audiences & set(one.audiences)]
    return "\n".join(said for one in entries for said in one.text.values())


class TestSearch:
    def test_is_found_by_the_members(self, cast: Cast, network: Organisation, home: Home) -> None:
        insider = let_in(cast, network)
        make_project("Harbour tramway", cast.amb, visibility=Visibility.NETWORK)
        meeting = Meeting.objects.create(title=Text.of(en="Harbour talk"), visibility=Visibility.NETWORK)
        meeting.organisations.add(cast.amb)
        rebuild(quiet)
        both = {"Harbour tramway", "Harbour talk"}
        assert found(cast.officer, "harbour") == found(insider, "harbour") == both
        for who in (VISITOR, cast.contact, cast.participant, cast.outsider):
            assert found(who, "harbour") == set()
            assert search(who, "harbour").facets["kind"] == {}

    def test_a_department_of_the_networks_own_is_no_word_of_everybodys(
        self, cast: Cast, network: Organisation, home: Home
    ) -> None:
        insider = let_in(cast, network)
        make = Department.objects.create
        make(organisation=cast.sfax, name=Text.of(en="Lighthouses"), visibility=Visibility.NETWORK)
        make(organisation=cast.sfax, name=Text.of(en="Quarantine"), visibility=Visibility.OFFICE)
        rebuild(quiet)
        assert found(insider, "lighthouses") == found(cast.officer, "lighthouses") == {"Sfax"}
        assert found(cast.officer, "quarantine") == {"Sfax"}
        words = {who: words_for(user, cast.sfax) for who, user in readers(cast)}
        assert {who for who, said in words.items() if "Lighthouses" in said} == {"officer", "insider"}
        assert {who for who, said in words.items() if "Quarantine" in said} == {"officer"}

    def test_a_party_that_is_hidden_is_no_word_of_the_agreement(
        self, cast: Cast, network: Organisation, home: Home
    ) -> None:
        insider = let_in(cast, network)
        inner = make_organisation("Lampedusa", country="IT", visibility=Visibility.NETWORK)
        hidden = make_organisation("Ouagadougou", country="BF", visibility=Visibility.OFFICE)
        agreement = Agreement.objects.create(title=Text.of(en="A paper"), kind="twinning")
        agreement.parties.add(cast.amb, inner, hidden)
        rebuild(quiet)
        assert "A paper" in found(cast.officer, "ouagadougou")
        assert "A paper" in found(insider, "lampedusa")
        words = {who: words_for(user, agreement) for who, user in readers(cast)}
        assert {who for who, said in words.items() if "Ouagadougou" in said} == {"officer"}
        assert {who for who, said in words.items() if "Lampedusa" in said} == {"officer", "insider"}
        assert set(words.values()) >= {"Àrea Metropolitana de Barcelona"}
        assert search(VISITOR, "paper").facets["country"] == {"ES": 1}
        # Once everybody may see it, the entry of the agreement follows.
        Organisation.objects.filter(pk=inner.pk).update(visibility=Visibility.PUBLIC)
        IndexChange.objects.create(record=inner.public_id)
        assert agreement.public_id in with_owners([inner.public_id])
        with open_writer() as index:
            apply_changes(index)
        follow()
        assert "A paper" in found(VISITOR, "lampedusa")
        assert search(VISITOR, "paper").facets["country"] == {"ES": 1, "IT": 1}


class TestFieldGroups:
    @pytest.fixture
    def city(self, cast: Cast) -> Organisation:
        return make_organisation(
            "Grouped", website="https://site.example", websites=["projects||https://more.example"],
            identifiers=["vat:ESP0801900B"], contact_visibility="network", identifiers_visibility="office",
        )  # fmt: skip

    def test_what_each_is_told(self, cast: Cast, network: Organisation, city: Organisation) -> None:
        let_in(cast, network)
        own = someone(city)

        def told(user: Any) -> tuple[str, int, list[str]]:
            one = visible_organisations(user).get(pk=city.pk)
            return one.website, len(one.sites), one.identifiers

        all_of_it = ("https://site.example", 1, ["vat:ESP0801900B"])
        assert told(cast.officer) == told(cast.administrator) == told(own) == all_of_it
        assert told(cast.insider) == ("https://site.example", 1, [])
        for who in (VISITOR, cast.contact, cast.participant, cast.outsider):
            assert told(who) == ("", 0, [])

    def test_however_it_is_fetched(self, cast: Cast, city: Organisation) -> None:
        seen = visible_organisations(VISITOR).filter(pk=city.pk)
        assert [one.website for one in seen.only("name")] == [""]  # not fetched later either
        assert [one.website for one in seen.only("website")] == [""]
        assert [one.website for one in seen.defer("contact_visibility")] == [""]
        assert [one.website for one in seen.defer("website")] == [""]
        assert [one.website for one in seen.iterator(chunk_size=1)] == [""]
        assert seen.first().website == ""  # type: ignore[union-attr]
        assert seen.order_by("name")[:1].get().website == ""
        assert seen.in_bulk()[city.pk].website == ""
        make_need(city, "Need")
        with_needs = list(seen.prefetch_related("needs").select_related("parent"))
        assert (with_needs[0].website, len(with_needs[0].needs.all())) == ("", 1)
        assert seen.filter(name="Grouped").count() == 1

    def test_what_was_fetched_for_a_reader_is_not_saved(self, cast: Cast, city: Organisation) -> None:
        one = visible_organisations(VISITOR).get(pk=city.pk)
        with pytest.raises(TypeError, match="the rest would be lost"):
            one.save()
        assert Organisation.objects.get(pk=city.pk).website == "https://site.example"

    def test_of_records_that_came_along(self, cast: Cast, city: Organisation) -> None:
        relation = make_relation(cast.amb, "partner_of", city)
        [fetched] = Relation.objects.filter(pk=relation.pk).select_related("to_organisation")
        take_out(VISITOR, [fetched.to_organisation], belongs_to(VISITOR, "pk"))
        assert fetched.to_organisation.website == ""
        assert fetched.to_organisation.withheld == {"contact_visibility", "identifiers_visibility"}

    def test_two_made_one_show_no_more_than_either(self, cast: Cast, city: Organisation) -> None:
        other = make_organisation("Other", visibility=Visibility.NETWORK)
        parts = {part.name: part for part in parts_of(Organisation)}

        def chosen(name: str) -> tuple[str, str]:
            return parts[name].default(city, other), parts[name].default(other, city)

        assert chosen("visibility") == (OTHER, KEEPER)
        assert chosen("contact_visibility") == chosen("identifiers_visibility") == (KEEPER, OTHER)

    def test_records_without_groups_are_as_before(self, cast: Cast) -> None:
        assert visible_records(VISITOR, Agreement.objects.all())._iterable_class is not None
        assert Project.FIELD_GROUPS == {"money_visibility": ("budget", "currency")}


@pytest.mark.parametrize(
    ("written", "kept"),
    [("network", "network"), ("Xarxa", "network"), ("red", "network"), ("Réseau", "network"), ("الشبكة", "network"),
     ("Públic", "public"), ("bureau", "office"), ("OFICINA", "office"), ("المكتب", "office")],
)  # fmt: skip
def test_spreadsheets_say_it_in_five_languages(written: str, kept: str) -> None:
    assert choice(VISIBILITIES)(written) == kept
    if kept != "public":
        assert choice(NARROWER)(written) == kept


@pytest.mark.parametrize(
    ("language", "label"),
    [("en", "Members of our networks"), ("ca", "Els membres de les nostres xarxes")],
)
def test_forms_say_it_in_the_readers_language(language: str, label: str) -> None:
    with override(language):
        assert str(Visibility.NETWORK.label) == label


class TestSignIn:
    def test_users_come_with_whom_they_act_for(self, cast: Cast, django_assert_num_queries: Any) -> None:
        badalona = make_organisation("Badalona")
        user = someone(badalona)
        Membership.objects.create(user=user, organisation=cast.amb)
        with django_assert_num_queries(1):
            read = SignIn().get_user(user.pk)
            assert read is not None
            assert read.acts_for() == [badalona.pk, cast.amb.pk]
        assert User.objects.get(pk=user.pk).roles == read.roles

    def test_who_acts_for_nobody_is_asked_no_more(self, cast: Cast, django_assert_num_queries: Any) -> None:
        read = SignIn().get_user(cast.participant.pk)  # type: ignore[attr-defined]
        assert read is not None
        with django_assert_num_queries(0):
            assert (read.acts_for(), read.is_inside) == ([], False)

    def test_who_may_no_longer_sign_in_is_nobody(self, cast: Cast) -> None:
        User.objects.filter(pk=cast.contact.pk).update(is_active=False)  # type: ignore[attr-defined]
        assert SignIn().get_user(cast.contact.pk) is None  # type: ignore[attr-defined]
        assert SignIn().get_user(0) is None
