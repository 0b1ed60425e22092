"""How far each of many calls stands out for one question."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from sympolis.engine.match import question
from sympolis.engine.match.features import Comparison, compare_items
from sympolis.engine.match.items import languages_of, passages_of, texts_of
from sympolis.engine.match.question import deviations, nearness, seen_as, standing_out
from sympolis.engine.model import Item, ItemKind
from sympolis.engine.texts.encoders import CAREFUL, FAST
from sympolis.engine.texts.similarity import background, without_languages
from sympolis.engine.texts.vectors import Vectors

ASKED = Item("asked", ItemKind.NEED, {"ca": "Volem ombra i aigua a les places"}, owner_id="")


def offer(key: str, title: dict[str, str], text: dict[str, str] | None = None) -> Item:
    return Item(key, ItemKind.OFFER, title, owner_id="", text=text or {})


def compared(calls: list[Item], vectors: Vectors) -> Comparison:
    vectors.fill([text for call in calls for text in (*texts_of(call), *passages_of(call))], FAST)
    return compare_items([ASKED], calls, vectors)


def cosines(texts: list[str], vectors: Vectors) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    general = background(FAST, vectors)
    asked = without_languages(vectors.encode(["Volem ombra i aigua a les places"], FAST), general)[0]
    return np.asarray(without_languages(vectors.encode(texts, FAST), general) @ asked)


def test_a_call_is_as_near_as_the_mean_of_its_three_nearest_passages(vectors: Vectors) -> None:
    words = (f"Shade, trees and water in squares {number} against the heat of summer." for number in count())
    long = offer("long", {"en": "Squares"}, {"en": " ".join(next(words) for _ in range(45))})
    short = offer("short", {"en": "Missiles and bombs"})
    made = compared([long, short], vectors)
    assert made.tables is not None
    passages = [*texts_of(long), *passages_of(long)]
    assert len(passages) > 3
    found = nearness(*made.tables, FAST, vectors)
    assert found[0] == pytest.approx(np.sort(cosines(passages, vectors))[-3:].mean(), abs=1e-5)
    assert found[1] == pytest.approx(cosines(["Missiles and bombs"], vectors)[0], abs=1e-5)


def test_a_translation_neither_lifts_a_call_nor_lowers_it(vectors: Vectors) -> None:
    plain = offer("plain", {"en": "Shade in squares"})
    both = offer("both", {"en": "Shade in squares", "fr": "Missiles et bombes"})
    made = compared([plain, both], vectors)
    assert made.tables is not None
    found = nearness(*made.tables, FAST, vectors)
    assert found[0] == found[1]
    assert languages_of(both) == ["en", "fr"]


def test_what_an_encoder_has_not_read_is_left_to_the_other(vectors: Vectors) -> None:
    made = compared([offer("a", {"en": "Shade"}), offer("b", {"en": "Bombs"})], vectors)
    assert made.tables is not None
    assert np.isnan(nearness(*made.tables, CAREFUL, vectors)).all()
    assert deviations(made, vectors) == pytest.approx([1, -1])


def test_an_encoder_that_read_some_sees_them_where_the_first_one_does() -> None:
    usual = np.array([-3.0, 1.0, 3.0])
    assert seen_as(np.array([np.nan, 0.5, 0.7]), usual)[1:] == pytest.approx([1, 3])
    assert seen_as(np.array([np.nan, 0.5, np.nan]), usual)[1] == 1
    assert np.isnan(seen_as(np.full(3, np.nan), usual)).all()


def test_what_stands_out_of_many_fits_a_question(vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    few = compared([offer("a", {"en": "Shade"}), offer("b", {"en": "Bombs"})], vectors)
    assert np.array_equal(standing_out(few, vectors), few.text[0])
    many = replace(few, text=np.full((1, 60), 0.01, np.float32))
    monkeypatch.setattr(question, "deviations", lambda *_: np.array([3.4, *[0.0] * 59]))
    made = standing_out(many, vectors)
    assert made[0] == pytest.approx(0.5)
    assert made[1:] == pytest.approx(1 / (1 + np.exp(3.4)))


def test_what_is_alike_enough_needs_not_stand_out(vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    few = compared([offer("a", {"en": "Shade"}), offer("b", {"en": "Bombs"})], vectors)
    monkeypatch.setattr(question, "deviations", lambda *_: np.zeros(60))
    made = standing_out(replace(few, text=np.full((1, 60), 0.99, np.float32)), vectors)
    assert np.allclose(made, 1 / (1 + np.exp(2.2 - np.log(99))), atol=1e-3)
