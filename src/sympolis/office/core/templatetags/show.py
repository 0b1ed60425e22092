"""How values of the office look to the reader: texts with their language, dates, countries, money, labels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language

from sympolis.engine.model import PartialDate
from sympolis.engine.texts import vocabulary
from sympolis.office.core.locales import comma_in, elided, locale_of
from sympolis.office.core.markup import escaped, markup
from sympolis.office.core.texts import RIGHT_TO_LEFT, Text, Written

register = template.Library()

BYTES = ("digital-kilobyte", "digital-megabyte", "digital-gigabyte", "digital-terabyte")


def reader_language() -> str:
    return (get_language() or "en").split("-")[0]


def reader_locale() -> Locale:
    return locale_of(reader_language())


@register.filter
def text(value: Text | str | None) -> SafeString | str:
    """A text in the reader's language, or the original marked with its own ``lang`` and ``dir``."""
    if not isinstance(value, Text):
        return value or ""
    reader = reader_language()
    return marked_for(reader, value.best(reader))


@register.filter
def plain(value: Text | str | None) -> str:
    """The same without markup, for attributes and titles of pages."""
    return value.best(reader_language()).text if isinstance(value, Text) else value or ""


@register.filter
def opening(value: Text | None, length: int) -> SafeString | str:
    """How a text begins, cut at a word, marked like the whole of it."""
    if not isinstance(value, Text):
        return ""
    written = value.best(reader_language())
    return in_language(Truncator(written.text).chars(length), written.language)


@register.filter
def translator(value: Text | None) -> str:
    """Who put the words that the reader sees into this language; empty where nobody did."""
    if not isinstance(value, Text):
        return ""
    return value.get(value.best(reader_language()).language, {}).get("translator", "")


@register.filter
def noted(value: Text | str | None) -> SafeString | str:
    """The same for running text: when it is in another language than the reader's, it says so in a word."""
    if not isinstance(value, Text):
        return value or ""
    reader = reader_language()
    written = value.best(reader)
    if not written.text or written.language in {"", reader}:
        return marked_for(reader, written)
    note = language_name(written.language)
    return markup('{} <span class="lang-note">{}</span>', marked_for(reader, written), note)


def marked(written: Written) -> SafeString:
    return marked_for(reader_language(), written)


def marked_for(reader: str, written: Written) -> SafeString:
    """The same for who has the reader's language at hand."""
    if not written.text or written.language in {"", reader}:
        return SafeString(escaped(written.text))
    return markup('<span lang="{}" dir="{}">{}</span>', written.language, written.direction, written.text)


@register.filter
def in_language(words: str, language: str) -> SafeString | str:
    """Words known to be in a language, marked when it is not the page's."""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    if not language or language == reader_language():
        return SafeString(escaped(words))
    return markup('<span lang="{}" dir="{}">{}</span>', language, direction, words)


@register.filter
def label(code: str, vocabulary_name: str) -> str:
    """``{{ organisation.kind|label:"kinds" }}``: the vocabulary's word in the reader's language."""
    return vocabulary.label(vocabulary_name, code, reader_language())


@register.filter
def country(code: str) -> str:
    return str(reader_locale().territories.get(code.upper(), code)) if code else ""


@register.filter
def language_name(code: str) -> str:
    return str(reader_locale().languages.get(code, code)) if code else ""


@register.simple_tag
def comma() -> str:
    """Between two members of a list that a template writes itself."""
    return comma_in(reader_language())


@register.filter
def listed(words: Iterable[str]) -> str:
    return comma_in(reader_language()).join(words)


@register.filter
def when(value: PartialDate | Any) -> str:
    """A date as precisely as it is known: a day, a month with its year, or a year."""
    return _written(value, reader_language()) if value else ""


@lru_cache(maxsize=4096)
def _written(value: PartialDate | date, language: str) -> str:
    locale = locale_of(language)
    if not isinstance(value, PartialDate):
        return _day(value, language)
    known = value.earliest or value.latest
    assert known is not None
    precision = str(value).count("-")
    if precision == 2:
        return _day(known, language)
    return str(format_skeleton("yMMMM" if precision else "y", known, locale=locale))


def _day(value: date, language: str) -> str:
    written = str(format_date(value, "long", locale=locale_of(language)))
    # The locale data have « 1 juillet »; French says « 1er juillet ».
    return written.replace("1 ", "1er ", 1) if language == "fr" and value.day == 1 else written


@register.filter(name="elided", is_safe=True)
def with_elisions(sentence: str) -> str:
    """A sentence with a day in it, as Catalan says it: « des de l'1 de gener ». Other languages need nothing."""
    return elided(sentence) if reader_language() == "ca" else sentence


@register.filter
def short_day(value: date) -> str:
    """A day for a narrow column, never broken over two lines."""
    return _short_day(value, reader_language())


@lru_cache(maxsize=4096)
def _short_day(value: date, language: str) -> str:
    written = str(format_date(value, "medium", locale=locale_of(language)))
    # The locale data have « 26 de nov. 2026 »; Catalan abbreviates without the preposition.
    written = re.sub(r" (de |d’)", " ", written) if language == "ca" else written
    return written.replace(" ", "\N{NO-BREAK SPACE}")


@register.filter
def moment(value: datetime | None) -> str:
    """A day and the time of the office's clock."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{short_day(local.date())}{comma_in(reader_language())}{clock(local.time())}"


def clock(hour: time) -> str:
    """An hour as the reader's language writes it: 16:00, 4:00 م."""
    return str(format_time(hour, "short", locale=reader_locale()))


def hours_said(begins: time | None, ends: time | None = None) -> str:
    """From when to when, in words of a mail: one way in all of them, and the same as on pages."""
    return "–".join(clock(hour) for hour in (begins, ends) if hour)


@register.simple_tag
def hours(begins: time | None, ends: time | None = None) -> SafeString:
    """The same on a page, kept together whichever way its sentence runs."""
    said = hours_said(begins, ends)
    return markup("<bdi>{}</bdi>", said) if said else SafeString("")


@register.filter
def size(count: int) -> str:
    """So many bytes in the largest unit that leaves something before the point; nobody counts single ones."""
    power = min(max((int(count).bit_length() - 1) // 10, 1), len(BYTES))
    rounded = round(int(count) / 1024**power, 1)
    return str(format_unit(rounded, BYTES[power - 1], length="short", locale=reader_locale()))


@register.filter
def number(value: int | float | Decimal | None) -> str:
    return "" if value is None else _number(value, reader_language())


@lru_cache(maxsize=4096, typed=True)
def _number(value: int | float | Decimal, language: str) -> str:
    return str(format_decimal(value, locale=locale_of(language)))


@register.filter
def money(amount: Decimal | None, currency: str = "EUR") -> str:
    return "" if amount is None else _money(amount, currency or "EUR", reader_language())


@lru_cache(maxsize=4096)
def _money(amount: Decimal, currency: str, language: str) -> str:
    whole = amount == amount.to_integral_value()
    pattern = locale_of(language).currency_formats["standard"]
    return str(
        format_currency(
            amount,
            currency,
            locale=locale_of(language),
            currency_digits=not whole,
            format=str(pattern.pattern).replace(".00", "") if whole else None,
        )
    )
