"""The board of applications without a mouse, and the page of one in both directions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import axe_faults, layout_faults

pytestmark = pytest.mark.browser


def test_a_card_is_moved_with_the_keyboard_alone(officer: Page) -> None:
    officer.goto("/en/office/board/")
    card = officer.locator("section[aria-labelledby=stage-partners] li").first
    title = card.locator(".list-title").inner_text()
    card.locator("select").focus()
    officer.keyboard.press("ArrowDown")
    officer.keyboard.press("Tab")
    officer.keyboard.press("Enter")
    expect(officer.locator("section[aria-labelledby=stage-drafting]")).to_contain_text(title)
    expect(officer.locator(".messages, main, body").first).to_contain_text(f"“{title}”: Drafting")


@pytest.mark.parametrize("language", ["ca", "ar"])
def test_the_page_of_an_application_has_no_faults(officer: Page, language: str) -> None:
    officer.goto(f"/{language}/office/board/")
    officer.locator("a.list-title").first.click()
    officer.wait_for_url(re.compile(r"/office/board/app_\w+/"))
    expect(officer.locator("#proposed ol, #proposed .unknown")).to_be_visible(timeout=60_000)
    assert layout_faults(officer) + axe_faults(officer) == []
    officer.set_viewport_size({"width": 390, "height": 900})
    assert layout_faults(officer) == []
