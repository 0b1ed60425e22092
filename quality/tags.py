"""How well goals are told: accuracy on texts that experts judged, by goal, and goals that projects declare.

``python quality/tags.py --shared ../shared --cache FOLDER`` prints for each goal the share of rows of
``data/sdg/labelled.csv`` where *accepted* is what experts said of that text and that goal, and their mean over the
goals. The rows are cut in two by their id: the half the method was made with, whose texts may be read, and the half
held out, only ever read as totals. ``--fit`` tells what the weights would be, fitted to the first half.
``--missed`` names what was missed in the first half. Projects of the demo's facts are in five languages and declare
goals themselves; nobody judged each of the seventeen, so of these only what was found is told.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sympolis.engine.texts.encoders import FAST
from sympolis.engine.texts.goals import Reading, heard_goals, nearness, words
from sympolis.engine.texts.themes import tag
from sympolis.engine.texts.vectors import Vectors

HERE = Path(__file__).parent
GOALS = tuple(str(code) for code in range(1, 18))


@dataclass(frozen=True, slots=True)
class Judged:
    """A text, a goal, what experts said of the two, and what we say."""

    id: str
    text: str
    goal: str
    is_about: bool
    accepted: bool
    score: float


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--shared", type=Path, default=HERE.parents[1] / "shared", help="the folder of real data")
    arguments.add_argument("--cache", type=Path, help="a folder that keeps vectors")
    arguments.add_argument("--words-alone", action="store_true", help="without an encoder")
    arguments.add_argument("--fit", action="store_true", help="print weights fitted to the half worked with")
    arguments.add_argument("--missed", action="store_true", help="print what was missed of the half worked with")
    chosen = arguments.parse_args()
    labelled = chosen.shared / "data" / "sdg" / "labelled.csv"
    if not labelled.is_file():
        print(f"{labelled} is not there: name the folder of real data with --shared.")
        return 1
    vectors = None if chosen.words_alone else Vectors(chosen.cache, (FAST,))
    rows = judge(labelled, vectors)
    worked, held_out = ([row for row in rows if worked_with(row.id) is half] for half in (True, False))
    print(table({"worked with": worked, "held out": held_out, "all": rows}))
    print(declared(chosen.shared / "data" / "facts" / "projects.csv", vectors))
    print(official(chosen.shared / "data" / "sdg" / "goals_targets.tsv", vectors))
    if chosen.fit:
        print(fit(worked, vectors))
    if chosen.missed:
        wrong = sorted((row for row in worked if row.is_about != row.accepted), key=lambda row: int(row.goal))
        print(
            "\n".join(f"{row.goal:>2} {row.is_about!s:5} {row.score:.2f} {row.id}: {row.text[:300]}" for row in wrong)
        )
    return 0


def worked_with(key: str) -> bool:
    """Whether a row belongs to the half the method was made with."""
    return hashlib.sha256(key.encode()).digest()[0] % 2 == 0


def judge(labelled: Path, vectors: Vectors | None) -> list[Judged]:
    """Every labelled row with our answer."""
    with labelled.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    judged = []
    for row, tags in zip(rows, tag([row["text"] for row in rows], "sdg", vectors), strict=True):
        ours = {one.code: one for one in tags}.get(row["sdg"])
        accepted, score = (ours.accepted, ours.score) if ours else (False, 0.0)
        judged.append(Judged(row["id"], row["text"], row["sdg"], row["label"] == "True", accepted, score))
    return judged


def table(columns: dict[str, Sequence[Judged]]) -> str:
    """By goal of the first set how many rows are judged as experts did, precision, recall; totals of each set."""
    lines = [f"{'':14}{'rows':>6}{'accuracy':>10}{'precision':>11}{'recall':>8}"]
    first = next(iter(columns.values()))
    lines += [_line(f"goal {goal}", [row for row in first if row.goal == goal]) for goal in GOALS]
    lines += [_line(name, rows) for name, rows in columns.items()]
    lines += [f"mean over the goals, {name}: {mean_accuracy(rows):.1%}" for name, rows in columns.items()]
    return "\n".join(lines)


def _line(name: str, rows: Sequence[Judged]) -> str:
    precision, recall = _precision(rows)
    return f"{name:14}{len(rows):>6}{_accuracy(rows):>10.1%}{precision:>11.0%}{recall:>8.0%}"


def mean_accuracy(rows: Sequence[Judged]) -> float:
    """The mean over the goals of the accuracy of each, so that goals with many rows don't count for more."""
    by_goal = [[row for row in rows if row.goal == goal] for goal in GOALS]
    return sum(map(_accuracy, by_goal)) / len(GOALS)


