"""Which goals and targets a text is about, and by which of its words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.texts import goals, similarity, themes
from sympolis.engine.texts.encoders import FAST, Matrix
from sympolis.engine.texts.goal_phrases import goal_book
from sympolis.engine.texts.goals import Reading, heard_goals, weigh
from sympolis.engine.texts.tags import Heard, as_written
from sympolis.engine.texts.themes import Scheme, Tag, concepts, tag
from sympolis.engine.texts.vectors import Vectors

CASES = [
    (
        "Rehabilitació energètica d'edificis i lluita contra la pobresa energètica",
        {"7"},
        {"7.1": ("pobresa energètica",), "7.3": ("Rehabilitació energètica",)},
    ),
    (
        "Tratamiento de aguas residuales y reutilización del agua para el riego agrícola",
        {"2", "6"},
        {"6.3": ("aguas residuales", "reutilización del agua")},
    ),
    ("Lutte contre les violences faites aux femmes", {"5"}, {"5.2": ("violences faites aux femmes",)}),
    ("مشروع لمعالجة المياه العادمة وإعادة استخدام المياه", {"6"}, {"6.3": ("المياه العادمة", "وإعادة استخدام المياه")}),
    (
        "The council plants trees against deforestation and keeps out invasive species",
        {"15"},
        {"15.2": ("deforestation",), "15.8": ("invasive species",)},
    ),
]


def accepted(tags: list[Tag]) -> dict[str, tuple[str, ...]]:
    return {one.code: one.words for one in tags if one.accepted}


@pytest.mark.parametrize(("text", "goals", "targets"), CASES)
@pytest.mark.parametrize("encoded", [False, True])
def test_goals_and_targets_in_five_languages(
    text: str, goals: set[str], targets: dict[str, tuple[str, ...]], encoded: bool, vectors: Vectors
) -> None:
    with_what = vectors if encoded else None
    assert accepted(tag([text], "sdg", with_what)[0]).keys() == goals
    assert accepted(tag([text], "target", with_what)[0]) == targets


def test_a_text_may_be_about_several_goals_or_none() -> None:
    several = (
        "Women who lost their jobs: unemployment, gender inequality, domestic violence and mental health, depression"
    )
    assert accepted(tag([several], "sdg")[0]).keys() >= {"3", "5", "8"}
    assert accepted(tag(["The meeting begins at nine in the small room"], "sdg")[0]) == {}


def test_a_goal_or_target_named_outright_is_heard() -> None:
    assert accepted(tag(["Progress on SDG 14.1 is slow."], "sdg")[0]) == {"14": ("SDG 14.1",)}
    assert accepted(tag(["Progress on SDG 14.1 is slow."], "target")[0]) == {"14.1": ("SDG 14.1",)}
    # A letter is no word: 11.a names its goal alone.
    assert accepted(tag(["Progress on SDG 11.a is slow."], "target")[0]) == {}


def test_the_longest_phrase_is_heard_and_one_that_overlaps_it() -> None:
    found = heard_goals(Reading.of("marine protected areas"))
    assert {goal: [one.stems for one in heard] for goal, heard in found.items()} == {
        14: [("marin", "protected", "area")]
    }
    crossing = heard_goals(Reading.of("reducció de la pobresa energètica"))
    assert {goal: [one.stems for one in heard] for goal, heard in crossing.items()} == {
        1: [("reducci", "pobres")],
        7: [("pobres", "energetic")],
    }


def test_words_that_mean_something_else_speak_for_no_goal() -> None:
    assert heard_goals(Reading.of("business climate")) == {}
    assert list(heard_goals(Reading.of("climate"))) == [13]


def test_a_phrase_of_several_goals_counts_a_share_for_each() -> None:
    _, worth = goal_book()
    assert worth["3", ("sexual", "reproductiv", "health")]["en"] == pytest.approx(2**-0.5)
    assert worth["5", ("sexual", "reproductiv", "health")]["en"] == pytest.approx(2**-0.5)
    assert worth["6", ("open", "defecation")]["en"] == 1.0


def test_saying_again_adds_less_and_a_title_needs_fewer_words_than_a_page() -> None:
    once = [Heard(("water",), 0, 1)]
    again = [*once, Heard(("water",), 4, 5)]
    other = [*once, Heard(("sanitation",), 4, 5)]
    assert weigh([], 60) == 0.0
    assert 0 < weigh(once, 60) < weigh(again, 60) < weigh(other, 60)
    assert weigh(once, 6) > weigh(once, 60) > weigh(once, 600)


def test_words_are_as_the_text_has_them_weightiest_first_and_once() -> None:
    text = "El  sanejament, «l'aigua potable»; AIGUA POTABLE i (clavegueram)."
    heard = heard_goals(Reading.of(text))[6]
    assert as_written(text, heard) == ("l'aigua potable", "sanejament", "clavegueram")
    assert as_written(text, []) == ()


def test_targets_are_of_goals_the_text_is_about() -> None:
    text = "Deforestation, forests, biodiversity and protected areas"
    tags = tag([text], "target")[0]
    assert {one.code.partition(".")[0] for one in tags} == {"15"}
    assert [one.code for one in tag(["heritage of the kings"], "target")[0]] == ["11.4"]
    assert tag(["heritage of the kings " + "who sat at table and ate with spoons " * 40], "target")[0] == []


def test_the_order_of_texts_changes_nothing(vectors: Vectors) -> None:
    texts = [text for text, _, _ in CASES]
    assert tag(texts[::-1], "target", vectors)[::-1] == tag(texts, "target", vectors)


def test_the_schemes_are_complete() -> None:
    assert [concept.code for concept in concepts("sdg")] == [str(goal) for goal in range(1, 18)]
    assert len(concepts("target")) == 169


@pytest.mark.parametrize("scheme", ["theme", "sdg", "target"])
@pytest.mark.parametrize("text", ["", " ", "😀😀", "\u200f\u200e", "!!! ... ؟", "\x00"])
def test_a_text_without_words_is_about_nothing(text: str, scheme: Scheme, vectors: Vectors) -> None:
    assert accepted(tag([text], scheme, vectors)[0]) == {}
    assert accepted(tag([text], scheme)[0]) == {}


def test_no_texts_no_tags(vectors: Vectors) -> None:
    assert [tag([], scheme, vectors) for scheme in ("theme", "sdg", "target")] == [[], [], []]


def test_a_very_long_text_and_mixed_scripts(vectors: Vectors) -> None:
    long = "drinking water and sanitation " * 3_500
    assert accepted(tag([long], "target", vectors)[0]).keys() == {"6.1", "6.2"}
    assert "6" in accepted(tag(["drinking water مياه الشرب aigua potable"], "sdg")[0])


@given(st.text(max_size=200))
def test_scores_and_words_hold_for_any_text(text: str) -> None:
    for scheme in ("sdg", "target"):
        for one in tag([text], scheme)[0]:
            assert 0 < one.score <= 1
            assert all(words and len(words) <= 80 for words in one.words)


def test_what_tags_are_compared_with_can_be_read_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A background job reads all of it, and nothing else: then only the text itself is left."""
    for module, name, empty in (
        (goals, "_rows", []), (goals, "_of_targets", []), (themes, "_rows", []), (similarity, "_backgrounds", {}),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, empty)
    asked: list[str] = []

    class Memory(Vectors):
        def _computed(self, texts: Sequence[str], encoder: str) -> Matrix:
            asked.extend(texts)
            return np.random.default_rng(len(texts)).normal(size=(len(texts), 512)).astype(np.float32)

    memory = Memory(None, (FAST,))
    for scheme in ("theme", "sdg", "target"):
        tag(["Clean water"], scheme, memory)
    assert sorted({*asked}) == sorted({*themes.compared_texts(), "Clean water"})
