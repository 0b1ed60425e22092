"""Open calls that fit, and what speaks against each."""

from __future__ import annotations

from datetime import date

import pytest

from sympolis.engine.match import DETAILS, STRONG, fitting_calls
from sympolis.engine.match.calls import is_open_or_forthcoming, next_deadline
from sympolis.engine.match.items import item_of_call, languages_of, passages_of, texts_of
from sympolis.engine.model import Call, ItemKind, PartialDate, Provenance
from sympolis.engine.texts.encoders import FAST
from sympolis.engine.texts.similarity import background, without_languages
from sympolis.engine.texts.vectors import Vectors
from tests.engine.conftest import item

ON = date(2026, 11, 23)
WHERE = Provenance("test", "1")
NEEDS = [item("need", ItemKind.NEED, "Réutiliser l'eau dans les villes", language="fr", themes=("water",))]


def call(key: str, title: str = "Reuse of water in cities", **rest: object) -> Call:
    return Call(key, {"en": title}, WHERE, **{"themes": ("water",), "closes": PartialDate.parse("2027-06-30")} | rest)  # type: ignore[arg-type]


def test_what_fits_comes_with_reasons_and_what_is_else_is_left_out(vectors: Vectors) -> None:
    calls = [call("fits"), call("else", "Chips for space telescopes", themes=("digital",))]
    [fit] = fitting_calls(NEEDS, calls, ["FR"], ["city"], ON, vectors=vectors)
    assert fit.call.id == "fits"
    assert [feature.detail for feature in fit.against] == ["countries-not-known", "kinds-not-known"]
    assert [feature.score for feature in fit.against] == [0, 0]
    details = [feature.detail for feature in fit.features]
    assert details[0] == "open-call"
    assert "shared-themes" in details
    assert {*details, *(feature.detail for feature in fit.against)} <= set(DETAILS)


def test_what_speaks_against_is_said_and_weighs(vectors: Vectors) -> None:
    calls = [
        call("a-best", eligible_countries=("FR", "ES"), eligible_kinds=("city",)),
        call("b-soon", eligible_countries=("FR",), eligible_kinds=("city",), closes=PartialDate.parse("2026-12-01")),
        call("c-kind", eligible_countries=("FR",), eligible_kinds=("ngo",)),
        call("d-country", eligible_countries=("EG",), eligible_kinds=("city",)),
    ]
    fits = fitting_calls(NEEDS, calls, ["FR"], ["city"], ON, vectors=vectors)
    said = {fit.call.id: [(feature.detail, dict(feature.values)) for feature in fit.against] for fit in fits}
    assert list(said) == ["a-best", "b-soon", "c-kind", "d-country"]
    assert said["a-best"] == []
    assert said["b-soon"] == [("deadline-soon", {"days": 8, "closes": "2026-12-01"})]
    assert said["c-kind"] == [("kind-not-named", {"kinds": ["city"]})]
    assert said["d-country"] == [("country-not-eligible", {"countries": ["FR"]})]


@pytest.mark.parametrize(
    ("rest", "is_open"),
    [
        ({"closes": PartialDate.parse("2026-11-23")}, True),
        ({"closes": PartialDate.parse("2026-11-22")}, False),
        ({"closes": PartialDate.parse("2026")}, True),
        ({"closes": PartialDate()}, False),
        ({"closes": PartialDate(), "opens": PartialDate.parse("2018")}, False),
        ({"closes": PartialDate(), "opens": PartialDate.parse("2027-01")}, True),
        ({"closes": PartialDate(), "status": "open"}, True),
        ({"status": "closed"}, False),
    ],
)
def test_only_what_is_known_to_be_open_or_to_open(rest: dict[str, object], is_open: bool) -> None:
    assert is_open_or_forthcoming(call("c", **rest), ON) is is_open


def test_of_several_deadlines_the_next_counts() -> None:
    several = call(
        "c", deadlines=(date(2026, 3, 1), date(2027, 3, 1), date(2027, 9, 1)), closes=PartialDate.parse("2027-09-01")
    )
    assert next_deadline(several, ON) == date(2027, 3, 1)


def test_a_text_asks_as_well_as_items_do(vectors: Vectors) -> None:
    [fit] = fitting_calls("Volem reutilitzar l'aigua", [call("fits")], [], [], ON, vectors=vectors)
    assert fit.call.id == "fits"
    assert fitting_calls([], [call("fits")], [], [], ON, vectors=vectors) == []


def test_a_call_that_says_what_all_say_is_not_strong_for_a_text(vectors: Vectors) -> None:
    asked = "We want to reuse treated waste water in our parks"
    one = call("one", "Reuse of treated waste water in parks of cities")
    others = [
        call(f"x{at:02}", title) for at, title in enumerate(("Chips for space", "Rail freight", "Cancer drugs") * 4)
    ]
    alike = [call(f"y{at:02}", "Reuse of treated waste water in parks of cities") for at in range(12)]
    alone = fitting_calls(asked, [one, *others], (), (), ON, vectors=vectors)
    among = fitting_calls(asked, [one, *alike], (), (), ON, vectors=vectors)
    assert (alone[0].call.id, str(alone[0].strength)) == ("one", "strong")
    assert len(among) == 13
    assert {str(fit.strength) for fit in among} == {"fair"}
    assert among[0].score >= STRONG


def test_the_passage_that_is_named_is_the_nearest_of_those_that_were_counted(vectors: Vectors) -> None:
    asked = "Volem ombra i aigua a les places"
    squares = ("Trees give shade to squares", "Fountains bring water to squares", "Shade cools our squares")
    english = " ".join(f"{said}." for said in squares for _ in range(25))
    french = "De l'ombre et de l'eau sur les places. " * 12 + "Du lait de chèvre et du fromage de brebis. " * 25
    long = call("long", "Cities", summary={"en": english, "fr": french})
    others = [call(f"x{at:02}", f"{matter} {at}") for at, matter in enumerate(("Missiles", "Chips", "Old goats") * 17)]
    made = item_of_call(long)
    spoken = dict(zip([*texts_of(made), *passages_of(made)], languages_of(made), strict=True))
    vectors.fill(list(spoken), FAST)
    [fit, *_] = fitting_calls(asked, [long, *others], (), (), ON, vectors=vectors)
    [named] = [feature.values["right_passage"] for feature in fit.features if feature.name == "text-fast"]
    general = background(FAST, vectors)
    rows = without_languages(vectors.encode([asked, *spoken], FAST), general)
    near = dict(zip(spoken, (rows[1:] @ rows[0]).tolist(), strict=True))
    counted = [text for text, language in spoken.items() if language == "en"]
    assert (fit.call.id, len(counted)) == ("long", 4)
    assert named == max(counted, key=lambda text: near[text])
    assert near[named] < max(near.values())
