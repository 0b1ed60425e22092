"""Contributions in five languages into groups."""

from __future__ import annotations

import numpy as np
import pytest

from sympolis.engine.errors import EngineError
from sympolis.engine.match.cluster import Contribution, TextGroup, cluster, in_languages, signals, texts_read
from sympolis.engine.match.cluster.communities import Graph, communities, exactly, modularity
from sympolis.engine.match.cluster.labels import Described, describe
from sympolis.engine.match.cluster.signals import DenseRows, Nearness, Signal, SparseRows
from sympolis.engine.texts import subjects
from sympolis.engine.texts.encoders import CAREFUL, FAST
from sympolis.engine.texts.themes import concepts
from sympolis.engine.texts.vectors import Vectors

CYCLING = [
    "Safe cycling lanes on the main avenues",
    "Més carrils bici segurs a les avingudes",
    "Des pistes cyclables sûres pour aller à l'école",
    "Carriles bici protegidos en el centro",
    "مسارات آمنة للدراجات في وسط المدينة",
]
WASTE = [
    "Collect organic waste separately in every neighbourhood",
    "Recollida selectiva de residus orgànics porta a porta",
    "Collecte des déchets organiques et compostage",
    "Más contenedores para reciclar residuos y compostaje",
    "فرز النفايات العضوية وإعادة التدوير في الأحياء",
]
HOUSING = [
    "Affordable rents and social housing for young people",
    "Habitatge social de lloguer assequible per a joves",
    "Construire des logements sociaux à loyer modéré",
    "Vivienda social y alquiler asequible",
    "سكن اجتماعي وإيجار ميسور للشباب",
]
SOUP = "My grandmother's recipe for lentil soup"
EMOJI = "🎉🎉🎉"
ALL = [*CYCLING, *WASTE, *HOUSING, SOUP, EMOJI]


def given(texts: list[str]) -> list[Contribution]:
    return [Contribution(text) for text in texts]


def told(groups: list[TextGroup], texts: list[str]) -> list[tuple[int, set[str], str, str]]:
    """Number, texts, label, typical text."""
    return [(one.number, {texts[at] for at in one.members}, one.label, texts[one.typical]) for one in groups]


def test_three_subjects_in_five_languages_are_three_groups_and_the_rest_stays_apart(vectors: Vectors) -> None:
    groups = cluster(given(ALL), vectors=vectors)
    assert {frozenset(ALL[at] for at in one.members): (one.label, one.theme, one.words) for one in groups} == {
        frozenset(CYCLING): ("Mobility and transport: bicycle, bike lanes", "mobility", ("bicycle", "bike lanes")),
        frozenset(WASTE): (
            "Waste and circular economy: organic waste, composting",
            "waste",
            ("organic waste", "composting", "neighbourhood"),
        ),
        frozenset(HOUSING): ("Housing: rent, social", "housing", ("rent", "social", "affordable")),
        frozenset([SOUP, EMOJI]): ("Other subjects", "", ()),
    }
    assert [one.number for one in groups] == [1, 2, 3, 0]
    assert all(one.typical in one.members for one in groups)


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("fr", {"Logement : loyer, social", "Mobilités et transports : pistes cyclables, vélo"}),
        ("ar", {"السكن: الإيجار، الاجتماعي", "التنقل والنقل: الدراجة", "مواضيع أخرى"}),
    ],
)
def test_labels_are_in_the_reader_s_language(language: str, labels: set[str], vectors: Vectors) -> None:
    assert labels <= {one.label for one in cluster(given(ALL), vectors=vectors, language=language)}


def test_neither_the_order_of_rows_nor_a_second_time_changes_anything(vectors: Vectors) -> None:
    first = told(cluster(given(ALL), vectors=vectors), ALL)
    assert told(cluster(given(ALL), vectors=vectors), ALL) == first
    shuffled = [ALL[at] for at in np.random.default_rng(3).permutation(len(ALL))]
    again = told(cluster(given(shuffled), vectors=vectors), shuffled)
    assert [one[:3] for one in again] == [one[:3] for one in first]
    assert [one[3] for one in again[:3]] == [one[3] for one in first[:3]]


