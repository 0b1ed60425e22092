"""The forms of dates, numbers and names of countries in each of our languages."""

from functools import cache

from babel import Locale

# English as Europe writes it: 24 November 2026, and not November 24, 2026.
_FORMS = {"en": "en_GB"}


@cache
def locale_of(language: str) -> Locale:
    return Locale.parse(_FORMS.get(language, language))


def comma_in(language: str) -> str:
    """What stands between the members of a list: Arabic has a comma of its own."""
    return "، " if language == "ar" else ", "
