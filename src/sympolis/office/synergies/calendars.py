"""Meetings and promises as iCalendar files (RFC 5545), for the calendar one already has."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Event, vText

from sympolis.office.core.calendars import CANCEL, PUBLISH, entry, has_day, put_on_days, version_of, whom, written
from sympolis.office.core.models import User
from sympolis.office.synergies.enums import CommitmentStatus
from sympolis.office.synergies.hours import hours_of
from sympolis.office.synergies.models import Attendee, Commitment, Meeting


def meeting_calendar(meeting: Meeting, zone: ZoneInfo, language: str, link: str) -> bytes:
    """A meeting whose day is known: at its hours by the office's clock, or the whole day. Raises ValueError else."""
    return written([meeting_entry(meeting, zone, language, link)], PUBLISH)


def invitation_calendar(
    attendee: Attendee, organizer: User | None, method: str, zone: ZoneInfo, link: str, body: str
) -> bytes:
    """What a calendar makes an invitation of (RFC 5546), or takes it away again; ``body`` is what the mail says.

    Of two with one number the later one counts, by ``dtstamp``.
    """
    meeting = attendee.meeting
    event = meeting_entry(meeting, zone, attendee.language, link)
    event["description"] = vText(body)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    if organizer:
        event.add("organizer", whom(organizer.email, str(organizer)))
    asked = whom(attendee.email, attendee.name or attendee.post)
    asked.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    event.add("attendee", asked)
    return written([event], method)


def meeting_entry(meeting: Meeting, zone: ZoneInfo, language: str, link: str) -> Event:
    if not has_day(meeting.starts):
        raise ValueError("a meeting without a day")
    event = _event(meeting, meeting.title.best(language).text, link)
    first: date = meeting.starts.earliest
    last: date = meeting.ends.latest if has_day(meeting.ends) else first
    put_on_days(event, first, last, hours_of(meeting), zone)
    if meeting.place:
        event.add("location", meeting.place)
    if agenda := meeting.agenda.best(language).text:
        event.add("description", agenda)
    return event


def promise_calendar(promise: Commitment, language: str, link: str) -> bytes:
    """Raises ValueError without a day."""
    return written([promise_entry(promise, language, link)], PUBLISH)


def promise_entry(promise: Commitment, language: str, link: str) -> Event:
    """A promise on its last day; one that is done or dropped leaves the calendar. Raises ValueError without a day."""
    last: date | None = promise.due.latest
    if last is None:
        raise ValueError("a promise without a day")
    who, what = promise.organisation.title_text().best(language).text, promise.text.best(language).text
    event = _event(promise, _("%(who)s promised: %(what)s") % {"who": who, "what": what}, link)
    event.add("dtstart", last)
    event.add("dtend", last + timedelta(1))
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    is_over = promise.status in {CommitmentStatus.DONE, CommitmentStatus.DROPPED}
    event.add("status", "CANCELLED" if is_over else "CONFIRMED")
    return event


def _event(record: Meeting | Commitment, summary: str, link: str) -> Event:
    return entry(record.public_id, summary, link, version_of(record), record.updated_at)
