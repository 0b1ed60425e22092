"""``sympolis cluster``, in no home at all."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.engine.match.test_cluster import CYCLING, EMOJI, HOUSING, WASTE
from tests.homes import sympolis

TEXTS = [*CYCLING, *WASTE, *HOUSING, EMOJI]


def written(path: Path, texts: list[str]) -> str:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["id", "text"], *([f"c{at}", text] for at, text in enumerate(texts))])
    return str(path)


def test_each_row_gets_its_group_and_label_in_the_order_of_the_file(tmp_path: Path) -> None:
    texts, out = written(tmp_path / "t.csv", TEXTS), tmp_path / "g.csv"
    done = sympolis(tmp_path / "none", "cluster", texts, "--quick", "--language", "ca", "--output", str(out))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with out.open(encoding="utf-8") as answers:
        rows = list(csv.DictReader(answers))
    assert list(rows[0]) == ["id", "group", "label"]
    assert [row["id"] for row in rows] == [f"c{at}" for at in range(len(TEXTS))]
    groups = [row["group"] for row in rows]
    assert [len(set(groups[start : start + 5])) for start in (0, 5, 10)] == [1, 1, 1]
    assert sorted(set(groups)) == ["0", "1", "2", "3"]
    assert (groups[-1], rows[-1]["label"]) == ("0", "Altres temes")
    assert rows[0]["label"].startswith("Mobilitat i transport: ")


def test_a_number_of_groups_and_json_lines(tmp_path: Path) -> None:
    given, out = tmp_path / "t.jsonl", tmp_path / "g.jsonl"
    rows = [{"id": at, "text": text, "title": "", "language": None} for at, text in enumerate([*CYCLING, *WASTE])]
    given.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = sympolis(tmp_path / "none", "cluster", str(given), "--quick", "--count", "2", "--output", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in found] == list(range(10))
    assert {row["group"] for row in found[:5]} | {row["group"] for row in found[5:]} == {1, 2}
    assert len({row["group"] for row in found[:5]}) == 1


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("", [], "{path} has no rows. Give it a heading id,text and a row for each contribution."),
        ("id,text\n", [], "{path} has no rows. Give it a heading id,text and a row for each contribution."),
        ("id,words\na,Water\n", [], "{path}, row 1: no text. Every row needs it."),
        ("id,text\na,Water\nb,\n", [], "{path}, row 2: no text. Every row needs it."),
        ("id,text\na,Water\na,Trees\n", [], "{path}, row 2: the id a is that of row 1. Give each its own."),
        (
            "id,text\na,Water\nb,Trees\n",
            ["--count", "3", "--quick"],
            "3 groups cannot be made of 2 different texts. Ask for 2 at most.",
        ),
    ],
)
def test_what_cannot_be_grouped_is_refused_in_one_line(
    content: str, options: list[str], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content, encoding="utf-8")
    done = sympolis(tmp_path / "none", "cluster", str(path), *options)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said.format(path=path) + "\n")


@pytest.mark.parametrize("options", [["--count", "0"], ["--count", "few"], ["--language", "xx"], []])
def test_wrong_usage_is_2(options: list[str], tmp_path: Path) -> None:
    words = [written(tmp_path / "t.csv", ["Water"]), *options] if options else []
    done = sympolis(tmp_path / "none", "cluster", *words)
    assert (done.returncode, done.stdout) == (2, "")
