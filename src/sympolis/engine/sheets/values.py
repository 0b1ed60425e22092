"""What is written in a cell as the value that is meant. Each raises ValueError with what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from types import MappingProxyType

from babel import Locale

from ..model import PartialDate
from ..texts.words import fold

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[ T].*)?", re.DOTALL)
_YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})(?:[./](\d{1,2}))?(?:\s.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ T,].*)?", re.DOTALL)
_MONTH_ONLY = re.compile(r"(\d{1,2})[./-](\d{4})")
_NAMED_MONTH = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+)?(?:de\s+|d['’]\s*)?([^\W\d_]{3,})\.?,?\s+(?:de\s+|del\s+)?(\d{4})"
)
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_CURRENCIES = re.compile(r"(?i)\b(eur|euros?|usd|gbp|chf)\b|[€$£]")
_CURRENCY_OF = MappingProxyType({"€": "EUR", "$": "USD", "£": "GBP", "EURO": "EUR", "EUROS": "EUR"})
_COMMA_DECIMAL = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+,\d+")
_COMMA_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+")
_MOST = Decimal(10) ** 15
LANGUAGES = ("en", "ca", "es", "fr", "ar", "de", "it", "pt", "sv", "nl", "da", "nb", "fi", "pl")
# Codes and names that public bodies write and the list of countries does not.
_ALSO = {
    "el": "GR", "uk": "GB", "holanda": "NL", "holland": "NL", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "macedonia": "MK", "fyrom": "MK", "republic of moldova": "MD", "czech republic": "CZ",
    "turkey": "TR", "turkiye": "TR", "türkiye": "TR", "russian federation": "RU", "kosovo*": "XK", "usa": "US",
    "republic of serbia": "RS", "palestine": "PS", "cape verde": "CV", "bosnia and herzegovina": "BA",
}  # fmt: skip
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})


@lru_cache(maxsize=50_000)
def number(written: str, decimal: str = "") -> Decimal:
    """A number; ``decimal`` is the mark before its fraction, told by its look where not given."""
    plain = _SPACES.sub("", written)
    comma = decimal == "," or (
        not decimal and _COMMA_DECIMAL.fullmatch(plain) is not None and not _COMMA_THOUSANDS.fullmatch(plain)
    )
    plain = plain.replace(".", "").replace(",", ".") if comma else plain.replace(",", "")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite() or abs(value) >= _MOST:
        raise ValueError(f"{written[:40]!r} is no number.")
    return value


def money(written: str, decimal: str = "") -> tuple[Decimal, str]:
    """An amount that is not negative, and its currency where one is written with it."""
    found = _CURRENCIES.search(written)
    value = number(_CURRENCIES.sub("", written), decimal)
    if value < 0:
        raise ValueError(f"{written[:40]!r} is less than nothing.")
    mark = found[0].upper() if found else ""
    return value, _CURRENCY_OF.get(mark, mark)


def degrees(written: str, most: int) -> float:
    """A coordinate between minus and plus ``most``: a point or a comma stands before the fraction, never thousands."""
    try:
        value = float(written.replace(",", "."))
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise ValueError(f"{written[:40]!r} is off the map.")
    return value


@lru_cache(maxsize=50_000)
def partial_date(written: str, month_first: bool = False) -> PartialDate:
    """A year, a month or a day: ``2019``, ``2019-03-14 10:00``, ``14/3/2019``, ``3/2019``, ``14 de març de 2019``."""
    written = written.strip()
    try:
        if found := _DAY_FIRST.fullmatch(written):
            first, second = int(found[1]), int(found[2])
            day, month = (second, first) if month_first else (first, second)
            exact = date(int(found[3]), month, day)
            return PartialDate(exact, exact)
        if found := _MONTH_ONLY.fullmatch(written):
            return PartialDate.parse(f"{found[2]}-{found[1]}")
        if found := _ISO.fullmatch(written) or _YEAR_FIRST.fullmatch(written):
            return PartialDate.parse("-".join(part for part in found.groups() if part))
        if (found := _NAMED_MONTH.fullmatch(written.lower())) and (named := _months().get(fold(found[2]))):
            return PartialDate.parse(f"{found[3]}-{named}" + (f"-{found[1]}" if found[1] else ""))
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"{written[:40]!r} is no date.")


@lru_cache(maxsize=10_000)
def country_code(written: str) -> str:
    """Two letters (ISO 3166) for a code or a name in fourteen languages; ``EL`` and ``UK`` as the EU writes them."""
    code = written.strip().upper()
    if code in _codes():
        return code
    if found := _countries().get(fold(" ".join(written.split()))):
        return found
    raise ValueError(f"{written[:40]!r} is no country we know.")


@cache
def _months() -> Mapping[str, int]:
    """Names of months, whole and short, that mean one month only."""
    found: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in Locale(language).months[form][width].items():
                    found.setdefault(fold(name.removeprefix("de ").removeprefix("d’").strip(".")), set()).add(month)
    return {name: months.pop() for name, months in found.items() if len(months) == 1}


@cache
def _codes() -> frozenset[str]:
    territories = map(str, Locale("en").territories)
    return frozenset(code for code in territories if re.fullmatch("[A-Z]{2}", code)) - _NO_COUNTRY - {"UK", "EL"}


@cache
def _countries() -> Mapping[str, str]:
    found = {fold(name): code for name, code in _ALSO.items()}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in _codes():
                found.setdefault(fold(name), str(code))
    return found