def _accuracy(rows: Sequence[Judged]) -> float:
    return sum(row.is_about == row.accepted for row in rows) / max(len(rows), 1)


def _precision(rows: Sequence[Judged]) -> tuple[float, float]:
    right = sum(row.is_about and row.accepted for row in rows)
    return right / max(sum(row.accepted for row in rows), 1), right / max(sum(row.is_about for row in rows), 1)


def declared(projects: Path, vectors: Vectors | None) -> str:
    """By language: how many of the goals that projects declare are found, and how many found ones are declared."""
    with projects.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["sdgs"] and row["summary"]]
    texts = [f"{row['title_local'] or row['title']}. {row['summary']}" for row in rows]
    found = [{one.code for one in tags if one.accepted} for tags in tag(texts, "sdg", vectors)]
    lines = ["projects' own goals    found  of declared   declared of found   goals a text"]
    for language in (*sorted({row["language"] for row in rows}), "all"):
        pairs = [
            (set(row["sdgs"].split(";")), ours)
            for row, ours in zip(rows, found, strict=True)
            if language in ("all", row["language"])
        ]
        lines.append(f"{language:>4} {len(pairs):>4} projects" + _shared(pairs))
    return "\n".join(lines)


def _shared(pairs: Iterable[tuple[set[str], set[str]]]) -> str:
    pairs = list(pairs)
    both = sum(len(said & ours) for said, ours in pairs)
    said, ours = (sum(len(pair[side]) for pair in pairs) for side in (0, 1))
    return f"{both:>11}{both / max(said, 1):>13.0%}{both / max(ours, 1):>20.0%}{ours / max(len(pairs), 1):>15.1f}"


def official(targets: Path, vectors: Vectors | None) -> str:
    """By language: of the targets' official wordings (none is in our vocabulary), how many are told for themselves."""
    with targets.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] == "targets"]
    codes = [row["key"].removesuffix("-title").replace("-", ".") for row in rows]
    lines = ["targets by their official words   first  accepted   accepted a text"]
    for language in ("en", "ca", "es", "fr", "ar"):
        tagged = tag([row[language] for row in rows], "target", vectors)
        first = sum(bool(tags) and tags[0].code == code for code, tags in zip(codes, tagged, strict=True))
        taken = [{one.code for one in tags if one.accepted} for tags in tagged]
        right = sum(code in ours for code, ours in zip(codes, taken, strict=True))
        each = sum(map(len, taken)) / len(rows)
        lines.append(
            f"{language:>4} {len(rows):>4} targets{first / len(rows):>22.0%}{right / len(rows):>10.0%}{each:>18.1f}"
        )
    return "\n".join(lines)


def fit(rows: Sequence[Judged], vectors: Vectors | None) -> str:
    """Weights of a logistic regression (Newton's method, a little held back), each goal counting for as much."""
    texts = [row.text for row in rows]
    readings = [Reading.of(text) for text in texts]
    places = (np.arange(len(rows)), np.array([int(row.goal) - 1 for row in rows]))
    features = [words([heard_goals(reading) for reading in readings], readings)[places]]
    if vectors is not None:
        features.append(10 * nearness(texts, vectors)[places])
    matrix = np.stack([*features, np.ones(len(rows))], axis=1)
    wanted = np.array([row.is_about for row in rows], float)
    counts = Counter(row.goal for row in rows)
    weight = np.array([len(rows) / len(counts) / counts[row.goal] for row in rows])
    held_back = np.diag([1.0] * len(features) + [1e-6])
    found = np.zeros(matrix.shape[1])
    for _ in range(50):
        sure = 1 / (1 + np.exp(-matrix @ found))
        slope = matrix.T @ (weight * (sure - wanted)) + held_back @ found
        found -= np.linalg.solve((matrix.T * (weight * sure * (1 - sure))) @ matrix + held_back, slope)
    return "words, nearness (times 10), middle: " + " ".join(f"{value:.2f}" for value in found)


if __name__ == "__main__":
    sys.exit(main())
