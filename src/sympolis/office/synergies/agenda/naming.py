"""What in texts of needs names an open call, and which of our places a word for a place means.

Both read many texts whoever asks, so the answers are kept in the process, as keys, for as long as nothing of what they
were made from changes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.db.models import Q

from sympolis.office.core.texts import folded
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.models import Call, Need
from sympolis.office.synergies.agenda.bodies import Stamp
from sympolis.office.synergies.peers.places import PLACE_KINDS

LEAST_LETTERS = 12
"""A shorter title of a call stands in texts by chance."""

MOST_PLACES = 60  # words for places that are looked up among our own
NAMES = ("name", "name_language", "names", "short_name", "aliases", "called", "kind")
KEPT = 8
_WORD = re.compile(r"\w+")

type Names = tuple[str, ...]


def needs_naming(calls: Iterable[Call], stamp: Stamp) -> Mapping[int, frozenset[int]]:
    """The keys of needs, whoever may see them, that name each call or its programme. A question where texts or calls
    have changed."""
    return _needs_naming(tuple((call.pk, _names_of(call)) for call in calls), stamp)


def _names_of(call: Call) -> Names:
    titles = (title for title in call.title.plain().values() if len(title) >= LEAST_LETTERS)
    return tuple(dict.fromkeys(name for name in (*titles, call.programme.strip()) if name))


@lru_cache(maxsize=KEPT)
def _needs_naming(calls: tuple[tuple[int, Names], ...], _stamp: Stamp) -> Mapping[int, frozenset[int]]:
    calls_named: dict[str, list[int]] = defaultdict(list)
    for call, names in calls:
        for name in names:
            calls_named[name].append(call)
    if not calls_named:
        return {}
    by_word = _by_first_word(calls_named)
    found: dict[int, set[int]] = defaultdict(set)
    for need, title, text in Need.objects.order_by().values_list("pk", "title", "text"):
        said = "\n".join((*title.plain().values(), *text.plain().values()))
        for name in _named_in(said, by_word):
            for call in calls_named[name]:
                found[call].add(need)
    return {call: frozenset(needs) for call, needs in found.items()}


def _by_first_word(names: Iterable[str]) -> Mapping[str, list[tuple[str, int]]]:
    """Each name below its first word, with where that stands in it: texts are gone through word by word, once."""
    by_word: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for name in names:
        if word := _WORD.search(name):
            by_word[word[0]].append((name, word.start()))
    return by_word


def _named_in(said: str, by_word: Mapping[str, list[tuple[str, int]]]) -> Iterator[str]:
    """Names that stand in a text as whole words."""
    for word in _WORD.finditer(said):
        for name, offset in by_word.get(word[0], ()):
            begins = word.start() - offset
            ends = begins + len(name)
            if begins >= 0 and said.startswith(name, begins) and not _WORD.match(said[ends : ends + 1]):
                yield name


def places_called(written: Collection[str], stamp: Stamp) -> dict[str, int | str]:
    """Which of our cities and regions each of these is, whatever language it is named in; else the words themselves.
    A question where names have changed, or other places are asked for."""
    words = {text: as_written(text) for text in written}
    asked = tuple(sorted({word for parts in words.values() for word in parts})[:MOST_PLACES])
    known = _places(asked, stamp)
    return {text: next((known[word] for word in parts if word in known), parts[0]) for text, parts in words.items()}


@lru_cache(maxsize=KEPT)
def _places(words: tuple[str, ...], _stamp: Stamp) -> Mapping[str, int]:
    """The key of the place that each word names, of those that any does: it is compared, and never shown."""
    if not words:
        return {}
    named: Any = Q(*(Q(folded__contains=word) for word in words), _connector=Q.OR)
    called = Organisation.objects.filter(named).order_by().values("pk")  # names alone are read for that
    found = Organisation.objects.filter(pk__in=called, kind__in=PLACE_KINDS).only(*NAMES).order_by("pk")
    known: dict[str, int] = {}
    for one in sorted(found, key=lambda one: PLACE_KINDS.index(one.kind)):
        for name in (*one.names.plain().values(), *one.other_names()):
            known.setdefault(folded(name), one.pk)
    return {word: known[word] for word in words if word in known}


@lru_cache(maxsize=4_096)
def as_written(place: str) -> tuple[str, ...]:
    """The whole of it, and what stands between commas: "Palau de Congressos, Barcelona"."""
    parts = [folded(part) for part in (place, *place.split(","))]
    return tuple(part for part in dict.fromkeys(parts) if part)
