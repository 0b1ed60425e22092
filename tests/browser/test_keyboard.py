"""With the keyboard alone, and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, make_brief

pytestmark = pytest.mark.browser

WHERE = """() => {
  const at = document.activeElement;
  const part = at.closest(".skip, .brand, .site-search, .nav, .account, .languages, main, footer");
  return part?.className.split(" ")[0] ?? at.tagName;
}"""


def tabbed(page: Page, times: int) -> list[str]:
    """In which parts of the page the focus stood, one after the other, each once."""
    seen: list[str] = []
    for _ in range(times):
        page.keyboard.press("Tab")
        where = page.evaluate(WHERE)
        if not seen or seen[-1] != where:
            seen.append(where)
    return seen


def test_the_skip_link_comes_first_and_leads_to_the_content(visitor: Page) -> None:
    visitor.goto("/ca/projects/")
    visitor.keyboard.press("Tab")
    skip = visitor.locator(".skip")
    expect(skip).to_be_focused()
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    visitor.keyboard.press("Enter")
    assert visitor.evaluate("document.activeElement.id") == "main"


def test_the_keyboard_goes_through_the_page_as_it_is_read(visitor: Page) -> None:
    visitor.goto("/ca/projects/")
    assert tabbed(visitor, 20)[:6] == ["skip", "brand", "site-search", "nav", "account", "languages"]


def test_searching_without_a_mouse(visitor: Page) -> None:
    visitor.goto("/ar/")
    while visitor.evaluate("document.activeElement.id") != "site-search":
        visitor.keyboard.press("Tab")
    visitor.keyboard.type("مياه")
    visitor.keyboard.press("Enter")
    visitor.wait_for_url("**/ar/search/?q=*")
    assert visitor.locator(".hit").count() >= 10


def test_evidence_opens_with_enter(officer: Page) -> None:
    make_brief(officer, "ca")
    body = officer.locator(".lines .evidence-body").first
    expect(body).to_be_hidden()
    officer.locator(".lines .evidence > summary").first.focus()
    officer.keyboard.press("Enter")
    expect(body).to_be_visible()
    officer.keyboard.press("Enter")
    expect(body).to_be_hidden()


def test_the_menu_of_a_phone(open_page: Open) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto("/ca/")
    menu = page.locator("#menu")
    expect(menu).to_be_hidden()
    page.locator(".menu-button").focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    expect(menu.locator(".languages a")).to_have_count(5)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator(".menu-button")).to_be_focused()
    page.locator(".menu-button").tap()
    menu.locator(".nav a[href$='/projects/']").tap()
    page.wait_for_url("**/ca/projects/")


def test_the_map_can_be_walked_from_harbour_to_harbour(visitor: Page) -> None:
    visitor.goto("/ca/")
    visitor.wait_for_selector(".map path.port")
    harbour = visitor.locator(".map path.port[tabindex='0']").first
    harbour.focus()
    visitor.keyboard.press("Enter")
    expect(visitor.locator(".leaflet-popup")).to_contain_text(harbour.get_attribute("aria-label") or "?")
    visitor.keyboard.press("Escape")
    expect(visitor.locator(".leaflet-popup")).to_have_count(0)
