"""What an import refuses, each with a remedy."""

from __future__ import annotations

from dataclasses import dataclass


class ImportRefused(Exception):
    """The whole import is refused: one sentence on what is wrong, one on what to do."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}".strip()


class UnreadableTable(ImportRefused):
    """The file is no table we can read."""


class BadValue(Exception):
    """One cell can't be understood."""

    def __init__(self, what: str, remedy: str = "", suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.suggestions = suggestions


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where, and what to do. Row 0 is the table as a whole, row 1 usually its headings."""

    row: int
    column: str
    value: str
    what: str
    remedy: str = ""
    suggestions: tuple[str, ...] = ()
