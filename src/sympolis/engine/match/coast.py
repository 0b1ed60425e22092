"""How far places lie from the sea, out of the coast that the map is drawn with.

The file is TopoJSON (Bostock and Metcalf, *The TopoJSON Format Specification*, 2013) of Natural Earth's land, public
domain. Its coast is simplified: at 1:50 million it is some kilometres off, and lagoons and large lakes are land.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

type Array = npt.NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0
STEP_KM = 4.0
"""Coast points stand no farther apart: the nearest is at most 2 km beside the coast's own nearest point."""

_AT_ONCE = 16  # places: 26 MB of distances
_EDGE_LONGITUDE, _EDGE_LATITUDE = 179.99, -85.0  # where the file ends, not the land


class Coast:
    """The coast of all land as points of the unit sphere."""

    def __init__(self, file: Path) -> None:
        """Read the land of a quantised TopoJSON file. Raises OSError, and ValueError for another file."""
        try:
            topology = json.loads(file.read_bytes())
            scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
            lines = [_positions(arc, scale, move) for arc in topology["arcs"]]
        except (KeyError, TypeError) as error:
            raise ValueError(f"{file.name} is no quantised TopoJSON") from error
        self._points = np.concatenate([_on_sphere(_filled(line)) for line in lines])

    def distances_km(self, latitudes: Array, longitudes: Array) -> Array:
        """float64 (n,): great circles in kilometres from each place (degrees, WGS 84) to the nearest coast."""
        places = _on_sphere(np.stack([np.asarray(longitudes, float), np.asarray(latitudes, float)], axis=1))
        nearest = np.empty(len(places))
        for start in range(0, len(places), _AT_ONCE):
            part = places[start : start + _AT_ONCE]
            at = (part @ self._points.T).argmax(axis=1)
            chords = np.linalg.norm(part - self._points[at], axis=1)  # exact for near points, where cosines are not
            nearest[start : start + _AT_ONCE] = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chords / 2, 1))
        return nearest


def _positions(arc: Any, scale: Any, move: Any) -> Array:
    """(n, 2): longitude and latitude; every position of the file is told by its difference to the one before."""
    positions: Array = np.cumsum(np.array(arc, float), axis=0) * scale + move
    return positions


def _filled(line: Array) -> Array:
    """The same line with points between, so that no two are farther apart than the step; the file's own edges go."""
    starts, ends = line[:-1], line[1:]
    at_edge = ((np.abs(starts[:, 0]) > _EDGE_LONGITUDE) & (np.abs(ends[:, 0]) > _EDGE_LONGITUDE)) | (
        (starts[:, 1] < _EDGE_LATITUDE) & (ends[:, 1] < _EDGE_LATITUDE)
    )
    starts, ends = starts[~at_edge], ends[~at_edge]
    across = np.cos(np.radians((starts[:, 1] + ends[:, 1]) / 2))
    degrees = np.hypot((ends[:, 0] - starts[:, 0]) * across, ends[:, 1] - starts[:, 1])
    steps = np.maximum(np.ceil(np.radians(degrees) * EARTH_RADIUS_KM / STEP_KM), 1).astype(int)
    which = np.repeat(np.arange(len(steps)), steps)
    share = (np.arange(len(which)) - np.repeat(np.cumsum(steps) - steps, steps)) / steps[which]
    filled: Array = starts[which] + share[:, None] * (ends - starts)[which]
    return filled


def _on_sphere(positions: Array) -> Array:
    """float64 (n, 3) of longitudes and latitudes (n, 2) in degrees."""
    longitude, latitude = np.radians(positions[:, 0]), np.radians(positions[:, 1])
    across = np.cos(latitude)
    return np.stack([across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)], axis=1)
