"""Records into bodies."""

import csv
from itertools import combinations
from pathlib import Path

import pytest

from sympolis.engine.model import Organisation
from sympolis.engine.resolve.bodies import Body, prepare
from sympolis.engine.resolve.clusters import pair
from sympolis.engine.resolve.gazetteer import Gazetteer
from sympolis.engine.resolve.judge import Verdict, judge
from sympolis.engine.resolve.resolve import Resolution, resolve_bodies
from sympolis.engine.resolve.weights import Weights
from sympolis.engine.sources import read_source

ROWS = [
    ("barcelona-ca", "Ajuntament de Barcelona", "ES", "city"),
    ("barcelona-en", "Barcelona City Council", "ES", "city"),
    ("barcelona-fr", "Ville de Barcelone", "ES", "city"),
    ("barcelona-ar", "برشلونة", "ES", "city"),
    ("diputacio", "Diputació de Barcelona", "ES", "region"),
    ("amb", "AMB", "ES", "metropolitan-authority"),
    ("amb-long", "Àrea Metropolitana de Barcelona", "ES", "metropolitan-authority"),
    ("ub", "Universitat de Barcelona", "ES", "research"),
    ("ub-en", "University of Barcelona", "ES", "research"),
    ("uab", "Universitat Autònoma de Barcelona", "ES", "research"),
    ("goteborg", "Göteborgs Stad", "SE", "city"),
    ("goteborg-2", "Göteborg Stad", "SE", "city"),
    ("goteborg-en", "City of Gothenburg", "SE", "city"),
    ("cordoba-es", "Córdoba", "ES", "city"),
    ("cordoba-ar", "Municipalidad de Córdoba", "AR", "city"),
    ("valencia", "Ayuntamiento de Valencia", "ES", "city"),
    ("valencia-province", "Diputació de València", "ES", "province"),
    ("valencia-region", "Comunitat Valenciana", "ES", "region"),
    ("valencia-ve", "Valencia", "VE", "city"),
    ("valencia-bare", "Valencia", "", ""),
]
SAME = [
    {"barcelona-ca", "barcelona-en", "barcelona-fr", "barcelona-ar"},
    {"amb", "amb-long"},
    {"ub", "ub-en"},
    {"goteborg", "goteborg-2", "goteborg-en"},
]


def bodies(rows: list[tuple[str, str, str, str]] = ROWS) -> list[Body]:
    return [Body(key, (name,), country, kind) for key, name, country, kind in rows]


def groups(found: Resolution) -> list[set[str]]:
    held: dict[str, set[str]] = {}
    for key, (entity, _) in found.entities.items():
        held.setdefault(entity, set()).add(key)
    return [group for group in held.values() if len(group) > 1]


def test_a_city_under_many_names_is_one_and_its_neighbours_are_not(gazetteer: Gazetteer) -> None:
    found = resolve_bodies(bodies(), gazetteer)
    assert groups(found) == SAME
    assert found.entities["barcelona-ar"][0] == "barcelona-ca"


def test_a_bare_name_that_may_be_several_waits_for_a_person(gazetteer: Gazetteer) -> None:
    found = resolve_bodies(bodies(), gazetteer, least=0.5)
    assert found.entities["valencia-bare"] == ("valencia-bare", 1.0)
    waiting = {frozenset((one.left, one.right)) for one in found.unsure}
    assert frozenset(("valencia", "valencia-bare")) in waiting
    assert frozenset(("valencia-ve", "valencia-bare")) in waiting


def test_what_a_person_decides_goes_before_all(gazetteer: Gazetteer) -> None:
    decided = {
        pair("valencia", "valencia-bare"): Verdict.SAME,
        pair("barcelona-ca", "barcelona-ar"): Verdict.OTHER,
    }
    found = resolve_bodies(bodies(), gazetteer, decided)
    assert found.entities["valencia-bare"][0] == "valencia"
    assert found.entities["barcelona-ar"][0] != found.entities["barcelona-ca"][0]
    assert not [one for one in found.unsure if pair(one.left, one.right) in decided]


