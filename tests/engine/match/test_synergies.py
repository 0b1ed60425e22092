"""Two portfolios: what they share, how they can work together, who should be asked along."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest

from sympolis.engine.match import members_to_ask, shared_themes, synergies
from sympolis.engine.model import Call, Item, ItemKind, PartialDate, Portfolio, Provenance, Stage, Strength, SynergyKind
from sympolis.engine.texts.vectors import Vectors
from tests.engine.conftest import item

ON = date(2026, 11, 23)

LEFT = Portfolio(
    "metropole",
    "metropolitan-authority",
    "FR",
    (
        item(
            "l-reuse",
            ItemKind.PROJECT,
            "Réutilisation des eaux usées pour arroser les parcs",
            language="fr",
            themes=("water",),
            stage=Stage.FINISHED,
        ),
        item(
            "l-bikes",
            ItemKind.PROJECT,
            "Vélos partagés entre communes",
            language="fr",
            themes=("mobility",),
            stage=Stage.ONGOING,
        ),
        item(
            "l-food",
            ItemKind.NEED,
            "Des cantines scolaires avec des produits locaux",
            language="fr",
            themes=("agri-food",),
        ),
        item("l-networks", ItemKind.PRIORITY, "Coopération décentralisée", language="fr", themes=("cooperation",)),
        item(
            "l-museum", ItemKind.PROJECT, "Un musée de la mer", language="fr", themes=("culture",), stage=Stage.UNKNOWN
        ),
    ),
    ("water-commission", "network"),
)
RIGHT = Portfolio(
    "area",
    "metropolitan-authority",
    "ES",
    (
        item("r-irrigate", ItemKind.NEED, "Regar els parcs amb aigua depurada", language="ca", themes=("water",)),
        item(
            "r-bikes",
            ItemKind.PROJECT,
            "Bicicleta compartida metropolitana",
            language="ca",
            themes=("mobility",),
            stage=Stage.ONGOING,
        ),
        item(
            "r-canteens",
            ItemKind.PROJECT,
            "Menjadors escolars amb productes de proximitat",
            language="ca",
            themes=("agri-food",),
            stage=Stage.FINISHED,
        ),
        item("r-cooperate", ItemKind.PRIORITY, "Cooperació internacional", language="ca", themes=("cooperation",)),
        item("r-energy", ItemKind.NEED, "Pobresa energètica als barris", language="ca", themes=("energy",)),
    ),
    ("water-commission", "other"),
)
CALLS = [
    Call(
        "c-bikes",
        {"en": "Shared bicycles and walking between municipalities"},
        Provenance("t", "c"),
        themes=("mobility",),
        closes=PartialDate.parse("2027-03-01"),
        max_grant_eur=Decimal(1),
    ),
    Call(
        "c-over",
        {"en": "Shared bicycles of last year"},
        Provenance("t", "d"),
        themes=("mobility",),
        closes=PartialDate.parse("2026-03-01"),
    ),
]
BANK = Portfolio(
    "bank",
    "development-bank",
    "",
    (item("o-energy", ItemKind.OFFER, "Advice against energy poverty in homes", themes=("energy",), owner="bank"),),
)


def test_all_five_kinds_are_found_with_who_brings_what(vectors: Vectors) -> None:
    found = synergies(LEFT, RIGHT, CALLS, [BANK], ON, vectors=vectors, bodies={"water-commission": ["water"]})
    best = {one.kind: one for one in reversed(found)}
    assert set(best) == set(SynergyKind)
    exchanges = {
        (one.giver_id, one.taker_id, tuple(part.id for part in one.items))
        for one in found
        if one.kind is SynergyKind.EXCHANGE
    }
    assert ("metropole", "area", ("l-reuse", "r-irrigate")) in exchanges
    assert ("area", "metropole", ("r-canteens", "l-food")) in exchanges
    assert [part.id for part in best[SynergyKind.JOINT_PROJECT].items] == ["l-bikes", "r-bikes"]
    assert best[SynergyKind.JOINT_APPLICATION].call_id == "c-bikes"
    helped = best[SynergyKind.ASSISTANCE]
    assert (helped.giver_id, helped.taker_id, helped.theme) == ("bank", "area", "energy")
    spoken = best[SynergyKind.ADVOCACY]
    assert (spoken.body_id, spoken.theme) == ("water-commission", "water")


def test_the_first_three_differ_in_kind_and_theme(vectors: Vectors) -> None:
    first = synergies(LEFT, RIGHT, CALLS, [BANK], ON, vectors=vectors)[:3]
    assert len({one.kind for one in first}) == 3
    assert len({one.theme for one in first}) == 3


def test_none_rests_on_a_generic_theme_or_on_a_call_that_is_over(vectors: Vectors) -> None:
    found = synergies(LEFT, RIGHT, CALLS, [BANK], ON, vectors=vectors)
    assert not {one.theme for one in found} & {"cooperation", "governance", "innovation", ""}
    assert "c-over" not in {one.call_id for one in found}


def test_what_is_the_same_keeps_its_id_whoever_comes_first_and_whatever_the_day(vectors: Vectors) -> None:
    forth = synergies(LEFT, RIGHT, CALLS, [BANK], ON, vectors=vectors, limit=50)
    back = synergies(RIGHT, LEFT, CALLS, [BANK], date(2026, 12, 24), vectors=vectors, limit=50)
    assert {one.id for one in forth} == {one.id for one in back}
    assert len({one.id for one in forth}) == len(forth)


def test_nobody_works_with_themselves_and_nothing_comes_of_nothing(vectors: Vectors) -> None:
    empty = Portfolio("empty", "city", "TN")
    assert synergies(LEFT, LEFT, CALLS, [BANK], ON, vectors=vectors) == []
    assert synergies(empty, Portfolio("void", "city", "LB"), CALLS, [], ON, vectors=vectors) == []
    assert [one.kind for one in synergies(empty, RIGHT, CALLS, [BANK], ON, vectors=vectors)] == ["assistance"]
    assert shared_themes(empty, RIGHT, vectors=vectors) == []


def test_a_project_both_took_part_in_is_no_news(vectors: Vectors) -> None:
    common = item(
        "both",
        ItemKind.PROJECT,
        "Réseau de refuges climatiques",
        language="fr",
        themes=("climate",),
        stage=Stage.FINISHED,
    )
    found = synergies(
        Portfolio("a", "city", "FR", (common,)), Portfolio("b", "city", "ES", (common,)), [], [], ON, vectors=vectors
    )
    assert found == []


def test_what_nobody_confirmed_stands_behind_what_is_known(vectors: Vectors) -> None:
    sure = item(
        "sure", ItemKind.PROJECT, "Compostage de quartier", language="fr", themes=("waste",), stage=Stage.FINISHED
    )
    unsure = item(
        "unsure",
        ItemKind.PROJECT,
        "Compostage de quartier",
        language="fr",
        themes=("waste",),
        stage=Stage.FINISHED,
        confirmed=False,
    )
    wants = Portfolio(
        "b", "city", "ES", (item("need", ItemKind.NEED, "Compostatge als barris", language="ca", themes=("waste",)),)
    )
    found = synergies(Portfolio("a", "city", "FR", (unsure, sure)), wants, [], [], ON, vectors=vectors)
    assert [one.items[0].id for one in found] == ["sure", "unsure"]


def test_groups_are_about_one_thing_across_languages(vectors: Vectors) -> None:
    groups = {group.theme: group for group in shared_themes(LEFT, RIGHT, vectors=vectors)}
    assert [part.id for part in groups["water"].left] == ["l-reuse"]
    assert [part.id for part in groups["water"].right] == ["r-irrigate"]
    assert groups["water"].sdgs == (6,)
    assert [part.id for part in groups["agri-food"].right] == ["r-canteens"]
    assert groups["cooperation"].strength is Strength.WEAK
    assert "culture" not in groups


def test_a_theme_nobody_declared_is_read_out_of_the_texts(vectors: Vectors) -> None:
    left = Portfolio(
        "a", "city", "FR", (item("a1", ItemKind.PROJECT, "Tri et compostage des déchets ménagers", language="fr"),)
    )
    right = Portfolio(
        "b", "city", "TN", (item("b1", ItemKind.NEED, "فرز النفايات المنزلية وإعادة التدوير", language="ar"),)
    )
    assert shared_themes(left, right, vectors=vectors)[0].theme == "waste"


def test_members_are_asked_for_what_they_do_never_for_how_much(vectors: Vectors) -> None:
    shared = shared_themes(LEFT, RIGHT, vectors=vectors)
    members = [
        Portfolio(
            "newcomer",
            "city",
            "TN",
            (
                item(
                    "n1",
                    ItemKind.PROJECT,
                    "إعادة استعمال المياه المعالجة في سقي الحدائق",
                    language="ar",
                    themes=("water",),
                    owner="newcomer",
                ),
            ),
        ),
        Portfolio(
            "busy",
            "city",
            "IT",
            tuple(
                item(
                    f"b{at}",
                    ItemKind.PROJECT,
                    f"Festa della musica {at}",
                    language="it",
                    themes=("culture",),
                    owner="busy",
                )
                for at in range(30)
            ),
        ),
        Portfolio("silent", "city", "LB"),
    ]
    found = members_to_ask(shared, members, vectors=vectors)
    assert [fit.organisation_id for fit in found] == ["newcomer"]
    assert found[0].features[0].values["theme"] == "water"
    assert [part.id for part in found[0].items] == ["n1"]
    assert members_to_ask([], members, vectors=vectors) == []


@pytest.mark.slow
def test_sixty_with_sixty_take_a_moment(vectors: Vectors) -> None:
    def many(side: str) -> tuple[Item, ...]:
        subjects = (
            "water reuse",
            "bicycle lanes",
            "school canteens",
            "social housing",
            "climate shelters",
            "open data",
        )
        return tuple(
            item(f"{side}{at}", ItemKind.PROJECT, f"{subjects[at % 6]} in district {at}", stage=Stage.ONGOING)
            for at in range(60)
        )

    left, right = Portfolio("a", "city", "FR", many("a")), Portfolio("b", "city", "ES", many("b"))
    synergies(left, right, CALLS, [], ON, vectors=vectors)
    began = time.process_time()
    synergies(left, right, CALLS, [], ON, vectors=vectors)
    assert time.process_time() - began < 1
