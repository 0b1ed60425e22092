"""Events, as search reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from sympolis.engine.model import Document
from sympolis.office.core.searchable import PartOf, Searchable, again_as, office_document, public_document
from sympolis.office.core.texts import joined
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import countries_told
from sympolis.office.events.enums import SpeakerState
from sympolis.office.events.models import Event
from sympolis.office.events.queries import visible_events


def event_documents(event: Event) -> Iterator[Document]:
    around = [*event.organisers.all(), *event.cities.all()]
    text = joined(event.topic, *(slot.title for slot in event.slots.all()), also=(event.place, *_speakers(event)))
    recordings = list(event.recordings.all())
    for recording in recordings:
        if said := "\n".join(part for part in (recording.chapters, recording.transcript) if part):
            before = text.get(recording.language)
            text[recording.language] = f"{before}\n{said}" if before else said
    entry = public_document(
        event,
        "event",
        text=text,
        countries=countries_told(around),
        earliest=event.start_earliest,
        latest=event.end_latest or event.start_latest,
    )
    yield entry
    yield from office_document(entry, event.note)
    if recordings:
        yield again_as(entry, "recording")


def _speakers(event: Event) -> Iterator[str]:
    """Who is sure to speak, by their rows; the words that were read where there are no rows."""
    rows = [one for one in event.speaker_rows.all() if one.state == SpeakerState.CONFIRMED]
    for one in rows:
        yield ", ".join(part for part in (one.name, one.post, one.house, one.city) if part)
    if not rows:
        yield event.speakers


def all_events() -> QuerySet[Event]:
    return Event.objects.prefetch_related("organisers", "cities", "slots", "speaker_rows", "recordings")


def told_of(public_ids: Iterable[str]) -> Iterable[str]:
    """The events whose entries say the country of these organisations."""
    listed = list(public_ids)
    rows = [Event.objects.filter(**{f"{who}__public_id__in": listed}).order_by() for who in ("organisers", "cities")]
    return dict.fromkeys(public_id for found in rows for public_id in found.values_list("public_id", flat=True))


SEARCHABLE = (Searchable(Event, all_events, event_documents, visible_events),)
PARTS = (PartOf(Organisation.ID_PREFIX, told_of),)
