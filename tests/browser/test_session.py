"""A session with two browsers: what each says reaches the other once, also over a lost connection."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, make_session

pytestmark = pytest.mark.browser

SAID = "[data-session-list] .list-text"


def come_in(page: Page, link: str, body: str) -> Page:
    page.goto(f"/en/{link}")
    page.fill("[name=speaks_for]", body)
    page.click("main form .form-actions button")
    page.wait_for_url("**/join/in/**")
    return page


def put_in(page: Page, text: str) -> None:
    page.fill("[data-session-say] textarea", text)
    page.click("[data-session-say] .form-actions button")


def test_two_write_at_once_and_nothing_is_lost_or_doubled(officer: Page, open_page: Open) -> None:
    path, link = make_session(officer, "en", "Two browsers")
    one, two = come_in(open_page(), link, "Sant Cugat"), come_in(open_page(), link, "Gavà")
    expect(one.locator("main")).to_contain_text("It has not begun yet.")
    officer.click("button[name=phase][value=contribute]")
    for page in (one, two):
        expect(page.locator("[data-session-say]")).to_be_visible(timeout=10_000)
    put_in(one, "Shade in every square")
    put_in(two, "<b>Ombra</b> a les places")
    for page in (one, two):
        expect(page.locator(SAID)).to_have_count(2, timeout=10_000)
        expect(page.locator(SAID, has_text="<b>Ombra</b> a les places")).to_have_count(1)
    two.context.set_offline(True)
    put_in(two, "Said without a connection")
    expect(two.locator("[data-session-status]")).to_contain_text("Not sent yet")
    put_in(two, "And this too")
    two.context.set_offline(False)
    for page in (one, two):
        expect(page.locator(SAID)).to_have_count(4, timeout=60_000)
    window = two.context.new_page()  # another one of the same person's: both have something to send
    window.goto(two.url)
    two.context.set_offline(True)
    for page in (two, window):
        put_in(page, "From one of two windows")
        expect(page.locator("[data-session-status]")).to_contain_text("Not sent yet")
    window.close()
    two.context.set_offline(False)
    expect(one.locator(SAID)).to_have_count(6, timeout=60_000)
    put_in(two, "x" * 2_001)  # pasted: no browser cuts it, and all of it stays to be shortened
    expect(two.locator("[data-session-status]")).to_contain_text("This is longer than 2,000 letters.")
    expect(two.locator("[data-session-say] textarea")).to_have_value("x" * 2_001)
    two.fill("[data-session-say] textarea", "Half a thou")
    two.reload()
    expect(two.locator("[data-session-say] textarea")).to_have_value("Half a thou")
    expect(two.locator(SAID)).to_have_count(6)
    one.locator("[data-session-list] li", has_text="Shade").locator("summary").click()
    one.get_by_role("button", name="Take back").click()
    expect(two.locator(SAID)).to_have_count(5, timeout=10_000)
    officer.goto(f"/en/{path}")
    expect(officer.locator("[aria-labelledby=said] .list-text")).to_have_count(5)
    two.context.set_offline(True)
    put_in(two, "Said too late")
    changed = two.locator("[data-session-list] li", has_text="And this too")
    changed.locator("summary").click()
    changed.locator("textarea").fill("And this, said better")
    expect(two.locator("[data-session-status]")).to_contain_text("Not sent yet")
    two.fill("[data-session-say] textarea", "And half a thou")
    officer.click("button[name=phase][value=prioritise]")
    two.context.set_offline(False)
    expect(two.locator("[data-session-status] .list-text")).to_contain_text("Said too late", timeout=60_000)
    expect(two.locator("[data-session-status] .list-text")).to_contain_text("And half a thou")
    expect(two.locator("[data-session-status] .list-text")).to_contain_text("And this, said better")
    two.get_by_role("button", name="I have them").click()
    two.reload()
    expect(two.locator("[data-session-status]")).to_be_hidden()
