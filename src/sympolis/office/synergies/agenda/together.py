"""Who goes to the same place, and who is after the same call: reckoned of all members, a few of each shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sympolis.office.core.texts import folded
from sympolis.office.projects.models import Call
from sympolis.office.synergies.agenda.bodies import LEAST_MEMBERS
from sympolis.office.synergies.agenda.doings import TRIPS, Doing, What
from sympolis.office.synergies.agenda.naming import as_written

NEAR = timedelta(days=60)
"""Two who are in one place within so many days could travel, or be received, together."""

NOWHERE = frozenset({"", "online", "en linia", "en linea", "en ligne"})

type Place = int | str


@dataclass(frozen=True, slots=True)
class Trip:
    """Somewhere else. ``at`` is which of our places that is, or the word for it."""

    doing: Doing
    at: Place


@dataclass(frozen=True, slots=True)
class SamePlace:
    """Several go to one place, each within sixty days of another, the first to go first."""

    key: str
    place: str
    going: tuple[Trip, ...]

    @property
    def who(self) -> frozenset[int]:
        return frozenset(trip.doing.who for trip in self.going)


@dataclass(frozen=True, slots=True)
class SameCall:
    """Several are after one open call: of each, the records that say so."""

    call: Call
    after: tuple[Doing, ...]

    @property
    def key(self) -> str:
        return self.call.public_id

    @property
    def who(self) -> frozenset[int]:
        return frozenset(doing.who for doing in self.after)


def places_of(doings: Iterable[Doing]) -> set[str]:
    """Where anybody goes, as it was written; online or nowhere known is no trip."""
    return {place for place in {one.words for one in doings if one.what in TRIPS} if folded(place) not in NOWHERE}


def trips_of(doings: Iterable[Doing], places: Mapping[str, Place]) -> list[Trip]:
    """Those that lead away from home."""
    away = (Trip(one, places[one.words]) for one in doings if one.what in TRIPS and one.words in places)
    return [trip for trip in away if not _is_home(trip)]


def _is_home(trip: Trip) -> bool:
    doing = trip.doing
    return trip.at == doing.who or trip.at in as_written(doing.home) or trip.at in as_written(doing.home_place)


def same_places(trips: Iterable[Trip]) -> list[SamePlace]:
    """Where the first goes soonest stands first."""
    going: dict[Place, list[Trip]] = defaultdict(list)
    for trip in trips:
        if trip.doing.begins is not None:
            going[trip.at].append(trip)
    found = []
    for at, all_there in going.items():
        all_there.sort(key=lambda trip: (_day(trip), trip.doing.home, trip.doing.key))
        if near := tuple(_near_another(all_there)):
            found.append(SamePlace(str(at), near[0].doing.words, near))
    return sorted(found, key=lambda one: (_day(one.going[0]), one.key))


def _day(trip: Trip) -> date:
    return trip.doing.begins or date.max


def _near_another(trips: Sequence[Trip]) -> Iterator[Trip]:
    """Of trips to one place in their order, those of which somebody else's is near: a window that moves along."""
    inside: Counter[int] = Counter()
    first = last = 0
    for trip in trips:
        while last < len(trips) and _day(trips[last]) - _day(trip) <= NEAR:
            inside[trips[last].doing.who] += 1
            last += 1
        while _day(trip) - _day(trips[first]) > NEAR:
            left = trips[first].doing.who
            inside[left] -= 1
            if not inside[left]:
                del inside[left]
            first += 1
        if len(inside) >= LEAST_MEMBERS:
            yield trip


def same_calls(
    doings: Collection[Doing], calls: Iterable[Call], named: Mapping[int, frozenset[int]]
) -> Iterator[SameCall]:
    """Applications to the call, work that is being prepared in its programme, and needs that name either."""
    to_call: dict[int | None, list[Doing]] = defaultdict(list)
    in_programme: dict[str, list[Doing]] = defaultdict(list)
    needs: dict[int, list[Doing]] = defaultdict(list)
    for one in dict.fromkeys(doings):
        if one.what == What.APPLICATION:
            to_call[one.call].append(one)
        elif one.what == What.PROJECT:
            in_programme[folded(one.words)].append(one)
        elif one.what == What.NEED:
            needs[one.record].append(one)
    for call in calls:
        programme = folded(call.programme)
        after = [*to_call[call.pk], *(in_programme[programme] if programme else ())]
        after += [one for need in sorted(named.get(call.pk, ())) for one in needs[need]]
        after.sort(key=lambda one: one.home)
        together = len({one.key for one in after}) == 1  # in one application: they know
        if not together and len({one.who for one in after}) >= LEAST_MEMBERS:
            yield SameCall(call, tuple(after))
