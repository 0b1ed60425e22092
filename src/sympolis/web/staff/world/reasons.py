"""Why two records may be one body, or not, in the reader's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from babel.units import format_unit

from sympolis.engine.texts import vocabulary
from sympolis.office.core.locales import comma_in
from sympolis.office.core.templatetags.show import country, reader_language, reader_locale
from sympolis.office.directory.world.unsure import Reason
from sympolis.web.staff.world.words import REASONS

_SAID_IN_WORDS_ALONE = frozenset({"resolve-level", "resolve-type"})  # what they compare are codes, not words
_COUNTRIES = frozenset({"resolve-country", "resolve-land"})
_KM = re.compile(r"(\d+) km")


@dataclass(frozen=True, slots=True)
class Said:
    """One reason: the words, and what was compared."""

    words: str
    left: str
    right: str
    speaks_for: bool


def in_words(reason: Reason) -> Said:
    """A reason the catalogue does not know is told by its code: a new one must not make the page fail."""
    speaks_for, against = REASONS.get(reason.key, (reason.key, reason.key))
    left, right = _values(reason)
    return Said(str(speaks_for if reason.score > 0 else against), left, right, reason.score > 0)


def _values(reason: Reason) -> tuple[str, str]:
    if reason.key in _SAID_IN_WORDS_ALONE:
        return "", ""
    if reason.key in _COUNTRIES:
        return _lands(reason.left), _lands(reason.right)
    if reason.key == "resolve-kind":
        return label_of_kind(reason.left), label_of_kind(reason.right)
    if far := _KM.fullmatch(reason.left):
        return str(format_unit(int(far[1]), "length-kilometer", length="short", locale=reader_locale())), ""
    return reason.left, reason.right


def _lands(codes: str) -> str:
    return listed(label_of_land(code.upper()) for code in codes.split(", ") if code)


def listed(words: Iterable[str]) -> str:
    return comma_in(reader_language()).join(words)


def label_of_land(code: str) -> str:
    return country(code)


def label_of_kind(code: str) -> str:
    return vocabulary.label("kinds", code, reader_language()) if code else ""