def test_identifiers_go_before_names_and_keep_apart(gazetteer: Gazetteer) -> None:
    rows = [
        Body("a", ("Institut Català",), "ES", "research", ("pic:999", "ror:1")),
        Body("b", ("Something Else Entirely",), "ES", "research", ("pic:999",)),
        Body("c", ("Institut Català",), "ES", "research", ("ror:2",)),
    ]
    found = resolve_bodies(rows, gazetteer)
    assert groups(found) == [{"a", "b"}]


def test_every_reason_is_told_with_what_was_compared(gazetteer: Gazetteer) -> None:
    left, right = prepare([bodies()[0], bodies()[4]], gazetteer)
    one = judge(left, right, Weights())
    assert one.verdict == Verdict.OTHER
    [level] = [feature for feature in one.features if feature.name == "level"]
    assert (level.score, dict(level.values)) == (-1.0, {"left": ["city"], "right": ["province", "region"]})


def test_the_same_records_in_another_order_are_the_same_bodies(gazetteer: Gazetteer) -> None:
    forth, back = resolve_bodies(bodies(), gazetteer), resolve_bodies(bodies()[::-1], gazetteer)
    assert sorted(map(sorted, groups(forth))) == sorted(map(sorted, groups(back)))


def test_nothing_and_names_without_letters_resolve() -> None:
    assert resolve_bodies([], None).entities == {}
    found = resolve_bodies([Body("a", ("…",)), Body("b", ("",)), Body("c", ())], None)
    assert groups(found) == []


def test_cities_and_regions_of_the_facts_under_all_their_names(shared: Path, gazetteer: Gazetteer) -> None:
    """Every name of a record as a record of its own: pairwise F1 of .95 is what the design asks for."""
    records = [
        one
        for one in read_source("facts", [shared / "facts"])
        if isinstance(one, Organisation) and one.kind in ("city", "region", "metropolitan-authority")
    ]
    told = [
        (one, name, f"{one.id}#{at}")
        for one in records
        for at, name in enumerate(dict.fromkeys([one.name, *one.names.values(), *one.aliases]))
    ]
    found = resolve_bodies([Body(key, (name,), one.country, one.kind) for one, name, key in told], gazetteer)
    truth = {pair(a[2], b[2]) for a, b in combinations(told, 2) if a[0].id == b[0].id}
    said = {pair(a, b) for group in groups(found) for a, b in combinations(group, 2)}
    both = len(truth & said)
    assert 2 * both / (len(truth) + len(said)) >= 0.95


