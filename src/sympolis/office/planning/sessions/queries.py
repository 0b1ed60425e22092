"""Questions about sessions, as far as the reader may see; a participant is known by the address of their page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.utils.translation import gettext

from sympolis.office.core.models import User
from sympolis.office.core.queries import Reader, changeable_records, is_officer, visible_records
from sympolis.office.core.tokens import hashed
from sympolis.office.planning.enums import ContributionKind, ParticipantKind, Phase, SessionAudience, own_numbers
from sympolis.office.planning.models import (
    Contribution,
    ContributionGroup,
    Dot,
    PaperDots,
    Participant,
    Plan,
    Session,
    SessionLink,
)
from sympolis.office.planning.sessions.apart import Part
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


_NONE = Value(0)
_BY_TABLE = itemgetter(1, 0)


class State(NamedTuple):
    """What a hundred people ask every other second: the number their session has reached, its phase, how many dots
    they have."""

    participant: int
    session: int
    sequence: int
    phase: str
    dots: int


def state_at(token: str) -> State | None:
    """For who asks by their own address; one question, and no record of it."""
    rows = Participant.objects.filter(token=hashed(token)).order_by()
    asked = ("pk", "session", "session__sequence", "session__phase", "kind", "session__dots", "session__dots_by_kind")
    for pk, session, sequence, phase, kind, dots, own in rows.values_list(*asked)[:1]:
        return State(pk, session, sequence, phase, own_numbers(own).get(kind, dots))
    return None


def changes_since(session: int, sequence: int) -> QuerySet[Contribution]:
    """What was said or changed after a number of the session's sequence: one question through an index."""
    return Contribution.objects.filter(session=session, sequence__gt=sequence).order_by("sequence")


@dataclass(frozen=True, slots=True)
class Result:
    """A group with what it got. ``by_kind`` has a number for each kind of participant, ``by_table`` one for each table
    whose people gave it any; ``for_bodies`` are the dots of who speaks for a named body, ``on_paper`` those of which
    nobody says it, the rest are of who speaks for themselves."""

    group: ContributionGroup
    contributions: int
    dots: int
    by_kind: tuple[int, ...]
    for_bodies: int
    by_table: dict[str, int] = field(default_factory=dict, compare=False)
    on_paper: int = 0

    @property
    def for_themselves(self) -> int:
        return self.dots - self.for_bodies - self.on_paper


def results_of(session: Session) -> list[Result]:
    """The groups, those with most dots first. Always counted, never kept: two questions."""
    placed: dict[int, Counter[tuple[str, str]]] = {}
    bodies: Counter[int] = Counter()
    paper: Counter[int] = Counter()
    dots = Dot.objects.filter(group__session=session).order_by()
    sheets = PaperDots.objects.filter(sheet__session=session).order_by()
    counted = dots.values_list("group", "participant__kind", "participant__sits_at").annotate(
        n=Count("pk"), named=Count("pk", filter=~Q(participant__speaks_for="")), paper=_NONE
    )
    on_paper = sheets.values_list("group", "sheet__kind", "sheet__table").annotate(
        n=Sum("number"), named=_NONE, paper=Sum("number")
    )
    for key, kind, table, number, named, by_hand in counted.union(on_paper, all=True).order_by():
        of = placed.setdefault(key, Counter())
        of["kind", kind] += number
        of["table", table.casefold()] += number
        bodies[key] += named
        paper[key] += by_hand
    in_it = Count("contributions", filter=Q(contributions__taken_back=False))
    results = [
        _result(group, placed.get(group.pk, Counter()), bodies[group.pk], paper[group.pk])
        for group in session.groups.annotate(in_it=in_it)
    ]
    return sorted(results, key=lambda one: (-one.dots, -one.contributions, one.group.position))


def _result(group: Any, placed: Counter[tuple[str, str]], for_bodies: int, on_paper: int) -> Result:
    by_kind = tuple(placed["kind", kind] for kind in ParticipantKind.values)
    by_table = {name: dots for (what, name), dots in placed.items() if what == "table"}
    return Result(group, group.in_it, sum(by_kind), by_kind, for_bodies, by_table, on_paper)


class Apart(NamedTuple):
    """Each way to tell the results apart, with all its parts."""

    by_kind: list[Part]
    by_table: list[Part]
    by_body: list[Part]


