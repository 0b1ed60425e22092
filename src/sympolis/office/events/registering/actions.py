"""Registering, changing and cancelling; approving, moving up, who came; forgetting after a time.

Every one of these is one transaction that first takes the event's rules: so places are counted one after the other,
however many register at once.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.directory.finder import Ambiguous, Finder, NotFound
from sympolis.office.events.actions import mark_event_changed
from sympolis.office.events.dates import last_day, moments_of, zone_of
from sympolis.office.events.models import Event, FeedbackAnswer, Registration, RegistrationMail, RegistrationRules
from sympolis.office.events.registering.enums import MailKind, RegistrationState
from sympolis.office.events.registering.errors import GivenAlready, TooLate
from sympolis.office.events.registering.mails import have_mails_sent
from sympolis.office.events.registering.queries import (
    facts_told,
    is_over,
    openness_of,
    places_taken,
    told_otherwise,
)

LONGEST_FEEDBACK = 5_000
MAIL_OF_STATE = {
    RegistrationState.CONFIRMED: MailKind.CONFIRMED,
    RegistrationState.WAITING: MailKind.WAITING,
    RegistrationState.ASKED: MailKind.ASKED,
    RegistrationState.REFUSED: MailKind.REFUSED,
    RegistrationState.CANCELLED: MailKind.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody writes who registers. They have agreed to what is done with it."""

    name: str
    email: str
    house: str = ""
    language: str = "en"
    answers: Mapping[str, Any] = field(default_factory=dict)


