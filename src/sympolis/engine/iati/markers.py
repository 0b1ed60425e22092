"""Policy markers of the DAC: whether an aim was looked at, and how much of an aim it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

SCORES = ("0", "1", "2")


@dataclass(frozen=True, slots=True)
class Marker:
    """``scores`` are the codes of the list PolicySignificance that this marker may have."""

    code: str
    labels: Mapping[str, str]
    scores: tuple[str, ...]

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels["en"]


@cache
def markers() -> Mapping[str, Marker]:
    rows = yaml.safe_load(files(__package__ or "").joinpath("markers.yaml").read_text("utf-8"))
    return {
        row["code"]: Marker(row["code"], row["labels"], (*SCORES, *([row["extra"]] if "extra" in row else ())))
        for row in rows
    }


def screened(told: Mapping[str, str]) -> list[tuple[str, str]]:
    """Code and score of what was looked at, as far as the standard knows both, in the order of the codes."""
    return [(code, told[code]) for code, one in markers().items() if told.get(code) in one.scores]
