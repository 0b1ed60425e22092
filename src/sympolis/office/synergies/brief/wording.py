"""Sentences with named places, said in a language only when a brief is written down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from babel.lists import format_list
from babel.numbers import format_decimal
from django.utils.functional import Promise
from django.utils.translation import get_language, override

from sympolis.engine.model import PartialDate
from sympolis.engine.texts import vocabulary
from sympolis.office.core.locales import elided, locale_of
from sympolis.office.core.templatetags import show
from sympolis.office.core.texts import Text

_OPEN, _CLOSE = "\ue000", "\ue001"  # private characters: they stand for values while a sentence is put together
_PLACE = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_LONGEST = 400


class Run(NamedTuple):
    """A stretch of text in one language; the empty language is the brief's own."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A word of the vocabulary: ``Label("themes", "water")``."""

    vocabulary: str
    code: str


@dataclass(frozen=True, slots=True)
class Country:
    code: str


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: 0.85 is written 85 %."""

    part: Decimal


@dataclass(frozen=True, slots=True)
class Noted:
    """Running text: where it is in another language than the brief's, that is said behind it, as on pages."""

    words: Text


@dataclass(frozen=True, slots=True)
class Many:
    """Several values in one place, joined as the language joins them: a, b and c."""

    values: tuple[Value, ...]


def coded(name: str, codes: Iterable[Any]) -> Many:
    """Themes, goals, countries or kinds that something was compared by, as their names."""
    match name:
        case "countries":
            return Many(tuple(Country(code) for code in codes))
        case "themes" | "kinds":
            return Many(tuple(Label(name, code) for code in codes))
        case _:
            return Many(tuple(str(code) for code in codes))


@dataclass(frozen=True, slots=True)
class Said:
    """A whole sentence (a lazy translation) and what stands in its places."""

    message: str | Promise
    values: Mapping[str, Value] = field(default_factory=dict)


type Value = (
    Text | PartialDate | date | Label | Country | Money | Share | Noted | Many | Said | Promise | str | int | Decimal
)


@lru_cache(maxsize=2_000)  # a brief quotes the same passages again and again
def one_line(text: str, longest: int = _LONGEST) -> str:
    """Words on one line, cut at a word where they are too many, without characters that print as nothing."""
    printable = text if text.isprintable() else "".join(char for char in text if char.isprintable() or char.isspace())
    words = " ".join(printable.split())
    if len(words) <= longest:
        return words
    cut = words[:longest].rsplit(" ", 1)[0]
    return f"{cut or words[:longest]}…"


def written(said: Said | Text, language: str) -> list[Run]:
    """The sentence in a language, in runs: what is only there in another language keeps that language."""
    with nullcontext() if get_language() == language else override(language):
        runs = _joined(_runs(said, language))
        if language == "ca":
            runs = [run if run.language else Run(elided(run.text)) for run in runs]
        return _capitalised(runs) if isinstance(said, Said) and _begins_with_label(said) else runs


def plain(runs: list[Run]) -> str:
    return "".join(run.text for run in runs)


def _runs(value: Value, language: str) -> list[Run]:
    match value:
        case Said():
            return _sentence(value, language)
        case Text():
            best = value.best(language)
            return [Run(one_line(best.text), "" if best.language == language else best.language)]
        case Noted():
            runs = _runs(value.words, language)
            of = [run.language for run in runs if run.language and run.text]
            return [*runs, Run(f" ({show.language_name(of[0])})")] if of else runs
        case Many():
            return _list(value, language)
        case _:
            return [Run(one_line(_word(value, language)))]


def _word(value: Any, language: str) -> str:
    locale = locale_of(language)
    match value:
        case Label():
            return _within(vocabulary.label(value.vocabulary, value.code, language))
        case Country():
            return show.country(value.code)
        case Money():
            return show.money(value.amount, value.currency)
        case Share():
            return f"{format_decimal(value.part * 100, format='#,##0.#', locale=locale)} %"
        case PartialDate() | date():
            return show.when(value)
        case int() | Decimal():
            return str(format_decimal(value, locale=locale))
        case _:
            return str(value)


def _within(label: str) -> str:
    """A label inside a sentence: without its capital, save where it is an acronym."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _begins_with_label(said: Said) -> bool:
    first = re.match(r"%\((\w+)\)", str(said.message))
    value = said.values.get(first[1]) if first else None
    return _begins_with_label(value) if isinstance(value, Said) else isinstance(value, Label)


def _capitalised(runs: list[Run]) -> list[Run]:
    return [Run(runs[0].text[:1].upper() + runs[0].text[1:], runs[0].language), *runs[1:]] if runs else runs


def _sentence(said: Said, language: str) -> list[Run]:
    """Values never go through string formatting themselves: only their numbers do, so no text can break a sentence."""
    names = list(said.values)
    places: dict[str, Any] = {name: f"{_OPEN}{at}{_CLOSE}" for at, name in enumerate(names)}
    if isinstance(said.values.get("count"), int):
        places["count"] = said.values["count"]  # it chooses the plural
    return _filled(str(said.message % places), [said.values[name] for name in names], language)


def _list(many: Many, language: str) -> list[Run]:
    places = [f"{_OPEN}{at}{_CLOSE}" for at in range(len(many.values))]
    return _filled(str(format_list(places, locale=locale_of(language))), list(many.values), language)


def _filled(text: str, values: list[Value], language: str) -> list[Run]:
    runs: list[Run] = []
    for at, part in enumerate(_PLACE.split(text)):
        runs += _runs(values[int(part)], language) if at % 2 else [Run(part)]
    return runs


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours of one language become one run."""
    joined: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if joined and joined[-1].language == run.language:
            joined[-1] = Run(joined[-1].text + run.text, run.language)
        else:
            joined.append(run)
    return joined
