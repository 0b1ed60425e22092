"""The address of a calendar, as a page has it and as what calendar programs open with one click."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Where a calendar program asks again and again."""

    https: str

    @property
    def webcal(self) -> str:
        return re.sub(r"^https?://", "webcal://", self.https)
