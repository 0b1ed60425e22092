"""Search: what it finds, and what it must not show to whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sympolis.config.home import Home
from sympolis.office.core.enums import ChangeKind, Visibility
from sympolis.office.core.indexing import apply_changes, open_writer, rebuild
from sympolis.office.core.models import IndexChange, Record, User
from sympolis.office.core.readers import follow, forget_readers
from sympolis.office.core.search import SearchAnswer, search
from sympolis.office.core.searchable import OFFICE
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, Person
from sympolis.office.events.models import Event
from sympolis.office.projects.models import Call, Project
from sympolis.office.projects.running.actions import keep_entry
from sympolis.office.projects.running.models import ProjectMilestone, Risk, WorkPackage
from sympolis.office.projects.search_documents import project_documents
from tests.cast import Cast
from tests.factories import make_call, make_need, make_organisation, make_project


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path) -> Iterator[Home]:
    settings.HOME = Home(tmp_path)  # type: ignore[misc]
    yield settings.HOME
    forget_readers()


def quiet(name: str, done: int, total: int) -> None:
    pass


def titles(answer: SearchAnswer) -> set[str]:
    return {hit.title.text for hit in answer.hits}


VISITOR = AnonymousUser()


@pytest.mark.parametrize("model", [Organisation, Project, Call, Event])
def test_what_world_data_the_office_keeps_is_looked_up_by_an_index(db: None, model: type[Record]) -> None:
    kept = model._default_manager.filter(source="cordis", source_id__in=["1", "2"]).values_list("source", "source_id")
    assert f"{model._meta.model_name}_source" in kept.order_by().explain()


def test_a_typo_and_a_missing_accent_still_find_the_organisation(cast: Cast, home: Home) -> None:
    make_organisation("Montpellier Méditerranée Métropole", country="FR", kind="metropolitan-authority")
    rebuild(quiet)
    answer = search(VISITOR, "montpeller mediterranee")
    assert answer.hits[0].title.text == "Montpellier Méditerranée Métropole"
    assert answer.hits[0].url.startswith("/en/organisation/montpellier-mediterranee-metropole-org_")
    assert not answer.unavailable


def test_neither_language_nor_accents_matter(cast: Cast, home: Home) -> None:
    made = [
        make_project("Réutilisation des eaux usées", cast.sfax),
        make_project("Sequera i aigua potable", cast.amb),
        make_project("مياه الشرب في الأحياء", cast.sfax),
        make_project("Reading clubs", cast.amb),
    ]
    rebuild(quiet)
    for said in (("water", "aigua", "agua", "eau", "مياه"), ("cooperation", "cooperació", "cooperacio", "التعاون")):
        found = [[hit.public_id for hit in search(VISITOR, text).hits] for text in said]
        assert found == [found[0]] * len(said)
    water = [hit.public_id for hit in search(VISITOR, "aigues").hits]
    assert set(water[:3]) == {one.public_id for one in made[:3]}


def test_what_is_the_offices_own_is_found_by_the_office_alone(cast: Cast, home: Home) -> None:
    make_project("Harbour tramway", cast.amb, visibility=Visibility.OFFICE)
    make_call("Harbour call")
    rebuild(quiet)
    assert titles(search(cast.officer, "harbour")) == {"Harbour tramway", "Harbour call"}
    for reader in (VISITOR, cast.participant, cast.outsider):
        answer = search(reader, "harbour")
        assert titles(answer) == {"Harbour call"}
        assert answer.facets["kind"] == {"call": 1}


def test_a_contact_finds_what_the_own_organisation_takes_part_in(cast: Cast, home: Home) -> None:
    make_project("Harbour tramway", cast.amb, cast.sfax, visibility=Visibility.OFFICE)
    rebuild(quiet)
    assert titles(search(cast.contact, "harbour tramway", kinds=["project"])) == {"Harbour tramway"}
    assert titles(search(cast.outsider, "harbour tramway", kinds=["project"])) == set()


def test_notes_and_contacts_lead_only_the_office_to_a_record(cast: Cast, home: Home) -> None:
    city = make_organisation("Rabat twin", note="zanzibarine quarrel of 2019")
    Person.objects.create(organisation=city, name="Xiomara Quispe", email="x@example.org")
    rebuild(quiet)
    for question in ("zanzibarine", "Xiomara Quispe"):
        assert "Rabat twin" in titles(search(cast.officer, question))
        for reader in (VISITOR, cast.contact, cast.outsider, cast.participant):
            answer = search(reader, question)
            assert all("zanzibar" not in piece.text for hit in answer.hits for piece in hit.passage)
            assert "Rabat twin" not in titles(answer)


def test_how_a_project_is_run_leads_only_the_office_to_it(cast: Cast, home: Home) -> None:
    """What everybody may see of it, everybody finds; work and risks do not lead others to it, not even its partners."""
    project = make_project("Blue harbours", cast.sfax)
    WorkPackage.objects.create(project=project, code="WP7", title=Text.of(en="Zanzibarine"))
    Risk.objects.create(project=project, what="Xylographic quarrel", answer="Quetzal")
    step = ProjectMilestone.objects.create(project=project, title=Text.of(en="Borborygmus"))
    rebuild(quiet)
    words = ("Zanzibarine", "Xylographic quarrel", "Quetzal", "Borborygmus")
    [seen, own] = project_documents(project)
    assert own.audiences == (OFFICE,)
    assert [word for word in words if word in str(seen)] == []
    for word in words:
        found = [piece for hit in search(cast.officer, word).hits for piece in hit.passage if piece.matched]
        assert found, word
        for reader in (cast.contact, VISITOR):
            assert all(word not in piece.text for hit in search(reader, word).hits for piece in hit.passage)
    step.is_public = True
    keep_entry(cast.officer, step)
    with open_writer() as index:
        apply_changes(index)
        follow()
        [hit] = search(VISITOR, "borborygmus", kinds=["project"]).hits
        assert [(piece.text, piece.matched) for piece in hit.passage] == [("Borborygmus", True)]


def test_a_stale_index_leaks_nothing(cast: Cast, home: Home) -> None:
    project = make_project("Harbour tramway", cast.amb, summary=Text.of(en="A tram along the quay."))
    rebuild(quiet)
    project.visibility = Visibility.OFFICE
    project.save()  # the index has not heard of it
    answer = search(VISITOR, "harbour tramway quay")
    assert (titles(answer), answer.facets["kind"].get("project")) == (set(), None)


def test_a_change_is_applied_and_a_removed_record_is_gone(cast: Cast, home: Home) -> None:
    rebuild(quiet)
    project = make_project("Harbour tramway", cast.amb, note="secret")
    IndexChange.objects.create(record=project.public_id)
    with open_writer() as index:
        assert apply_changes(index) == 1
        assert [one.id for one in index.get([project.public_id, f"{project.public_id}#office"])] == [
            project.public_id,
            f"{project.public_id}#office",
        ]
        follow()
        assert titles(search(VISITOR, "harbour tramway", kinds=["project"])) == {"Harbour tramway"}
        public_id = project.public_id
        project.delete()
        IndexChange.objects.create(record=public_id, kind=ChangeKind.REMOVE)
        assert apply_changes(index) == 1
        assert index.get([public_id, f"{public_id}#office"]) == []
    assert IndexChange.objects.count() == 0


def test_a_changed_contact_changes_the_entry_of_the_house(cast: Cast, home: Home) -> None:
    rebuild(quiet)
    person = Person.objects.create(organisation=cast.sfax, name="Xiomara Quispe")
    IndexChange.objects.create(record=person.public_id)
    with open_writer() as index:
        apply_changes(index)
    assert "Sfax" in titles(search(cast.officer, "Xiomara Quispe"))


def test_a_country_is_told_no_longer_than_the_partner_is_seen(cast: Cast, home: Home) -> None:
    """What hangs on an organisation is written anew with it."""
    project = make_project("Harbour tramway", cast.sfax)
    need = make_need(cast.sfax, "Quays")
    event = Event.objects.create(title=Text.of(en="Port day"))
    event.cities.add(cast.sfax)
    named = [project.public_id, event.public_id]
    rebuild(quiet)
    with open_writer() as index:
        assert [one.countries for one in index.get(named)] == [("TN",), ("TN",)]
        Organisation.objects.filter(pk=cast.sfax.pk).update(visibility=Visibility.OFFICE, country="LY")
        IndexChange.objects.create(record=cast.sfax.public_id)
        apply_changes(index)
        assert [one.countries for one in index.get([*named, need.public_id])] == [(), (), ("LY",)]


def test_without_an_index_names_are_still_found(cast: Cast, home: Home) -> None:
    make_project("Harbour tramway", cast.amb, visibility=Visibility.OFFICE)
    answer = search(VISITOR, "sfàx")
    assert (titles(answer), answer.unavailable) == ({"Sfax"}, True)
    assert titles(search(VISITOR, "harbour")) == set()


@pytest.mark.parametrize("who", ["officer", "contact"])
def test_the_number_of_queries_does_not_grow(cast: Cast, home: Home, who: str) -> None:
    user: User = getattr(cast, who)
    counts = []
    for round_ in range(2):
        for number in range(5 + round_ * 20):
            make_project(f"Quay {round_} {number}", cast.sfax, note="remark")
            make_need(cast.sfax, f"Quay need {round_} {number}")
            make_call(f"Quay call {round_} {number}")
        rebuild(quiet)
        forget_readers()
        asking = User.objects.get(pk=user.pk)  # as at a new request
        with CaptureQueriesContext(connection) as queries:
            answer = search(asking, "quay")
            assert answer.hits
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def test_hostile_text_is_text(cast: Cast, home: Home) -> None:
    make_project("<script>alert(1)</script> quay", cast.amb)
    rebuild(quiet)
    for question in ('"quay', "quay AND (", "a" * 10_000, "\x00quay", "*:*", "kind:project", "🚢"):
        search(VISITOR, question)
    assert "<script>alert(1)</script> quay" in titles(search(VISITOR, "quay"))


def test_examples_are_found_and_not_counted(cast: Cast, home: Home) -> None:
    make_project("Desalination in the port", cast.sfax)
    make_project("Desalination of the imagined", cast.sfax, illustrative=True, countries=("JO",))
    rebuild(quiet)
    answer = search(VISITOR, "desalination", kinds=["project"])
    assert titles(answer) == {"Desalination in the port", "Desalination of the imagined"}
    assert (answer.facets["kind"], answer.facets["country"].get("JO")) == ({"project": 1}, 0)
