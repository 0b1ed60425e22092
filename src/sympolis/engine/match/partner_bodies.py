"""What is known about bodies that might work together: place, size, country, language, kind, themes, name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..texts.encoders import Matrix
from ..texts.words import fold
from .links import Links, Numbers

EARTH_RADIUS_KM = 6371.0
NEAR_KM = 200.0
"""At this distance nearness has fallen to 1/e."""

NEIGHBOURS = 10
"""How many of the nearest bodies are its neighbours, itself included."""

AROUND, AROUND_KM = 40, 300.0
"""How many of the nearest bodies are those around one, itself included, and how far off they are at most."""

BESIDE_KM = 25.0
"""A partner of the one counts for 1/e at this distance from the other."""

UNUSUAL = 0.003
"""A share of partners that is as good as none: where the logarithm of shares begins."""

FAINTEST = 1e-3
"""Of the best of an asked one: what shows as 0 on a logarithmic scale."""


@dataclass(frozen=True, slots=True)
class PartnerBody:
    """What is known about one body; what is not known is empty and says nothing.

    ``country`` is ISO 3166-1 alpha-2, ``languages`` ISO 639-1, latitude and longitude are degrees (WGS 84).
    """

    id: str
    name: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    languages: tuple[str, ...] = ()
    kind: str = ""
    themes: tuple[str, ...] = ()


def on_log_scale(relative: Matrix) -> Matrix:
    """Shares of the best in [0, 1] so that a tenth of the best is two thirds, a thousandth nothing."""
    return np.asarray(1 + np.log(np.maximum(relative, FAINTEST)) / -np.log(FAINTEST), np.float32)


def _usual(shares: Matrix) -> Matrix:
    """Shares of partners as numbers in [0, 1]: 0 for none, 1 for all, half for a twentieth."""
    return np.asarray(np.log(shares / UNUSUAL + 1) / np.log(1 / UNUSUAL + 1), np.float32)


class BodyComparison:
    """Bodies compared with each other; those of a graph that nobody described are like nobody."""

    def __init__(self, links: Links, bodies: Sequence[PartnerBody]) -> None:
        self._links = links
        self.bodies: list[PartnerBody | None] = [None] * len(links)
        for body in bodies:
            self.bodies[links.at[body.id]] = body
        self._points = self._on_sphere()
        self._around, self._around_km = self._nearest()
        self._neighbours = self._around[:, :NEIGHBOURS]
        self._size = self._numbers(lambda body: np.log(body.population) if body.population else np.nan)
        self._marks = {
            "shared-language": self._held(lambda body: body.languages),
            "shared-themes": self._held(lambda body: body.themes),
        }
        self._codes = {
            "same-kind": self._coded(lambda body: body.kind),
            "same-name": self._coded(lambda body: fold(body.name)),
        }
        self._country = self._coded(lambda body: body.country)
        self._rates = self._country_rates()
        self._linked = self._countries_linked()

    def parts(self, asked: Numbers) -> dict[str, Matrix]:
        """Feature -> float32 (ids, asked) in [0, 1]."""
        shared = {name: self._shared(name, asked) for name in self._marks}
        same = {
            name: np.asarray((codes[:, None] == codes[asked]) & (codes[:, None] >= 0), np.float32)
            for name, codes in self._codes.items()
        }
        apart = np.abs(self._size[:, None] - self._size[asked])
        tied, taste = self._countries(asked), self._taste_around(asked)
        return {
            "neighbours-ties": self._ties_nearby(asked),
            "countries-tied": tied,
            "around-tied": taste,
            "first-there": self._first_there(asked) * taste,
            "partner-beside": self._partners_beside(asked),
            "similar-size": np.nan_to_num(np.exp(-apart)).astype(np.float32),
            "near": self._near(asked, tied),
            **shared,
            **same,
        }

    def values(self, name: str, place: int, other: int) -> dict[str, object]:
        """What a comparison compared, for its reason in words."""
        left, right = self.bodies[place], self.bodies[other]
        if left is None or right is None:
            return {}
        match name:
            case "countries-tied" | "around-tied":
                return {"countries": sorted({left.country, right.country})}
            case "shared-language":
                return {"languages": sorted({*left.languages} & {*right.languages})}
            case "shared-themes":
                return {"themes": sorted({*left.themes} & {*right.themes})}
            case "same-kind":
                return {"kind": left.kind}
            case "same-name":
                return {"name": right.name}
            case "similar-size":
                return {"populations": [left.population, right.population]}
            case "near":
                return {"km": round(float(self._distance_km(np.array([place]))[other, 0]))}
            case "neighbours-ties":
                return {"pairs": self._pairs_nearby(place, other)}
            case "first-there":
                new = [self._links.ids[one] for one, far in ((place, other), (other, place)) if self._is_new(one, far)]
                return {"countries": [left.country, right.country], "new": new}
            case "partner-beside":
                return {"partners": self._who_is_beside(place, other)}
        return {}

    def _numbers(self, told: Callable[[PartnerBody], float]) -> Matrix:
        return np.array([np.nan if body is None else told(body) for body in self.bodies], np.float32)

    def _coded(self, told: Callable[[PartnerBody], str]) -> Numbers:
        """A number for each value, -1 where nothing is known."""
        values = ["" if body is None else told(body) for body in self.bodies]
        numbers = {value: number for number, value in enumerate(sorted(set(values) - {""}))}
        return np.array([numbers.get(value, -1) for value in values], np.int64)

    def _held(self, told: Callable[[PartnerBody], Sequence[str]]) -> Matrix:
        """float32 (ids, values): 1 where a body has a value."""
        held = [set() if body is None else set(told(body)) for body in self.bodies]
        values = {value: column for column, value in enumerate(sorted(set().union(*held)))}
        marks = np.zeros((len(held), len(values)), np.float32)
        for row, has in enumerate(held):
            marks[row, [values[value] for value in sorted(has)]] = 1
        return marks

    def _shared(self, name: str, asked: Numbers) -> Matrix:
        """How much of the shorter list is shared."""
        marks = self._marks[name]
        counts = marks.sum(axis=1)
        shortest = np.maximum(np.minimum(counts[:, None], counts[asked]), 1)
        return np.asarray(marks @ marks[asked].T / shortest, np.float32)

    def _on_sphere(self) -> Matrix:
        """float32 (ids, 3): points of the unit sphere, nan where a place is not known."""
        latitude = np.radians(self._numbers(lambda b: np.nan if b.latitude is None else b.latitude))
        longitude = np.radians(self._numbers(lambda b: np.nan if b.longitude is None else b.longitude))
        across = np.cos(latitude)
        points = np.stack([across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)], axis=1)
        points[np.isnan(points).any(axis=1)] = np.nan
        return np.asarray(points, np.float32)

    def _distance_km(self, asked: Numbers) -> Matrix:
        """float32 (ids, asked): great circles, out of chords, which are exact for near points too."""
        squared = np.zeros((len(self.bodies), len(asked)), np.float32)
        for axis in range(3):
            squared += (self._points[:, axis, None] - self._points[asked, axis]) ** 2
        return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(np.sqrt(squared) / 2, 1)), np.float32)

    def _nearest(self) -> tuple[Numbers, Matrix]:
        """int and float32 (ids, AROUND): the nearest bodies, itself first, and how far off they are in km; itself again
        and again, infinitely far, where it has no place or there are no more."""
        known = np.flatnonzero(~np.isnan(self._points[:, 0]))
        nearest = np.repeat(np.arange(len(self.bodies))[:, None], AROUND, axis=1)
        km = np.full(nearest.shape, np.inf, np.float32)
        if len(known):
            import faiss  # large: loaded only where bodies have places

            count = min(AROUND, len(known))
            points = np.ascontiguousarray(self._points[known])
            squared, found = faiss.knn(points, points, count)
            nearest[known, :count] = known[found]
            km[known, :count] = EARTH_RADIUS_KM * np.sqrt(np.maximum(squared, 0))
        km[nearest == np.arange(len(self.bodies))[:, None]] = np.inf
        return np.asarray(nearest, np.int64), km

    def _near(self, asked: Numbers, tied: Matrix) -> Matrix:
        """How near, as far as their countries are tied: who is near at home is no partner where partners are abroad."""
        near = np.nan_to_num(np.exp(-self._distance_km(asked) / NEAR_KM))
        known = (self._country[:, None] >= 0) & (self._country[asked] >= 0) & (self._links.ends > 0)
        return np.asarray(np.where(known, near * tied, near), np.float32)

    def _partners_beside(self, asked: Numbers) -> Matrix:
        """How near partners of the one are to the other, at most 1: what they have to do with can be shared."""
        weights = np.exp(-self._around_km / BESIDE_KM)
        of_asked = np.zeros((len(self.bodies), len(asked)), np.float32)
        around = np.zeros_like(of_asked)
        for column, place in enumerate(asked.tolist()):
            of_asked[self._links.of(place), column] = 1
            np.add.at(around[:, column], self._around[place], weights[place])
        beside = self._links.spread(around)
        for slot in range(AROUND):
            beside += weights[:, slot, None] * of_asked[self._around[:, slot]]
        return np.asarray(np.minimum(beside, 1), np.float32)

    def _who_is_beside(self, place: int, other: int) -> list[str]:
        """Partners of the one that are near the other, the nearest first."""
        found = sorted(
            (float(km), int(at))
            for one, far in ((place, other), (other, place))
            for at, km in zip(self._around[far], self._around_km[far], strict=True)
            if km < 2 * BESIDE_KM and at in self._links.of(one)
        )
        return [self._links.ids[at] for at in dict.fromkeys(at for _, at in found)][:5]

    def _ties_nearby(self, asked: Numbers) -> Matrix:
        """How strongly the neighbourhoods of two bodies are linked: the neighbours' partners, and their neighbours."""
        around = np.zeros((len(self.bodies), len(asked)), np.float32)
        np.add.at(around, (self._neighbours[asked].T, np.arange(len(asked))), 1.0)
        there = self._links.spread(around)
        total = there.copy()
        for column in range(NEIGHBOURS):
            total += there[self._neighbours[:, column]]
        total[asked, np.arange(len(asked))] = 0
        best = np.maximum(total.max(axis=0, initial=0), np.float32(1e-30))
        return on_log_scale(np.asarray(total / best, np.float32))

    def _pairs_nearby(self, place: int, other: int) -> list[list[str]]:
        """Partners of which one is near the first body and one near the other."""
        theirs = dict.fromkeys([other, *self._neighbours[other].tolist()])
        return [
            [self._links.ids[mine], self._links.ids[far]]
            for mine in dict.fromkeys(self._neighbours[place].tolist())
            for far in theirs
            if far in self._links.of(mine) and (mine, far) != (place, other)
        ][:5]

    def _country_rates(self) -> Matrix:
        """float32 (countries, countries): links from the one to a body of the other, per body of the other.

        What few links say is drawn towards what the two countries' numbers of links would let one expect.
        """
        size = int(self._country.max(initial=-1)) + 1
        links = np.zeros((size, size))
        for at in np.flatnonzero(self._country >= 0).tolist():
            ends = self._country[self._links.of(at)]
            np.add.at(links, (self._country[at], ends[ends >= 0]), 1.0)
        bodies = np.bincount(self._country[self._country >= 0], minlength=size)
        expected = np.outer(links.sum(axis=1), links.sum(axis=0)) / max(links.sum(), 1.0)
        return np.asarray((links + expected) / (2 * np.maximum(bodies, 1)), np.float32)

    def _countries_linked(self) -> Matrix:
        """float32 (ids, countries): how many partners in each country a body has."""
        marks = np.zeros((len(self.bodies), int(self._country.max(initial=-1)) + 1), np.float32)
        known = np.flatnonzero(self._country >= 0)
        marks[known, self._country[known]] = 1
        return self._links.spread(marks)

    def _taste_around(self, asked: Numbers) -> Matrix:
        """How often bodies around the one are linked to the other's country, both ways, on a logarithmic scale."""
        told = np.zeros((len(self.bodies), len(asked)), np.float32)
        known = np.flatnonzero(self._country >= 0)
        if not len(known):
            return told
        counted = self._around_km <= AROUND_KM
        every = np.maximum((self._linked.sum(axis=1)[self._around] * counted).sum(axis=1), 1)
        back: dict[int, Matrix] = {}
        for column, place in enumerate(asked.tolist()):
            if (mine := int(self._country[place])) < 0:
                continue
            if mine not in back:
                back[mine] = (self._linked[self._around, mine] * counted).sum(axis=1) / every
            forth = self._linked[self._around[place][counted[place]]].sum(axis=0) / every[place]
            both = (_usual(forth)[self._country[known]] + _usual(back[mine])[known]) / 2
            told[known, column] = both
        return told

    def _first_there(self, asked: Numbers) -> Matrix:
        """1 where neither has a partner in the other's country, half where one has none; 0 in one country."""
        told = np.zeros((len(self.bodies), len(asked)), np.float32)
        known = np.flatnonzero(self._country >= 0)
        for column, place in enumerate(asked.tolist()):
            if (mine := self._country[place]) >= 0:
                theirs = self._country[known]
                new = (self._linked[place, theirs] == 0) * 0.5 + (self._linked[known, mine] == 0) * 0.5
                told[known, column] = np.where(theirs == mine, 0, new)
        return told

    def _is_new(self, place: int, other: int) -> bool:
        """Whether a body has no partner in the country of another yet."""
        return bool(self._linked[place, self._country[other]] == 0)

    def _countries(self, asked: Numbers) -> Matrix:
        """How often bodies of the two countries are partners."""
        found = np.zeros((len(self.bodies), len(asked)), np.float32)
        known = np.flatnonzero(self._country >= 0)
        for column, place in enumerate(asked.tolist()):
            if (mine := self._country[place]) >= 0 and (best := self._rates[mine].max()) > 0:
                found[known, column] = on_log_scale(np.asarray(self._rates[mine] / best, np.float32))[
                    self._country[known]
                ]
        return found
