"""Who is invited to a session by mail, as what kind of participant; who waits for a place, and who gets one.

The address in an invitation is made of the key of this home and not kept: the same in every mail.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.core.validators import validate_email
from django.db import transaction
from django.tasks import task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.calendars import PUBLISH, REQUEST, has_day
from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.queries import Reader
from sympolis.office.core.templatetags.show import hours_said, when
from sympolis.office.core.tokens import hashed, new_token
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.posts import may_be_named
from sympolis.office.directory.queries import current_office, visible_departments, visible_people
from sympolis.office.planning.enums import ParticipantKind, Phase
from sympolis.office.planning.models import Participant, Session, SessionInvitation, SessionLink, WaitingPlace
from sympolis.office.planning.sessions.actions import Seat, check_may_come, check_not_over, has_place, seat
from sympolis.office.planning.sessions.calendars import invitation_calendar, session_calendar
from sympolis.office.planning.sessions.errors import NoAddress, NoPlaceLeft, NotOpen, PlaceInUse, TooMuch

MOST_INVITED, MOST_WAITING, MOST_LINES = 1_000, 500, 500
signer = Signer(sep=".", salt="session-invitation")
_ADDRESS = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to be invited."""

    email: str
    name: str = ""
    speaks_for: str = ""
    language: str = ""


class UnreadableLines(ValueError):
    """Lines without a mail address; ``lines`` are the first of them."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


def read_invited(text: str, language: str) -> list[Invited]:
    """One a line: ``Name <mail>``, ``mail`` alone, or ``Name; whom they speak for; mail``. Raises UnreadableLines."""
    found, wrong = [], []
    for line in filter(None, (" ".join(one.split()) for one in text.splitlines()[:MOST_LINES])):
        address = _ADDRESS.search(line)
        parts = [part.strip(" <>\"'") for part in _ADDRESS.sub("", line).split(";")]
        name, speaks_for = (*[part for part in parts if part], "", "")[:2]
        try:
            validate_email(address[0] if address else "")
        except ValidationError:
            wrong.append(line[:80])
            continue
        found.append(Invited((address[0] if address else "").lower(), name[:100], speaks_for[:200], language))
    if wrong:
        raise UnreadableLines(wrong[:5])
    return found


def people_of(user: User, organisations: Iterable[Organisation], language: str) -> list[Invited]:
    """The people and mailboxes of houses that may be written to. Whose legal basis has run out is not."""
    houses, today = list(organisations), timezone.localdate()
    people = visible_people(user).filter(organisation__in=houses).exclude(email="").select_related("organisation")
    found = [
        Invited(one.email.lower(), one.name[:100], _name(one.organisation, language), one.language or language)
        for one in people.order_by("sort_key", "pk")[:MOST_LINES]
        if may_be_named(one, today) and not (one.until.latest and one.until.latest < today)
    ]
    mailboxes = visible_departments(user).filter(organisation__in=houses).exclude(mailbox="")
    for one in mailboxes.select_related("organisation").order_by("sort_key", "pk")[:MOST_LINES]:
        found.append(Invited(one.mailbox.lower(), "", _name(one.organisation, language), language))
    return found


def _name(organisation: Organisation, language: str) -> str:
    return organisation.title_text().best(language).text[:200]


@transaction.atomic
def invite(user: User, session: Session, kind: str, people: Iterable[Invited], address: str) -> int:
    """Have the worker write to those who are not invited yet, in this officer's name; how many. ``address`` is where
    this site is reached. Raises NotOpen and TooMuch."""
    officers_only(user)
    locked = Session.objects.select_for_update().get(pk=session.pk)
    if locked.phase == Phase.CLOSED:
        raise NotOpen
    there = set(locked.invitations.values_list("email", flat=True))
    fresh = {one.email: one for one in people if one.email not in there}
    if len(there) + len(fresh) > MOST_INVITED:
        raise TooMuch
    made = SessionInvitation.objects.bulk_create(
        SessionInvitation(
            session=locked, kind=ParticipantKind(kind), name=one.name, speaks_for=one.speaks_for, email=one.email,
            language=one.language, waits=True, asked_by=user,
        )
        for one in fresh.values()
    )  # fmt: skip
    for one in made:
        transaction.on_commit(partial(send_session_invitation.enqueue, one.pk, address))
    return len(made)


@transaction.atomic
def tell_changed(user: User, session: Session, address: str) -> int:
    """Have the worker write again to those who were told another day, hour or place; how many. Raises NotOpen."""
    officers_only(user)
    locked = Session.objects.select_for_update().get(pk=session.pk)
    if locked.phase == Phase.CLOSED:
        raise NotOpen
    wrong = told_otherwise(locked, locked.invitations.filter(waits=False))
    SessionInvitation.objects.filter(pk__in=[one.pk for one in wrong]).update(waits=True, asked_by=user)
    for one in wrong:
        transaction.on_commit(partial(send_session_invitation.enqueue, one.pk, address))
    return len(wrong)


def told_otherwise(session: Session, invitations: Iterable[SessionInvitation]) -> list[SessionInvitation]:
    """Those whose last mail said another day, hour or place. Who said that they can't come is left alone."""
    if session.phase == Phase.CLOSED:
        return []
    facts = facts_told(session)
    return [one for one in invitations if one.told and one.told != facts and not one.declined_at]


