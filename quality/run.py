"""How well matching works: right at rank 1 by category, against counting words that are the same.

``python quality/run.py`` prints a table for the cases the method was made with and one for those held out, then the
same for needs in eight languages with their answers in English, a row a language, and exits 1 where
matching is below the floor in any category or below the frozen baseline by more than a case. ``--freeze`` writes the
baseline anew: say why in the commit. ``--missed`` names what was missed of the first set, never of the second.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sympolis.engine.match import item_texts
from sympolis.engine.match.features import compare_items
from sympolis.engine.model import Item, ItemKind
from sympolis.engine.texts.encoders import CAREFUL, FAST
from sympolis.engine.texts.subjects import subject_texts
from sympolis.engine.texts.vectors import Vectors
from sympolis.engine.texts.words import words

HERE = Path(__file__).parent
BASELINE = HERE / "baseline.json"
HELD_OUT = "held_out"
SETS = ("cases", HELD_OUT, "needs", f"needs_{HELD_OUT}")
ALIKE = 0.5

type Scores = Callable[[Sequence[Item], Sequence[Item]], np.ndarray]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--freeze", action="store_true", help="write the baseline anew")
    arguments.add_argument("--missed", action="store_true", help="print what was missed")
    arguments.add_argument("--cache", type=Path, help="a folder that keeps vectors")
    chosen = arguments.parse_args()
    vectors, fast_alone = Vectors(chosen.cache), Vectors(chosen.cache, (FAST,))
    baseline: dict[str, dict[str, int]] = json.loads(BASELINE.read_text("utf-8"))
    bad = []
    for name in SETS:
        groups = groups_of(yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8")))
        ours, missed = measure_all(groups, matcher(vectors))
        fast, _ = measure_all(groups, matcher(fast_alone))
        floor, _ = measure_all(groups, same_words)
        print(f"{name}\n{table(ours, fast, floor)}")
        if chosen.missed and not name.endswith(HELD_OUT):
            print("\n".join(missed))
        if chosen.freeze:
            baseline[name] = {category: right for category, (right, _) in ours.items()}
        bad += [f"{name}: {said}" for said in verdict(ours, floor, baseline[name])]
    if chosen.freeze:
        BASELINE.write_text(json.dumps(baseline, indent=1) + "\n", "utf-8")
    print("\n".join(bad) or "At or above floor and baseline.")
    return 1 if bad else 0


def groups_of(cases: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Cases that are asked for in one pool of answers: all of a file, or those of one language where each has eight."""
    if not isinstance(cases[0].get("asked"), dict):
        return [list(cases)]
    return [
        [
            {"category": language, "asked": [language, case["asked"][language], ""]}
            | {part: ["en", case[part], ""] for part in ("answer", "near")}
            for case in cases
        ]
        for language in cases[0]["asked"]
    ]


def measure_all(groups: Sequence[list[dict[str, Any]]], scores: Scores) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Category -> (right, all), and what was missed, over several pools."""
    found: dict[str, tuple[int, int]] = {}
    missed: list[str] = []
    for group in groups:
        right, lines = measure(group, scores)
        found.update(right)
        missed += lines
    return found, missed


def matcher(vectors: Vectors) -> Scores:
    """The engine's own judgement of what two items are about."""

    def scores(left: Sequence[Item], right: Sequence[Item]) -> np.ndarray:
        if CAREFUL in vectors.encoders:
            vectors.fill([*subject_texts(), *item_texts([*left, *right])], CAREFUL)
        return compare_items(left, right, vectors).topic

    return scores


def same_words(left: Sequence[Item], right: Sequence[Item]) -> np.ndarray:
    """The naive floor: the share of words that are exactly the same."""
    lefts, rights = ([set(words(text)) for text in map(_whole, listed)] for listed in (left, right))
    return np.array([[len(a & b) / (len(a | b) or 1) for b in rights] for a in lefts])


def measure(cases: Sequence[dict[str, Any]], scores: Scores) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Category -> (right, all), and what was missed."""
    found = [case for case in cases if "asked" in case]
    pool = [_item(case[part]) for case in found for part in ("answer", "near")]
    ranked = scores([_item(case["asked"]) for case in found], pool)
    right: dict[str, list[bool]] = defaultdict(list)
    missed = []
    for at, case in enumerate(found):
        best = int(np.argmax(ranked[at]))
        right[case["category"]].append(best == 2 * at)
        if best != 2 * at:
            missed.append(f"{case['asked'][1]} -> {_whole(pool[best])[:60]} (not {case['answer'][1]})")
    for case in cases:
        if "apart" in case:
            one, other = (_item(part) for part in case["apart"])
            score = float(scores([one], [other])[0, 0])
            right[case["category"]].append(score < ALIKE)
            if score >= ALIKE:
                missed.append(f"{_whole(one)[:40]} = {_whole(other)[:40]} ({score:.2f})")
    return {name: (sum(listed), len(listed)) for name, listed in right.items()}, missed


def table(*columns: dict[str, tuple[int, int]]) -> str:
    """Right of all by category, a column for each way of matching."""
    lines = [f"{'':24}{'both':>8}{'fast':>8}{'words':>8}"]
    for name in columns[0]:
        lines.append(f"{name:24}" + "".join(f"{column[name][0]:>5}/{column[name][1]:<2}" for column in columns))
    totals = [(sum(a for a, _ in column.values()), sum(b for _, b in column.values())) for column in columns]
    lines.append(f"{'all':24}" + "".join(f"{a:>5}/{b:<2}" for a, b in totals))
    return "\n".join(lines)


def verdict(ours: dict[str, tuple[int, int]], floor: dict[str, tuple[int, int]], baseline: dict[str, int]) -> list[str]:
    """Categories of finding below the floor, and those more than one case below the baseline."""
    bad = [f"{name}: below counting words" for name in ours if name != "not alike" and ours[name][0] < floor[name][0]]
    bad += [f"{name}: below the baseline" for name, right in baseline.items() if ours.get(name, (0, 0))[0] < right - 1]
    return bad


def _item(part: Sequence[str]) -> Item:
    language, title, text = part
    return Item(
        id=f"{language}:{title}:{text}", kind=ItemKind.NEED, title={language: title}, owner_id="", text={language: text}
    )


def _whole(item: Item) -> str:
    return " ".join([*item.title.values(), *item.text.values()])


if __name__ == "__main__":
    sys.exit(main())
