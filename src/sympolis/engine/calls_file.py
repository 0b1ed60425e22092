"""The calls of a snapshot as lines of JSON, for web processes, which read no Arrow."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from .model import Call, PartialDate, Provenance

NAME = "calls.jsonl"


def write_calls(folder: Path, calls: Iterable[Call]) -> None:
    """Write calls in order of id."""
    with (folder / NAME).open("w", encoding="utf-8") as file:
        for call in sorted(calls, key=lambda one: one.id):
            texts = {name: dict(getattr(call, name)) for name in ("title", "summary", "conditions")}
            raw = asdict(call) | texts
            file.write(json.dumps(raw, ensure_ascii=False, default=str) + "\n")


def read_calls(folder: Path) -> list[Call]:
    """The calls of a snapshot's folder; none where it has no such file."""
    file = folder / NAME
    if not file.is_file():
        return []
    return [_call(json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def _call(raw: dict[str, Any]) -> Call:
    where = raw["provenance"] | {"retrieved_at": _day(raw["provenance"]["retrieved_at"])}
    return Call(
        **raw
        | {
            "provenance": Provenance(**where),
            "opens": PartialDate(*(_day(day) for day in raw["opens"].values())),
            "closes": PartialDate(*(_day(day) for day in raw["closes"].values())),
            "eligible_countries": tuple(raw["eligible_countries"]),
            "eligible_kinds": tuple(raw["eligible_kinds"]),
            "themes": tuple(raw["themes"]),
            "sdgs": tuple(raw["sdgs"]),
            "max_grant_eur": _amount(raw["max_grant_eur"]),
            "cofinancing_rate": _amount(raw["cofinancing_rate"]),
            "deadlines": tuple(date.fromisoformat(day) for day in raw["deadlines"]),
        }
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _amount(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)
