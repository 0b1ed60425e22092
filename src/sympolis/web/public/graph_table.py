"""The table beside a graph, a page at a time, and what there is to filter by.

Of few links all are read: they are counted by kind and type, and the best linked come first. Of more only the pages up
to the one that is shown are read, in the order in which an index has them, a thousand at most; the picture's data says
how many there are, when it comes. Both ask ``graph_links``, so that the table begins with what the picture shows; all
that the picture is of goes out as a file (``graph_file``).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.safestring import SafeString

from sympolis.engine.model import PartialDate
from sympolis.engine.texts import vocabulary
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.directory.enums import BODY, RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.moments import Holds, Moment, possible_in_words
from sympolis.office.directory.queries import visible_organisations, visible_relations
from sympolis.office.events.encounters import MOST_PAIRS, Encounter, Latest, encounters_between, encounters_of
from sympolis.web.public.graph import Nodes, Tie, tie_label, tie_of
from sympolis.web.public.graph_links import (
    ALL,
    BY_SINCE,
    END,
    MOST_LISTED,
    MOST_NEAR,
    SAID,
    START,
    Near,
    Placed,
    Sort,
    Wanted,
    are_few,
    are_more_than,
    asked_for,
    holders_of,
    links,
    near_to,
    sorted_links,
)
from sympolis.web.public.graph_telling import are_surely_many, telling, were_many
from sympolis.web.public.links import Times, days_as_words
from sympolis.web.public.lists import PAGE_LENGTH

FEW = 800  # links that are all read and counted
AHEAD = 4 * PAGE_LENGTH  # of more, how many are looked for at least
LATEST_EVENTS = 100  # of more, at how many events it is looked who met: the latest of all
SORTS = ("who", "relation", "whom", "since")


class Line(NamedTuple):
    """A row of the table before it is read: a relation, a body and what it is part of, or who met at events."""

    relation: int
    start: int
    end: int
    type: str
    met: Encounter | None = None


class Place(NamedTuple):
    """What counts organisations and puts them in order."""

    pk: int
    kind: str
    sort_key: str
    parent: int | None


class Body(NamedTuple):
    """A commission and what it is a commission of."""

    pk: int
    sort_key: str
    of: int
    of_kind: str
    of_sort_key: str

    @property
    def line(self) -> Line:
        return Line(0, self.pk, self.of, RelationType.PART_OF)


@dataclass(frozen=True, slots=True)
class Facet:
    """One kind or type to filter by, which is the legend as well: how it is drawn, its word, how many there are."""

    code: str
    label: str
    chosen: bool
    count: int | None  # None: the picture's data tells
    mark: SafeString


@dataclass(frozen=True)
class Table:
    """A page of links, how many there are as far as that is known, and what they can be filtered by."""

    page: Page[Any]
    kinds: frozenset[str]
    types: frozenset[str]
    counts: Counter[str] | None  # of kinds, types and encounters before anything is filtered; None: the picture tells
    is_cut: bool  # there are more than are ever read
    is_near_cut: bool  # the centre has more links than its neighbours are read by
    organisations: int = 0  # how many are linked, where all links are read
    is_sortable: bool = True

    def count(self, code: str) -> int | None:
        return None if self.counts is None else self.counts[code]

    @property
    def many(self) -> int:
        """How many links there are, or surely are."""
        more_than: int | None = self.page.paginator.more_than  # type: ignore[attr-defined]  # ours
        return more_than or self.page.paginator.count

    @property
    def is_listed_in_part(self) -> bool:
        """Whether there are more, or may be more, than the table ever has."""
        return self.counts is None and bool(self.is_cut or self.page.paginator.more_than)  # type: ignore[attr-defined]

    @property
    def most_listed(self) -> int:
        return MOST_LISTED

    @property
    def latest_events(self) -> int:
        return LATEST_EVENTS

    @property
    def most_near(self) -> int:
        return MOST_NEAR


class Window(Sequence[Line]):
    """The first lines, of which those after them were not read: that there are so many is known."""

    def __init__(self, lines: Sequence[Line], after: int) -> None:
        self.lines, self.after = lines, after

    def __len__(self) -> int:
        return len(self.lines) + self.after

    def __getitem__(self, at: Any) -> Any:
        return self.lines[at]


class Known(Paginator[Any]):
    """Pages of what was found, of which there may be more."""

    def __init__(self, found: Sequence[Any], more_than: int | None) -> None:
        super().__init__(found, PAGE_LENGTH)
        self.more_than = more_than


def table_of(
    user: Reader, moment: Moment, wanted: Wanted, centre: Organisation | None, sort: str, page: str | None
) -> Table:
    """Of all organisations, or of one with its neighbours and what links those: nine questions at most."""
    near, is_of_today = near_to(user, moment, centre), centre is None and moment.is_today
    many = _Many(user, moment, wanted, near)
    if near.is_cut or (is_of_today and are_surely_many(user)):
        return many.table(sort, page)
    if centre is None and are_more_than(user, moment, FEW):
        if is_of_today:
            were_many(user)
        return many.table(sort, page)
    every = links(user, moment, near, ALL, FEW + 1)
    if len(every) > FEW:
        return many.table(sort, page)
    return _Few(user, moment, wanted, near).table([Line(*row) for row in every], sort, page)


@dataclass
class _Reading:
    """What is asked for one table."""

    user: Reader
    moment: Moment
    wanted: Wanted
    near: Near
    places: dict[int, Place] = field(default_factory=dict)
    said: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    knows_all_events: bool = True  # False: of who met there may be earlier events that they have in common

    @cached_property
    def holders(self) -> list[str]:
        return holders_of(self.wanted, self.near)

    def learn(self, lines: Iterable[Line]) -> None:
        """Gets to know the ends of these that are not known yet and may be drawn, and what bodies among them are of."""
        unknown = {pk for line in lines for pk in (line.start, line.end)} - self.places.keys()
        if unknown:
            found = (Place(*row) for row in _PLACES.rows(self.user, json.dumps(sorted(unknown))))
            self.places |= {one.pk: one for one in found}

    def known(self, lines: Iterable[Line]) -> list[Line]:
        return [line for line in lines if line.start in self.places and line.end in self.places]

    def met(self) -> tuple[list[Line], bool]:
        met, are_all = encounters_of(self.user, self.moment, self.near.centre)
        return [Line(0, one.start, one.end, one.kind, one) for one in met], are_all

    def fitting(self, lines: list[Line]) -> list[Line]:
        """Those whose ends are as they were filtered."""
        places, wanted = self.places, self.wanted
        found = lines
        if kinds := wanted.kinds:
            found = [one for one in found if places[one.start].kind in kinds and places[one.end].kind in kinds]
        for keys in self.holders:
            holders = set(json.loads(keys))
            found = [one for one in found if one.start in holders or one.end in holders]
        return found

    def in_order(self, lines: list[Line], sort: str) -> list[Line]:
        """As the reader sorted: each by its names after that."""
        places = self.places
        names = {pk: one.sort_key for pk, one in places.items()}
        since = self._since(lines) if sort.endswith("since") else {}
        labels = {type_: tie_label(type_, True) for type_ in {line.type for line in lines}}
        keys: dict[str, Any] = {
            "who": lambda one: (names[one.start], one.type, names[one.end]),
            "relation": lambda one: (labels[one.type], names[one.start], names[one.end]),
            "whom": lambda one: (names[one.end], one.type, names[one.start]),
            "since": lambda one: (
                str(one.met.events[-1].start if one.met else since.get(one.relation, PartialDate())),
                names[one.start],
                names[one.end],
            ),
        }
        return sorted(lines, key=keys[sort.removeprefix("-")], reverse=sort.startswith("-"))

    def _since(self, lines: Iterable[Line]) -> dict[int, PartialDate]:
        times = Times(self.moment)
        self._hear(lines)
        return {pk: times[tuple(days)][0] for pk, (_role, *days) in self.said.items()}

    def _hear(self, lines: Iterable[Line]) -> None:
        """Of relations that were not asked yet their roles and their days, as words."""
        keys = sorted({line.relation for line in lines if line.relation} - self.said.keys())
        if keys:
            self.said |= {pk: tuple(said) for pk, *said in _DETAILS.rows(self.user, json.dumps(keys))}

    def page(self, lines: Sequence[Line], number: str | None, more_than: int | None = None) -> Page[Any]:
        """The page that is shown, read: two questions."""
        page = Known(lines, more_than).get_page(number)
        page.object_list = self._read(list(page.object_list))
        return page

    def _read(self, lines: Sequence[Line]) -> list[Tie]:
        nodes = Nodes(self.user)
        nodes.get(pk for line in lines for pk in (line.start, line.end))
        met = self._events_of(lines)
        known = nodes.known  # whom somebody hid or took away just now is not among them
        self._hear(lines)
        said, times = self.said, Times(self.moment)
        ties = []
        for line in lines:
            if line.start not in known or line.end not in known or (line.relation and line.relation not in said):
                continue
            if line.met:
                ties.append(tie_of(met.get((line.type, line.start, line.end), line.met), known))
                continue
            role, *days = said.get(line.relation, ("",))
            since, until, holds = times[tuple(days)] if days else (PartialDate(), PartialDate(), Holds.YES)
            ties.append(Tie(known[line.start], known[line.end], line.type, role, since, until, holds))
        return ties

    def _events_of(self, lines: Iterable[Line]) -> dict[tuple[str, int, int], Encounter]:
        """By kind and ends, who met with all events they have in common."""
        met = [line.met for line in lines if line.met]
        if self.knows_all_events or not met:
            return {}
        found = encounters_between(self.user, self.moment, met)
        return {(one.kind, one.start, one.end): one for one in found}


class _Few(_Reading):
    """All links there are are read."""

    def table(self, relations: list[Line], sort: str, page: str | None) -> Table:
        met, are_all = self.met()
        self.learn([*relations, *met])
        met, relations = self.known(met), self.known(relations)
        told = [*relations, *self._bodies(relations)]
        on = [line for line in met if line.type in self.wanted.at_events]
        kinds = Counter(self.places[pk].kind for pk in {pk for line in (*told, *on) for pk in (line.start, line.end)})
        types = Counter(line.type for line in (*told, *on))
        counts = kinds + types + Counter(line.type for line in met if line.type not in types)
        wanted = self.wanted
        asked = [line for line in told if not wanted.types or line.type in wanted.types]
        rows = self.fitting([*(asked if not wanted.only_events else ()), *on])
        degrees = Counter(pk for line in rows for pk in (line.start, line.end))
        rows = self.in_order(rows, sort if sort.removeprefix("-") in SORTS else "who")
        if sort.removeprefix("-") not in SORTS:  # the best linked first
            rows.sort(key=lambda line: -degrees[line.start])
        is_cut = bool(wanted.at_events) and not are_all
        return Table(
            self.page(rows, page), frozenset(kinds), frozenset(types), counts, is_cut, self.near.is_cut, len(degrees)
        )

    def _bodies(self, relations: Sequence[Line]) -> list[Line]:
        """A commission and what it is a commission of, unless a relation says so already."""
        told = {(line.start, line.end) for line in relations if line.type == RelationType.PART_OF}
        here = (self.places[pk] for pk in sorted({pk for line in relations for pk in (line.start, line.end)}))
        bodies = ((one.pk, one.parent) for one in here if one.kind == BODY and one.parent in self.places)
        return [Line(0, body, of, RelationType.PART_OF) for body, of in bodies if of and (body, of) not in told]


class _Many(_Reading):
    """As many are looked for as it takes to show the page and the way to the next ones: ``MOST_LISTED`` at most."""

    kinds: frozenset[str] | None = None  # if they were asked for with others

    def table(self, sort: str, page: str | None) -> Table:
        """Who met at events is found from the latest event on, which leaves no order to the reader."""
        if not self.wanted.at_events and sort.removeprefix("-") in SORTS:
            return self._sorted(sort, page)
        before = (_number(page) - 1) * PAGE_LENGTH
        met, are_all_met = self._switched_on()
        if len(met) > before + AHEAD:
            return self._table(Window(met, 1), page, not are_all_met)
        found, has_more = self._found(min(max(AHEAD, before - len(met) + PAGE_LENGTH), MOST_LISTED))
        is_cut = has_more and len(found) == MOST_LISTED
        lines = found if has_more and not is_cut else [*found, *(one.line for one in self._bodies())]
        shown = Window([*met, *lines], int(has_more and not is_cut))
        return self._table(shown, page, is_cut or not are_all_met, has_more)

    def _table(self, shown: Window, page: str | None, is_cut: bool, has_more: bool = True) -> Table:
        return Table(
            self.page(shown, page, len(shown.lines) if has_more else None),
            self._kinds(),
            frozenset(_codes("relation_types")),
            None,
            is_cut,
            self.near.is_cut,
            is_sortable=not self.wanted.at_events,
        )

    @cached_property
    def telling(self) -> str:
        return "" if self.near.centre else telling()

    def _found(self, most: int) -> tuple[list[Line], bool]:
        """The first relations, and whether there are more."""
        rows = links(
            self.user, self.moment, self.near, self.wanted, most + 1, holders=self.holders, telling=self.telling
        )
        return [Line(*row) for row in rows[:most]], len(rows) > most

    def _sorted(self, sort: str, page: str | None) -> Table:
        """The database sorts links; the few bodies that no relation tells of are put among these."""
        asked = asked_for(
            self.moment, self.near, self.wanted, MOST_LISTED + 1, BY_SINCE, self.holders, self.telling
        )  # fmt: skip
        order = Sort(sort.removeprefix("-"), sort.startswith("-"), _places_of_types())
        rows, many = sorted_links(self.user, asked, order, min(_number(page) * PAGE_LENGTH, MOST_LISTED))
        shown = self._merged(rows, self._bodies(), order, min(many, MOST_LISTED))
        return self._table(shown, page, many > MOST_LISTED, many > MOST_LISTED)

    def _merged(self, rows: Sequence[Placed], bodies: Sequence[Body], order: Sort, total: int) -> Window:
        """The first sorted links and of all bodies those that stand among them."""
        told = [(row[4:7], row.pk, row[1:4]) for row in rows]
        place = order.places[RelationType.PART_OF]
        others = [(_by(body, place, order.column), 0, (body.pk, body.of, RelationType.PART_OF)) for body in bodies]
        if told and len(rows) < total:
            last = told[-1][0]
            others = [one for one in others if (one[0] >= last if order.is_turned else one[0] <= last)]
        lines = sorted([*told, *others], key=itemgetter(0, 1), reverse=order.is_turned)
        shown = lines[: lines.index(told[-1]) + 1] if len(rows) < total else lines
        return Window([Line(pk, *said) for _by, pk, said in shown], total + len(bodies) - len(shown))

    def _switched_on(self) -> tuple[list[Line], bool]:
        """Who met at the latest events, and whether these are all: of few who were asked for, and of some kinds, at the
        latest where one of them was. Many are found at the latest of all."""
        wanted, centre = self.wanted, self.near.centre
        if not wanted.at_events:
            return [], True
        among = next(filter(are_few, self.holders), "")
        pairs = MOST_PAIRS if wanted.is_of_ends else MOST_LISTED
        most = Latest(LATEST_EVENTS, pairs, among, tuple(sorted(wanted.kinds)))
        met, are_all = encounters_of(self.user, self.moment, centre, most)
        self.knows_all_events = are_all or centre is not None
        on = [Line(0, one.start, one.end, one.kind, one) for one in met if one.kind in wanted.at_events]
        self.learn(on)
        fitting = self.fitting(self.known(on))
        return fitting[:MOST_LISTED], are_all and len(fitting) <= MOST_LISTED

    def _kinds(self) -> frozenset[str]:
        """Around one organisation it would take too many questions to tell which of them its neighbours are of."""
        if self.near.centre:
            return frozenset(_codes("kinds"))
        if self.kinds is None:
            self.kinds = frozenset(kind for (kind,) in _KINDS.rows(self.user))
        return self.kinds

    def _bodies(self) -> list[Body]:
        """As of few: commissions that something links to others at that time."""
        wanted = self.wanted
        asked = ((RelationType.PART_OF, wanted.types), (BODY, wanted.kinds))
        if wanted.only_events or any(theirs and its not in theirs for its, theirs in asked):
            return []
        days = (str(self.moment.first), str(self.moment.last))
        if self.near.keys:
            rows = _BODIES_NEAR.rows(self.user, *days, self.near.keys)
        else:
            rows, self.kinds = _bodies_and_kinds(self.user, days)
        found = [Body(*row) for row in rows]
        if wanted.kinds:
            found = [one for one in found if one.of_kind in wanted.kinds]
        for keys in self.holders:
            holders = set(json.loads(keys))
            found = [one for one in found if one.pk in holders or one.of in holders]
        return found


def _by(body: Body, place: str, column: str) -> tuple[str, str, str]:
    """What sorts a body among links: as ``sorted_links`` has it."""
    who, whom = body.sort_key, body.of_sort_key
    by = {"who": (who, place, whom), "whom": (whom, place, who), "relation": (place, who, whom)}
    return by.get(column, ("", who, whom))


def _places_of_types() -> dict[str, str]:
    """Where the word for a type stands among the words for others, in the reader's language, as a word."""
    labels = {code: tie_label(code, True) for code in _codes("relation_types")}
    return {code: f"{at:03}" for at, code in enumerate(sorted(labels, key=lambda code: (labels[code], code)))}


