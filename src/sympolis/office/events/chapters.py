"""Chapters of a recording: lines of a moment and a title, and the address that begins there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

# 12:30 or 1:02:30, in brackets or not, with a dash behind it or not.
_LINE = re.compile(r"[\[(]?(?P<at>(?:\d{1,2}:)?\d{1,3}:[0-5]\d)[\])]?\s*[-–—:·]?\s*(?P<title>.*)")
_BY_QUESTION = ("youtube.com", "youtu.be", "youtube-nocookie.com")


@dataclass(frozen=True, slots=True)
class Chapter:
    """Where one begins, in seconds and as it was written, and what it is called."""

    second: int
    at: str
    title: str


def chapter_of(line: str) -> Chapter | None:
    """None where the line does not begin with a moment."""
    found = _LINE.fullmatch(line.strip())
    if found is None:
        return None
    second = 0
    for part in found["at"].split(":"):
        second = second * 60 + int(part)
    return Chapter(second, found["at"], found["title"].strip())


def address_at(link: str, second: int) -> str:
    """The recording from that second on: as YouTube takes it, else as W3C's Media Fragments and Vimeo write it.

    https://www.w3.org/TR/media-frags/ ; an address that has a fragment already stays as it is.
    """
    parts = urlsplit(link)
    if (parts.hostname or "").removeprefix("www.").removeprefix("m.") in _BY_QUESTION:
        asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "t"]
        return parts._replace(query=urlencode([*asked, ("t", f"{second}s")])).geturl()
    if parts.fragment:
        return link
    return parts._replace(fragment=f"t={second}s" if parts.hostname == "vimeo.com" else f"t={second}").geturl()
