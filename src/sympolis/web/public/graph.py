"""The graph of relations: organisations, what links them at a time, and of those what a reader filtered.

What nobody confirmed and examples stay out, as on the map. A body is linked to what it is part of. Who met at events
is drawn for who switches it on: among so many others these links would hide the relations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from sympolis.engine.model import PartialDate
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.core.texts import folded
from sympolis.office.directory.enums import BODY, RelationType
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Holds, Moment
from sympolis.office.directory.queries import NoIndex, visible_organisations, visible_relations
from sympolis.office.events.encounters import Encounter, Held, encounters_of
from sympolis.office.events.enums import EncounterKind
from sympolis.web.public.links import Times, days_as_words, relation_label, role_label
from sympolis.web.public.lists import language
from sympolis.web.public.named import Called

MOST_NODES, MOST_LINKS = 1_000, 5_000  # what is drawn; the table has all that are read
MOST_READ = 5_000  # of a federation's 200,000: who filters finds the others
MOST_NEAR = 1_000  # neighbours of one organisation
EVENTS_NAMED = 8
NODE = (
    "pk", "public_id", "slug", "name", "name_language", "names_kept", "short_name", "country", "kind", "sort_key",
    "themes", "folded", "parent",
)  # fmt: skip
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
    at_events: Counter[str] = field(default_factory=Counter)  # how many encounters of each kind, drawn or not

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
    user: Reader, moment: Moment, wanted: Wanted, centre: Organisation | None = None, *, counts_events: bool = False
) -> Graph:
    """Of all organisations, or of one with its neighbours and what links those: eight questions at most.

    What a reader filters is asked of the database: among 200,000 relations it may be the last ones that are wanted.
    """
    rows = moment.possible(visible_relations(user).filter(confirmed=True, illustrative=False))
    if centre is not None:
        rows = rows.filter(_around(centre, rows))
    known: dict[int, Node] = {}
    everything, is_whole = _read(user, moment, rows, known)
    found = everything
    if wanted.narrows:
        if not is_whole:
            found, is_whole = _read(user, moment, rows.filter(_as_asked(wanted)), known)
        found = [tie for tie in found if _is_wanted(tie, wanted)]
    counts: Counter[str] = Counter()
    if wanted.at_events or counts_events:
        met, are_all = _met(user, moment, centre, known)
        counts = Counter(tie.type for tie in met)
        on = [tie for tie in met if tie.type in wanted.at_events]
        everything, found = [*everything, *on], [*found, *(tie for tie in on if _are_wanted(tie, wanted))]
        is_whole = is_whole and (are_all or not wanted.at_events)
    return Graph(everything, found, centre, is_whole, counts)


def _met(user: Reader, moment: Moment, centre: Organisation | None, known: dict[int, Node]) -> tuple[list[Tie], bool]:
    """What organisations had to do with each other at events, and whether that is all there is."""
    found, are_all = encounters_of(user, moment, centre)
    _get_known(user, {pk for one in found for pk in (one.start, one.end)}, known)
    return [_tie(one, known) for one in found if one.start in known and one.end in known], are_all


def _tie(one: Encounter, known: dict[int, Node]) -> Tie:
    """Since they first met, as far as that is known."""
    return Tie(known[one.start], known[one.end], one.kind, since=one.events[-1].start, events=tuple(one.events))


def _read(user: Reader, moment: Moment, rows: QuerySet[Relation], known: dict[int, Node]) -> tuple[list[Tie], bool]:
    """The ties of these relations, and whether they are all there are."""
    days = days_as_words()
    said = list(rows.order_by("pk").annotate(**days).values_list(*SAID, *days)[:MOST_READ])
    ends = {pk for start, end, *_ in said for pk in (start, end)}
    _get_known(user, ends, known)
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


def _around(centre: Organisation, rows: QuerySet[Relation]) -> Q:
    """What links it to its neighbours, and those to each other."""
    # The first of each end: of both at once, the database would put all of them in order.
    first = (rows.filter(**{end: centre}).order_by("pk").values("pk")[:MOST_NEAR] for end in _BOTH)
    both_ways = rows.filter(Q(*(Q(pk__in=some) for some in first), _connector=Q.OR))
    pairs = both_ways.order_by("pk").values_list(*_BOTH)[:MOST_NEAR]
    near = {pk for pair in pairs for pk in pair} | {centre.pk}
    # By where they begin: many end in a network of thousands, few begin there.
    return Q(OneOf(NoIndex("to_organisation"), near), OneOf("from_organisation", near))


def _get_known(user: Reader, ends: set[int], known: dict[int, Node]) -> None:
    """Those at the ends, and what the bodies among them are part of, beside those that are known already."""
    seen = visible_organisations(user).filter(confirmed=True, illustrative=False).order_by()
    names = Cast("names", TextField())  # read when they are shown
    nodes = seen.annotate(names_kept=names).values_list(*NODE)
    unknown = ends - known.keys()
    found = [Node(*row) for row in nodes.filter(OneOf("pk", unknown))] if unknown else []
    known |= {one.pk: one for one in found}
    if parents := {one.parent_id for one in found if one.is_body and one.parent_id} - known.keys():
        known |= {row[0]: Node(*row) for row in nodes.filter(OneOf("pk", parents))}


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
