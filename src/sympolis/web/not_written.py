"""The page of what broke here; of a disk that is full or can't be written it says so, for nothing else helps."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

NOT_WRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
SAID_BY_DATABASES = ("disk is full", "readonly database", "no space left", "could not extend file")


def broken(request: HttpRequest) -> HttpResponse:
    """Nothing is asked of the database for it, and nobody's name stands on it."""
    error = sys.exception()
    if error is None or not can_not_write(error):
        return server_error(request)
    page = HttpResponse(render_to_string("503.html"), status=503)
    page["Retry-After"] = "600"
    return page


def can_not_write(error: BaseException) -> bool:
    """Whether it, or what it came of, is that nothing can be written: SQLite says so in words alone."""
    return any(
        (isinstance(one, OSError) and one.errno in NOT_WRITTEN)
        or (type(one).__name__ == "OperationalError" and any(words in str(one).lower() for words in SAID_BY_DATABASES))
        or (type(one).__name__ == "DiskFull")
        for one in _with_causes(error)
    )


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
