"""What people come for, done in a browser from beginning to end."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from itertools import combinations
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Served, make_brief, sign_in

pytestmark = pytest.mark.browser

SPREADSHEET = """Nom\tTipus\tPaís\tEs va fundar
Mancomunitat de Prova\tcity-network\tES\t1999
Ciutat de Prova Blava\tcity\tItàlia\t
"""
NAMES = """[...document.querySelectorAll(".place-name")].filter((name) => !name.hidden)
    .map((name) => name.getBoundingClientRect().toJSON())"""


def test_signing_in_lands_where_one_was(visitor: Page, served: Served) -> None:
    visitor.goto("/ca/projects/?q=aigua")
    visitor.locator("header .account a").click()
    sign_in(visitor, *served.sign_in("officer"))
    assert visitor.url == f"{served.address}/ca/projects/?q=aigua"
    visitor.locator("header .account form button").click()
    visitor.goto("/ar/office/relations/")
    assert "/ar/account/login/" in visitor.url
    sign_in(visitor, *served.sign_in("officer"))
    assert visitor.url == f"{served.address}/ar/office/relations/"


def test_the_brief_of_montpellier_and_amb(open_page: Open, tmp_path: Path) -> None:
    page = open_page("officer", accept_downloads=True)
    ask_for_brief(page)
    expect(page.locator("h1")).to_contain_text("Àrea Metropolitana de Barcelona")
    assert page.locator(".proposals > .proposal").count() == 3
    assert page.locator("[lang=ca] h2, h2[lang=ca]").count() >= 8
    look_at_evidence(page)
    approve(page)
    assert download(page, "pdf", tmp_path).read_bytes().startswith(b"%PDF-1.")
    read = Document(str(download(page, "docx", tmp_path)))
    headings = [each.text for each in read.paragraphs if each.style is not None and "Heading" in str(each.style.name)]
    page.goto(f"{page.url.partition('?')[0]}?audience=shared")
    shown = [each.strip() for each in page.locator("main section.section > h2").all_inner_texts()]
    assert len(shown) >= 8
    assert [each for each in shown if each not in headings] == []


def test_names_that_come_near_are_in_sight_and_one_click_picks_one(officer: Page) -> None:
    officer.goto("/en/office/briefs/new/?left=AMB&right=Sfaks&language=en")
    near = officer.locator("#id_right + .suggestions")
    expect(near).to_be_visible()  # nobody has to find out that the field must be entered first
    expect(officer.locator("#id_left + .suggestions")).to_be_hidden()
    near.locator("button").first.click()
    expect(officer.locator("main")).to_contain_text("Sfax")
    assert officer.locator("input[name=left_scope]").count() > 1


def ask_for_brief(page: Page) -> None:
    """By typing what one remembers of the name."""
    page.goto("/ca/office/")
    page.locator("main a.button-primary").click()
    expect(page.locator("input[name=left]")).to_have_value("Àrea Metropolitana de Barcelona")  # one's own house
    page.locator("input[name=right]").press_sequentially("Montpeller", delay=20)
    expect(page.locator("#id_right + .suggestions button").first).to_contain_text("Montpeller")
    expect(page.locator("#id_left + .suggestions")).to_be_hidden()
    page.fill("input[name=network]", "MedCities")
    page.select_option("select[name=language]", "ca")
    page.locator("h1").click()  # away from the field: what was suggested gets out of the way
    page.click("main form .form-actions button")
    page.click("main form[method=post] .form-actions button")
    page.wait_for_url("**/office/briefs/bri_*/**", timeout=60_000)


def look_at_evidence(page: Page) -> None:
    mark = page.locator(".lines .evidence > summary").first
    body = page.locator(".lines .evidence-body").first
    expect(body).to_be_hidden()
    mark.click()
    expect(body).to_be_visible()
    assert body.locator(".evidence-source").count() >= 1
    assert body.locator("a[rel~=external]").first.get_attribute("href", timeout=5000) is not None


def approve(page: Page) -> None:
    page.locator("form[action$='/approve/'] button").click()
    expect(page.locator("form[action$='/approve/']")).to_have_count(0)


def download(page: Page, kind: str, folder: Path) -> Path:
    details = page.locator("details.more").first
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    with page.expect_download(timeout=60_000) as coming:
        details.locator(f"button[name=format][value={kind}]").click()
    assert coming.value.suggested_filename.endswith(f"-ca.{kind}")
    kept = folder / f"brief.{kind}"
    coming.value.save_as(kept)
    return kept


def test_what_is_struck_out_stays_out_in_another_language(officer: Page) -> None:
    make_brief(officer, "ca")
    meetings = "#part-meet .lines > .line, section:has(> h2) .lines > .line"
    line = officer.locator(meetings).filter(has=officer.locator(".line-tools")).first
    anchor = line.get_attribute("id") or ""
    line.locator("button[form=pin]").click()
    expect(officer.locator(f"#{anchor}")).to_have_class(re.compile("is-pinned"))
    other = officer.locator(f".lines > .line:not(#{anchor})").filter(has=officer.locator(".line-tools")).nth(3)
    struck = other.get_attribute("id") or ""
    other.locator("a.icon-button").click()
    officer.fill(f"#{struck} textarea[name=words]", "Ja no és cert: hi vam parlar dimarts")
    officer.click(f"#{struck} button[value=dropped]")
    expect(officer.locator(f"#{struck}")).to_have_class(re.compile("is-dropped"))
    expect(officer.locator(f"#{struck} .line-note")).to_contain_text("hi vam parlar dimarts")
    officer.locator("details.more > summary").first.click()
    before = officer.url
    officer.click("button[name=language][value=fr]")
    officer.wait_for_url(lambda address: address.partition("?")[0] != before.partition("?")[0], timeout=60_000)
    assert officer.locator("h2[lang=fr]").count() >= 8
    expect(officer.locator(f"#{struck}")).to_have_class(re.compile("is-dropped"))
    expect(officer.locator(f"#{anchor}")).to_have_class(re.compile("is-pinned"))


def found_by(page: Page, question: str) -> list[str]:
    page.goto("/ca/search/")
    page.locator("header input[name=q]").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    links = page.locator(".hit-title a").all()
    return [link.get_attribute("href") or "" for link in links]


def test_languages_and_accents_do_not_matter_to_the_search(visitor: Page) -> None:
    catalan, arabic = found_by(visitor, "aigua"), found_by(visitor, "مياه")
    assert len(catalan) >= 30
    assert catalan[:15] == arabic[:15]  # further down a name that sounds like the word may come between
    assert found_by(visitor, "cooperació") == found_by(visitor, "cooperacio")


def test_results_come_while_one_writes(visitor: Page) -> None:
    visitor.goto("/ca/search/?q=aigua")
    first = visitor.locator(".hit-title").first.inner_text()
    visitor.locator("#question").fill("joventut")
    expect(visitor.locator(".hit-title").first).not_to_have_text(first)
    assert "q=joventut" in visitor.url
    visitor.goto("/ca/organisations/")
    visitor.locator("#filter-q").fill("medcities")
    expect(visitor.locator("#results .list-title").first).to_contain_text("MedCities")


def test_pasted_rows_are_shown_first_and_can_be_taken_back(officer: Page) -> None:
    officer.goto("/ca/office/import/")
    officer.select_option("select[name=table]", "organisations")
    officer.fill("textarea[name=pasted]", SPREADSHEET)
    officer.click("main form .form-actions button")
    officer.wait_for_url("**/office/import/waiting/**")
    numbers = [int(each) for each in officer.locator(".stats strong").all_inner_texts()]
    assert numbers == [2, 2, 0, 0, 0]
    assert officer.locator("#column-0").input_value() == "name"
    expect(officer.locator("#changes")).to_contain_text("Mancomunitat de Prova")
    officer.click("form[action$='/bring-in/'] button[type=submit]")
    officer.goto("/ca/office/organisations/?q=Mancomunitat+de+Prova")
    expect(officer.locator("main tbody th[scope=row]")).to_have_text(re.compile("Mancomunitat de Prova"))
    officer.goto("/ca/office/import/")
    officer.locator("#past .row-actions a").first.click()
    officer.locator("main form button[type=submit]").click()
    officer.goto("/ca/office/organisations/?q=Mancomunitat+de+Prova")
    expect(officer.locator("main tbody th[scope=row]")).to_have_count(0)


def test_who_gets_a_mail_answers_without_signing_in(officer: Page, visitor: Page, served: Served) -> None:
    """What a mail leads to has forms that browsers may send: to an invitation, and to whether a need still holds."""
    brief = make_brief(officer, "en").split("/")[2]
    put_into(
        served,
        'INSERT INTO synergies_invitation (token, language, "to", subject, body, state, answer, answer_text, brief_id,'
        " organisation_id) SELECT ?, 'en', '', '', '', 'sent', '', '', id, left_id FROM synergies_brief"
        f" WHERE public_id = '{brief}'",
        "join",
    )
    visitor.goto("/en/answer/join/")
    visitor.locator("button[name=answer][value=yes]").click()
    expect(visitor.locator(".notice-done")).to_contain_text("Your answer: Yes.")
    put_into(
        served,
        'INSERT INTO projects_holdsquestion (token, "to", language, asked_at, need_id)'
        " SELECT ?, '', 'ar', CURRENT_TIMESTAMP, min(id) FROM projects_need",
        "holds",
    )
    visitor.goto("/ar/holds/holds/")
    visitor.locator("button[name=holds][value=yes]").click()
    expect(visitor.locator(".notice-done")).to_be_visible()


def put_into(served: Served, statement: str, token: str) -> None:
    """A row with the hash of a token, as the worker writes it when it sends the mail."""
    with closing(sqlite3.connect(served.home / "sympolis.sqlite", timeout=20)) as database, database:
        assert database.execute(statement, [hashlib.sha256(token.encode()).hexdigest()]).rowcount == 1


class Box:
    """Where something stands on the page."""

    def __init__(self, left: float, top: float, right: float, bottom: float, **_other: float) -> None:
        self.left, self.top, self.right, self.bottom = left, top, right, bottom

    def overlaps(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def test_the_map_draws_links_and_says_the_same_beside_it(visitor: Page) -> None:
    visitor.goto("/ca/")
    visitor.wait_for_selector(".map .place-name")  # written last
    ports, links = visitor.locator(".map path.port").count(), visitor.locator(".map path.link").count()
    assert ports >= 20
    assert links >= 20
    named = visitor.locator(".map-table td a")
    assert named.count() >= 20
    names = [Box(**box) for box in visitor.evaluate(NAMES)]
    chart = Box(**visitor.evaluate("document.querySelector('.map').getBoundingClientRect().toJSON()"))
    seen = [name for name in names if name.overlaps(chart)]
    assert len(seen) >= 15
    assert [name for name in seen if name.left < chart.left or name.right > chart.right] == []
    assert [(one, two) for one, two in combinations(seen, 2) if one.overlaps(two)] == []
