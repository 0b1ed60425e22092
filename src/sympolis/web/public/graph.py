"""The graph of relations: organisations, what links them at a time, and of those what a reader filtered.

What nobody confirmed and examples stay out, as on the map. A body is linked to what it is part of. Who met at events
is drawn for who switches it on: among so many others these links would hide the relations. This is what the picture is
drawn of; the page beside it reads no more than it shows (``graph_table``).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from sympolis.engine.model import PartialDate
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.core.texts import folded
from sympolis.office.directory.enums import BODY, RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.moments import Holds, Moment
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.events.encounters import Encounter, Held, encounters_of
from sympolis.office.events.enums import EncounterKind
from sympolis.web.public.graph_links import ALL, MOST_READ, SAID, Row, Wanted, links, near_to
from sympolis.web.public.graph_telling import telling
from sympolis.web.public.links import Times, relation_label, role_label
from sympolis.web.public.lists import language
from sympolis.web.public.named import Called

MOST_NODES, MOST_LINKS = 1_000, 5_000  # what is drawn; a file has all that are read
EVENTS_NAMED = 8
NODE = (
    "pk", "public_id", "slug", "name", "name_language", "names_kept", "short_name", "country", "kind", "sort_key",
    "themes", "folded", "parent",
)  # fmt: skip
COLUMNS = ("from_organisation", "to_organisation", "type", *SAID)


@dataclass(slots=True)
class Node(Called):
    """An organisation on the graph: no model, since there are thousands."""

    themes: tuple[str, ...]
    folded: str
    parent_id: int | None

    @property
    def is_body(self) -> bool:
        return self.kind == BODY


class Tie(NamedTuple):
    """One relation between two organisations, as far as it may have held, or what they had to do at events."""

    start: Node
    end: Node
    type: str
    role: str = ""
    since: PartialDate = PartialDate()
    until: PartialDate = PartialDate()
    holds: Holds = Holds.YES
    events: tuple[Held, ...] = ()

    @property
    def is_unsure(self) -> bool:
        return self.holds is Holds.PERHAPS

    @property
    def label(self) -> str:
        return tie_label(self.type, True)

    @property
    def role_label(self) -> str:
        return role_label(self.role)

    @property
    def events_shown(self) -> tuple[Held, ...]:
        return self.events[:EVENTS_NAMED]

    @property
    def events_more(self) -> int:
        return max(len(self.events) - EVENTS_NAMED, 0)


@dataclass(frozen=True)
class Graph:
    """All ties there are at the time, and those the reader filtered, in the order they were written down."""

    everything: Sequence[Tie]
    ties: Sequence[Tie]
    centre: Organisation | None = None
    is_whole: bool = True  # False: there are more than are read
    is_best_first: bool = False  # those that are read are between the best linked

    @cached_property
    def degrees(self) -> Counter[int]:
        """How many ties each organisation has among those filtered."""
        return Counter([tie.start.pk for tie in self.ties] + [tie.end.pk for tie in self.ties])

    @cached_property
    def organisations(self) -> list[Node]:
        """Who has one, the best linked first."""
        found = {one.pk: one for tie in self.ties for one in (tie.start, tie.end)}
        centre, degrees = self.centre.pk if self.centre else None, self.degrees
        return sorted(found.values(), key=lambda one: (one.pk != centre, -degrees[one.pk], one.sort_key, one.pk))

    @cached_property
    def drawn(self) -> tuple[list[Node], list[Tie]]:
        """The best linked thousand and at most five thousand ties between them: more is a ball of wool."""
        shown = self.organisations[:MOST_NODES]
        keys = {one.pk for one in shown}
        return shown, [tie for tie in self.ties if tie.start.pk in keys and tie.end.pk in keys][:MOST_LINKS]

    @property
    def is_cut(self) -> bool:
        shown, ties = self.drawn
        return len(shown) < len(self.organisations) or len(ties) < len(self.ties)

    def counts(self) -> Counter[str]:
        """How many organisations of each kind and links of each type there are before anything is filtered."""
        found = {one.pk: one.kind for tie in self.everything for one in (tie.start, tie.end)}
        return Counter(found.values()) + Counter(tie.type for tie in self.everything)


def graph_of(user: Reader, moment: Moment, wanted: Wanted, centre: Organisation | None = None) -> Graph:
    """Of all organisations, or of one with its neighbours and what links those: eight questions at most.

    What a reader filters is asked of the database: among 200,000 relations it may be the last ones that are wanted.
    """
    near, nodes = near_to(user, moment, centre), Nodes(user)
    first = "" if centre else telling()
    said = links(user, moment, near, ALL, MOST_READ + 1, COLUMNS, telling=first)
    met, are_all = encounters_of(user, moment, centre) if wanted.at_events else ([], True)
    everything, is_whole = _read(said, nodes, moment, met)
    found = everything
    if wanted.narrows:
        if not is_whole:
            asked = links(user, moment, near, wanted, MOST_READ + 1, COLUMNS, telling=first)
            found, is_whole = _read(asked, nodes, moment)
        found = [tie for tie in found if _is_wanted(tie, wanted)]
    known = nodes.known
    on = [tie_of(one, known) for one in met if one.kind in wanted.at_events and one.start in known and one.end in known]
    everything, found = [*everything, *on], [*found, *(tie for tie in on if _are_wanted(tie, wanted))]
    is_best_first = centre is None and not wanted.is_of_ends
    return Graph(everything, found, centre, is_whole and are_all, is_best_first)


class Nodes:
    """The organisations that are known already; seen by the reader."""

    def __init__(self, user: Reader) -> None:
        self.known: dict[int, Node] = {}
        self._user = user

    def get(self, keys: Iterable[int]) -> list[Node]:
        """Gets to know those of these that are not known yet."""
        unknown = set(keys) - self.known.keys()
        if not unknown:
            return []
        found = [Node(*row) for row in _NODES.read(self._user, json.dumps(sorted(unknown)))]
        self.known |= {one.pk: one for one in found}
        return found


def _nodes(user: Reader, keys: str) -> QuerySet[Any, Any]:
    seen = visible_organisations(user).filter(OneOf("pk", keys), confirmed=True, illustrative=False).order_by()
    read = {"names_kept": Cast("names", TextField())}  # read when they are shown
    said = {f"n_{name}": read.get(name, F(name)) for name in NODE}
    return seen.annotate(**said).values_list(*said)


_NODES = Prepared(_nodes)


def tie_of(one: Encounter, known: dict[int, Node]) -> Tie:
    """Since they first met, as far as that is known."""
    return Tie(known[one.start], known[one.end], one.kind, since=one.events[-1].start, events=tuple(one.events))


def _read(told: list[Row], nodes: Nodes, moment: Moment, met: Iterable[Encounter] = ()) -> tuple[list[Tie], bool]:
    """The ties of these relations, and whether they are all there are. Who met at events is asked for with them."""
    said = told[:MOST_READ]
    ends = {pk for start, end, *_ in said for pk in (start, end)}
    found = nodes.get(ends.union(pk for one in met for pk in (one.start, one.end)))
    nodes.get(one.parent_id for one in found if one.is_body and one.parent_id)
    known = nodes.known
    here = {pk: known[pk] for pk in sorted(ends & known.keys())}
    here |= {one.parent_id: known[one.parent_id] for one in here.values() if one.is_body and one.parent_id in known}
    return [*_ties(said, known, moment), *_bodies(said, here)], len(told) <= MOST_READ


def _ties(said: Iterable[tuple[Any, ...]], known: dict[int, Node], moment: Moment) -> Iterator[Tie]:
    times = Times(moment)
    for start, end, type_, role, *days in said:
        if start in known and end in known:
            since, until, holds = times[tuple(days)]
            if holds is not Holds.NO:
                yield Tie(known[start], known[end], type_, role, since, until, holds)


def _bodies(said: Iterable[tuple[Any, ...]], known: dict[int, Node]) -> Iterator[Tie]:
    """A commission and what it is a commission of, unless a relation says so already."""
    told = {(start, end) for start, end, type_, *_ in said if type_ == RelationType.PART_OF}
    for one in known.values():
        if one.is_body and one.parent_id in known and (one.pk, one.parent_id) not in told:
            yield Tie(one, known[one.parent_id], RelationType.PART_OF)


def _is_wanted(tie: Tie, wanted: Wanted) -> bool:
    """Whether a relation is among what was filtered."""
    is_type = not wanted.only_events and (not wanted.types or tie.type in wanted.types)
    return is_type and _are_wanted(tie, wanted)


def _are_wanted(tie: Tie, wanted: Wanted) -> bool:
    """Whether both ends are as they were filtered."""
    both = (tie.start, tie.end)
    return (
        (not wanted.kinds or all(one.kind in wanted.kinds for one in both))
        and (not wanted.theme or any(wanted.theme in one.themes for one in both))
        and (not wanted.question or any(_is_called(one, wanted.question) for one in both))
    )


def _is_called(one: Node, question: str) -> bool:
    return all(word in one.folded for word in folded(question).split())


def name_of(organisation: Called) -> str:
    return organisation.title_text().best(language()).text


def tie_label(type_: str, outward: bool) -> str:
    """Of a relation as the vocabulary has it, of an encounter in the words of events: it reads alike both ways."""
    if type_ in EncounterKind.values:
        return str(EncounterKind(type_).label) if outward or type_ != EncounterKind.INVITED else _("was invited by")
    return relation_label(type_, outward)
