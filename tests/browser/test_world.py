"""World data in a real browser: its pages with something on them, from linking an organisation to deciding a pair."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Cookies, Served
from tests.browser.test_pages import Looker

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world_served(served: Served, built_world: Path) -> Iterator[Served]:
    """The demo with world data, for as long as this module needs it."""
    shutil.copytree(built_world / "atlas", served.home / "atlas")
    yield served
    shutil.rmtree(served.home / "atlas")


@pytest.fixture(scope="module")
def looker(chromium: Browser, world_served: Served, cookies: Cookies) -> Iterator[Looker]:
    looking = Looker(chromium, world_served, cookies)
    yield looking
    looking.close()


@pytest.mark.parametrize(
    ("turn", "path"),
    list(enumerate(["", "left-out/", "same/", "organisation/?id=facts:amb-en", "organisation/?id=facts:odd"])),
)
def test_page_of_world_data(world_served: Served, looker: Looker, path: str, turn: int) -> None:
    assert looker.faults(f"office/world/{path}", turn, "administrator") == []


def test_this_is_us_brings_its_projects(world_served: Served, looker: Looker, officer: Page) -> None:
    officer.goto("/en/office/world/organisation/?id=facts:amb-en")
    officer.get_by_role("button", name=re.compile("^This is us")).first.click()
    officer.wait_for_url("**/office/world/ours/**")
    ours = officer.url.split("/en/", 1)[1]
    officer.get_by_role("link", name="Look at its page").click()
    expect(officer.locator("#world .list-row")).to_have_count(10)
    page = officer.url.split("/", 4)[4]
    assert [looker.faults(path, turn, "officer") for turn, path in enumerate((ours, page, f"{page}world/"))] == [[]] * 3
    assert looker.faults(page, 1) == []
    officer.goto(f"/en/{ours}")
    officer.get_by_role("button", name=re.compile("^This is not us")).first.click()
    assert looker.faults(ours, 1, "officer") == []


def test_who_it_may_be_is_asked_for_once_one_comes_down_to_it(
    world_served: Served, looker: Looker, officer: Page
) -> None:
    officer.goto("/en/organisations/?q=metropolitana+de+barcelona")
    officer.locator("#results .list-title").first.click()
    asked = officer.locator("#is-this-us")
    asked.scroll_into_view_if_needed()
    asked.get_by_role("button", name=re.compile("^This is us")).first.wait_for()
    assert looker.faults(officer.url.split("/", 4)[4], 1, "officer") == []


def test_a_pair_is_decided_by_keyboard_and_taken_back(world_served: Served, looker: Looker, officer: Page) -> None:
    officer.goto("/en/office/world/same/")
    assert officer.get_by_text("2 pairs wait").is_visible()
    officer.get_by_role("button", name="Not the same").first.focus()
    officer.keyboard.press("Enter")
    officer.wait_for_url("**#pairs")
    assert officer.get_by_text("1 pair waits").is_visible()
    assert looker.faults("office/world/same/", 1, "officer") == []
    assert looker.faults("office/world/same/decided/", 0, "officer") == []
    officer.get_by_role("button", name="Take the decision back").click()
    expect(officer.get_by_text("2 pairs wait")).to_be_visible()
