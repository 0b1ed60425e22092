"""How this machine's processor rounds the careful encoder, and how much of a score that decides.

Processors without VNNI add the products of two neighbours in 16 bits, which overflow where both are large: a network in
eight-bit integers gives other numbers there than elsewhere, and of cases whose first two answers are nearly equal some
fall the other way. Figures are frozen for each of the two ways, so that a machine is held to its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sympolis.engine.texts.e5.graph import Graph
from sympolis.engine.texts.e5.network import quiet_runtime

EXACT, SATURATING = "exact", "saturating"

CLOSE = 0.022
"""How far the margin of a case's answer before the next best moves when nothing but the rounding does: one standard
deviation over 768 needs, their texts read with weights of 80 steps to each side and of 79. Right at rank 1 were 556
and 562 of them, with 14 that changed sides."""

TURNED = 14 / 768
"""The share of cases that changed sides then."""

_INPUTS = 64


def way_of_rounding() -> str:
    """What comes out where every product is as large as can be: all of it, or what 16 bits hold."""
    graph = Graph()
    weights = graph.constant(np.full((_INPUTS, 1), 127, np.int8))
    scale = graph.constant(np.ones(1, np.float32))
    given = graph.node("DynamicQuantizeMatMul", ["numbers", weights, scale])
    model = graph.model({"numbers": (1, _INPUTS)}, {given: (1, 1)})
    session: Any = quiet_runtime().InferenceSession(model, providers=["CPUExecutionProvider"])
    (total,) = session.run(None, {"numbers": np.ones((1, _INPUTS), np.float32)})
    return EXACT if abs(float(total[0, 0]) - 127 * _INPUTS) < _INPUTS else SATURATING


def may_turn(cases: int) -> int:
    """By how many cases a total may fall by rounding alone: two standard deviations of the sum of those that turn."""
    return int(np.ceil(2 * np.sqrt(TURNED * cases)))
