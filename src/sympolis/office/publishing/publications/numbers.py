"""The numbers publications are known by, ISBN and DOI: read as people write them, kept in one form."""

from __future__ import annotations

import re
from urllib.parse import quote

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s<>\"]+")
_BEFORE_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_ISBN_10 = re.compile(r"\d{9}[\dX]")
_ISBN_13 = re.compile(r"97[89]\d{10}")


class NotANumber(ValueError):
    """No such number: a digit is missing or wrong."""


def read_isbn(written: str) -> str:
    """Its digits without hyphens. Raises NotANumber where the last digit says that another one is wrong."""
    found = re.sub(r"^ISBN(?:-1[03])?:?|[\s‐-―-]", "", written.strip(), flags=re.IGNORECASE).upper()
    if _ISBN_10.fullmatch(found):
        values = [10 if one == "X" else int(one) for one in found]
        is_right = sum(value * weight for value, weight in zip(values, range(10, 0, -1), strict=True)) % 11 == 0
    else:
        is_right = bool(_ISBN_13.fullmatch(found)) and sum(map(_weighed, range(13), found)) % 10 == 0
    if not is_right:
        raise NotANumber(written)
    return found


def _weighed(place: int, digit: str) -> int:
    return int(digit) * (3 if place % 2 else 1)


def read_doi(written: str) -> str:
    """Without the address before it, in small letters: a DOI has no others. Raises NotANumber."""
    found = _BEFORE_DOI.sub("", written.strip()).lower()
    if len(found) > 200 or not _DOI.fullmatch(found):
        raise NotANumber(written)
    return found


def doi_address(doi: str) -> str:
    return f"https://doi.org/{quote(doi, safe='/()-._;:')}" if doi else ""
