"""The graph in a real browser: drawn, walked by keyboard, filtered, saved; and what stands there without WebGL."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Served
from tests.browser.test_pages import axe_faults, layout_faults

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"


def drawn(page: Page, address: str) -> list[str]:
    """Opens a graph and waits until it stands still; what the console complained of."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.locator("[data-graph]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-graph][data-arranged]", timeout=120_000)
    return complaints


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("ca", 1280, "light"), ("ar", 390, "dark"), ("ar", 1280, "light")]
)
def test_it_draws_itself_without_a_fault(open_page: Open, language: str, width: int, scheme: str) -> None:
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    assert drawn(page, f"/{language}/graph/") == []
    assert layout_faults(page) == []
    assert axe_faults(page) == []
    expect(page.locator("[data-graph-progress]")).to_be_hidden()


def test_it_is_walked_by_keyboard(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    drawn(page, "/en/graph/?kind=city&kind=city-network")
    said = page.locator("[data-graph-said]")
    page.locator("[data-graph]").focus()
    page.keyboard.press("Home")
    first = said.locator("strong").inner_text()
    expect(said).to_contain_text(re.compile(r"Links: \d\d"))
    page.keyboard.press("PageDown")
    second = said.locator("strong").inner_text()
    assert second != first
    page.keyboard.press("PageUp")
    assert said.locator("strong").inner_text() == first
    walked = set()
    for arrow in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        page.keyboard.press("Home")
        page.keyboard.press(arrow)
        walked.add(said.locator("strong").inner_text())
    assert len(walked - {first}) >= 2
    page.keyboard.press("+")
    page.keyboard.press("Escape")
    expect(said).to_be_empty()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/organisation/**")
    assert page.locator("h1").inner_text().startswith(first[:8])


def test_a_name_is_found_in_the_picture(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    drawn(page, "/en/graph/")
    page.fill("#graph-find", "MedCities")
    page.press("#graph-find", "Tab")
    expect(page.locator("[data-graph-said] strong")).to_have_text("MedCities")
    expect(page.locator("[data-graph-said] a")).to_have_attribute("href", re.compile("/organisation/medcities-org_"))


def test_it_is_filtered_and_dated(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    drawn(page, "/en/graph/")
    before = page.locator("#graph-title").inner_text()
    page.check("input[name=kind][value=city-network]")
    page.fill("#id_on", "2015")
    page.click("form.filters-side button[type=submit]")
    page.wait_for_url("**kind=city-network**")
    page.wait_for_selector("[data-graph][data-arranged]")
    assert page.locator("#graph-title").inner_text() != before
    assert "on=2015" in (page.get_attribute("[data-graph]", "data-src") or "")
    assert "As it was" in page.locator("main").inner_text()


def test_the_picture_is_saved(open_page: Open, tmp_path: Path) -> None:
    page = open_page(reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    drawn(page, "/en/graph/")
    for form in ("svg", "png"):
        with page.expect_download() as waiting:
            page.click(f"[data-graph-do={form}]")
        assert waiting.value.suggested_filename == f"graph.{form}"
        waiting.value.save_as(tmp_path / f"graph.{form}")
    drawing = ElementTree.parse(tmp_path / "graph.svg").getroot()
    links, organisations = (int(number) for number in re.findall(r"\d+", page.locator("#graph-title").inner_text()))
    assert len(drawing.findall(f"{SVG}line")) == links
    assert len(drawing.findall(f"{SVG}path")) == organisations
    names = {text.text for text in drawing.findall(f"{SVG}text")}
    assert {"MedCities", "AMB", "C40"} <= names
    with Image.open(tmp_path / "graph.png") as picture:
        colours = picture.convert("RGB").getcolors(1_000_000) or []
        assert picture.width >= 600
    assert len(colours) > 50  # nodes, links and names on the ground: not an empty canvas


def test_without_webgl_it_says_so_and_the_table_is_there(open_page: Open) -> None:
    page = open_page()
    page.add_init_script(
        "const whole = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...more) {"
        " return kind.startsWith('webgl') ? null : whole.call(this, kind, ...more); };"
    )
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/en/graph/")
    page.locator("[data-graph]").scroll_into_view_if_needed()
    expect(page.locator("[data-graph]")).to_contain_text("it has no WebGL")
    expect(page.locator("[data-graph-tools]")).to_be_hidden()
    assert page.locator("#table tbody tr").count() == 50
    assert errors == []
    assert axe_faults(page) == []


def test_without_scripts_there_are_table_filters_and_pages(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/ca/graph/")
    expect(page.locator("[data-graph]")).to_be_hidden()
    assert page.locator("#table tbody tr").count() == 50
    page.click(".pages a[rel=next]")
    page.click("#table thead a >> nth=0")
    expect(page).to_have_url(re.compile("sort=who"))
    page.check("input[name=type][value=twinned_with]")
    page.click("form.filters-side button[type=submit]")
    expect(page.locator("#table tbody tr")).to_have_count(18)


def test_around_an_organisation(open_page: Open, served: Served) -> None:
    network = served.links("networks/?q=medcities", r"organisation/[\w-]+-org_\w+/")[0]
    page = open_page(reduced_motion="reduce")
    assert drawn(page, f"/en/{network}graph/") == []
    page.locator("[data-graph]").focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-graph-said] strong")).to_have_text("MedCities")


def test_the_buttons_of_the_map_lie_over_no_name(open_page: Open) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto("/ca/")
    page.locator("[data-src]").scroll_into_view_if_needed()
    page.wait_for_selector(".place-name")
    over = page.evaluate("""() => {
      const bar = document.querySelector(".leaflet-bar").getBoundingClientRect();
      return [...document.querySelectorAll(".place-name")].filter((name) => {
        const box = name.getBoundingClientRect();
        return box.left < bar.right && bar.left < box.right && box.top < bar.bottom && bar.top < box.bottom;
      }).map((name) => name.textContent);
    }""")
    assert over == []


def test_the_map_is_narrowed_and_saved(open_page: Open, tmp_path: Path) -> None:
    page = open_page(viewport={"width": 1280, "height": 900})
    page.goto("/en/")
    page.click("summary:has-text('Filter the map')")
    page.select_option("#filter-kind", "city-network")
    page.click("form[role=search][aria-label='Filter the map'] button[type=submit]")
    page.wait_for_url("**kind=city-network**")
    page.locator("[data-src]").scroll_into_view_if_needed()
    for form in ("svg", "png"):
        with page.expect_download() as waiting:
            page.click(f"[data-map-save={form}]")
        waiting.value.save_as(tmp_path / f"relations.{form}")
        assert waiting.value.suggested_filename == f"relations.{form}"
    drawing = ElementTree.parse(tmp_path / "relations.svg").getroot()
    assert "MedCities" in {text.text for text in drawing.iter(f"{SVG}text")}
    with Image.open(tmp_path / "relations.png") as picture:
        assert picture.width == 2 * int(drawing.get("width", "0"))
        assert len(picture.convert("RGB").getcolors(1_000_000) or []) > 20  # coast, lines and names: not an empty sea


def test_other_pages_load_nothing_of_it(open_page: Open) -> None:
    """htmx alone on an ordinary page: under 60 kB."""
    page = open_page()
    sizes: dict[str, int] = {}

    def count(response: object) -> None:
        url = response.url  # type: ignore[attr-defined]
        if url.split("?")[0].endswith(".js"):
            sizes[url.rsplit("/", 1)[1]] = len(response.body())  # type: ignore[attr-defined]

    page.on("response", count)
    page.goto("/en/organisations/", wait_until="networkidle")
    assert len(sizes) == 1
    assert sum(sizes.values()) < 60_000
