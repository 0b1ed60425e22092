"""A thousand comments, contributions and reports a minute from one person, the real server on loopback.

    .venv/bin/python benchmarks/flood.py [--seconds 60] [--number 1000]

Begins an empty home in a folder that is thrown away and serves it as ``sympolis serve`` does (granian, SQLite). One
person sends as fast as that over eight connections, one writing in ten of them twice at once, while a visitor and
somebody who is signed in read the plan's page twice a second. What is told: which answers there were, whether what was
refused came back whole and with its reason, what is lost or doubled, and how long the readers waited meanwhile.
"""

from __future__ import annotations

import argparse
import html
import os
import random
import re
import secrets
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from session import Person, come_in, free_port, live_session, machine, serving

AT_ONCE, TWICE, READS_EVERY_S, COMMENTS = 8, 0.1, 0.5, 300
HOST = "127.0.0.1"


@dataclass
class Flood:
    """What one person sends: ``path`` and ``form`` of a number, and the words of it that must not get lost."""

    name: str
    request: Callable[[int], tuple[str, dict[str, str], str]]
    refusals: tuple[str, ...]  # sentences, as the reader's language has them
    answers: Counter[int] = field(default_factory=Counter)
    accepted: set[str] = field(default_factory=set)
    without_words: int = 0  # refused, and what was typed did not come back
    without_reason: int = 0
    waits: list[float] = field(default_factory=list)


@dataclass
class Browser:
    """One connection of a person for each thread."""

    port: int
    cookie: str
    form: str
    local: threading.local = field(default_factory=threading.local)

    def ask_of(self, method: str, path: str, body: str = "") -> tuple[int, Any, str]:
        if not hasattr(self.local, "person"):
            self.local.person = Line(self.port, "", self.cookie, self.form)
        status, headers, answer = self.local.person.ask_of(method, path, body)
        return status, headers, answer.decode()


