"""Which relations a graph is of: as far as a reader sees them, as they may hold at a time, and as they were filtered.

The picture and the table beside it ask here, so that what one draws the other has. Of 200,000 relations few are read:
each question walks an index in its order and stops when it has enough. What nobody confirmed and examples stay out, as
on the map.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import islice
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F, Lookup, Q, QuerySet, StringAgg, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, In

from sympolis.office.core.enums import Visibility
from sympolis.office.core.prepared import Prepared, rows_of_all, sql_of_all
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.core.texts import folded
from sympolis.office.directory.enums import NETWORK_KINDS
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.directory.moments import Moment, possible_in_words
from sympolis.office.directory.queries import NoIndex, of_kinds, visible_relations
from sympolis.office.events.enums import EncounterKind
from sympolis.web.public.links import DAYS, days_as_words
from sympolis.web.public.lists import PAGE_LENGTH

MOST_READ = 5_000  # of a federation's 200,000: who filters finds the others
MOST_LISTED = 800  # of more, in the table beside the picture; a file has all that are read
MOST_NEAR = 1_000  # links of one organisation that lead to its neighbours
type Row = tuple[Any, ...]
type Order = tuple[str, ...]
START, END = "from_organisation", "to_organisation"
ENDS = ("pk", START, END, "type")
SAID = ("role", *(f"r_{name}" for name in DAYS))
# Column by column as indexes have them, so that nothing has to be sorted: by where they begin or end, by type.
BY_START: Order = (START, "type", "narrowest", "illustrative", END, *DAYS[:4], "confirmed", "pk")
BY_END: Order = (END, "type", "confirmed", START, "since_earliest", "until_latest", "narrowest", "illustrative", "pk")
BY_TYPE: Order = ("type", END, "narrowest", "illustrative", START, "since_earliest", "until_latest", "confirmed", "pk")
TELLING = "telling"

FEW_HOLDERS = 500  # so few organisations are gone by, where a type was asked for too
BY_SINCE = (*ENDS, "r_since_earliest")
_AS_CODES = {"sqlite": "", "postgresql": ' COLLATE "C"'}  # as Python sorts
SHAPES_KEPT = 200  # of questions, put into SQL once


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

    @property
    def is_of_ends(self) -> bool:
        """Whether it says whose links are wanted."""
        return bool(self.kinds or self.theme or self.question)


ALL = Wanted()


@dataclass(frozen=True, slots=True)
class Near:
    """An organisation and its neighbours, as a list of keys in JSON; without one, everybody."""

    centre: Organisation | None = None
    keys: str = ""
    is_cut: bool = False  # it has more links than its neighbours are read by


@dataclass(frozen=True, slots=True)
class Sort:
    """By which column of the table, whether the last come first, and where each type stands among others: its place as
    a word."""

    column: str
    is_turned: bool
    places: dict[str, str]


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
    holders: Sequence[str] | None = None,
    telling: str = "",
) -> list[Row]:
    """The first of them, always in the same order: so many at most. ``holders`` if they were asked for already; links
    among those of ``telling`` (``graph_telling``) come before all others."""
    return rows_of_all(user, asked_for(moment, near, wanted, most, columns, holders, telling), most)


def asked_for(
    moment: Moment,
    near: Near,
    wanted: Wanted,
    most: int,
    columns: tuple[str, ...],
    holders: Sequence[str] | None,
    telling: str,
) -> list[tuple[Prepared, tuple[str, ...]]]:
    """The questions whose rows, one after the other, are the links that were filtered."""
    if wanted.only_events:
        return []
    if holders is None:
        holders = holders_of(wanted, near)
    if near.centre or wanted.is_of_ends:  # who asks for some finds them by whom they asked for
        telling = ""
    kinds, types = sorted(wanted.kinds), sorted(wanted.types)
    goes_by_type = bool(types and holders and not near.keys and not are_few(holders[0]))
    has_networks = not NETWORK_KINDS.isdisjoint(kinds)
    shape = Shape(bool(near.keys), bool(telling), goes_by_type, has_networks, len(kinds), len(types), len(holders))
    lists = [keys for keys in (near.keys, telling) if keys]
    keys = (str(moment.first), str(moment.last), *lists, *kinds, *types, *holders)
    return [(part, keys) for part in _parts(shape, _few_numbers(most), columns)]


def are_more_than(user: Reader, moment: Moment, most: int) -> bool:
    """Whether there are more links than so many: to count them takes half as long as to read them."""
    parts, values = sql_of_all(user, asked_for(moment, Near(), ALL, most + 1, ENDS, None, ""))
    sql = f"SELECT COUNT(*) FROM ({parts} LIMIT %s) AS told"  # noqa: S608 - Django's own SQL
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, most + 1])
        (many,) = cursor.fetchone()
    return bool(many > most)


class Placed(NamedTuple):
    """A link and what it is sorted by: what sorts it first, then two more, then its key."""

    pk: int
    start: int
    end: int
    type: str
    first: str
    second: str
    third: str
    many: int  # how many links there are


def sorted_links(
    user: Reader, asked: list[tuple[Prepared, tuple[str, ...]]], sort: Sort, most: int
) -> tuple[list[Placed], int]:
    """So many at most of the first ``MOST_LISTED`` of these links as somebody sorted them; and how many there are, one
    more than ``MOST_LISTED`` where there are more.

    The database puts them in order: to read them all with the names of their ends takes far longer than a page.
    """
    if not asked:
        return [], 0
    parts, values = sql_of_all(user, asked)
    name, other = f"a.sort_key{_AS_CODES[connection.vendor]}", f"b.sort_key{_AS_CODES[connection.vendor]}"
    place = f"CASE s.type {'WHEN %s THEN %s ' * len(sort.places)}ELSE '' END"
    since = "COALESCE(s.r_since_earliest, '')"
    first = {"who": name, "whom": other, "relation": place, "since": since}[sort.column]
    by = {"who": (first, place, other), "whom": (first, place, name)}.get(sort.column, (first, name, other))
    turned = " DESC" if sort.is_turned else ""
    # Their order is that of the questions: what is beyond the first so many is left out before anything is sorted.
    sql = f"""
        WITH told AS MATERIALIZED ({parts} LIMIT {MOST_LISTED + 1}), s AS (SELECT * FROM told LIMIT {MOST_LISTED})
        SELECT s.pk, s.from_organisation, s.to_organisation, s.type, {by[0]}, {by[1]}, {by[2]},
            (SELECT COUNT(*) FROM told)
        FROM s JOIN directory_organisation a ON a.id = s.from_organisation
            JOIN directory_organisation b ON b.id = s.to_organisation
        ORDER BY 5{turned}, 6{turned}, 7{turned}, 1{turned} LIMIT %s
    """  # noqa: S608 - Django's own SQL and names of ours
    ranks = [part for pair in sort.places.items() for part in pair] if sort.column != "since" else []
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *ranks, most])
        rows = cursor.fetchall()
    return [Placed(*row) for row in rows], rows[0][-1] if rows else 0


def are_few(keys: str) -> bool:
    """Whether a list of keys in JSON is a short one."""
    return keys.count(",") < FEW_HOLDERS


def _few_numbers(most: int) -> int:
    """At least so many: the SQL of each number is kept."""
    return PAGE_LENGTH << ((most - 1) // PAGE_LENGTH).bit_length()


def holders_of(wanted: Wanted, near: Near) -> list[str]:
    """Of the words and the theme that were asked for, whom one end of a link has to be among, a list of keys in JSON
    each: all of these kinds, whoever may see them, to ask for rows by, which the reader sees. One question."""
    words = folded(wanted.question).split()
    asked = [("folded", tuple(_containing(word) for word in words))] if words else []  # first: fewer have them
    asked += [("themes", (f"%,{wanted.theme},%",))] if wanted.theme else []
    if not asked:
        return []
    kinds = sorted(wanted.kinds)
    question = _holders(bool(near.keys), len(kinds), tuple((column, len(parts)) for column, parts in asked))
    nears = [near.keys] if near.keys else []
    keys = dict(question.rows(AnonymousUser(), *nears, *kinds, *(part for _, parts in asked for part in parts)))
    return [f"[{keys.get(at) or ''}]" for at in range(len(asked))]


def _containing(word: str) -> str:
    return f"%{connection.ops.prep_for_like_query(word)}%"


class _Like(Lookup[Any]):
    """Whether a column is like a pattern, which is a value of its own: see ``Prepared``."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, values = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s ESCAPE '\\'", (*values, self.rhs)


