"""Places like a place: small named features, and how sure one can be where some of it is not known.

Likeness is Gower's general coefficient (J. C. Gower, *A general coefficient of similarity and some of its properties*,
Biometrics 27, 1971): the weighted mean of what could be compared. What is not known of one of the two is left out of
the mean and said: it lowers the certainty, not the score. Gower divides by the range of a sample; the ranges here are
fixed, so that two places are as alike whoever else is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..errors import EngineError
from ..model import Feature
from .conditions.vocabulary import group

WEIGHTS = MappingProxyType(
    {
        "size": 0.22,
        "themes": 0.20,
        "coast": 0.14,
        "density": 0.12,
        "income": 0.10,
        "climate": 0.08,
        "latitude": 0.06,
        "kind": 0.05,
        "countries": 0.03,
    }
)
"""What each feature says of two places; the sum is 1. Set by hand: nobody has judged pairs of places to learn from."""

SIZE_RANGE, DENSITY_RANGE, INCOME_RANGE, RAIN_RANGE = 1.5, 1.5, 1.0, 1.0
"""Differences, as powers of ten, at which nothing is left: some thirty times as many people, ten times the income."""

LATITUDE_RANGE, TEMPERATURE_RANGE = 30.0, 20.0
"""The same in degrees of latitude and in degrees Celsius."""

COAST_KM = 25.0
"""At this distance from the sea closeness to it has fallen to 1/e."""

SAME_GROUP = 0.5
"""What two countries of one group are to each other, where the same country is 1."""

COUNTRY_GROUPS = ("eu", "southern-neighbourhood", "western-balkans", "african-union")
"""Groups of countries that are told, the closest first; who is in them stands in ``conditions/words.yaml``."""


@dataclass(frozen=True, slots=True)
class PlaceProfile:
    """What is known of one place; None or empty is not known and is never compared.

    ``country`` is ISO 3166-1 alpha-2, ``latitude`` in degrees, ``coast_km`` the way to the sea, ``density`` in people
    per km², ``income`` gross domestic product per head and year in ``income_unit`` (ISO 4217), ``temperature`` the
    year's mean in °C, ``rainfall`` the year's in mm.
    """

    id: str
    kind: str = ""
    country: str = ""
    latitude: float | None = None
    coast_km: float | None = None
    population: float | None = None
    density: float | None = None
    income: float | None = None
    income_unit: str = ""
    temperature: float | None = None
    rainfall: float | None = None
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Peer:
    """How like another place is. ``score`` and ``certainty`` in [0, 1]; ``unknown`` names what could not be compared.

    ``certainty`` is the share of the weight of what was asked about that could be compared. Where it is 0 nothing was,
    and the score is 0.
    """

    id: str
    score: float
    certainty: float
    features: tuple[Feature, ...]
    unknown: tuple[str, ...]


def peers(
    place: PlaceProfile,
    others: Iterable[PlaceProfile],
    only: Collection[str] = (),
    limit: int = 20,
    weights: Mapping[str, float] = WEIGHTS,
) -> list[Peer]:
    """Up to ``limit`` places, the likest first, equal ones in order of id; itself is left out.

    ``only`` are the features that count, all where it is empty; ``weights`` may be others than those shipped. A place
    of which little is known may be like this one in that little by chance: what is not known of it is taken to be as
    like as it is with the others on average when they are put in order, and only then. Raises EngineError where a
    feature or the limit is none.
    """
    if limit < 1:
        raise EngineError(f"A limit of {limit} asks for nothing.", "Give 1 or more.")
    found = [compare_places(place, other, only, weights) for other in others if other.id != place.id]
    found = [peer for peer in found if peer.certainty > 0]
    known = sum(peer.certainty for peer in found)
    usual = sum(peer.certainty * peer.score for peer in found) / known if known else 0.0

    def expected(peer: Peer) -> float:
        return round(peer.certainty * peer.score + (1 - peer.certainty) * usual, 9)

    return sorted(found, key=lambda peer: (-expected(peer), peer.id))[:limit]


def compare_places(
    left: PlaceProfile, right: PlaceProfile, only: Collection[str] = (), weights: Mapping[str, float] = WEIGHTS
) -> Peer:
    """How like two places are, whichever comes first; ``id`` is the right one's."""
    if wrong := sorted(set(only) - WEIGHTS.keys()):
        raise EngineError(f"There is no feature {wrong[0]!r}.", f"Features: {', '.join(WEIGHTS)}.")
    wanted = [name for name in WEIGHTS if not only or name in only]
    compared = {name: _COMPARE[name](left, right) for name in wanted}
    features = tuple(feature for feature in compared.values() if feature is not None)
    weight = sum(weights[feature.name] for feature in features)
    score = sum(weights[feature.name] * feature.score for feature in features) / weight if weight else 0.0
    return Peer(
        id=right.id,
        score=round(score, 6),
        certainty=round(weight / sum(weights[name] for name in wanted), 6),
        features=features,
        unknown=tuple(name for name, feature in compared.items() if feature is None),
    )


