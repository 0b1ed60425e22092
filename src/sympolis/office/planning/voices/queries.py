"""Questions about what is open, and about supports and comments, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Counted, Reader, is_officer, officers
from sympolis.office.planning.models import (
    Action,
    Appeal,
    Comment,
    CommentReport,
    Plan,
    Process,
    ProcessPhase,
    Support,
)
from sympolis.office.planning.queries import ANYBODY, visible_actions, visible_plans
from sympolis.office.planning.voices.enums import Audience

type Target = Plan | Action

THREADS_A_PAGE = 50
EDITABLE = timedelta(minutes=15)
NEAREST = (
    "WITH RECURSIVE above(id, steps) AS (SELECT CAST(%s AS bigint), 0 UNION"
    " SELECT p.parent_id, steps + 1 FROM planning_plan p JOIN above ON p.id = above.id"
    " WHERE p.parent_id IS NOT NULL AND steps < 64)"
    " SELECT process.id FROM planning_process process JOIN above ON process.plan_id = above.id ORDER BY steps LIMIT 1"
)
"""The process of a plan, else that of the nearest plan above."""
SORTS = ("newest", "supported")
_PHASE = ("id", "title", "starts", "ends", "contribute", "support", "comment", "prioritise")
_PHASE_COLUMNS = tuple(f"phase_{name}" for name in _PHASE)
_PROCESS = [field.attname for field in Process._meta.concrete_fields]
_NUMBERS = ("backed", "said", "begun", "mine", "followed", "hidden", "changed")


@dataclass(frozen=True, slots=True)
class Openness:
    """What the process of a plan lets people do today, and what its page shows of it."""

    process: Process | None
    phases: Sequence[ProcessPhase]
    today: date

    @property
    def now(self) -> list[ProcessPhase]:
        return [phase for phase in self.phases if phase.starts <= self.today <= phase.ends]

    @property
    def supports_open(self) -> bool:
        return any(phase.support for phase in self.now) if self.phases else self._switched_on

    @property
    def comments_open(self) -> bool:
        return any(phase.comment for phase in self.now) if self.phases else self._switched_on

    @property
    def shows_supports(self) -> bool:
        """Open now, or once was: what was given is not hidden when a phase ends."""
        return any(phase.support for phase in self._begun) if self.phases else self._switched_on

    @property
    def shows_comments(self) -> bool:
        return any(phase.comment for phase in self._begun) if self.phases else self._switched_on

    def lets(self, what: str) -> bool:
        """Whether "contribute" or "prioritise" is open today: in sessions, where a phase says when; else always."""
        if not any(getattr(phase, what) for phase in self.phases):
            return True
        return any(getattr(phase, what) for phase in self.now)

    @property
    def _begun(self) -> list[ProcessPhase]:
        return [phase for phase in self.phases if phase.starts <= self.today]

    @property
    def _switched_on(self) -> bool:
        return self.process is not None and self.process.is_open

    def lets_in(self, user: Reader) -> bool:
        """Whether somebody is of those whom the process is for. The office is."""
        if self.process is None or not isinstance(user, User) or not user.is_active:
            return False
        if is_officer(user) or self.process.audience == Audience.PUBLIC:
            return True
        if self.process.audience == Audience.INVITED:
            return user.email.lower() in self.process.invited.lower().split()
        return user.memberships.exists()


def openness_of(record: Target) -> Openness:
    """The process of the plan a record belongs to: its own, else that of the nearest plan above. One question."""
    return _opened([_process(row) for row in _OPENNESS.read(ANYBODY, _plan_of(record))])


_OPENNESS = Prepared(
    lambda _user, plan: _process_rows(int(plan)).values_list(*_PROCESS, "plan__public_id", *_PHASE_COLUMNS)
)


def voiced(user: Reader, record: Target) -> tuple[Openness, Tally | None]:
    """The same with the record's numbers; None where there is no process. One question: a page has few to spend."""
    whose = user.pk if isinstance(user, User) else 0
    asked = _voiced_question(f"{column_of(record)}_id", bool(whose), is_officer(user))
    rows = asked.read(ANYBODY, _plan_of(record), record.pk, whose or 0)
    opened = _opened([_process(row) for row in rows])
    if not rows:
        return opened, None
    supports, comments, threads, is_supported, is_followed, hidden, version = rows[0][-len(_NUMBERS) :]
    return opened, Tally(supports, comments, threads, bool(is_supported), bool(is_followed), hidden, version)