@lru_cache(maxsize=SHAPES_KEPT)
def _holders(is_near: bool, many_kinds: int, columns: tuple[tuple[str, int], ...]) -> Prepared:
    """By columns and how many patterns each has to be like."""

    def question(_user: Reader, *keys: str) -> QuerySet[Any, Any]:
        left = iter(keys)
        found = Organisation.objects.order_by()
        if is_near:
            found = found.filter(OneOf("pk", next(left)))
        if kinds := list(islice(left, many_kinds)):
            found = found.filter(In(NoIndex("pk"), of_kinds(kinds).query))
        first, *others = (
            found.filter(*(_Like(F(column), next(left)) for _ in range(many)))
            .values(at=Value(at))
            .annotate(keys=StringAgg(Cast("pk", TextField()), Value(",")))
            for at, (column, many) in enumerate(columns)
        )
        return first.union(*others, all=True).order_by().values_list("at", "keys")

    return Prepared(question)


@cache
def _first(most: int) -> tuple[Prepared, Prepared]:
    """The ends of the first links that one organisation has to others, and others to it, and of one more."""

    def question(end: str, order: Order, user: Reader, centre: int, *days: str) -> QuerySet[Any, Any]:
        rows = _of_the_sound(_sound(user, *days).filter(**{end: centre}), {START, END} - {end})
        return rows.order_by(*order).values_list(START, END)[: most + 1]

    return Prepared(partial(question, START, BY_START[1:])), Prepared(partial(question, END, BY_END[1:]))


