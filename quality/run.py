"""How well matching works: right at rank 1 by category, against counting words that are the same.

``python quality/run.py`` prints a table for the cases the method was made with and one for those held out, by category
and once more by the language that asks, then the same for needs in eight languages with their answers in English, a
row a language; for ``needs`` once more with hard negatives as long as the answers, which is printed and not held to
anything; and for the same needs with the same said in English (``counterparts.yaml``) in place of answers, which is
held to what is asked of it. ``close`` counts what was missed by less than rounding moves a score (``rounding.py``).
Exits 1 where matching is below the floor in any category, or below what was frozen for the way this processor rounds:
a category by more than a case and the close ones, a set by more than rounding alone would take. ``--freeze`` writes
what this machine found as the baseline of its way of rounding: say why in the commit. ``--missed`` names what was
missed of the first set, never of the second.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rounding import CLOSE, may_turn, way_of_rounding

from sympolis.engine.match import item_texts, item_words
from sympolis.engine.match.features import compare_items
from sympolis.engine.model import Item, ItemKind
from sympolis.engine.texts.encoders import CAREFUL, FAST
from sympolis.engine.texts.subjects import subject_texts
from sympolis.engine.texts.vectors import Vectors
from sympolis.engine.texts.words import words

HERE = Path(__file__).parent
BASELINE = HERE / "baseline.json"
HELD_OUT = "held_out"
COUNTERPARTS = "counterparts"
SETS = ("cases", HELD_OUT, "needs", f"needs_{HELD_OUT}")
ALL_LANGUAGES, EACH_LANGUAGE = 0.95, 0.90
"""What is asked of counterparts: the share right at rank 1."""
ALIKE = 0.5

type Scores = Callable[[Sequence[Item], Sequence[Item]], np.ndarray]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases of a category are right, of how many, and how many were missed by less than rounding moves."""

    right: int
    all: int
    close: int

    @classmethod
    def of(cls, margins: Sequence[float]) -> Tally:
        """From how far each case's answer is before the next best; below 0 it is missed."""
        missed = [margin for margin in margins if margin <= 0]
        return cls(len(margins) - len(missed), len(margins), sum(margin > -CLOSE for margin in missed))


type Tallies = dict[str, Tally]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--freeze", action="store_true", help="write the baseline anew")
    arguments.add_argument("--missed", action="store_true", help="print what was missed")
    arguments.add_argument("--cache", type=Path, help="a folder that keeps vectors")
    chosen = arguments.parse_args()
    vectors, fast_alone = Vectors(chosen.cache), Vectors(chosen.cache, (FAST,))
    ways = (matcher(vectors), matcher(fast_alone), same_words)
    frozen: dict[str, dict[str, dict[str, int]]] = json.loads(BASELINE.read_text("utf-8"))
    way = way_of_rounding()
    baseline = frozen.setdefault(way, {})
    print(f"This processor's rounding is {way}.")
    bad = []
    for name in SETS:
        groups = groups_of(read(name))
        ours, missed = measure_all(groups, ways[0])
        fast, floor = (measure_all(groups, scores)[0] for scores in ways[1:])
        print(f"{name}\n{table(ours, fast, floor)}")
        if len(groups) == 1:
            spoken = [by_language(groups[0])]
            told = (measure_all(spoken, scores)[0] for scores in ways)
            print(f"{name}, by language\n{table(*told)}")
        if chosen.missed and not name.endswith(HELD_OUT):
            print("\n".join(missed))
        if chosen.freeze:
            baseline[name] = {category: tally.right for category, tally in ours.items()}
        bad += [f"{name}: {said}" for said in verdict(ours, floor, baseline.get(name, {}))]
    even = groups_of(as_long(read("needs")))
    print("needs, negatives as long as answers\n" + table(*(measure_all(even, scores)[0] for scores in ways)))
    groups, besides = counterparts()
    tallies = [measure_all(groups, scores, besides)[0] for scores in ways]
    print(f"{COUNTERPARTS}\n{table(*tallies)}")
    bad += short_of_aim(tallies[0])
    if chosen.freeze:
        BASELINE.write_text(json.dumps(frozen, indent=1) + "\n", "utf-8")
    print("\n".join(bad) or "At or above floor and baseline.")
    return 1 if bad else 0


def read(name: str) -> Any:
    """A file of cases."""
    return yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))


def counterparts() -> tuple[list[list[dict[str, Any]]], list[Item]]:
    """Needs in eight languages, each with the same said in English and another need that sounds like it; and what else
    is in the pool of every language: needs of other towns, and the needs' own hard negatives."""
    said, needs = read(COUNTERPARTS), read("needs")
    groups = [
        [
            {
                "category": language,
                "asked": [language, need["asked"][language], ""],
                "answer": ["en", same["same"][language], ""],
                "near": ["en", same["other"], ""],
            }
            for need, same in zip(needs, said["needs"], strict=True)
        ]
        for language in needs[0]["asked"]
    ]
    return groups, [_item(["en", text, ""]) for text in (*said["besides"], *(need["near"] for need in needs))]


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


