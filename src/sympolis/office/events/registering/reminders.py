"""Every few minutes: reminders that are due, and asking what people thought; each once, whoever runs it how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from sympolis.office.events.dates import Moments, moments_of, zone_of
from sympolis.office.events.models import Registration, RegistrationMail, RegistrationRules
from sympolis.office.events.registering.enums import MailKind, RegistrationState
from sympolis.office.events.registering.mails import send_waiting

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
BY_DAYLIGHT = timedelta(hours=15)  # before an event of whole days: nine in the morning of the day before
ASKED_FOR = timedelta(days=7)


def look_round() -> int:
    """Write down what is due, then send whatever waits, what could not go out before included; how many went."""
    now = timezone.now()
    near = Q(event__start_latest__gte=(now - timedelta(60)).date(), event__start_earliest__lte=(now + 3 * DAY).date())
    for rules in RegistrationRules.objects.filter(near, event__is_cancelled=False).select_related("event"):
        moments = moments_of(rules.event, zone_of(rules.event))
        if moments is not None:
            RegistrationMail.objects.bulk_create(_due(rules, moments, now), ignore_conflicts=True)
    return send_waiting()


def _due(rules: RegistrationRules, moments: Moments, now: datetime) -> Iterator[RegistrationMail]:
    day_before = moments.begins - (DAY if moments.hours_known else BY_DAYLIGHT)
    about = moments.begins.isoformat()
    with_place = Registration.objects.filter(event=rules.event, state=RegistrationState.CONFIRMED)
    if rules.reminds_day_before and day_before <= now < moments.begins - HOUR:
        yield from _mails(with_place.filter(queued_at__lt=day_before), MailKind.DAY_BEFORE, about)
    if rules.reminds_hour_before and moments.hours_known and moments.begins - HOUR <= now < moments.begins:
        yield from _mails(with_place, MailKind.HOUR_BEFORE, about)
    if rules.asks_feedback and moments.ends <= now < moments.ends + ASKED_FOR:
        came = with_place.filter(came_at__isnull=False)
        yield from _mails(came if came.exists() else with_place, MailKind.FEEDBACK, "once")


def _mails(registrations: Iterable[Registration], kind: MailKind, about: str) -> Iterator[RegistrationMail]:
    return (RegistrationMail(registration=one, kind=kind, about=about) for one in registrations)