def _sound(user: Reader, first: str, last: str) -> QuerySet[Relation]:
    """What may have held on these days and is confirmed and no example."""
    return possible_in_words(real_relations(user), first, last)


def real_relations(user: Reader) -> QuerySet[Relation]:
    """What is confirmed and no example, of any time."""
    # Of columns that it knows to be always the same, SQLite does not see that an index is in their order.
    return visible_relations(user).filter(Exact(NoIndex("confirmed"), True), Exact(NoIndex("illustrative"), False))


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
    """What SQL depends on beside who asks: whether it is about neighbours, whether some come first, whether it goes by
    type though it is asked for ends, whether networks are among the kinds; how many kinds, types and lists of
    organisations that one end is among. The kinds themselves are not known where it is made: see ``Prepared``."""

    is_near: bool
    is_telling: bool
    goes_by_type: bool
    has_networks: bool
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
        telling = next(left) if shape.is_telling else ""
        kinds, types, holders = (list(islice(left, many)) for many in shape[4:])
        if types:
            rows = rows.filter(type__in=types)
        if goes_by == TELLING:
            rows, order = _between(rows, telling), BY_START
        else:
            rows = _less_between(rows, telling) if telling else rows
            if holders and not shape.goes_by_type:
                rows, order = _by_ends(rows, goes_by, kinds, holders)
            else:
                rows, order = _by_kinds(_with_ends(rows, holders), kinds, shape)
        if not shape.is_near and goes_by != TELLING:  # those are sound already
            rows = _of_the_sound(rows, (START, END))
        return rows.order_by(*order).annotate(**days_as_words()).values_list(*columns)[:most]

    by_ends = shape.holders and not shape.goes_by_type
    ways = (START, END) if by_ends else (TELLING, START) if shape.is_telling else (START,)
    return tuple(Prepared(partial(question, way)) for way in ways)


def _less_between(rows: QuerySet[Relation], keys: str) -> QuerySet[Relation]:
    return rows.exclude(OneOf(NoIndex(START), keys), OneOf(NoIndex(END), keys))


def _with_ends(rows: QuerySet[Relation], holders: list[str]) -> QuerySet[Relation]:
    """Those of which one end is among each of these lists."""
    for keys in holders:
        rows = rows.filter(Q(OneOf(NoIndex(START), keys)) | Q(OneOf(NoIndex(END), keys)))
    return rows


def _by_kinds(rows: QuerySet[Relation], kinds: list[str], shape: Shape) -> tuple[QuerySet[Relation], Order]:
    """Most links end in a network: what others have with each other is sooner found by where it ends."""
    order = BY_TYPE if shape.types else BY_START
    if not kinds:
        return rows, order
    goes_by, other = (END, START) if shape.types else (START, END)
    if not (shape.types or shape.is_near or shape.has_networks):
        (goes_by, other), order = (END, START), BY_END
    these = of_kinds(kinds)
    return rows.filter(In(NoIndex(other), these.query), **{f"{goes_by}__in": these}), order


def _by_ends(
    rows: QuerySet[Relation], goes_by: str, kinds: list[str], holders: list[str]
) -> tuple[QuerySet[Relation], Order]:
    """Those that begin at one of the first list, or that end there and begin elsewhere; of other lists one end is."""
    first, *others = holders
    rows = _with_ends(rows, others).filter(OneOf(goes_by, first))
    if kinds:
        rows = rows.filter(In(NoIndex(END if goes_by == START else START), of_kinds(kinds).query))
    return (rows, BY_START) if goes_by == START else (rows.exclude(OneOf(NoIndex(START), first)), BY_END)