def folded_address(email: str) -> str:
    """Equal for two ways of writing one mail address."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


@transaction.atomic
def register(event: Event, wish: Wish, site: str = "", zone: ZoneInfo | None = None) -> Registration:
    """A place, or one on the waiting list, or what waits for approval. Raises RegistrationRefused.

    Who is registered already stays as they are and gets their link again: whoever writes another's address learns
    nothing of it. Who had cancelled comes back to the end of the queue.
    """
    rules = _taken_rules(event)
    now = timezone.now()
    found = openness_of(rules.event, rules, now, zone)
    if found.refused is not None:
        raise found.refused
    folded = folded_address(wish.email)
    there = Registration.objects.filter(event=event, folded_email=folded).first()
    if there is not None and there.state != RegistrationState.CANCELLED:
        _ask_mail(there, MailKind.AGAIN, now.strftime("%Y-%m-%dT%H"))
        return there
    made = there or Registration(event=event, folded_email=folded)
    made.email, made.site, made.queued_at, made.consented_at = wish.email.strip(), site, now, now
    _put(made, wish)
    made.state = _state_now(rules, found.waits)
    made.told, made.came_at = facts_told(rules.event), None
    made.save()
    _ask_mail(made, MAIL_OF_STATE[RegistrationState(made.state)], now.isoformat())
    return made


def _taken_rules(event: Event) -> RegistrationRules:
    return RegistrationRules.objects.select_for_update().select_related("event").get(event=event)


def _state_now(rules: RegistrationRules, is_full: bool) -> RegistrationState:
    if rules.needs_approval:
        return RegistrationState.ASKED
    return RegistrationState.WAITING if is_full else RegistrationState.CONFIRMED


def _put(registration: Registration, wish: Wish) -> None:
    registration.name, registration.house = _line(wish.name, 200), _line(wish.house, 300)
    registration.language, registration.answers = wish.language, dict(wish.answers)


def _line(words: str, most: int) -> str:
    return " ".join(words.replace("\x00", "").split())[:most]


@transaction.atomic
def change_registration(registration: Registration, wish: Wish) -> Registration:
    """Other words; the address stays, for it is who they are. Raises TooLate."""
    mine = _still_open(registration)
    _put(mine, wish)
    mine.save(update_fields=["name", "house", "language", "answers"])
    return mine


@transaction.atomic
def cancel_registration(registration: Registration) -> Registration:
    """The place goes to the next who waits. Twice is once. Raises TooLate."""
    mine = _still_open(registration)
    if mine.state in {RegistrationState.CANCELLED, RegistrationState.REFUSED}:
        return mine
    _set_state(mine, RegistrationState.CANCELLED)
    move_up(mine.event)
    return mine


def _still_open(registration: Registration) -> Registration:
    rules = _taken_rules(registration.event)
    mine = Registration.objects.select_related("event").get(pk=registration.pk)
    if is_over(rules.event, moments_of(rules.event, zone_of(rules.event)), timezone.now()):
        raise TooLate
    return mine


def _set_state(registration: Registration, state: RegistrationState, mail: MailKind | None = None) -> None:
    """Within a transaction that has the rules. They are told by mail."""
    registration.state = state
    registration.told = facts_told(registration.event)
    registration.save(update_fields=["state", "told"])
    _ask_mail(registration, mail or MAIL_OF_STATE[state], timezone.now().isoformat())


@transaction.atomic
def move_up(event: Event) -> list[Registration]:
    """Those who wait longest get the places that are free, until the event begins; they are told by mail."""
    rules = _taken_rules(event)
    moments = moments_of(rules.event, zone_of(rules.event))
    if rules.event.is_cancelled or (moments is not None and timezone.now() >= moments.begins):
        return []
    waiting = Registration.objects.filter(event=event, state=RegistrationState.WAITING).select_related("event")
    free = None if rules.capacity is None else max(rules.capacity - places_taken(event), 0)
    moved = list(waiting.order_by("queued_at", "pk")[:free])
    for one in moved:
        _set_state(one, RegistrationState.CONFIRMED, MailKind.MOVED_UP)
    return moved


@transaction.atomic
def decide(user: User, event: Event, pks: Iterable[int], admitted: bool) -> list[Registration]:
    """Admit or refuse those that wait for approval; who is admitted when all places are taken waits for one."""
    officers_only(user)
    rules = _taken_rules(event)
    rows = Registration.objects.filter(event=event, pk__in=list(pks), state=RegistrationState.ASKED)
    decided = list(rows.select_related("event").order_by("queued_at", "pk"))
    for one in decided:
        is_full = rules.capacity is not None and places_taken(event) >= rules.capacity
        to = RegistrationState.WAITING if is_full else RegistrationState.CONFIRMED
        _set_state(one, to if admitted else RegistrationState.REFUSED)
    return decided


@transaction.atomic
def take_off(user: User, event: Event, pk: int) -> Registration | None:
    """The office cancels a registration; the next who waits moves up."""
    officers_only(user)
    _taken_rules(event)
    concerned = Registration.objects.filter(event=event, pk=pk).select_related("event")
    one = concerned.exclude(state__in=[RegistrationState.CANCELLED, RegistrationState.REFUSED]).first()
    if one is not None:
        _set_state(one, RegistrationState.CANCELLED)
        move_up(event)
    return one


@transaction.atomic
def keep_rules(user: User, rules: RegistrationRules) -> RegistrationRules:
    """Open registering, or set it otherwise; more places go to those who wait. Fewer take nobody's place away."""
    officers_only(user)
    rules.save()
    move_up(rules.event)
    return rules


@transaction.atomic
def check_in(user: User, event: Event, pk: int, came: bool = True) -> Registration | None:
    """Note that somebody came, or that this was a mistake. Who waits and comes is there all the same."""
    officers_only(user)
    rows = Registration.objects.select_for_update().filter(event=event, pk=pk)
    one = rows.exclude(state__in=[RegistrationState.CANCELLED, RegistrationState.REFUSED]).first()
    if one is not None and (one.came_at is not None) != came:
        one.came_at = timezone.now() if came else None
        one.save(update_fields=["came_at"])
    return one


@transaction.atomic
def tell_of_changes(user: User, event: Event) -> int:
    """A mail with a new entry for the calendar to all who were told another day, hour or place; how many."""
    officers_only(user)
    _taken_rules(event)
    facts = facts_told(event)
    kind = MailKind.CALLED_OFF if event.is_cancelled else MailKind.CHANGED
    about = hashlib.sha256(json.dumps([facts, timezone.now().isoformat()]).encode()).hexdigest()
    pks = list(told_otherwise(event).values_list("pk", flat=True))
    RegistrationMail.objects.bulk_create(RegistrationMail(registration_id=pk, kind=kind, about=about) for pk in pks)
    Registration.objects.filter(pk__in=pks).update(told=facts)
    transaction.on_commit(have_mails_sent)
    return len(pks)


