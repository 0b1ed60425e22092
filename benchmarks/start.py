"""How long the second `make run` takes to its first page, what a web process needs of memory, how large it all is.

    .venv/bin/python benchmarks/start.py [--home FOLDER_WITH_A_DEMO]

Prepares a demo in a folder that is thrown away, unless one is named. Linux only: memory is read from /proc. The size
is that of what is installed in this checkout: packages for tests count too where they are there.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from benchmarks.speed import LOOP_MS, QUESTIONS, Row, machine, processor_ms, reference_loop  # noqa: E402 - run as a script, it is in the folder above

INSTALLED = (".venv", "build/static", "node_modules")
PAGES = ("", "organisations/", "projects/", "calls/", "events/", "networks/", "themes/", "themes/water/", "plans/")
VIEWS, SEARCHES, STARTS = 50, 5, 3
LONGEST_START_S = 300


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path)
    chosen = options.parse_args()
    print(f"{machine()}\n\n{'what':<56}{'measured':>12}{'as at 43 ms':>14}{'budget':>12}")
    with tempfile.TemporaryDirectory(prefix="sympolis-start-") as folder:
        for row in measure(chosen.home or Path(folder) / "home"):
            print(f"{row.what:<56}{row.measured:>12}{row.as_at_43_ms:>14}{row.budget:>12}", flush=True)


def measure(home: Path) -> Iterable[Row]:
    environment = {**os.environ, "SYMPOLIS_HOME": str(home.resolve()), "PORT": str(free_port())}
    subprocess.run([ROOT / ".venv/bin/sympolis", "demo", "--no-serve"], env=environment, check=True)
    for number in range(STARTS):
        loop = processor_ms(reference_loop)
        with running(environment) as (seconds, address, group):
            what = f"`make run` again, until the first page, {number + 1}"
            yield Row(what, f"{seconds:.1f} s", f"{seconds * LOOP_MS / loop:.1f} s", "5 s")
            if number + 1 == STARTS:
                visit(address)
                what = f"a web process after {VIEWS} pages, {SEARCHES} searches"
                yield Row(what, f"{web_process_mb(group):.0f} MB", "", "400 MB")
    size = sum(folder_mb(ROOT / folder) for folder in INSTALLED)
    yield Row(f"installed: {', '.join(INSTALLED)}", f"{size:.0f} MB", "", "1300 MB")


@contextmanager
def running(environment: dict[str, str]) -> Iterator[tuple[float, str, int]]:
    """The demo as a person starts it: seconds to the first page, its address, its group of processes."""
    address, began = f"http://localhost:{environment['PORT']}/en/", time.monotonic()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        ["make", "run"], cwd=ROOT, env=environment, stdout=quiet, stderr=quiet, start_new_session=True
    ) as started:
        try:
            wait_for(address, began + LONGEST_START_S)
            yield time.monotonic() - began, address, started.pid
        finally:
            os.killpg(started.pid, signal.SIGTERM)


def wait_for(address: str, until: float) -> None:
    while time.monotonic() < until:
        try:
            with urlopen(address) as answer:
                answer.read()
                return
        except (URLError, ConnectionError):
            time.sleep(0.02)
    raise TimeoutError(address)


def visit(address: str) -> None:
    for number in range(VIEWS):
        with urlopen(address + PAGES[number % len(PAGES)]) as answer:
            answer.read()
    for question in QUESTIONS[:SEARCHES]:
        with urlopen(f"{address}search/?q={quote(question)}") as answer:
            answer.read()


def web_process_mb(group: int) -> float:
    """The process of that group that granian spawned."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            if os.getpgid(int(folder.name)) == group and b"spawn_main" in command:
                status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
                return int(status["VmRSS"].split()[0]) / 1024
        except OSError:  # gone meanwhile
            continue
    raise LookupError("no web process")


def folder_mb(folder: Path) -> float:
    files = (file.lstat().st_size for file in folder.rglob("*") if not file.is_dir())
    return sum(files) / 2**20


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    main()
