"""Every kind of page from both sides of the page and in both schemes: no axe violation, no error in the console, one
h1, nothing that scrolls sideways on a phone."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect

from tests.browser.conftest import PATIENCE_MS, Cookies, Open, Served, make_brief, make_session

pytestmark = pytest.mark.browser

PUBLIC = [
    "",
    "organisations/",
    "projects/",
    "calls/",
    "events/",
    "events/?when=month&month=2020-04",
    "events/recordings/",
    "networks/",
    "themes/",
    "themes/water/",
    "plans/",
    "graph/",
    "graph/?on=2019&kind=city&kind=city-network&sort=who",
    "graph/?q=zzzzqqq",
    "positions/",
    "news/",
    "publications/",
    "credits/",
    "legal/",
    "search/",
    "search/?q=aigua",
    "search/?q=zzzzqqq",
    "account/login/",
    "account/password/reset/",
]
OFFICERS = [
    "office/",
    "office/organisations/",
    "office/projects/",
    "office/relations/",
    "office/relations/?q=zzzzqqq",
    "office/relations/?on=soon",
    "office/meetings/",
    "office/documents/",
    "office/organisations/add/",
    "office/projects/add/",
    "office/relations/add/",
    "office/meetings/add/",
    "office/publications/add/",
    "office/sessions/",
    "office/sessions/add/",
    "office/briefs/",
    "office/briefs/new/",
    "office/briefs/new/?left=Montpellier&right=AMB&network=MedCities",
    "office/briefs/new/?left=Atlantis&right=AMB",
    "office/consortium/",
    "office/consortium/?lead=Atlantis&size=many",
    "office/answer/",
    "office/answer/?q=Busquem+qui+reutilitza+l%27aigua+depurada",
    "office/watching/",
    "office/board/",
    "office/board/letters/",
    "office/applications/",
    "office/applications/add/",
    "office/help/",
    "office/help/ask/",
    "office/requests/",
    "office/learnt/",
    "office/agenda/",
    "office/memberships/",
    "office/memberships/?year=2021&sort=-fee",
    "office/fees/",
    "office/positions/",
    "office/positions/add/",
    "office/writing/",
    "office/proposals/",
    "office/comments/",
    "office/comments/?list=latest",
    "office/pages/",
    "office/import/",
    "office/people/",
    "office/people/vcard/",
    "office/departments/",
    "office/groups/",
    "office/tags/",
    "office/tags/?kind=events",
    "office/world/",
    "office/world/left-out/",
    "office/world/same/",
    "office/world/same/decided/",
    "office/publishing/",
    "office/twice/",
    "office/twice/?kind=people",
    "office/twice/not-the-same/",
    "office/merged/",
    "account/email/",
    "account/password/change/",
    "account/2fa/",
    "account/tokens/",
    "account/tokens/new/",
    "account/voices/",
]
ADMINISTRATORS = [
    "office/administration/",
    "office/administration/office/",
    "office/administration/users/",
    "office/administration/users/invite/",
    "office/administration/examples/",
]
# kind: the page that lists some, and how the address of one begins.
RECORDS = {
    "organisation": ("organisations/?q=barcelona", "organisation"),
    "network": ("networks/?q=medcities", "organisation"),
    "project": ("projects/?q=water", "project"),
    "call": ("calls/", "call"),
    "event": ("events/?when=past", "event"),
    "plan": ("plans/", "plan"),
    "action": ("search/?q=metropolis&kind=action", "action"),
    "agreement": ("search/?q=agreement&kind=agreement", "agreement"),
    "news": ("news/", "news"),
    "publication": ("publications/", "publication"),
    "page": ("pages/", "pages"),
}
LOOKS = [
    [("ca", "light", 1280), ("ar", "dark", 390)],
    [("ca", "dark", 390), ("ar", "light", 1280)],
]
MORE_OF_THE_SAME = [["main tr:nth-child(n+7)"], ["main li:nth-child(n+7)"]]


class Looker:
    """One window for each scheme, width and person, opened when first needed; one page after the other is looked at in
    it: a page of its own for each would start a process of its own."""

    def __init__(self, browser: Browser, served: Served, cookies: Cookies) -> None:
        self._browser, self._served, self._cookies = browser, served, cookies
        self._windows: dict[tuple[str, str, int], Page] = {}

    def window(self, who: str, scheme: Any, width: int) -> Page:
        key = (who, scheme, width)
        if key not in self._windows:
            context = self._browser.new_context(
                base_url=self._served.address,
                storage_state=self._cookies(who),
                color_scheme=scheme,
                reduced_motion="reduce",
                viewport={"width": width, "height": 900},
            )
            context.set_default_timeout(PATIENCE_MS)
            self._windows[key] = context.new_page()
        return self._windows[key]

    def faults(self, path: str, turn: int, who: str = "", status: int = 200) -> list[str]:
        """What is wrong with one page in the two looks of its turn."""
        return [fault for look in LOOKS[turn % 2] for fault in self.faults_in(look, path, who, status)]

    def faults_in(self, look: tuple[str, str, int], path: str, who: str = "", status: int = 200) -> list[str]:
        language, scheme, width = look
        page = self.window(who, scheme, width)
        return [f"{look}: {fault}" for fault in faults_of(page, f"/{language}/{path}", status)]

    def close(self) -> None:
        for page in self._windows.values():
            page.context.close()


@pytest.fixture(scope="package")
def looker(chromium: Browser, served: Served, cookies: Cookies) -> Iterator[Looker]:
    looking = Looker(chromium, served, cookies)
    yield looking
    looking.close()


def faults_of(page: Page, path: str, status: int = 200) -> list[str]:
    """What is wrong with one page: status, console, axe, sideways scrolling, headings."""
    with said_by(page) as wrong:
        answer = page.goto(path, wait_until="load")
        if answer is None or answer.status != status:
            return [f"status {answer.status if answer else 'none'} instead of {status}"]
        wait_for_pictures(page)
        faults = layout_faults(page) + axe_faults(page)
    return [fault for fault in wrong if not (status >= 400 and f"status of {status}" in fault)] + faults


def wait_for_pictures(page: Page) -> None:
    """Maps and graphs draw themselves once they come near, and say when they are there, or that they can't be."""
    for picture in page.locator("[data-src]:visible").all():
        picture.evaluate("it => it.scrollIntoView()")
    waiting = page.locator("[data-src]:visible:not([data-drawn]):not([data-arranged]):not(.map-failed)")
    expect(waiting).to_have_count(0, timeout=PATIENCE_MS)


