"""A hundred people in one live session, the real server on loopback: what is lost, what is doubled, how long it takes.

    .venv/bin/python benchmarks/session.py [--people 100] [--seconds 60]

Begins an empty home in a folder that is thrown away, serves it as `sympolis serve` does (granian, SQLite), lets
everybody come in by one link, and has each write every ten seconds and ask every two, with jitter, as the page in a
browser does. One write in ten is sent again on purpose: half of these after hanging up before the answer.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
from benchmarks.speed import machine  # noqa: E402 - run as a script, it is in the folder above

WRITES_EVERY_S, ASKS_EVERY_S, JITTER = 10.0, 2.0, 0.25
SENT_AGAIN, MOST_WAITED_S, WARMING_S = 0.1, 60, 5
WORDS = [
    "més",
    "ombra",
    "a",
    "les",
    "places,",
    "agua",
    "regenerada",
    "para",
    "los",
    "parques,",
    "des",
    "bus",
    "la",
    "nuit,",
    "shared",
    "bicycles",
    "by",
    "the",
    "sea",
]


@dataclass
class Person:
    """One browser: where it is, what it sent and what it was shown."""

    port: int
    page: str
    cookie: str
    form: str
    connection: http.client.HTTPConnection | None = None
    sequence: int = 0
    sent: list[str] = field(default_factory=list)
    shown: Counter[str] = field(default_factory=Counter)
    writes: list[float] = field(default_factory=list)
    asks: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    is_script = True  # sends as the page's script does

    def ask_of(self, method: str, path: str, body: str = "") -> tuple[int, Any, bytes]:
        """One request over the connection kept open, as browsers do; a new one where it was closed."""
        headers = {"Cookie": self.cookie, **({"X-Requested-With": "fetch"} if self.is_script else {})}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for _try in range(2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=MOST_WAITED_S)
            try:
                self.connection.request(method, path, body or None, headers)
                answer = self.connection.getresponse()
                return answer.status, answer.headers, answer.read()
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = None
        return 0, {}, b""

    def write(self, measured: bool) -> None:
        client_id = secrets.token_hex(16)
        text = f"{' '.join(random.sample(WORDS, 6))} {client_id}"
        body = urlencode({"client_id": client_id, "text": text, "kind": "idea", "csrfmiddlewaretoken": self.form})
        self.sent.append(client_id)
        again = random.random() < SENT_AGAIN
        if again and len(self.sent) % 2:
            self._hang_up(body)
        began = time.perf_counter()
        status, _headers, _body = self.ask_of("POST", f"{self.page}say/", body)
        if measured:
            self.writes.append(time.perf_counter() - began)
        if status != 201:
            self.refused[status] += 1
        if again:
            self.ask_of("POST", f"{self.page}say/", body)

    def _hang_up(self, body: str) -> None:
        """Send, and be gone before the answer: what a phone in a lift does."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            head = f"POST {self.page}say/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n"
            kind = "Content-Type: application/x-www-form-urlencoded\r\nX-Requested-With: fetch\r\n"
            line.sendall(f"{head}{kind}Content-Length: {len(body)}\r\n\r\n{body}".encode())

    def ask(self, measured: bool) -> None:
        began = time.perf_counter()
        path = f"{self.page}since/?sequence={self.sequence}&phase=contribute"
        status, headers, body = self.ask_of("GET", path)
        if measured:
            self.asks.append(time.perf_counter() - began)
        if status == 200:
            self.sequence = int(headers["X-Sequence"])
            self.shown.update(set(re.findall(r'data-said="(\w+)"', body.decode())))
        elif status != 304:
            self.refused[status] += 1

    def take_part(self, began: float, until: float) -> None:
        writes = time.monotonic() + random.uniform(0, WRITES_EVERY_S)
        asks = time.monotonic() + random.uniform(0, ASKS_EVERY_S)
        while (due := min(writes, asks)) < until:
            time.sleep(max(0.0, due - time.monotonic()))
            measured = due >= began
            if due == writes:
                self.write(measured)
                writes += WRITES_EVERY_S * random.uniform(1 - JITTER, 1 + JITTER)
            else:
                self.ask(measured)
                asks = time.monotonic() + ASKS_EVERY_S * random.uniform(1, 1 + JITTER)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=100)
    options.add_argument("--seconds", type=int, default=60)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="sympolis-session-") as folder:
        os.environ |= {"SYMPOLIS_HOME": f"{folder}/home", "DJANGO_SETTINGS_MODULE": "sympolis.config.settings"}
        port = free_port()
        with serving(port) as group:
            path = live_session()
            people = [come_in(port, path) for _one in range(chosen.people)]
            load = os.getloadavg()[0]
            print(f"{machine()}\nload before: {load:.1f} on {os.cpu_count()} cores")
            used = processor_s(group)
            let_them(people, chosen.seconds)
            used = (processor_s(group) - used) / (chosen.seconds + WARMING_S)
            print(f"the server used {used:.2f} of a core, all its processes together")
            tell(people, os.getloadavg()[0])