def test_the_same_text_counts_once_and_all_of_it_comes_together(vectors: Vectors) -> None:
    texts = [*ALL, *[CYCLING[0]] * 5]
    groups = cluster(given(texts), vectors=vectors)
    assert [(one.number, len(one.members)) for one in groups] == [(1, 10), (2, 5), (3, 5), (0, 2)]
    assert {texts[at] for at in groups[0].members} == set(CYCLING)


def test_five_that_say_the_same_are_one_group(vectors: Vectors) -> None:
    [group] = cluster(given(["Water for all"] * 5), vectors=vectors)
    assert (group.number, group.members, group.label) == (1, (0, 1, 2, 3, 4), "Water and sanitation")


@pytest.mark.parametrize("texts", [["Water for all"], [EMOJI], ["", " \n"], ["؟؟", "…"]])
def test_what_has_nothing_beside_it_stays_apart(texts: list[str], vectors: Vectors) -> None:
    [group] = cluster(given(texts), vectors=vectors)
    assert (group.number, group.members) == (0, tuple(range(len(texts))))


def test_nothing_gives_no_group(vectors: Vectors) -> None:
    assert cluster([], vectors=vectors) == []


def test_wild_texts_find_a_place(vectors: Vectors) -> None:
    wild = ["residus " * 13_000, "x" * 100_000, "мир Ελληνικά 日本 water", "\u202eWASTE\u202c", "\ud800\0", *WASTE]
    groups = cluster(given(wild), vectors=vectors)
    assert sorted(at for one in groups for at in one.members) == list(range(len(wild)))
    assert groups[0].theme == "waste"


@pytest.mark.parametrize("count", [1, 2, 3, 4, 10, 16])
def test_a_number_that_is_asked_for_is_that_number(count: int, vectors: Vectors) -> None:
    groups = cluster(given(ALL), vectors=vectors, count=count)
    assert [one.number for one in groups] == [*range(1, count + 1), 0]
    assert [ALL[at] for at in groups[-1].members] == [EMOJI]
    assert sum(len(one.members) for one in groups) == len(ALL)
    assert len({one.label for one in groups}) == count + 1


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (17, "17 groups cannot be made of 16 different texts. Ask for 16 at most."),
        (0, "0 groups cannot be made. Ask for one or more, or leave the number open."),
    ],
)
def test_more_groups_than_texts_are_refused(count: int, said: str, vectors: Vectors) -> None:
    with pytest.raises(EngineError) as refused:
        cluster(given(ALL), vectors=vectors, count=count)
    assert str(refused.value) == said


def test_the_careful_encoder_reads_what_it_has_not_read_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    phrases = ["cycle lanes", "organic waste", "social housing", "water tariff", "urban trees"]
    monkeypatch.setattr(subjects, "_read", {})
    for module in (subjects, signals):
        monkeypatch.setattr(module, "subject_texts", lambda: phrases)
    steps: list[tuple[int, int]] = []
    texts = [*CYCLING, *WASTE, *HOUSING]
    groups = cluster(
        given(texts), vectors=Vectors(None, (FAST, CAREFUL)), step=lambda done, total: steps.append((done, total))
    )
    assert {frozenset(texts[at] for at in one.members) for one in groups} == {
        frozenset(CYCLING),
        frozenset(WASTE),
        frozenset(HOUSING),
    }
    assert steps == [(0, 15), (15, 15)]
    assert list(subjects._read) == [CAREFUL]


# Parts


