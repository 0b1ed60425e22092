"""Vectors in blocks."""

from pathlib import Path

import numpy as np
import pytest

from sympolis.engine.texts import vector_blocks
from sympolis.engine.texts.encoders import FAST
from sympolis.engine.texts.vector_blocks import VectorBlocks
from sympolis.engine.texts.vectors import text_key


def test_rows_are_the_same_before_and_after_they_were_written(tmp_path: Path) -> None:
    blocks = VectorBlocks(tmp_path)
    fresh = blocks.encode(["water", "aigua"], FAST)
    blocks.close()
    again = VectorBlocks(tmp_path)
    assert again.missing([text_key("water"), text_key("rain"), text_key("aigua")], FAST) == [1]
    assert np.array_equal(again.encode(["aigua", "water"], FAST), fresh[::-1])


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
    (tmp_path / FAST / "00000099.keys.npy").write_bytes(b"half")
    again = VectorBlocks(tmp_path)
    assert again.missing(keys, FAST) == []
    found = again._look_up(set(keys), FAST)
    for key, row in zip(keys, rows, strict=True):
        assert np.array_equal(found[key], row.astype(np.float16).astype(np.float32))
