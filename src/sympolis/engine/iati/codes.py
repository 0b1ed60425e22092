"""Codes that are in none of the lists of the standard. The official validator calls all of them errors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from .problems import Problems, Severity
from .standard import TOLD, Coded, Edition
from .stream import line_of

_LANGUAGES = etree.XPath("descendant-or-self::*/@xml:lang")
_EQUAL = re.compile(r"@([\w-]+) *= *'([^']*)'")
_ABSENT = re.compile(r"not\(@([\w-]+)\)")
_LONGEST_SHOWN = 60


@dataclass(slots=True)
class _Asked:
    """What is asked of one attribute, or the text, of an element."""

    attribute: str
    codelist: str
    codes: frozenset[str]
    on: str = ""  # the attribute that says which list is meant
    values: frozenset[str] = frozenset()

    def is_meant(self, element: Any) -> bool:
        return not self.on or (element.get(self.on) or "") in self.values


@dataclass(slots=True)
class _Place:
    """A place in the tree of elements: what is asked there, and the places below."""

    asked: list[_Asked] = field(default_factory=list)
    below: dict[str, _Place] = field(default_factory=dict)

    def at(self, path: tuple[str, ...]) -> _Place:
        place = self
        for name in path:
            place = place.below.setdefault(name, _Place())
        return place


class CodeCheck:
    """The code lists of a version, ready to look at one child of the root after the other."""

    def __init__(self, edition: Edition, root: str) -> None:
        self._told = TOLD[root]
        self._place = _Place()
        self._languages: frozenset[str] = frozenset()
        for coded in edition.coded:
            if coded.attribute == "xml:lang" and not coded.path:
                self._languages = edition.codes(coded.codelist)
            elif coded.path[:1] == (self._told,):
                self._place.at(coded.path[1:]).asked.append(_asked(coded, edition.codes(coded.codelist)))

    def look(self, piece: Any, problems: Problems) -> None:
        """Note the codes of an activity or organisation that are in no list."""
        _look(piece, self._place, problems)
        if not self._languages:
            return
        for written in _LANGUAGES(piece):
            if written not in self._languages:
                _tell(problems, "Language", "xml:lang", str(written), line_of(written.getparent()))


def _asked(coded: Coded, codes: frozenset[str]) -> _Asked:
    attribute = coded.attribute
    values = {value for _name, value in _EQUAL.findall(coded.condition)}
    if _ABSENT.search(coded.condition):
        values.add("")
    names = _EQUAL.findall(coded.condition)
    return _Asked(attribute, coded.codelist, codes, names[0][0] if names else "", frozenset(values))


def _look(element: Any, place: _Place, problems: Problems) -> None:
    for asked in place.asked:
        written = element.get(asked.attribute) if asked.attribute else element.text
        if written is not None and written not in asked.codes and asked.is_meant(element):
            _tell(problems, asked.codelist, asked.attribute or str(element.tag), written, line_of(element))
    if place.below:
        for child in element:
            if (below := place.below.get(child.tag)) is not None:
                _look(child, below, problems)


def _tell(problems: Problems, codelist: str, name: str, written: str, line: int) -> None:
    shown = written if len(written) <= _LONGEST_SHOWN else written[:_LONGEST_SHOWN] + "…"
    problems.add(
        Severity.ERROR,
        f"codelist-{codelist}",
        line,
        f"“{shown}” ({name}) is not in the code list {codelist}.",
        "Write a code of that list.",
    )
