"""What a check finds, and how much of it is kept: of each rule the first thousand, then a count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

KEPT = 1_000
_LONGEST = 2_000


class Severity(StrEnum):
    """As the official validator means them: only what is critical makes a file not valid."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    ADVISORY = "advisory"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: how bad, by which rule, in which line, and in words with what to do about it."""

    severity: Severity
    rule: str
    line: int
    message: str


class Problems:
    """The problems of one file, in bounded memory however many there are."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._counts: Counter[tuple[Severity, str]] = Counter()
        self._first_left_out: dict[tuple[Severity, str], int] = {}

    def add(self, severity: Severity, rule: str, line: int, what: str, remedy: str = "") -> None:
        """Note one problem; ``remedy`` says how to mend it."""
        of = (severity, rule)
        self._counts[of] += 1
        if self._counts[of] > KEPT:
            self._first_left_out.setdefault(of, line)
            return
        message = " ".join(f"{what} {remedy}".split())
        self._kept.append(Problem(severity, rule, line, message[:_LONGEST]))

    @property
    def is_valid(self) -> bool:
        """Nothing critical was found."""
        return not any(severity == Severity.CRITICAL for severity, _rule in self._counts)

    def found(self) -> tuple[Problem, ...]:
        """By line; after them, for each rule broken more than a thousand times, how often more."""
        more = [
            Problem(severity, rule, line, f"{self._counts[severity, rule] - KEPT:,} more like these from here on.")
            for (severity, rule), line in self._first_left_out.items()
        ]
        return (*sorted(self._kept, key=lambda one: one.line), *more)
