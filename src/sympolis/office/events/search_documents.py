"""Events, as search reads them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from sympolis.engine.model import Document
from sympolis.office.core.searchable import Searchable, office_document, public_document
from sympolis.office.core.texts import joined
from sympolis.office.directory.queries import countries_told
from sympolis.office.events.models import Event
from sympolis.office.events.queries import visible_events


def event_documents(event: Event) -> Iterator[Document]:
    around = [*event.organisers.all(), *event.cities.all()]
    entry = public_document(
        event,
        "event",
        text=joined(event.topic, also=(event.place, event.speakers)),
        countries=countries_told(around),
        earliest=event.start_earliest,
        latest=event.end_latest or event.start_latest,
    )
    yield entry
    yield from office_document(entry, event.note)


def all_events() -> QuerySet[Event]:
    return Event.objects.prefetch_related("organisers", "cities")


SEARCHABLE = (Searchable(Event, all_events, event_documents, visible_events),)
