"""The graph of relations: organisations, what links them at a time, and of those what a reader filtered.

What nobody confirmed and examples stay out, as on the map. A body is linked to what it is part of. Who met at events
is drawn for who switches it on: among so many others these links would hide the relations.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from sympolis.engine.model import PartialDate
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.core.texts import folded
from sympolis.office.directory.enums import BODY, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Holds, Moment, possible_in_words
from sympolis.office.directory.queries import NoIndex, visible_organisations, visible_relations
from sympolis.office.events.encounters import Encounter, Held, encounters_of
from sympolis.office.events.enums import EncounterKind
from sympolis.web.public.links import Times, days_as_words, relation_label, role_label
from sympolis.web.public.lists import language
from sympolis.web.public.named import Called

MOST_NODES, MOST_LINKS = 1_000, 5_000  # what is drawn; the table has all that are read
MOST_READ = 5_000  # of a federation's 200,000: who filters finds the others
MOST_NEAR = 1_000  # links of one organisation that lead to its neighbours
EVENTS_NAMED = 8
NODE = (
    "pk", "public_id", "slug", "name", "name_language", "names_kept", "short_name", "country", "kind", "sort_key",
    "themes", "folded", "parent",
)  # fmt: skip
PLACED = frozenset({"pk", "kind", "sort_key", "parent"})  # what is counted and put in order
SAID = ("from_organisation", "to_organisation", "type", "role")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader filtered: kinds both ends are of, types, a theme and words that one end has. Empty asks for all.

    ``at_events`` are the kinds of encounters that are drawn besides, ``only_events`` leaves all relations out.
    """

    kinds: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    theme: str = ""
    question: str = ""
    at_events: frozenset[EncounterKind] = frozenset()
    only_events: bool = False

    @property
    def narrows(self) -> bool:
        return self != Wanted(at_events=self.at_events)


@dataclass(slots=True)
class Node(Called):
    """An organisation on the graph: no model, since there are thousands. Where few of them are shown, they have no
    more than what puts them in order (``Graph.named``)."""

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
    at_events: Counter[str] = field(default_factory=Counter)  # how many encounters of each kind, drawn or not
    is_near_cut: bool = False  # the centre has more links than its neighbours are read by

    @property
    def most_near(self) -> int:
        return MOST_NEAR

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

    def kinds(self) -> Counter[str]:
        """How many organisations of each kind there are before anything is filtered."""
        found = {one.pk: one.kind for tie in self.everything for one in (tie.start, tie.end)}
        return Counter(found.values())

    def types(self) -> Counter[str]:
        return Counter(tie.type for tie in self.everything)


def graph_of(
    user: Reader,
    moment: Moment,
    wanted: Wanted,
    centre: Organisation | None = None,
    *,
    counts_events: bool = False,
    with_names: bool = True,
) -> Graph:
    """Of all organisations, or of one with its neighbours and what links those: eight questions at most.

    What a reader filters is asked of the database: among 200,000 relations it may be the last ones that are wanted.
    Without names but for what is filtered by them, where few are shown.
    """
    nodes = _Nodes(user, _NODES.read if with_names or wanted.theme or wanted.question else _PLACES.rows)
    rows = moment.possible(visible_relations(user).filter(confirmed=True, illustrative=False))
    is_near_cut = False
    if centre is None:
        said = _said(rows)
    else:
        near, is_near_cut = _near(user, centre, moment)
        said = _NEAR.rows(user, near, *_days(moment))
        rows = rows.filter(_between(near))
    met, are_all = encounters_of(user, moment, centre) if wanted.at_events or counts_events else ([], True)
    everything, is_whole = _read(said, nodes, moment, met)
    found = everything
    if wanted.narrows:
        if not is_whole:
            found, is_whole = _read(_said(rows.filter(_as_asked(wanted))), nodes, moment)
        found = [tie for tie in found if _is_wanted(tie, wanted)]
    known = nodes.known
    ties = [_tie(one, known) for one in met if one.start in known and one.end in known]
    on = [tie for tie in ties if tie.type in wanted.at_events]
    everything, found = [*everything, *on], [*found, *(tie for tie in on if _are_wanted(tie, wanted))]
    is_whole = is_whole and (are_all or not wanted.at_events)
    return Graph(everything, found, centre, is_whole, Counter(tie.type for tie in ties), is_near_cut)


def with_names(user: Reader, ties: Iterable[Tie]) -> list[Tie]:
    """These with everybody's name: one question."""
    some = list(ties)
    nodes = _Nodes(user, _NODES.read)
    nodes.get(pk for tie in some for pk in (tie.start.pk, tie.end.pk))
    known = nodes.known  # whom somebody hid or took away just now is not among them
    there = (tie for tie in some if tie.start.pk in known and tie.end.pk in known)
    return [tie._replace(start=known[tie.start.pk], end=known[tie.end.pk]) for tie in there]


