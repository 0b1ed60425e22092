"""Whether what answers teach keeps the order as good as it was shipped, where officers agree with what is judged.

``python quality/learning.py`` has ten officers answer the first ten partners suggested to a hundred towns each, yes to
those that are partners of it and were held out, and prints the mean reciprocal rank of the other towns by the weights
as shipped and as learnt; then, of the judged pairs of ``synergies.yaml`` that are not held out, the area under the ROC
curve, each pair ranked by what the answers to the others teach; then has ten officers answer the first ten calls of
twenty needs of ``calls.yaml`` that are not held out, yes to those graded 2 or 3, and prints nDCG@10 of the other needs.
Exits 1 where the mean of the learnt falls more than .001 (partners), .01 (pairs) or .005 (needs) below the shipped.
``--store`` writes feature values of all into ``learning.json``, which the tests read: sixty towns with their first
twelve, of the first that have a partner among these, and of each need the first thirty calls. Needs have every call
read, which takes minutes: ``--needs`` asks for them, ``--store`` too; else those kept are measured.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from sympolis.engine.match.features import Comparison, compare_items, gives, wants, works
from sympolis.engine.match.learning import (
    SYNERGY_WEIGHTS,
    Answer,
    Answered,
    Learnt,
    learn,
    lift,
    ordered,
    scores_by_name,
)
from sympolis.engine.match.need import NEED_WEIGHTS, weights
from sympolis.engine.match.partners import WEIGHTS
from sympolis.engine.match.proposals import played
from sympolis.engine.texts.encoders import Matrix

HERE = Path(__file__).parent
STORED = HERE / "learning.json"
SEED = 100  # held out for learning the weights; never reported elsewhere
OFFICERS, TOWNS, SHOWN = 10, 100, 10
LOOKED_AT = 60
STORED_TOWNS, STORED_SHOWN = 60, 12
NEEDS_ASKED, STORED_CALLS = 20, 30
PARTNERS_MAY_FALL, PAIRS_MAY_FALL, NEEDS_MAY_FALL = 0.001, 0.01, 0.005

type Row = tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]
"""Of one town (candidates, features in the order of the weights) and which of them are partners, best first."""


type NeedRow = tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], float]
"""Of one need (calls, features in the order of the weights), the grade of each call, and the gain of the best order."""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--store", action="store_true", help="write what the tests read")
    arguments.add_argument("--needs", action="store_true", help="read all calls for the needs, not what is kept")
    arguments.add_argument("--cache", type=Path, help="a folder that keeps vectors")
    chosen = arguments.parse_args()
    rows, pairs = town_rows(), judged_pairs(chosen.cache)
    needs = need_rows(chosen.cache) if chosen.needs or chosen.store else read_stored()[2]
    if chosen.store:
        STORED.write_text(json.dumps(stored(rows, pairs, needs), separators=(",", ":")) + "\n", "utf-8")
    figures = by_officers(rows, OFFICERS, TOWNS, SHOWN) if rows else []
    if figures:
        used = sum(learnt.is_used for learnt, _, _ in figures)
        shipped, now = mean(one for _, one, _ in figures), mean(one for _, _, one in figures)
        worst = min(after - before for _, before, after in figures)
        print(f"{'':12}{'shipped':>9}{'learnt':>9}{'worst':>9}")
        print(
            f"{'partners':12}{shipped:9.4f}{now:9.4f}{worst:+9.4f}   MRR, {used} of {len(figures)} officers taught it"
        )
    else:
        print("Skipped: there are no twin towns beside this checkout.")
        shipped = now = 0.0
    before, after = left_out(pairs)
    print(f"{'pairs':12}{before:9.4f}{after:9.4f}{'':9}   AUC of {len(pairs)}")
    needed = by_officers_of_needs(needs, OFFICERS, NEEDS_ASKED)
    of_needs = [mean(one[at] for one in needed) for at in (1, 2)] if needed else [0.0, 0.0]
    if needed:
        used, worst = sum(one[0].is_used for one in needed), min(one[2] - one[1] for one in needed)
        print(f"{'needs':12}{of_needs[0]:9.4f}{of_needs[1]:9.4f}{worst:+9.4f}   nDCG@10, {used} of {OFFICERS} taught")
    fell = now < shipped - PARTNERS_MAY_FALL or after < before - PAIRS_MAY_FALL
    fell = fell or of_needs[1] < of_needs[0] - NEEDS_MAY_FALL
    print("What is learnt falls below what was shipped." if fell else "What is learnt does not fall.")
    return 1 if fell else 0


def town_rows() -> list[Row]:
    """The candidates of every town with partners held out; none where the twin towns are not there."""
    import partners as twins

    if not twins.TWINS.is_dir():
        return []
    links, names = twins.read_twins()
    found: list[Row] = twins._compared(twins.hold_out(links, SEED, known=False), twins.Towns(names), LOOKED_AT)
    return found


def judged_pairs(cache: Path | None) -> list[Answered]:
    """The judged pairs that may be looked at, answered as they were judged."""
    import synergies as judged

    pairs = [pair for pair in yaml.safe_load(judged.CASES.read_text("utf-8")) if not pair["held_out"]]
    tables = judged.Tables.read(judged.TABLES)
    lefts, rights = ([tables.portfolio(*pair[side]).items[0] for pair in pairs] for side in ("left", "right"))
    compared = compare_items(lefts, rights, judged.Complete(cache))
    scores = ranked_by(compared)
    return [
        Answered(
            scores_by_name(compared.explain(at, at)),
            Answer.YES if pair["works"] else Answer.NO,
            round(float(scores[at, at]), 4),
        )
        for at, pair in enumerate(pairs)
    ]


def need_rows(cache: Path | None) -> list[NeedRow]:
    """The needs that may be looked at and that some call fits, with what each call found is weighed by."""
    import calls as judged

    calls = judged.read_calls(judged.FOLDER)
    if not calls:
        return []
    cases = [case for case in yaml.safe_load(judged.CASES.read_text("utf-8")) if not case["held_out"]]
    cases = [case for case in cases if max(case["grades"].values(), default=0) >= judged.FITS]
    vectors = judged.Complete(cache)
    hits = judged.found(cases, calls, vectors)
    rows = []
    for case in cases:
        weighed = [one.scores for one in weights(case["text"], hits[case["id"]], vectors)]
        told = np.array([[scores[name] for name in NEED_WEIGHTS] for scores in weighed], float)
        grades = np.array([case["grades"].get(hit.document.id, 0) for hit in hits[case["id"]]], int)
        first = np.argsort(-(told @ list(NEED_WEIGHTS.values())), kind="stable")[:STORED_CALLS]
        best = judged._gained(sorted(case["grades"].values(), reverse=True)[: judged.FIRST])
        rows.append((told[first], grades[first], best))
    return rows


def by_officers_of_needs(rows: Sequence[NeedRow], officers: int, asked: int) -> list[tuple[Learnt, float, float]]:
    """What each officer taught who answered the first ten calls of some needs, and nDCG@10 of the other needs before
    and after."""
    found = []
    for officer in range(officers if len(rows) > asked else 0):
        order = np.random.default_rng(officer).permutation(len(rows)).tolist()
        taught = learn([one for at in sorted(order[:asked]) for one in need_answers(rows[at])], NEED_WEIGHTS)
        rest = [rows[at] for at in order[asked:]]
        found.append((taught, gained(rest, taught.shipped), gained(rest, taught.now)))
    return found


def need_answers(row: NeedRow) -> list[Answered]:
    """The first ten calls, yes to those that fit."""
    told, grades, _best = row
    best = np.argsort(-(told @ list(NEED_WEIGHTS.values())), kind="stable")[:SHOWN]
    return [
        Answered(dict(zip(NEED_WEIGHTS, told[at].tolist(), strict=True)), Answer.YES if grades[at] >= 2 else Answer.NO)
        for at in best
    ]


def gained(rows: Sequence[NeedRow], weights: Mapping[str, float]) -> float:
    """Mean nDCG@10 of needs whose calls are ordered by these weights."""
    by = np.array([weights[name] for name in NEED_WEIGHTS])
    found = []
    for told, grades, best in rows:
        first = grades[np.argsort(-(told @ by), kind="stable")][:SHOWN]
        found.append(sum((2**grade - 1) / np.log2(rank + 1) for rank, grade in enumerate(first.tolist(), 1)) / best)
    return mean(found)


def ranked_by(compared: Comparison) -> Matrix:
    """float32 (n, m): what a brief ranks pairs by, a score too low to be proposed as well: how far both are about the
    same thing and play the parts of an exchange or of joint work. What they are about alone is no brief's order."""
    parts = (gives, wants), (wants, gives), (works, works)
    return np.max([compared.agreed * played(compared, left, right) for left, right in parts], axis=0)


