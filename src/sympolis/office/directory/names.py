"""Which language an organisation's own name is in, where nobody said."""

from __future__ import annotations

from collections.abc import Mapping

from babel.languages import get_official_languages

from sympolis.engine.model import LANGUAGES
from sympolis.engine.texts.languages import detect_language


def language_of_name(name: str, names: Mapping[str, str], country: str) -> str:
    """The language under which the same name is listed, else what its words say, else the country's; "" if unsure.

    One word alone says little (Sfax, Metropolis): only a country with one of our languages decides there.
    """
    for language, listed in names.items():
        if listed == name:
            return language
    read = detect_language(name, among=LANGUAGES)
    if read == "ar" or len(name.split()) > 2:
        return read
    spoken = get_official_languages(country, de_facto=True)
    return spoken[0] if len(spoken) == 1 and spoken[0] in LANGUAGES and spoken[0] != "ar" else ""
