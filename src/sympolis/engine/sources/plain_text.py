"""Texts as people read them: without tags, entities, control characters and mojibake."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

import nh3

from .mojibake import repair

_BLOCKS = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|table)\b[^>]*>", re.IGNORECASE)
_ATTRIBUTES = r"(?:\s+[a-z-]+=\"[^\"<>]*\")*\s*/?>"
_PLAIN_BLOCKS = re.compile(rf"</?(?:p|div|br|li|ul|ol|h[1-6]){_ATTRIBUTES}", re.IGNORECASE)
_PLAIN_MARKS = re.compile(rf"</?(?:a|b|i|em|u|s|strong|span|su[bp]){_ATTRIBUTES}", re.IGNORECASE)
_MARKED_UP = re.compile(r"[<&\r\x00]")  # a parser would make line ends of \r, too
_STUCK = re.compile(r"[.;:](?<=[a-z)].)(?=[A-Z])")  # begins with what is rare, or every letter is looked behind
_UNSHOWN = ("Cc", "Cf", "Co", "Cn", "Cs")
_JOINERS = "\u200c\u200d"
_OFTEN = (("\ufeff", ""), ("\u200b", ""), ("\xa0", " "))  # what editors leave in almost every text, taken out at once


def plain_text(html: str) -> str:
    """HTML, repaired, without its tags: one line for each block, no control or private characters."""
    text = repair(html)
    if _MARKED_UP.search(text):
        text = _without_tags(text)
    text = _STUCK.sub(r"\g<0> ", text if text.isprintable() else _all_shown(text))
    if "\n" in text:
        text = "\n".join([line for line in [" ".join(line.split()) for line in text.split("\n")] if line])
    else:
        text = " ".join(text.split())
    return text.strip(' \n">')


def _all_shown(text: str) -> str:
    for letter, shown in _OFTEN:
        text = text.replace(letter, shown)
    if text.replace("\n", "").isprintable():
        return text
    return "\n".join([line if line.isprintable() else line.translate(_SHOWN) for line in text.split("\n")])


def _without_tags(html: str) -> str:
    """Most texts hold tags that only need to go; a parser reads what is more than that, or broken."""
    if "\x00" not in html:
        text, blocks = _PLAIN_BLOCKS.subn("\n", html)
        text, marks = _PLAIN_MARKS.subn("", text)
        if blocks + marks == html.count("<"):
            return unescape(text.replace("\r\n", "\n").replace("\r", "\n"))
    return unescape(nh3.clean(_BLOCKS.sub("\n", html), tags=set()))


class _Shown(dict[int, int | str]):
    """What stands for a character: itself; a space for a bullet of a lost font, so that words stay parted; nothing for
    one that only formats. Worked out once for each character that is met."""

    def __missing__(self, code: int) -> int | str:
        category = unicodedata.category(chr(code))
        self[code] = code if category not in _UNSHOWN else "" if category == "Cf" else " "
        return self[code]


_SHOWN = _Shown({ord("\n"): "\n"})


def one_line(text: str) -> str:
    """A name or a sentence that is no HTML but may hold entities (twice escaped ones too): repaired, on one line.

    Joiners that Arabic and Indic scripts need stay.
    """
    if "&" in text:
        text = unescape(unescape(text))
    if text.isascii():
        line = " ".join(text.split())
        return line if line.isprintable() else _shown(line)
    return _shown(" ".join(repair(text).split()))


def _shown(line: str) -> str:
    if line.isprintable():
        return line
    kept = (letter for letter in line if letter in _JOINERS or unicodedata.category(letter) not in _UNSHOWN)
    return " ".join("".join(kept).split())
