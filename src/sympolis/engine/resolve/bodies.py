"""Records of organisations made ready to be compared: names taken apart, places looked up, once for each record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from .gazetteer import Gazetteer, Town, regions_called
from .parts import Name, take_apart

TERRITORIAL = {
    "city": "city",
    "metropolitan-authority": "metropolitan",
    "region": "region",
    "province": "province",
}
"""Kinds that govern a territory -> the type of body, as names say it."""
_LEVELS = frozenset(TERRITORIAL.values())
BETWEEN_TWO = frozenset({"province", "region"})
"""Levels that sources take for each other."""
COMPANIES = frozenset({"stock", "limited", "incorporated", "partnership"})
"""Classes of legal form (``words.yaml``) that no government has."""
_COUNTRIES = {"EL": "GR", "UK": "GB"}
_MOST_NAMES = 12
_GENITIVE = "s"  # of the Nordic languages, in which a town's bodies are named so
_INITIALS = re.compile(r"\(([A-Z][A-Z0-9./-]{1,14})\)")
_INITIALS_FIRST = re.compile(r"([A-Z][A-Z0-9./-]{1,14})\s*\(([^()]*\s[^()]*)\)")  # a name has several words
_SHARED_HOSTS = frozenset({"facebook.com", "twitter.com", "x.com", "linkedin.com", "wikipedia.org", "europa.eu"})


@dataclass(frozen=True, slots=True)
class Body:
    """A record to be resolved: what it is called, where it is, what kind it is, what others know it by."""

    id: str
    names: tuple[str, ...]
    country: str = ""
    kind: str = ""
    identifiers: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    website: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A body with what comparing it needs. ``levels``: what its kind, or else its names, say of the territory;
    ``places`` and ``lands``: the towns and regions it may be named after, and the countries they lie in;
    ``initials``: the words of those names that only stand in brackets after another."""

    body: Body
    country: str
    names: tuple[Name, ...]
    levels: frozenset[str]
    types: frozenset[str]
    places: frozenset[str]
    lands: frozenset[str]
    schemes: dict[str, frozenset[str]]
    host: str
    initials: frozenset[tuple[str, ...]] = frozenset()

    @property
    def is_territorial(self) -> bool:
        """Whether it is named after the territory it governs."""
        return bool(self.levels)


def prepare(bodies: Sequence[Body], gazetteer: Gazetteer | None) -> list[Prepared]:
    """Bodies in order, ready to be compared."""
    apart = [tuple(_distinct(map(take_apart, _without_initials(body.names[:_MOST_NAMES])))) for body in bodies]
    keys = {key for names in apart for name in names for key in keys_of(name)}
    towns = gazetteer.towns(keys) if gazetteer is not None else {}
    return [_prepared(body, names, towns) for body, names in zip(bodies, apart, strict=True)]


def _without_initials(names: Sequence[str]) -> Iterator[str]:
    """*Area Metropolitana de San Salvador (OPAMSS)* is also what stands before the bracket, and what stands in it."""
    for name in names:
        whole, short = _shortened(name)
        yield whole
        if short:
            yield short


def _shortened(name: str) -> tuple[str, str]:
    """A name and the initials that stand in brackets after it, or before it and the name in brackets: *WHO (World
    Health Organization)*; no initials where there are none."""
    if found := _INITIALS.search(name):
        return name.replace(found[0], " "), found[1]
    if found := _INITIALS_FIRST.fullmatch(name.strip()):
        return found[2], found[1]
    return name, ""


def keys_of(name: Name) -> tuple[str, ...]:
    """What a gazetteer may know a name as: whole (*Mexico City*), with its article (*La Haye*), without (*Haag*), or
    without the case it stands in (*Göteborgs stad*)."""
    core = " ".join(name.core)
    return tuple(dict.fromkeys((" ".join(name.words), name.place, core, core.removesuffix(_GENITIVE))))


def _known_as(name: Name, towns: dict[str, tuple[Town, ...]]) -> tuple[str, ...]:
    """Its keys; the last only where none of the others is known: *Ville de Paris* is not in *Pari*."""
    *whole, bare = keys_of(name)
    return tuple(whole) if any(key in towns for key in whole) else (*whole, bare)


def _distinct(names: Iterable[Name]) -> list[Name]:
    found = {name.words: name for name in names if name.words}
    return list(found.values())


def _prepared(body: Body, names: tuple[Name, ...], towns: dict[str, tuple[Town, ...]]) -> Prepared:
    country = _COUNTRIES.get(body.country.strip().upper(), body.country.strip().upper())
    types = frozenset(kind for name in names for kind in name.bodies)
    declared = TERRITORIAL.get(body.kind, "")
    levels = _levels(declared, types)
    if names and all(_is_company(name, towns) for name in names):
        levels = frozenset()
    initials = _initials(body, names)
    keys = [key for name in names if name.words not in initials for key in _known_as(name, towns)]  # *(COM)* is no Como
    meant = [town for key in keys for town in towns.get(key, ())]
    called = [town.id for town in meant if not country or town.country == country]
    lands = frozenset(town.country for town in meant)
    regions = [region for key in keys for region in regions_called(key, country)]
    schemes: dict[str, set[str]] = {}
    for identifier in body.identifiers:
        scheme, _, value = identifier.partition(":")
        if value:
            schemes.setdefault(scheme, set()).add(value.casefold())
    kept = {scheme: frozenset(values) for scheme, values in schemes.items()}
    return Prepared(
        body,
        country,
        names,
        levels,
        types,
        frozenset([*called, *regions]),
        lands,
        kept,
        _host(body.website),
        initials,
    )


def _levels(declared: str, types: frozenset[str]) -> frozenset[str]:
    """What it governs, as declared, else as named; a *Diputación* that its source calls a region is a province, too."""
    if not declared:
        return types & _LEVELS
    return frozenset({declared}) | (types & BETWEEN_TWO if declared in BETWEEN_TWO else frozenset())


def _is_company(name: Name, towns: dict[str, tuple[Town, ...]]) -> bool:
    """*Stockholm Business Region AB* governs nothing, whatever it is called and declared; *As-Salt* is a town."""
    return bool(name.forms & COMPANIES) and " ".join(name.words) not in towns


def _initials(body: Body, names: Sequence[Name]) -> frozenset[tuple[str, ...]]:
    """The words that stand in brackets after a name; not of a body that has no other."""
    found = {_shortened(name)[1] for name in body.names[:_MOST_NAMES]} - {""}
    initials = frozenset(take_apart(written).words for written in found)
    return initials if any(name.words not in initials for name in names) else frozenset()


def _host(website: str) -> str:
    """The domain of a web site as far as it says whose it is."""
    try:
        host = (urlsplit(website if "//" in website else f"//{website}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return "" if ".".join(host.split(".")[-2:]) in _SHARED_HOSTS else host
