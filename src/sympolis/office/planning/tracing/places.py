"""What contributions name and are about: read out of their words as a proposal, kept when an officer takes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.cache import cache
from django.db import transaction
from simple_history.utils import bulk_update_with_history

from sympolis.engine.match.consortium.regions import region_of
from sympolis.engine.match.named_places import NamedPlaces, Towns, named_places
from sympolis.engine.resolve.names import latin
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.tagging.reading import read_themes, reads_meaning
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.planning.models import Contribution

KEPT_S = 600
PLACES = ("city", "metropolitan-authority")
LONGEST_PLACE = 200
THEMES_KEPT = 4_096
"""Texts whose themes a process keeps: to read one takes a third of a millisecond, and pages show the same again."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Themes and places a contribution's words speak of and that it has not got yet."""

    themes: tuple[str, ...]
    places: NamedPlaces

    def __bool__(self) -> bool:
        return bool(self.themes or self.places)


@dataclass(frozen=True, slots=True)
class Tagged:
    """What contributions are to get; what they have stays beside it. ``named``: what their own words name, too."""

    themes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    place: str = ""
    named: bool = False

    def __bool__(self) -> bool:
        return bool(self.themes or self.countries or self.regions or self.place.strip() or self.named)


def proposals_for(user: User, contributions: Sequence[Contribution]) -> dict[int, Proposal]:
    """Contribution -> what its words speak of besides what it has; one question in ten minutes."""
    towns = known_towns(user)
    read = _themes_in([one.text for one in contributions])
    found = {}
    for one, spoken in zip(contributions, read, strict=True):
        themes = [code for code in spoken if code not in one.themes]
        if proposal := Proposal(tuple(themes), _missing(one, named_places(one.text, towns))):
            found[one.pk] = proposal
    return found


def _themes_in(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The themes that the words of each text speak of: what was read before is not read again, but once their meaning
    can be read too."""
    by_meaning = reads_meaning()
    new = list(dict.fromkeys(text for text in texts if (text, by_meaning) not in _read))
    found = {text: _read[text, by_meaning] for text in texts if (text, by_meaning) in _read}
    for text, tags in zip(new, read_themes(new) if new else (), strict=True):
        found[text] = tuple(tag.code for tag in tags if tag.accepted)
    _read.update({(text, by_meaning): found[text] for text in new})
    while len(_read) > THEMES_KEPT:
        _read.pop(next(iter(_read)), None)
    return [found[text] for text in texts]


_read: dict[tuple[str, bool], tuple[str, ...]] = {}


def _missing(one: Contribution, named: NamedPlaces) -> NamedPlaces:
    there = folded_places(one.place)
    return NamedPlaces(
        tuple(code for code in named.countries if code not in one.countries),
        tuple(code for code in named.regions if code not in one.regions),
        tuple(town for town in named.towns if town.casefold() not in there),
        named.words,
    )


def folded_places(place: str) -> set[str]:
    return {part.strip().casefold() for part in place.split(";")} - {""}


def known_towns(user: User) -> Towns:
    """The cities of the directory by each of their names. Of officers alone: they see all there are."""
    officers_only(user)
    towns: Towns | None = cache.get("known-towns")
    if towns is None:
        towns = _towns(user)
        cache.set("known-towns", towns, KEPT_S)
    return towns


def _towns(user: User) -> Towns:
    found: dict[str, tuple[str, str]] = {}
    rows = visible_organisations(user).filter(kind__in=PLACES, illustrative=False).order_by("kind", "pk")
    for one in rows.only("name", "names", "name_language", "short_name", "country"):
        for name in (one.name, *one.names.plain().values()):
            if len(key := latin(name)) > 2:
                found.setdefault(key, (one.name, one.country))
    return found


@transaction.atomic
def tag_contributions(user: User, contributions: Sequence[Contribution], what: Tagged) -> int:
    """Give contributions themes and places, each besides what it has; how many were changed."""
    officers_only(user)
    named = proposals_for(user, contributions) if what.named else {}
    changed = []
    for one in contributions:
        before = (one.themes, one.countries, one.regions, one.place)
        proposal = named.get(one.pk)
        places = proposal.places if proposal else NamedPlaces()
        one.themes = _with(one.themes, what.themes, proposal.themes if proposal else ())
        one.countries = _with(one.countries, what.countries, places.countries)
        one.regions = _with(one.regions, what.regions, places.regions)
        one.place = _joined(one.place, *what.place.split(";"), *places.towns)
        if before != (one.themes, one.countries, one.regions, one.place):
            changed.append(one)
    _keep(user, changed)
    return len(changed)


@transaction.atomic
def untag_contributions(user: User, contributions: Sequence[Contribution]) -> int:
    """Take all places off contributions again; how many had some."""
    officers_only(user)
    changed = [one for one in contributions if one.countries or one.regions or one.place]
    for one in changed:
        one.countries, one.regions, one.place = (), (), ""
    _keep(user, changed)
    return len(changed)


def _keep(user: User, changed: list[Contribution]) -> None:
    if changed:
        columns = ["themes", "countries", "regions", "place"]
        bulk_update_with_history(changed, Contribution, columns, batch_size=200, default_user=user)


def _with(codes: Iterable[str], *more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*codes, *(code for several in more for code in several)]))


def _joined(*places: str) -> str:
    """Places parted by semicolons, each once, as many as there is room for."""
    found: dict[str, str] = {}
    for place in ";".join(places).split(";"):
        if words := " ".join(place.split()):
            found.setdefault(words.casefold(), words)
    joined = ""
    for words in found.values():
        longer = f"{joined}; {words}" if joined else words
        if len(longer) > LONGEST_PLACE:
            break
        joined = longer
    return joined


def places_of_all(said: Iterable[tuple[Iterable[str], int]]) -> Counter[str]:
    """Where several contributions are about together: each country, part of the world and town with how many name it;
    ``said`` has places and how many contributions are about just these. Of a group nobody has to say it: it is where
    what is in it is about."""
    named: Counter[str] = Counter()
    for places, count in said:
        for place in {one.strip() for one in places} - {""}:
            named[place] += count
    return named


def parts_of_the_world(countries: Iterable[str], regions: Iterable[str]) -> frozenset[str]:
    """The sub-regions that countries lie in and that are named themselves."""
    return _parts(tuple(countries), tuple(regions))


@lru_cache(maxsize=4_096)  # hundreds of rows are about the same few places
def _parts(countries: tuple[str, ...], regions: tuple[str, ...]) -> frozenset[str]:
    return frozenset({*regions, *(region_of(country) for country in countries)} - {""})
