"""The words in a PDF, by PDFium, in the order in which they are read."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pypdfium2
from pypdfium2 import raw

# numbers of glyphs, where a font does not say which characters they are
_NO_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_RIGHT_TO_LEFT = {"R", "AL"}


def pdf_words(content: bytes, most_pages: int, most_characters: int) -> str:
    """The text of the first pages; nothing of a PDF that is broken, or locked with a password."""
    found: list[str] = []
    length = 0
    try:
        with pypdfium2.PdfDocument(content) as document:
            for number in range(min(len(document), most_pages)):
                words = _page_words(document, number)
                found.append(words)
                length += len(words) + 1
                if length > most_characters:
                    break
    except pypdfium2.PdfiumError:
        pass  # what was read until there stands
    return "\n".join(words for words in found if words)[:most_characters]


def _page_words(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        try:
            text = page.get_textpage()
            try:
                return " ".join(_NO_CHARACTER.sub(" ", _text_of(text)).split())
            finally:
                text.close()
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        return ""  # one bad page says nothing of the others


def _text_of(page: Any) -> str:
    text: str = page.get_text_range()
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return "".join(_turned_back(page))
    # a word cut at the end of a line; PDFium says so with a mark of its own
    return text.replace("\ufffe\r\n", "").replace("\ufffe", "")


def _turned_back(page: Any) -> Iterator[str]:
    """The characters of a page that has Arabic or Hebrew.

    PDFium turns a line round character by character, those of one ligature included: lam-alif comes out as alif-lam,
    and no word with it is found. Characters of one glyph share their origin; they are turned back here.
    """
    glyph: list[str] = []
    at: tuple[float, float] | None = None
    for place in range(page.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(page.raw, place))
        origin = _origin(page, place)
        if origin != at or unicodedata.bidirectional(character) not in _RIGHT_TO_LEFT:
            yield from reversed(glyph)
            glyph = []
        glyph.append(character)
        at = origin
    yield from reversed(glyph)


def _origin(page: Any, place: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(page.raw, place, x, y)
    return x.value, y.value
