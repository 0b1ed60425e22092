"""Values as CORDIS writes them: countries, amounts, dates, roles, points, VAT numbers."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import sha256

from babel import Locale

from ...model import PartialDate, ParticipationRole
from ..plain_text import one_line
from ..public_bodies import kind_of_public_body

_OWN_COUNTRIES = {"EL": "GR", "UK": "GB"}
_OTHER_NAMES = {
    "Czech Republic": "CZ", "Bosnia and Herzegovina": "BA", "Hong Kong": "HK", "Macedonia": "MK", "FYROM": "MK",
    "Moldova (Republic of)": "MD", "Palestine": "PS", "Korea (Republic of)": "KR", "Turkey": "TR",
    "The former Yugoslav Republic of Macedonia": "MK", "Kosovo * UN resolution": "XK", "Faeroe Islands": "FO",
    "China (People's Republic of)": "CN",
}  # fmt: skip
_PROGRAMMES = {"FP7": "FP7", "H2020": "Horizon 2020", "HORIZON": "Horizon Europe"}
_STATUSES = {
    "SIGNED": "ongoing", "CLOSED": "finished", "TERMINATED": "terminated", "PROJECT CLOSED": "finished",
    "ONGOING PROJECT": "ongoing", "CLOSED PROJECT": "finished", "ONGOING": "ongoing",
    "GRANT AGREEMENT TERMINATED": "terminated",
}  # fmt: skip
_ROLES = {
    "coordinator": ParticipationRole.LEAD,
    "hostinstitution": ParticipationRole.LEAD,
    "participant": ParticipationRole.PARTNER,
    "partner": ParticipationRole.PARTNER,
    "beneficiary": ParticipationRole.PARTNER,
    "associatedpartner": ParticipationRole.ASSOCIATED,
    "internationalpartner": ParticipationRole.ASSOCIATED,
    "thirdparty": ParticipationRole.THIRD_PARTY,
}
_KINDS = {"HES": "research", "REC": "research", "PRC": "company", "OTH": "other"}
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_AMOUNT = re.compile(r"-?\d[\d.,]*")
_NOT_VAT = re.compile(r"[^A-Z0-9]+")
_NO_DIGITS = re.compile(r"[^0-9]+")
_LETTERS = re.compile(r"[^a-z]")


@lru_cache(maxsize=4096)
def country(code: str) -> str:
    """ISO 3166-1 (and XK) for a code of CORDIS; empty where it is none."""
    code = code.strip().upper()
    return _OWN_COUNTRIES.get(code, code) if len(code) == 2 and code.isascii() and code.isalpha() else ""


@lru_cache(maxsize=4096)
def country_called(name: str) -> str:
    """The code of a country by its English name; empty where none is called so."""
    return _OTHER_NAMES.get(name) or _country_names().get(name.casefold(), "")


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    names = Locale.parse("en").territories
    return {str(name).casefold(): str(code) for code, name in names.items() if len(str(code)) == 2}


def programme(code: str) -> str:
    """The name of a framework programme; codes we have no name for stay as they are."""
    return _PROGRAMMES.get(code.strip().upper(), one_line(code))


def status(written: str) -> str:
    """Where a project stands: ongoing, finished, terminated; what is none of these stays in the source's word."""
    return _STATUSES.get(written.strip().upper(), one_line(written).lower())


@lru_cache(maxsize=256)
def role(written: str) -> ParticipationRole | None:
    """The role; None for one we don't know."""
    return _ROLES.get(_LETTERS.sub("", written.lower()))


def kind(activity_type: str, name: str) -> str:
    """The kind of an organisation out of its activity type; of a public body, out of its name."""
    activity_type = activity_type.strip().upper()
    return kind_of_public_body(name) if activity_type == "PUB" else _KINDS.get(activity_type, "other")


def amount(written: str) -> Decimal | None:
    """``1963982,50``, ``528340.97``, ``EUR 4 459 807``, ``1.234.567,89``; None for an empty one and ``No data``.

    A single comma or point parts the decimals: CORDIS groups thousands with spaces, if at all. Raises ValueError for
    what is no amount or a negative one.
    """
    whole, mark, cents = written.partition("," if "," in written else ".")
    if whole.isdecimal() and (cents.isdecimal() or not mark):  # nearly all are as plain as that
        return Decimal(f"{whole}.{cents}") if mark else Decimal(whole)
    bare = written.removeprefix("EUR").removeprefix("€").translate(_NO_SPACES)
    if not bare or bare.lower() in ("nodata", "null", "n/a"):
        return None
    if not _AMOUNT.fullmatch(bare):
        raise ValueError(f"{written!r} is no amount")
    try:
        found = Decimal(_with_point(bare))
    except InvalidOperation:
        raise ValueError(f"{written!r} is no amount") from None
    if found < 0:
        raise ValueError(f"{written!r} is negative")
    return found


_NO_SPACES = {ord(space): None for space in " \u00a0\u202f\u2009\t'"}


def _with_point(number: str) -> str:
    commas, points = number.count(","), number.count(".")
    if not commas and points <= 1:
        return number
    if commas and points:
        grouping, decimal = (".", ",") if number.rfind(",") > number.rfind(".") else (",", ".")
        return number.replace(grouping, "").replace(decimal, ".")
    mark = "," if commas else "."
    return number.replace(mark, "." if number.count(mark) == 1 else "")


@lru_cache(maxsize=65536)
def day(written: str) -> PartialDate:
    """``2018-07-19 09:17:05``, ``2021-03``, ``4 November 2015``; empty is open. Raises ValueError otherwise."""
    written = written.strip()
    words = written.split()
    if len(words) == 3 and words[1].lower() in _MONTHS:
        on = date(int(words[2]), _MONTHS.index(words[1].lower()) + 1, int(words[0]))
        return PartialDate(on, on)
    return PartialDate.parse(words[0].split("T")[0].rstrip(",")) if words else PartialDate()


def point(written: str) -> tuple[float | None, float | None]:
    """Latitude and longitude out of ``51.52,-0.13``; nothing where it is no point on the globe."""
    parts = written.strip("() ").split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None, None
    on_the_globe = -90 <= latitude <= 90 and -180 <= longitude <= 180 and (latitude, longitude) != (0.0, 0.0)
    return (latitude, longitude) if on_the_globe else (None, None)


def vat(written: str) -> str:
    """A VAT number in capitals without signs; empty for what can't be one (``NOT APPLICABLE``, only zeros)."""
    bare = _NOT_VAT.sub("", written.upper())
    digits = _NO_DIGITS.sub("", bare)
    return bare if len(digits) >= 5 and len(bare) <= 20 and bare[:2].isalpha() and len(set(digits)) > 1 else ""


def website(written: str) -> str:
    """A web address; ``www.`` gets its scheme, anything else is none."""
    written = written.strip()
    if written.lower().startswith("www."):
        return f"http://{written}"
    return written if written.lower().startswith(("http://", "https://")) and not set(written) & set(' "<>') else ""


def nameless_id(name: str, code: str) -> str:
    """What stands for a PIC where there is none: the same for the same name and country."""
    return "name-" + sha256(f"{name.casefold()}|{code}".encode()).hexdigest()[:16]
