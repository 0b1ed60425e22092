"""Texts that were UTF-8 and read as Windows-1252."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sympolis.engine.sources.mojibake import repair


def misread(text: str) -> str:
    return "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode("utf-8", "surrogatepass")
    )


@pytest.mark.parametrize(
    "text",
    ["don’t", "Zürich – Málaga", "l’école “à côté”", "10 € ≥ 5 °C", "łódź ’", "مياه نظيفة", "🌊 sea …", "\ufeffstart"],
)
def test_what_was_misread_is_put_back(text: str) -> None:
    assert repair(misread(text)) == text


def test_what_was_misread_twice_is_put_back_twice() -> None:
    assert repair(misread(misread("l’école"))) == "l’école"


@pytest.mark.parametrize(
    "text",
    ["«CAFÉ» ESPAÑA “Ñ”", "niño à l'école, 2°C, 5 €", "Àrea ‘Å’ — fora", "مياه", "Ça va ? Où ?", "S.A. ÎLE », ÂGE", ""],
)
def test_what_is_right_stays(text: str) -> None:
    assert repair(text) == text


@given(st.text())
def test_repairing_twice_changes_nothing_more(text: str) -> None:
    assert repair(repair(text)) == repair(text)


@given(st.text(alphabet="aàéïñçü ’–“”€·l", min_size=1))
def test_european_text_survives_the_way_there_and_back(text: str) -> None:
    assert repair(misread(text)) == text


def test_a_sequence_cut_off_at_the_end_is_dropped() -> None:
    assert repair("citiesâ€™ waterâ€") == "cities’ water"
