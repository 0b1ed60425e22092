"""What is done in a session: links, taking part, contributions, groups, dots, phases.

Whatever is sent twice counts once: a retry after a lost connection doubles nothing. Each change takes the session's row
first, so that two at once are one after the other and the sequence has no gaps that fill up later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.core.signing import Signer
from django.db import transaction
from django.utils import timezone

from sympolis.engine.texts.languages import detect_language
from sympolis.office.core.actions import keep_record, remove_record
from sympolis.office.core.enums import Visibility
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import Text
from sympolis.office.core.tokens import hashed, new_token
from sympolis.office.planning.enums import ContributionKind, ParticipantKind, Phase, SessionAudience
from sympolis.office.planning.models import (
    Contribution,
    ContributionGroup,
    Dot,
    Participant,
    Plan,
    Session,
    SessionLink,
)
from sympolis.office.planning.sent_twice import another_id, is_the_same
from sympolis.office.planning.sessions.errors import (
    ClosedByThePlan,
    DotsClosed,
    DotsClosedByThePlan,
    LinkWithdrawn,
    NoDotLeft,
    NoDotsForKind,
    NoPlaceLeft,
    NothingSaid,
    NotOpen,
    OnlyForOrganisations,
    OnlyInvited,
    SessionOver,
    TooLong,
    TooMuch,
)
from sympolis.office.planning.sessions.queries import acts_for_somebody, of_the_room
from sympolis.office.planning.voices.queries import openness_of

_public = Signer(sep=".", salt="public-session")
LONGEST, MOST_BY_ONE, MOST_AT_ONCE, MOST_LINKS = 2_000, 60, 500, 20


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody puts in. ``client_id`` was made where it was typed."""

    client_id: str
    text: str
    kind: str = ContributionKind.NEED
    table: str = ""


@transaction.atomic
def keep_session(session: Session) -> Session:
    """Add or change a session; what goes on in it meanwhile is not put back."""
    if session.pk is None:
        session.visibility = Visibility.OFFICE  # until its minutes are published
    else:
        before = _locked(session)
        session.sequence = before.sequence + (_dots_said(before) != _dots_said(session))
    keep_record(session)
    _keep_public_link(session)
    return session


def _dots_said(session: Session) -> tuple[object, ...]:
    return session.dots, session.dots_by_kind


def public_token_of(session: Session) -> str:
    """What opens a session for everybody: no secret, and it opens no other."""
    return _public.sign(session.public_id)


def _keep_public_link(session: Session) -> None:
    """The link behind it, as long as the session is for everybody."""
    if session.audience == SessionAudience.PUBLIC:
        about = {"session": session, "kind": ParticipantKind.OTHER, "withdrawn_at": None}
        SessionLink.objects.update_or_create(token=hashed(public_token_of(session)), defaults=about)
    else:
        links = session.links.filter(token=hashed(public_token_of(session)), withdrawn_at=None)
        links.update(withdrawn_at=timezone.now())


def remove_session(session: Session, by: User | None = None) -> None:
    remove_record(session, by)


def open_link(user: User, session: Session, kind: str, places: int | None = None) -> tuple[SessionLink, str]:
    """An address for one kind of participant; the token for it is known to nobody afterwards. Raises TooMuch."""
    officers_only(user)
    if session.links.filter(withdrawn_at=None).count() >= MOST_LINKS:
        raise TooMuch
    token = new_token()
    about = {"kind": ParticipantKind(kind), "places": places, "made_by": user}
    return SessionLink.objects.create(session=session, token=hashed(token), **about), token


def withdraw_link(user: User, link: SessionLink) -> None:
    """Nobody comes in by it any more; who is in stays."""
    officers_only(user)
    SessionLink.objects.filter(pk=link.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())


