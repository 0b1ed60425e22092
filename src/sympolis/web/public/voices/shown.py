"""What a page of a plan or an action shows of the process, the supports and the comments on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from sympolis.office.core.models import User
from sympolis.office.core.queries import Reader, is_officer
from sympolis.office.core.tokens import hashed
from sympolis.office.planning.models import Action, ProcessPhase
from sympolis.office.planning.voices.queries import (
    SORTS,
    THREADS_A_PAGE,
    Line,
    Openness,
    Tally,
    Target,
    lines_of,
    own_lines,
    voiced,
)
from sympolis.web.public.voices.threads import Reading, Threads, personal

MOST_PAGES = 10_000
KEPT_S = 300


@dataclass(frozen=True, slots=True)
class Voices:
    """All that the pieces of ``public/voices/`` show; empty where the plan has no process that lets anybody speak."""

    record: Target
    openness: Openness
    tally: Tally | None
    html: SafeString
    sort: str
    page: int
    lets_in: bool
    client_id: str

    @property
    def phases(self) -> list[tuple[ProcessPhase, str]]:
        """Each phase, and whether it is over, now, or to come."""
        today = self.openness.today
        return [
            (one, "done" if one.ends < today else "now" if one.starts <= today else "later")
            for one in self.openness.phases
        ]

    @property
    def process_of(self) -> str:
        """The plan whose process this is, or the plan that may get one."""
        plan = self.openness.process.plan if self.openness.process else None
        own = self.record.plan if isinstance(self.record, Action) else self.record
        found = plan or own
        return found.public_id if found else ""

    @property
    def page_before(self) -> str:
        return str(self.page - 1)

    @property
    def page_after(self) -> str:
        return str(self.page + 1)

    @property
    def has_earlier(self) -> bool:
        return self.tally is not None and self.tally.threads > self.page * THREADS_A_PAGE

    @property
    def may_support(self) -> bool:
        return self.lets_in and self.openness.supports_open

    @property
    def may_comment(self) -> bool:
        return self.lets_in and self.openness.comments_open


def voices_of(request: HttpRequest, record: Target) -> Voices:
    """Two questions; one where there are no comments."""
    user = request.user
    openness, tally = voiced(user, record)
    sort = request.GET.get("order", SORTS[0])
    sort, page = sort if sort in SORTS else SORTS[0], _page(request.GET.get("comments", ""))
    lets_in = openness.lets_in(user)
    if not (openness.shows_supports or openness.shows_comments):
        tally = None
    html = SafeString("")
    if tally is not None and tally.threads and openness.shows_comments:
        html = _comments(user, record, Wanted(sort, page, lets_in and openness.comments_open), tally)
    return Voices(record, openness, tally, html, sort, page, lets_in, get_random_string(20))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the comments, and whether the reader answers and supports them."""

    sort: str
    page: int
    may_comment: bool


def _comments(user: Reader, record: Target, wanted: Wanted, tally: Tally) -> SafeString:
    """Comments are drawn once for all who read alike and kept until one of them changes (its moment is in the key);
    names of people that change meanwhile follow within minutes. Who reads hidden words gets them drawn apart, and
    nothing of that is kept; where nothing is hidden the office reads like everybody."""
    person = user if isinstance(user, User) else None
    if person is not None and tally.hidden_read:
        lines = lines_of(user, record, wanted.sort, wanted.page)
        reading = Reading(True, wanted.may_comment, is_officer(person), person.pk)
        return personal(_drawn(lines, wanted, reading), _own(lines, person), timezone.now())
    reading = Reading(person is not None, wanted.may_comment)
    about = (record.public_id, tally.version, tally.threads, get_language(), wanted, reading)
    key = f"voices-{hashed(repr(about))}"
    html = cache.get(key)
    if html is None:
        lines = lines_of(user, record, wanted.sort, wanted.page)
        html = _drawn(lines, wanted, reading)
        cache.set(key, html, KEPT_S)
        own = _own(lines, person) if person else []
    else:
        own = own_lines(person, record) if person else []
    return personal(html, own, timezone.now())


def _drawn(lines: list[Line], wanted: Wanted, reading: Reading) -> str:
    return str(Threads(lines, reading).html(_order(lines, wanted.sort)))


def _own(lines: Iterable[Line], person: User) -> list[tuple[str, bool, datetime, int]]:
    mine = (line for line in lines if line.mine or line.author == person.pk)
    return [(line.public_id, line.author == person.pk, line.created_at, line.mine) for line in mine]


def _page(asked: str) -> int:
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return min(max(number, 1), MOST_PAGES)


def _order(lines: Iterable[Line], sort: str) -> list[int]:
    begun = [line for line in lines if line.thread is None]
    if sort == "supported":
        begun.sort(key=lambda line: (-line.supports, -line.pk))
    else:
        begun.sort(key=lambda line: -line.pk)
    return [line.pk for line in begun]


def speaker(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    return user
