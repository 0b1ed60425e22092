"""From what is written in a cell to the value that is kept. Each parser raises BadValue with a remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from sympolis.engine import sheets
from sympolis.engine.model import LANGUAGES
from sympolis.engine.texts import vocabulary
from sympolis.office.core.imports.errors import BadValue
from sympolis.office.core.locales import comma_in
from sympolis.office.core.texts import codes, folded, one_line

type Parser = Callable[[str], Any]

TRUE = frozenset(map(folded, ("true", "yes", "y", "1", "x", "sí", "oui", "vrai", "cert", "verdadero", "نعم")))
FALSE = frozenset(map(folded, ("false", "no", "n", "0", "non", "faux", "fals", "falso", "لا")))


def text(limit: int = 10_000) -> Parser:
    """Words as they stand, up to ``limit`` characters."""

    def parse(written: str) -> str:
        if len(written) > limit:
            raise BadValue(
                _("This text has %(length)s characters; at most %(limit)s fit.")
                % {"length": len(written), "limit": limit},
                _("Shorten it."),
            )
        return written

    return parse


def line(limit: int = 300) -> Parser:
    """Words in one line: a name that somebody broke in its cell is the same name."""
    parse = text(limit)
    return lambda written: parse(one_line(written))


def number(least: int | None = None, most: int | None = None) -> Parser:
    """A whole number; spaces and marks between thousands are read over."""

    def parse(written: str) -> int:
        value = _decimal(written)
        if value != value.to_integral_value():
            raise BadValue(_("This is not a whole number."), _("Write digits only, for example 2019."))
        _within(value, least, most)
        return int(value)

    return parse


def amount(least: int | None = 0, most: int | None = 10**12) -> Parser:
    """An amount, kept exactly, as text: ``1.250.000,50`` and ``1,250,000.50`` are both understood."""

    def parse(written: str) -> str:
        value = _decimal(re.sub(r"(?i)\b(eur|euros?|usd)\b|[€$£]", "", written))
        _within(value, least, most)
        return format(value.normalize(), "f")

    return parse


def coordinate(most: int) -> Parser:
    """Degrees, north and east positive."""

    def parse(written: str) -> float:
        try:
            value = float(written.replace(",", "."))
        except ValueError:
            value = float("nan")
        if not -most <= value <= most:
            raise BadValue(
                _("This is not a coordinate."),
                _("Write degrees between -%(most)s and %(most)s, for example 41.38.") % {"most": most},
            )
        return value

    return parse


def boolean(written: str) -> bool:
    """Yes or no, in any of the five languages."""
    word = folded(written)
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise BadValue(_("This is neither yes nor no."), _("Write yes or no."))


def partial_date(written: str) -> str:
    """A year, a month or a day: ``2019``, ``2019-03``, ``2019-03-14``, ``14/3/2019``."""
    try:
        return str(sheets.partial_date(written))
    except ValueError:
        pass
    raise BadValue(_("This is not a date."), _("Write 2019, 2019-03 or 2019-03-14; day first also works: 14/3/2019."))


def whole_day(written: str) -> str:
    """A day and nothing less: a deadline in March is none."""
    day = partial_date(written)
    if day.count("-") < 2:
        raise BadValue(_("This is not a whole day."), _("Write the day: 2027-03-31."))
    return day


def year(written: str) -> int:
    """A year of history."""
    return int(number(1, 2200)(written))


def hour(written: str) -> str:
    """``9:30``, ``09.30`` or ``16h30``, kept as ``09:30:00``."""
    match = re.fullmatch(r"(\d{1,2})\s*(?:[:.h]\s*(\d{2})?)?(?::\d{2})?", written.strip(), re.IGNORECASE)
    on_the_clock, minute = (int(match[1]), int(match[2] or 0)) if match else (24, 0)
    if on_the_clock > 23 or minute > 59:
        raise BadValue(_("“%(written)s” is no hour.") % {"written": written[:40]}, _("Write 9:30 or 16:00."))
    return f"{on_the_clock:02}:{minute:02}:00"


def time_zone(names: Callable[[], Iterable[str]]) -> Parser:
    """One of the zones that there are, by its place."""

    def parse(written: str) -> str:
        known = {name.casefold(): name for name in names()}
        if found := known.get(written.strip().replace(" ", "_").casefold()):
            return found
        raise BadValue(
            _("“%(written)s” is no time zone we know.") % {"written": written[:40]},
            _("Write it by a place: Europe/Madrid, Africa/Tunis."),
        )

    return parse


def web_address(written: str) -> str:
    """An address to read; ``www.sfax.tn`` gets its ``https://``."""
    if re.match(r"(?i)https?://\S+$", written):
        return written
    if re.match(r"(?i)[\w-]+(\.[\w-]+)+(/\S*)?$", written):
        return f"https://{written}"
    raise BadValue(_("This is not a web address."), _("Write it whole, for example https://www.sfax.tn"))


def mail_address(written: str) -> str:
    """One address of a mailbox."""
    try:
        validate_email(written)
    except ValidationError as error:
        raise BadValue(_("This is not a mail address."), _("Write one address, for example water@sfax.tn")) from error
    return written


def country(written: str) -> str:
    """Two letters (ISO 3166), or the country's name in any of the five languages."""
    if written.upper() in _country_codes():
        return written.upper()
    return _one_of(written, _countries(), _("This is not a country we know."), _("Write its two letters or its name."))


def language(written: str) -> str:
    """Two letters (ISO 639), or the language's name in any of the five languages."""
    if re.fullmatch(r"[A-Za-z]{2}", written) and written.lower() in Locale("en").languages:
        return written.lower()
    return _one_of(
        written,
        _languages(),
        _("This is not a language we know."),
        _("Write its two letters or its name, for example fr."),
    )


