"""Questions about sessions, as far as the reader may see; a participant is known by the address of their page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext

from sympolis.office.core.models import User
from sympolis.office.core.prepared import Prepared, rows_of_all
from sympolis.office.core.queries import Reader, changeable_records, is_officer, visible_records
from sympolis.office.core.tokens import hashed
from sympolis.office.planning.enums import ContributionKind, ParticipantKind, Phase, SessionAudience, own_numbers
from sympolis.office.planning.listed import read_text
from sympolis.office.planning.models import (
    MOST_DOTS,
    Contribution,
    ContributionGroup,
    Dot,
    PaperDots,
    PaperSheet,
    Participant,
    Plan,
    Session,
    SessionLink,
)
from sympolis.office.planning.queries import ANYBODY
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


class Numbers(NamedTuple):
    """All that is counted of a session."""

    results: list[Result]
    counts: Counts
    apart: Apart


def numbers_in(session: Session) -> Numbers:
    """Always counted, never kept: one question."""
    rows = _rows(session, *_COUNTED)
    results = _results(rows)
    return Numbers(results, _counts(rows, results), _apart(rows, results))


def results_of(session: Session) -> list[Result]:
    """The groups, those with most dots first. Always counted, never kept: one question."""
    return _results(_rows(session, _GROUPS, _DOTS, _PAPER))


def _rows(session: Session, *what: int) -> list[tuple[Any, ...]]:
    """The kind of row, the group it is of, two words, two numbers."""
    return rows_of_all(ANYBODY, ((_COUNTED[one], (session.pk,)) for one in what))


def _results(rows: Iterable[tuple[Any, ...]]) -> list[Result]:
    placed: dict[int, Counter[tuple[str, str]]] = {}
    bodies: Counter[int] = Counter()
    paper: Counter[int] = Counter()
    groups: list[Any] = []
    for what, group, word, table, count, more in rows:
        if what in (_DOTS, _PAPER):
            of = placed.setdefault(group, Counter())
            of["kind", word] += count
            of["table", table.casefold()] += count
            bodies[group] += more
            paper[group] += count if what == _PAPER else 0
        elif what == _GROUPS:
            groups.append(ContributionGroup(pk=group, name=read_text(word), position=count))
            groups[-1].in_it = more
    groups.sort(key=lambda one: (one.position, one.pk))
    results = [_result(group, placed.get(group.pk, Counter()), bodies[group.pk], paper[group.pk]) for group in groups]
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
    return _apart(_rows(session, _PLACED, _SHEETS), results)


def _apart(rows: Iterable[tuple[Any, ...]], results: Sequence[Result]) -> Apart:
    kinds: Counter[str] = Counter()
    tables: Counter[str] = Counter()
    called: dict[str, str] = {}
    bodies = on_paper = 0
    placed = sorted(
        (sits_at, kind, count, named, what == _SHEETS)
        for what, _group, kind, sits_at, count, named in rows
        if what in (_PLACED, _SHEETS)
    )
    for sits_at, kind, count, named, by_hand in placed:
        table = sits_at.casefold()
        on_paper += count if by_hand else 0
        called.setdefault(table, sits_at or gettext("No table said"))
        kinds[kind] += count
        tables[table] += count
        bodies += named
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
    rows = _MANY_DOTS.rows(ANYBODY, session.pk, min(session.dots, *own.values(), MOST_DOTS))
    return sum(placed > own.get(kind, session.dots) for kind, placed in rows)


def _many_dots_question(_user: Reader, session: int, least: int) -> QuerySet[Any, Any]:
    """The kind of who has placed more than ``least``, and how many."""
    placed = Participant.objects.filter(session=session).order_by().annotate(n=Count("dots"))
    return placed.filter(n__gt=least).values_list("kind", "n")


_MANY_DOTS = Prepared(_many_dots_question)


class Spoken(NamedTuple):
    """What somebody said, and in which language."""

    text: str
    language: str


def said_by_group(session: Session) -> dict[int, list[Spoken]]:
    """Group -> what was said in it, as it came in: what a dot is for. One question."""
    found: dict[int, list[Spoken]] = {}
    for group, *spoken in _IN_GROUPS.rows(ANYBODY, session.pk):
        found.setdefault(group, []).append(Spoken(*spoken))
    return found


def _in_groups_question(_user: Reader, session: int) -> QuerySet[Any, Any]:
    said = Contribution.objects.filter(session=session, taken_back=False, group__isnull=False)
    return said.order_by("pk").values_list("group", "text", "language")


_IN_GROUPS = Prepared(_in_groups_question)


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
    """One question, however large the session; every dot is on one of its groups, whose ``results`` are at hand."""
    return _counts(_rows(session, _PEOPLE, _SAID, _SHEETS), results)


def _counts(rows: Iterable[tuple[Any, ...]], results: Iterable[Result]) -> Counts:
    rows, results = list(rows), list(results)
    people = [(kind, count, named) for what, _group, kind, _table, count, named in rows if what == _PEOPLE]
    said = [(kind, count) for what, _group, kind, _table, count, _more in rows if what == _SAID]
    on_paper: Counter[str] = Counter()
    for what, _group, kind, _table, count, _more in rows:
        on_paper[kind] += count if what == _SHEETS else 0
    return Counts(
        _in_order(ParticipantKind.values, ((kind, count) for kind, count, _named in people)),
        sum(named for _kind, _count, named in people),
        _in_order(ContributionKind.values, said),
        sum(one.dots for one in results),
        sum(one.on_paper for one in results),
        _in_order(ParticipantKind.values, ((kind, count) for kind, count in on_paper.items() if count)),
    )


def _in_order(codes: Iterable[str], counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    found = dict(counted)
    return {code: found[code] for code in codes if code in found}


def without_home(session: Session) -> QuerySet[Contribution]:
    """What was said and is in no group yet."""
    return session.contributions.filter(taken_back=False, group=None)


_GROUPS, _DOTS, _PAPER, _PLACED, _SHEETS, _PEOPLE, _SAID = range(7)
"""Rows of what is counted, all with the same columns: which of these it is, a group, two words, two numbers."""
_ROW = ("what", "of", "word", "at", "n", "more")


def _groups_question(_user: Reader, session: int) -> QuerySet[Any, Any]:
    in_it = Count("contributions", filter=Q(contributions__taken_back=False))
    rows = ContributionGroup.objects.filter(session=session).order_by()
    words = Cast("name", TextField())  # beside words that are no JSON
    return rows.values(what=Value(_GROUPS), of=F("pk"), word=words, at=Value(""), n=F("position")).annotate(more=in_it)


def _dots_question(_user: Reader, session: int) -> QuerySet[Any, Any]:
    rows = Dot.objects.filter(group__session=session).order_by()
    of = {"of": F("group"), "word": F("participant__kind"), "at": F("participant__sits_at")}
    named = Count("pk", filter=~Q(participant__speaks_for=""))
    return rows.values(what=Value(_DOTS), **of).annotate(n=Count("pk"), more=named)


def _paper_question(_user: Reader, session: int) -> QuerySet[Any, Any]:
    """Dots that were counted by hand."""
    rows = PaperDots.objects.filter(sheet__session=session).order_by()
    of = {"of": F("group"), "word": F("sheet__kind"), "at": F("sheet__table")}
    return rows.values(what=Value(_PAPER), **of).annotate(n=Sum("number"), more=Value(0))


def _placed_question(_user: Reader, session: int) -> QuerySet[Any, Any]:
    """Who placed any dot."""
    rows = Participant.objects.filter(session=session, dots__isnull=False).order_by()
    named = Count("pk", distinct=True, filter=~Q(speaks_for=""))
    of = {"of": Value(0), "word": F("kind"), "at": F("sits_at")}
    return rows.values(what=Value(_PLACED), **of).annotate(n=Count("pk", distinct=True), more=named)


def _sheets_question(_user: Reader, session: int) -> QuerySet[Any, Any]:
    """Who placed any on paper."""
    rows = PaperSheet.objects.filter(session=session).order_by()
    of = {"of": Value(0), "word": F("kind"), "at": F("table")}
    return rows.values(what=Value(_SHEETS), **of).annotate(n=Sum("people"), more=Value(0))


def _people_question(_user: Reader, session: int) -> QuerySet[Any, Any]:
    rows = Participant.objects.filter(session=session).order_by()
    told = rows.values(what=Value(_PEOPLE), of=Value(0), word=F("kind"), at=Value(""))
    return told.annotate(n=Count("pk"), more=Count("pk", filter=~Q(speaks_for="")))


def _said_question(_user: Reader, session: int) -> QuerySet[Any, Any]:
    rows = Contribution.objects.filter(session=session, taken_back=False).order_by()
    told = rows.values(what=Value(_SAID), of=Value(0), word=F("kind"), at=Value(""))
    return told.annotate(n=Count("pk"), more=Value(0))


_COUNTED = {
    what: Prepared(lambda user, session, asked=asked: asked(user, session).values_list(*_ROW))
    for what, asked in (
        (_GROUPS, _groups_question), (_DOTS, _dots_question), (_PAPER, _paper_question), (_PLACED, _placed_question),
        (_SHEETS, _sheets_question), (_PEOPLE, _people_question), (_SAID, _said_question),
    )
}  # fmt: skip