def by_officers(rows: Sequence[Row], officers: int, towns: int, shown: int) -> list[tuple[Learnt, float, float]]:
    """What each officer taught who answered other towns, and the mean reciprocal rank of the rest before and after."""
    order = np.random.default_rng(0).permutation(len(rows)).tolist()
    found = []
    for officer in range(officers):
        asked = set(order[officer * towns : (officer + 1) * towns])
        learnt = learn([one for at in sorted(asked) for one in answers(rows[at], shown)], WEIGHTS)
        rest = [row for at, row in enumerate(rows) if at not in asked]
        found.append((learnt, reciprocal(rest, learnt.shipped), reciprocal(rest, learnt.now)))
    return found


def answers(row: Row, shown: int) -> list[Answered]:
    """The first suggestions, yes to those that are partners."""
    told, right = row
    best = np.argsort(-(told @ list(WEIGHTS.values())), kind="stable")[:shown]
    return [
        Answered(dict(zip(WEIGHTS, told[at].tolist(), strict=True)), Answer.YES if right[at] else Answer.NO)
        for at in best
    ]


def reciprocal(rows: Sequence[Row], weights: Mapping[str, float]) -> float:
    """Mean reciprocal rank of the best placed partner of each town; 0 where it has none among its candidates."""
    by = np.array([weights[name] for name in WEIGHTS])
    found = []
    for told, right in rows:
        placed = right[np.argsort(-(told @ by), kind="stable")]
        found.append(1 / (int(np.argmax(placed)) + 1) if placed.any() else 0.0)
    return mean(found)


