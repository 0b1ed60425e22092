"""Every reason of a match rests on what stands in the two records."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from sympolis.engine.match.features import compare_items
from sympolis.engine.model import Feature, Item, ItemKind, Stage
from sympolis.engine.texts.vectors import Vectors
from tests.backed import STANDS, is_quoted, unbacked
from tests.engine.conftest import item

KINDS = [
    *((ItemKind.PROJECT, stage) for stage in Stage),
    *((kind, Stage.UNKNOWN) for kind in ItemKind if kind is not ItemKind.PROJECT),
]


def entries() -> list[Item]:
    """Of every kind and stage, rich and bare, with titles and texts of every form in several languages."""
    said = [
        ({"en": "Reuse of water."}, {"en": "  Treated   waste water\nirrigates parks. " * 40}),
        ({"fr": "Réutiliser l'eau pour arroser"}, {"ca": "L'aigua depurada rega els parcs", "fr": ""}),
        ({}, {"ar": "إعادة استعمال المياه المعالجة في ري الحدائق"}),
        ({"es": "Riego de parques con agua regenerada"}, {}),
    ]
    return [
        Item(
            id=f"{kind}-{stage}-{at}",
            kind=kind,
            title=title,
            text=text,
            owner_id="",
            stage=stage,
            themes=(("water", "energy"), ("energy",), (), ("water", "climate"))[at],
            sdgs=((6, 11), (), (6, 7), (13, 6))[at],
            countries=(("ES", "FR"), ("FR",), ("TN",), ("ES",))[at],
            partner_ids=(("a", "b"), ("b",), (), ("a", "b", "c"))[at],
            programme=("Sea", "Sea", "", "Land")[at],
        )
        for (kind, stage), (at, (title, text)) in product(KINDS, enumerate(said))
    ]


def test_all_pairs_say_nothing_that_is_not_in_them(vectors: Vectors) -> None:
    every = entries()
    some = [one for one in every if one.id.endswith(("0", "1"))]
    compared = compare_items(some, every, vectors)
    told: set[str] = set()
    for (row, left), (column, right) in product(enumerate(some), enumerate(every)):
        features = compared.explain(row, column)
        assert unbacked(features, left, right) == [], (left.id, right.id)
        if "text-fast" in {feature.name for feature in features} and left.text != right.text:
            told.add("other words")
        told |= {feature.name for feature in features} | {feature.detail for feature in features}
    assert {"text-fast", "other words", "themes", "stage", "sdgs", "partners", "programme", "place"} <= told
    assert set(STANDS) <= told


WATER = item("water", ItemKind.NEED, "Reuse of water", text="Treated waste water irrigates parks.", themes=("water",))
TRAMS = item("trams", ItemKind.PROJECT, "Night trams", text="Trams run at night.", stage=Stage.ONGOING)


@pytest.mark.parametrize(
    ("name", "detail", "values"),
    [
        ("text-fast", "similar-text", {"left_passage": "Night trams. Trams run at night"}),
        ("text-fast", "similar-text", {"right_passage": "Night trams. Trams run at dawn"}),
        ("text-fast", "similar-text", {"left": "Night trams"}),
        ("text-subject", "similar-text", {"phrases": ["a phrase of nobody"]}),
        ("themes", "shared-themes", {"declared": ["water"]}),
        ("themes", "shared-themes", {"themes": ["trams"]}),
        ("sdgs", "shared-sdgs", {"sdgs": [6]}),
        ("partners", "shared-partners", {"partners": []}),
        ("programme", "same-programme", {"programme": ""}),
        ("place", "same-country", {"countries": ["ES"]}),
        ("stage", "both-at-work", {"left": "ongoing"}),
        ("stage", "one-ahead", {}),
        ("stage", "both-want", {}),
        ("place", "same-country", {"city": "Sfax"}),
        ("weather", "shared-weather", {}),
    ],
)
def test_what_is_made_up_is_noticed(name: str, detail: str, values: dict[str, object]) -> None:
    assert unbacked((Feature(name, 0.5, detail, values),), WATER, TRAMS) != []


@pytest.mark.parametrize(
    ("passage", "is_so"),
    [
        ("Reuse of water. Treated waste water irrigates parks", True),
        ("waste water irrigates", True),
        ("Reuse of water", True),
        ("Reuse of water. irrigates Treated", False),
        ("Treated waste water. Reuse of water", False),
        ("Reuse of waste water", False),
    ],
)
def test_what_counts_as_quoted(passage: str, is_so: bool) -> None:
    assert is_quoted(passage, replace(WATER, text={"en": "Treated  waste\nwater irrigates parks."})) is is_so
