"""How alike texts are, told from vectors as they are kept."""

from __future__ import annotations

import numpy as np
import pytest

from sympolis.engine.texts.encoders import CAREFUL, FAST
from sympolis.engine.texts.similarity import (
    background,
    centred,
    cosines_before_mean,
    leaning_to,
    without_languages,
)
from sympolis.engine.texts.vectors import Vectors


@pytest.mark.parametrize("encoder", [FAST, CAREFUL])
def test_cosines_before_the_mean_was_taken_are_told_from_centred_rows(encoder: str, vectors: Vectors) -> None:
    general = background(encoder, vectors)
    texts = [
        "Shade, trees and water in the squares of cities, against the heat of summer and for whoever is old and alone.",
        "Water that was used once is treated a third time and then given to the parks and gardens of the whole town.",
        "Missiles, tanks and radars for the armies of tomorrow, and factories that can make thousands of them a year.",
    ]
    rows, question = vectors.encode(texts, encoder), vectors.encode(["Volem ombra a les places"], encoder)[0]
    own, asked = centred(rows, general), centred(question[None], general)[0]
    told = cosines_before_mean(own @ asked, own @ leaning_to(general), question, general)
    true = without_languages(rows, general) @ without_languages(question[None], general)[0]
    assert np.ptp(told - true) < 0.01
    assert int(np.argmax(told)) == int(np.argmax(true)) == 0