def _size(left: PlaceProfile, right: PlaceProfile) -> Feature | None:
    score = _on_log_scale(left.population, right.population, SIZE_RANGE)
    return _feature("size", score, left=left.population, right=right.population)


def _density(left: PlaceProfile, right: PlaceProfile) -> Feature | None:
    score = _on_log_scale(left.density, right.density, DENSITY_RANGE)
    return _feature("density", score, left=left.density, right=right.density)


def _income(left: PlaceProfile, right: PlaceProfile) -> Feature | None:
    """Amounts in one unit only: a rate of exchange would be another figure that nobody gave."""
    unit = left.income_unit if left.income_unit == right.income_unit else ""
    score = _on_log_scale(left.income, right.income, INCOME_RANGE) if unit else None
    return _feature("income", score, left=left.income, right=right.income, unit=unit)


def _coast(left: PlaceProfile, right: PlaceProfile) -> Feature | None:
    if left.coast_km is None or right.coast_km is None:
        return None
    closeness = [math.exp(-km / COAST_KM) for km in (left.coast_km, right.coast_km)]
    return _feature("coast", 1 - abs(closeness[0] - closeness[1]), left=left.coast_km, right=right.coast_km)


def _climate(left: PlaceProfile, right: PlaceProfile) -> Feature | None:
    """Temperature and rainfall, the mean of those that are known of both."""
    parts: dict[str, float] = {}
    if left.temperature is not None and right.temperature is not None:
        parts["temperatures"] = _linear(left.temperature, right.temperature, TEMPERATURE_RANGE)
    rain = _on_log_scale(left.rainfall, right.rainfall, RAIN_RANGE)
    if rain is not None:
        parts["rainfalls"] = rain
    values = {"temperatures": [left.temperature, right.temperature], "rainfalls": [left.rainfall, right.rainfall]}
    score = sum(parts.values()) / len(parts) if parts else None
    return _feature("climate", score, **{name: values[name] for name in parts})


def _latitude(left: PlaceProfile, right: PlaceProfile) -> Feature | None:
    """How far from the equator, on whichever side: where nobody knows the climate it says a little of it, no more."""
    if left.latitude is None or right.latitude is None:
        return None
    score = _linear(abs(left.latitude), abs(right.latitude), LATITUDE_RANGE)
    return _feature("latitude", score, left=left.latitude, right=right.latitude)


def _themes(left: PlaceProfile, right: PlaceProfile) -> Feature | None:
    """The geometric mean of the two shares that are common (Ochiai, 1957): a long list beside a short one isn't held
    against it as much as by the share of all, and a list of one is not like everything that has it."""
    if not left.themes or not right.themes:
        return None
    shared = left.themes & right.themes
    score = len(shared) / math.sqrt(len(left.themes) * len(right.themes))
    return _feature("themes", score, themes=sorted(shared), left=len(left.themes), right=len(right.themes))


def _kind(left: PlaceProfile, right: PlaceProfile) -> Feature | None:
    if not left.kind or not right.kind:
        return None
    return _feature("kind", float(left.kind == right.kind), left=left.kind, right=right.kind)


def _countries(left: PlaceProfile, right: PlaceProfile) -> Feature | None:
    if not left.country or not right.country:
        return None
    both = {left.country, right.country}
    shared = next((code for code in COUNTRY_GROUPS if both <= group(code, "").countries), "")
    score = 1.0 if len(both) == 1 else SAME_GROUP if shared else 0.0
    return _feature("countries", score, left=left.country, right=right.country, group=shared)


def _feature(name: str, score: float | None, **values: object) -> Feature | None:
    return None if score is None else Feature(name, round(score, 6), f"peer-{name}", values)


def _on_log_scale(left: float | None, right: float | None, powers: float) -> float | None:
    """None unless both are there and above 0."""
    if not left or not right or left < 0 or right < 0:
        return None
    return _linear(math.log10(left), math.log10(right), powers)


def _linear(left: float, right: float, across: float) -> float:
    return max(0.0, 1 - abs(left - right) / across)


_COMPARE: Mapping[str, Callable[[PlaceProfile, PlaceProfile], Feature | None]] = {
    "size": _size,
    "themes": _themes,
    "coast": _coast,
    "density": _density,
    "income": _income,
    "climate": _climate,
    "latitude": _latitude,
    "kind": _kind,
    "countries": _countries,
}
