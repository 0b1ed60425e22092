"""What a source could not read, so that somebody can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reject:
    """A row or a file that was left out: where it stands (line 0: the whole file) and why."""

    file: str
    line: int
    reason: str
