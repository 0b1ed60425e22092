"""No score without a scale that is explained on its page, in the reader's language."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

import sympolis
from sympolis.engine.match import FAIR, STRONG
from sympolis.engine.model import LANGUAGES
from sympolis.office.synergies.actions import Wish, brief_for_command_line, make_brief
from sympolis.office.synergies.brief.words import WORDS
from tests.cast import Cast
from tests.factories import make_organisation, make_relation
from tests.factories.synergies import make_pair

PACKAGE = Path(sympolis.__file__).parent
TODAY = date(2026, 3, 3)
POINTS = (
    "The points, out of 100, add up all that speaks for two organisations. They put this list in order and compare its "
    "entries with each other; they are no probability, and nothing is known of what the two want."
)
EXPLAINED = {
    "staff/brief/_line.html": "staff/brief/brief.html",
    "staff/brief/brief.html": "staff/brief/brief.html",
    "synergies/_file_line.html": "synergies/brief_file.html",
    "staff/partners/_suggestion.html": "staff/partners/partners.html",
    "staff/consortium/_covered.html": "staff/consortium/_covered.html",
    "staff/peers/_peer.html": "staff/peers/peers.html",
    "staff/peers/_deed.html": "staff/peers/peers.html",
    "staff/tags/_row.html": "staff/tags/_about.html",
    "staff/tags/waiting.html": "staff/tags/waiting.html",
    "public/_offer.html": "public/written.html",
    "staff/answer/_answer.html": "staff/answer/answer.html",
}
"""A template that shows how much, and the page it stands on, which says what that means."""
_HOW_MUCH = re.compile(r"how_strong|strength_mark|\{% strength |\.score\b|\.strength\b|\.points\b|out of 100\{% end")


def scale_in(language: str) -> str:
    with override(language):
        point = "," if language in {"ca", "es", "fr"} else "."
        return plain(str(WORDS["scale"]) % {"strong": f"0{point}60", "fair": f"0{point}40"})


def plain(text: str) -> str:
    return " ".join(unescape(text).split())


def page(client: Client, name: str, public_id: str, language: str = "en") -> str:
    with override(language):
        address = reverse(f"staff:{name}", kwargs={"public_id": public_id})
    return plain(client.get(address).content.decode())


def test_no_other_template_shows_how_much() -> None:
    """Whoever adds one says on its page what the number means, names both here and asks for the words below."""
    found = {
        file.relative_to(folder).as_posix()
        for folder in PACKAGE.rglob("templates")
        for file in folder.rglob("*.html")
        if _HOW_MUCH.search(file.read_text(encoding="utf-8"))
    }
    assert found == set(EXPLAINED)


def test_the_page_of_each_template_says_what_strong_or_points_mean() -> None:
    pages = {page for page in EXPLAINED.values() if page.startswith(("staff/", "public/"))}
    for page in pages - {"staff/brief/brief.html"}:
        text = (PACKAGE / "web" / page.partition("/")[0] / "templates" / page).read_text(encoding="utf-8")
        assert re.search(r"translate \"[^\"]*(points, out of 100|[Ww]eak)[^\"]*\"", text), page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_says_what_strong_means_on_the_page_and_in_files(
    cast: Cast, client: Client, language: str, db: None
) -> None:
    pair = make_pair(TODAY)
    brief = make_brief(cast.officer, Wish(pair.left, pair.right, pair.network, language, TODAY))
    client.force_login(cast.officer)
    shown = page(client, "brief", brief.public_id)
    assert shown.count(scale_in(language)) == 1
    assert shown.index('class="strength ') > 0
    for format_ in ("md", "html"):
        written = brief_for_command_line(pair.left.public_id, pair.right.public_id, "", language, format_).decode()
        assert scale_in(language) in plain(written)


def test_where_nothing_has_a_strength_no_scale_is_explained(cast: Cast, client: Client) -> None:
    left, right = make_organisation("Quiet"), make_organisation("Silent")
    client.force_login(cast.officer)
    shown = page(client, "brief", make_brief(cast.officer, Wish(left, right, on=TODAY)).public_id)
    assert 'class="strength ' not in shown
    assert scale_in("en") not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_suggested_partners_come_with_what_their_points_mean(cast: Cast, client: Client, language: str) -> None:
    middle = make_organisation("Middle", kind="city", country="ES")
    make_relation(cast.amb, "partner_of", middle)
    make_relation(make_organisation("Far", kind="city", country="ES"), "partner_of", middle)
    client.force_login(cast.officer)
    shown = page(client, "partners", cast.amb.public_id, language)
    with override(language):
        assert plain(gettext(POINTS)) in shown
        assert gettext("%(percent)s out of 100").partition("%(percent)s")[2].strip() in shown


def test_the_scale_is_in_every_language() -> None:
    assert len({scale_in(language) for language in LANGUAGES}) == 5
    assert (STRONG, FAIR) == (0.6, 0.4)
