"""Which relations a graph is of: as far as a reader sees them, as they may hold at a time, and as they were filtered.

The picture and the table beside it ask here, so that what one draws the other has. Of 200,000 relations few are read:
each question walks an index in its order and stops when it has enough. What nobody confirmed and examples stay out, as
on the map.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, StringAgg, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, In

from sympolis.office.core.enums import Visibility
from sympolis.office.core.prepared import Prepared, rows_of_all
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.core.texts import folded
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Moment, possible_in_words
from sympolis.office.directory.queries import NoIndex, of_kinds, visible_relations
from sympolis.office.events.enums import EncounterKind
from sympolis.web.public.links import DAYS, days_as_words
from sympolis.web.public.lists import PAGE_LENGTH

MOST_READ = 5_000  # of a federation's 200,000: who filters finds the others
MOST_NEAR = 1_000  # links of one organisation that lead to its neighbours
START, END = "from_organisation", "to_organisation"
ENDS = ("pk", START, END, "type")
SAID = ("role", *(f"r_{name}" for name in DAYS))
# Column by column as indexes have them, so that nothing has to be sorted: by where they begin or end, by type.
BY_START = (START, "type", "narrowest", "illustrative", END, "pk")
BY_END = (END, "type", "confirmed", START, "pk")
BY_TYPE = ("type", END, "narrowest", "illustrative", START, "pk")

SHAPES_KEPT = 200  # of questions, put into SQL once

type Row = tuple[Any, ...]
type Order = tuple[str, ...]


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


ALL = Wanted()


@dataclass(frozen=True, slots=True)
class Near:
    """An organisation and its neighbours, as a list of keys in JSON; without one, everybody."""

    centre: Organisation | None = None
    keys: str = ""
    is_cut: bool = False  # it has more links than its neighbours are read by


def near_to(user: Reader, moment: Moment, centre: Organisation | None) -> Near:
    """Whom its first links lead to: those it has to others before those that others have to it, a network's members."""
    if centre is None:
        return Near()
    if not centre.confirmed or centre.illustrative:
        return Near(centre, "[]")
    days = (str(moment.first), str(moment.last))
    pairs = rows_of_all(user, ((way, (centre.pk, *days)) for way in _first(MOST_NEAR)), MOST_NEAR + 1)
    keys = {pk for pair in pairs[:MOST_NEAR] for pk in pair} | {centre.pk}
    return Near(centre, json.dumps(sorted(keys)), len(pairs) > MOST_NEAR)


def links(
    user: Reader,
    moment: Moment,
    near: Near,
    wanted: Wanted,
    most: int,
    columns: tuple[str, ...] = ENDS,
    *,
    skip: int = 0,
    holders: Sequence[str] | None = None,
) -> list[Row]:
    """The first of them, always in the same order: so many at most, without those that are skipped. ``holders`` if
    they were asked for already."""
    if wanted.only_events:
        return []
    if holders is None:
        holders = holders_of(wanted)
    kinds, types = sorted(wanted.kinds), sorted(wanted.types)
    shape = Shape(bool(near.keys), len(kinds), len(types), len(holders))
    keys = (str(moment.first), str(moment.last), *([near.keys] if near.keys else ()), *kinds, *types, *holders)
    parts = _parts(shape, _few_numbers(most), columns)
    return rows_of_all(user, ((part, keys) for part in parts), most - skip, skip)