def _codes(vocabulary_: str) -> list[str]:
    return [term.code for term in vocabulary.terms(vocabulary_)]


def _linked_bodies(user: Reader, first: str, last: str, *near: str) -> QuerySet[Any, Any]:
    """Commissions that something links to others then, though no relation says what they are of; and that."""
    seen = possible_in_words(visible_relations(user).filter(confirmed=True, illustrative=False), first, last)
    linked = (Exists(seen.filter(**{end: OuterRef("pk")})) for end in (START, END))
    told = seen.filter(**{"type": RelationType.PART_OF, START: OuterRef("pk"), END: OuterRef("parent")})
    bodies = _drawable(user).filter(Q(*linked, _connector=Q.OR), ~Exists(told), kind=BODY)
    bodies = bodies.filter(OneOf("pk", near[0])) if near else bodies
    sound = bodies.filter(Exists(_drawable(user).filter(pk=OuterRef("parent"))))
    return sound.order_by("pk").values_list("pk", "sort_key", "parent", "parent__kind", "parent__sort_key")


def _kinds(user: Reader) -> QuerySet[Any, Any]:
    return visible_organisations(user).order_by().values_list("kind").distinct()


def _bodies_and_kinds(user: Reader, days: tuple[str, str]) -> tuple[list[tuple[Any, ...]], frozenset[str]]:
    """Both in one question: a kind is a row with no key."""
    (bodies, values), (kinds, of_kinds) = _BODIES.made(user, days), _KINDS.made(user, ())
    sql = f"""
        SELECT * FROM ({bodies.sql}) AS bodies UNION ALL
        SELECT 0, found.kind, 0, '', '' FROM ({kinds.sql}) AS found
    """  # noqa: S608 - Django's own SQL
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *of_kinds])
        rows = cursor.fetchall()
    return [row for row in rows if row[0]], frozenset(row[1] for row in rows if not row[0])


def _number(page: str | None) -> int:
    try:
        return max(int(page or 1), 1)
    except ValueError:
        return 1


def _drawable(user: Reader) -> QuerySet[Organisation]:
    return visible_organisations(user).filter(confirmed=True, illustrative=False).order_by()


def _placed(user: Reader, keys: str) -> QuerySet[Any, Any]:
    """These, and what bodies among them are of."""
    of_bodies = Organisation.objects.filter(OneOf("pk", keys), kind=BODY).order_by().values("parent")
    here = Q(OneOf("pk", keys)) | Q(pk__in=of_bodies)
    return _drawable(user).filter(here).values_list("pk", "kind", "sort_key", "parent")


def _details(user: Reader, keys: str) -> QuerySet[Any, Any]:
    seen = visible_relations(user).filter(OneOf("pk", keys)).order_by()
    return seen.annotate(**days_as_words()).values_list("pk", *SAID)


_PLACES, _DETAILS = Prepared(_placed), Prepared(_details)
_KINDS, _BODIES, _BODIES_NEAR = Prepared(_kinds), Prepared(_linked_bodies), Prepared(_linked_bodies)