def parts_of(session: Session, results: Sequence[Result]) -> Apart:
    """``results`` as who placed the dots: one question. By table only where anybody said at which one they sit."""
    kinds: Counter[str] = Counter()
    tables: Counter[str] = Counter()
    called: dict[str, str] = {}
    bodies = on_paper = 0
    there = session.participants.filter(dots__isnull=False).order_by().values_list("kind", "sits_at")
    named = Count("pk", distinct=True, filter=~Q(speaks_for=""))
    people = there.annotate(n=Count("pk", distinct=True), named=named, paper=_NONE)
    sheets = session.paper_sheets.order_by().values_list("kind", "table")
    on_sheets = sheets.annotate(n=Sum("people"), named=_NONE, paper=Sum("people"))
    for kind, table, count, for_bodies, by_hand in sorted(people.union(on_sheets, all=True).order_by(), key=_BY_TABLE):
        called.setdefault(table.casefold(), table or gettext("No table said"))
        kinds[kind] += count
        tables[table.casefold()] += count
        bodies += for_bodies
        on_paper += by_hand
    by_kind = [
        Part(str(ParticipantKind(kind).label), kinds[kind], tuple(one.by_kind[at] for one in results))
        for at, kind in enumerate(ParticipantKind.values)
    ]
    by_table = [
        Part(called[table], tables[table], tuple(one.by_table.get(table, 0) for one in results))
        for table in sorted(tables, key=_in_turn)
    ]
    by_body = [
        Part(gettext("For a named body"), bodies, tuple(one.for_bodies for one in results)),
        Part(
            gettext("For themselves"), tables.total() - bodies - on_paper, tuple(one.for_themselves for one in results)
        ),
    ]
    if on_paper:
        by_body.append(Part(gettext("On paper"), on_paper, tuple(one.on_paper for one in results)))
    return Apart(by_kind, by_table if any(tables) else [], by_body)


def _in_turn(table: str) -> tuple[bool, list[tuple[bool, int, str]]]:
    """As people count: table 2 before table 10, and last of all who said none."""
    parts = re.findall(r"[0-9]+|[^0-9]+", table)
    return not table, [(False, int(one), "") if one.isascii() and one.isdigit() else (True, 0, one) for one in parts]


def with_too_many_dots(session: Session) -> int:
    """How many people have placed more dots than they have, since there were more of them before: one question."""
    own = own_numbers(session.dots_by_kind)
    over = Q(n__gt=session.dots) & ~Q(kind__in=list(own))
    for kind, most in own.items():
        over |= Q(kind=kind, n__gt=most)
    return session.participants.annotate(n=Count("dots")).filter(over).count()


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
    on_paper: int = 0  # dots of these
    people_on_paper: dict[str, int] = field(default_factory=dict)  # by kind

    @property
    def everybody(self) -> int:
        return sum(self.participants.values())

    @property
    def everything(self) -> int:
        return sum(self.contributions.values())


def counts_of(session: Session, results: Iterable[Result]) -> Counts:
    """Two questions, however large the session; every dot is on one of its groups, whose ``results`` are at hand."""
    results = list(results)
    there = session.participants.order_by().values_list("kind")
    people = there.annotate(n=Count("pk"), named=Count("pk", filter=~Q(speaks_for="")), paper=_NONE)
    sheets = session.paper_sheets.order_by().values_list("kind").annotate(n=_NONE, named=_NONE, paper=Sum("people"))
    rows = list(people.union(sheets, all=True).order_by())
    said = session.contributions.filter(taken_back=False).values("kind").annotate(n=Count("pk")).order_by()
    return Counts(
        _in_order(ParticipantKind.values, ((kind, n) for kind, n, _named, _paper in rows if n)),
        sum(named for _kind, _n, named, _paper in rows),
        _in_order(ContributionKind.values, ((row["kind"], row["n"]) for row in said)),
        sum(one.dots for one in results),
        sum(one.on_paper for one in results),
        _in_order(ParticipantKind.values, ((kind, paper) for kind, _n, _named, paper in rows if paper)),
    )


def _in_order(codes: Iterable[str], counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    found = dict(counted)
    return {code: found[code] for code in codes if code in found}


def without_home(session: Session) -> QuerySet[Contribution]:
    """What was said and is in no group yet."""
    return session.contributions.filter(taken_back=False, group=None)
