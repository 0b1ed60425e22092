"""Whether two records are of the same body: named features, one table of weights, three answers.

The form follows nomenklatura's logic (features with a score, a detail and the values compared) and Fellegi and Sunter's
sum of evidence (*A theory for record linkage*, 1969): each feature adds its weight times its value in [-1, 1], and the
sum on the logistic curve is how sure it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, exp, radians, sin, sqrt

from ..model import Feature
from .alike import alike
from .bodies import BETWEEN_TWO, COMPANIES, Prepared
from .parts import Name
from .weights import Weights

WEIGHTS: Mapping[str, float] = {
    "identifier": 9.0,
    "name": 6.0,
    "place": 5.0,
    "country": 8.0,
    "level": 9.0,
    "type": 7.0,
    "kind": 2.5,
    "form": 1.0,
    "number": 4.0,
    "land": 3.0,
    "distance": 4.0,
    "website": 3.0,
}
"""How much each feature says. A feature that can't tell says 0."""

_BASE = -1.5
POSITIVE, NEGATIVE = 0.85, 0.4
ONE_BODY_ONE_VALUE = frozenset({"wikidata", "ror", "nuts", "lau", "geonames"})
_INITIALS_SAY = {2: 0.7, 3: 0.75, 4: 0.9}
"""How alike two names are at least that are shortened to so many letters; more letters name one body."""
_SHORTENED_ALIKE = 0.15
_OTHER_PLACE = -0.8
_OTHER_WORD = -0.6
_ANY_BODY = frozenset({"public"})
"""Legal forms that bodies of any type have."""
_NEAR_KM, _FAR_KM = 10.0, 80.0
_NO_KIND = frozenset({"", "other", "body"})
_PUBLIC = frozenset({"city", "metropolitan-authority", "region", "province"})


class Verdict(StrEnum):
    """Whether two records are of the same body."""

    SAME = "same"
    UNSURE = "unsure"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Judgement:
    """How sure in [0, 1] that two records are the same body, what follows, and every reason."""

    left: str
    right: str
    score: float
    verdict: Verdict
    features: tuple[Feature, ...]


def judge(left: Prepared, right: Prepared, weights: Weights) -> Judgement:
    """Compare two bodies."""
    features = tuple(_features(left, right, weights))
    total = _BASE + sum(WEIGHTS[feature.name] * feature.score for feature in features)
    score = round(1 / (1 + exp(-total)), 4)
    verdict = Verdict.SAME if score >= POSITIVE else Verdict.UNSURE if score > NEGATIVE else Verdict.OTHER
    return Judgement(left.body.id, right.body.id, score, verdict, features)


def _features(left: Prepared, right: Prepared, weights: Weights) -> Iterator[Feature]:
    """Those that have something to say."""
    yield from _identifiers(left, right)
    yield from _names(left, right, weights)
    yield from _countries(left, right)
    yield from _levels(left, right)
    yield from _kinds(left, right)
    yield from _distance(left, right)
    yield from _same_or_not("website", left.host, right.host, 1.0, -0.15)


def _feature(name: str, score: float, left: object, right: object) -> Feature:
    return Feature(name, round(score, 4), f"resolve-{name}", {"left": left, "right": right})


def _same_or_not(name: str, left: str, right: str, same: float, other: float) -> Iterator[Feature]:
    if left and right:
        yield _feature(name, same if left == right else other, left, right)


def _countries(left: Prepared, right: Prepared) -> Iterator[Feature]:
    """A bare *Valencia* that may lie in several countries is not sure to be in this one."""
    yield from _same_or_not("country", left.country, right.country, 0.2, -1.0)
    lands = (left.lands if right.country else right.lands) if bool(left.country) != bool(right.country) else ()
    if len(lands) > 1:
        yield _feature("country", -0.4, left.country or sorted(lands), right.country or sorted(lands))


def _identifiers(left: Prepared, right: Prepared) -> Iterator[Feature]:
    scores = []
    for scheme, values in left.schemes.items():
        others = right.schemes.get(scheme)
        if others is None:
            continue
        if values & others:
            scores.append((1.0, scheme, sorted(values), sorted(others)))
        else:
            scores.append((-0.6 if scheme in ONE_BODY_ONE_VALUE else -0.1, scheme, sorted(values), sorted(others)))
    if scores:
        score, scheme, values_left, values_right = max(scores)
        yield _feature("identifier", score, f"{scheme}:{' '.join(values_left)}", f"{scheme}:{' '.join(values_right)}")


def _names(left: Prepared, right: Prepared, weights: Weights) -> Iterator[Feature]:
    """The pair of names that is most alike, and what these two say besides."""
    of_places = left.is_territorial and right.is_territorial
    common = sorted(left.places & right.places) if of_places else []
    best = _most_alike(left, right, weights, of_places)
    if best is None:
        return
    score, name, other = best
    if common and score < 1.0:
        yield _feature("place", 1.0, name.written, other.written)
    else:
        both = sorted(_shortened_alike(left, right))
        told = f" ({' '.join(both[0])})" if both else ""
        said = _with_initials(score, both, weights)
        yield _feature("name", _from_alike(said), name.written.strip() + told, other.written.strip() + told)
        yield from _numbers(name, other)
        if _are_elsewhere(left, right, score) or _are_parts(left, right, name, other):
            yield _feature("place", _OTHER_PLACE, name.written, other.written)
        if not of_places:
            yield from _lands(name, other)
    yield from _types(left, right, name, other)
    if name.forms and other.forms:
        yield _feature("form", 0.3 if name.forms & other.forms else -1.0, sorted(name.forms), sorted(other.forms))


