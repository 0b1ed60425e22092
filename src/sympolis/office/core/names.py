"""Countries and languages by their names in our languages, and back to their codes."""

from __future__ import annotations

import unicodedata
from functools import cache

from babel import localedata
from rapidfuzz import fuzz, process

from sympolis.engine.model import LANGUAGES
from sympolis.office.core.locales import locale_of
from sympolis.office.core.texts import folded

# Languages people of this field meet in; any other can still be written by its code.
_CODES = (
    "en ca es fr ar pt it de nl el tr he hr sq sl sr bs mk bg ro hu pl cs sk sv da fi no is et lv lt uk ru "
    "mt eu gl oc ber kab fa ur hi zh ja ko id sw am"
)
OFTEN_SPOKEN = tuple(_CODES.split())

# The locale data names the varieties of Berber only.
_BERBER = {"en": "Tamazight (Berber)", "ca": "amazic", "es": "amazig", "fr": "amazighe", "ar": "الأمازيغية"}
# What people call a language besides its name in the locale data, where they live with it.
_ALSO_CALLED = {
    "es": "castellano castellà castillan castilian القشتالية",
    "ca": "valencià valenciano valencien valencian",
    "ber": "tamazight tamaziɣt berber berbère bereber amazigh ⵜⴰⵎⴰⵣⵉⵖⵜ",
    "fa": "farsi dari",
}


# In the locale data beside countries: unions, the unknown, accents for trying things out, what has no code of its own.
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO", "CQ"})


class Names:
    """One list of codes with their names: ``territories`` or ``languages`` of the locale data."""

    def __init__(self, part: str) -> None:
        self.part = part

    def codes(self) -> list[str]:
        if self.part == "languages":
            return list(OFTEN_SPOKEN)
        found = [str(code) for code in locale_of("en").territories]
        return [code for code in found if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES]

    def name(self, code: str, language: str) -> str:
        if code == "ber" and self.part == "languages":
            return _BERBER.get(language, _BERBER["en"])
        named = getattr(locale_of(language), self.part).get(code) or getattr(locale_of("en"), self.part).get(code, code)
        return str(named)  # in English where the reader's language has none

    def choices(self, language: str) -> list[tuple[str, str]]:
        return list(_sorted(self, language))

    def code(self, written: str) -> str:
        """The code meant by a name in any of our languages, or by the code itself; empty when none is."""
        word = folded(written)
        return _by_name(self).get(word, "")

    def nearest(self, written: str, language: str) -> str:
        """The best guess at a name nobody knows, in the reader's words; empty when nothing is near."""
        found = process.extractOne(folded(written), list(_by_name(self)), scorer=fuzz.ratio, score_cutoff=70)
        return self.name(_by_name(self)[found[0]], language) if found else ""


@cache
def _sorted(of: Names, language: str) -> tuple[tuple[str, str], ...]:
    named = ((code, of.name(code, language)) for code in of.codes())
    return tuple(sorted(named, key=lambda pair: _in_order(pair[1], language)))


def _in_order(name: str, language: str) -> str:
    """What names are sorted by: Arabic ones by their own alphabet, whatever stands on an alef or under it."""
    if language != "ar":
        return folded(name)
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))


@cache
def _by_name(of: Names) -> dict[str, str]:
    found = {folded(of.name(code, language)): code for language in LANGUAGES for code in of.codes()}
    if of.part == "languages":
        found = {**_by_other_names(), **found}
    return {**found, **{code.lower(): code for code in of.codes()}}


def _by_other_names() -> dict[str, str]:
    """Each language by its name in itself, and by what it is called besides."""
    known = localedata.exists
    own = {folded(locale_of(code).languages[code]): code for code in OFTEN_SPOKEN if known(code)}
    return own | {folded(word): code for code, words in _ALSO_CALLED.items() for word in words.split()}


COUNTRIES = Names("territories")
TONGUES = Names("languages")
