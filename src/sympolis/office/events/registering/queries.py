"""Questions about registrations: whether one can register, who did, how many places are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.signing import BadSignature, Signer
from django.db.models import Count, QuerySet
from django.utils import timezone

from sympolis.office.core.queries import Reader, is_officer
from sympolis.office.events.dates import Moments, moments_of, zone_of
from sympolis.office.events.models import Event, FeedbackAnswer, Registration, RegistrationMail, RegistrationRules
from sympolis.office.events.queries import link_is_due
from sympolis.office.events.registering.enums import RegistrationState
from sympolis.office.events.registering.errors import CalledOff, Closed, Full, NotOpenYet, RegistrationRefused

signer = Signer(sep=".", salt="registration")

STALE = timedelta(minutes=15)
"""A mail that was taken that long ago and is not sent was cut off."""


def visible_registrations(user: Reader) -> QuerySet[Registration]:
    """The office's own: nobody else sees who registered, not even those who did."""
    return Registration.objects.all() if is_officer(user) else Registration.objects.none()


def token_of(registration: Registration) -> str:
    """What opens somebody's own page: the same in every mail, and not to be made without the key of this home."""
    return signer.sign(str(registration.pk))


def registration_of(token: str) -> Registration | None:
    try:
        key = signer.unsign(token)
    except BadSignature:
        return None
    rows = Registration.objects.select_related("event__registering")
    return rows.filter(pk=key).first() or rows.filter(former__contains=f",{key},").first()


def rules_of(event: Event) -> RegistrationRules | None:
    return RegistrationRules.objects.filter(event=event).prefetch_related("questions").first()


@dataclass(frozen=True, slots=True)
class Openness:
    """Whether one can register now, why not, and what then happens."""

    refused: type[RegistrationRefused] | None
    opens_at: datetime | None
    closes_at: datetime | None
    capacity: int | None
    taken: int
    waits: bool  # all places are taken: who registers now waits for one

    @property
    def is_open(self) -> bool:
        return self.refused is None

    @property
    def opens_later(self) -> bool:
        return self.refused is NotOpenYet

    @property
    def left(self) -> int:
        return max((self.capacity or 0) - self.taken, 0)


def places_taken(event: Event) -> int:
    return Registration.objects.filter(event=event, state=RegistrationState.CONFIRMED).count()


def openness_of(
    event: Event, rules: RegistrationRules, now: datetime, zone: ZoneInfo | None = None, taken: int | None = None
) -> Openness:
    """``zone`` and ``taken`` from who has them at hand already."""
    moments = moments_of(event, zone or zone_of(event))
    taken = places_taken(event) if taken is None else taken
    is_full = rules.capacity is not None and taken >= rules.capacity
    return Openness(
        _why_not(event, rules, moments, now) or (Full if is_full and not rules.has_waiting_list else None),
        rules.opens_at,
        rules.closes_at,
        rules.capacity,
        taken,
        is_full,
    )


def _why_not(
    event: Event, rules: RegistrationRules, moments: Moments | None, now: datetime
) -> type[RegistrationRefused] | None:
    if event.is_cancelled:
        return CalledOff
    if is_over(event, moments, now) or (rules.closes_at and now >= rules.closes_at):
        return Closed
    if rules.opens_at and now < rules.opens_at:
        return NotOpenYet
    return None


def is_over(event: Event, moments: Moments | None, now: datetime) -> bool:
    """By the minute where the hours are known, else by its last day."""
    if moments is not None:
        return now >= moments.ends
    last = event.end_latest or event.start_latest
    return last is not None and timezone.localdate(now, zone_of(event)) > last


def own_link(registration: Registration, now: datetime) -> str:
    """The link to take part, for who has a place and once its time has come."""
    event = registration.event
    if registration.state != RegistrationState.CONFIRMED or event.is_cancelled:
        return ""
    return event.link if link_is_due(event, moments_of(event, zone_of(event)), now) else ""


def is_asked_what_they_think(registration: Registration, now: datetime) -> bool:
    """Who had a place, once the event is over and where the office asks; who had cancelled was not there."""
    event = registration.event
    asks = event.registering.asks_feedback and not event.is_cancelled
    return asks and registration.state == RegistrationState.CONFIRMED and is_over(event, _moments(event), now)


def _moments(event: Event) -> Moments | None:
    return moments_of(event, zone_of(event))


def facts_told(event: Event) -> dict[str, str]:
    """What a mail says of an event: who was told otherwise must be told again."""
    return {
        "starts": str(event.start),
        "ends": str(event.end),
        "hours": f"{event.from_hour or ''}-{event.until_hour or ''} {event.time_zone}".strip(),
        "place": event.place,
        "off": "1" if event.is_cancelled else "",
    }


def told_otherwise(event: Event) -> QuerySet[Registration]:
    """Those with a place, or who may get one, whom the last mail told another day, hour or place."""
    concerned = [RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.ASKED]
    rows = Registration.objects.filter(event=event, state__in=concerned)
    return rows.exclude(told=facts_told(event)).exclude(told={})


def counts_of(event: Event) -> dict[str, int]:
    """How many there are of each state, and how many came."""
    rows = Registration.objects.filter(event=event).order_by().values_list("state")
    found = dict.fromkeys([*RegistrationState.values, "came"], 0)
    for state, count, came in rows.annotate(n=Count("pk"), came=Count("came_at")):
        found[state] = count
        found["came"] += came
    return found


def mails_in_doubt(event: Event) -> QuerySet[RegistrationMail]:
    """Handed over and cut off before the server had answered: a person decides whether they go once more."""
    rows = RegistrationMail.objects.filter(registration__event=event, sent_at=None, error="")
    return rows.filter(taken_at__lt=timezone.now() - STALE)


@dataclass(frozen=True, slots=True)
class Feedback:
    """How many gave which mark from 1 to 5, and what they wrote, in no order of theirs."""

    count: int
    useful: list[int]
    organised: list[int]
    words: list[str]


def feedback_of(event: Event) -> Feedback:
    rows = list(FeedbackAnswer.objects.filter(event=event))
    useful, organised = [0] * 5, [0] * 5
    for one in rows:
        useful[one.useful - 1] += 1
        organised[one.organised - 1] += 1
    return Feedback(len(rows), useful, organised, sorted(one.words for one in rows if one.words))
