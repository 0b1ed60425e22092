"""Files set by typst, in a process of their own."""

import sys
from datetime import date

import pytest

from sympolis.office.core.typesetting import TypesettingFailed, picture_of, typeset

LAYOUT = b"""#let data = json("sheet.json")
#set document(title: data.title)
#set text(font: "IBM Plex Sans", lang: "en")
= #data.title
"""


def test_the_same_data_on_the_same_day_is_the_same_file_and_this_process_loads_no_typst(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "typst", raising=False)
    first, again = (typeset(LAYOUT, "sheet.json", {"title": "#panic() Ciutat"}, None, date(2026, 5, 4)) for _ in "ab")
    assert first.startswith(b"%PDF-")
    assert first == again
    assert picture_of(LAYOUT, "sheet.json", {"title": "مدينة"}).startswith(b"\x89PNG")
    assert "typst" not in sys.modules


def test_a_layout_that_does_not_fit_its_data_says_why() -> None:
    with pytest.raises(TypesettingFailed, match="dictionary does not contain key"):
        typeset(LAYOUT, "sheet.json", {}, None, date(2026, 5, 4))
