"""Themes, goals and targets as the page "What this is about" shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext

from sympolis.engine.texts import vocabulary
from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.form_fields import language_now
from sympolis.office.core.tagging.queries import About, Considered
from sympolis.office.core.texts import Written

PASSAGES = 3
_AROUND = 110  # letters shown before and after
_CUT = 80  # the engine cuts longer phrases there, within a word maybe
_LISTS = {TagScheme.THEME: "themes", TagScheme.GOAL: "sdgs", TagScheme.TARGET: "targets"}


@dataclass(frozen=True)
class Row:
    """One of them, with its words and the passages they stand in."""

    of: Considered
    text: Written

    @property
    def key(self) -> str:
        """What a form sends."""
        return f"{self.of.scheme.value}:{self.of.code}"

    @property
    def anchor(self) -> str:
        return f"{self.of.scheme.value}-{self.of.code.replace('.', '-')}"

    @property
    def label(self) -> str:
        said = vocabulary.label(_LISTS[self.of.scheme], self.of.code, language_now())
        if self.of.scheme == TagScheme.THEME:
            return said
        return gettext("SDG %(goal)s") % {"goal": self.of.code} + f" · {said}"

    @cached_property
    def evidence(self) -> list[dict[str, Any]]:
        return list(passages(self.text, self.of.words))


@dataclass(frozen=True, slots=True)
class Part:
    """What is considered of one list: suggested, in the record, removed."""

    title: Any
    suggested: list[Row]
    there: list[Row]
    removed: list[Row]

    @property
    def open(self) -> list[Row]:
        return [*self.suggested, *self.there]


def parts(about: About) -> list[Part]:
    """The lists of which something is to be shown."""
    found = []
    for scheme in TagScheme:
        rows = [Row(one, about.text) for one in about.considered if one.scheme == scheme]
        part = Part(
            scheme.label,
            suggested=[row for row in rows if row.of.is_suggested],
            there=[row for row in rows if row.of.is_there],
            removed=[row for row in rows if is_removed(row.of)],
        )
        if rows:
            found.append(part)
    return found


def is_removed(one: Considered) -> bool:
    return not one.is_there and one.decision is not None and one.decision.verdict == TagVerdict.REMOVED


def rows(about: About, considered: Iterable[Considered]) -> list[Row]:
    return [Row(one, about.text) for one in considered]


def passages(text: Written, words: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Where the first of some words stand in a text: for ``web/_evidence.html``."""
    source = gettext("In its own text")
    for phrase in list(words)[:PASSAGES]:
        pattern = r"\s+".join(map(re.escape, phrase.split()))
        end = "" if len(phrase) >= _CUT else r"(?!\w)"
        if found := re.search(rf"(?<!\w){pattern}{end}", text.text) or re.search(pattern, text.text):
            yield {
                "before": _before(text.text, found.start()),
                "match": found[0],
                "after": _after(text.text, found.end()),
                "lang": text.language,
                "source": source,
            }


def _before(text: str, at: int) -> str:
    if at <= _AROUND:
        return text[:at]
    return "… " + text[at - _AROUND : at].partition(" ")[2]


def _after(text: str, at: int) -> str:
    if len(text) - at <= _AROUND:
        return text[at:]
    return text[at : at + _AROUND].rpartition(" ")[0] + " …"
