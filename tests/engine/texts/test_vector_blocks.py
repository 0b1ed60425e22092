"""Vectors in blocks."""

from pathlib import Path

import numpy as np
import pytest

from sympolis.engine.texts import vector_blocks
from sympolis.engine.texts.encoders import FAST, load_encoder
from sympolis.engine.texts.vector_blocks import VectorBlocks
from sympolis.engine.texts.vectors import text_key


def test_rows_are_the_same_before_and_after_they_were_written(tmp_path: Path) -> None:
    blocks = VectorBlocks(tmp_path)
    fresh = blocks.encode(["water", "aigua"], FAST)
    blocks.close()
    again = VectorBlocks(tmp_path)
    assert again.missing([text_key("water"), text_key("rain"), text_key("aigua")], FAST) == [1]
    assert np.array_equal(again.encode(["aigua", "water"], FAST), fresh[::-1])


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    one, other = VectorBlocks(tmp_path), VectorBlocks(tmp_path)
    kept = [(blocks, word, blocks.encode([word], FAST)) for blocks, word in ((one, "water"), (other, "rain"))]
    for blocks, _, _ in kept:
        blocks.close()
    again = VectorBlocks(tmp_path)
    for _, word, row in kept:
        assert again.missing([text_key(word)], FAST) == []
        assert np.array_equal(again.encode([word], FAST), row)


def test_many_small_blocks_become_one_while_somebody_reads_them(tmp_path: Path) -> None:
    keys = [text_key(str(number)) for number in range(32)]
    rows = np.random.default_rng(1).normal(size=(32, 512)).astype(np.float32)
    for at in range(31):
        blocks = VectorBlocks(tmp_path)
        blocks.keep(keys[at : at + 1], rows[at : at + 1], FAST)
        blocks.close()
    reader, last = VectorBlocks(tmp_path), VectorBlocks(tmp_path)
    last.keep(keys[31:], rows[31:], FAST)
    last.close()
    assert len(list((tmp_path / load_encoder(FAST).edition).iterdir())) == 2
    for blocks, known in ((reader, 31), (last, 32), (VectorBlocks(tmp_path), 32)):
        found = blocks._look_up(set(keys), FAST)
        assert len(found) == known
        for key, row in zip(keys[:known], rows, strict=False):
            assert np.array_equal(found[key], row.astype(np.float16).astype(np.float32))


def test_blocks_are_found_across_many_writes_and_a_half_written_one_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_blocks, "_ROWS", 4)
    monkeypatch.setattr(vector_blocks, "_SORTED_AT", 8)
    keys = [text_key(str(number)) for number in range(30)]
    rows = np.random.default_rng(1).normal(size=(30, 512)).astype(np.float32)
    blocks = VectorBlocks(tmp_path)
    for at in range(0, 30, 5):
        blocks.keep(keys[at : at + 5], rows[at : at + 5], FAST)
    assert blocks.missing(keys, FAST) == []
    blocks.close()
    (tmp_path / load_encoder(FAST).edition / "00000099.keys.npy").write_bytes(b"half")
    again = VectorBlocks(tmp_path)
    assert again.missing(keys, FAST) == []
    found = again._look_up(set(keys), FAST)
    for key, row in zip(keys, rows, strict=True):
        assert np.array_equal(found[key], row.astype(np.float16).astype(np.float32))