def _are_elsewhere(left: Prepared, right: Prepared, alike: float) -> bool:
    """Whether names that are not the same are those of towns, and of no town together: *Taylor*, *Taylorsville*."""
    return alike < 1.0 and bool(left.places and right.places) and not left.places & right.places


def _are_parts(left: Prepared, right: Prepared, name: Name, other: Name) -> bool:
    """Whether two governments' names tell one of several: *Marseille 04*, *Marseille 07*."""
    return {left.body.kind, right.body.kind} <= _PUBLIC and bool(name.numbers and other.numbers - name.numbers)


def _most_alike(left: Prepared, right: Prepared, weights: Weights, of_places: bool) -> tuple[float, Name, Name] | None:
    """How alike the two names are that are most alike. Initials in brackets are no names of their own, unless the other
    is called by nothing else: *Ajuntament de Terrassa (AT)* is not *Ajuntament de Tarragona (AT)*."""
    shortened = left.initials & right.initials
    best: tuple[float, Name, Name] | None = None
    for name in left.names:
        for other in right.names:
            is_short = name.words in left.initials or other.words in right.initials
            if is_short and (name.words != other.words or name.words in shortened):
                continue
            score = alike(name, other, weights, of_places).score
            if best is None or score > best[0]:
                best = (score, name, other)
    return best


def _shortened_alike(left: Prepared, right: Prepared) -> set[tuple[str, ...]]:
    """Initials in brackets after a name that the other's are, too, or that its name may be shortened to."""
    found = set(left.initials & right.initials)
    for one, other in ((left, right), (right, left)):
        initials = {letters for name in other.names for letters in name.initials}
        found.update(words for words in one.initials if "".join(words) in initials)
    return found


def _with_initials(score: float, common: Sequence[tuple[str, ...]], weights: Weights) -> float:
    """How alike names are that are shortened alike: the more letters, and the fewer have them, the more that says."""
    for words in common:
        letters = "".join(words)
        least = _INITIALS_SAY.get(len(letters), 1.0)
        lifted = max(least, min(1.0, score + _SHORTENED_ALIKE))
        score = max(score, score + (lifted - score) * weights.of(letters))
    return score


def _from_alike(score: float) -> float:
    """From [0, 1] to [-1, 1]: below .6 names speak against, from .8 on for."""
    if score >= 0.75:
        return (score - 0.75) / 0.25 * 0.8 + (0.2 if score >= 0.999 else 0.0)
    return max(-1.0, (score - 0.75) * 3)


def _numbers(name: Name, other: Name) -> Iterator[Feature]:
    if name.numbers != other.numbers:
        both = bool(name.numbers and other.numbers)
        yield _feature("number", -1.0 if both else -0.6, sorted(name.numbers), sorted(other.numbers))


def _lands(name: Name, other: Name) -> Iterator[Feature]:
    """Countries named: a bank's house in Chile is another body than its house in Mexico."""
    if name.countries != other.countries:
        both = bool(name.countries and other.countries)
        yield _feature("land", -1.0 if both else -0.5, sorted(name.countries), sorted(other.countries))


def _levels(left: Prepared, right: Prepared) -> Iterator[Feature]:
    """Levels of government: the city is not its province."""
    if left.levels and right.levels:
        score = _OTHER_WORD if _differ_in_words(left, right) else 0.2 if left.levels & right.levels else -1.0
        yield _feature("level", score, sorted(left.levels), sorted(right.levels))
    elif left.levels or right.levels:
        bare = right if left.levels else left
        is_other = bool(bare.types) or bare.body.kind not in _NO_KIND
        yield _feature("level", -0.8 if is_other else -0.1, sorted(left.levels), sorted(right.levels))


def _differ_in_words(left: Prepared, right: Prepared) -> bool:
    """Whether one is called a province and the other a region, though sources declare both to be regions: the state's
    *Länsstyrelsen* is not the *Region … län*, while a Slavic *kraj* may be either, so that a person is asked."""
    told, others = left.types & BETWEEN_TWO, right.types & BETWEEN_TWO
    return bool(left.levels & right.levels and told and others) and ("region" in told) != ("region" in others)


def _types(left: Prepared, right: Prepared, name: Name, other: Name) -> Iterator[Feature]:
    """Types of bodies as these names say them: a city's university is not the city."""
    if left.is_territorial and right.is_territorial:
        return
    here, there = _told_types(name), _told_types(other)
    if here and there and (name.bodies or other.bodies):
        yield _feature("type", 0.1 if here & there else -0.8, sorted(here), sorted(there))


def _told_types(name: Name) -> frozenset[str]:
    """What bodies a name tells of; where it tells of none, what its legal form makes of it."""
    return name.bodies or frozenset("company" if form in COMPANIES else form for form in name.forms - _ANY_BODY)


def _kinds(left: Prepared, right: Prepared) -> Iterator[Feature]:
    kind, other = left.body.kind, right.body.kind
    if kind in _NO_KIND or other in _NO_KIND:
        return
    if kind == other:
        yield _feature("kind", 0.2, kind, other)
    elif not {kind, other} <= _PUBLIC:
        yield _feature("kind", -0.6, kind, other)


def _distance(left: Prepared, right: Prepared) -> Iterator[Feature]:
    here, there = left.body, right.body
    if here.latitude is None or here.longitude is None or there.latitude is None or there.longitude is None:
        return
    distance_km = distance(here.latitude, here.longitude, there.latitude, there.longitude)
    score = 0.3 if distance_km <= _NEAR_KM else -1.0 if distance_km >= _FAR_KM else 0.0
    if score:
        yield _feature("distance", score, f"{distance_km:.0f} km", "")


def distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres between two points on the sphere (haversine)."""
    north, south = radians(latitude), radians(other_latitude)
    half = sin((south - north) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(min(1.0, half)))
