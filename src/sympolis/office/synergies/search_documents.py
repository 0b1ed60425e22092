"""Meetings, as search reads them: for the office and the people of those who met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.db.models import QuerySet

from sympolis.engine.model import Document
from sympolis.office.core.enums import Visibility
from sympolis.office.core.searchable import NETWORK, OFFICE, Searchable, office_document, public_document
from sympolis.office.core.texts import joined
from sympolis.office.synergies.helping.queries import visible_requests
from sympolis.office.synergies.models import HelpRequest, Meeting
from sympolis.office.synergies.queries import visible_meetings


def meeting_documents(meeting: Meeting) -> Iterator[Document]:
    met = list(meeting.organisations.all())
    public = public_document(
        meeting,
        "meeting",
        text=joined(meeting.agenda, meeting.decisions, also=(meeting.place,)),
        countries=tuple(dict.fromkeys(one.country for one in met if one.country)),
        earliest=meeting.starts_earliest,
        latest=meeting.ends_latest or meeting.starts_latest,
    )
    # Whatever the record says, no meeting is found by the public.
    wider = (NETWORK,) if meeting.visibility == Visibility.NETWORK else ()
    entry = replace(public, audiences=(OFFICE, *wider, *(f"organisation:{one.public_id}" for one in met)))
    yield entry
    yield from office_document(entry, meeting.note, meeting.posts_present, meeting.notes)


def all_meetings() -> QuerySet[Meeting]:
    return Meeting.objects.prefetch_related("organisations")


def request_documents(request: HelpRequest) -> Iterator[Document]:
    """For the office alone, whatever the record says; the answer is found too."""
    public = public_document(request, "request", text=request.text.plain(), latest=request.due)
    entry = replace(public, audiences=(OFFICE,))
    yield entry
    yield from office_document(entry, request.note, request.answer)


SEARCHABLE = (
    Searchable(Meeting, all_meetings, meeting_documents, visible_meetings),
    Searchable(HelpRequest, HelpRequest.objects.all, request_documents, visible_requests),
)
