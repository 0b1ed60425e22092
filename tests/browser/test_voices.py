"""A plan is opened for supports and comments, in a real browser, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served
from tests.browser.test_pages import Looker

pytestmark = pytest.mark.browser


@pytest.fixture
def plan(officer: Page, served: Served) -> str:
    """The address of a plan of the demo, opened; without language."""
    path = served.links("plans/", r"plan/[\w-]+-pla_\w+/")[0]
    public_id = path.rstrip("/").rsplit("-", 1)[1]
    officer.goto(f"/en/office/process/{public_id}/")
    officer.check("input[name=is_open]")
    officer.click("main form .form-actions button")
    officer.wait_for_load_state()
    return path


def test_from_the_switch_to_the_objection(looker: Looker, officer: Page, plan: str) -> None:
    public_id = plan.rstrip("/").rsplit("-", 1)[1]
    officer.goto(f"/en/{plan}")
    officer.click("#support")
    expect(officer.locator("#support")).to_have_attribute("aria-pressed", "true")
    officer.fill("#text", "Volem més espais verds al litoral.\nVegeu https://example.org/parcs")
    officer.click("form[action$='/say/'] button")
    officer.wait_for_url("**#com_*")
    comment = officer.url.rpartition("#")[2]
    button = officer.locator(f"#s-{comment}")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(officer.locator(f"#{comment} p[dir=auto]")).to_contain_text("Volem més espais verds")
    pages = [(plan, ""), (plan, "officer"), (f"voices/comment/{comment}/", "officer"),
             (f"office/process/{public_id}/", "officer"), (f"office/comments/{comment}/", "officer")]  # fmt: skip
    faults = {path: looker.faults(path, turn, who) for path, who in pages for turn in (0, 1)}
    assert faults == {path: [] for path, _who in pages}
