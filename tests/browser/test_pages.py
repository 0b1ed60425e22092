"""Every kind of page, in both directions and both schemes: no axe violation, no error in the console, nothing that
scrolls sideways on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Served

pytestmark = pytest.mark.browser

PUBLIC = [
    "",
    "organisations/",
    "projects/",
    "calls/",
    "events/",
    "networks/",
    "themes/",
    "plans/",
    "news/",
    "credits/",
    "search/?q=aigua",
    "account/login/",
]
STAFF = [
    "office/",
    "office/organisations/",
    "office/projects/",
    "office/relations/",
    "office/meetings/",
    "office/briefs/",
    "office/briefs/new/",
    "office/import/",
    "office/organisations/new/",
    "office/projects/new/",
    "office/relations/new/",
]
LOOKS = [("ca", "light", 1280), ("ar", "dark", 390), ("ar", "light", 1280), ("ca", "dark", 390)]


def look(browser: Browser, served: Served, state: Any, path: str, language: str, scheme: Any, width: int) -> list[str]:
    """What is wrong with one page: axe's findings, console errors, sideways scrolling."""
    context = browser.new_context(
        base_url=served.address, storage_state=state, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    answer = page.goto(f"/{language}/{path}")
    assert answer is not None
    if answer.status != 200:
        wrong.append(f"status {answer.status}")
    page.wait_for_load_state("networkidle")
    wrong += axe_findings(page)
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if sideways > 0:
        wrong.append(f"scrolls sideways by {sideways} px")
    if page.locator("h1").count() != 1:
        wrong.append(f"{page.locator('h1').count()} h1")
    context.close()
    return wrong


def axe_findings(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"axe {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages(chromium: Browser, served: Served, path: str, language: str, scheme: str, width: int) -> None:
    assert look(chromium, served, None, path, language, scheme, width) == []


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
@pytest.mark.parametrize("path", STAFF)
def test_staff_pages(
    chromium: Browser, served: Served, signed_in: Any, path: str, language: str, scheme: str, width: int
) -> None:
    assert look(chromium, served, signed_in, path, language, scheme, width) == []


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
@pytest.mark.parametrize("kind", ["organisation", "project", "call", "event", "plan", "agreement"])
def test_the_page_of_a_record(
    chromium: Browser, served: Served, officer: Page, kind: str, language: str, scheme: str, width: int
) -> None:
    lists = {"organisation": "organisations", "agreement": "organisations"}
    officer.goto(f"/en/{lists.get(kind, kind + 's')}/")
    links = officer.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
    found = [href for href in links if re.search(rf"^/en/{kind}/[^/]+-\w+_\w+/$", href)]
    if kind == "agreement":
        officer.goto("/en/search/?q=twinning+agreement+barcelona&kind=agreement")
        links = officer.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
        found = [href for href in links if "/agreement/" in href]
    assert found, f"no {kind} on the page that lists them"
    path = found[0].removeprefix("/en/")
    assert look(chromium, served, None, path, language, scheme, width) == []