def left_out(pairs: Sequence[Answered]) -> tuple[float, float]:
    """How often a pair that works stands before one that doesn't, as shipped and as the other answers teach."""
    yes = np.array([pair.answer is Answer.YES for pair in pairs])
    before = np.array([pair.score for pair in pairs], float)
    taught = [learn([*pairs[:at], *pairs[at + 1 :]], SYNERGY_WEIGHTS).multipliers for at in range(len(pairs))]
    by = [lift(pair.features, SYNERGY_WEIGHTS, one) for pair, one in zip(pairs, taught, strict=True)]
    return ordered(before, yes), ordered(before * by, yes)


def stored(rows: Sequence[Row], pairs: Sequence[Answered], needs: Sequence[NeedRow]) -> dict[str, Any]:
    """What the tests read, as plain lists."""
    firsts = [_first(row) for row in rows]
    kept = [[told.round(3).tolist(), right.tolist()] for told, right in firsts if right.any()][:STORED_TOWNS]
    return {
        "features": list(WEIGHTS),
        "need_features": list(NEED_WEIGHTS),
        "towns": kept,
        "needs": [[told.round(4).tolist(), grades.tolist(), round(best, 4)] for told, grades, best in needs],
        "pairs": [[dict(pair.features), pair.answer is Answer.YES, pair.score] for pair in pairs],
    }


def _first(row: Row) -> Row:
    told, right = row
    best = np.argsort(-(told @ list(WEIGHTS.values())), kind="stable")[:STORED_SHOWN]
    return told[best], right[best]


def read_stored() -> tuple[list[Row], list[Answered], list[NeedRow]]:
    """The feature values kept for the tests. Raises ValueError where features changed since: store them anew."""
    kept = json.loads(STORED.read_text("utf-8"))
    if (kept["features"], kept["need_features"]) != (list(WEIGHTS), list(NEED_WEIGHTS)):
        raise ValueError(f"{STORED.name} holds other features than the engine has: run quality/learning.py --store.")
    rows = [(np.array(told), np.array(right, bool)) for told, right in kept["towns"]]
    pairs = [Answered(features, Answer.YES if works else Answer.NO, score) for features, works, score in kept["pairs"]]
    needs = [(np.array(told), np.array(grades, int), best) for told, grades, best in kept["needs"]]
    return rows, pairs, needs


if __name__ == "__main__":
    sys.exit(main())
