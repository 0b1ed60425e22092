"""Who met whom at events, and who was invited by whom: evidence between organisations, never between people.

To take part, to speak and to be invited are three things: a pair has one ``Encounter`` of each kind it has events for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any

from django.db import connection
from django.db.models import Exists, ExpressionWrapper, F, Lookup, OuterRef, Q, QuerySet, StringAgg, TextField, Value
from django.db.models.functions import Cast, JSONObject

from sympolis.engine.model import PartialDate
from sympolis.office.core.models import page_address
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.moments import Moment
from sympolis.office.events.enums import EncounterKind, SpeakerState
from sympolis.office.events.models import Event, Slot, Speaker
from sympolis.office.events.queries import visible_events

type Pair = tuple[int, int]

EVENT = "held"
PARTS = frozenset({EVENT, "organised", "took_part", "invited", "spoke"})
MOST_EVENTS = 1_000  # the latest; who asks for one organisation finds its own
MOST_PAIRS = 5_000
MOST_TOGETHER = 60
"""At a larger event everybody met who organised it; that they all met each other, nobody can say."""


@dataclass(frozen=True, slots=True)
class Held:
    """An event, as the evidence for a meeting names it."""

    public_id: str
    slug: str
    title: Text
    start: PartialDate

    def get_absolute_url(self) -> str:
        return page_address(Event.PAGE, self.slug, self.public_id)


@dataclass(slots=True)
class Encounter:
    """Two organisations and the events of one kind they have in common, the latest first.

    Who organised invites: of an invitation ``start`` is who did. Of the others no side is the first.
    """

    start: int
    end: int
    kind: EncounterKind
    events: list[Held] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Latest:
    """How much is read of who was at events: so many of the latest events, of these so many pairs; and at which events,
    those where one was of some organisations, a list of keys in JSON, or else of some kinds. Empty asks for all."""

    events: int = MOST_EVENTS
    pairs: int = MOST_PAIRS
    among: str = ""
    kinds: tuple[str, ...] = ()


EVERYBODY = Latest()


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


@dataclass(slots=True)
class _Present:
    """Who did what at one event."""

    organised: set[int] = field(default_factory=set)
    took_part: set[int] = field(default_factory=set)
    spoke: set[int] = field(default_factory=set)
    invited: set[int] = field(default_factory=set)

    @property
    def there(self) -> set[int]:
        return self.organised | self.took_part

    def pairs_with(self, one: int) -> Iterator[tuple[EncounterKind, list[Pair]]]:
        """Those of one organisation alone."""
        there, spoke = self.there, self.spoke - self.there
        if one in there:
            yield EncounterKind.MET, [_pair(one, other) for other in sorted(there - {one})]
        if one in there or one in spoke:
            told = spoke if one in there else there | spoke
            yield EncounterKind.SPOKE, [_pair(one, other) for other in sorted(told - {one})]
        if one in self.organised:
            yield EncounterKind.INVITED, [(one, guest) for guest in sorted(self.invited - {one})]
        if one in self.invited:
            yield EncounterKind.INVITED, [(host, one) for host in sorted(self.organised - {one})]

    def pairs(self, centre: int | None) -> Iterator[tuple[EncounterKind, Iterable[Pair]]]:
        """Each pair once for each kind, in an order that is the same whenever it is asked."""
        there, spoke = self.there, self.spoke - self.there
        everybody = there | spoke
        if len(everybody) <= MOST_TOGETHER:
            yield EncounterKind.MET, combinations(sorted(there), 2)
            yield EncounterKind.SPOKE, sorted({_pair(one, two) for one in spoke for two in everybody if one != two})
        else:
            hubs = self.organised | ({centre} & everybody if centre else set())
            met = sorted({_pair(hub, one) for hub in hubs for one in everybody if one != hub})
            yield EncounterKind.MET, [pair for pair in met if spoke.isdisjoint(pair)]
            yield EncounterKind.SPOKE, [pair for pair in met if not spoke.isdisjoint(pair)]
        hosts = sorted(self.organised)
        yield EncounterKind.INVITED, [(host, guest) for host in hosts for guest in sorted(self.invited - {host})]


def encounters_of(
    user: Reader, moment: Moment, centre: Organisation | None = None, most: Latest = EVERYBODY
) -> tuple[list[Encounter], bool]:
    """Of everybody at the latest events, or of those who were at events with one organisation, the latest first; and
    whether that is all there is.

    One question. Examples, what nobody confirmed, what was called off and what begins later stay out.
    """
    if centre is not None:
        return _paired(_around(user, centre), moment, centre.pk)
    return _paired(_at_latest(user, moment, most), moment, None, most)


def _at_latest(user: Reader, moment: Moment, most: Latest) -> Iterator[Any]:
    """Who was where at the latest events that had begun on a day. These are looked for once, though five tables are
    asked about them."""
    kinds = () if most.among else most.kinds
    keys = (str(moment.last), *kinds, *((most.among,) if most.among else ()))
    latest, values = _latest(most.events, bool(most.among), len(kinds)).made(user, keys)
    present, others = _AT_THESE.made(user, ())
    sql = f"WITH latest AS MATERIALIZED ({latest.sql}) {present.sql}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *others])
        return (said for (said,) in cursor.fetchall())


@lru_cache(maxsize=16)
def _latest(most: int, is_among: bool, many_kinds: int) -> Prepared:
    """The keys of so many of the latest events that had begun on a day."""

    def question(user: Reader, last: str, *asked: str) -> QuerySet[Any, Any]:
        start: Any = ExpressionWrapper(F("start_earliest"), TextField())  # a day that is a word: see ``Prepared``
        begun = _sound(user).alias(w_start=start).filter(Q(w_start__lte=last) | Q(w_start=None))
        if is_among:
            begun = begun.filter(pk__in=_where(OneOf("organisation", asked[-1])))
        elif many_kinds:  # to look for all events of cities first would take longer
            there = (
                found.filter(organisation__kind__in=asked, **{event: OuterRef("pk")}) for _, event, found in _tables()
            )
            begun = begun.filter(Q(*map(Exists, there), _connector=Q.OR))
        return begun.order_by(F("start_latest").desc(nulls_last=True), "-pk").values_list("pk")[:most]

    return Prepared(question)


class _AmongLatest(Lookup[Any]):
    """Whether an event is among those that the question names ``latest``."""

    prepare_rhs = False

    def __init__(self, event: str) -> None:
        super().__init__(F(event), ())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, values = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT * FROM latest)", tuple(values)  # noqa: S608 - Django's own SQL


def _at_these(_user: Reader) -> QuerySet[Any, Any]:
    first, *others = _parts(_AmongLatest)
    return first.union(*others, all=True).order_by()


_AT_THESE = Prepared(_at_these)


def encounters_between(user: Reader, moment: Moment, some: Iterable[Encounter]) -> list[Encounter]:
    """These with all events they have in common, of which only the latest may be known. One question."""
    asked = {(one.kind, one.start, one.end) for one in some}
    keys = json.dumps(sorted({pk for _kind, *pair in asked for pk in pair}))
    events, told = _read((said for (said,) in _AT_EVENTS_OF.rows(user, keys)), moment)
    found, _ = _gathered((events[pk], told[pk].pairs(None)) for pk in _latest_first(events))
    return [one for one in found if (one.kind, one.start, one.end) in asked]


def with_one(user: Reader, moment: Moment, centre: Organisation) -> dict[int, list[Encounter]]:
    """By the other organisation, what one had to do with it at events: who met it, and invitations both ways."""
    return with_one_of(_around(user, centre), moment, centre.pk)


def with_one_of(rows: Iterable[Any], moment: Moment, centre: int) -> dict[int, list[Encounter]]:
    """The same of what ``parts_around`` found."""
    events, told = _read(rows, moment)
    by_other: dict[int, list[Encounter]] = defaultdict(list)
    for one in _gathered((events[pk], told[pk].pairs_with(centre)) for pk in _latest_first(events))[0]:
        by_other[one.end if one.start == centre else one.start].append(one)
    return by_other


def parts_around(user: Reader, centre: int) -> list[QuerySet[Any, Any]]:
    """The questions whose union tells who was where, each a column of JSON with an ``of`` among ``PARTS``: so that a
    page can ask them together with others."""
    return _parts(_of(_sound(user).filter(pk__in=_where(Q(organisation=centre)))))


def _together(user: Reader, centre: int) -> QuerySet[Any, Any]:
    first, *others = parts_around(user, centre)
    return first.union(*others, all=True).order_by()


_AROUND = Prepared(_together)


def _around(user: Reader, centre: Organisation) -> Iterator[Any]:
    return (said for (said,) in _AROUND.rows(user, centre.pk))


def _of_some(user: Reader, keys: str) -> QuerySet[Any, Any]:
    """The same of the events at which any of these were."""
    held, *present = _parts(_of(_sound(user).filter(pk__in=_where(OneOf("organisation", keys)))))
    return held.union(*present, all=True).order_by()


_AT_EVENTS_OF = Prepared(_of_some)


def _where(there: Any) -> QuerySet[Any, Any]:
    """The events at which somebody was of whom this holds."""
    first, *others = (found.filter(there).order_by().values_list(event) for _how, event, found in _tables())
    return first.union(*others)


def _sound(user: Reader) -> QuerySet[Event]:
    return visible_events(user).filter(confirmed=True, illustrative=False, is_cancelled=False)


def _paired(
    rows: Iterable[Any], moment: Moment, centre: int | None, most: Latest = EVERYBODY
) -> tuple[list[Encounter], bool]:
    events, told = _read(rows, moment)
    latest = _latest_first(events)
    found, is_cut = _gathered(((events[pk], told[pk].pairs(centre)) for pk in latest), most.pairs)
    place = {events[pk].public_id: at for at, pk in enumerate(latest)}
    found.sort(key=lambda one: place[one.events[0].public_id])
    return found, not is_cut and (centre is not None or len(events) < most.events)


def _gathered(
    told: Iterable[tuple[Held, Iterable[tuple[EncounterKind, Iterable[Pair]]]]], left: int = -1
) -> tuple[list[Encounter], bool]:
    """The encounters of all events, the latest first, and whether there are more of them than may be told."""
    found: dict[EncounterKind, dict[Pair, list[Held]]] = {kind: {} for kind in EncounterKind}
    for event, kinds in told:
        for kind, pairs in kinds:
            known = found[kind]
            for pair in pairs:
                if (evidence := known.get(pair)) is not None:
                    evidence.append(event)
                elif not left:
                    return _encounters(found), True
                else:
                    known[pair] = [event]
                    left -= 1
    return _encounters(found), False


def _encounters(found: dict[EncounterKind, dict[Pair, list[Held]]]) -> list[Encounter]:
    return [Encounter(*pair, kind, events) for kind, pairs in found.items() for pair, events in pairs.items()]


def _latest_first(events: dict[int, Held]) -> list[int]:
    return sorted(events, key=lambda pk: (events[pk].start.latest or date.min, pk), reverse=True)


def _of(events: QuerySet[Event]) -> Callable[[str], Any]:
    keys = events.order_by().values("pk")
    return lambda event: Q(**{f"{event}__in": keys})


def _parts(among: Callable[[str], Any]) -> list[QuerySet[Any, Any]]:
    """Events and who did what there, as rows of JSON of two shapes, so that one question brings both: one row for
    each event and what was done, since a network's meetings have thousands of guests."""
    columns = {name: name for name in ("public_id", "slug", "title", "start_earliest", "start_latest")}
    held = (
        Event.objects.filter(among("pk"))
        .order_by()
        .values_list(JSONObject(of=Value(EVENT), at="pk", **columns), flat=True)
    )
    present = (
        found.filter(among(event))
        .order_by()
        .values(event)
        .annotate(all=StringAgg(Cast("organisation", TextField()), Value(" ")))
        .values_list(JSONObject(of=Value(how), at=event, organisations="all"), flat=True)
        for how, event, found in _tables()
    )
    return [held, *present]


