"""The forms of dates, numbers and names of countries in each of our languages."""

import re
from functools import cache

from babel import Locale

# English as Europe writes it: 24 November 2026, and not November 24, 2026.
_FORMS = {"en": "en_GB"}
_ELIDED = {"el ": "l'", "del ": "de l'", "al ": "a l'", "pel ": "per l'", "El ": "L'", "Del ": "De l'", "Al ": "A l'"}
_BEFORE_A_VOWEL = re.compile(f"\\b({'|'.join(_ELIDED)})(11?(?= d[e’']))")


@cache
def locale_of(language: str) -> Locale:
    return Locale.parse(_FORMS.get(language, language))


def comma_in(language: str) -> str:
    """What stands between the members of a list: Arabic has a comma of its own."""
    return "، " if language == "ar" else ", "


def elided(text: str) -> str:
    """Catalan days that begin with a vowel: l'11 de març, de l'1 de maig, a l'1 de juny."""
    return _BEFORE_A_VOWEL.sub(lambda found: f"{_ELIDED[found[1]]}{found[2]}", text)
