"""HTML first: what people come for goes without any JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Served, make_brief, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(open_page: Open) -> Page:
    return open_page(java_script_enabled=False)


@pytest.fixture
def plain_officer(open_page: Open) -> Page:
    return open_page("officer", java_script_enabled=False)


def test_one_searches_and_filters(plain: Page) -> None:
    plain.goto("/ca/")
    plain.fill("header input[name=q]", "aigua")
    plain.press("header input[name=q]", "Enter")
    expect(plain.locator(".hit").nth(9)).to_be_visible()
    plain.goto("/ca/organisations/")
    everything = plain.locator(".result-count").inner_text()
    plain.select_option("#filter-country, select[name=country]", "TN")
    plain.click("main form[role=search] button[type=submit]")
    expect(plain).to_have_url(re.compile("country=TN"))
    expect(plain.locator(".result-count")).not_to_have_text(everything)
    expect(plain.locator("#results .list-title").nth(4)).to_be_visible()


def test_the_map_has_its_table(plain: Page) -> None:
    plain.goto("/ca/")
    assert plain.locator(".map-table td a").count() >= 20
    for form in ("svg", "png"):
        expect(plain.locator(f"[data-map-save={form}]")).to_be_hidden()


def test_one_signs_in(plain: Page, served: Served) -> None:
    plain.goto("/ca/office/")
    sign_in(plain, *served.sign_in("officer"))
    assert plain.url == f"{served.address}/ca/office/"


def test_one_makes_a_brief_and_strikes_out_a_line(plain_officer: Page) -> None:
    make_brief(plain_officer, "es")
    assert plain_officer.locator(".proposals > .proposal").count() == 3
    line = plain_officer.locator(".lines > .line").filter(has=plain_officer.locator("a.icon-button")).nth(5)
    anchor = line.get_attribute("id")
    line.locator("a.icon-button").click()
    plain_officer.fill(f"#{anchor} textarea[name=words]", "Ya no")
    plain_officer.click(f"#{anchor} button[value=dropped]")
    expect(plain_officer.locator(f"#{anchor}")).to_have_class(re.compile("is-dropped"))


def test_one_adds_an_organisation(plain_officer: Page) -> None:
    plain_officer.goto("/ca/office/organisations/add/")
    plain_officer.fill("input[name=name]", "Vila Sense Guions")
    plain_officer.click("main form button[type=submit]")
    plain_officer.goto("/ca/office/organisations/?q=vila+sense+guions")
    expect(plain_officer.locator("main tbody th[scope=row]")).to_have_text(re.compile("Vila Sense Guions"))
