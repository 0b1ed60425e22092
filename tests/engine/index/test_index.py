"""An index in a folder: one writer, many readers, words and vectors and names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sympolis.engine.errors import IndexLocked, IndexUnavailable
from sympolis.engine.index import Index, merge_hits, search_both
from sympolis.engine.index.dense import told_apart
from sympolis.engine.index.documents import Documents
from sympolis.engine.index.prepare import prepare
from sympolis.engine.index.question import understood
from sympolis.engine.index.search import PART_OF_WORDS, WORDS, WORDS_OF_SENTENCE, Found, fused
from sympolis.engine.model import Document, Query
from sympolis.engine.texts.encoders import CAREFUL, FAST
from sympolis.engine.texts.similarity import Scale
from sympolis.engine.texts.vectors import Vectors

DOCUMENTS = [
    Document(
        "org:amb",
        "organisation",
        {"ca": "Àrea Metropolitana de Barcelona", "en": "Barcelona Metropolitan Area"},
        {"en": "Public administration of the 36 municipalities around Barcelona."},
        ("AMB",),
        ("ES",),
    ),
    Document(
        "org:mtp",
        "organisation",
        {"fr": "Montpellier", "ca": "Montpeller", "ar": "مونبلييه"},
        {"fr": "Ville d'Occitanie."},
        (),
        ("FR",),
    ),
    Document(
        "p:reuse",
        "project",
        {"fr": "Réutilisation des eaux usées"},
        {"fr": "La station traite l'eau une troisième fois. Elle arrose ensuite les parcs de la ville."},
        ("REUT",),
        ("TN",),
        ("water",),
        (6,),
        date(2020, 1, 1),
        date(2023, 12, 31),
    ),
    Document(
        "p:waste",
        "project",
        {"ar": "إدارة النفايات في المدينة العتيقة"},
        {"ar": "تجمع عربات صغيرة النفايات من الأزقة الضيقة كل صباح."},
        (),
        ("TN",),
        ("waste",),
        (12,),
        date(2022, 1, 1),
        None,
    ),
    Document(
        "p:read",
        "project",
        {"en": "Reading clubs"},
        {"en": "Libraries lend books to neighbours."},
        (),
        ("ES",),
        ("culture",),
    ),
    Document(
        "p:secret",
        "project",
        {"en": "Secret water treatment plan"},
        {},
        (),
        (),
        ("water",),
        audiences=("organisation:amb",),
    ),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, vectors: Vectors) -> Iterator[Index]:
    with Index.create(tmp_path_factory.mktemp("index"), vectors, (FAST,)) as made:
        assert made.add(DOCUMENTS) == 6
        yield made


def ids(index: Index, text: str = "", **filters: object) -> list[str]:
    return [hit.document.id for hit in index.search(Query(text, **filters))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Montpeller", "org:mtp"),
        ("montpelier", "org:mtp"),
        ("مونبلييه", "org:mtp"),
        ("AMB", "org:amb"),
        ("area metropolitana barcelona", "org:amb"),
        ("aigua regenerada per regar parcs", "p:reuse"),
        ("EAUX USEES", "p:reuse"),
        ("reut", "p:reuse"),
        ("waste collection in the old town", "p:waste"),
        ("النفايات", "p:waste"),
        ("book lending", "p:read"),
        ("reutilizacion de aguas residuales", "p:reuse"),
    ],
)
def test_the_right_document_comes_first_in_any_language(index: Index, text: str, first: str) -> None:
    assert ids(index, text)[0] == first


def answers(index: Index, text: str) -> list[tuple[str, float]]:
    return [(hit.document.id, hit.score) for hit in index.search(Query(text))]


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("p:reuse", ("water", "aigua", "agua", "eau", "مياه")),
        (
            "p:reuse",
            ("treated wastewater", "aigües residuals tractades", "aguas residuales tratadas", "eaux usées traitées"),
        ),
        ("p:waste", ("waste management", "gestió de residus", "gestión de residuos", "gestion des déchets")),
        ("p:waste", ("waste", "escombraries", "basura", "ordures", "النفايات")),
    ],
)
def test_languages_do_not_matter(index: Index, first: str, said: tuple[str, ...]) -> None:
    asked = answers(index, said[0])
    assert asked[0][0] == first
    assert [answers(index, text) for text in said] == [asked] * len(said)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("réutilisation des eaux usées", "reutilisation des eaux usees"),
        ("ruelles étroites du bourg", "RUELLES ETROITES DU BOURG"),
        ("Àrea Metropolitana de Barcelona", "area metropolitana de barcelona"),
        ("الأزقة الضيقة", "الازقه الضيقه"),
    ],
)
def test_accents_do_not_matter(index: Index, marked: str, plain: str) -> None:
    assert answers(index, marked) == answers(index, plain) != []


def test_encoders_read_a_question_as_its_words_are_written_here(tmp_path: Path) -> None:
    narrow = Document("x", "project", {"fr": "Ruelles étroites"}, {"fr": "Des ruelles étroites, une place étroité."})
    documents = Documents(tmp_path / "documents.sqlite", write=True)
    documents.put(prepare([narrow]))
    documents.write_spellings()
    assert understood("RUELLES etroites", documents).told == "ruelles étroites"
    assert understood("etroite", documents).told == "étroité"
    assert understood("ruélles jamais écrites", documents).told == "ruelles jamais ecrites"
    assert understood("aigua dels rius", documents).told == "water river"
    documents.put(prepare([replace(narrow, text={})]))
    documents.write_spellings()
    assert documents.spellings({"etroites", "etroite"}) == {"etroites": "étroites"}
    documents.delete(["x"])
    documents.write_spellings()
    assert documents.spellings({"etroites"}) == {}
    documents.close()


def test_encoders_read_a_sentence_as_it_was_written(tmp_path: Path) -> None:
    documents = Documents(tmp_path / "documents.sqlite", write=True)
    documents.put(prepare([Document("x", "project", {"fr": "Ruelles étroites"})]))
    documents.write_spellings()
    said = "Les camions de Núria\n n'entrent jamais: RUELLES etroites, escaliers raides, pavés glissants. Que faire ?"
    assert understood(said, documents).told == (
        "Les camions de Núria n'entrent jamais: ruelles étroites, escaliers raides, pavés glissants. Que faire ?"
    )


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ({"lexical": 0.6}, 0.6),
        ({"lexical": 0.6, FAST: 0.8}, 0.43 * 0.6 + 0.57 * 0.8),
        ({"lexical": 0.6, FAST: 0.8, CAREFUL: 0.8}, 0.43 * 0.6 + 0.57 * 0.8),
        ({FAST: 0.13, CAREFUL: 0.65}, 0.57 * 0.45),
    ],
)
def test_words_say_as_much_beside_one_encoder_as_beside_two(scores: dict[str, float], told: float) -> None:
    assert fused(Found(scores)) == pytest.approx(told)


def test_good_answers_are_told_apart() -> None:
    scale = Scale(0.06, 0.045)
    near = np.array([-0.2, 0.015, 0.06, 0.12, 0.21, 0.36, 0.5], np.float32)
    told = told_apart(near, scale)
    assert told.round(3).tolist() == pytest.approx([0.003, 0.269, 0.5, 0.6, 0.75, 1.0, 1.0])


def test_filters_narrow_words_and_vectors_alike(index: Index) -> None:
    assert set(ids(index, "city", kinds=("project",), countries=("TN",))) <= {"p:reuse", "p:waste"}
    assert ids(index, kinds=("organisation",), countries=("FR",)) == ["org:mtp"]
    assert ids(index, languages=("ar",), kinds=("project",)) == ["p:waste"]
    assert ids(index, themes=("culture", "waste")) == ["p:read", "p:waste"]
    assert ids(index, kinds=("project",), before=date(2021, 1, 1), themes=("water", "waste")) == ["p:reuse"]
    assert ids(index, after=date(2024, 1, 1), countries=("TN",)) == ["p:waste"]


def test_nobody_finds_what_is_not_for_them(index: Index) -> None:
    assert "p:secret" not in ids(index, "secret water treatment plan")
    assert "p:secret" not in ids(index)
    assert ids(index, "secret water treatment plan", audiences=("public", "organisation:amb"))[0] == "p:secret"
    assert ids(index, "secret water treatment plan", audiences=()) == []


def test_the_passage_is_the_sentence_that_answers(index: Index) -> None:
    [hit] = index.search(Query("arroser les parcs", limit=1))
    assert hit.language == "fr"
    assert hit.passage.startswith("Elle arrose ensuite les parcs de la ville.")
    assert {feature.name for feature in hit.features} == {"lexical", "fast"}
    assert all(0 <= feature.score <= 1 for feature in hit.features)


def test_the_name_that_was_near_is_said(index: Index) -> None:
    [hit] = index.search(Query("Montpelier", limit=1))
    assert hit.features[0].name == "name"
    assert hit.features[0].values["name"] in ("Montpellier", "Montpeller")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_any_question_is_answered(index: Index, text: str) -> None:
    hits = index.search(Query(text, limit=3))
    assert len(hits) <= 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_adding_again_replaces_and_removing_forgets(tmp_path: Path, vectors: Vectors) -> None:
    with Index.create(tmp_path, vectors, (FAST,)) as index:
        index.add(DOCUMENTS)
        index.add([replace(DOCUMENTS[4], title={"en": "Chess clubs"}, text={"en": "Players meet on Mondays."})])
        assert len(index) == 6
        assert ids(index, "chess")[0] == "p:read"
        assert index.get(["p:read"])[0].title == {"en": "Chess clubs"}
        assert index.remove(["p:read", "never there"]) == 1
        assert "p:read" not in ids(index, "chess")
        assert index.get(["p:waste", "p:read", "org:amb"]) == [DOCUMENTS[3], DOCUMENTS[0]]
        assert index.remove(["never there"]) == 0


def test_one_writes_many_read_and_readers_take_what_is_new(tmp_path: Path, vectors: Vectors) -> None:
    with Index.create(tmp_path, vectors, (FAST,)) as writer:
        writer.add(DOCUMENTS[:2])
        with Index.open(tmp_path, vectors) as reader:
            assert ids(reader, kinds=("project",)) == []
            assert reader.reload() is False
            writer.add(DOCUMENTS[2:4])
            assert ids(reader, "eaux usées", kinds=("project",)) == []
            assert reader.reload() is True
            assert reader.generation == writer.generation
            assert ids(reader, "eaux usées", kinds=("project",))[0] == "p:reuse"
        with pytest.raises(IndexLocked, match="Another process is writing"):
            Index.open(tmp_path, vectors, write=True)
    Index.open(tmp_path, vectors, write=True).close()


def test_a_better_encoder_comes_later_and_what_it_has_not_read_is_found_all_the_same(tmp_path: Path) -> None:
    vectors = Vectors(None, (FAST, CAREFUL))
    with Index.create(tmp_path, vectors) as index:
        index.add(DOCUMENTS)
        assert index.encoded() == {FAST: 6}
        assert index.encode_missing(CAREFUL, limit=2) == 2
        assert index.encoded() == {FAST: 6, CAREFUL: 2}
        assert ids(index, "waste collection in the old town")[0] == "p:waste"
        assert index.encode_missing(CAREFUL) == 4
        assert index.encode_missing(CAREFUL) == 0
        [hit] = index.search(Query("waste collection in the old town", limit=1))
        assert {feature.name for feature in hit.features} >= {"fast", "careful"}
        assert index.encode_missing("no such encoder") == 0


def test_what_a_writer_that_died_left_is_mended_by_the_next(
    tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise OSError("power cut")

    with Index.create(tmp_path, vectors, (FAST,)) as index:
        index.add(DOCUMENTS[:2])
        with monkeypatch.context() as patch:
            patch.setattr("sympolis.engine.index.lexical.Lexical.commit", die)
            with pytest.raises(OSError, match="power cut"):
                index.add(DOCUMENTS[2:4])
    with Index.open(tmp_path, vectors, write=True) as index:
        assert len(index) == 4
        assert ids(index, "eaux usées")[0] == "p:reuse"
        assert index.encoded() == {FAST: 4}


def test_where_there_is_no_index_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="Build it first"):
        Index.open(tmp_path)
    for other in ("0 3\n", "2 3\n"):
        (tmp_path / "generation").write_text(other)
        with pytest.raises(IndexUnavailable, match="another version"):
            Index.open(tmp_path)


def test_two_indexes_answer_as_one_without_what_was_adopted(tmp_path: Path, vectors: Vectors) -> None:
    with (
        Index.create(tmp_path / "atlas", vectors, (FAST,)) as atlas,
        Index.create(tmp_path / "office", vectors, (FAST,)) as office,
    ):
        atlas.add(DOCUMENTS[:4])
        ours = replace(DOCUMENTS[2], id="office:reuse")
        office.add([ours, DOCUMENTS[0]])
        query = Query("eaux usées", limit=3)
        both = [hit.document.id for hit in search_both(atlas, office, query)]
        assert set(both[:2]) == {"office:reuse", "p:reuse"}
        hidden = [hit.document.id for hit in search_both(atlas, office, query, {"p:reuse"})]
        assert "p:reuse" not in hidden
        assert next(hit.document.id for hit in search_both(None, office, query)) == "office:reuse"
        assert search_both(None, None, query) == []
        once = merge_hits(office.search(Query("AMB")), atlas.search(Query("AMB")), (), 10)
        assert [hit.document.id for hit in once].count("org:amb") == 1


def test_hostile_records_are_kept_as_they_are(tmp_path: Path, vectors: Vectors) -> None:
    wild = Document("x", "organisation", {"en": "<script>alert(1)</script>" + "A" * 10_000}, {"en": "\0 'x' OR 1=1 --"})
    with Index.create(tmp_path, vectors, (FAST,)) as index:
        index.add([wild, Document("y", "project", {}, {})])
        assert index.get(["x"]) == [wild]
        assert ids(index, "script alert")[0] == "x"


def call(key: str, text: dict[str, str], kind: str = "call") -> Document:
    return Document(key, kind, dict.fromkeys(text, "Open call"), text)


SHADE = " ".join(f"Shade, trees and water in squares {number} against the heat of summer." for number in range(45))
DEFENCE = " ".join(f"Missiles, tanks and radars number {number} for the armies of tomorrow." for number in range(30))
CHANCE = f"{SHADE[:560]}. {DEFENCE}"
WANTED = "Volem ombra, arbres i aigua a les places contra la calor de l'estiu perquè la gent gran hi pugui seure"


def near_by_vectors(folder: Path, vectors: Vectors, documents: list[Document]) -> dict[str, float]:
    with Index.create(folder, vectors, (FAST,)) as made:
        made.add([*DOCUMENTS, *documents])
        hits = made.search(Query(WANTED, kinds=("call", "project"), limit=50))
        return {hit.document.id: one.score for hit in hits for one in hit.features if one.name == FAST}


def test_a_call_answers_by_three_passages_and_not_by_one(tmp_path: Path, vectors: Vectors) -> None:
    documents = [call("c:shade", {"en": SHADE}), call("c:chance", {"en": CHANCE})]
    documents += [call("p:shade", {"en": SHADE}, "project"), call("p:chance", {"en": CHANCE}, "project")]
    found = near_by_vectors(tmp_path, vectors, documents)
    assert min(found["p:chance"], found["p:shade"], found["c:shade"]) > 0.5 > found.get("c:chance", 0)


def test_a_call_in_two_languages_is_no_nearer_than_in_one(tmp_path: Path, vectors: Vectors) -> None:
    both = call("c:both", {"en": SHADE, "fr": "Des missiles et des chars pour les armées."})
    found = near_by_vectors(tmp_path, vectors, [call("c:one", {"en": SHADE}), both])
    assert found["c:both"] == found["c:one"]


def test_words_of_a_sentence_say_less_than_words_set_side_by_side(index: Index) -> None:
    assert understood(WANTED, index._documents).is_sentence
    assert not understood("ombra a les places", index._documents).is_sentence
    found = Found({"lexical": 1.0, FAST: 0.0})
    assert fused(found, WORDS) == pytest.approx(WORDS)
    assert fused(found, WORDS_OF_SENTENCE) == pytest.approx(WORDS_OF_SENTENCE)


def called(key: str, name: str) -> Document:
    return Document(key, "organisation", {"en": name}, {}, (), ("ES",))


def test_a_bare_name_holds_the_question_or_stands_behind_what_was_read(tmp_path: Path, vectors: Vectors) -> None:
    names = {
        "o:medina": "Medina",
        "o:music": "Music Sweden",
        "o:market": "Old Fish Market Company",
        "o:waste": "Regional Board for Waste and Roads",
        "o:hygiene": "London School of Hygiene",
    }
    with Index.create(tmp_path, vectors, (FAST,)) as index:
        index.add([*DOCUMENTS, *(called(key, name) for key, name in names.items())])
        assert ids(index, "waste in the old town")[:1] == ["p:waste"]
        assert ids(index, "waste")[:1] == ["p:waste"]  # a theme is asked for what is told of it
        assert ids(index, "hygiene")[:1] == ["o:hygiene"]
        assert ids(index, "waste roads board")[:1] == ["o:waste"]
        assert ids(index, "fish company market")[:1] == ["o:market"]
        most = ids(index, "fish company market spain")  # one word of four may lack
        assert most[:1] == ["o:market"]
        found = {hit.document.id: hit.score for hit in index.search(Query("music company", limit=20))}
        assert found["o:music"] == pytest.approx(PART_OF_WORDS)
