"""What records are about: read out of their words, decided by people, kept whatever an import says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sympolis.config.home import Home
from sympolis.office.core.actions import keep_record
from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.models import IndexChange, TagDecision
from sympolis.office.core.tagging import reading
from sympolis.office.core.tagging.actions import NoSuchTag, decide_tags
from sympolis.office.core.tagging.queries import About, about, about_each, confirmed_of, with_confirmed
from sympolis.office.core.tagging.reading import own_words
from sympolis.office.core.texts import Text
from sympolis.office.events.models import Event
from sympolis.office.projects.models import Project
from tests.cast import Cast
from tests.factories import make_need, make_organisation, make_project
from tests.office.imports.bringing import bring

WATER = "Reutilització d'aigües residuals per regar parcs. L'aigua potable escasseja amb la sequera."
CONFIRMED, REMOVED = TagVerdict.CONFIRMED, TagVerdict.REMOVED
THEME, GOAL, TARGET = TagScheme.THEME, TagScheme.GOAL, TagScheme.TARGET


def suggested(of: About, scheme: TagScheme) -> dict[str, tuple[str, ...]]:
    return {one.code: one.words for one in of.suggested if one.scheme == scheme}


def decide(cast: Cast, record: Any, scheme: TagScheme, code: str, verdict: str, *words: str) -> None:
    decide_tags(cast.officer, record, {(scheme, code): words}, verdict, keep_record)
    record.refresh_from_db()


def confirmed(record: Any) -> Mapping[TagScheme, tuple[str, ...]]:
    return confirmed_of(with_confirmed(type(record).objects.all()).get(pk=record.pk))


@pytest.fixture
def project(cast: Cast) -> Project:
    return make_project("AQUA", cast.amb, summary=Text.of(ca=WATER))


def test_what_is_suggested_comes_with_the_words_that_spoke_for_it(project: Project) -> None:
    found = about(project)
    assert found.text.language == "ca"
    assert suggested(found, THEME) == {
        "water": ("Reutilització d'aigües", "d'aigües residuals", "L'aigua", "L'aigua potable", "sequera")
    }
    assert {code: words[0] for code, words in suggested(found, GOAL).items()}["6"] == "Reutilització d'aigües residuals"
    assert suggested(found, TARGET)["6.1"] == ("L'aigua potable",)
    for one in found.suggested:
        assert all(word in found.text.text for word in one.words)
    assert [one.score for one in found.considered if one.scheme == TARGET] == sorted(
        (one.score for one in found.considered if one.scheme == TARGET), reverse=True
    )


def test_a_record_is_read_in_the_language_it_says_most_in() -> None:
    both = Project(title=Text.of(en="Parks", fr="Parcs"), summary=Text.of(en="Trees.", fr="Des arbres dans la ville."))
    assert own_words(both) == ("Parcs\nDes arbres dans la ville.", "fr")
    other = Project(title=Text.of(en="Parks"), summary=Text.of(ar="أشجار"))
    assert own_words(other) == ("Parks\nأشجار", "ar")
    assert own_words(Project(title=Text.of(es="Parques"))) == ("Parques", "es")
    assert own_words(Project()).text == ""


def test_confirming_writes_it_into_the_record_with_its_history_and_tells_the_index(
    cast: Cast, project: Project
) -> None:
    IndexChange.objects.all().delete()
    decide(cast, project, THEME, "water", CONFIRMED, "aigües residuals")
    assert project.themes == ("water",)
    [one] = TagDecision.objects.all()
    assert (one.verdict, one.by, one.words, one.was_there) == (CONFIRMED, cast.officer, ["aigües residuals"], False)
    assert list(IndexChange.objects.values_list("record", flat=True)) == [project.public_id]
    assert project.history.first().themes == ("water",)  # type: ignore[attr-defined]
    assert project.history.first().history_user == cast.officer  # type: ignore[attr-defined]
    assert "water" not in suggested(about(project), THEME)
    decide(cast, project, THEME, "water", "")
    assert (project.themes, TagDecision.objects.count()) == ((), 0)
    assert "water" in suggested(about(project), THEME)
    told = TagDecision.history.order_by("history_id").values_list("history_type", "verdict", "history_user")
    assert list(told) == [("+", CONFIRMED, cast.officer.pk), ("-", CONFIRMED, cast.officer.pk)]


def test_a_target_has_no_column_and_is_kept_all_the_same(cast: Cast, project: Project) -> None:
    IndexChange.objects.all().delete()
    decide(cast, project, TARGET, "6.3", CONFIRMED)
    assert confirmed(project) == {THEME: (), GOAL: (), TARGET: ("6.3",)}
    assert IndexChange.objects.count() == 0  # nothing that search reads has changed
    assert [one.code for one in about(project).considered if one.scheme == TARGET and one.is_there] == ["6.3"]
    decide(cast, project, TARGET, "6.3", REMOVED)
    assert confirmed(project)[TARGET] == ()
    assert "6.3" not in suggested(about(project), TARGET)


def test_what_was_removed_is_not_suggested_again_and_comes_back_when_that_is_taken_back(
    cast: Cast, project: Project
) -> None:
    decide(cast, project, THEME, "water", REMOVED)
    assert (project.themes, suggested(about(project), THEME)) == ((), {})
    decide(cast, project, THEME, "water", "")
    assert (project.themes, list(suggested(about(project), THEME))) == ((), ["water"])
    project.themes = ("tourism", "culture")
    project.save()
    decide(cast, project, THEME, "tourism", REMOVED)
    decide(cast, project, THEME, "tourism", CONFIRMED)
    decide(cast, project, THEME, "tourism", REMOVED)
    assert project.themes == ("culture",)
    decide(cast, project, THEME, "tourism", "")
    assert project.themes == ("culture", "tourism")  # it was there before anybody decided


def test_confirming_what_stands_there_changes_nothing_but_who_says_so(cast: Cast, project: Project) -> None:
    project.themes = ("tourism",)
    project.save()
    IndexChange.objects.all().delete()
    decide(cast, project, THEME, "tourism", CONFIRMED)
    decide(cast, project, THEME, "tourism", CONFIRMED)
    assert (project.themes, IndexChange.objects.count(), TagDecision.history.count()) == (("tourism",), 0, 1)
    decide(cast, project, THEME, "tourism", "")
    assert project.themes == ("tourism",)


def test_a_code_of_no_list_is_refused_but_one_that_stands_there_can_go(cast: Cast, project: Project) -> None:
    for scheme, code, verdict in (
        (THEME, "6.3", CONFIRMED),
        (GOAL, "18", REMOVED),
        (TARGET, "", ""),
        (THEME, "water", "x"),
    ):
        with pytest.raises(NoSuchTag):
            decide(cast, project, scheme, code, verdict)
    project.themes = ("home-made", "water")
    project.save()
    decide(cast, project, THEME, "home-made", REMOVED)
    assert project.themes == ("water",)
    assert TagDecision.objects.count() == 1


def test_what_was_confirmed_and_has_gone_since_is_asked_again(cast: Cast, project: Project) -> None:
    decide(cast, project, THEME, "water", CONFIRMED)
    Project.objects.update(themes="")
    project.refresh_from_db()
    assert "water" in suggested(about(project), THEME)
    decide(cast, project, THEME, "water", CONFIRMED)
    assert project.themes == ("water",)


def test_an_event_keeps_all_of_it_beside_and_a_need_its_goals(cast: Cast) -> None:
    event = Event.objects.create(title=Text.of(en="Water reuse"), topic=Text.of(en="Drinking water and sanitation"))
    need = make_need(cast.sfax, "Drinking water", text=Text.of(en="Drinking water and sanitation for all."))
    for record in (event, need):
        decide(cast, record, GOAL, "6", CONFIRMED)
        decide(cast, record, THEME, "water", CONFIRMED)
        there = {(one.scheme, one.code) for one in about(record).considered if one.is_there}
        assert there == {(THEME, "water"), (GOAL, "6")}
    assert need.themes == ("water",)
    assert confirmed(event) == {THEME: ("water",), GOAL: ("6",), TARGET: ()}


def test_decisions_outlive_the_next_import(cast: Cast) -> None:
    """Confirmed stays, removed stays away, and what nobody decided about follows the table."""
    table = "id,title,summary_ca,themes\np1,Aigua,{text},{themes}\n"
    bring("projects", table.format(text="Aigua.", themes=""))
    project = Project.objects.get()
    decide(cast, project, THEME, "water", REMOVED)
    bring("projects", table.format(text="Aigua.", themes="water;culture"))
    project.refresh_from_db()
    assert (project.themes, project.imported["themes"]) == (("culture",), ["culture"])
    bring("projects", table.format(text="Aigua.", themes="water;tourism"))
    project.refresh_from_db()
    assert project.themes == ("tourism",)
    decide(cast, project, THEME, "energy", CONFIRMED)
    run = bring("projects", table.format(text="Aigua potable.", themes="water;culture"))
    project.refresh_from_db()
    assert (project.themes, run.changed) == (("tourism", "energy"), 1)
    assert project.summary.plain() == {"ca": "Aigua potable."}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "<script>alert(1)</script>",
        "🎉🎉🎉",
        "\u200f\u202e\u200f",
        "water " * 10_000,
        "é\x00" * 100,
        "x" * 10_000,
    ],
)
def test_hostile_texts_are_read_like_any_other(cast: Cast, text: str) -> None:
    project = make_project("x", cast.amb, summary=Text.of(en=text))
    found = about(project)
    expected = {"water"} if text.startswith("water") else set()
    assert suggested(found, THEME).keys() == expected


def test_many_are_read_with_one_question(cast: Cast, project: Project, django_assert_num_queries: Any) -> None:
    records = [project, *(make_organisation(f"Water board {number}") for number in range(5))]
    with django_assert_num_queries(1):
        found = about_each(records)
    assert [one.record for one in found] == records
    assert suggested(found[0], THEME) == suggested(about(project), THEME)


def test_the_encoder_is_asked_once_its_lists_were_read(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    """Before that words decide alone: no page waits for ten seconds."""
    asked: list[Any] = []
    settings.HOME = Home(tmp_path)
    monkeypatch.setattr(reading, "tag", lambda texts, scheme, memory: asked.append(memory) or [[] for _ in texts])
    reading.read_tags(["Water"])
    assert asked == [None, None, None]
    monkeypatch.setattr(reading, "compared_texts", lambda: ())
    monkeypatch.setattr(reading, "_ready", {})
    reading.read_tags(["Water"])
    assert {type(memory).__name__ for memory in asked[3:]} == {"Vectors"}