@lru_cache
def _voiced_question(on: str, is_somebody: bool, by_officer: bool) -> Prepared:
    def question(_user: Reader, plan: int, record: int, whose: int) -> QuerySet[Any, Any]:
        rows = _process_rows(plan).annotate(**_counts(on, record, whose if is_somebody else 0, by_officer))
        return rows.values_list(*_PROCESS, "plan__public_id", *_PHASE_COLUMNS, *_NUMBERS)

    return Prepared(question)


def _process(row: list[Any]) -> Any:
    """A row of the question as ``_process_rows`` gives it; of its plan no more than which it is."""
    many = len(_PROCESS)
    process: Any = Process.from_db(connection.alias, _PROCESS, row[:many])
    process.plan = Plan.from_db(connection.alias, ["id", "public_id"], [process.plan_id, row[many]])
    for name, value in zip(_PHASE_COLUMNS, row[many + 1 :], strict=False):
        setattr(process, name, value)
    return process


def _plan_of(record: Target) -> int:
    return (record.plan_id or 0) if isinstance(record, Action) else record.pk


def _process_rows(plan: int) -> QuerySet[Process]:
    """The process with each of its phases, and once where it has none."""
    columns: Any = {f"phase_{name}": F(f"phases__{name}") for name in _PHASE}
    nearest = RawSQL(NEAREST, [plan])  # noqa: S611  # the number is a parameter
    found: Any = Process.objects.filter(pk=nearest).select_related("plan").annotate(**columns)
    rows: QuerySet[Process] = found.order_by("phase_starts", "phase_ends", "phase_id")
    return rows


def _opened(rows: Iterable[Any]) -> Openness:
    found = list(rows)
    phases = [
        ProcessPhase(process=row, **{name: getattr(row, f"phase_{name}") for name in _PHASE})
        for row in found
        if row.phase_id is not None
    ]
    return Openness(found[0] if found else None, phases, timezone.localdate())


def column_of(record: Target | Comment) -> str:
    return {Action: "action", Plan: "plan", Comment: "comment"}[type(record)]


def voiced_record(user: Reader, public_id: str) -> Target | None:
    """The plan, line, measure or action of an id, as far as the reader may see it."""
    if public_id.startswith("act_"):
        return visible_actions(user).select_related("plan").filter(public_id=public_id).first()
    return visible_plans(user).filter(public_id=public_id).first()


def shown_to(user: Reader) -> Q:
    """Comments whose words a reader gets: neither taken away by their author nor hidden; one's own hidden ones too."""
    if is_officer(user):
        return Q(removed_at=None)
    hidden = Q(hidden_at=None)
    return Q(removed_at=None) & (hidden | Q(author=user.pk) if isinstance(user, User) else hidden)


def visible_comments(user: Reader) -> QuerySet[Comment]:
    """Comments on what the reader may see, of which they get the words."""
    comments = Comment.objects.filter(shown_to(user))
    if is_officer(user):
        return comments
    seen: Any = Q(plan__in=visible_plans(user)) | Q(action__in=visible_actions(user))
    return comments.filter(seen)


def public_comments(plans: QuerySet[Any], actions: QuerySet[Any]) -> QuerySet[Comment]:
    """Comments on plans and actions that the reader may see, as everybody may read them, with how many support each
    (``backed``)."""
    on: Any = Q(plan__in=plans) | Q(action__in=actions.values("pk"))
    return Comment.objects.filter(on, removed_at=None, hidden_at=None).annotate(backed=Coalesce(_backing(), 0))