def test_names_of_organisations_that_others_labelled(shared: Path) -> None:
    """Names alone, the same from .5 on; nomenklatura's logic-v2 reaches .872 at its own cut, .886 at the best one."""
    with (shared / "names" / "cases.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["schema"] in ("Company", "Organization", "LegalEntity")]
    said = same = both = 0
    for row in rows:
        left, right = prepare([Body("a", (row["name1"],)), Body("b", (row["name2"],))], None)
        is_said, is_same = judge(left, right, Weights()).score >= 0.5, row["is_match"] == "true"
        said, same, both = said + is_said, same + is_same, both + (is_said and is_same)
    assert len(rows) == 266
    assert 2 * both / (said + same) >= 0.87


@pytest.mark.parametrize(
    ("left", "right", "country", "kind", "verdict"),
    [
        ("Ajuntament de Terrassa (AT)", "Ajuntament de Tarragona (AT)", "ES", "city", Verdict.OTHER),
        ("Institut Català de la Salut (ICS)", "Institute of Computer Science (ICS)", "ES", "research", Verdict.UNSURE),
        ("Consell Superior de Recerca (CSIC)", "Spanish National Council (CSIC)", "ES", "research", Verdict.SAME),
        ("Àrea Metropolitana de Barcelona (AMB)", "AMB", "ES", "metropolitan-authority", Verdict.SAME),
    ],
)
def test_the_same_initials_in_brackets_say_more_the_longer_they_are(
    left: str, right: str, country: str, kind: str, verdict: Verdict, gazetteer: Gazetteer
) -> None:
    """Whole names go before: two cities of one letter are not one, nor do a few letters make one body of two."""
    both = prepare([Body("a", (left,), country, kind), Body("b", (right,), country, kind)], gazetteer)
    assert judge(both[0], both[1], Weights()).verdict == verdict


@pytest.mark.parametrize(
    ("left", "right", "country", "kind", "verdict"),
    [
        ("Comune di Capurso (COM)", "Comune di Bergamo (COM)", "IT", "city", Verdict.OTHER),  # and not Como
        ("City of Bridgeport", "City of Gahanna", "US", "city", Verdict.OTHER),  # which was called so once
        ("University of Taylor", "University of Taylorsville", "US", "research", Verdict.UNSURE),
        ("Ville de Marseille 04", "Ville de Marseille 07", "FR", "city", Verdict.UNSURE),
        ("Visió Irrigació SL", "Vista Sviluppo McLean BV (VIS)", "US", "company", Verdict.UNSURE),
        ("Ajuntament de Lleida", "Ayuntamiento de Lérida", "ES", "city", Verdict.SAME),
        (
            "Stockholm Business Region AB",
            "Region Stockholm",
            "SE",
            "region",
            Verdict.OTHER,
        ),  # as its source declares it
        ("HELSINGBORGSHEM AB", "Helsingborgs stad", "SE", "city", Verdict.OTHER),
        ("Göteborgs Universitet", "Göteborg & Co", "SE", "research", Verdict.OTHER),
        ("Länsstyrelsen Stockholm", "Region Stockholm", "SE", "region", Verdict.UNSURE),
        ("Länsstyrelsen i Kalmar län", "Region Kalmar län", "SE", "region", Verdict.UNSURE),
        ("Jihomoravský kraj", "Region Jihomoravský", "CZ", "region", Verdict.UNSURE),  # which is one: a person says so
        ("Strömsunds kommun", "Strömstads kommun", "SE", "city", Verdict.OTHER),
        ("Göteborgs kommun", "Gothenburg", "SE", "city", Verdict.SAME),
        ("Stadtwerke Karlsruhe GmbH", "Stadtwerke Karlsruhe Netzservice GmbH", "DE", "company", Verdict.OTHER),
        (
            "International Fund for Agricultural Development",
            "Agricultural Cooperative Development International",
            "",
            "ngo",
            Verdict.OTHER,
        ),
        ("World Health Organization (WHO)", "WHO (World Health Organization)", "", "ngo", Verdict.SAME),
        ("Alcaldía Municipal de Santa Tecla", "Alcaldía de Santa Tecla", "SV", "city", Verdict.SAME),
        ("Bauernverband der Provinz Bologna", "Bauernverband der Provinz Bolzano", "IT", "region", Verdict.OTHER),
        ("As-Salt", "Municipality of As-Salt", "JO", "city", Verdict.SAME),
    ],
)
def test_towns_and_initials_that_only_look_alike_are_not_one(
    left: str, right: str, country: str, kind: str, verdict: Verdict, gazetteer: Gazetteer
) -> None:
    both = prepare([Body("a", (left,), country, kind), Body("b", (right,), country, kind)], gazetteer)
    assert judge(both[0], both[1], Weights()).verdict == verdict


@pytest.mark.parametrize("name", ["barcelone", "brshlwnh", "gothenburg", "la haye"])
def test_towns_are_known_by_the_names_of_others(name: str, gazetteer: Gazetteer) -> None:
    assert gazetteer.towns([name])[name][0].country in ("ES", "SE", "NL")