def several(parse: Parser, separators: str = r"[;|\n]|,(?!\s*\d{3}\b)") -> Parser:
    """Many values in one cell, each once."""

    def parse_all(written: str) -> list[Any]:
        parts = [part.strip() for part in re.split(separators, written)]
        return list(dict.fromkeys(parse(part) for part in parts if part))

    return parse_all


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a controlled list: its code, or its label in any language."""

    name: str

    def __call__(self, written: str) -> str:
        return _one_of(
            written,
            _terms(self.name),
            _("This word is not on the list."),
            _("Choose a word of the list: %(words)s.") % {"words": _labels(self.name)},
            self.name,
        )

    def label(self, language: str, code: str) -> str:
        return vocabulary.label(self.name, code, language)


def term(name: str) -> Term:
    return Term(name)


def choice(words: Mapping[str, str]) -> Parser:
    """One of a few words; ``words`` leads from what may be written to what is kept."""
    known = {folded(written): kept for written, kept in words.items()}

    def parse(written: str) -> str:
        return _one_of(
            written,
            known,
            _("This word is not on the list."),
            _("Choose a word of the list: %(words)s.") % {"words": ", ".join(dict.fromkeys(words.values()))},
        )

    return parse


def theme(written: str) -> str:
    """A theme of the controlled list: its code, its label or a word that stands for it, in any language."""
    return _one_of(
        written,
        _themes(),
        _("This is not a theme of the list."),
        _("Write a theme such as water, mobility or climate."),
        "themes",
    )


def goal(written: str) -> str:
    """The number of a Sustainable Development Goal; of a target (11.4) the goal."""
    found = re.search(r"\b(\d{1,2})(?:\.\w{1,2})?\b", written)
    if found and 1 <= int(found[1]) <= 17:
        return str(int(found[1]))
    raise BadValue(_("This is not a Sustainable Development Goal."), _("Write its number, 1 to 17."))


def names_by_language(written: str) -> dict[str, str]:
    """``ca:Tànger|fr:Tanger`` as language -> name."""
    found = {}
    for part in filter(None, (part.strip() for part in re.split(r"[|\n]", written))):
        code, colon, name = part.partition(":")
        if not colon or not name.strip():
            raise BadValue(_("This is not a list of names by language."), _("Write it like this: ca:Tànger|fr:Tanger"))
        found[language(code.strip())] = text(300)(name.strip())
    return found


def listed(written: str) -> list[str]:
    """Short codes cut at semicolons or commas."""
    return list(codes(written))


def _decimal(written: str) -> Decimal:
    try:
        return sheets.number(written)
    except ValueError:
        raise BadValue(_("This is not a number."), _("Write digits only, for example 1250000.")) from None


def _within(value: Decimal, least: int | None, most: int | None) -> None:
    if (least is not None and value < least) or (most is not None and value > most):
        raise BadValue(
            _("This number is out of range."),
            _("It lies between %(least)s and %(most)s.")
            % {"least": "–" if least is None else least, "most": "–" if most is None else most},
        )


def _one_of(written: str, known: Mapping[str, str], what: str, remedy: str, listed_in: str = "") -> str:
    """``listed_in`` is the list whose codes are kept: what may have been meant is then said in the reader's words."""
    wanted = folded(written)
    if wanted in known:
        return known[wanted]
    near = nearest(wanted, known)
    language = (get_language() or "en").split("-")[0]
    raise BadValue(
        what, remedy, tuple(vocabulary.label(listed_in, one, language) for one in near) if listed_in else near
    )


def nearest(wanted: str, known: Mapping[str, str], most: int = 3) -> tuple[str, ...]:
    """What may have been meant: the kept values of the nearest keys, best first."""
    found = process.extract(wanted, list(known), scorer=fuzz.ratio, limit=most * 2, score_cutoff=70)
    return tuple(dict.fromkeys(known[key] for key, _score, _at in found))[:most]


def _folded_once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for written, code in pairs:
        kept.setdefault(folded(written), code)
    return kept


@cache
def _country_codes() -> frozenset[str]:
    return frozenset(str(code) for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code)))


@cache
def _countries() -> dict[str, str]:
    return _folded_once(
        (name, code)
        for tongue in LANGUAGES
        for code, name in Locale(tongue).territories.items()
        if code in _country_codes()
    )


@cache
def _languages() -> dict[str, str]:
    own = [(Locale(code).display_name or code, code) for code in LANGUAGES]
    return _folded_once(
        [
            *own,
            *(
                (name, code)
                for tongue in LANGUAGES
                for code, name in Locale(tongue).languages.items()
                if len(code) == 2
            ),
        ]
    )


@cache
def _terms(name: str) -> dict[str, str]:
    return _folded_once(
        (written, term.code)
        for term in vocabulary.terms(name)
        for written in (term.code, *term.labels.values(), *term.plurals.values(), *term.written)
    )


def _labels(name: str) -> str:
    """The words of a list as the reader would write them."""
    language = (get_language() or "en").split("-")[0]
    return comma_in(language).join(
        sorted(vocabulary.label(name, term.code, language) for term in vocabulary.terms(name))
    )


@cache
def _themes() -> dict[str, str]:
    themes = vocabulary.themes()
    return _folded_once(
        [
            *((theme.code, theme.code) for theme in themes),
            *((label, theme.code) for theme in themes for label in theme.labels.values()),
            *((word, theme.code) for theme in themes for words in theme.synonyms.values() for word in words),
        ]
    )
