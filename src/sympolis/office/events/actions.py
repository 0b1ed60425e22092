"""What the office does with events."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from sympolis.office.core.actions import keep_record, remove_record
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import User
from sympolis.office.directory.models import Organisation
from sympolis.office.events.models import Event


@transaction.atomic
def keep_event(
    event: Event, organisers: Iterable[Organisation] | None = None, cities: Iterable[Organisation] | None = None
) -> Event:
    """Add or change an event; None leaves who organises it, or who takes part, as it is."""
    keep_record(event)
    if organisers is not None:
        event.organisers.set(organisers)
    if cities is not None:
        event.cities.set(cities)
    note_lists(Event, [event])
    return event


def remove_event(event: Event, by: User | None = None) -> None:
    remove_record(event, by)
