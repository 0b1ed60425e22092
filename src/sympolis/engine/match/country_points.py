"""Where to draw a country or a part of the world that is one point on a map."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from .conditions.vocabulary import iso_code
from .consortium.regions import countries_of

type LatLng = tuple[float, float]


def point_of(code: str) -> LatLng | None:
    """Latitude and longitude of a country's capital (ISO 3166-1), or the middle of the capitals of a sub-region (UN
    M49); None where neither is known."""
    if code.isdigit():
        return _middle(code)
    found = _capitals().get(iso_code(code))
    return (found[0], found[1]) if found else None


@cache
def _middle(region: str) -> LatLng | None:
    points = [_capitals()[code] for code in countries_of(region) if code in _capitals()]
    if not points:
        return None
    latitudes, longitudes = (sorted(point[at] for point in points) for at in (0, 1))
    return latitudes[len(points) // 2], longitudes[len(points) // 2]


@cache
def _capitals() -> Mapping[str, list[float]]:
    loaded: dict[str, list[float]] = yaml.safe_load(files(__package__).joinpath("capitals.yaml").read_text("utf-8"))
    return loaded
