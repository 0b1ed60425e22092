"""A demo office, served as `make run` serves it, and a real Chromium to look at it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

CHECKOUT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Served:
    """A running demo: where it answers, where it lives, who signs in with what."""

    address: str
    home: Path
    sign_ins: dict[str, tuple[str, str]]  # role -> (mail, password)


def sympolis(home: Path, *words: str, **options: Any) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SYMPOLIS_HOME": str(home), "PYTHONPATH": str(CHECKOUT / "src")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "sympolis.cli.main", *words]
    return subprocess.Popen(command, env=environment, cwd=CHECKOUT, **options)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("demo") / "home"
    port = free_port()
    assert sympolis(home, "demo", "--no-serve").wait(timeout=300) == 0
    server = sympolis(home, "serve", "--port", str(port))
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address + "/en/")
        yield Served(address, home, read_sign_ins(home))
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
def playwright_running() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright_running: Playwright) -> Iterator[Browser]:
    """The machine's Chromium, else the one Playwright brought."""
    found = (
        os.environ.get("SYMPOLIS_CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    browser = playwright_running.chromium.launch(executable_path=found, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def signed_in(chromium: Browser, served: Served) -> dict[str, Any]:
    """The cookies of an officer who signed in through the page, once for all tests."""
    page = chromium.new_page()
    page.goto(served.address + "/en/account/login/")
    mail, password = served.sign_ins["officer"]
    page.fill("input[name=login]", mail)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url("**/office/**")
    state: dict[str, Any] = page.context.storage_state()  # type: ignore[assignment]
    page.context.close()
    return state


@pytest.fixture
def visitor(chromium: Browser, served: Served) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=served.address)
    yield context
    context.close()


@pytest.fixture
def officer(chromium: Browser, served: Served, signed_in: dict[str, Any]) -> Iterator[Page]:
    context = chromium.new_context(base_url=served.address, storage_state=signed_in)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()