@contextmanager
def said_by(page: Page) -> Iterator[list[str]]:
    """What a page's scripts complain of meanwhile."""
    wrong: list[str] = []

    def complained(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(f"console: {message.text}")

    def failed(error: Error) -> None:
        wrong.append(f"script: {error}")

    page.on("console", complained)
    page.on("pageerror", failed)
    try:
        yield wrong
    finally:
        page.remove_listener("console", complained)
        page.remove_listener("pageerror", failed)


def layout_faults(page: Page) -> list[str]:
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    faults = [f"scrolls sideways by {sideways} px"] if sideways > 0 else []
    headings = page.locator("h1").count()
    return faults if headings == 1 else [*faults, f"{headings} h1"]


def axe_faults(page: Page) -> list[str]:
    """The violations alone come back: what a page passes is a megabyte of words.

    ``preload`` reads every style sheet again, for a rule that is off and one on sounds that play by themselves. Of a
    long list the first rows are read: the others are of the same template, and their contrast took half of the time.
    """
    page.evaluate(AXE_SCRIPT)
    what = f"{{include: [['html']], exclude: {json.dumps(MORE_OF_THE_SAME)}}}"
    options = "{resultTypes: ['violations'], preload: false}"
    found = page.evaluate(f"axe.run({what}, {options}).then(found => found.violations)")
    return [f"axe {fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found]


@pytest.mark.parametrize(("turn", "path"), list(enumerate(PUBLIC)))
def test_public_page(looker: Looker, path: str, turn: int) -> None:
    assert looker.faults(path, turn) == []


@pytest.mark.parametrize(("turn", "path"), list(enumerate(OFFICERS)))
def test_page_of_the_office(looker: Looker, path: str, turn: int) -> None:
    assert looker.faults(path, turn, "officer") == []


@pytest.mark.parametrize(("turn", "path"), list(enumerate(ADMINISTRATORS)))
def test_page_of_the_administration(looker: Looker, path: str, turn: int) -> None:
    assert looker.faults(path, turn, "administrator") == []


@pytest.mark.parametrize(("turn", "kind"), list(enumerate(RECORDS)))
def test_page_of_a_record(looker: Looker, served: Served, kind: str, turn: int) -> None:
    where, begins = RECORDS[kind]
    path = served.links(where, rf"{begins}/[\w-]+-[a-z]+_\w+/")[0]
    assert looker.faults(path, turn) == []


@pytest.mark.parametrize(
    ("turn", "part"), list(enumerate(["members/", "alliances/", "links/", "changes/?since=1990", "?on=2019", "graph/"]))
)
def test_page_of_a_network(looker: Looker, served: Served, part: str, turn: int) -> None:
    network = served.links("networks/?q=medcities", r"organisation/[\w-]+-org_\w+/")[0]
    assert looker.faults(network + part, turn) == []


@pytest.mark.parametrize(("turn", "kind"), list(enumerate(["organisation", "project", "agreement"])))
def test_page_where_a_record_is_changed(looker: Looker, served: Served, kind: str, turn: int) -> None:
    where, begins = RECORDS[kind]
    public_id = served.links(where, rf"{begins}/[\w-]+-[a-z]+_\w+/")[0].rstrip("/").rsplit("-", 1)[1]
    assert looker.faults(f"office/records/{public_id}/", turn, "officer") == []
    assert looker.faults(f"office/records/{public_id}/remove/", turn + 1, "officer") == []


@pytest.mark.parametrize(("turn", "chosen"), list(enumerate(["", "?new=newcomers&kinds=networks"])))
def test_whom_to_work_with_next(looker: Looker, served: Served, chosen: str, turn: int) -> None:
    where, begins = RECORDS["organisation"]
    public_id = served.links(where, rf"{begins}/[\w-]+-[a-z]+_\w+/")[0].rstrip("/").rsplit("-", 1)[1]
    assert looker.faults(f"office/partners/{public_id}/{chosen}", turn, "officer") == []


@pytest.mark.parametrize(("turn", "more"), list(enumerate(["", "&size=5&new=newcomers"])))
def test_a_consortium(looker: Looker, served: Served, more: str, turn: int) -> None:
    where, begins = RECORDS["call"]
    public_id = served.links(where, rf"{begins}/[\w-]+-[a-z]+_\w+/")[0].rstrip("/").rsplit("-", 1)[1]
    assert looker.faults(f"office/consortium/?call={public_id}{more}", turn, "officer") == []


@pytest.mark.parametrize(("turn", "chosen"), list(enumerate(["", "?q=aigua+i+residus&f=size&f=coast"])))
def test_places_like_it(looker: Looker, served: Served, chosen: str, turn: int) -> None:
    where, begins = RECORDS["organisation"]
    public_id = served.links(where, rf"{begins}/[\w-]+-[a-z]+_\w+/")[0].rstrip("/").rsplit("-", 1)[1]
    assert looker.faults(f"office/peers/{public_id}/{chosen}", turn, "officer") == []


@pytest.mark.parametrize("turn", [0, 1])
def test_two_records_side_by_side_to_be_merged(looker: Looker, served: Served, turn: int) -> None:
    found = served.links("organisations/?kind=city", r"organisation/[\w-]+-org_\w+/")[:2]
    one, other = (each.rstrip("/").rsplit("-", 1)[1] for each in found)
    assert looker.faults(f"office/merge/{one}/?q=a", turn, "officer") == []
    assert looker.faults(f"office/merge/{one}/{other}/", turn, "officer") == []


@pytest.mark.parametrize(("turn", "themes"), list(enumerate(["", "&themes=water&themes=cooperation"])))
def test_who_works_on_what(looker: Looker, themes: str, turn: int) -> None:
    assert looker.faults(f"office/who/?host=Montpellier{themes}", turn, "officer") == []


def test_what_a_membership_is_worth(looker: Looker, served: Served) -> None:
    network = served.links("networks/?q=medcities", r"organisation/[\w-]+-org_\w+/")[0]
    public_id = network.rstrip("/").rsplit("-", 1)[1]
    for turn in (0, 1):
        assert looker.faults(f"office/memberships/{public_id}/", turn, "officer") == []


def test_places_side_by_side(looker: Looker, served: Served) -> None:
    found = served.links("organisations/?kind=city", r"organisation/[\w-]+-org_\w+/")[:3]
    places = "&".join(f"place={one.rstrip('/').rsplit('-', 1)[1]}" for one in found)
    assert looker.faults(f"office/peers/side-by-side/?{places}", 0, "officer") == []
    assert looker.faults(f"office/peers/side-by-side/?{places}", 1, "officer") == []


@pytest.mark.parametrize(("turn", "kind"), list(enumerate(["organisation", "project"])))
def test_what_a_record_is_about(looker: Looker, served: Served, kind: str, turn: int) -> None:
    where, begins = RECORDS[kind]
    public_id = served.links(where, rf"{begins}/[\w-]+-[a-z]+_\w+/")[0].rstrip("/").rsplit("-", 1)[1]
    assert looker.faults(f"office/records/{public_id}/about/", turn, "officer") == []


def test_groups_of_contributions(looker: Looker, served: Served, officer: Page) -> None:
    """As they wait, and as they are found: what the worker would write is put there without waiting for it."""
    officer.goto("/en/office/groups/")
    officer.fill("textarea[name=pasted]", "Carrils bici segurs\nحدائق أكثر للأطفال\nDes parcs pour les enfants\n🎉")
    officer.click("main form .form-actions button")
    officer.wait_for_url("**/office/groups/grp_*/")
    path = officer.url.split("/en/", 1)[1]
    labels = {"en": "Parks for children", "ca": "Parcs infantils", "ar": "حدائق للأطفال"}
    groups = json.dumps([{"number": 1, "labels": labels, "theme": "", "name": ""}])
    with closing(sqlite3.connect(served.home / "sympolis.sqlite", timeout=20)) as database, database:
        database.execute(
            "UPDATE synergies_grouping SET state = 'done', groups = ?, found = '[0,1,1,0]', placed = '[0,1,1,0]'",
            [groups],
        )
    assert looker.faults(path, 0, "officer") == []
    assert looker.faults(path, 1, "officer") == []
    assert looker.faults(f"{path}remove/", 0, "officer") == []


def test_what_people_say_of_a_plan(looker: Looker, served: Served, officer: Page) -> None:
    """From the switch to a supported comment, with scripts; then every page of it in both looks."""
    plan = served.links("plans/", r"plan/[\w-]+-pla_\w+/")[0]
    public_id = plan.rstrip("/").rsplit("-", 1)[1]
    officer.goto(f"/en/office/process/{public_id}/")
    officer.check("input[name=is_open]")
    officer.click(f"main form[action$='/process/{public_id}/'] .form-actions button")
    officer.wait_for_load_state()
    officer.goto(f"/en/{plan}")
    officer.click("#support")
    expect(officer.locator("#support")).to_have_attribute("aria-pressed", "true")
    officer.fill("#text", "Volem més espais verds al litoral.\nVegeu https://example.org/parcs")
    officer.click("form[action$='/say/'] button")
    officer.wait_for_url(re.compile("#com_"))
    comment = officer.url.rpartition("#")[2]
    button = officer.locator(f"#s-{comment}")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(officer.locator(f"#{comment} p[dir=auto]")).to_contain_text("Volem més espais verds")
    pages = [(plan, ""), (plan, "officer"), (f"voices/comment/{comment}/", "officer"),
             (f"office/process/{public_id}/", "officer"), (f"office/comments/{comment}/", "officer")]  # fmt: skip
    faults = {path: looker.faults(path, turn, who) for path, who in pages for turn in (0, 1)}
    assert faults == {path: [] for path, _who in pages}


def test_writing_without_an_account(looker: Looker, officer: Page) -> None:
    officer.goto("/en/office/writing/")
    officer.fill("input[name=organisation]", "AMB")
    officer.fill("input[name=label]", "A councillor")
    officer.click("text=Make the link")
    path = officer.input_value("#address").split("/", 4)[4]
    for turn in (0, 1):
        assert looker.faults(path, turn) == []
    officer.goto(f"/ca/{path}")
    officer.fill("input[name=title]", "Reutilitzar l'aigua")
    officer.fill("textarea[name=text]", "Volem reutilitzar l'aigua depurada per regar els parcs.")
    officer.click("main form .form-actions button")
    officer.wait_for_url("**/nee_*/")
    for turn in (0, 1):
        assert looker.faults(officer.url.split("/", 4)[4], turn) == []
        assert looker.faults("office/writing/", turn, "officer") == []


@pytest.mark.parametrize(("turn", "language"), list(enumerate(["ca", "ar"])))
def test_a_brief(looker: Looker, officer: Page, language: str, turn: int) -> None:
    path = make_brief(officer, language)
    look, other = LOOKS[turn]
    assert looker.faults_in(look, path, "officer") == []
    assert looker.faults_in(other, f"{path}?length=long&audience=shared", "officer") == []


def test_a_meeting_made_of_a_brief(looker: Looker, officer: Page) -> None:
    make_brief(officer, "ca")
    officer.click("form[action*='/meetings/of/'] button")
    officer.wait_for_url("**/office/meetings/mee_*/")
    path = officer.url.split("/ca/", 1)[1]
    if officer.locator("form[action$='/propose/']").count():
        officer.click("form[action$='/propose/'] button")
        officer.wait_for_url("**/programme/")
    officer.goto(f"/ca/{path}")
    officer.fill("textarea[name=notes]", "Montpellier enviarà la llista abans del 15 de març.")
    officer.click("button[value=pick]")
    officer.wait_for_url("**/pick/")
    officer.goto(f"/ca/{path}attendees/")
    officer.fill("input[name=new0-name]", "Zoë")
    officer.select_option("select[name=new0-organisation]", index=1)
    officer.click("main form .form-actions button")
    officer.wait_for_url("**/office/meetings/mee_*/")
    theirs = str(officer.get_attribute("#attendees .list-title", "href")).split("/ca/", 1)[1]
    for turn in (0, 1):
        for page in (path, f"{path}pick/", f"{path}programme/", f"{path}attendees/", theirs):
            assert looker.faults(page, turn, "officer") == []


def test_a_session(looker: Looker, officer: Page, open_page: Open) -> None:
    path, link = make_session(officer, "ca", "Sessió dels ajuntaments")
    visitor = open_page()
    visitor.goto(f"/ca/{link}")
    visitor.fill("[name=speaks_for]", "Gavà")
    visitor.click("main form .form-actions button")
    inside = visitor.url.split("/ca/", 1)[1]
    officer.click("button[name=phase][value=contribute]")
    officer.fill("[name=text]", "Ombra a les places\nAigua als parcs")
    officer.click("form[action$='/note/'] .form-actions button")
    officer.click("button[name=what][value=draft]")
    paper = b"Text,Tipus\nAigua als parcs,necessitat\nOmbra,disbarat\n"
    officer.goto(f"/ca/{path}incoming/")
    officer.set_input_files("[name=file]", {"name": "paper.csv", "mimeType": "text/csv", "buffer": paper})
    officer.click("main form .form-actions button")
    looked_at = officer.url.split("/ca/", 1)[1]
    for turn in (0, 1):
        for page in (path, f"{path}incoming/", looked_at):
            assert looker.faults(page, turn, "officer") == []
        for page in (link, inside):
            assert looker.faults(page, turn) == []


def test_from_contributions_to_lines(looker: Looker, officer: Page) -> None:
    officer.goto("/en/office/sessions/")
    officer.get_by_role("link", name="First working session").first.click()
    officer.goto(officer.url.replace("/records/", "/sessions/"))
    bench = str(officer.get_attribute("main a[href*='/workbench/']", "href")).split("/en/", 1)[1].partition("?")[0]
    theirs = str(officer.get_by_role("link", name="Its public page").get_attribute("href")).split("/en/", 1)[1]
    for turn in (0, 1):
        assert looker.faults(bench, turn, "officer") == []
        assert looker.faults(theirs, turn) == []


def test_page_that_is_not_there(looker: Looker) -> None:
    assert looker.faults("nowhere/", 0, status=404) == []
    assert looker.faults("organisation/nobody-org_aaaaaaaaaaaa/", 1, status=404) == []


def test_what_was_understood_of_a_spreadsheet(looker: Looker, officer: Page) -> None:
    officer.goto("/en/office/import/")
    officer.select_option("select[name=table]", "organisations")
    officer.fill("textarea[name=pasted]", "Nom,Tipus,País\nAjuntament de Prova,city,ES\n,city,Atlantis\n")
    officer.click("main form .form-actions button")
    officer.wait_for_url("**/office/import/waiting/**")
    path = officer.url.split("/en/", 1)[1]
    assert looker.faults(path, 0, "officer") == []
    assert looker.faults(path, 1, "officer") == []


def test_the_language_switch_stays_in_one_row(open_page: Open) -> None:
    for language in ("en", "ca", "es", "fr", "ar"):
        page = open_page(viewport={"width": 1024, "height": 900})
        page.goto(f"/{language}/")
        tops = page.eval_on_selector_all(
            "header .languages li", "all => all.map(each => Math.round(each.getBoundingClientRect().top))"
        )
        assert len(tops) == 5
        assert len(set(tops)) == 1, language
