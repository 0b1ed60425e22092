"""What is made of plans and of what was said for them, kept until one of these is written.

SQLite gives what is written a new token (``migrations/_in_step.py``), whoever writes and however; PostgreSQL reckons
one out of the rows (``fingerprints.py``). A page asks for the token along with its plan, before anything else, so that
what it keeps is never older than that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.db.models import CharField, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import get_language

import sympolis
from sympolis.office.core.models import User
from sympolis.office.core.queries import Reader, is_officer, open_visibilities, reads_office
from sympolis.office.core.tokens import hashed
from sympolis.office.planning.fingerprints import STEP, fingerprint

KEPT_S = round(timedelta(hours=1).total_seconds())
PLANS, SAID, GROUNDS = STEP.PLANS, STEP.SAID, STEP.GROUNDS
_WRITTEN = "(SELECT token FROM planning_statetoken WHERE what = %s)"


def with_tokens[M: Any](rows: QuerySet[M], *which: str) -> QuerySet[M]:
    """Plans or sessions with the tokens that a page asks for, of ``PLANS``, ``SAID`` and ``GROUNDS``: no question more.
    What a page did not ask for it does not keep."""
    columns: Any = {f"{what}_written": _token(what, connections[rows.db].vendor) for what in which}
    found: QuerySet[M] = rows.annotate(**columns)
    return found


def _token(what: str, vendor: str) -> RawSQL:
    if vendor == "sqlite":
        return RawSQL(_WRITTEN, [what], CharField())  # noqa: S611  # a word of ours
    return RawSQL(fingerprint(what), [], CharField())  # noqa: S611  # words of ours


def plan_token(plan: Any) -> str:
    """Of a plan ``with_tokens``: of plans, their actions and who does these; empty where there is none, or where nobody
    asked for it."""
    return getattr(plan, "plans_written", "") or ""


def said_token(plan: Any) -> str:
    """Of a plan or a session ``with_tokens``: of all that was said in sessions, how it is grouped, and dots."""
    return getattr(plan, "said_written", "") or ""


def page_token(plan: Any) -> str:
    """Of a plan and of what it rests on; empty where one is missing."""
    grounds = getattr(plan, "grounds_written", "") or ""
    return f"{plan_token(plan)}{grounds}" if plan_token(plan) and grounds else ""


def token_of(plan: Any) -> str:
    """Of both; empty where one is missing."""
    plans, said = plan_token(plan), said_token(plan)
    return f"{plans}{said}" if plans and said else ""


def kept[T](token: str | None, reader: Reader, about: tuple[Any, ...], make: Callable[[], T]) -> T:
    """What ``make`` says of something to a reader: as it was said before to who sees the same in the same language,
    while the token is the same."""
    if not token or settings.DEBUG:  # templates change under whoever works on them
        return make()
    shown = (get_language(), timezone.get_current_timezone_name(), get_script_prefix())
    whole = (_program(), *shown, _eyes(reader), about)
    key = f"of-plans-{hashed(repr(whole))}"
    found: tuple[str, T] | None = cache.get(key)
    if found is not None and found[0] == token:
        return found[1]
    made = make()
    cache.set(key, (token, made), KEPT_S)
    return made


@lru_cache(maxsize=1)
def _program() -> str:
    """Changes with any file of ours: what another version kept is not taken for this one's. Read once a process."""
    package = Path(sympolis.__file__).parent
    files = sorted(file for file in package.rglob("*") if file.suffix in {".py", ".html", ".mo", ".yaml"})
    about = [(str(file.relative_to(package)), (known := file.stat()).st_size, known.st_mtime_ns) for file in files]
    return hashed(repr(about))


def _eyes(reader: Reader) -> tuple[Any, ...]:
    """All that decides which records somebody sees: two who have it in common see the same."""
    theirs = sorted(reader.acts_for()) if isinstance(reader, User) else []
    return is_officer(reader), reads_office(reader), sorted(open_visibilities(reader)), theirs