def let_them(people: list[Person], seconds: int) -> None:
    began = time.monotonic() + WARMING_S
    threads = [threading.Thread(target=one.take_part, args=(began, began + seconds)) for one in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for one in people:
        one.ask(measured=False)


def tell(people: list[Person], load: float) -> None:
    from sympolis.office.planning.models import Contribution

    sent = {client_id for one in people for client_id in one.sent}
    kept = Counter(text.rpartition(" ")[2] for text in Contribution.objects.values_list("text", flat=True))
    shown = min(len(sent & set(one.shown)) for one in people)
    print(f"load after: {load:.1f}")
    writes, asks = [one for each in people for one in each.writes], [one for each in people for one in each.asks]
    for what, waits in (("writes", writes), ("asks", asks)):
        cut = [1000 * one for one in statistics.quantiles(waits, n=100)]
        most = 1000 * max(waits)
        print(f"{what:<8}{len(waits):>7}   p50 {cut[49]:6.0f} ms   p95 {cut[94]:6.0f} ms   most {most:6.0f} ms")
    refused: Counter[int] = sum((one.refused for one in people), Counter())
    lost, doubled = len(sent - set(kept)), sum(count - 1 for count in kept.values())
    print(f"sent {len(sent)}, kept {len(kept)}: lost {lost}, doubled {doubled}")
    print(f"shown to whoever saw least: {shown} of {len(sent)}; other answers: {dict(refused) or 'none'}")


def live_session() -> str:
    """A session open for contributions; the path of its link."""
    import django

    django.setup()
    from sympolis.office.core.enums import SiteRole
    from sympolis.office.core.models import User
    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Organisation
    from sympolis.office.planning.enums import Phase
    from sympolis.office.planning.models import Session
    from sympolis.office.planning.sessions.actions import keep_session, open_link, set_phase

    officer = User.objects.create_user("officer@example.org", secrets.token_urlsafe(12), role=SiteRole.OFFICER)
    house = Organisation.objects.create(name="AMB", kind="metropolitan-authority", country="ES")
    session = keep_session(Session(organisation=house, title=Text.of(en="A hundred at once")))
    _link, token = open_link(officer, session, "council")
    set_phase(officer, session, Phase.CONTRIBUTE)
    return f"/en/join/{token}/"


def come_in(port: int, path: str) -> Person:
    """By the link, as a browser does."""
    one = Person(port, "", "", "")
    _status, headers, body = one.ask_of("GET", path)
    one.cookie = headers["Set-Cookie"].partition(";")[0]
    form = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body.decode())
    if form is None:
        raise SystemExit("The page of the link has no form.")
    data = {"for_myself": "on", "csrfmiddlewaretoken": form[1]}
    status, headers, _body = one.ask_of("POST", path, urlencode(data))
    if status != 302:
        raise SystemExit(f"Nobody comes in: the server answers {status}.")
    one.page, one.form = headers["Location"], form[1]
    return one


@contextmanager
def serving(port: int) -> Iterator[int]:
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as said, subprocess.Popen(
        [ROOT / ".venv/bin/python", "-m", "sympolis.cli.main", "serve", "--port", str(port)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, stdout=said, stderr=said, start_new_session=True,
    ) as served:  # fmt: skip
        try:
            wait_for(port, served)
            yield served.pid
        except ConnectionError:
            said.seek(0)
            raise SystemExit(f"{address} does not answer:\n{said.read().decode()[-3000:]}") from None
        finally:
            os.killpg(served.pid, signal.SIGTERM)


def wait_for(port: int, served: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until and served.poll() is None:
        with suppress(OSError, http.client.HTTPException):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            line.request("GET", "/en/join/nothing/")
            if line.getresponse().status in {404, 200, 302}:
                return
        time.sleep(0.5)
    raise ConnectionError


def processor_s(group: int) -> float:
    """Seconds of processor that the processes of a group have used. Linux only."""
    used = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