def facts_told(session: Session) -> dict[str, str]:
    """What an invitation says of a session: who was told otherwise must be told again."""
    hours = f"{session.from_hour or ''}-{session.until_hour or ''}"
    return {"starts": str(session.starts), "hours": hours, "place": session.place}


def take_back_invitation(user: User, invitation: SessionInvitation) -> None:
    """Its address opens nothing any more; who came in by it stays."""
    officers_only(user)
    invitation.delete()


def token_of(invitation: SessionInvitation) -> str:
    return signer.sign(str(invitation.pk))


def invitation_of(token: str) -> SessionInvitation | None:
    """Whose invitation an address is; None where it was not handed out or was taken back."""
    try:
        pk = signer.unsign(token)
    except BadSignature:
        return None
    rows = SessionInvitation.objects.select_related("session", "session__organisation", "participant")
    return rows.filter(pk=pk, asked_at__isnull=False).first()


@transaction.atomic
def accept(invitation: SessionInvitation, who: Seat) -> tuple[Participant, str]:
    """Come in by one's invitation; who is in gets a fresh address of their page. Raises NoPlaceLeft, SessionOver."""
    session = Session.objects.select_for_update().get(pk=invitation.session_id)
    fresh = SessionInvitation.objects.select_related("participant").get(pk=invitation.pk)
    if fresh.participant is not None:
        token = new_token()
        fresh.participant.token = hashed(token)
        fresh.participant.save(update_fields=["token"])
        return fresh.participant, token
    check_not_over(session)
    if not has_place(session, None):
        raise NoPlaceLeft
    made, token = seat(session, who, None)
    SessionInvitation.objects.filter(pk=fresh.pk).update(participant=made, declined_at=None)
    return made, token


def decline(invitation: SessionInvitation) -> None:
    """Who can't come says so; coming after all is possible as long as there is a place."""
    SessionInvitation.objects.filter(pk=invitation.pk, participant=None).update(declined_at=timezone.now())
    WaitingPlace.objects.filter(invitation=invitation).delete()


@transaction.atomic
def wait_for_place(
    session: Session, who: Seat, link: SessionLink | None = None, invitation: SessionInvitation | None = None,
    user: Reader | None = None,
) -> tuple[WaitingPlace, bool]:  # fmt: skip
    """Stand in line for a place, once however often it is sent; and whether they did not before. Raises NoAddress,
    TooMuch and what ``join`` does."""
    locked = Session.objects.select_for_update().get(pk=session.pk)
    if invitation is None:
        check_may_come(locked, user)
    else:
        check_not_over(locked)
    if not who.email:
        raise NoAddress
    if locked.waiting.count() >= MOST_WAITING:
        raise TooMuch
    about = {
        "link": link, "invitation": invitation, "kind": who.kind, "name": " ".join(who.name.split())[:100],
        "speaks_for": " ".join(who.speaks_for.split())[:200], "language": who.language,
    }  # fmt: skip
    return WaitingPlace.objects.get_or_create(session=locked, email=who.email.lower(), defaults=about)


def turn_of(waiting: WaitingPlace) -> int:
    """Which of those who wait somebody is: 1 is next."""
    return WaitingPlace.objects.filter(session=waiting.session_id, pk__lte=waiting.pk).count()


def stop_waiting(waiting: WaitingPlace) -> None:
    WaitingPlace.objects.filter(pk=waiting.pk).delete()


@transaction.atomic
def give_up(participant: Participant) -> Session:
    """Leave before it begins, so that somebody else comes in. Raises PlaceInUse."""
    session = Session.objects.select_for_update().get(pk=participant.session_id)
    if session.phase != Phase.PREPARED or participant.contributions.exists() or participant.dots.exists():
        raise PlaceInUse
    participant.delete()
    return session


def free_places(session: Session, address: str) -> None:
    """Have the worker give places to those who wait, as many as there are."""
    transaction.on_commit(partial(give_places.enqueue, session.pk, address))


@task
def give_places(session_pk: int, address: str) -> int:
    """Those who wait longest come in, and are told by mail with the address of their own page; how many. One whose mail
    does not go out keeps their turn, and stops nobody else than for now."""
    given = 0
    for pk in list(WaitingPlace.objects.filter(session=session_pk).values_list("pk", flat=True)):
        given += _give_place(pk, address)
    return given


