"""Sessions of a programme that can't both be: somebody speaks in two at once, or two are in one room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from sympolis.office.core.texts import folded
from sympolis.office.events.models import Event, Slot


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sessions at the same time, and who speaks in both; nobody where it is the room."""

    one: Slot
    other: Slot
    who: str
    place: str


def clashes_in(event: Event) -> Iterator[Clash]:
    """A programme may be written before all is settled: these are told, not refused."""
    for one, other in combinations(event.slots.prefetch_related("speakers"), 2):
        if not _at_once(event, one, other):
            continue
        both = {speaker.pk: speaker.name for speaker in one.speakers.all()}
        yield from (Clash(one, other, both[two.pk], "") for two in other.speakers.all() if two.pk in both)
        if one.place and folded(one.place) == folded(other.place):
            yield Clash(one, other, "", one.place)


def _at_once(event: Event, one: Slot, other: Slot) -> bool:
    """Of a session without an end nothing is known but when it begins."""
    if (one.day or event.start_earliest) != (other.day or event.start_earliest):
        return False
    first, second = sorted((one, other), key=lambda slot: slot.from_hour)
    if first.from_hour == second.from_hour:
        return True
    return first.until_hour is not None and first.until_hour > second.from_hour