def public_supports(plans: QuerySet[Any], actions: QuerySet[Any]) -> QuerySet[Support]:
    """Supports of plans, of actions and of comments on them that the reader may see."""
    acts, said = actions.values("pk"), Q(comment__removed_at=None, comment__hidden_at=None)
    of: Any = Q(plan__in=plans) | Q(action__in=acts)
    on_comments: Any = said & (Q(comment__plan__in=plans) | Q(comment__action__in=acts))
    return Support.objects.filter(of | (Q(comment__isnull=False) & on_comments))


@dataclass(frozen=True, slots=True)
class Tally:
    """A record's numbers, always counted."""

    supports: int
    comments: int
    threads: int
    is_supported: bool  # by the reader
    is_followed: bool
    hidden_read: int  # comments that moderators have hidden and the reader reads: their own, an officer all
    version: datetime | None  # when a comment on it last changed


_PUBLIC = "(hidden_at IS NULL AND removed_at IS NULL)"
_ANSWERED = (
    "EXISTS(SELECT 1 FROM planning_comment a"
    " WHERE a.hidden_at IS NULL AND a.removed_at IS NULL AND a.thread_id = planning_comment.id)"
)
_SAID = "(SELECT COUNT(*) FROM planning_comment WHERE {on} = %s AND "


def _counts(on: str, pk: int, whose: int, by_officer: bool) -> dict[str, Any]:
    """A record's numbers as columns; ``on`` is one of two names of ours. Written out: Django takes longer to write
    these than SQLite to count them."""
    given, by_reader = "(SELECT COUNT(*) FROM planning_support WHERE {on} = %s", " AND person_id = %s)"
    # In two halves, each out of an index of its own: what everybody reads, and what is kept for its answers.
    words, by = ("removed_at IS NULL", ()) if by_officer else ("removed_at IS NULL AND author_id = %s", (whose,))
    begun = (
        f"{_SAID}{_PUBLIC} AND thread_id IS NULL)"
        f" + {_SAID}NOT {_PUBLIC} AND thread_id IS NULL AND (({words}) OR {_ANSWERED}))"
    )
    hidden = f"{_SAID}NOT {_PUBLIC} AND hidden_at IS NOT NULL AND {words})"
    changed = "(SELECT MAX(changed_at) FROM planning_comment WHERE {on} = %s)"

    def column(sql: str, *values: int, field: Any = None) -> RawSQL:
        return RawSQL(sql.replace("{on}", on), values, field or IntegerField())  # noqa: S611  # parameters

    return {
        "mine": column(given + by_reader, pk, whose),
        "followed": column(given.replace("_support", "_follow") + by_reader, pk, whose),
        "hidden": column(hidden, pk, *by) if whose else Value(0),
        "backed": column(f"{given})", pk),
        "said": column(f"{_SAID}{_PUBLIC})", pk),
        "begun": column(begun, pk, pk, *by),
        "changed": column(changed, pk, field=DateTimeField()),
    }


def tallied(actions: QuerySet[Action]) -> QuerySet[Action]:
    """Actions with their numbers, ``supported`` and ``commented``, for a list of them: no question more."""
    public = Comment.objects.filter(action=OuterRef("pk"), removed_at=None, hidden_at=None)
    backed: Any = Counted(Support.objects.filter(action=OuterRef("pk")))
    found: QuerySet[Action] = actions.annotate(supported=backed, commented=Counted(public))
    return found


def shown_threads(user: Reader, record: Target) -> QuerySet[Comment]:
    """Beginnings of threads: those with words for the reader, and those gone or hidden that have answers."""
    on: Any = {column_of(record): record}
    answered = Exists(Comment.objects.filter(thread=OuterRef("pk"), removed_at=None, hidden_at=None))
    return Comment.objects.filter(shown_to(user) | Q(answered), thread=None, **on)


@dataclass(frozen=True, slots=True)
class Line:
    """One comment as a list has it, read without making an object of every row: a page has hundreds."""

    pk: int
    public_id: str
    thread: int | None
    parent: int | None
    author: int | None
    first_name: str | None
    last_name: str | None
    role: str | None
    answers: int | None
    text: str
    language: str
    created_at: datetime
    is_edited: bool
    is_removed: bool
    is_hidden: bool
    hidden_why: str
    supports: int
    mine: int