@transaction.atomic
def _give_place(pk: int, address: str) -> bool:
    waiting = WaitingPlace.objects.select_related("link", "invitation").filter(pk=pk).first()
    if waiting is None:
        return False
    session = Session.objects.select_for_update().get(pk=waiting.session_id)
    if session.phase == Phase.CLOSED or not has_place(session, waiting.link):
        return False
    who = Seat(waiting.kind, waiting.name, waiting.speaks_for, "", waiting.language)
    made, token = seat(session, who, waiting.link)
    if waiting.invitation_id:
        SessionInvitation.objects.filter(pk=waiting.invitation_id).update(participant=made)
    _place_mail(session, waiting, token, address).send()
    waiting.delete()
    return True


def give_places_everywhere() -> int:
    """What the worker looks at by itself: places that were freed without anybody asking for it."""
    sessions = Session.objects.exclude(phase=Phase.CLOSED).filter(waiting__isnull=False).distinct()
    address = settings.SITE_ADDRESS
    return sum(give_places.call(one.pk, address) for one in sessions) if address else 0


@task
def send_session_invitation(invitation_pk: int, address: str) -> bool:
    """Write what waits for somebody once, however often this runs: an invitation, or that it has changed."""
    rows = SessionInvitation.objects.filter(pk=invitation_pk)
    found = rows.select_related("session", "asked_by").filter(waits=True).first()
    if found is None or not rows.filter(waits=True).update(waits=False):
        return False
    try:
        _invitation_mail(found, address).send()
    except Exception:
        rows.update(waits=True)  # so that the next try may send it
        raise
    rows.update(asked_at=timezone.now(), told=facts_told(found.session))
    return True


def _invitation_mail(invitation: SessionInvitation, address: str) -> EmailMultiAlternatives:
    session, language, officer = invitation.session, invitation.language or "en", invitation.asked_by
    with override(language):
        title = {"title": _title(session, language)}
        link = address.rstrip("/") + reverse("session_invited", kwargs={"token": token_of(invitation)})
        if invitation.asked_at:
            subject = _("It has changed: %(title)s")
            said = _("the working session you are invited to has changed: %(title)s.")
        else:
            subject = _("Invitation: %(title)s")
            said = _("you are invited to a working session: %(title)s.")
        body = [
            _dear(invitation.name),
            said % title,
            _when_and_where(session),
            session.agenda.best(language).text,
            _("Come in, or say that you can't, without signing in: %(link)s") % {"link": link},
            _("The address is yours alone: please do not pass it on."),
            _signed(officer, language),
        ]
        why = _("You get this because the office invites you to this session.")
        mail = letter(subject % title, body, invitation.email, why, reply_to=[officer.email] if officer else ())
    if has_day(session.starts):
        calendar = invitation_calendar(invitation, link, "\n\n".join(filter(None, body)))
        mail.attach_alternative(calendar.decode(), f"text/calendar; method={REQUEST}")
    return mail


def _place_mail(session: Session, waiting: WaitingPlace, token: str, address: str) -> EmailMultiAlternatives:
    language = waiting.language or "en"
    with override(language):
        title = _title(session, language)
        link = address.rstrip("/") + reverse("session_in", kwargs={"token": token})
        body = [
            _dear(waiting.name),
            _("a place has become free, and it is yours: %(title)s.") % {"title": title},
            _when_and_where(session),
            _("Your own page: %(link)s") % {"link": link},
            _("If you can't come any more, give the place up there, so that somebody else gets it."),
            _signed(None, language),
        ]
        why = _("You get this because you waited for a place.")
        mail = letter(_("You have a place: %(title)s") % {"title": title}, body, waiting.email, why)
    if has_day(session.starts):
        mail.attach_alternative(session_calendar(session, language, link).decode(), f"text/calendar; method={PUBLISH}")
    return mail


def _title(session: Session, language: str) -> str:
    return " ".join(session.title.best(language).text.split())


def _dear(name: str) -> str:
    return _("Dear %(name)s,") % {"name": name} if name else _("Dear colleagues,")


def _when_and_where(session: Session) -> str:
    hours = hours_said(session.from_hour, session.until_hour)
    return "\n".join(filter(None, [when(session.starts), hours, session.place]))


def _signed(officer: User | None, language: str) -> str:
    office = current_office()
    names = (str(officer), officer.post) if officer else ()
    return "\n".join(filter(None, [*names, office.name.best(language).text if office else ""]))


@dataclass(frozen=True, slots=True)
class InvitedCounts:
    """Of a kind of participant: invited, came in, can't come."""

    kind: str
    asked: int
    joined: int
    declined: int

    @property
    def label(self) -> str:
        return str(ParticipantKind(self.kind).label)


def invited_counts(invitations: Iterable[SessionInvitation]) -> list[InvitedCounts]:
    counted: dict[str, Counter[str]] = {}
    for one in invitations:
        of = counted.setdefault(one.kind, Counter())
        of["asked"] += 1
        of["joined"] += one.participant_id is not None
        of["declined"] += one.declined_at is not None and one.participant_id is None
    return [
        InvitedCounts(kind, counted[kind]["asked"], counted[kind]["joined"], counted[kind]["declined"])
        for kind in ParticipantKind.values
        if kind in counted
    ]
