"""Questions about sessions, as far as the reader may see; a participant is known by the address of their page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet

from sympolis.office.core.models import User
from sympolis.office.core.queries import Reader, changeable_records, is_officer, visible_records
from sympolis.office.core.tokens import hashed
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
from sympolis.office.planning.voices.queries import openness_of


def visible_sessions(user: Reader) -> QuerySet[Session]:
    """Sessions are the office's until their minutes are published."""
    return visible_records(user, Session.objects.all()).filter(
        Q() if is_officer(user) else Q(published_at__isnull=False)
    )


def changeable_sessions(user: Reader) -> QuerySet[Session]:
    return changeable_records(user, Session.objects.all())


def visible_contributions(user: Reader) -> QuerySet[Contribution]:
    """What was said is read by the office, and by everybody once the session's minutes are published."""
    said = Contribution.objects.filter(taken_back=False)
    return said if is_officer(user) else said.filter(session__in=visible_sessions(user))


def acts_for_somebody(user: Reader | None) -> bool:
    """Whether somebody acts for a member organisation; the office does."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return is_officer(user) or user.memberships.exists()


def of_the_room() -> Q:
    """Participants that take a place: not the bodies whose paper was brought in."""
    return Q(link__isnull=False) | Q(invitation__isnull=False)


def places_left(session: Session) -> int | None:
    """How many more may come into a session; None: as many as come."""
    if session.capacity is None:
        return None
    return max(session.capacity - session.participants.filter(of_the_room()).count(), 0)


def is_closed_by_the_plan(session: Session) -> bool:
    """Whether what the session has open is closed today by a phase of its plan: one question where there is a plan."""
    needs = {Phase.CONTRIBUTE: "contribute", Phase.PRIORITISE: "prioritise"}.get(Phase(session.phase))
    if needs is None or session.plan_id is None:
        return False
    return not openness_of(Plan(pk=session.plan_id)).lets(needs)


def open_sessions_of(plans: Iterable[int]) -> QuerySet[Session]:
    """Sessions on plans that everybody may come into now; what they are called is no secret."""
    found = Session.objects.filter(plan__in=list(plans), audience=SessionAudience.PUBLIC)
    return found.exclude(phase=Phase.CLOSED).order_by("starts_earliest", "pk")


def link_of(token: str) -> SessionLink | None:
    """The link of an address that was handed out; it may have been withdrawn since."""
    links = SessionLink.objects.select_related("session", "session__organisation")
    return links.filter(token=hashed(token)).first()


def participant_of(token: str) -> Participant | None:
    return Participant.objects.select_related("session").filter(token=hashed(token)).first()


class State(NamedTuple):
    """What a hundred people ask every other second: the number their session has reached, and its phase."""

    participant: int
    session: int
    sequence: int
    phase: str


def state_at(token: str) -> State | None:
    """For who asks by their own address; one question, and no record of it."""
    rows = Participant.objects.filter(token=hashed(token)).order_by()
    found = rows.values_list("pk", "session", "session__sequence", "session__phase")[:1]
    return next((State(*row) for row in found), None)


def changes_since(session: int, sequence: int) -> QuerySet[Contribution]:
    """What was said or changed after a number of the session's sequence: one question through an index."""
    return Contribution.objects.filter(session=session, sequence__gt=sequence).order_by("sequence")


@dataclass(frozen=True, slots=True)
class Result:
    """A group with what it got. ``by_kind`` has a number for each kind of participant; ``for_bodies`` are the dots of
    who speaks for a named body, the others speak for themselves."""

    group: ContributionGroup
    contributions: int
    dots: int
    by_kind: tuple[int, ...]
    for_bodies: int

    @property
    def for_themselves(self) -> int:
        return self.dots - self.for_bodies


def results_of(session: Session) -> list[Result]:
    """The groups, those with most dots first. Always counted, never kept: two questions."""
    placed: dict[int, dict[str, int]] = {}
    bodies: dict[int, int] = {}
    rows = Dot.objects.filter(group__session=session).values("group", kind=F("participant__kind"))
    counted = rows.annotate(dots=Count("pk"), named=Count("pk", filter=~Q(participant__speaks_for="")))
    for row in counted.order_by():
        placed.setdefault(row["group"], {})[row["kind"]] = row["dots"]
        bodies[row["group"]] = bodies.get(row["group"], 0) + row["named"]
    in_it = Count("contributions", filter=Q(contributions__taken_back=False))
    results = [
        Result(
            group,
            group.in_it,
            sum(placed.get(group.pk, {}).values()),
            tuple(placed.get(group.pk, {}).get(kind, 0) for kind in ParticipantKind.values),
            bodies.get(group.pk, 0),
        )
        for group in session.groups.annotate(in_it=in_it)
    ]
    return sorted(results, key=lambda one: (-one.dots, -one.contributions, one.group.position))


def said_by_group(session: Session) -> dict[int, list[Contribution]]:
    """Group -> what was said in it, as it came in: what a dot is for. One question."""
    found: dict[int, list[Contribution]] = {}
    said = session.contributions.filter(taken_back=False, group__isnull=False)
    for one in said.only("group", "text", "language"):
        found.setdefault(one.group_id or 0, []).append(one)
    return found


def dots_of(participant: Participant) -> dict[int, int]:
    """Group -> how many dots of this participant are on it."""
    counted = participant.dots.values("group").annotate(dots=Count("pk")).order_by()
    return {row["group"]: row["dots"] for row in counted}


@dataclass(frozen=True, slots=True)
class Counts:
    """A session in numbers, as its minutes and its page say them."""

    participants: dict[str, int]  # by kind
    for_bodies: int
    contributions: dict[str, int]  # by kind
    dots: int

    @property
    def everybody(self) -> int:
        return sum(self.participants.values())

    @property
    def everything(self) -> int:
        return sum(self.contributions.values())


def counts_of(session: Session, results: Iterable[Result]) -> Counts:
    """Two questions, however large the session; every dot is on one of its groups, whose ``results`` are at hand."""
    people = session.participants.values("kind").annotate(n=Count("pk"), named=Count("pk", filter=~Q(speaks_for="")))
    rows = list(people.order_by())
    said = session.contributions.filter(taken_back=False).values("kind").annotate(n=Count("pk")).order_by()
    return Counts(
        _in_order(ParticipantKind.values, ((row["kind"], row["n"]) for row in rows)),
        sum(row["named"] for row in rows),
        _in_order(ContributionKind.values, ((row["kind"], row["n"]) for row in said)),
        sum(one.dots for one in results),
    )


def _in_order(codes: Iterable[str], counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    found = dict(counted)
    return {code: found[code] for code in codes if code in found}


def without_home(session: Session) -> QuerySet[Contribution]:
    """What was said and is in no group yet."""
    return session.contributions.filter(taken_back=False, group=None)
