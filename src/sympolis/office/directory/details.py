"""What an organisation is called besides, what others know it by, and its web sites: rows kept as one line each.

A line is what a table may hold and what its history shows: ``former|fr|1956|1990|Ville de Salé|https://…``,
``vat:ESP0801900B``, ``projects|fr|https://…``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from sympolis.engine.model import PartialDate
from sympolis.office.core.texts import folded


class NameKind(models.TextChoices):
    """Why an organisation is called that too."""

    FORMER = "former", _("Former name")
    OTHER = "other", _("In another language or script")


class SiteKind(models.TextChoices):
    """What a web site of an organisation is about."""

    MAIN = "main", _("Its own site")
    PROJECTS = "projects", _("Projects")
    MEMBERS = "members", _("Members")
    DATA = "data", _("Open data")
    NEWS = "news", _("News")
    NETWORK = "network", _("Social network")


class IdentifierKind(models.TextChoices):
    """Who gave the number by which others know an organisation."""

    PIC = "pic", "PIC"
    WIKIDATA = "wikidata", "Wikidata"
    ROR = "ror", "ROR"
    VAT = "vat", _("VAT number")
    LEI = "lei", "LEI"
    IATI = "iati", "IATI"
    NATIONAL = "national", _("National register")


@dataclass(frozen=True, slots=True)
class CalledName:
    """A name from when to when, in a language or script, and where it was read."""

    kind: str
    language: str
    since: PartialDate
    until: PartialDate
    name: str
    source_url: str

    @classmethod
    def of(cls, line: str) -> CalledName:
        kind, language, since, until, name, source = (*line.split("|", 5), *[""] * 5)[:6]
        return cls(kind, language, PartialDate.parse(since), PartialDate.parse(until), name, source)

    @property
    def is_former(self) -> bool:
        return self.kind == NameKind.FORMER

    def __str__(self) -> str:
        return "|".join(
            (self.kind, self.language, str(self.since), str(self.until), self.name, self.source_url)
        ).rstrip("|")


@dataclass(frozen=True, slots=True)
class Site:
    """A web site, what it is about and in which language."""

    kind: str
    language: str
    address: str

    @classmethod
    def of(cls, line: str) -> Site:
        kind, language, address = (*line.split("|", 2), "", "")[:3]
        return cls(kind, language, address)

    @property
    def label(self) -> str:
        return str(dict(SiteKind.choices).get(self.kind, self.kind))

    def __str__(self) -> str:
        return f"{self.kind}|{self.language}|{self.address}"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or word that somebody knows an organisation by."""

    kind: str
    value: str

    @classmethod
    def of(cls, line: str) -> Identifier:
        return cls(*line.partition(":")[::2])

    @property
    def label(self) -> str:
        return str(dict(IdentifierKind.choices).get(self.kind, self.kind))

    @property
    def address(self) -> str:
        """Where it can be looked up by anybody; empty where nowhere."""
        return _ADDRESSES.get(self.kind, "").replace("*", self.value)

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed an agreement for one of its parties: the post, perhaps the name, on which day."""

    party: str  # public id
    post: str
    name: str
    on: PartialDate

    @classmethod
    def of(cls, line: str) -> Signature:
        party, post, name, on = (*line.split("|", 3), "", "", "")[:4]
        return cls(party, post, name, PartialDate.parse(on))

    def __str__(self) -> str:
        return f"{self.party}|{self.post}|{self.name}|{self.on}"


_ADDRESSES = {
    IdentifierKind.WIKIDATA.value: "https://www.wikidata.org/entity/*",
    IdentifierKind.ROR.value: "https://ror.org/*",
    IdentifierKind.LEI.value: "https://search.gleif.org/#/record/*",
}
_BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"  # of ROR: without i, l, o and u
_CIF = "JABCDEFGHI"


class WrongIdentifier(ValueError):
    """It can't be one of its kind; ``args[0]`` says why, ``checked``: because its check digit does not fit."""

    def __init__(self, kind: str, checked: bool) -> None:
        super().__init__(kind)
        self.kind, self.checked = kind, checked


def read_identifier(kind: str, written: str) -> Identifier:
    """As its kind writes it, whatever address or spaces stood around it. Raises WrongIdentifier."""
    value = _tidied(kind, written)
    if not _SHAPES[kind].fullmatch(value):
        raise WrongIdentifier(kind, checked=False)
    check = _CHECKS.get(kind)
    if check and not check(value):
        raise WrongIdentifier(kind, checked=True)
    return Identifier(kind, value)


