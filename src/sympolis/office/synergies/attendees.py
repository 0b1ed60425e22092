"""Who takes part in a meeting: proposed, chosen, invited with an entry for the calendar, told of changes, there or not.

Each has a page of their own, reached by the address in the mail, which is made of the key of this home and not kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.core.signing import BadSignature
from django.db import transaction
from django.utils import timezone

from sympolis.office.core.calendars import has_day
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.queries import Reader
from sympolis.office.directory.models import Department, Organisation, Person
from sympolis.office.directory.posts import may_be_named
from sympolis.office.directory.queries import visible_departments, visible_people
from sympolis.office.synergies.attendee_mails import facts_told, send_attendee_mail, signer
from sympolis.office.synergies.enums import AttendeeMail, InvitationAnswer
from sympolis.office.synergies.invitations import language_of
from sympolis.office.synergies.models import Attendee, Meeting, Slot
from sympolis.office.synergies.programme import slots_of

MOST_ATTENDEES = 200
OPEN_DAYS_AFTER = 90  # that long after the meeting the pages of those who took part are open


class TooMany(Exception):
    """More people than one meeting takes."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody known who could take part. ``fits``: their department has a part in the programme."""

    key: str
    attendee: Attendee
    fits: bool


def candidates_of(user: Reader, meeting: Meeting) -> list[Candidate]:
    """People and departments' mailboxes of those who meet, who are not on the list yet: those with a part in the
    programme first. Whose legal basis has run out is not named."""
    organisations = list(meeting.organisations.all())
    listed = list(meeting.attendees.all())
    with_part = {one.pk for slot in slots_of(user, meeting) for one in slot.departments.all()}
    found = [*_people(user, meeting, organisations), *_mailboxes(user, meeting, organisations)]
    there = {(one.person_id, one.email.casefold()) for one in listed}
    mails = {one.email.casefold() for one in listed if one.email}
    new = [
        Candidate(key, attendee, attendee.department_id in with_part)
        for key, attendee in found
        if (attendee.person_id, attendee.email.casefold()) not in there and attendee.email.casefold() not in mails
    ]
    return sorted(new, key=lambda one: (one.attendee.organisation.sort_key, not one.fits, one.attendee.name))


def _people(user: Reader, meeting: Meeting, organisations: list[Organisation]) -> Iterator[tuple[str, Attendee]]:
    on = meeting.starts.earliest or timezone.localdate()
    rows = visible_people(user).filter(organisation__in=organisations).select_related("organisation")
    for person in rows.order_by("sort_key", "pk")[:MOST_ATTENDEES]:
        if may_be_named(person, on) and not (person.until.latest and person.until.latest < on):
            yield person.public_id, _attendee_of(person, meeting)


def _attendee_of(person: Person, meeting: Meeting) -> Attendee:
    language = person.language or language_of(person.organisation)
    made = Attendee(meeting=meeting, organisation=person.organisation, person=person, name=person.name)
    made.department_id = person.department_id
    made.post, made.email, made.language = person.post.best(language).text[:200], person.email, _offered(language)
    return made


def _mailboxes(user: Reader, meeting: Meeting, organisations: list[Organisation]) -> Iterator[tuple[str, Attendee]]:
    rows = visible_departments(user).filter(organisation__in=organisations).exclude(mailbox="")
    for department in rows.select_related("organisation").order_by("sort_key")[:MOST_ATTENDEES]:
        language = _offered(language_of(department.organisation))
        made = Attendee(meeting=meeting, organisation=department.organisation, department=department)
        made.post, made.email = department.name.best(language).text[:200], department.mailbox
        made.language = language
        yield department.public_id, made


def _offered(language: str) -> str:
    field: Any = Attendee._meta.get_field("language")
    return language if language in dict(field.choices) else "en"


@transaction.atomic
def add_attendees(user: User, meeting: Meeting, chosen: Iterable[Attendee]) -> list[Attendee]:
    """Put people on the list. A mail address that is on it already is not put there twice. Raises TooMany."""
    officers_only(user)
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    mails = {one.email.casefold() for one in meeting.attendees.all() if one.email}
    made = []
    for one in chosen:
        if one.email and one.email.casefold() in mails:
            continue
        mails.add(one.email.casefold())
        one.meeting = meeting
        one.save()
        made.append(one)
    if meeting.attendees.count() > MOST_ATTENDEES:
        raise TooMany
    return made


