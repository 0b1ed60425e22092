"""An empty folder that is served: its first page opens the office."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served
from tests.browser.test_pages import Looker

pytestmark = pytest.mark.browser


def test_an_empty_home_is_opened_on_its_first_page(unopened: Served, chromium: Browser) -> None:
    looking = Looker(chromium, unopened, lambda who: None)
    assert looking.faults("", 0) == []
    assert looking.faults("office/administration/begin/", 1) == []
    looking.close()
    page = chromium.new_page(base_url=unopened.address)
    page.goto("/ca/")
    assert page.url.endswith("/ca/office/administration/begin/")
    open_office(page, "guessed")
    expect(page.locator("#id_code_error")).to_be_visible()
    open_office(page, code_of(unopened))
    page.wait_for_url("**/ca/office/")
    page.goto("/ca/")
    expect(page.locator("h1")).to_have_text("Oficina de Prova")
    page.context.close()


def code_of(served: Served) -> str:
    """What the terminal showed when the server started."""
    secrets = (served.home / "secrets.json").read_text(encoding="utf-8")
    found = re.search(r'"first_run_code": "(\w+)"', secrets)
    assert found is not None
    return found[1]


def open_office(page: Page, code: str) -> None:
    page.fill("#id_code", code)
    page.fill("#id_name", "Oficina de Prova")
    page.fill("#id_organisation", "Ajuntament de Prova")
    page.select_option("#id_country", "ES")
    page.fill("#id_email", "alcaldessa@example.org")
    page.fill("#id_password", "una frase curta i bona")
    page.click("main form button[type=submit]")
