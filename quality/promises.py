"""How well promises are picked out of minutes and mails: precision and recall by language, who and by when.

``python quality/promises.py`` reads the sentences of ``promises.yaml`` one by one and prints for each language how many
promises were found (recall), how many of those found are some (precision), and of those found how often it was told
rightly whether the writer's own side promises, and by when. ``--missed`` tells each that differs, never of those held
out. Exits 1 where fewer are right than the floor below: what was measured when they were written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sympolis.engine.model import PartialDate
from sympolis.engine.texts.promises import promises_in

CASES = Path(__file__).with_name("promises.yaml")
ON = date(2026, 2, 10)
FLOOR = {
    "en": (12, 12, 12, 11), "ca": (12, 12, 12, 12), "es": (12, 12, 12, 12), "fr": (11, 11, 11, 11),
    "ar": (12, 12, 12, 12), "held out": (9, 9, 9, 9),
}  # fmt: skip
"""Language -> promises found of 12, sentences told to be some, whose side rightly, days rightly; of those held out
(ten promises, two a language) the total."""

type Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in the sentences of one language."""

    found: int
    all: int
    told: int
    sides: int
    days: int
    missed: tuple[str, ...] = ()

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """As the floor has them."""
        return self.found, self.told, self.sides, self.days


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--missed", action="store_true", help="tell what differs from the judgement")
    chosen = arguments.parse_args()
    found = measure(yaml.safe_load(CASES.read_text("utf-8")))
    print("language  recall  precision  whose  by when")
    for language, one in found.items():
        precision, sides, days = (f"{count}/{of}" for count, of in _shares(one))
        print(f"{language:10}{f'{one.found}/{one.all}':8}{precision:11}{sides:7}{days}")
        if chosen.missed:
            print("".join(f"  {line}\n" for line in one.missed), end="")
    bad = [language for language, least in FLOOR.items() if below(found[language], least)]
    print("\n".join(f"{language}: below what was measured before" for language in bad) or "At or above the floor.")
    return 1 if bad else 0


def _shares(one: Judged) -> tuple[tuple[int, int], ...]:
    return (one.found, one.told), (one.sides, one.found), (one.days, one.found)


def below(one: Judged, least: tuple[int, int, int, int]) -> bool:
    """Whether fewer are right, or more are told that are none."""
    found, told, sides, days = least
    wrong = one.told - one.found
    return one.found < found or wrong > told - found or one.sides < sides or one.days < days


def measure(cases: Sequence[Case]) -> dict[str, Judged]:
    """Language -> what was found, beside what was judged; ``held out``: of those of all languages."""
    languages = dict.fromkeys(case["language"] for case in cases)
    found = {language: _of([case for case in cases if case["language"] == language]) for language in languages}
    return found | {"held out": _of([case for case in cases if case["held_out"]])}


def _of(cases: Sequence[Case]) -> Judged:
    read = [(case, next(iter(promises_in(case["text"], ON)), None)) for case in cases]
    right = [(case, one) for case, one in read if one and case["promise"]]
    sides = [case["id"] for case, one in right if one.is_ours == (case["who"] == "us")]
    days = [case["id"] for case, one in right if one.due == due_of(case)]
    missed = [f"{case['id']}: {case['text']}" for case, one in read if (one is not None) != case["promise"]]
    missed += [
        f"{case['id']}: {one.is_ours} {one.due.earliest}/{one.due.latest} (not {case['who']} {case['due']})"
        for case, one in right
        if case["id"] not in sides or case["id"] not in days
    ]
    hidden = tuple(case["id"] for case in cases if case["held_out"])
    missed = [line for line in missed if not line.startswith(hidden)]
    told = sum(one is not None for _, one in read)
    return Judged(len(right), sum(case["promise"] for case in cases), told, len(sides), len(days), tuple(missed))


def due_of(case: Case) -> PartialDate:
    """As judged: a day, a month, or two days with a stroke between them."""
    first, _, last = str(case["due"]).partition("/")
    return PartialDate(date.fromisoformat(first), date.fromisoformat(last)) if last else PartialDate.parse(first)


if __name__ == "__main__":
    sys.exit(main())