@transaction.atomic
def propose_attendees(user: User, meeting: Meeting) -> list[Attendee]:
    """Those whose department has a part in the programme; nobody where somebody is on the list already."""
    officers_only(user)
    if meeting.attendees.exists():
        return []
    return add_attendees(user, meeting, [one.attendee for one in candidates_of(user, meeting) if one.fits])


def is_out_of_date(attendee: Attendee, facts: dict[str, str]) -> bool:
    """Asked, not declined, and told another day, hour or place than it is now (``facts``)."""
    asked = attendee.asked_at and attendee.answer != InvitationAnswer.NO
    return bool(asked) and attendee.told != facts


def to_be_invited(meeting: Meeting, attendees: Collection[Attendee], today: date) -> list[Attendee]:
    """Those with a mail address who wait for an invitation or were told something else: while the meeting is ahead."""
    if not has_day(meeting.starts) or last_day(meeting) < today:
        return []
    facts = facts_told(meeting)
    waiting = [one for one in attendees if not one.asked_at or is_out_of_date(one, facts)]
    return [one for one in waiting if one.email and not one.mail]


def last_day(meeting: Meeting) -> date:
    """The last day of a meeting whose day is known."""
    last: date = meeting.ends.latest or meeting.starts.latest
    return last


@transaction.atomic
def invite(user: User, meeting: Meeting, address: str, today: date) -> int:
    """Have the worker invite whoever waits for it, in this officer's name; gives how many.

    ``address`` is where this site is reached.
    """
    officers_only(user)
    waiting = to_be_invited(meeting, list(meeting.attendees.select_for_update()), today)
    for one in waiting:
        one.mail, one.asked_by = AttendeeMail.INVITE, user
        one.save(update_fields=["mail", "asked_by"])
    _send(waiting, address)
    return len(waiting)


@transaction.atomic
def take_off(user: User, meeting: Meeting, attendees: Iterable[Attendee], address: str) -> int:
    """Take people off the list. Who was asked is told, and leaves the list with that mail; gives how many that are."""
    officers_only(user)
    told = []
    for one in attendees:
        if one.asked_at and one.email and one.answer != InvitationAnswer.NO:
            one.mail = AttendeeMail.CANCEL
            one.save(update_fields=["mail"])
            told.append(one)
        else:
            one.delete()
    _send(told, address)
    return len(told)


def _send(attendees: Iterable[Attendee], address: str) -> None:
    for pk in [one.pk for one in attendees]:
        transaction.on_commit(partial(send_attendee_mail.enqueue, pk, address))


@transaction.atomic
def note_who_was_there(user: User, meeting: Meeting, there: Collection[int]) -> None:
    """Who of the list came, by their numbers; of the others it is said that they did not."""
    officers_only(user)
    for one in meeting.attendees.all():
        one.was_there = one.pk in there
        one.save(update_fields=["was_there"])


def answer_as(attendee: Attendee, answer: str, words: str = "") -> Attendee:
    """Yes, no, or who should be asked; a later answer takes the place of an earlier one."""
    attendee.answer = InvitationAnswer(answer)
    attendee.answer_text = " ".join(words.split())[:500]
    attendee.answered_at = timezone.now()
    attendee.save(update_fields=["answer", "answer_text", "answered_at"])
    return attendee


def attendee_of(token: str) -> Attendee | None:
    """Whose page an address opens; None where it was not handed out, or they are no longer on the list."""
    try:
        pk = signer.unsign(token)
    except BadSignature:
        return None
    rows = Attendee.objects.select_related("meeting", "organisation", "department")
    return rows.filter(pk=pk, asked_at__isnull=False).exclude(mail=AttendeeMail.CANCEL).first()


def is_page_open(attendee: Attendee, today: date) -> bool:
    """Until some time after the meeting."""
    last = attendee.meeting.ends.latest or attendee.meeting.starts.latest
    return last is None or today <= last + timedelta(OPEN_DAYS_AFTER)


@dataclass(frozen=True, slots=True)
class Part:
    """A slot of the programme, and whether somebody's department takes part in it."""

    slot: Slot
    is_theirs: bool


def parts_of(user: Reader, attendee: Attendee) -> list[Part]:
    """The programme as somebody who takes part reads it, with the departments that ``user`` may see."""
    return [
        Part(slot, any(one.pk == attendee.department_id for one in slot.departments.all()))
        for slot in slots_of(user, attendee.meeting)
    ]


def departments_with_part(parts: Iterable[Part]) -> list[Department]:
    """Whom one meets: the departments of the programme, each once."""
    return list({one.pk: one for part in parts for one in part.slot.departments.all()}.values())
