"""How well what a search found answers a need."""

from __future__ import annotations

import numpy as np
import pytest

from sympolis.engine.match import need, weights
from sympolis.engine.model import Document, Hit
from sympolis.engine.texts.vectors import Vectors

NEED = "Volem ombra i aigua a les places"


def hit(kind: str, score: float, title: str) -> Hit:
    return Hit(Document(f"{kind}:{title}", kind, {"en": title}, {}), score, "en", "")


def test_calls_are_weighed_by_how_they_stand_out_and_the_rest_by_its_text(
    vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    hits = [hit("project", 0.4, "Shade"), hit("call", 0.8, "Shade"), hit("call", 0.2, "Bombs")]
    texts = weights(NEED, hits, vectors)
    assert texts[0][0] - 0.2 == pytest.approx(texts[1][0] - 0.4)  # few calls: by their texts
    monkeypatch.setattr(need, "standing_out", lambda asked, _: np.linspace(1, 0, len(asked.right)))
    told = weights(NEED, hits, vectors)
    assert told[0] == texts[0]
    assert [score for score, _, _ in told[1:]] == pytest.approx([0.9, 0.1])
    assert [beyond for _, beyond, _ in told] == [beyond for _, beyond, _ in texts]


def test_nothing_found_weighs_nothing(vectors: Vectors) -> None:
    assert weights(NEED, [], vectors) == []