@transaction.atomic
def join(
    link: SessionLink, name: str, speaks_for: str, email: str = "", language: str = "", user: Reader | None = None
) -> tuple[Participant, str]:
    """Somebody takes part; the token opens their own page. Raises NoPlaceLeft and what ``check_comes_in_by`` does."""
    session = _locked(link.session)
    check_comes_in_by(link, session, user)
    if not has_place(session, link):
        raise NoPlaceLeft
    return seat(session, Seat(link.kind, name, speaks_for, email, language), link)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who takes a place: as what kind of participant, for whom, and how they are told."""

    kind: str
    name: str = ""
    speaks_for: str = ""
    email: str = ""
    language: str = ""


def seat(session: Session, who: Seat, link: SessionLink | None) -> tuple[Participant, str]:
    """Give somebody their place in a session whose row is taken; who may come and whether there is one is asked
    before."""
    token = new_token()
    made = Participant.objects.create(
        session=session, link=link, kind=who.kind, token=hashed(token), name=_one_line(who.name)[:100],
        speaks_for=_one_line(who.speaks_for)[:200], email=who.email, language=who.language,
    )  # fmt: skip
    return made, token


def check_comes_in_by(link: SessionLink, session: Session, user: Reader | None) -> None:
    """Whether somebody comes in by a link. Raises LinkWithdrawn and what ``check_may_come`` does."""
    if link.withdrawn_at is not None:
        raise LinkWithdrawn
    check_may_come(session, user)


def check_may_come(session: Session, user: Reader | None) -> None:
    """Whether somebody without an invitation comes in at all. Raises SessionOver, OnlyInvited, OnlyForOrganisations."""
    check_not_over(session)
    if session.audience == SessionAudience.INVITED:
        raise OnlyInvited
    if session.audience == SessionAudience.ORGANISATIONS and not acts_for_somebody(user):
        raise OnlyForOrganisations


def check_not_over(session: Session) -> None:
    """Who is invited comes in until then. Raises SessionOver."""
    if session.phase == Phase.CLOSED:
        raise SessionOver


def has_place(session: Session, link: SessionLink | None) -> bool:
    """Whether one more comes in: of all places and of those of a link."""
    if session.capacity is not None and session.participants.filter(of_the_room()).count() >= session.capacity:
        return False
    return link is None or link.places is None or link.participants.count() < link.places


@transaction.atomic
def contribute(participant: Participant, said: Said) -> Contribution:
    """Keep what a participant said, once however often it is sent. Raises SessionRefused."""
    said, there = _sent_before(participant.session, said, participant)
    if there is not None:
        return there
    session = _open(participant.session, Phase.CONTRIBUTE)
    if not let_by_the_plan(session, "contribute"):
        raise ClosedByThePlan
    if participant.contributions.filter(taken_back=False).count() >= MOST_BY_ONE:
        raise TooMuch
    made = _put(session, said, participant=participant)
    if made.table and made.table != participant.sits_at:
        sit_at(participant, made.table)
    return made


@transaction.atomic
def sit_at(participant: Participant, table: str) -> None:
    """The table or group they sit at, as they said last: their dots are told by it. Raises SessionOver."""
    session = _locked(participant.session)
    check_not_over(session)
    said = _one_line(table)[:60]
    if Participant.objects.filter(pk=participant.pk).exclude(sits_at=said).update(sits_at=said):
        _next(session)


@transaction.atomic
def note_down(user: User, session: Session, said: Iterable[Said]) -> list[Contribution]:
    """Keep what was said in the room, as an officer typed or pasted it; as long as the session is not closed."""
    officers_only(user)
    several = list(said)
    if len(several) > MOST_AT_ONCE:
        raise TooMuch
    locked = _locked(session)
    if locked.phase == Phase.CLOSED:
        raise NotOpen
    made = []
    for one in several:
        noted, there = _sent_before(session, one)
        made.append(there or _put(locked, noted, noted_by=user))
    return made


def _sent_before(
    session: Session, said: Said, participant: Participant | None = None
) -> tuple[Said, Contribution | None]:
    """What is there of it already. Other words, or somebody else's, under an id that is taken get one of their own."""
    there = session.contributions.filter(client_id=said.client_id).first()
    who, words = participant and participant.pk, _tidy(said.text)
    if there is None or (there.participant_id == who and (there.taken_back or is_the_same(there, words))):
        return said, there
    other = replace(said, client_id=another_id(said.client_id, who, words))
    return other, session.contributions.filter(client_id=other.client_id).first()


def _put(session: Session, said: Said, **by: object) -> Contribution:
    text = _checked(said.text)
    return Contribution.objects.create(
        session=session, client_id=said.client_id, text=text, kind=ContributionKind(said.kind),
        language=detect_language(text), table=_one_line(said.table)[:60], sequence=_next(session), **by,
    )  # fmt: skip