class _Nodes:
    """The organisations that are known already, as far as a question reads them; seen by the reader."""

    def __init__(self, user: Reader, read: Callable[..., Iterable[Any]]) -> None:
        self.known: dict[int, Node] = {}
        self._user, self._read = user, read

    def get(self, keys: Iterable[int]) -> list[Node]:
        """Gets to know those of these that are not known yet."""
        unknown = set(keys) - self.known.keys()
        if not unknown:
            return []
        found = [Node(*row) for row in self._read(self._user, json.dumps(sorted(unknown)))]
        self.known |= {one.pk: one for one in found}
        return found


def _nodes(user: Reader, keys: str, columns: Iterable[str] = NODE) -> QuerySet[Any, Any]:
    """Those of a list of keys in JSON; of other columns nothing is read."""
    seen = visible_organisations(user).filter(OneOf("pk", keys), confirmed=True, illustrative=False).order_by()
    read = {"names_kept": Cast("names", TextField())}  # read when they are shown
    said = {f"n_{name}": read.get(name, F(name)) if name in columns else Value("") for name in NODE}
    return seen.annotate(**said).values_list(*said)


def _placed(user: Reader, keys: str) -> QuerySet[Any, Any]:
    return _nodes(user, keys, PLACED)


def _tie(one: Encounter, known: dict[int, Node]) -> Tie:
    """Since they first met, as far as that is known."""
    return Tie(known[one.start], known[one.end], one.kind, since=one.events[-1].start, events=tuple(one.events))


type _Row = tuple[Any, ...]


def _said(rows: QuerySet[Relation]) -> list[_Row]:
    days = days_as_words()
    return list(rows.order_by("pk").annotate(**days).values_list(*SAID, *days)[:MOST_READ])


def _read(said: list[_Row], nodes: _Nodes, moment: Moment, met: Iterable[Encounter] = ()) -> tuple[list[Tie], bool]:
    """The ties of these relations, and whether they are all there are. Who met at events is asked for with them."""
    ends = {pk for start, end, *_ in said for pk in (start, end)}
    found = nodes.get(ends.union(pk for one in met for pk in (one.start, one.end)))
    nodes.get(one.parent_id for one in found if one.is_body and one.parent_id)
    known = nodes.known
    here = {pk: known[pk] for pk in sorted(ends & known.keys())}
    here |= {one.parent_id: known[one.parent_id] for one in here.values() if one.is_body and one.parent_id in known}
    return [*_ties(said, known, moment), *_bodies(said, here)], len(said) < MOST_READ


def _as_asked(wanted: Wanted) -> Q:
    """Relations that ``_is_wanted`` finds, and those of bodies through what they are part of."""
    found = Q()
    if wanted.types:
        found &= Q(type__in=wanted.types)
    if wanted.kinds:
        found &= Q(from_organisation__kind__in=wanted.kinds, to_organisation__kind__in=wanted.kinds)
    if wanted.theme:
        found &= Q(*(Q(**{f"{end}__themes__contains": f",{wanted.theme},"}) for end in _BOTH), _connector=Q.OR)
    words = folded(wanted.question).split()
    if words:
        named = (Q(*(Q(**{f"{end}__folded__contains": word}) for word in words)) for end in _BOTH)
        found &= Q(*named, _connector=Q.OR)
    return found


_BOTH = ("from_organisation", "to_organisation")


def _near(user: Reader, centre: Organisation, moment: Moment) -> tuple[str, bool]:
    """An organisation and its neighbours, a list of keys in JSON; and whether it has more links than are read."""
    pairs = _FIRST.rows(user, centre.pk, *_days(moment))
    near = {pk for pair in pairs[:MOST_NEAR] for pk in pair} | {centre.pk}
    return json.dumps(sorted(near)), len(pairs) > MOST_NEAR


def _days(moment: Moment) -> tuple[str, str]:
    return str(moment.first), str(moment.last)


def _sound(user: Reader, first: str, last: str) -> QuerySet[Relation]:
    return possible_in_words(
        visible_relations(user).filter(confirmed=True, illustrative=False).order_by("pk"), first, last
    )


def _first(user: Reader, centre: int, first: str, last: str) -> QuerySet[Any, Any]:
    """The ends of its first links, and of one more."""
    # The first of each end: of both at once, the database would put all of them in order.
    rows = _sound(user, first, last)
    some = (rows.filter(**{end: centre}).values("pk")[: MOST_NEAR + 1] for end in _BOTH)
    both_ways = Relation.objects.filter(Q(*(Q(pk__in=keys) for keys in some), _connector=Q.OR))
    return both_ways.order_by("pk").values_list(*_BOTH)[: MOST_NEAR + 1]


def _between(near: str) -> Q:
    """What links these to each other."""
    # By where they begin: many end in a network of thousands, few begin there.
    both = Q(OneOf(NoIndex("to_organisation"), near), OneOf("from_organisation", near))
    # Their keys out of an index: in the order of keys, which need not be put in order then.
    return Q(pk__in=Relation.objects.filter(both).order_by().values("pk"))


def _links(user: Reader, near: str, first: str, last: str) -> QuerySet[Any, Any]:
    days = days_as_words()
    rows = _sound(user, first, last).filter(_between(near)).annotate(**days)
    return rows.values_list(*SAID, *days)[:MOST_READ]


_FIRST, _NEAR, _NODES, _PLACES = Prepared(_first), Prepared(_links), Prepared(_nodes), Prepared(_placed)


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