def two_cliques() -> Graph:
    """Nodes 0 to 3 and 4 to 7, each tied to each of its four, and one weak tie between."""
    links = [{other: 1.0 for other in range(at // 4 * 4, at // 4 * 4 + 4) if other != at} for at in range(8)]
    links[3][4] = links[4][3] = 0.1
    return Graph(links, [0.0] * 8)


def test_communities_are_what_is_tied_together() -> None:
    assert communities(two_cliques(), 1.0).tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert communities(Graph([{}, {}], [0.0, 0.0]), 1.0).tolist() == [0, 1]
    assert communities(Graph([], []), 1.0).tolist() == []


def test_a_node_goes_where_its_strongest_tie_is() -> None:
    path = Graph([{1: 3.0, 2: 2.5}, {0: 3.0}, {0: 2.5, 3: 3.0}, {2: 3.0}], [0.0] * 4)
    assert communities(path, 1.0).tolist() == [0, 0, 1, 1]
    assert exactly(path, 1, 1.0).tolist() == [0, 0, 0, 0]


def test_two_groups_that_sound_alike_are_told_apart_by_a_number() -> None:
    texts = ["Water for all", "Water for everybody", "Water for every one"]
    themes = np.zeros((3, len(concepts("theme"))), np.float32)
    themes[:, [concept.code for concept in concepts("theme")].index("water")] = 1
    described = describe([[0], [1], [2]], Described(texts, ["en"] * 3, themes), "fr")
    assert [one.label for one in described] == [
        "Eau et assainissement",
        "Eau et assainissement 2",
        "Eau et assainissement 3",
    ]


def test_modularity_is_what_lies_within_beyond_chance() -> None:
    graph = two_cliques()
    assert modularity(graph, np.array([0, 0, 0, 0, 1, 1, 1, 1]), 1.0) == pytest.approx(24 / 24.2 - 0.5)
    assert modularity(graph, np.zeros(8, np.int64), 1.0) == pytest.approx(0)


@pytest.mark.parametrize("count", range(1, 9))
def test_just_so_many_communities(count: int) -> None:
    labels = exactly(two_cliques(), count, 1.0)
    assert sorted(set(labels.tolist())) == list(range(count))
    if count >= 2:
        assert not set(labels[:4]) & set(labels[4:])


def test_rare_terms_weigh_more_and_rows_have_length_1() -> None:
    rows = SparseRows([["a", "b"], ["a", "b"], ["a", "c"], []])
    near = rows.near([0, 3])
    assert near[0, :2].tolist() == pytest.approx([1, 1])
    assert 0 < near[0, 2] < 0.5
    assert near[1].tolist() == [0, 0, 0, 0]


def test_a_pair_of_one_language_is_measured_by_such_pairs_alone() -> None:
    """Every text is .5 nearer to those of its language; what is said by two of a kind is nearer still."""
    languages = ["ca"] * 40 + ["fr"] * 40
    rows = np.zeros((80, 82), np.float32)
    rows[np.arange(80), np.arange(80)] = 0.7
    rows[:40, 80] = rows[40:, 81] = 0.7
    rows[0, :80] = rows[40, :80] = 0
    rows[0, 5] = rows[40, 5] = 0.7
    near = Nearness(languages, [Signal(FAST, DenseRows(rows), DenseRows(rows))]).near([0, 7])
    assert near[0, 40] > 3
    assert abs(near[1, 8] - near[1, 50]) < 0.5


def test_groups_are_said_in_every_language_as_if_they_had_been_found_in_it(vectors: Vectors) -> None:
    texts = given([*ALL, CYCLING[0]])
    found = cluster(texts, vectors=vectors, language="en")
    told = in_languages(texts, found, vectors=vectors, languages=("en", "fr", "ar"))
    assert told == {language: cluster(texts, vectors=vectors, language=language) for language in ("en", "fr", "ar")}


def test_what_the_encoder_reads_is_known_beforehand(monkeypatch: pytest.MonkeyPatch, vectors: Vectors) -> None:
    texts = [*given(["Water for all", "Water for all", EMOJI]), Contribution("for all", title="Water " * 800)]
    read: list[str] = []
    encode = vectors.encode
    monkeypatch.setattr(vectors, "encode", lambda texts, encoder: read.extend(texts) or encode(texts, encoder))
    cluster(texts, vectors=vectors)
    wanted = texts_read(texts)
    assert wanted == sorted(["Water for all", ("Water " * 800)[:3_000]])
    assert set(wanted) <= set(read)
    assert EMOJI not in read
