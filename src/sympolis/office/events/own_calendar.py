"""The address of an officer's own calendar: made, made anew, withdrawn, and whose it is."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.tokens import hashed, new_token
from sympolis.office.events.models import CalendarKey

NOTED_EVERY = timedelta(hours=1)
"""How often the last use is written down: reading must not become writing."""


@transaction.atomic
def make_calendar_key(user: User) -> str:
    """What the address ends with, said this once. The one before opens nothing from now on."""
    officers_only(user)
    withdraw_calendar_key(user)
    written = new_token()
    CalendarKey.objects.create(user=user, token=hashed(written))
    return written


def withdraw_calendar_key(user: User) -> None:
    CalendarKey.objects.filter(user=user).delete()


def calendar_key_of(user: User) -> CalendarKey | None:
    return CalendarKey.objects.filter(user=user).first()


def officer_behind(written: str) -> User | None:
    """Whose calendar it is, as long as they are an officer. That it was asked for is noted."""
    key = CalendarKey.objects.select_related("user").filter(token=hashed(written)).first()
    if key is None or not key.user.is_officer:
        return None
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > NOTED_EVERY:
        CalendarKey.objects.filter(pk=key.pk).update(last_used_at=now)
    user: User = key.user
    return user
