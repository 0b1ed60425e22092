"""How a sentence is put together in a language."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.brief.naming import name_of, short_name_of
from sympolis.office.synergies.brief.wording import Noted, Run, Said, plain, written


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (1, "Decidiu abans de l'1 d’octubre del 2027 qui"),
        (2, "Decidiu abans del 2 d’octubre del 2027 qui"),
        (10, "Decidiu abans del 10 d’octubre del 2027 qui"),
        (11, "Decidiu abans de l'11 d’octubre del 2027 qui"),
        (12, "Decidiu abans del 12 d’octubre del 2027 qui"),
        (21, "Decidiu abans del 21 d’octubre del 2027 qui"),
    ],
)
def test_catalan_days_that_begin_with_a_vowel(day: int, words: str) -> None:
    said = Said(
        _("Decide by %(decide)s who leads, and read the call's rules together."), {"decide": date(2027, 10, day)}
    )
    assert plain(written(said, "ca")).startswith(words)


def test_other_languages_and_other_words_stay() -> None:
    assert plain(written(Said("del 11 de marzo"), "es")) == "del 11 de marzo"
    assert plain(written(Said("el model 11 de mostra, el 1.100"), "ca")) == "el model 11 de mostra, el 1.100"
    assert plain(written(Said("El 11 de març"), "ca")) == "L'11 de març"


def test_running_text_in_another_language_says_which() -> None:
    said = Said("%(words)s", {"words": Noted(Text.of(en="A port.", ar="ميناء"))})
    assert written(said, "fr") == [Run("A port.", "en"), Run(" (anglais)")]
    assert written(said, "ar") == [Run("ميناء")]
    assert written(Said("%(words)s", {"words": Noted(Text())}), "fr") == []


def test_one_body_is_called_alike_wherever_a_brief_names_it() -> None:
    network = Organisation(name="MedCities", name_language="en", short_name="MedCities", names=Text.of(fr="MedCités"))
    for language, called in (("fr", "MedCités"), ("ar", "MedCities"), ("en", "MedCities")):
        for name in (short_name_of(network), name_of(network)):
            assert plain(written(Said("%(who)s", {"who": name}), language)) == called
    amb = Organisation(name="Àrea Metropolitana de Barcelona", name_language="ca", short_name="AMB")
    assert short_name_of(amb) == "AMB"
