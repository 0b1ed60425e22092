"""How well what a call asks of a consortium is read: how many, from where, who must be in, who is wanted.

``python quality/consortium.py`` reads the calls judged in ``consortium.yaml`` in a folder of the EU's portal
(``--calls``) and prints, of all judged: the numbers of bodies and countries read right, the duties read right, and of
wanted roles how many were found (recall) and how many of those told are wanted or may be (precision). ``--missed``
tells each that differs. Exits 1 where fewer are right than the floor below: what was measured when they were judged.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sympolis.engine.match.consortium import Asked, asked_of
from sympolis.engine.model import Call
from sympolis.engine.sources import portal

CASES = Path(__file__).with_name("consortium.yaml")
FOLDER = Path(__file__).parents[2] / "shared" / "data" / "calls"
FLOOR = {"numbers": 12, "duties": 12, "wanted found": 11, "told rightly": 17}

type Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """One measure: right of all, and what differs."""

    right: int
    all: int
    missed: tuple[str, ...] = ()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--calls", type=Path, default=FOLDER, help="a folder with calls of the portal")
    arguments.add_argument("--missed", action="store_true", help="tell what differs from the judgement")
    chosen = arguments.parse_args()
    if not chosen.calls.is_dir():
        print(f"Skipped: there are no calls in {chosen.calls}. Name a folder of the portal's pages with --calls.")
        return 0
    cases = yaml.safe_load(CASES.read_text("utf-8"))
    found = measure(cases, read_calls(chosen.calls))
    for name, one in found.items():
        print(f"{name:16}{one.right:>4}/{one.all}")
        if chosen.missed:
            print("".join(f"  {line}\n" for line in one.missed), end="")
    bad = [name for name, least in FLOOR.items() if found[name].right < least]
    print("\n".join(f"{name}: below what was measured before" for name in bad) or "At or above the floor.")
    return 1 if bad else 0


def read_calls(folder: Path) -> dict[str, Call]:
    """The calls of a folder by id."""
    return {call.id: call for file in portal.files(folder) for call in portal.read(file, []) if isinstance(call, Call)}


def measure(cases: Sequence[Case], calls: Mapping[str, Call]) -> dict[str, Judged]:
    """What was read, beside what was judged."""
    read = [(case, asked_of(calls[case["call"]])) for case in cases]
    numbers = [(case["call"], (case["least"], case["countries"]), numbers_of(asked)) for case, asked in read]
    duties = [(case["call"], case["required"], duties_of(asked)) for case, asked in read]
    wanted, told, lost, wrong = 0, 0, [], []
    for case, asked in read:
        roles = {one.role for one in asked.roles}
        wanted += len(case["wanted"])
        told += len(roles)
        lost += [f"{case['call']}: {role}" for role in case["wanted"] if role not in roles]
        wrong += [f"{case['call']}: {role}" for role in sorted(roles - {*case["wanted"], *case["perhaps"]})]
    return {
        "numbers": _same(numbers),
        "duties": _same(duties),
        "wanted found": Judged(wanted - len(lost), wanted, tuple(lost)),
        "told rightly": Judged(told - len(wrong), told, tuple(wrong)),
    }


def numbers_of(asked: Asked) -> tuple[int, int]:
    """Bodies and countries as they are judged: 1 and 0 (by a rule 1 and 1) where one may apply alone."""
    for rule in asked.rules:
        if rule.code == "alone":
            return 1, 1 if rule.basis == "rule" else 0
    countries = [rule.values["countries"] for rule in asked.rules if rule.code == "from-countries"]
    return max([rule.values["least"] for rule in asked.rules if rule.code == "at-least"], default=0), max(
        countries, default=0
    )


def duties_of(asked: Asked) -> dict[str, int]:
    """Role -> how many must be in."""
    return {rule.values["role"]: rule.values["least"] for rule in asked.rules if rule.code == "takes-part"}


def _same(pairs: Sequence[tuple[str, Any, Any]]) -> Judged:
    missed = tuple(f"{call}: {read} (not {judged})" for call, judged, read in pairs if judged != read)
    return Judged(len(pairs) - len(missed), len(pairs), missed)


if __name__ == "__main__":
    sys.exit(main())
