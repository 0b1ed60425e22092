"""Results told apart: by kind of participant, by table, for bodies or oneself; for everybody without telling on one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympolis.office.core.locales import comma_in
from sympolis.office.core.templatetags.show import reader_language

FEWEST = 2  # people whose dots everybody reads together


@dataclass(frozen=True, slots=True)
class Part:
    """What some of the participants gave: how many people they are, and their dots on each group in turn."""

    label: str
    people: int
    dots: tuple[int, ...]


def told_apart(parts: Sequence[Part], fewest: int = FEWEST) -> list[Part]:
    """The parts that anybody is in. Those of fewer than ``fewest`` people are one, together with the smallest of the
    rest where they are too few even so: what is left of the sum tells on nobody. Empty where nothing is apart."""
    there = [one for one in parts if one.people]
    small = [one for one in there if one.people < fewest]
    rest = [one for one in there if one.people >= fewest]
    while small and rest and sum(one.people for one in small) < fewest:
        small.append(least := min(rest, key=lambda one: one.people))
        rest.remove(least)
    found = [*rest, *([_together([one for one in there if one in small])] if small else [])]
    return found if len(found) > 1 else []


def _together(parts: Sequence[Part]) -> Part:
    label = comma_in(reader_language()).join(one.label for one in parts)
    dots = zip(*(one.dots for one in parts), strict=True)
    return Part(label, sum(one.people for one in parts), tuple(map(sum, dots)))
