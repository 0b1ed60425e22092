"""Asking over HTTP as a good guest: says who it is, waits when told to, gives up in the end, never takes too much.

The standard library does; a request library would have been one dependency more for one loop.
"""

from __future__ import annotations

import http.client
import json
import os
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...errors import FetchError

_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_PASSING = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError, ssl.SSLError)
_BLOCK = 1 << 16
_FOR_ANYBODY = (
    "user-agent", "accept", "accept-encoding", "range", "if-range", "if-modified-since", "if-none-match",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Manners:
    """How to behave: who we say we are, how long an answer may take, how often and how patiently we ask again."""

    agent: str
    timeout_s: float = 60.0
    longest_answer_s: float = 3600.0
    attempts: int = 6
    first_wait_s: float = 2.0
    longest_wait_s: float = 300.0
    pause_s: float = 1.0
    sleep: Callable[[float], None] = lambda seconds: time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Question:
    """One request. A body makes it a POST."""

    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class _Broken(Exception):
    """An answer that may be whole next time; ``wait_s`` where the server said when."""

    def __init__(self, why: str, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.wait_s = wait_s


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows to other hosts without the headers that were meant for the first one, such as keys."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        request = super().redirect_request(req, fp, code, msg, headers, newurl)
        if request and urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            request.headers = {name: value for name, value in request.headers.items() if name.lower() in _FOR_ANYBODY}
        return request


class Client:
    """Asks questions one after the other."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            _SameHost(),
        ):
            self._opener.add_handler(handler)

    def pause(self) -> None:
        """A breath between two questions."""
        self._manners.sleep(self._manners.pause_s)

    def ask(self, question: Question, most_bytes: int, check: Callable[[bytes], object]) -> bytes:
        """The answer, in memory. ``check`` raises ValueError for one that is not whole: then it is asked again.

        Raises FetchError where the service refuses, stays silent or gives more than ``most_bytes``.
        """

        def once() -> bytes:
            with self._opened(question, {}) as answer:
                raw = b"".join(self._parts(answer, most_bytes))
            _refuse_short(answer, len(raw))
            try:
                check(raw)
            except (ValueError, RecursionError) as error:
                raise _Broken(f"the answer is not whole: {error}") from error
            return raw

        return self._patiently(question, once)

    def download(self, question: Question, file: Path, most_bytes: int) -> bool:
        """Get a file; what an earlier try got is gone on from. False where it had not changed since it was got.

        ``<file>.part`` holds what there is so far, ``<file>.state`` what the server called it.
        """
        return self._patiently(question, lambda: self._download_once(question, file, most_bytes))

    def _download_once(self, question: Question, file: Path, most_bytes: int) -> bool:
        part, state = file.with_name(file.name + ".part"), state_of(file)
        begun = part.stat().st_size if part.exists() else 0
        known = _read_state(state)
        if begun and not known:
            begun = 0
        with self._opened(question, _conditions(begun, known, file.exists())) as answer:
            if answer.status == http.client.NOT_MODIFIED:
                return False
            if answer.status == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.unlink(missing_ok=True)
                raise _Broken("the file changed while it was being got")
            goes_on = answer.status == http.client.PARTIAL_CONTENT and _goes_on(answer, begun)
            if answer.status == http.client.PARTIAL_CONTENT and not goes_on:
                part.unlink(missing_ok=True)
                raise _Broken("the server sent another part than the one asked for")
            _write_state(state, answer)
            got = self._append(answer, part, begun if goes_on else 0, most_bytes)
        _refuse_short(answer, got)
        os.replace(part, file)
        return True

    def _append(self, answer: http.client.HTTPResponse, part: Path, begun: int, most_bytes: int) -> int:
        got = 0
        with part.open("ab" if begun else "wb") as out:
            for piece in self._parts(answer, most_bytes - begun):
                out.write(piece)
                got += len(piece)
            out.flush()
            os.fsync(out.fileno())
        return got

    def _patiently[T](self, question: Question, once: Callable[[], T]) -> T:
        wait = self._manners.first_wait_s
        for attempt in range(1, self._manners.attempts + 1):
            try:
                return once()
            except (_Broken, *_PASSING) as error:
                asked = error.wait_s if isinstance(error, _Broken) else None
                if attempt == self._manners.attempts:
                    raise FetchError(f"{_shown(question)} did not answer: {error}.", "Try again later.") from error
                if asked is not None and asked > self._manners.longest_wait_s:
                    raise FetchError(f"{_shown(question)} asks to wait {asked:.0f} seconds.", "Try then.") from error
                self._manners.sleep(wait if asked is None else asked)
                wait = min(wait * 2, self._manners.longest_wait_s)
        raise AssertionError

    def _opened(self, question: Question, conditions: Mapping[str, str]) -> http.client.HTTPResponse:
        if urlsplit(question.address).scheme not in ("http", "https"):
            raise FetchError(f"{question.address} is no address of the web.", "Begin it with https://.")
        headers = {"User-Agent": self._manners.agent, "Accept-Encoding": "identity", **question.headers, **conditions}
        request = urllib.request.Request(question.address, question.body, headers)  # noqa: S310 (looked at above)
        try:
            answer: http.client.HTTPResponse = self._opener.open(request, timeout=self._manners.timeout_s)
        except urllib.error.HTTPError as error:
            if error.code in (http.client.NOT_MODIFIED, http.client.REQUESTED_RANGE_NOT_SATISFIABLE):
                return error  # type: ignore[return-value]  # it is read like an answer
            error.close()
            if error.code in _AGAIN:
                raise _Broken(f"it says {error.code}", _wait_asked(error.headers.get("Retry-After"))) from error
            raise FetchError(f"{_shown(question)} refuses with {error.code} {error.reason}.", _REMEDY) from error
        return answer

    def _parts(self, answer: http.client.HTTPResponse, most_bytes: int) -> Iterator[bytes]:
        """The body in pieces; no more of it than allowed, and not for longer."""
        ends = time.monotonic() + self._manners.longest_answer_s
        got = 0
        while piece := answer.read1(_BLOCK):
            got += len(piece)
            if got > most_bytes:
                raise FetchError(f"An answer is longer than {most_bytes} bytes.", "Ask for less, with --since.")
            if time.monotonic() > ends:
                raise _Broken("the answer takes too long")
            yield piece


_REMEDY = "Check the address and, where the service wants one, the key."


def _shown(question: Question) -> str:
    """Where it was asked, without the query: a key may stand there."""
    parts = urlsplit(question.address)
    return f"{parts.scheme}://{parts.hostname}{parts.path}"


def _wait_asked(written: str | None) -> float | None:
    """``Retry-After`` in seconds: a number, or a date."""
    if not written:
        return None
    if written.strip().isdecimal():
        return float(written)
    try:
        until = parsedate_to_datetime(written)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _refuse_short(answer: http.client.HTTPResponse, got: int) -> None:
    told = answer.headers.get("Content-Length", "")
    if told.isdecimal() and got < int(told):
        raise _Broken(f"the connection was cut after {got} of {told} bytes")


def _conditions(begun: int, known: Mapping[str, str], is_there: bool) -> dict[str, str]:
    """Ask for the rest of what was begun, or only for what changed since."""
    if begun:
        return {"Range": f"bytes={begun}-", "If-Range": known.get("ETag") or known.get("Last-Modified", "")}
    if not is_there:
        return {}
    return {
        condition: known[name]
        for condition, name in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
        if name in known
    }


def _goes_on(answer: http.client.HTTPResponse, begun: int) -> bool:
    return str(answer.headers.get("Content-Range", "")).startswith(f"bytes {begun}-")


def state_of(file: Path) -> Path:
    """Where it stands what the server calls this version of a file; no such file where it calls it nothing."""
    return file.with_name(file.name + ".state")


def _read_state(state: Path) -> dict[str, str]:
    try:
        told = json.loads(state.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}


def _write_state(state: Path, answer: http.client.HTTPResponse) -> None:
    """What names this very version of a file; a weak tag can't be used to go on with a part of it."""
    told = {name: answer.headers[name] for name in ("ETag", "Last-Modified") if answer.headers.get(name)}
    if told.get("ETag", "").startswith("W/"):
        del told["ETag"]
    if told:
        state.write_text(json.dumps(told), "utf-8")
    else:
        state.unlink(missing_ok=True)
