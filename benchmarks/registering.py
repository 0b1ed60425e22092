"""Two thousand people register for one event of 500 places within a minute: exactly who has a place, how long it takes.

    .venv/bin/python benchmarks/registering.py [--people 2000] [--places 500] [--seconds 60]

Begins an empty home in a folder that is thrown away and serves it as `sympolis serve` does (granian, SQLite), with the
worker and its mails beside it. People arrive evenly; each opens the form, sends it and is shown that it was taken, from
an address of their own on loopback, since a place that sends very many is asked to wait. One in ten sends it twice at
once. Nobody arrives before the server has loaded what it loads after its start.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
from benchmarks.session import free_port, processor_s, serving  # noqa: E402 - run as a script
from benchmarks.speed import machine  # noqa: E402 - run as a script, it is in the folder above
from benchmarks.visitors import quieten  # noqa: E402 - run as a script, it is in the folder above

AT_ONCE, MOST_WAITED_S, TWICE_EVERY = 64, 60, 10


@dataclass
class Seen:
    """What all of them saw, written by many threads."""

    looks: list[float] = field(default_factory=list)
    sends: list[float] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)  # the page that says so
    late: list[float] = field(default_factory=list)  # how long after their turn they could begin
    answers: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=2000)
    options.add_argument("--places", type=int, default=500)
    options.add_argument("--seconds", type=int, default=60)
    chosen = options.parse_args()
    with ExitStack() as stack, tempfile.TemporaryDirectory(prefix="sympolis-registering-") as folder:
        os.environ |= {"SYMPOLIS_HOME": f"{folder}/home", "DJANGO_SETTINGS_MODULE": "sympolis.config.settings"}
        port = free_port()
        with serving(port) as group:
            path = open_event(chosen.places)
            worker = stack.enter_context(working())
            quieten(group)
            quieten(worker)
            print(f"{machine()}\nload before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            used, mailed, began, mine = processor_s(group), processor_s(worker), time.monotonic(), time.process_time()
            seen = let_them_register(port, path, chosen.people, chosen.seconds)
            took = time.monotonic() - began
            used, mine = processor_s(group) - used, time.process_time() - mine
            mailed = processor_s(worker) - mailed
            print(f"all had registered after {took:.0f} s, with a mail on its way")
            for what, seconds in (("the server", used), ("the worker", mailed), ("those who asked", mine)):
                print(f"{what:<16}{seconds / took:>5.2f} of a core, {1000 * seconds / chosen.people:>5.1f} ms a person")
            tell(seen, chosen.people, chosen.places)


@contextmanager
def working() -> Iterator[int]:
    """The worker beside the server; its process group."""
    command = [ROOT / ".venv/bin/python", "-m", "sympolis.cli.main", "worker"]
    path = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, env=path, stderr=subprocess.DEVNULL, start_new_session=True) as worker:
        try:
            yield worker.pid
        finally:
            worker.terminate()


def open_event(places: int) -> str:
    """An event in a month with so many places; the path of its form."""
    import django

    django.setup()
    from django.utils import timezone

    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Office, Organisation
    from sympolis.office.events.actions import keep_event
    from sympolis.office.events.models import Event, RegistrationRules

    house = Organisation.objects.create(name="AMB", kind="metropolitan-authority", country="ES")
    if not Office.objects.exists():
        Office.objects.create(organisation=house, languages=("en",))
    day = timezone.localdate() + timedelta(30)
    event = keep_event(Event(title=Text.of(en="Two thousand at once"), start_earliest=day, start_latest=day), [house])
    RegistrationRules.objects.create(event=event, capacity=places)
    return f"/en/event/{event.slug}-{event.public_id}/register/"


def let_them_register(port: int, path: str, people: int, seconds: int) -> Seen:
    seen, begins = Seen(), time.monotonic() + 1
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(people):
            turn = begins + number * seconds / people
            wait = turn - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            pool.submit(one_person, port, path, number, turn, seen)
    return seen


def one_person(port: int, path: str, number: int, turn: float, seen: Seen) -> None:
    """Opens the form, fills it in, sends it; one in ten presses the button twice."""
    began = time.monotonic()
    line = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=MOST_WAITED_S, source_address=(f"127.1.{number // 200}.{number % 200 + 1}", 0)
    )
    looked, status, headers, body = timed(line, "GET", path)
    form = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body.decode())
    if status != 200 or form is None:
        with seen.lock:
            seen.answers[status] += 1
        return
    said = {"name": f"Person {number}", "email": f"person{number}@example.org", "agrees": "on"}
    more = {"Cookie": headers["Set-Cookie"].partition(";")[0], "Content-Type": "application/x-www-form-urlencoded"}
    written = urlencode({**said, "csrfmiddlewaretoken": form[1]})
    if number % TWICE_EVERY == 0:
        other = threading.Thread(target=send_again, args=(port, path, number, written, more))
        other.start()
    sent, status, headers, _body = timed(line, "POST", path, written, more)
    taken, _status, _headers, _body = timed(line, "GET", headers.get("Location", path))
    line.close()
    if number % TWICE_EVERY == 0:
        other.join()
    with seen.lock:
        seen.late.append(began - turn)
        seen.looks.append(looked)
        seen.sends.append(sent)
        seen.taken.append(taken)
        seen.answers[status] += 1


def send_again(port: int, path: str, number: int, written: str, more: dict[str, str]) -> None:
    line = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=MOST_WAITED_S, source_address=(f"127.2.{number // 200}.{number % 200 + 1}", 0)
    )
    timed(line, "POST", path, written, more)
    line.close()


def timed(
    line: http.client.HTTPConnection, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
) -> tuple[float, int, http.client.HTTPMessage, bytes]:
    began = time.perf_counter()
    line.request(method, path, body or None, headers or {})
    answer = line.getresponse()
    said = answer.read()
    return time.perf_counter() - began, answer.status, answer.headers, said


def tell(seen: Seen, people: int, places: int) -> None:
    from sympolis.office.events.models import Registration

    print(f"load after: {os.getloadavg()[0]:.1f}")
    for what, waits in (("form", seen.looks), ("send", seen.sends), ("taken", seen.taken), ("began late", seen.late)):
        cut = [1000 * one for one in statistics.quantiles(waits, n=100)]
        p50, p95, most = cut[49], cut[94], 1000 * max(waits)
        print(f"{what:<11}{len(waits):>6}   p50 {p50:6.0f} ms   p95 {p95:6.0f} ms   most {most:6.0f} ms")
    rows = list(Registration.objects.order_by("queued_at", "pk").values_list("folded_email", "state"))
    with_place = [email for email, state in rows if state == "confirmed"]
    doubled = len(rows) - len({email for email, _state in rows})
    in_turn = [state for _email, state in rows[:places]] == ["confirmed"] * min(places, len(rows))
    print(f"answers: {dict(seen.answers)}")
    print(f"registered {len(rows)} of {people}, doubled {doubled}; with a place {len(with_place)} of {places}")
    print(f"those with a place are the first: {'yes' if in_turn else 'NO'}")


if __name__ == "__main__":
    main()
