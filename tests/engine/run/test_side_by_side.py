"""Two long lists matched by all cores: the answer of one process, row for row."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from sympolis.engine.match import match, rank
from sympolis.engine.match.items import facing, read_items
from sympolis.engine.match.rank import best_of, blocks
from sympolis.engine.model import ItemKind, Match
from sympolis.engine.run import side_by_side
from sympolis.engine.run.side_by_side import match_here, put_down, take_up
from sympolis.engine.texts.vectors import Vectors
from tests.engine.conftest import item

LEFT = [
    item("park", ItemKind.NEED, "Regar parcs amb aigua regenerada", language="ca", themes=("water",)),
    item("read", ItemKind.NEED, "Clubs de lectura a les biblioteques", language="ca"),
    item("tram", ItemKind.PROJECT, "A new tram line to the port", text="It runs every five minutes. " * 60),
]
RIGHT = [
    item("reuse", ItemKind.PROJECT, "Réutilisation des eaux usées pour l'arrosage", language="fr", themes=("water",)),
    item("books", ItemKind.OFFER, "Books and reading in libraries"),
    item("bikes", ItemKind.PROJECT, "Red de carriles bici", language="es"),
]


def as_given(found: Iterable[Match]) -> list[Match]:
    return list(found)


@pytest.mark.parametrize("worth", [1, 100])
def test_all_cores_find_what_one_process_finds(worth: int, vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rank, "_AT_ONCE", 1)
    monkeypatch.setattr(side_by_side, "_WORTH_A_PROCESS", worth)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    told: list[int] = []
    parts = list(match_here(LEFT, RIGHT, 2, vectors=vectors, finish=as_given, step=told.append))
    assert [[one.left_id for one in part] for part in parts] == [["park"] * 2, ["read"] * 2, ["tram"] * 2]
    assert [one for part in parts for one in part] == list(match(LEFT, RIGHT, 2, vectors=vectors))
    assert told == [1, 2, 3]


def test_nothing_to_match_is_no_part(vectors: Vectors) -> None:
    assert list(match_here([], RIGHT, 2, vectors=vectors, finish=as_given)) == []
    assert list(match_here(LEFT, [], 2, vectors=vectors, finish=as_given)) == []


def test_tables_in_a_file_are_shared_and_not_copied(vectors: Vectors, tmp_path: Path) -> None:
    lefts, rights = facing(read_items(LEFT, vectors), read_items(RIGHT, vectors), vectors)
    put_down((list(blocks(lefts)), rights), tmp_path)
    [part], other = take_up(tmp_path)
    assert list(best_of(part, other, 3)) == list(best_of(lefts, rights, 3))
    for encoder, held in other.rows.items():
        assert not held.rows.flags.owndata
        assert not held.rows.flags.writeable
        np.testing.assert_array_equal(held.rows, rights.rows[encoder].rows)
