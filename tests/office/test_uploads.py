"""The words in files people hang on records, whatever somebody made of the file."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree  # type: ignore[import-untyped]

from sympolis.office.core.words import MOST_WORDS, words_of

LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def docx(body: str, **more: str) -> io.BytesIO:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", body)
        for name, text in more.items():
            packed.writestr(f"word/{name}.xml", text)
    return held


def words(file: io.BytesIO) -> str:
    return words_of("docx", file.getvalue())[:MOST_WORDS]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<w><p><t>Aigua i </t><t>mobilitat</t></p></w>", "Aigua i mobilitat"),
        ("<p>before <span>within</span> after</p>", "before within after"),
        ("<w><t>مياه &amp; ports</t>", "مياه & ports"),
        (f"{LAUGHS}<w><t>one</t><t>&b;</t></w>", ""),
        ('<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]><w><t>one</t><t>&e;</t></w>', ""),
        ("not xml at all", ""),
    ],
)
def test_words_in_their_order_and_nothing_that_was_not_written(body: str, found: str) -> None:
    assert words(docx(body)) == found


def test_parts_follow_one_another() -> None:
    assert words(docx("<w>text</w>", footnotes="<w>note</w>", header1="<w>head</w>")) == "text note head"


def test_a_small_file_that_holds_a_large_one_is_left_after_the_words_we_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 KB made a tree of two gigabytes. Now no tree is made, and reading stops."""
    fed: list[int] = []

    class Counting(etree.XMLParser):  # type: ignore[misc]
        def feed(self, data: bytes) -> None:
            fed.append(len(data))
            super().feed(data)

    monkeypatch.setattr("sympolis.office.core.words.etree.XMLParser", Counting)
    found = words(docx("<w>" + "<t>water</t>" * 1_000_000 + "</w>"))
    assert len(found) == MOST_WORDS
    assert sum(fed) < 1_000_000
