"""A line of GeoNames' dumps as a place. Layout: https://download.geonames.org/export/dump/readme.txt"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ...model import Place, Provenance
from ..plain_text import one_line

LEAST_POPULATION = 500
"""Smaller towns are left out: GeoNames' own smallest list of cities begins here."""

_COLUMNS = 19
_NO_CITIES = ("PPLX", "PPLH", "PPLQ", "PPLW", "PPLCH")  # quarters, and places that are gone
_COUNTRIES = ("PCL", "PCLD", "PCLF", "PCLI", "PCLIX", "PCLS", "TERR")
_REGIONS = ("ADM1", "ADM2")

type _Kind = Literal["city", "region", "country"]


def read_line(line: str) -> Place | None:
    """The place of a line; None for what is no city of size, region or country. Raises ValueError for a wrong line."""
    cells = line.rstrip("\r\n").split("\t")
    if len(cells) != _COLUMNS:
        raise ValueError(f"The line has {len(cells)} columns, not {_COLUMNS}.")
    if not (cells[0].isascii() and cells[0].isdigit()):
        raise ValueError(f"{cells[0]!r} is no number of GeoNames.")
    people = int(cells[14]) if cells[14].isdecimal() else 0
    kind = _kind(cells[6], cells[7], people)
    if kind is None:
        return None
    try:
        latitude, longitude = float(cells[4]), float(cells[5])
    except ValueError:
        raise ValueError(f"{cells[4]!r}, {cells[5]!r} are no coordinates.") from None
    return place(cells[0], cells[1], kind, cells[3].split(","), cells[8], (latitude, longitude), people)


def _kind(feature_class: str, feature: str, people: int) -> _Kind | None:
    if feature_class == "P":
        return "city" if people >= LEAST_POPULATION and feature not in _NO_CITIES else None
    if feature_class == "A":
        return "country" if feature in _COUNTRIES else "region" if feature in _REGIONS else None
    return None


def place(
    number: str,
    name: str,
    kind: _Kind,
    others: Iterable[str],
    country: str,
    point: tuple[float, float] | None,
    people: int,
    names: dict[str, str] | None = None,
) -> Place:
    """A place with its number of GeoNames. Raises ValueError where it has no name or lies off the map."""
    shown = one_line(name)
    if not shown:
        raise ValueError(f"The place {number} has no name.")
    if point and not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise ValueError(f"{point[0]}, {point[1]} is off the map.")
    return Place(
        id=f"geonames:{number}",
        name=shown,
        kind=kind,
        provenance=Provenance("geonames", number, f"https://www.geonames.org/{number}"),
        names=names or {},
        aliases=_aliases(shown, others),
        country=country if len(country) == 2 else "",
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        population=people or None,
        identifiers=(f"geonames:{number}",),
    )


def _aliases(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """Other names, each once; codes of airports and addresses of pages are no names."""
    cleaned = (one_line(other) for other in others)
    return tuple(dict.fromkeys(one for one in cleaned if one and one != name and not _is_no_name(one)))


def _is_no_name(text: str) -> bool:
    return "://" in text or (len(text) == 3 and text.isascii() and text.isupper())
