"""A session in the calendar of who is invited to it, or has a place (RFC 5545)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from icalendar import Event, vText

from sympolis.office.core.calendars import PUBLISH, REQUEST, entry, has_day, put_on_days, version_of, whom, written
from sympolis.office.directory.queries import current_office
from sympolis.office.planning.models import Session, SessionInvitation


def session_calendar(session: Session, language: str, link: str) -> bytes:
    """A session whose day is known, for who has a place in it. Raises ValueError else."""
    event = session_entry(session, _zone(), language, link)
    if agenda := session.agenda.best(language).text:
        event.add("description", agenda)
    return written([event], PUBLISH)


def invitation_calendar(invitation: SessionInvitation, link: str, body: str) -> bytes:
    """What a calendar makes an invitation of (RFC 5546), or moves it; ``body`` is what the mail says. Raises ValueError
    where the day is not known."""
    session, officer = invitation.session, invitation.asked_by
    event = session_entry(session, _zone(), invitation.language or "en", link)
    event["description"] = vText(body)
    event.add("status", "CONFIRMED")
    if officer:
        event.add("organizer", whom(officer.email, str(officer)))
    asked = whom(invitation.email, invitation.name)
    answer = "ACCEPTED" if invitation.participant_id else "NEEDS-ACTION"
    asked.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": answer, "RSVP": "FALSE"})  # answered on the page
    event.add("attendee", asked)
    return written([event], REQUEST)


def _zone() -> ZoneInfo:
    office = current_office()
    return ZoneInfo(office.time_zone if office else "UTC")


def session_entry(session: Session, zone: ZoneInfo, language: str, link: str) -> Event:
    """On its day, at its hours by the office's clock. Raises ValueError where the day is not known."""
    if not has_day(session.starts):
        raise ValueError("a session without a day")
    event = entry(session.public_id, session.title.best(language).text, link, version_of(session), session.updated_at)
    day = session.starts.earliest
    put_on_days(event, day, day, (session.from_hour, session.until_hour), zone)
    if session.place:
        event.add("location", session.place)
    return event
