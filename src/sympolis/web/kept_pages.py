"""Whole pages kept for visitors: whoever is not signed in gets what the visitor before got, until anything is written.

A page is taken from an answer to a request without any cookie, so nothing of a person's can be in it: a page with a
form that is guarded against forgery sets a cookie, and is not kept. It is given to requests without cookies or with
those alone that change no page. Whether anything was written since is SQLite's own count, so whoever writes, here, in
another process or from the command line, need not know of this. PostgreSQL has no such count: there nothing is kept.
"""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language_from_path

MOST_BYTES, LARGEST = 32 * 2**20, 2**20
CHANGES_NO_PAGE = frozenset({settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME})
MAY_DIFFER_BY = frozenset({"cookie", "accept-encoding", "accept-language"})  # the language stands in the address
NOT_TO_BE_KEPT = ("no-store", "no-cache", "private")

type Key = tuple[str, ...]


class Writings:
    """What SQLite counts up whenever any other connection, of whichever process, has written something."""

    def __init__(self, database: str) -> None:
        self._line = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._lock = threading.Lock()

    def count(self) -> int:
        with self._lock:
            return int(self._line.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        self._line.close()


@dataclass(frozen=True, slots=True)
class Kept:
    """A page, as of a count of writings."""

    content: bytes
    headers: dict[str, str]
    count: int
    until: float

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        response = HttpResponse(self.content, headers=self.headers)
        told = get_conditional_response(request, etag=self.headers["ETag"], response=response)
        return told or response


class Shelf:
    """The pages asked for last, as many as there is room for."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._most, self._bytes = most_bytes, 0
        self._lock = threading.Lock()

    def find(self, key: Key, count: int) -> Kept | None:
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept.count != count or kept.until < time.monotonic():
                return None
            self._pages.move_to_end(key)
            return kept

    def put(self, key: Key, kept: Kept) -> None:
        with self._lock:
            if (before := self._pages.pop(key, None)) is not None:
                self._bytes -= len(before.content)
            self._pages[key] = kept
            self._bytes += len(kept.content)
            while self._bytes > self._most:
                self._bytes -= len(self._pages.popitem(last=False)[1].content)


class KeptPagesMiddleware:
    """Stands before all others: what it gives is what went out before, packed and with every header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.PAGES_KEPT_S or connection.vendor != "sqlite":
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._shelf = Shelf()
        self._writings: Writings | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        count = self._count()  # before the page is made: what is written meanwhile makes it old at once
        kept = self._shelf.find(key, count)
        if kept is not None:
            return kept.answer(request)
        response = self.get_response(request)
        if request.COOKIES or not isinstance(response, HttpResponse) or not _may_be_kept(response):
            return response
        kept = _kept(response, count)
        self._shelf.put(key, kept)
        return kept.answer(request)

    def _count(self) -> int:
        if self._writings is None:  # not before the first page: a new home has no database until then
            self._writings = Writings(str(connection.settings_dict["NAME"]))
        return self._writings.count()


def _key(request: HttpRequest) -> Key | None:
    """What two requests must have in common to get the same page; None where nobody else may get this one."""
    if request.method != "GET" or not CHANGES_NO_PAGE.issuperset(request.COOKIES):
        return None
    if "Authorization" in request.headers or "X-Requested-With" in request.headers:
        return None
    if get_language_from_path(request.path_info) is None:
        return None  # by what a browser says it reads, or an address of files and programs
    try:
        host = f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return None
    packed = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else ""
    return host, request.get_full_path(), packed


def _may_be_kept(response: HttpResponse) -> bool:
    if response.status_code != 200 or response.cookies or len(response.content) > LARGEST:
        return False
    said = response.get("Cache-Control", "").casefold()
    if any(word in said for word in NOT_TO_BE_KEPT):
        return False
    differs = {one.strip().casefold() for one in response.get("Vary", "").split(",") if one.strip()}
    return differs <= MAY_DIFFER_BY


def _kept(response: HttpResponse, count: int) -> Kept:
    """Browsers keep it as well, and ask whether it still holds: a page with an account in it is never taken for it."""
    headers = dict(response.items())
    headers.setdefault("Cache-Control", "no-cache")
    headers.setdefault("ETag", f'W/"{hashlib.sha256(_unpacked(response)).hexdigest()[:32]}"')
    return Kept(response.content, headers, count, time.monotonic() + settings.PAGES_KEPT_S)


def _unpacked(response: HttpResponse) -> bytes:
    """What the page says: packed twice it is never the same, since what packs it pads it."""
    is_packed = response.get("Content-Encoding") == "gzip"
    return gzip.decompress(response.content) if is_packed else response.content
