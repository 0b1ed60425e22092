"""This is us, Same body?, and the refresh: what the office does with the world's data."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from sympolis.config.home import Home
from sympolis.engine.errors import AtlasError, IndexUnavailable
from sympolis.engine.model import Query
from sympolis.engine.resolve import gazetteer
from sympolis.engine.world import World
from sympolis.office.core import world_data
from sympolis.office.core.imports.apply import bring_in
from sympolis.office.core.indexing import open_writer
from sympolis.office.core.readers import atlas_index, current_snapshot, forget_readers, known_towns, open_world
from sympolis.office.core.search import search
from sympolis.office.directory.actions import keep_organisation, remove_organisation
from sympolis.office.directory.models import Organisation, SameBody, WorldLink
from sympolis.office.directory.world import refresh
from sympolis.office.directory.world.actions import adopt_world_organisation, link_to_world, unlink_from_world
from sympolis.office.directory.world.candidates import alike_here, candidates, named
from sympolis.office.directory.world.errors import LinkedAlready, NotInWorldData
from sympolis.office.directory.world.judgements import judge_pair, take_back, write_judgements
from sympolis.office.directory.world.queries import WorldProjects, linked_bodies, world_ids_of
from sympolis.office.directory.world.unsure import pair_of, waiting_pairs
from tests.cast import Cast
from tests.gazetteer import FOLDER
from tests.office.imports.bringing import read_as

AMB = "facts:amb-en"
PAIR = ("facts:cordoba", "facts:cordoba-es")


def judgements(home: Home) -> list[list[str]]:
    with (home.atlas / "judgements.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_adopting_brings_names_place_and_source_and_links(cast: Cast, world: Home) -> None:
    ours = adopt_world_organisation(cast.officer, AMB)
    ours.refresh_from_db()
    assert (ours.name, ours.kind, ours.country, ours.place) == (
        "Barcelona Metropolitan Area", "metropolitan-authority", "ES", "Barcelona",
    )  # fmt: skip
    assert ours.names.plain() == {"ca": "Àrea Metropolitana de Barcelona", "ar": "منطقة برشلونة الحضرية"}
    assert (ours.latitude, ours.longitude, ours.website) == (41.38, 2.17, "https://www.amb.example")
    assert (ours.source, ours.source_id, ours.source_url) == ("facts", "amb-en", "https://facts.example/amb-en")
    assert (ours.confirmed, ours.visibility) == (True, "public")
    link = WorldLink.objects.get()
    assert (link.organisation, link.world_id, link.linked_by) == (ours, AMB, cast.officer)
    assert ours.history.get().history_user == cast.officer
    assert world_ids_of(ours) == [AMB]


def test_what_is_not_there_or_ours_already_is_not_adopted(cast: Cast, world: Home) -> None:
    for unknown in ("facts:nobody", "", "nonsense", "facts:'; DROP TABLE organisation; --"):
        with pytest.raises(NotInWorldData):
            adopt_world_organisation(cast.officer, unknown)
    ours = adopt_world_organisation(cast.officer, AMB)
    with pytest.raises(LinkedAlready) as refused:
        adopt_world_organisation(cast.officer, AMB)
    assert refused.value.organisation == ours
    with pytest.raises(LinkedAlready):
        link_to_world(cast.officer, cast.amb, AMB)
    unlink_from_world(cast.officer, ours, AMB)
    with pytest.raises(LinkedAlready):  # no longer linked, but it came from there: not a second time
        adopt_world_organisation(cast.officer, AMB)


def test_linking_changes_nothing_of_ours_and_can_be_taken_back(cast: Cast, world: Home) -> None:
    before = {field.attname: getattr(cast.amb, field.attname) for field in Organisation._meta.concrete_fields}
    link = link_to_world(cast.officer, cast.amb, AMB)
    assert link_to_world(cast.officer, cast.amb, AMB) == link
    cast.amb.refresh_from_db()
    assert {field.attname: getattr(cast.amb, field.attname) for field in Organisation._meta.concrete_fields} == before
    assert unlink_from_world(cast.officer, cast.sfax, AMB) == 0
    assert unlink_from_world(cast.officer, cast.amb, AMB) == 1
    assert [(one.history_type, one.history_user) for one in WorldLink.history.order_by("history_id")] == [
        ("+", None), ("-", cast.officer),
    ]  # fmt: skip


def test_a_persons_word_stays_whatever_an_import_or_a_refresh_says(cast: Cast, world: Home) -> None:
    ours = adopt_world_organisation(cast.officer, AMB)
    ours.website = "https://www.amb.cat"
    keep_organisation(ours)
    table = "id,name,website,place\namb-en,Barcelona Metropolitan Area,https://other.example,Barcelona (Port)\n"
    bring_in(read_as("organisations", table, source="facts"))
    refresh.refresh_world_data.call()
    ours.refresh_from_db()
    assert ours.website == "https://www.amb.cat"  # edited: stays
    assert ours.place == "Barcelona (Port)"  # as it was imported: follows
    assert Organisation.objects.filter(source_id="amb-en").count() == 1


def test_our_own_are_not_found_a_second_time_in_world_data(cast: Cast, world: Home) -> None:
    assert linked_bodies([AMB, "facts:sfax-fr"]) == set()
    link_to_world(cast.officer, cast.amb, AMB)
    assert linked_bodies([AMB, "facts:sfax-fr"]) == {AMB}


def test_projects_of_the_world_come_latest_first_less_those_kept_here(cast: Cast, world: Home) -> None:
    all_of_them = WorldProjects(open_world(), [AMB])
    assert len(all_of_them) == 12
    assert [one.acronym for one in all_of_them[:3]] == ["WP11", "WP10", "WP9"]
    assert [one.acronym for one in all_of_them[10:20]] == ["WP1", "WP0"]
    less = WorldProjects(open_world(), [AMB], {"facts:water-11", "facts:water-0"})
    assert (len(less), [one.acronym for one in less[:2]], less[9:]) == (10, ["WP10", "WP9"], [less[9]])
    assert (len(WorldProjects(None, [AMB])), WorldProjects(None, [AMB])[:5]) == (0, [])
    assert (all_of_them[0].role, str(all_of_them[0].start)) == ("lead", "2021")


def test_candidates_are_alike_by_name(cast: Cast, world: Home) -> None:
    [first] = [one for one in candidates(cast.amb) if one.organisation.id == AMB]
    assert (first.projects, first.linked) == (12, None)
    assert [one.organisation.id for one in candidates(cast.sfax)] == ["facts:sfax-fr"]
    link_to_world(cast.officer, cast.amb, AMB)
    assert named("Barcelona Metropolitan Area", 1)[0].linked == cast.amb
    world_now = open_world()
    assert world_now is not None
    for world_id, ours in ((AMB, [cast.amb]), ("facts:sfax-fr", [cast.sfax]), ("facts:gothenburg", [])):
        assert alike_here(world_now.organisations([world_id])[world_id]) == ours


def test_a_decision_is_kept_with_who_and_written_for_the_next_build(
    cast: Cast, world: Home, django_capture_on_commit_callbacks: Any
) -> None:
    assert [pair.key for pair in waiting_pairs()] == [("facts:cordoba", "facts:cordoba-ar"), PAIR]
    with django_capture_on_commit_callbacks(execute=True):
        judged = judge_pair(cast.officer, PAIR[1], PAIR[0], "other", ("Ayuntamiento de Córdoba", "Córdoba"))
    assert (judged.left, judged.right, judged.verdict, judged.by) == (*PAIR, "other", cast.officer)
    assert judged.names == ["Córdoba", "Ayuntamiento de Córdoba"]
    assert judgements(world) == [["left", "right", "verdict"], [*PAIR, "other"]]
    assert [pair.key for pair in waiting_pairs()] == [("facts:cordoba", "facts:cordoba-ar")]
    with django_capture_on_commit_callbacks(execute=True):
        again = judge_pair(cast.administrator, *PAIR, "same")
    assert (again.pk, SameBody.objects.get().by) == (judged.pk, cast.administrator)
    assert judgements(world)[1:] == [[*PAIR, "same"]]
    with django_capture_on_commit_callbacks(execute=True):
        take_back(cast.officer, again)
    assert judgements(world) == [["left", "right", "verdict"]]
    kinds = [(one.history_type, one.history_user) for one in SameBody.history.order_by("history_id")]
    assert kinds[-1] == ("-", cast.officer)


def test_what_is_no_pair_is_refused(cast: Cast, world: Home) -> None:
    for left, right, verdict in (
        (AMB, AMB, "same"), (AMB, "", "same"), (AMB, "nonsense", "same"), (AMB, "facts:" + "x" * 300, "same"),
        (*PAIR, "perhaps"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"not a pair|is not a valid"):
            judge_pair(cast.officer, left, right, verdict)
    assert not SameBody.objects.exists()


def test_a_decision_that_is_rolled_back_is_not_written(
    cast: Cast, world: Home, django_capture_on_commit_callbacks: Any
) -> None:
    write_judgements()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        judge_pair(cast.officer, *PAIR, "same")
        transaction.set_rollback(True)
    assert judgements(world) == [["left", "right", "verdict"]]


def test_a_town_is_found_by_what_no_record_calls_it(world: Home) -> None:
    def called() -> list[tuple[str, float]]:
        index = atlas_index()
        assert index is not None
        hits = index.search(Query("Cordoue", limit=5))
        return [(hit.document.id, one.score) for hit in hits for one in hit.features if one.name == "name"]

    sounds = dict(called())
    assert all(score < 0.95 for score in sounds.values())
    forget_readers()
    kept = gazetteer._file_in(FOLDER)
    (world.atlas / "cache" / kept.name).symlink_to(kept)
    assert sorted(called()) == [("facts:cordoba", 0.96), ("facts:cordoba-ar", 0.96), ("facts:cordoba-es", 0.96)]
    assert known_towns() is known_towns()


def test_pairs_are_looked_for_by_name_and_country(cast: Cast, world: Home) -> None:
    assert [pair.left for pair in waiting_pairs(country="AR")] == ["facts:cordoba-ar"]
    assert [pair.left for pair in waiting_pairs("ayuntamiento cordoba")] == ["facts:cordoba-es"]
    assert waiting_pairs("barcelona") == []
    pair = pair_of(PAIR[1], PAIR[0])
    assert pair is not None
    assert [reason.key for reason in pair.reasons] == ["resolve-name", "resolve-country", "resolve-level"]
    assert pair_of("facts:a", "facts:b") is None


def test_the_full_round(cast: Cast, world: Home, django_capture_on_commit_callbacks: Any) -> None:
    """Link, decide, refresh: the decision holds and the link follows the body under whatever id it has then."""
    ours = adopt_world_organisation(cast.officer, "facts:cordoba")
    spanish = Organisation.objects.create(name="Córdoba (ES)", kind="city", country="ES")
    with django_capture_on_commit_callbacks(execute=True):
        judge_pair(cast.officer, *PAIR, "same")
    before = current_snapshot()
    assert refresh.refresh_world_data.call() is True
    assert current_snapshot() != before
    world_now = open_world()
    assert world_now is not None
    [body] = set(world_now.bodies(PAIR).values())
    assert world_ids_of(ours) == [body]
    assert linked_bodies([body]) == {body}
    with pytest.raises(LinkedAlready):
        link_to_world(cast.officer, spanish, PAIR[1])
    assert PAIR not in [pair.key for pair in waiting_pairs()]
    (world.atlas / "judgements.csv").unlink()  # as after a restored backup
    assert refresh.refresh_world_data.call() is False
    assert judgements(world)[1:] == [[*PAIR, "same"]]
    with django_capture_on_commit_callbacks(execute=True):
        take_back(cast.officer, SameBody.objects.get())
    assert refresh.refresh_world_data.call() is True
    assert PAIR in [pair.key for pair in waiting_pairs()]
    assert world_ids_of(ours) == ["facts:cordoba"]


def test_a_refresh_is_asked_for_once_and_notes_how_it_went(cast: Cast, world: Home, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}
    assert [refresh.start_refresh(), refresh.start_refresh()] == [True, False]
    task = DBTaskResult.objects.get()
    assert task.task_path == "sympolis.office.directory.world.refresh.refresh_world_data"
    assert refresh.is_refreshing() is True
    refresh.refresh_nightly()
    assert DBTaskResult.objects.count() == 1
    assert refresh.refresh_world_data.call() is False
    assert {name: refresh.last_refresh()[name] for name in ("ok", "changed", "error")} == {
        "ok": True, "changed": False, "error": "",
    }  # fmt: skip


def test_a_refresh_that_fails_says_why_and_leaves_what_was(cast: Cast, world: Home) -> None:
    served = current_snapshot()
    shutil.rmtree(world.atlas / "inputs")
    with pytest.raises(AtlasError):
        refresh.refresh_world_data.call()
    last = refresh.last_refresh()
    said = "There is nothing to build the world data from. Add a source first."
    assert (last["ok"], last["error"]) == (False, said)
    assert current_snapshot() == served


def test_a_night_without_sources_asks_for_nothing(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.HOME = Home(tmp_path)
    refresh.refresh_nightly()
    assert not DBTaskResult.objects.exists()


def test_how_it_stands(cast: Cast, world: Home) -> None:
    standing = world_data.standing()
    assert standing is not None
    assert (standing.counts["organisations"], standing.counts["projects"]) == (7, 13)
    assert list(standing.seconds) == ["read", "merge", "resolve", "describe", "index"]
    assert (standing.rejected, dict(standing.reasons)) == (1, {"The column kind is empty.": 1})
    [source] = world_data.sources()
    assert (source.name, source.files, source.read) == ("facts", 2, 2)
    assert list(world_data.rejects()) == [("organisations.csv", "8", "The column kind is empty.")]
    assert list(world_data.rejects(reason="Another")) == []


def test_world_data_of_another_version_is_as_none(cast: Cast, world: Home) -> None:
    snapshot = current_snapshot()
    assert snapshot is not None
    base = sqlite3.connect(snapshot / "world.sqlite")
    base.execute("PRAGMA user_version = 1")
    base.close()
    with pytest.raises(IndexUnavailable):
        World(snapshot)
    assert open_world() is None
    assert (candidates(cast.amb), len(WorldProjects(open_world(), [AMB]))) == ([], 0)
    with pytest.raises(NotInWorldData):
        adopt_world_organisation(cast.officer, AMB)


def test_the_link_goes_with_the_organisation(cast: Cast, world: Home) -> None:
    ours = adopt_world_organisation(cast.officer, AMB)
    public_id = ours.public_id
    remove_organisation(ours)
    assert not WorldLink.objects.exists()
    again = adopt_world_organisation(cast.officer, AMB)
    assert again.public_id == public_id  # an id is for life


def test_search_hides_what_is_linked(cast: Cast, world: Home) -> None:
    open_writer().close()
    found = [hit.public_id for hit in search(cast.officer, "Barcelona Metropolitan Area").hits]
    assert AMB in found
    link_to_world(cast.officer, cast.amb, AMB)
    assert AMB not in [hit.public_id for hit in search(cast.officer, "Barcelona Metropolitan Area").hits]