def by_language(cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same cases under the language of what is asked, or of the first of two texts that are not alike."""
    asking = (case.get("asked") or case["apart"][0] for case in cases)
    told = [case | {"category": part[0]} for case, part in zip(cases, asking, strict=True)]
    return sorted(told, key=lambda case: str(case["category"]))


def as_long(cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Needs whose hard negatives go on (``more``): answers have 20.6 telling words, negatives 13.3 and so 20.6."""
    return [case | {"near": f"{case['near']} {case['more']}"} for case in cases]


def measure_all(
    groups: Sequence[list[dict[str, Any]]], scores: Scores, besides: Sequence[Item] = ()
) -> tuple[Tallies, list[str]]:
    """The tally of each category, and what was missed, over several pools."""
    found: Tallies = {}
    missed: list[str] = []
    for group in groups:
        right, lines = measure(group, scores, besides)
        found.update(right)
        missed += lines
    return found, missed


def matcher(vectors: Vectors) -> Scores:
    """The engine's own judgement of what two items are about."""

    def scores(left: Sequence[Item], right: Sequence[Item]) -> np.ndarray:
        if CAREFUL in vectors.encoders:
            vectors.fill([*subject_texts(), *item_texts([*left, *right])], CAREFUL)
        vectors.fill(item_words([*left, *right]), FAST)
        return compare_items(left, right, vectors, by_words=True).topic

    return scores


def same_words(left: Sequence[Item], right: Sequence[Item]) -> np.ndarray:
    """The naive floor: the share of words that are exactly the same."""
    lefts, rights = ([set(words(text)) for text in map(_whole, listed)] for listed in (left, right))
    return np.array([[len(a & b) / (len(a | b) or 1) for b in rights] for a in lefts])


def measure(cases: Sequence[dict[str, Any]], scores: Scores, besides: Sequence[Item] = ()) -> tuple[Tallies, list[str]]:
    """The tally of each category, and what was missed; ``besides`` is in the pool and answers nothing."""
    found = [case for case in cases if "asked" in case]
    pool = [*(_item(case[part]) for case in found for part in ("answer", "near")), *besides]
    ranked = scores([_item(case["asked"]) for case in found], pool)
    margins: dict[str, list[float]] = defaultdict(list)
    missed = []
    for at, case in enumerate(found):
        others = np.delete(ranked[at], 2 * at)
        margin = float(ranked[at, 2 * at] - others.max())
        margins[case["category"]].append(margin)
        if margin <= 0:
            best = int(np.argmax(ranked[at]))
            missed.append(f"{case['asked'][1]} -> {_whole(pool[best])[:60]} (not {case['answer'][1]})")
    for case in cases:
        if "apart" in case:
            one, other = (_item(part) for part in case["apart"])
            score = float(scores([one], [other])[0, 0])
            margins[case["category"]].append(ALIKE - score)
            if score >= ALIKE:
                missed.append(f"{_whole(one)[:40]} = {_whole(other)[:40]} ({score:.2f})")
    return {name: Tally.of(listed) for name, listed in margins.items()}, missed


def table(ours: Tallies, *others: Tallies) -> str:
    """Right of all by category, a column for each way of matching; of ours how many were missed by next to nothing."""
    lines = [f"{'':24}{'both':>8}{'close':>8}{'fast':>8}{'words':>8}"]
    for name, tallies in [*((name, (ours[name], *(one[name] for one in others))) for name in ours), ("all", ())]:
        own, *rest = tallies or map(total, (ours, *others))
        lines.append(f"{name:24}{_share(own)}{own.close:>6}  " + "".join(map(_share, rest)))
    return "\n".join(lines)


def _share(tally: Tally) -> str:
    return f"{tally.right:>5}/{tally.all:<3}"[:9]


def total(tallies: Tallies) -> Tally:
    """All categories together."""
    listed = tallies.values()
    return Tally(sum(one.right for one in listed), sum(one.all for one in listed), sum(one.close for one in listed))


def verdict(ours: Tallies, floor: Tallies, baseline: Mapping[str, int]) -> list[str]:
    """Categories of finding below the floor, and those further below the baseline than rounding explains."""
    bad = [
        f"{name}: below counting words" for name in ours if name != "not alike" and ours[name].right < floor[name].right
    ]
    if not baseline:
        return [*bad, "nothing was frozen for this way of rounding: --freeze"]
    nothing = Tally(0, 0, 0)
    for name, right in baseline.items():
        own = ours.get(name, nothing)
        if own.right + own.close < right - 1:
            bad.append(f"{name}: {own.right} right, {own.close} close, frozen {right}")
    every, right = total(ours), sum(baseline.values())
    if every.right < right - may_turn(every.all):
        bad.append(f"all: {every.right} right, frozen {right}")
    return bad


def short_of_aim(ours: Tallies) -> list[str]:
    """Languages in which fewer needs find their counterpart than is asked, and all together."""
    aims = [*((name, tally, EACH_LANGUAGE) for name, tally in ours.items()), ("all", total(ours), ALL_LANGUAGES)]
    return [
        f"{COUNTERPARTS}, {name}: {one.right} of {one.all}, asked {aim}"
        for name, one, aim in aims
        if one.right < aim * one.all
    ]


def _item(part: Sequence[str]) -> Item:
    language, title, text = part
    return Item(
        id=f"{language}:{title}:{text}", kind=ItemKind.NEED, title={language: title}, owner_id="", text={language: text}
    )


def _whole(item: Item) -> str:
    return " ".join([*item.title.values(), *item.text.values()])


if __name__ == "__main__":
    sys.exit(main())
