"""What of a brief's page lies folded, and what of that is only sent when somebody opens it.

Finished work and what nobody knows the stage of are half of a long brief: each fold is fetched when it is opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sympolis.office.synergies.brief.lines import Fold
from sympolis.office.synergies.brief.sheet import SheetLine
from sympolis.office.synergies.templatetags.brief import anchor_of

_FOLDED = {Fold.EXPERIENCE, Fold.ASK}


@dataclass(frozen=True, slots=True)
class Folded:
    """Lines of one side under one theme that stand together. ``fold`` is empty where they are in plain sight."""

    key: str
    fold: str
    lines: list[SheetLine]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Folding:
    """On two pages everything is open. In the long version only what is asked for, and where a line is looked at."""

    is_long: bool
    asked: Collection[str]
    looked_at: Collection[str]

    def of(self, lines: list[SheetLine]) -> Iterator[Folded]:
        for fold in Fold:
            inside = [line for line in lines if line.fold == fold]
            if inside and fold in _FOLDED:
                key = f"{inside[0].group}-{inside[0].side}-{fold}"
                is_open = not self.is_long or key in self.asked or self._is_looked_at(inside)
                yield Folded(key, fold, inside, is_open)
            elif inside:
                yield Folded("", "", inside, is_open=True)

    def _is_looked_at(self, lines: list[SheetLine]) -> bool:
        return any(anchor_of(line.key) in self.looked_at for line in lines)