def _few_numbers(most: int) -> int:
    """At least so many: the SQL of each number is kept."""
    return PAGE_LENGTH << ((most - 1) // PAGE_LENGTH).bit_length()


def holders_of(wanted: Wanted) -> list[str]:
    """Of the words and the theme that were asked for, whom one end of a link has to be among, a list of keys in JSON
    each: all of these kinds, whoever may see them, to ask for rows by, which the reader sees. One question."""
    asked = list(_one_end(wanted))
    if not asked:
        return []
    found = Organisation.objects.order_by()
    if wanted.kinds:
        found = found.filter(In(NoIndex("pk"), of_kinds(sorted(wanted.kinds)).query))
    first, *others = (
        found.filter(one).values(at=Value(at)).annotate(keys=StringAgg(Cast("pk", TextField()), Value(",")))
        for at, one in enumerate(asked)
    )
    keys = dict(first.union(*others, all=True).order_by().values_list("at", "keys"))
    return [f"[{keys.get(at) or ''}]" for at in range(len(asked))]


def _one_end(wanted: Wanted) -> Iterator[Q]:
    """What one end has to have; words first, since fewer have them."""
    if words := folded(wanted.question).split():
        yield Q(*(Q(folded__contains=word) for word in words))
    if wanted.theme:
        yield Q(themes__contains=f",{wanted.theme},")


@cache
def _first(most: int) -> tuple[Prepared, Prepared]:
    """The ends of the first links that one organisation has to others, and others to it, and of one more."""

    def question(end: str, order: Order, user: Reader, centre: int, *days: str) -> QuerySet[Any, Any]:
        rows = _of_the_sound(_sound(user, *days).filter(**{end: centre}), {START, END} - {end})
        return rows.order_by(*order).values_list(START, END)[: most + 1]

    return Prepared(partial(question, START, BY_START[1:])), Prepared(partial(question, END, BY_END[1:]))


def _sound(user: Reader, first: str, last: str) -> QuerySet[Relation]:
    """What may have held on these days and is confirmed and no example."""
    # Of columns that it knows to be always the same, SQLite does not see that an index is in their order.
    real = Exact(NoIndex("confirmed"), True), Exact(NoIndex("illustrative"), False)
    return possible_in_words(visible_relations(user).filter(*real), first, last)


def _between(rows: QuerySet[Relation], near: str) -> QuerySet[Relation]:
    """By where they begin: many end in a network of thousands, few begin there."""
    return rows.filter(OneOf(NoIndex(END), near), OneOf(START, near)) if near else rows


def _of_the_sound(rows: QuerySet[Relation], ends: Iterable[str]) -> QuerySet[Relation]:
    """Those whose ends are confirmed and no examples. The few that are not are listed, and looked for last: to look at
    the ends of each relation takes far longer."""
    examples = Organisation.objects.filter(illustrative=True, visibility__in=list(Visibility)).order_by().values("pk")
    left_out = Organisation.objects.filter(confirmed=False).order_by().values("pk").union(examples, all=True).query
    for end in ends:
        rows = rows.exclude(In(NoIndex(end), left_out))
    return rows


class Shape(NamedTuple):
    """What SQL depends on beside who asks: whether it is about neighbours, how many kinds, types and lists of
    organisations that one end is among."""

    is_near: bool
    kinds: int
    types: int
    holders: int


@lru_cache(maxsize=SHAPES_KEPT)
def _parts(shape: Shape, most: int, columns: tuple[str, ...]) -> tuple[Prepared, ...]:
    """Questions whose rows are taken one after the other until there are enough."""

    def question(goes_by: str, user: Reader, first: str, last: str, *keys: str) -> QuerySet[Any, Any]:
        left = iter(keys)
        rows = _sound(user, first, last)
        rows = _between(rows, next(left)) if shape.is_near else rows
        kinds, types, holders = (list(islice(left, many)) for many in shape[1:])
        if types:
            rows = rows.filter(type__in=types)
        rows, order = _by_ends(rows, goes_by, kinds, holders) if holders else _by_kinds(rows, kinds, bool(types))
        rows = rows if shape.is_near else _of_the_sound(rows, (START, END))  # neighbours are sound already
        return rows.order_by(*order).annotate(**days_as_words()).values_list(*columns)[:most]

    return tuple(Prepared(partial(question, end)) for end in ((START, END) if shape.holders else (START,)))


def _by_kinds(rows: QuerySet[Relation], kinds: list[str], has_types: bool) -> tuple[QuerySet[Relation], Order]:
    order = BY_TYPE if has_types else BY_START
    if not kinds:
        return rows, order
    goes_by, other = (END, START) if has_types else (START, END)
    these = of_kinds(kinds)
    return rows.filter(In(NoIndex(other), these.query), **{f"{goes_by}__in": these}), order


def _by_ends(
    rows: QuerySet[Relation], goes_by: str, kinds: list[str], holders: list[str]
) -> tuple[QuerySet[Relation], Order]:
    """Those that begin at one of the first list, or that end there and begin elsewhere; of other lists one end is."""
    first, *others = holders
    for other in others:
        rows = rows.filter(Q(OneOf(NoIndex(START), other)) | Q(OneOf(NoIndex(END), other)))
    rows = rows.filter(OneOf(goes_by, first))
    if kinds:
        rows = rows.filter(In(NoIndex(END if goes_by == START else START), of_kinds(kinds).query))
    return (rows, BY_START) if goes_by == START else (rows.exclude(OneOf(NoIndex(START), first)), BY_END)
