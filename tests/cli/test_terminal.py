"""Files of rows as scripts hand them over."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from sympolis.cli.terminal import Pace, Refusal, read_rows

NEEDED = ["id", "text"]


@pytest.mark.parametrize(
    "given", ['{"id":"a","text":"aigua"}\n', '\ufeff\n {"id":"a","text":"aigua"}', "id,text\na,aigua\n"]
)
def test_standard_input_is_rows_of_either_kind(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    assert read_rows("-", NEEDED) == [{"id": "a", "text": "aigua"}]


@pytest.mark.parametrize("strange", ["\u2028", "\x0b", "\x0c", "\x85", "\r"])
def test_a_text_may_hold_line_breaks_of_every_kind(tmp_path: Path, strange: str) -> None:
    text = f"aigua{strange}neta"
    table, lines = tmp_path / "a.csv", tmp_path / "a.jsonl"
    table.write_text(f'id,text\na,"{text}"\n', encoding="utf-8", newline="")
    assert [row["text"].replace("\n", strange) for row in read_rows(str(table), NEEDED)] == [text]
    if strange > "\x1f":  # JSON itself writes the others as escapes
        lines.write_text(f'{{"id":"a","text":"{text}"}}\n', encoding="utf-8", newline="")
        assert read_rows(str(lines), NEEDED) == [{"id": "a", "text": text}]


def test_a_table_that_breaks_off_is_refused_in_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "a.csv"
    broken.write_text("id,text\na\x00,\r x\r\n", encoding="utf-8", newline="")
    with pytest.raises(Refusal, match=r"no text|no CSV"):
        read_rows(str(broken), NEEDED)


def test_a_step_says_its_pace_and_the_time_left() -> None:
    pace = Pace()
    assert pace.line("read", 0, 10_000, 100.0) == "read 0 of 10,000"
    assert pace.line("read", 100, 10_000, 100.5) == "read 100 of 10,000"
    assert pace.line("read", 2_000, 10_000, 110.0) == "read 2,000 of 10,000, 200/s, 40 s left"
    assert pace.line("read", 10_000, 10_000, 190.0) == "read 10,000 of 10,000, 111/s in 1 min 30 s"
    assert pace.line("index", 50, 1_000_000, 200.0) == "index 50 of 1,000,000"
    assert pace.line("index", 150, 1_000_000, 210.0) == "index 150 of 1,000,000, 10/s, 27 h 46 min left"
    assert pace.line("publish", 1, 1, 220.0) == "publish"
