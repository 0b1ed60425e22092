"""Values of SPARQL answers, in JSON and in TSV: items, texts with their language, points, times.

https://www.w3.org/TR/sparql11-results-json/ and https://www.w3.org/TR/sparql11-results-csv-tsv/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...model import PartialDate

_ITEM = re.compile(r"(?:https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q[1-9]\d{0,11})")
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z][\w-]*)|\^\^<[^>]*>)?')
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r"}
_POINT = re.compile(r"Point\((-?[\d.eE-]+) (-?[\d.eE-]+)\)", re.IGNORECASE)
_TIME = re.compile(r"\+?(\d{4})-(\d\d)-(\d\d)(?:T.*)?")
_YEAR, _MONTH = 9, 10  # Wikidata's precisions


@dataclass(frozen=True, slots=True)
class Term:
    """One value: its text, and the language where it has one."""

    text: str
    language: str = ""


def from_json(value: Any) -> Term | None:
    """A value of a binding; the simpler JSON that the query page hands out has bare texts."""
    if isinstance(value, str):
        return Term(value)
    if not isinstance(value, dict) or value.get("type") == "bnode" or not isinstance(value.get("value"), str):
        return None
    language = value.get("xml:lang", "")
    return Term(value["value"], language if isinstance(language, str) else "")


def from_tsv(cell: str) -> Term | None:
    """A cell: ``<address>``, ``"text"@ca``, a bare value; None for an empty one and for a blank node."""
    cell = cell.strip()
    if not cell or cell.startswith("_:"):
        return None
    if cell.startswith("<") and cell.endswith(">"):
        return Term(cell[1:-1])
    found = _LITERAL.fullmatch(cell)
    return Term(_ESCAPE.sub(_unescaped, found.group(1)), found.group(2) or "") if found else Term(cell)


def _unescaped(found: re.Match[str]) -> str:
    number = found.group(1) or found.group(2)
    if number is None:
        return _ESCAPED.get(found.group(3), found.group(3))
    return chr(int(number, 16)) if int(number, 16) < 0x110000 else ""


def item(term: Term | None) -> str:
    """``Q1492`` out of an address or of itself; empty for what is no item."""
    found = _ITEM.fullmatch(term.text.strip()) if term else None
    return found.group(1) if found else ""


def point(term: Term | None) -> tuple[float, float] | None:
    """Latitude and longitude out of ``Point(longitude latitude)``."""
    found = _POINT.fullmatch(term.text.strip()) if term else None
    try:
        longitude, latitude = (float(number) for number in found.groups()) if found else (999.0, 999.0)
    except ValueError:
        return None
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


def moment(term: Term | None, precision: Term | None) -> PartialDate:
    """A time to the precision told; where none is told, the first of January stands for its year.

    Raises ValueError for what is no time.
    """
    if term is None or not term.text.strip():
        return PartialDate()
    found = _TIME.fullmatch(term.text.strip())
    if found is None:
        return PartialDate.parse(term.text)
    year, month, day = found.groups()
    told = int(precision.text) if precision and precision.text.isdecimal() and len(precision.text) < 3 else 0
    if told and told < _YEAR:
        return PartialDate()
    if told == _YEAR or (not told and (month, day) == ("01", "01")) or month == "00":
        return PartialDate.parse(year)
    if told == _MONTH or day == "00":
        return PartialDate.parse(f"{year}-{month}")
    on = date(int(year), int(month), int(day))
    return PartialDate(on, on)
