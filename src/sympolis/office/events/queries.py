"""Questions about events, as far as the reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from sympolis.office.core.queries import (
    Reader,
    changeable_records,
    proposable_records,
    visible_records,
    written_by,
)
from sympolis.office.directory.models import Organisation
from sympolis.office.events.dates import Moments
from sympolis.office.events.enums import LinkFor, Presence, SpeakerState
from sympolis.office.events.models import Event, Recording, Speaker

ROUND_AN_EVENT = ("organisers", "partners", "funders", "cities", "invited")


def visible_events(user: Reader) -> QuerySet[Event]:
    return visible_records(user, Event.objects.all())


def recorded_events(user: Reader) -> QuerySet[Event]:
    """Those that can be seen again."""
    return visible_events(user).filter(Exists(Recording.objects.filter(event=OuterRef("pk"))))


def changeable_events(user: Reader) -> QuerySet[Event]:
    return changeable_records(user, Event.objects.all())


def proposable_events(user: Reader) -> QuerySet[Event]:
    """Those an organisation holds, for who writes for it: the office reads it first."""
    held = Event.organisers.through.objects.filter(written_by(user, "organisation")).order_by()
    return proposable_records(user, visible_events(user), Q(pk__in=held.values("event")))


def editions_of(user: Reader, event: Event) -> QuerySet[Event]:
    """The same event in other languages."""
    first = event.edition_of_id or event.pk
    return (
        visible_events(user).filter(Q(pk=first) | Q(edition_of=first)).exclude(pk=event.pk).order_by("start_earliest")
    )


def speakers_of(event: Event) -> QuerySet[Speaker]:
    """Those who are sure to speak: who is only invited is the office's own."""
    return event.speaker_rows.filter(state=SpeakerState.CONFIRMED).select_related("organisation")


def not_over(events: QuerySet[Event], on: date) -> QuerySet[Event]:
    return events.filter(Q(end_latest__gte=on) | Q(end_latest=None, start_latest__gte=on))


def within(events: QuerySet[Event], first: date, last: date) -> QuerySet[Event]:
    """Events known to the day, or at least to that month, of which a day lies between the two."""
    begun = events.filter(start_earliest__lte=last)
    lasts = Q(end_latest__gte=first) | Q(end_latest=None, start_latest__gte=first)
    return begun.filter(lasts, start_latest__lte=last + timedelta(366))


def link_is_due(event: Event, moments: Moments | None, now: datetime) -> bool:
    """Whether the time has come to tell the link: at once, or so many minutes before it begins."""
    if event.link_minutes is None:
        return True
    return moments is not None and now >= moments.begins - timedelta(minutes=event.link_minutes)


def public_link(event: Event, moments: Moments | None, now: datetime) -> str:
    """The link as everybody may have it; empty where it is for those who registered, or its time has not come."""
    shown = event.link_for == LinkFor.EVERYBODY and not event.is_cancelled and link_is_due(event, moments, now)
    return event.link if shown else ""


@dataclass(frozen=True, slots=True)
class MeetingPoint:
    """An event where organisations of two sides were, and what each of them did there."""

    event: Event
    presences: list[tuple[int, Presence]]


def met_at(one: Collection[int], other: Collection[int], events: QuerySet[Event]) -> list[MeetingPoint]:
    """Of these events those where somebody of each side was, the latest first: organised it, took part or spoke.

    Who was only invited was not there. One organisation that stands on both sides does not meet itself.
    """
    there: defaultdict[int, list[tuple[int, Presence]]] = defaultdict(list)
    for event, organisation, how in _presences({*one, *other}):
        there[event].append((organisation, Presence(how)))
    met = {event: found for event, found in there.items() if _both_sides({who for who, _how in found}, one, other)}
    rows = events.filter(pk__in=met, is_cancelled=False).order_by("-start_latest", "sort_key", "pk")
    return [MeetingPoint(event, met[event.pk]) for event in rows]


def _both_sides(present: set[int], one: Collection[int], other: Collection[int]) -> bool:
    return any(who in one for who in present) and any(who in other for who in present) and len(present) > 1


def _presences(organisations: Collection[int]) -> Iterable[tuple[int, int, str]]:
    """Event, organisation and what it did there, in one question."""
    listed = list(organisations)
    columns = ("event", "organisation", "how")
    organised, took_part = (
        table.objects.filter(organisation__in=listed).order_by().annotate(how=Value(how.value)).values_list(*columns)
        for table, how in ((Event.organisers.through, Presence.ORGANISED), (Event.cities.through, Presence.TOOK_PART))
    )
    spoke = Speaker.objects.filter(organisation__in=listed, state=SpeakerState.CONFIRMED).order_by()
    spoken = spoke.annotate(how=Value(Presence.SPOKE.value)).values_list(*columns)
    found: Iterable[tuple[int, int, str]] = organised.union(took_part, spoken)
    return found


def read_houses(event: Event) -> None:
    """Read all organisations an event names, in two questions instead of one for each list it names them in."""
    links = [
        getattr(event, name)
        .through.objects.filter(event=event)
        .annotate(of=Value(name))
        .values_list("of", "organisation")
        for name in ROUND_AN_EVENT
    ]
    named = list(links[0].union(*links[1:], all=True))
    houses = Organisation.objects.filter(pk__in={house for _of, house in named})
    read: Any = event
    read._prefetched_objects_cache = {**getattr(event, "_prefetched_objects_cache", {})}
    for name in ROUND_AN_EVENT:
        there = {house for of, house in named if of == name}
        kept: Any = houses.all()
        kept._result_cache = [house for house in houses if house.pk in there]
        read._prefetched_objects_cache[name] = kept