def lines_of(user: Reader, record: Target, sort: str, page: int) -> list[Line]:
    """The comments of a page of threads, all of each thread. One question."""
    backed = _backing()
    threads: Any = shown_threads(user, record).order_by("-pk")
    if sort == "supported":
        threads = threads.annotate(n=backed).order_by("-n", "-pk")
    start = (page - 1) * THREADS_A_PAGE
    begun = threads.values("pk")[start : start + THREADS_A_PAGE]
    rows: Any = Comment.objects.filter(Q(pk__in=begun) | Q(thread__in=begun)).order_by("pk")
    # Three moments of which only whether they were matters: reading moments is the dearest part of a row.
    states = {f"is_{name}": Q(**{f"{name}_at__isnull": False}) for name in ("edited", "removed", "hidden")}
    columns = (
        "pk", "public_id", "thread", "parent", "author", "author__first_name", "author__last_name", "author__role",
        "answers", "text", "language", "created_at", "is_edited", "is_removed", "is_hidden",
        "hidden_why", "n", "mine",
    )  # fmt: skip
    found = rows.annotate(n=backed, mine=_backing(person=user.pk or 0), **states).values_list(*columns)
    return [Line(*row) for row in found]


def own_lines(user: User, record: Target) -> list[tuple[str, bool, datetime, int]]:
    """Of the comments on a record those that somebody wrote or supports: its public id, whether they wrote it, when,
    and whether they support it. One question."""
    found = _own_question(column_of(record)).read(ANYBODY, user.pk, record.pk)
    return [(public_id, author == user.pk, at, mine) for public_id, author, at, mine in found]


@lru_cache
def _own_question(on: str) -> Prepared:
    def question(_user: Reader, person: int, record: int) -> QuerySet[Any, Any]:
        # From what the person did, which is little, and not from all that was said there.
        backed = Support.objects.filter(person=person, comment__isnull=False).order_by().values("comment")
        theirs = Comment.objects.filter(author=person).order_by().values("pk").union(backed)
        about: Any = {on: record, "pk__in": theirs}
        rows: Any = Comment.objects.filter(**about).annotate(mine=_backing(person=person))
        found: QuerySet[Any, Any] = rows.values_list("public_id", "author", "created_at", "mine")
        return found

    return Prepared(question)


def _backing(**of: Any) -> Any:
    """How many support a comment, counted on the index itself."""
    rows: Any = Support.objects.filter(comment=OuterRef("pk"), **of).order_by()
    return Subquery(rows.annotate(n=Func(F("pk"), function="COUNT")).values("n"), output_field=IntegerField())


def comments_by(user: User) -> QuerySet[Comment]:
    """What somebody wrote, the latest first."""
    mine = Comment.objects.filter(author=user, removed_at=None).select_related("plan", "action__plan", "appeal")
    return mine.order_by("-pk")


def follows_of(user: User) -> list[Target]:
    """The plans and actions somebody follows and still may see."""
    found: list[Target] = list(visible_plans(user).filter(followers__person=user).order_by("sort_key"))
    found += visible_actions(user).filter(followers__person=user).order_by("sort_key")
    return found


def waiting_comments() -> QuerySet[Comment]:
    """Comments that were reported or whose author objects to the hiding, while nobody has decided; the oldest first."""
    # From the reports and appeals, which are few, and not from all that was said.
    reported = CommentReport.objects.filter(settled_at=None).order_by().values("comment")
    appealed = Appeal.objects.filter(answered_at=None).order_by().values("comment")
    return Comment.objects.filter(pk__in=reported.union(appealed), removed_at=None).order_by("pk")


def hidden_comments() -> QuerySet[Comment]:
    return Comment.objects.exclude(hidden_at=None).filter(removed_at=None).order_by("-hidden_at", "-pk")


def latest_comments() -> QuerySet[Comment]:
    return Comment.objects.filter(removed_at=None).order_by("-pk")


def other_moderators(user: User) -> QuerySet[User]:
    return officers().exclude(pk=user.pk)
