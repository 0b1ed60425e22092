"""Questions about events, as far as the reader may see."""

from __future__ import annotations

from django.db.models import QuerySet

from sympolis.office.core.queries import Reader, changeable_records, visible_records
from sympolis.office.events.models import Event


def visible_events(user: Reader) -> QuerySet[Event]:
    return visible_records(user, Event.objects.all())


def changeable_events(user: Reader) -> QuerySet[Event]:
    return changeable_records(user, Event.objects.all())
