"""How well contributions are grouped: adjusted mutual information with the groups that people made.

``python quality/cluster.py`` reads data that are not shipped, beside the checkout, and prints two tables.

Actions of a municipal plan in Catalan, against their subcategories: a half of them by their ids (``made with``, on
which the method was chosen), the other half (``held out``), and all; each part grouped by itself.

Two sets in five languages, against theme or goal (``groups``), and against the language (``language``: 0 where
languages mix as they would by chance, 1 where each is a group of its own): projects and needs of cities by their first
theme, which the method was chosen with as well, and targets of the SDGs, each in one language, by goal, held out.

It exits 1 where grouping is below k-means over counted words, or below .43 on all actions, or where languages part.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from ami import adjusted_mutual_information

from sympolis.engine.match.cluster import Contribution, cluster
from sympolis.engine.model import LANGUAGES
from sympolis.engine.texts.encoders import CAREFUL, FAST
from sympolis.engine.texts.vectors import Vectors
from sympolis.engine.texts.words import terms

DATA = Path(__file__).parents[2] / "shared" / "data"
AIM = 0.43
MOST_LANGUAGE = 0.1
STARTS = 5  # of k-means, whose mean is told
LINKAGES = ("average", "ward", "complete")


@dataclass(frozen=True)
class Known:
    """Texts with the groups that people made of them."""

    texts: list[Contribution]
    groups: list[str]

    def part(self, chosen: Sequence[bool]) -> Known:
        return Known(
            [text for text, is_in in zip(self.texts, chosen, strict=True) if is_in],
            [group for group, is_in in zip(self.groups, chosen, strict=True) if is_in],
        )

    def count(self) -> int:
        return len(set(self.groups))


type Way = Callable[[Known], list[list[int]]]
"""A way to group: one or more groupings, which are told by their mean."""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--cache", type=Path, help="a folder that keeps vectors")
    vectors = Vectors(arguments.parse_args().cache)
    if not DATA.is_dir():
        print(f"The data are not on this machine: {DATA}")
        return 0
    told = {**_catalan(vectors), **_languages(vectors)}
    bad = [f"{name}: {value:.3f} is {said}" for name, (value, is_good, said) in told.items() if not is_good]
    print("\n".join(bad) or "At or above floor and aim.")
    return 1 if bad else 0


type Verdicts = dict[str, tuple[float, bool, str]]


def _catalan(vectors: Vectors) -> Verdicts:
    known, is_in = actions()
    parts = (known.part(is_in), known.part([not one for one in is_in]), known)
    print(f"{'actions, Catalan':34}{'made with':>12}{'held out':>12}{'all':>12}")
    found: dict[str, list[float]] = {}
    for name, way in ways(vectors).items():
        found[name] = [_mean_ami(way(part), part.groups) for part in parts]
        print(f"{name:34}" + "".join(f"{value:12.3f}" for value in found[name]), flush=True)
    ours, floor = found["ours"], found["k-means, words"]
    return {
        **{
            f"actions, part {at}": (mine, mine > least, "below k-means over words")
            for at, (mine, least) in enumerate(zip(ours, floor, strict=True), start=1)
        },
        "all actions": (ours[2], ours[2] > AIM, f"not above {AIM}"),
    }


def _languages(vectors: Vectors) -> Verdicts:
    verdicts: Verdicts = {}
    print(f"\n{'five languages':34}{'groups':>12}{'language':>12}{'number':>12}")
    for name, known in (("themes", themes()), ("goals, held out", goals())):
        languages = [text.language for text in known.texts]
        for way in ("k-means, careful", "average, careful", "ours, fast", "ours"):
            groupings = ways(vectors)[way](known)
            groups, language = (_mean_ami(groupings, labels) for labels in (known.groups, languages))
            print(f"{f'{name}: {way}':34}{groups:12.3f}{language:12.3f}{len(set(groupings[0])):12}", flush=True)
        verdicts[f"{name}, language"] = (language, language < MOST_LANGUAGE, "too much")
    return verdicts


def ways(vectors: Vectors) -> dict[str, Way]:
    """What is compared; all but ours are told how many groups people made."""
    sides: dict[str, Callable[[Known], np.ndarray]] = {
        "words": lambda known: counted_words([_whole(text) for text in known.texts]),
        FAST: lambda known: _encoded(known, vectors, FAST),
        CAREFUL: lambda known: _encoded(known, vectors, CAREFUL),
    }
    found: dict[str, Way] = {}
    for side, rows in sides.items():
        found[f"k-means, {side}"] = lambda known, rows=rows: [
            k_means(rows(known), known.count(), seed) for seed in range(STARTS)
        ]
        for kind in LINKAGES:
            found[f"{kind}, {side}"] = lambda known, rows=rows, kind=kind: [linkage(rows(known), known.count(), kind)]
    quick = Vectors(None, (FAST,))
    found["ours, fast"] = lambda known: [_ours(known, quick, None)]
    found["ours, as many as people made"] = lambda known: [_ours(known, vectors, known.count())]
    found["ours"] = lambda known: [_ours(known, vectors, None)]
    return found


def _ours(known: Known, vectors: Vectors, count: int | None) -> list[int]:
    labels = [0] * len(known.texts)
    for group in cluster(known.texts, vectors=vectors, count=count):
        for at in group.members:
            labels[at] = group.number
    return labels


def _mean_ami(groupings: Sequence[list[int]], known: Sequence[str]) -> float:
    return float(np.mean([adjusted_mutual_information(found, known) for found in groupings]))


def _encoded(known: Known, vectors: Vectors, encoder: str) -> np.ndarray:
    """Rows of length 1 without what all have in common, which helps every way to group but k-means."""
    rows = vectors.encode([_whole(text) for text in known.texts], encoder)
    rows = rows - rows.mean(axis=0)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _whole(text: Contribution) -> str:
    return f"{text.title}\n{text.text}".strip()


def actions() -> tuple[Known, list[bool]]:
    """The plan's actions, and which of them the method was made with."""
    rows = list(_rows(DATA / "pam2016" / "actions.csv"))
    known = Known(
        [Contribution(row["description"], row["title"], "ca") for row in rows], [row["subcategory"] for row in rows]
    )
    return known, [_number(row["id"]) % 2 == 0 for row in rows]


