"""From when to when a meeting is, for calendars and for those who are asked along."""

from __future__ import annotations

from datetime import time

from sympolis.office.synergies.models import Meeting


def hours_of(meeting: Meeting) -> tuple[time | None, time | None]:
    """As it says itself; where it says none and takes a day, from the first hour of its programme to the last. When it
    ends is not known where the last part of it does not say."""
    if meeting.from_hour or (meeting.ends and meeting.ends != meeting.starts):
        return meeting.from_hour, meeting.until_hour
    slots = meeting.slots.all() if meeting.pk else ()
    begins = min((slot.from_hour for slot in slots), default=None)
    last = max((slot.until_hour or slot.from_hour for slot in slots), default=None)
    is_said = any(slot.until_hour == last for slot in slots)
    return begins, meeting.until_hour or (last if is_said else None)
