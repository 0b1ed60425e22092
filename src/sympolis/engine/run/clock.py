"""How long the steps of a build took, and how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

type Progress = Callable[[str, int, int], None]
"""Called with a step's name, how much of it is done and how much there is."""


@dataclass(slots=True)
class Clock:
    """Seconds by step, and whom to tell."""

    tell: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        self.tell(name, 0, 1)
        began = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - began, 3)
        self.tell(name, 1, 1)