def themes() -> Known:
    """Projects, in their own language where we have them in it, and needs, by their first theme."""
    texts, groups = [], []
    for row in _rows(DATA / "facts" / "projects.csv"):
        if row["themes"] and row["summary"]:
            is_arabic = bool(row["title_ar"] and row["summary_ar"])
            title = row["title_ar"] if is_arabic else row["title_local"] or row["title"]
            summary, language = (row["summary_ar"], "ar") if is_arabic else (row["summary"], row["language"])
            texts.append(Contribution(summary, title, language))
            groups.append(row["themes"].split(";")[0])
    for row in _rows(DATA / "facts" / "needs.csv"):
        texts.append(Contribution(row["text"], row["title"], row["language"]))
        groups.append(row["themes"].split(";")[0])
    return Known(texts, groups)


def goals() -> Known:
    """The targets of the goals, each in one of five languages."""
    texts, groups = [], []
    for row in _rows(DATA / "sdg" / "goals_targets.tsv", "\t"):
        language = LANGUAGES[_number(row["key"]) % len(LANGUAGES)]
        if row["kind"] != "goals" and row[language]:
            texts.append(Contribution(row[language], "", language))
            groups.append(re.split(r"\W", row["key"])[0])
    return Known(texts, groups)


def _rows(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=delimiter)


def _number(key: str) -> int:
    return hashlib.sha256(key.encode()).digest()[0]


def counted_words(texts: Sequence[str]) -> np.ndarray:
    """TF-IDF over stems, rows of length 1."""
    documents = [terms(text) for text in texts]
    columns = {term: at for at, term in enumerate(sorted({term for document in documents for term in document}))}
    rows = np.zeros((len(texts), len(columns)), np.float32)
    for row, document in enumerate(documents):
        for term in document:
            rows[row, columns[term]] += 1
    rows *= np.log((1 + len(texts)) / (1 + (rows > 0).sum(axis=0))) + 1
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def k_means(rows: np.ndarray, count: int, seed: int) -> list[int]:
    """Lloyd's algorithm from k-means++ (Arthur and Vassilvitskii 2007)."""
    chance = np.random.default_rng(seed)
    centres = rows[[chance.integers(len(rows))]]
    while len(centres) < count:
        far = _distances(rows, centres).min(axis=1)
        centres = np.concatenate([centres, rows[[chance.choice(len(rows), p=far / far.sum())]]])
    labels = np.full(len(rows), -1)
    for _ in range(100):
        before, labels = labels, _distances(rows, centres).argmin(axis=1)
        if np.array_equal(before, labels):
            break
        centres = np.array(
            [rows[labels == at].mean(axis=0) if (labels == at).any() else centres[at] for at in range(count)]
        )
    return [int(label) for label in labels]


def _distances(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    squares = (rows**2).sum(axis=1)[:, None] - 2 * rows @ centres.T + (centres**2).sum(axis=1)
    return np.maximum(squares, 0)


def linkage(rows: np.ndarray, count: int, kind: str) -> list[int]:
    """Agglomeration by the distances of Lance and Williams (1967), on squared Euclidean distances of unit rows."""
    far = _distances(rows.astype(np.float64), rows.astype(np.float64))
    np.fill_diagonal(far, np.inf)
    sizes, labels, alive = np.ones(len(rows)), np.arange(len(rows)), np.ones(len(rows), bool)
    for _ in range(len(rows) - count):
        one, other = sorted(int(at) for at in np.unravel_index(np.argmin(far), far.shape))
        joined = _joined(far, sizes, one, other, kind)
        joined[[one, other]] = np.inf
        joined[~alive] = np.inf
        far[one], far[:, one] = joined, joined
        far[other], far[:, other] = np.inf, np.inf
        sizes[one] += sizes[other]
        alive[other] = False
        labels[labels == other] = one
    return [int(label) for label in labels]


def _joined(far: np.ndarray, sizes: np.ndarray, one: int, other: int, kind: str) -> np.ndarray:
    if kind == "complete":
        return np.maximum(far[one], far[other])
    if kind == "average":
        return (sizes[one] * far[one] + sizes[other] * far[other]) / (sizes[one] + sizes[other])
    weights = sizes[one] + sizes, sizes[other] + sizes, -sizes * far[one, other]
    return (weights[0] * far[one] + weights[1] * far[other] + weights[2]) / (sizes[one] + sizes[other] + sizes)


if __name__ == "__main__":
    sys.exit(main())
