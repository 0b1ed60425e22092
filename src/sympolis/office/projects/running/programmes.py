"""The rules of programmes, as data: ``programmes.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

PLAIN = "office"
"""The code of the rules of a project for which none are chosen."""


@dataclass(frozen=True, slots=True)
class Labelled:
    code: str
    labels: Mapping[str, str]

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels["en"]


@dataclass(frozen=True, slots=True)
class Category(Labelled):
    """One category of a budget. A flat rate is at most ``percent`` of what the categories in ``of`` come to."""

    percent: Decimal | None = None
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Programme(Labelled):
    categories: tuple[Category, ...] = ()
    obligations: tuple[Labelled, ...] = ()

    def category(self, code: str) -> Category | None:
        return next((one for one in self.categories if one.code == code), None)


@cache
def programmes() -> Mapping[str, Programme]:
    rows = yaml.safe_load(files(__package__ or "").joinpath("programmes.yaml").read_text("utf-8"))
    return {row["code"]: _programme(row) for row in rows}


def programme(code: str) -> Programme:
    """The rules that hold for a project; those without any where the code is empty or no longer known."""
    return programmes().get(code) or programmes()[PLAIN]


def _programme(row: Any) -> Programme:
    obligations = tuple(Labelled(one["code"], one["labels"]) for one in row.get("obligations", ()))
    return Programme(row["code"], row["labels"], tuple(map(_category, row["categories"])), obligations)


def _category(row: Any) -> Category:
    flat = row.get("flat")
    if not flat:
        return Category(row["code"], row["labels"])
    return Category(row["code"], row["labels"], Decimal(str(flat["percent"])), tuple(flat["of"]))
