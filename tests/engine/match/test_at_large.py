"""A portfolio against an index: the very answers that comparing with all its documents gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sympolis.engine.index import Index, dense, tables
from sympolis.engine.match import at_large, match, match_index
from sympolis.engine.match.at_large import item_of
from sympolis.engine.model import Document, ItemKind, Match, Query
from sympolis.engine.texts.encoders import FAST
from sympolis.engine.texts.vectors import Vectors
from tests.engine.conftest import item

SIDE = [
    item("parks", ItemKind.NEED, "Regar parcs amb aigua regenerada", language="ca", themes=("water",)),
    item("read", ItemKind.PROJECT, "Clubs de lectura a les biblioteques", language="ca"),
]
LONG = " ".join(f"Treated water for street {at} and its park." for at in range(40))
WORLD = [
    Document("reuse", "project", {"en": "Reuse of water"}, {"en": LONG}, themes=("water",), countries=("TN",)),
    Document("deux", "project", {"fr": "Eaux usées", "en": "Waste water"}, {"fr": "L'arrosage des parcs"}),
    Document("books", "project", {"en": "Books and reading in libraries"}, {"en": "Reading clubs in every library."}),
    Document("bikes", "project", {"es": "Red de carriles bici"}, {"es": "Más bicicletas"}, themes=("mobility",)),
    Document("call", "call", {"en": "Reading clubs in libraries"}, {"en": "Who reads in libraries."}),
    Document("secret", "project", {"en": "Reading clubs"}, {"en": "In libraries."}, audiences=("office",)),
]


@pytest.fixture
def index(tmp_path: Path, vectors: Vectors) -> Index:
    with Index.create(tmp_path, vectors, (FAST,)) as made:
        made.add(WORLD)
    return Index.open(tmp_path)


def told(found: list[Match]) -> list[tuple[str, str]]:
    return [(one.left_id, one.right_id) for one in found]


def test_every_public_project_is_compared_as_match_compares_with_reasons_out_of_its_texts(
    index: Index, vectors: Vectors
) -> None:
    found = list(match_index(SIDE, index, 4, vectors=vectors))
    assert told(found)[:2] == [("parks", "deux"), ("parks", "reuse")]
    assert told(found)[4] == ("read", "books")
    assert {right for _, right in told(found)} == {"reuse", "deux", "books", "bikes"}
    same = {
        (one.left_id, one.right_id): one for one in match(SIDE, [item_of(one) for one in WORLD[:4]], 4, vectors=vectors)
    }
    for one in found:
        other = same[one.left_id, one.right_id]
        kept = [[each for each in made.features if each.name != "themes"] for made in (one, other)]
        assert [(each.name, each.values) for each in kept[0]] == [(each.name, each.values) for each in kept[1]]
        # The last digits of a vector depend on the company a text was read in.
        assert [each.score for each in kept[0]] == pytest.approx([each.score for each in kept[1]], abs=0.01)
    [reason] = [each for each in found[1].features if each.name == "text-fast"]
    assert reason.values["right_passage"].removeprefix("Reuse of water. ") in LONG


def test_filters_say_which_are_meant_and_of_many_the_nearest_are_found_by_neighbours(
    tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "WORTH_NEIGHBOURS", 100)
    monkeypatch.setattr(dense, "_BLOCK", 50)
    monkeypatch.setattr(at_large, "_NEAR", 3)
    many = [replace(WORLD[3], id=f"bikes-{at}", title={"es": f"Carriles bici {at}"}) for at in range(150)]
    with Index.create(tmp_path, vectors, (FAST,)) as made:
        made.add([*WORLD, *many])
    with Index.open(tmp_path) as index:
        assert told(list(match_index(SIDE, index, 1, vectors=vectors))) == [("parks", "deux"), ("read", "books")]
        calls = Query("", kinds=("call",))
        assert told(list(match_index(SIDE, index, 9, vectors=vectors, query=calls))) == [
            ("parks", "call"),
            ("read", "call"),
        ]
        nothing = Query("", kinds=("event",))
        assert list(match_index(SIDE, index, 9, vectors=vectors, query=nothing)) == []


def test_what_was_removed_after_a_reader_looked_is_left_out(index: Index, vectors: Vectors) -> None:
    with Index.open(index.folder, vectors, write=True) as writer:
        writer.remove(["deux"])
    assert told(list(match_index(SIDE[:1], index, 1, vectors=vectors))) == [("parks", "reuse")]
    assert list(match_index([], index, 1, vectors=vectors)) == []
