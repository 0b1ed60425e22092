"""Questions about events, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sympolis.office.core.queries import Reader, changeable_records, visible_records
from sympolis.office.directory.models import Organisation
from sympolis.office.events.dates import Moments
from sympolis.office.events.enums import LinkFor, SpeakerState
from sympolis.office.events.models import Event, Speaker

ROUND_AN_EVENT = ("organisers", "partners", "funders", "cities", "invited")


def visible_events(user: Reader) -> QuerySet[Event]:
    return visible_records(user, Event.objects.all())


def changeable_events(user: Reader) -> QuerySet[Event]:
    return changeable_records(user, Event.objects.all())


def editions_of(user: Reader, event: Event) -> QuerySet[Event]:
    """The same event in other languages."""
    first = event.edition_of_id or event.pk
    return (
        visible_events(user).filter(Q(pk=first) | Q(edition_of=first)).exclude(pk=event.pk).order_by("start_earliest")
    )


def with_version(events: QuerySet[Event]) -> QuerySet[Event]:
    """With how often each was saved, for calendars: one question for many."""
    saved = Event.history.filter(id=OuterRef("pk")).order_by().values("id").annotate(n=Count("pk")).values("n")
    return events.annotate(version=Coalesce(Subquery(saved), 1))


def version_of(event: Event) -> int:
    """How often it was changed since it was added."""
    saved = getattr(event, "version", None)
    return max((event.history.count() if saved is None else saved) - 1, 0)


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


def met_at(user: Reader, one: Iterable[int], other: Iterable[int]) -> QuerySet[Event]:
    """Events where organisations of both were: organised it, took part or spoke. Who was only invited was not there."""
    seen = visible_events(user).filter(is_cancelled=False)
    for side in (list(one), list(other)):
        seen = seen.filter(pk__in=present_at(side))
    return seen


def present_at(organisations: Iterable[int]) -> QuerySet[Event, int]:
    """Keys of the events where one of these was."""
    listed = list(organisations)
    through = (Event.organisers.through, Event.cities.through)
    parts = [table.objects.filter(organisation__in=listed).values_list("event", flat=True) for table in through]
    spoke = Speaker.objects.filter(organisation__in=listed, state=SpeakerState.CONFIRMED).values_list(
        "event", flat=True
    )
    found: QuerySet[Event, int] = parts[0].order_by().union(parts[1].order_by(), spoke.order_by())
    return found


def those_who_spoke(user: Reader, event: Event, seen: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """The houses of those who spoke, as far as the reader may see them."""
    spoke = event.speaker_rows.filter(state=SpeakerState.CONFIRMED, organisation__isnull=False)
    return seen.filter(pk__in=spoke.values("organisation"))
