"""Texts read on this machine, with a word on how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sympolis.engine.texts.vectors import Vectors

_CAREFULLY_AT_ONCE = 64  # some seconds


def read_here(
    texts: Sequence[str], encoder: str, vectors: Vectors, step: Callable[[int], None] = lambda done: None
) -> None:
    """Encode those of some texts that nobody has read yet. ``step`` is told how many are done."""
    from sympolis.engine.match.items import AT_ONCE
    from sympolis.engine.texts.encoders import CAREFUL

    size = _CAREFULLY_AT_ONCE if encoder == CAREFUL else AT_ONCE
    for at in range(0, len(texts), size):
        vectors.fill(texts[at : at + size], encoder)
        step(min(at + size, len(texts)))
