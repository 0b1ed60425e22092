"""Finer subjects: the phrases of the vocabulary a text is near to, in whatever language."""

from __future__ import annotations

import numpy as np
import pytest

from sympolis.engine.texts import subjects
from sympolis.engine.texts.encoders import CAREFUL, Matrix
from sympolis.engine.texts.similarity import background, centred
from sympolis.engine.texts.vectors import Vectors

PHRASES = ["reclaimed water", "coastal erosion", "social housing", "waste sorting", "urban trees", "tramway"]
TEXTS = [
    "Regar els parcs amb aigua residual depurada",
    "Réutilisation des eaux usées traitées pour l'arrosage",
    "Dunas y diques contra la erosión de la playa",
]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Vectors:
    """Six phrases in place of fourteen hundred, not read yet."""
    monkeypatch.setattr(subjects, "_read", {})
    monkeypatch.setattr(subjects, "subject_texts", lambda: PHRASES)
    return Vectors(None, (CAREFUL,))


def read(vectors: Vectors) -> Matrix:
    return centred(vectors.encode(TEXTS, CAREFUL), background(CAREFUL, vectors))


def test_nothing_is_said_before_every_phrase_was_read(few: Vectors) -> None:
    rows = read(few)
    assert subjects.profiles(rows, few) is None
    few.fill(PHRASES[:-1], CAREFUL)
    assert subjects.profiles(rows, few) is None
    few.fill(PHRASES, CAREFUL)
    made = subjects.profiles(rows, few)
    assert made is not None
    assert made.shape == (3, 6)


def test_texts_on_one_subject_have_like_profiles_across_languages(few: Vectors) -> None:
    few.fill(PHRASES, CAREFUL)
    catalan, french, spanish = subjects.profiles(read(few), few)  # type: ignore[misc]
    assert catalan @ french > 0.9
    assert catalan @ spanish < 0.5
    assert subjects.told(catalan, french)[0] == "reclaimed water"
    assert PHRASES[int(np.argmax(spanish))] == "coastal erosion"


def test_what_was_not_read_has_no_profile(few: Vectors) -> None:
    few.fill(PHRASES, CAREFUL)
    made = subjects.profiles(np.zeros((1, 384), np.float32), few)
    assert made is not None
    assert made.tolist() == [[0.0] * 6]


def test_the_phrases_are_the_vocabulary_s_each_once() -> None:
    listed = subjects.subject_texts()
    assert len(listed) == len(set(listed))
    assert {"reclaimed water", "eaux usées", "Water and sanitation"} <= set(listed)
    assert "aigua regenerada" not in listed
