"""What is known of cities, metropolises and regions, each value with where it was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from django.contrib.staticfiles import finders

from sympolis.engine.match.coast import Coast
from sympolis.engine.match.peers import PlaceProfile
from sympolis.engine.texts import vocabulary
from sympolis.office.core.queries import Reader
from sympolis.office.directory.models import Figure, Organisation
from sympolis.office.directory.queries import visible_figures, visible_organisations
from sympolis.office.projects.models import Participation
from sympolis.office.projects.queries import visible_needs, visible_projects

PLACE_KINDS = ("city", "metropolitan-authority", "region")
COAST_FILE = "vendor/world-atlas/land-50m.json"
"""The coast of the map; where it was not put together nobody knows how far the sea is."""

_UNITS: Mapping[str, Mapping[str, float]] = {
    "area": {"km²": 1, "km2": 1, "ha": 0.01},
    "density": {"": 1, "/km²": 1, "people/km²": 1, "people per km²": 1, "per km²": 1, "hab./km²": 1},
    "temperature": {"": 1, "°c": 1, "c": 1},
    "rainfall": {"": 1, "mm": 1},
}
_TIMES = {"million": 1e6, "millions": 1e6, "thousand": 1e3}


@dataclass(frozen=True, slots=True)
class Told:
    """One value of a place. ``figure`` is the row that says it; without one it is the organisation's own or computed.

    ``of`` are the codes of the figures it was computed from.
    """

    value: float
    unit: str = ""
    year: int | None = None
    figure: Figure | None = None
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownPlace:
    """A place, what is told of it by the codes of ``figures``, and its work.

    ``themes`` are how often each is said of it, of its projects (public id -> themes) and of its needs (public ids).
    """

    organisation: Organisation
    told: Mapping[str, Told] = field(default_factory=dict)
    others: tuple[Figure, ...] = ()
    themes: Mapping[str, int] = field(default_factory=dict)
    projects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()

    def profile(self) -> PlaceProfile:
        """The same as the engine compares it."""
        income = self.told.get("income")
        return PlaceProfile(
            id=self.organisation.public_id,
            kind=self.organisation.kind,
            country=self.organisation.country,
            latitude=self.organisation.latitude,
            coast_km=self._value("coast"),
            population=self._value("population"),
            density=self._value("density"),
            income=income.value if income else None,
            income_unit=income.unit if income else "",
            temperature=self._value("temperature"),
            rainfall=self._value("rainfall"),
            themes=frozenset(self.themes),
        )

    def _value(self, code: str) -> float | None:
        told = self.told.get(code)
        return told.value if told else None


def known_places(user: Reader) -> dict[int, KnownPlace]:
    """Every place the reader may see, by primary key, in four questions to the database."""
    rows = visible_organisations(user).filter(kind__in=PLACE_KINDS, confirmed=True, illustrative=False)
    places = {each.pk: each for each in rows.order_by("sort_key", "pk")}
    figures = _figures(user, places)
    projects, needs, themes = _work(user, places)
    coasts = _coasts(places.values())
    return {
        pk: KnownPlace(
            organisation=each,
            told=_told(each, figures[pk], coasts.get(pk)),
            others=tuple(one for one in figures[pk] if not vocabulary.figure_code(one.what)),
            themes=themes[pk],
            projects=projects[pk],
            needs=frozenset(needs[pk]),
        )
        for pk, each in places.items()
    }


def _figures(user: Reader, places: Collection[int]) -> dict[int, list[Figure]]:
    """The figures of each place, the latest year first."""
    found: dict[int, list[Figure]] = defaultdict(list)
    rows = visible_figures(user).filter(confirmed=True, organisation__kind__in=PLACE_KINDS).order_by("pk")
    for figure in rows:
        if figure.organisation_id in places:
            found[figure.organisation_id].append(figure)
    for listed in found.values():
        listed.sort(key=lambda figure: -(figure.year or 0))
    return found


def _work(
    user: Reader, places: Mapping[int, Organisation]
) -> tuple[dict[int, dict[str, tuple[str, ...]]], dict[int, set[str]], dict[int, dict[str, int]]]:
    """Projects and needs of each place by public id; and how often each theme is said of it, them and itself."""
    projects: dict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    needs: dict[int, set[str]] = defaultdict(set)
    themes: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for pk, each in places.items():
        _count(themes[pk], each.themes)
    seen = visible_projects(user).filter(confirmed=True, illustrative=False).order_by()
    parts = Participation.objects.filter(project__in=seen.values("pk"), organisation__kind__in=PLACE_KINDS).order_by()
    for pk, public_id, codes in parts.values_list("organisation", "project__public_id", "project__themes"):
        if pk in places:
            projects[pk][public_id] = codes
            _count(themes[pk], codes)
    wanted = visible_needs(user).filter(confirmed=True, illustrative=False).order_by()
    for pk, public_id, codes in wanted.values_list("organisation", "public_id", "themes"):
        if pk in places:
            needs[pk].add(public_id)
            _count(themes[pk], codes)
    return projects, needs, themes


def _count(themes: dict[str, int], codes: Iterable[str]) -> None:
    for code in codes:
        themes[code] += 1


def _told(organisation: Organisation, figures: Iterable[Figure], coast_km: float | None) -> dict[str, Told]:
    """The latest figure of each code that can be read; a number of people without one is the organisation's own."""
    told: dict[str, Told] = {}
    for figure in figures:
        code = vocabulary.figure_code(figure.what)
        if code and code not in told and (value := _in_our_unit(code, figure)) is not None:
            told[code] = Told(value, figure.unit if code == "income" else "", figure.year, figure)
    if "population" not in told and organisation.population:
        told["population"] = Told(float(organisation.population))
    if "density" not in told and {"population", "area"} <= told.keys():
        people, area = told["population"], told["area"]
        told["density"] = Told(people.value / area.value, of=("population", "area"))
    if coast_km is not None:
        told["coast"] = Told(coast_km)
    return told


def _in_our_unit(code: str, figure: Figure) -> float | None:
    """The value in people, km², people per km², °C or mm; income as it is. None where the unit is not understood."""
    unit, value = figure.unit.strip().casefold(), float(figure.value)
    if code == "income":
        return value if value > 0 and len(unit) == 3 else None
    if code == "population":
        return value * _TIMES.get(unit, 1) if value > 0 else None
    times = _UNITS[code].get(unit)
    return None if times is None or (value <= 0 and code != "temperature") else value * times


def _coasts(places: Iterable[Organisation]) -> dict[int, float]:
    """Kilometres to the sea of those places whose point is known, told once for each point in a process."""
    located = [each for each in places if each.latitude is not None and each.longitude is not None]
    points = tuple((float(each.latitude or 0), float(each.longitude or 0)) for each in located)
    return dict(zip((each.pk for each in located), _distances(points), strict=True)) if _coast() else {}


@lru_cache(maxsize=8)
def _distances(points: tuple[tuple[float, float], ...]) -> tuple[float, ...]:
    coast = _coast()
    if coast is None or not points:
        return ()
    places = np.array(points, float)
    return tuple(round(float(km), 1) for km in coast.distances_km(places[:, 0], places[:, 1]))


@cache
def _coast() -> Coast | None:
    found = finders.find(COAST_FILE)
    return Coast(Path(found)) if isinstance(found, str) else None
