"""What a reader has before the eyes without scrolling: the chart at home, the proposals of a brief."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open, Served, make_brief

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def bottom(box: dict[str, float] | None) -> float:
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("language", ["ca", "ar"])
def test_home_shows_the_whole_chart_and_keeps_its_table_beneath(open_page: Open, language: str) -> None:
    page = open_page(viewport=DESKTOP)
    page.goto(f"/{language}/")
    page.wait_for_selector(".chart .port")
    head, chart = page.locator(".chart h1").bounding_box(), page.locator(".chart .map").bounding_box()
    assert head is not None
    assert bottom(chart) < DESKTOP["height"]
    assert chart is not None
    assert (head["x"] < chart["x"]) is (language == "ca")  # words first, in the direction of reading
    table = page.locator(".fold .table-pairs")
    assert not table.is_visible()
    page.locator(".fold:has(.table-pairs) > summary").click()
    assert table.is_visible()


def test_home_without_scripts_has_no_empty_sea(open_page: Open) -> None:
    page = open_page(viewport=DESKTOP, java_script_enabled=False)
    page.goto("/ca/")
    assert not page.locator(".chart .map").is_visible()


@pytest.mark.parametrize(("language", "screen"), [("ca", DESKTOP), ("ar", PHONE)])
def test_a_brief_is_read_before_it_is_acted_on(open_page: Open, language: str, screen: dict[str, int]) -> None:
    page = open_page("officer", viewport=screen)
    make_brief(page, language)
    proposals = page.locator(".proposal h3")
    assert proposals.count() == 3
    first = page.locator(".proposals").bounding_box()
    assert first is not None
    assert first["y"] < screen["height"]
    approve = page.locator("form[action$='/approve/']").bounding_box()
    assert approve is not None
    assert approve["y"] > bottom(page.locator(".proposals").bounding_box())


def test_an_address_in_arabic_does_not_carry_the_date_away(open_page: Open, served_event: str) -> None:
    page = open_page(viewport=PHONE)
    page.goto(f"/ar/{served_event}")
    link = page.locator("p.meta a[rel=external]").first.bounding_box()
    day = page.locator("p.meta time").first.bounding_box()
    assert link is not None
    assert day is not None
    assert day["x"] + day["width"] <= link["x"]  # the date follows, to the left, in one piece


@pytest.fixture
def served_event(served: Served) -> str:
    return served.links("events/?when=past", r"event/[\w-]+/")[0]
