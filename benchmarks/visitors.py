"""How many pages visitors get from one core where nothing is written meanwhile, and what a page takes to be made.

    .venv/bin/python benchmarks/visitors.py --home HOME [--seconds 10]

HOME is a prepared demo's, that nobody serves. It is served as `sympolis serve` does; eight connections ask for one page
after another. What counts is the processor time of the server: it is the same on a machine with other work to do.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import sys
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
from benchmarks.session import free_port, processor_s, serving  # noqa: E402 - run as a script
from benchmarks.speed import machine  # noqa: E402 - run as a script, it is in the folder above

AT_ONCE, MADE_TIMES, WARMING_S = 8, 20, 15
PATHS = (
    "/en/",
    "/en/organisations/",
    "/ca/events/",
    "/ca/events/?when=past",
    "/ca/events/?when=month&month=2020-11",
    "/en/events/calendar.ics",
    "/en/events/recordings/",
    "/ar/projects/",
    "/fr/news/",
    "/en/pages/",
    "/en/networks/",
)
# Lists of which the first entry's own page is asked for too, by what its address holds.
FIRST_OF = (("/ca/events/?when=past", "/ca/event/"), ("/en/news/", "/en/news/"), ("/ar/pages/", "/ar/pages/"))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", required=True)
    options.add_argument("--seconds", type=float, default=10)
    chosen = options.parse_args()
    os.environ |= {"SYMPOLIS_HOME": chosen.home, "DJANGO_SETTINGS_MODULE": "sympolis.config.settings"}
    port = free_port()
    with serving(port) as group:
        quieten(group)
        print(machine())
        print("".join(f"{word:>12}" for word in ("bytes", "made, ms", "kept, ms", "a second")), "of one core: page")
        for path in (*PATHS, *first_ones(port)):
            size, made = making(port, group, path)
            kept = giving(port, group, path, chosen.seconds)
            print(f"{size:>12}{1000 * made:>12.1f}{1000 * kept:>12.2f}{1 / kept:>12.0f}", path)


def quieten(group: int) -> None:
    """Until the server has loaded what it loads after its start."""
    until, before = time.monotonic() + 120, -1.0
    while time.monotonic() < until and processor_s(group) - before > 0.1:
        before = processor_s(group)
        time.sleep(WARMING_S / 3)


def first_ones(port: int) -> list[str]:
    """The first address of each list: ids are made when a home is."""
    line, found = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
    for path, holds in FIRST_OF:
        line.request("GET", path)
        said = line.getresponse().read().decode().partition("<main")[2]
        first = re.search(f'href="({holds}[^"?#]*_[a-z0-9]{{12}}/)"', said)
        if first is None:
            raise SystemExit(f"{path} lists nothing: is it the home of a demo?")
        found.append(first[1])
    return found


def making(port: int, group: int, path: str) -> tuple[int, float]:
    """Size of a page, and processor seconds to make it: each time with a question nobody has asked before."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    size = ask(line, path, Counter())
    began = processor_s(group)
    for number in range(MADE_TIMES):
        ask(line, f"{path}{'&' if '?' in path else '?'}once={number}", Counter())
    return size, (processor_s(group) - began) / MADE_TIMES


def giving(port: int, group: int, path: str, seconds: float) -> float:
    """Processor seconds of the server a page that is kept, by all processes of it."""
    given: Counter[int] = Counter()
    until, began = time.monotonic() + seconds, processor_s(group)
    threads = [threading.Thread(target=keep_asking, args=(port, path, until, given)) for _one in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if set(given) != {200}:
        raise SystemExit(f"{path} answered {dict(given)}")
    return (processor_s(group) - began) / given[200]


def keep_asking(port: int, path: str, until: float, given: Counter[int]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < until:
        ask(line, path, given)


def ask(line: http.client.HTTPConnection, path: str, given: Counter[int]) -> int:
    line.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = line.getresponse()
    size = len(answer.read())
    given[answer.status] += 1
    return size


if __name__ == "__main__":
    main()
