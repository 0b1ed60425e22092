"""The mapping beside a table: what its rows are and which column is which field, approved by a person."""

from __future__ import annotations

from collections.abc import Mapping as Named
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from ...errors import SourceError

ENDING = ".mapping.yaml"
_LONGEST = 256 * 1024
_HEAD = """\
# How {name} is read. Look it over, mend it, then write "approved: true".
# columns: the heading, then the field it is; "title.fr" is a title in French; '' leaves a column out.
# Fields of a {kind}: {fields}.
"""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a table holds: ``columns`` leads from a heading to a field, ``title`` or ``title.fr``, or to nothing.

    ``decimal`` is the mark before a fraction, empty where the look of each number tells it. ``country`` and
    ``currency`` are for rows that do not say. ``headings_row`` is the row of the headings, counted from 1.
    """

    kind: str
    columns: Named[str, str]
    language: str = "en"
    approved: bool = False
    sheet: str = ""
    separator: str = ""
    headings_row: int = 1
    decimal: str = ""
    month_first: bool = False
    country: str = ""
    currency: str = "EUR"
    lists: str = ";"

    def fields(self) -> frozenset[str]:
        """The fields that have a column, without their languages."""
        return frozenset(name.partition(".")[0] for name in self.columns.values() if name)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a table can hold, out of ``words.yaml``: the types of its fields and the headings they go by."""

    name: str
    needs: str
    telling: frozenset[str]
    types: Named[str, str] = field(default_factory=dict)
    written: Named[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def words() -> Named[str, Any]:
    """What stands in ``words.yaml``."""
    content: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return content


@cache
def kinds() -> dict[str, Kind]:
    """Kind of record -> its fields."""
    return {
        name: Kind(
            name,
            told["needs"],
            frozenset(told["telling"]),
            {one: said["type"] for one, said in told["fields"].items()},
            {one: tuple(said["written"]) for one, said in told["fields"].items()},
        )
        for name, told in words()["kinds"].items()
    }


def mapping_path(table: Path) -> Path:
    """Where the mapping of a table stands: ``projects.csv`` has ``projects.mapping.yaml`` beside it."""
    return table.with_name(f"{table.stem}{ENDING}")


def read_mapping(file: Path) -> Mapping:
    """The mapping in a file. Raises SourceError with what is wrong; OSError where it can't be had."""
    if file.stat().st_size > _LONGEST:
        raise SourceError(f"{file.name} is too large for a mapping.")
    try:
        told = yaml.safe_load(file.read_bytes())
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise SourceError(f"{file.name} is no YAML: {' '.join(str(error).split())}") from None
    return _checked(told, file.name)


def _checked(told: Any, name: str) -> Mapping:
    if not isinstance(told, dict) or not isinstance(told.get("columns"), dict):
        raise SourceError(f"{name} has no columns.")
    kind = kinds().get(str(told.get("kind")))
    if kind is None:
        raise SourceError(f"{name}: kind should be one of {', '.join(kinds())}.")
    columns = {str(heading): str(said or "").strip() for heading, said in told["columns"].items()}
    for said in columns.values():
        base, _dot, language = said.partition(".")
        if said and (base not in kind.types or (language and (kind.types[base] != "text" or len(language) != 2))):
            raise SourceError(f"{name}: a {kind.name} has no field {said!r}; it has {', '.join(kind.types)}.")
    doubled = {said for said in columns.values() if said and [*columns.values()].count(said) > 1}
    if doubled:
        raise SourceError(f"{name}: more than one column is {', '.join(sorted(doubled))}.")
    if not any(said.partition(".")[0] == kind.needs for said in columns.values()):
        raise SourceError(f"{name}: no column is the {kind.needs}.")
    return Mapping(kind=kind.name, columns=columns, **_settings(told, name))


def _settings(told: Named[str, Any], name: str) -> dict[str, Any]:
    row = told.get("headings_row", 1)
    dates = str(told.get("dates", "day-first"))
    if not isinstance(row, int) or isinstance(row, bool) or not 1 <= row <= 1000:
        raise SourceError(f"{name}: headings_row should be a number from 1.")
    if dates not in ("day-first", "month-first"):
        raise SourceError(f"{name}: dates should be day-first or month-first.")
    texts = {key: str(told.get(key) or "") for key in ("sheet", "separator", "decimal", "country")}
    if len(texts["separator"]) > 1 or texts["decimal"] not in ("", ".", ","):
        raise SourceError(f"{name}: separator should be one character, decimal a point or a comma.")
    return {
        **texts,
        "language": str(told.get("language") or "en"),
        "currency": str(told.get("currency") or "EUR"),
        "lists": str(told.get("lists") or ";"),
        "approved": told.get("approved") is True,
        "headings_row": row,
        "month_first": dates == "month-first",
    }


def written(mapping: Mapping, name: str) -> str:
    """The mapping as YAML, with what a person needs to know to approve it."""
    told = {
        "approved": mapping.approved,
        "kind": mapping.kind,
        "sheet": mapping.sheet,
        "separator": mapping.separator,
        "headings_row": mapping.headings_row,
        "language": mapping.language,
        "decimal": mapping.decimal,
        "dates": "month-first" if mapping.month_first else "day-first",
        "country": mapping.country,
        "currency": mapping.currency,
        "lists": mapping.lists,
        "columns": dict(mapping.columns),
    }
    fields = ", ".join(kinds()[mapping.kind].types)
    body = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=1000)
    return _HEAD.format(name=name, kind=mapping.kind, fields=fields) + body


def write_mapping(mapping: Mapping, file: Path, table: str) -> None:
    """Write a mapping where a person can look it over."""
    file.write_text(written(mapping, table), "utf-8")