@transaction.atomic
def send_once_more(user: User, mail: RegistrationMail) -> None:
    """A mail in doubt goes out again, because somebody says so."""
    officers_only(user)
    RegistrationMail.objects.filter(pk=mail.pk, sent_at=None).update(taken_at=None, error="", asked_at=timezone.now())
    transaction.on_commit(have_mails_sent)


def _ask_mail(registration: Registration, kind: MailKind, about: str) -> None:
    """One of a kind for each ``about``; it goes out once this transaction stands."""
    mail = RegistrationMail(registration=registration, kind=kind, about=about)
    RegistrationMail.objects.bulk_create([mail], ignore_conflicts=True)
    transaction.on_commit(have_mails_sent)


@transaction.atomic
def give_feedback(registration: Registration, useful: int, organised: int, words: str) -> FeedbackAnswer:
    """Marks from 1 to 5 and words, once each; who gave them is not kept. Raises GivenAlready."""
    mine = Registration.objects.select_for_update().filter(pk=registration.pk, gave_feedback=False)
    if not mine.update(gave_feedback=True):
        raise GivenAlready
    said = words.replace("\x00", "").strip()[:LONGEST_FEEDBACK]
    return FeedbackAnswer.objects.create(event=registration.event, useful=useful, organised=organised, words=said)


def match_houses(user: User, event: Event) -> int:
    """Find the organisations that people wrote by name, where exactly one is called that; how many."""
    officers_only(user)
    rows = list(Registration.objects.filter(event=event, organisation=None).exclude(house=""))
    finder = Finder.for_reader(user) if rows else None
    found = []
    for one in rows:
        try:
            one.organisation = finder.find(one.house) if finder else None
        except (NotFound, Ambiguous):
            continue
        found.append(one)
    Registration.objects.bulk_update(found, ["organisation"], batch_size=500)
    return len(found)


@transaction.atomic
def add_those_who_came(user: User, event: Event) -> int:
    """The organisations of those who came took part: they stand with the event from now on. Nobody's name does."""
    officers_only(user)
    match_houses(user, event)
    came = Registration.objects.filter(event=event, came_at__isnull=False, organisation__isnull=False)
    new = set(came.values_list("organisation", flat=True)) - set(event.cities.values_list("pk", flat=True))
    if new:
        event.cities.add(*new)
        mark_event_changed(event)
        note_lists(Event, [event])
    return len(new)


def forget_registrations(now: datetime | None = None) -> int:
    """Every night: delete who registered for what is long over. How many they were stays. How many were deleted."""
    moment = now or timezone.now()
    gone = 0
    for rules in (
        RegistrationRules.objects.select_related("event").filter(event__registrations__isnull=False).distinct()
    ):
        if _kept_until(rules) < timezone.localdate(moment, zone_of(rules.event)):
            gone += _forget(rules, moment)
    return gone


def _kept_until(rules: RegistrationRules) -> Any:
    """Of an event whose day nobody knows, that long after the last registration."""
    last = last_day(rules.event)
    if last is None:
        latest = rules.event.registrations.order_by("-created_at").values_list("created_at", flat=True)[0]
        last = latest.date()
    return last + timedelta(days=rules.kept_days)


@transaction.atomic
def _forget(rules: RegistrationRules, now: datetime) -> int:
    rows = Registration.objects.filter(event=rules.event)
    had_place, came = rows.filter(state=RegistrationState.CONFIRMED), rows.filter(came_at__isnull=False)
    rules.counted = {"registered": rows.count(), "places": had_place.count(), "came": came.count()}
    rules.forgotten_at = now
    rules.save(update_fields=["counted", "forgotten_at"])
    RegistrationMail.objects.filter(registration__in=rows).delete()
    count, _each = rows.delete()
    return count