def _read(rows: Iterable[Any], moment: Moment) -> tuple[dict[int, Held], dict[int, _Present]]:
    held: dict[int, Held] = {}
    told: dict[int, _Present] = defaultdict(_Present)
    for said in rows:
        row = json.loads(said) if isinstance(said, str) else said
        if row["of"] != EVENT:
            getattr(told[row["at"]], row["of"]).update(map(int, row["organisations"].split()))
        elif (event := _held(row)).start.earliest is None or event.start.earliest <= moment.last:
            held[row["at"]] = event
    return held, told


def _held(row: dict[str, Any]) -> Held:
    title = row["title"]
    days = (date.fromisoformat(day) if day else None for day in (row["start_earliest"], row["start_latest"]))
    text = Text(json.loads(title) if isinstance(title, str) else title or {})
    return Held(row["public_id"], row["slug"], text, PartialDate(*days))


def _tables() -> Iterator[tuple[str, str, QuerySet[Any]]]:
    """Every table that says who stands round an event: what that is, the way to the event, and its rows.

    Who receives visitors at a stop was there.
    """
    yield "organised", "event", Event.organisers.through.objects.all()
    yield "took_part", "event", Event.cities.through.objects.all()
    yield "took_part", "slot__event", Slot.hosts.through.objects.all()
    yield "invited", "event", Event.invited.through.objects.all()
    yield "spoke", "event", Speaker.objects.filter(state=SpeakerState.CONFIRMED, organisation__isnull=False)
