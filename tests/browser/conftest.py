"""A demo office and an empty home, served as `make run` serves them, and a real Chromium to look at them."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

CHECKOUT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card, for the graph
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000


@dataclass
class Served:
    """A running office: where it answers and where it lives."""

    address: str
    home: Path

    def sign_in(self, who: str) -> tuple[str, str]:
        """Mail address and password of the demo's `who`."""
        return read_sign_ins(self.home)[who]

    def links(self, path: str, pattern: str) -> list[str]:
        """Addresses on one public page, in its order, that match: without language."""
        with urllib.request.urlopen(f"{self.address}/en/{path}", timeout=30) as answer:
            page = answer.read().decode()
        return list(dict.fromkeys(re.findall(rf'href="/en/({pattern})"', page)))


def sympolis(home: Path, *words: str, **options: Any) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SYMPOLIS_HOME": str(home), "PYTHONPATH": str(CHECKOUT / "src")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "sympolis.cli.main", *words]
    return subprocess.Popen(command, env=environment, cwd=CHECKOUT, **options)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path) -> Iterator[Served]:
    port = free_port()
    server = sympolis(home, "serve", "--port", str(port))
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address + "/en/")
        yield Served(address, home)
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(address: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def read_sign_ins(home: Path) -> dict[str, tuple[str, str]]:
    people = json.loads((home / "demo-sign-ins.json").read_text(encoding="utf-8"))["people"]
    return {person["who"]: (person["email"], person["password"]) for person in people}


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo of this worker's own: whoever comes first makes it, the others copy."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    made = shared / "demo-home"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            fresh = shared / "demo-home.new"
            assert sympolis(fresh, "demo", "--no-serve").wait(timeout=300) == 0
            fresh.rename(made)
    own = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(made, own)
    return own


@pytest.fixture(scope="session")
def served(demo_home: Path) -> Iterator[Served]:
    with serving(demo_home) as running:
        yield running


@pytest.fixture(scope="session")
def unopened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An empty folder that was served: a home where nobody works yet."""
    home = tmp_path_factory.mktemp("unopened") / "home"
    with serving(home) as running:
        yield running


# Of this folder only: while Playwright runs, Django takes other tests of the same process for asynchronous ones.
@pytest.fixture(scope="package")
def playwright_running() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def chromium(playwright_running: Playwright) -> Iterator[Browser]:
    """The machine's Chromium, else the one Playwright brought. The shell without windows costs the least."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("SYMPOLIS_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    browser = playwright_running.chromium.launch(executable_path=found, args=FLAGS)
    yield browser
    browser.close()


def sign_in(page: Page, mail: str, password: str) -> None:
    """On the page that asks who one is."""
    page.fill("input[name=login]", mail)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda address: "/account/login/" not in address)


type Cookies = Callable[[str], Any]


@pytest.fixture(scope="package")
def cookies(chromium: Browser, served: Served) -> Cookies:
    """What the browser of `who` keeps after signing in through the page; once for all tests."""
    kept: dict[str, Any] = {"": None}

    def of(who: str) -> Any:
        if who not in kept:
            page = chromium.new_page()
            page.goto(served.address + "/en/account/login/")
            sign_in(page, *served.sign_in(who))
            kept[who] = page.context.storage_state()
            page.context.close()
        return kept[who]

    return of


type Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, served: Served, cookies: Cookies) -> Iterator[Open]:
    """``open_page("officer", color_scheme="dark")``: a fresh tab of the demo, signed in as `who` or as nobody."""
    contexts: list[BrowserContext] = []

    def open_it(who: str = "", **options: Any) -> Page:
        context = chromium.new_context(base_url=served.address, storage_state=cookies(who), **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context.new_page()

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(open_page: Open) -> Page:
    return open_page()


@pytest.fixture
def officer(open_page: Open) -> Page:
    return open_page("officer")


def make_session(page: Page, language: str, title: str) -> tuple[str, str]:
    """A session with a link for councils. Returns the session's address and the link's, without language."""
    page.goto(f"/{language}/office/sessions/add/")
    page.fill(f"[name=title_{language}]", title)
    page.fill("input[name=organisation]", "AMB")
    page.click("main form .form-actions button")
    page.goto(f"/{language}/office/sessions/")
    page.get_by_role("link", name=title).first.click()
    page.goto(page.url.replace("/records/", "/sessions/"))
    path = page.url.split(f"/{language}/", 1)[1]
    page.click("form[action$='/link/'] .form-actions button")
    return path, "join/" + page.input_value("#address").split("/join/", 1)[1]


def make_brief(page: Page, language: str) -> str:
    """By a link with the names, the scope left as proposed. Returns the brief's address, without language."""
    names = {"left": "Montpellier", "right": "AMB", "network": "MedCities", "language": language}
    page.goto(f"/{language}/office/briefs/new/?{urllib.parse.urlencode(names)}")
    page.click("main form[method=post] .form-actions button")
    page.wait_for_url("**/office/briefs/bri_*/**", timeout=60_000)
    return page.url.split(f"/{language}/", 1)[1]