@transaction.atomic
def correct(participant: Participant, contribution: Contribution, text: str, kind: str) -> Contribution:
    """Say it better, as long as contributions are open."""
    session = _open(participant.session, Phase.CONTRIBUTE)
    mine = participant.contributions.get(pk=contribution.pk, taken_back=False)
    mine.text, mine.kind = _checked(text), ContributionKind(kind)
    mine.language, mine.sequence = detect_language(mine.text), _next(session)
    mine.save()
    return mine


@transaction.atomic
def take_back(participant: Participant, contribution: Contribution) -> Contribution:
    """As if it had not been said: the words go, from its history too."""
    session = _open(participant.session, Phase.CONTRIBUTE)
    mine = participant.contributions.get(pk=contribution.pk)
    mine.text, mine.taken_back, mine.sequence = "", True, _next(session)
    mine.save()
    mine.history.update(text="")
    return mine


@transaction.atomic
def set_phase(user: User, session: Session, phase: str) -> Session:
    """Open the next part of it, or an earlier one again."""
    officers_only(user)
    locked = _locked(session)
    locked.phase = Phase(phase)
    _next(locked)
    return keep_session(locked)


@transaction.atomic
def take_groups(user: User, session: Session, groups: Sequence[tuple[Text, Sequence[str]]]) -> list[ContributionGroup]:
    """Put these groups, names with the public ids of their contributions, in the place of those before: their dots go
    too, so this is refused once dots are open. Raises NotOpen."""
    officers_only(user)
    locked = _locked(session)
    if locked.phase in {Phase.PRIORITISE, Phase.CLOSED}:
        raise NotOpen
    locked.groups.all().delete()
    locked.paper_sheets.all().delete()
    made = []
    for position, (name, members) in enumerate(groups):
        group = ContributionGroup.objects.create(session=locked, name=name, position=position)
        locked.contributions.filter(public_id__in=members).update(group=group)
        made.append(group)
    return made


@transaction.atomic
def place_dot(participant: Participant, group: ContributionGroup, client_id: str) -> Dot:
    """A dot on a group, once however often it is sent. Who has placed more than they have now places no other one until
    they took back enough. Raises NoDotLeft, NoDotsForKind, DotsClosed, DotsClosedByThePlan."""
    there = participant.dots.filter(client_id=client_id).first()
    if there is not None:
        return there
    session = _open(participant.session, Phase.PRIORITISE, DotsClosed)
    if not let_by_the_plan(session, "prioritise"):
        raise DotsClosedByThePlan
    all_of_theirs = session.dots_for(participant.kind)
    if participant.dots.count() >= all_of_theirs:
        raise NoDotLeft if all_of_theirs else NoDotsForKind
    group = session.groups.get(pk=group.pk)
    _next(session)
    return Dot.objects.create(participant=participant, group=group, client_id=client_id)


@transaction.atomic
def take_dot_back(participant: Participant, group: ContributionGroup) -> None:
    session = _open(participant.session, Phase.PRIORITISE, DotsClosed)
    last = participant.dots.filter(group=group).order_by("-pk").first()
    if last is not None:
        last.delete()
        _next(session)


def _locked(session: Session) -> Session:
    return Session.objects.select_for_update().get(pk=session.pk)


def let_by_the_plan(session: Session, what: str) -> bool:
    """Where the process of the session's plan says when this is open, it is open in those days alone."""
    return session.plan_id is None or openness_of(Plan(pk=session.plan_id)).lets(what)


def _open(session: Session, phase: Phase, refused: type[NotOpen] = NotOpen) -> Session:
    locked = _locked(session)
    if locked.phase != phase:
        raise refused
    return locked


def _next(locked: Session) -> int:
    """The next number of a session whose row is taken."""
    locked.sequence += 1
    Session.objects.filter(pk=locked.pk).update(sequence=locked.sequence)
    return locked.sequence


def _checked(text: str) -> str:
    said = _tidy(text)
    if not said:
        raise NothingSaid
    if len(said) > LONGEST:
        raise TooLong
    return said


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\x00", "").splitlines()).strip()


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