class Line(Person):
    """A connection that sends as a browser without scripts does: what is refused comes back as a page."""

    is_script = False


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--number", type=int, default=1000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sympolis-flood-") as folder:
        os.environ |= {"SYMPOLIS_HOME": f"{folder}/home", "DJANGO_SETTINGS_MODULE": "sympolis.config.settings"}
        port = free_port()
        with serving(port):
            link = live_session()
            plan, people, reported = a_plan()
            reader, writer = (signed_in(port, one, plan) for one in people)
            taking_part = come_in(port, link.replace("/en/", "/ca/"))
            print(f"{machine()}\nload before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            print(f"{'':<16}  {reading(chosen.seconds // 4, plan, (Browser(port, '', ''), reader))}, nobody else there")
            for flood, browser, kept in (
                (comments(plan, writer), writer, kept_comments),
                (contributions(taking_part), Browser(port, taking_part.cookie, taking_part.form), kept_contributions),
                (reports(reported, writer), writer, kept_reports),
            ):
                sending = threading.Thread(target=let_loose, args=(flood, browser, chosen.number, chosen.seconds))
                sending.start()
                waited = reading(chosen.seconds, plan, (Browser(port, "", ""), reader))
                sending.join()
                tell(flood, kept(), waited)
            print(f"load after: {os.getloadavg()[0]:.1f}")


def let_loose(flood: Flood, browser: Browser, number: int, seconds: int) -> None:
    began = time.monotonic()

    def one(at: int) -> None:
        time.sleep(max(0.0, began + at * seconds / number - time.monotonic()))
        path, form, words = flood.request(at)
        body = urlencode(form | {"csrfmiddlewaretoken": browser.form})
        twin = None
        if random.random() < TWICE:
            twin = threading.Thread(target=send, args=(flood, browser, path, body, words))
            twin.start()
        send(flood, browser, path, body, words)
        if twin:
            twin.join()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, range(number)))


def send(flood: Flood, browser: Browser, path: str, body: str, words: str) -> None:
    asked = time.perf_counter()
    status, _headers, page = browser.ask_of("POST", path, body)
    flood.waits.append(time.perf_counter() - asked)
    flood.answers[status] += 1
    if status in {302, 201}:
        flood.accepted.add(words)
        return
    page = html.unescape(page)
    flood.without_words += words not in page
    flood.without_reason += not any(sentence in page for sentence in flood.refusals)


def reading(seconds: int, path: str, readers: tuple[Browser, ...]) -> str:
    """How long who only reads waits for the plan's page."""
    until, waits, wrong = time.monotonic() + seconds, [], 0
    while (now := time.monotonic()) < until:
        for reader in readers:
            asked = time.perf_counter()
            wrong += reader.ask_of("GET", path)[0] != 200
            waits.append(1000 * (time.perf_counter() - asked))
        time.sleep(max(0.0, now + READS_EVERY_S - time.monotonic()))
    cut = statistics.quantiles(waits, n=100)
    failed = f", {wrong} FAILED" if wrong else ""
    return f"{len(waits)} pages read, p50 {cut[49]:.0f} ms, p95 {cut[94]:.0f} ms, most {max(waits):.0f} ms{failed}"


def tell(flood: Flood, kept: Counter[str], waited: str) -> None:
    lost, doubled = len(flood.accepted - set(kept)), sum(count - 1 for count in kept.values())
    unasked = len(set(kept) - flood.accepted)
    cut = statistics.quantiles([1000 * one for one in flood.waits], n=100)
    print(f"{flood.name:<16}  answers {dict(flood.answers)}, p95 {cut[94]:.0f} ms")
    print(f"{'':<16}  kept {len(kept)}, lost {lost}, doubled {doubled}, kept though refused {unasked}")
    print(f"{'':<16}  refused without the words {flood.without_words}, without a reason {flood.without_reason}")
    print(f"{'':<16}  {waited}", flush=True)


def comments(plan: str, writer: Browser) -> Flood:
    from django.utils.translation import override

    from sympolis.office.planning.models import Plan
    from sympolis.office.planning.voices.errors import TooFast

    public_id = Plan.objects.get().public_id

    def request(at: int) -> tuple[str, dict[str, str], str]:
        words = f"Més ombra a les places {at} {secrets.token_hex(4)}"
        return f"/ca/voices/{public_id}/say/", {"client_id": secrets.token_hex(16), "text": words}, words

    with override("ca"):
        return Flood("comments", request, (str(TooFast.sentence),))


def contributions(one: Person) -> Flood:
    from django.utils.translation import override

    from sympolis.office.planning.sessions.errors import TooMuch
    from sympolis.web.public.session_pages import VERY_MUCH

    def request(at: int) -> tuple[str, dict[str, str], str]:
        words = f"Aigua regenerada per als parcs {at} {secrets.token_hex(4)}"
        return f"{one.page}say/", {"client_id": secrets.token_hex(16), "text": words, "kind": "idea"}, words

    with override("ca"):
        return Flood("contributions", request, (str(TooMuch.sentence), str(VERY_MUCH)))


def reports(reported: list[str], writer: Browser) -> Flood:
    from django.utils.translation import override

    from sympolis.office.planning.voices.errors import TooManyReports

    def request(at: int) -> tuple[str, dict[str, str], str]:
        words = f"Mireu això {at} {secrets.token_hex(4)}"
        one = reported[at % len(reported)]
        return f"/ca/voices/comment/{one}/report/", {"reason": "insult", "words": words}, words

    with override("ca"):
        return Flood("reports", request, (str(TooManyReports.sentence),))


def kept_comments() -> Counter[str]:
    from sympolis.office.planning.models import Comment

    return Counter(Comment.objects.filter(author__email="writer@example.org").values_list("text", flat=True))


def kept_contributions() -> Counter[str]:
    from sympolis.office.planning.models import Contribution

    return Counter(Contribution.objects.values_list("text", flat=True))


def kept_reports() -> Counter[str]:
    from sympolis.office.planning.models import CommentReport

    return Counter(CommentReport.objects.values_list("words", flat=True))


def a_plan() -> tuple[str, tuple[Any, Any], list[str]]:
    """A plan that everybody comments on: the path of its page, who reads and who writes, and comments of others."""
    from sympolis.office.core.models import User
    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Office, Organisation
    from sympolis.office.planning.models import Comment, Plan, Process

    house = Organisation.objects.get(name="AMB")
    Office.objects.create(organisation=house, languages=("en", "ca"))
    plan = Plan.objects.create(organisation=house, title=Text.of(ca="El pla"))
    Process.objects.create(plan=plan, is_open=True)
    reader, writer = (
        User.objects.create_user(f"{name}@example.org", secrets.token_urlsafe(12)) for name in ("reader", "writer")
    )
    made = Comment.objects.bulk_create(
        Comment(plan=plan, author=reader, client_id=f"comment-{n}", text=f"Sobre el port i l'aigua, {n}.")
        for n in range(COMMENTS)
    )
    return plan.get_absolute_url().replace("/en/", "/ca/"), (reader, writer), [one.public_id for one in made]


def signed_in(port: int, user: Any, path: str) -> Browser:
    """With a session of the site's own, as who has signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = "sympolis.office.directory.sign_in.SignIn"
    store.create()
    cookie = f"sessionid={store.session_key}"
    _status, headers, page = Browser(port, cookie, "").ask_of("GET", path)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    set_by_it = SimpleCookie(headers["Set-Cookie"] or "")
    if token is None or "csrftoken" not in set_by_it:
        raise SystemExit("The page of the plan has no form.")
    return Browser(port, f"{cookie}; csrftoken={set_by_it['csrftoken'].value}", token[1])


if __name__ == "__main__":
    main()
