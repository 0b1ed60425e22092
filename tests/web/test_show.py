"""Dates, sizes, lists and running text in the reader's form."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from django.utils.translation import override

from sympolis.office.core.templatetags import show
from sympolis.office.core.texts import Text

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "9 Oct 2026"),
        ("ca", "9 oct. 2026"),
        ("es", "9 oct 2026"),
        ("fr", "9 oct. 2026"),
        ("ar", "09\u200f/10\u200f/2026"),
    ],
)
def test_a_day_in_a_narrow_column_is_never_broken(language: str, written: str) -> None:
    with override(language):
        assert show.short_day(date(2026, 10, 9)) == written.replace(" ", SPACE)


def test_a_moment_is_told_by_the_offices_clock() -> None:
    at = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)
    with override("ca"), timezone.override("Europe/Madrid"):
        assert show.moment(at) == f"15{SPACE}març{SPACE}2026, 0:30"
    assert show.moment(None) == ""


@pytest.mark.parametrize(
    ("count", "language", "written"),
    [
        (0, "en", "0 kB"),
        (300, "en", "0.3 kB"),
        (1536, "fr", "1,5\u202fko"),
        (68_000_000_000, "ca", "63,3 GB"),
        (68_000_000_000, "ar", "63.3 غ.ب"),
    ],
)
def test_sizes_are_in_the_largest_unit_that_says_something(count: int, language: str, written: str) -> None:
    with override(language):
        assert show.size(count).replace(SPACE, " ") == written


@pytest.mark.parametrize(("language", "written"), [("ca", "Líban, Marroc"), ("ar", "Líban، Marroc")])
def test_arabic_lists_have_the_arabic_comma(language: str, written: str) -> None:
    with override(language):
        assert show.listed(["Líban", "Marroc"]) == written


def test_running_text_in_another_language_says_which() -> None:
    text = Text.of(fr="L'eau <b>")
    with override("fr"):
        assert show.noted(text) == "L&#x27;eau &lt;b&gt;"
    with override("ca"):
        note = ' <span class="lang-note">francès</span>'
        assert show.noted(text) == f'<span lang="fr" dir="ltr">L&#x27;eau &lt;b&gt;</span>{note}'
