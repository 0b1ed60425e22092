"""Why two records cannot become one, or cannot be taken apart again: what is wrong and how to mend it."""

from __future__ import annotations


class MergeRefused(Exception):
    """In words for the one who tried."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what} {remedy}".strip())
        self.what, self.remedy = what, remedy