_SHAPES: Mapping[str, re.Pattern[str]] = {
    "pic": re.compile(r"\d{9}"),
    "wikidata": re.compile(r"Q[1-9]\d{0,11}"),
    "ror": re.compile(rf"0[{_BASE_32}]{{6}}\d\d"),
    "vat": re.compile(
        r"(?:AT|BE|BG|CH|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK|XI)[A-Z0-9+*]{2,13}"
    ),
    "lei": re.compile(r"[A-Z0-9]{18}\d\d"),
    "iati": re.compile(r"[A-Z0-9]+-[A-Z0-9]+-[^\s/&|?;]+|\d{5}", re.IGNORECASE),
    "national": re.compile(r"[^;|]{2,60}"),
}


def _tidied(kind: str, written: str) -> str:
    value = " ".join(written.split())
    if kind in {IdentifierKind.WIKIDATA, IdentifierKind.ROR}:
        value = value.rstrip("/").rpartition("/")[2]
    if kind in {IdentifierKind.NATIONAL, IdentifierKind.IATI}:
        return value
    value = re.sub(r"[\s.\-]", "", value)
    return value.lower() if kind == IdentifierKind.ROR else value.upper()


def _ror(value: str) -> bool:
    """ISO 7064, 97-10, over the six signs read as one number."""
    number = 0
    for sign in value[1:7]:
        number = number * 32 + _BASE_32.index(sign)
    return 98 - number * 100 % 97 == int(value[7:])


def _lei(value: str) -> bool:
    """ISO 17442: letters as two digits each, the whole leaves 1 when divided by 97."""
    return int("".join(str(int(sign, 36)) for sign in value)) % 97 == 1


def _vat(value: str) -> bool:
    """Of the countries whose rule is known here; of others any that has the shape."""
    check = _VAT.get(value[:2])
    return check is None or check(value[2:])


def _vat_es(value: str) -> bool:
    """Of bodies (CIF): a letter, seven digits, a check digit or its letter; of people the shape alone is looked at."""
    if not re.fullmatch(r"[A-HJNP-SUVW]\d{7}[0-9A-J]", value):
        return bool(re.fullmatch(r"[0-9A-Z]\d{7}[0-9A-Z]", value))
    doubled = [divmod(int(digit) * 2, 10) for digit in value[1:8:2]]
    total = sum(map(sum, doubled)) + sum(int(digit) for digit in value[2:8:2])
    check = -total % 10
    return value[8] in {str(check), _CIF[check]}


def _vat_fr(value: str) -> bool:
    if not re.fullmatch(r"\d{11}", value):
        return bool(re.fullmatch(r"[A-HJ-NP-Z0-9]{2}\d{9}", value))
    return int(value[:2]) == (12 + 3 * (int(value[2:]) % 97)) % 97


def _vat_be(value: str) -> bool:
    return bool(re.fullmatch(r"[01]\d{9}", value)) and 97 - int(value[:8]) % 97 == int(value[8:])


def _vat_it(value: str) -> bool:
    """Luhn."""
    if not re.fullmatch(r"\d{11}", value):
        return False
    doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in value[1::2])
    return (doubled + sum(map(int, value[::2]))) % 10 == 0


_VAT: Mapping[str, Callable[[str], bool]] = {"ES": _vat_es, "FR": _vat_fr, "BE": _vat_be, "IT": _vat_it}
_CHECKS: Mapping[str, Callable[[str], bool]] = {"ror": _ror, "lei": _lei, "vat": _vat}


def called_names(lines: Iterable[str]) -> list[CalledName]:
    return [CalledName.of(line) for line in lines]


def sites(lines: Iterable[str]) -> list[Site]:
    return [Site.of(line) for line in lines]


def identifiers(lines: Iterable[str]) -> list[Identifier]:
    return [Identifier.of(line) for line in lines]


def former_names(was: Iterable[tuple[str, str]], called: Iterable[str], until: PartialDate) -> Iterator[CalledName]:
    """What something was called so far, by language, and is called no more: each until the day it was renamed.
    ``called``: all it is called now, its former names too. Case and accents make no other name."""
    known = set(map(folded, called))
    for language, name in was:
        if name and folded(name) not in known:
            known.add(folded(name))
            written = name.replace("|", "/").replace(";", ",")  # which part a line's cells
            yield CalledName(NameKind.FORMER, language, PartialDate(), until, written, "")
