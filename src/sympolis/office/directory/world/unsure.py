"""The pairs that wait for a person, as the build left them, less those somebody decided since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sympolis.office.core.readers import current_snapshot, open_world
from sympolis.office.core.texts import folded
from sympolis.office.directory.models import SameBody

FILE = "unsure.jsonl"


@dataclass(frozen=True, slots=True)
class Reason:
    """What was compared: ``key`` is ``resolve-<name>``; ``score`` speaks for (above 0) or against the two being one."""

    key: str
    score: float
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one body. ``bodies`` are the organisations they are part of now.

    There may be tens of thousands, and a page shows twenty: reasons are read when they are asked for.
    """

    left: str
    right: str
    names: tuple[str, str]
    score: float
    features: tuple[Any, ...]
    bodies: tuple[str, str]
    countries: frozenset[str]

    @property
    def reasons(self) -> list[Reason]:
        """Those that say most first."""
        return [
            Reason(f"resolve-{name}", float(score), _said(values.get("left")), _said(values.get("right")))
            for name, score, values in sorted(self.features, key=lambda feature: -abs(feature[1]))
        ]

    @property
    def key(self) -> tuple[str, str]:
        return (self.left, self.right) if self.left < self.right else (self.right, self.left)


def waiting_pairs(words: str = "", country: str = "") -> list[Pair]:
    """Pairs nobody has decided, the likeliest first; those whose names hold every word, with one end in a country."""
    decided = set(SameBody.objects.order_by().values_list("left", "right"))
    pairs, snapshot = all_pairs(), current_snapshot()
    if snapshot and pairs and (asked := folded(words).split()):
        named = zip(pairs, _names(snapshot), strict=True)
        pairs = tuple(pair for pair, names in named if all(word in names for word in asked))
    return [pair for pair in pairs if pair.key not in decided and (not country or country in pair.countries)]


def all_pairs() -> tuple[Pair, ...]:
    """What the build could not decide; nothing where there is no world data."""
    snapshot = current_snapshot()
    return _read(snapshot) if snapshot and (snapshot / FILE).is_file() else ()


def pair_of(left: str, right: str) -> Pair | None:
    """One of them by its two ids, in either order."""
    wanted = (left, right) if left < right else (right, left)
    return next((pair for pair in all_pairs() if pair.key == wanted), None)


@lru_cache(maxsize=1)
def _names(snapshot: Path) -> list[str]:
    """Both names of each pair as they are looked for: made once, and only where somebody looks."""
    return [folded(*pair.names) for pair in _read(snapshot)]


@lru_cache(maxsize=1)
def _read(snapshot: Path) -> tuple[Pair, ...]:
    """A snapshot never changes once it is served."""
    with (snapshot / FILE).open(encoding="utf-8") as lines:
        told = [json.loads(line) for line in lines]
    world = open_world()
    ids = [one[side] for one in told for side in ("left", "right")]
    bodies = world.bodies(ids) if world else {}
    countries = world.countries(list(set(bodies.values()))) if world else {}
    return tuple(_pair(one, bodies, countries) for one in told)


def _pair(told: Mapping[str, Any], bodies: Mapping[str, str], countries: Mapping[str, str]) -> Pair:
    left, right = str(told["left"]), str(told["right"])
    ends = (bodies.get(left, left), bodies.get(right, right))
    names = (str(told["names"][0]), str(told["names"][1]))
    among = frozenset(countries[one] for one in ends if countries.get(one))
    return Pair(left, right, names, float(told["score"]), tuple(told["features"]), ends, among)


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
