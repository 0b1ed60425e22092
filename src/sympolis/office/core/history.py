"""Who changed what of a record and when, from what to what; and going back to how it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.models import Record
from sympolis.office.core.texts import Text

# Made from the rest, or no matter of the people who read the history.
NOT_SHOWN = frozenset(
    {"id", "public_id", "slug", "source", "source_id", "retrieved_at", "imported", "sort_key", "folded", "created_at",
     "updated_at", "illustrative"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field from one value to another; ``name`` is the column's, without the ends of a date."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Version:
    """One saving of a record: ``kind`` is ``+`` for the first, ``~`` for a change, ``-`` for the end."""

    id: int
    at: datetime
    by: str
    kind: str
    changes: tuple[FieldChange, ...]
    is_current: bool


def versions(record: Record, most: int = 20) -> list[Version]:
    """The last savings of a record, the newest first: one query, and one for each kind of row they name."""
    rows = list(_history(record).select_related("history_user")[: most + 1])
    named = _names(rows)
    found = []
    for place, row in enumerate(rows[:most]):
        older = rows[place + 1] if place + 1 < len(rows) else None
        changes = tuple(_changes(older, row, named)) if older else ()
        by = str(row.history_user) if row.history_user else ""
        found.append(Version(row.history_id, row.history_date, by, row.history_type, changes, place == 0))
    return found


def version_of(record: Record, history_id: int) -> Any | None:
    return _history(record).filter(history_id=history_id).first()


def put_back(record: Record, version: Any, but: Iterable[str] = ()) -> None:
    """Give a record the values of one of its versions, ``but`` some columns; saving it is the caller's."""
    for column in _columns(record):
        if column.name not in {*NOT_SHOWN, *but}:
            setattr(record, column.attname, getattr(version, column.attname))


def _history(record: Record) -> Any:
    manager: Any = record.history  # type: ignore[attr-defined]
    return manager.order_by("-history_date", "-history_id")


def _columns(record: Any) -> Iterable[models.Field[Any, Any]]:
    return [column for column in record._meta.concrete_fields if not column.name.startswith("history_")]


def _changes(older: Any, newer: Any, named: dict[tuple[str, Any], str]) -> Iterable[FieldChange]:
    for column in _columns(newer):
        before, after = getattr(older, column.attname), getattr(newer, column.attname)
        if column.name in NOT_SHOWN or before == after:
            continue
        if column.name.endswith("_latest"):
            stem = column.name.removesuffix("_latest")
            if getattr(older, f"{stem}_earliest") == getattr(newer, f"{stem}_earliest"):
                yield FieldChange(stem, _date(older, stem), _date(newer, stem))
        elif column.name.endswith("_earliest"):
            stem = column.name.removesuffix("_earliest")
            yield FieldChange(stem, _date(older, stem), _date(newer, stem))
        elif isinstance(before, Text) and isinstance(after, Text):
            yield from _text_changes(column.name, before, after)
        elif isinstance(column, models.ForeignKey):
            yield FieldChange(column.name, named.get((column.name, before), ""), named.get((column.name, after), ""))
        else:
            yield FieldChange(column.name, before, after)


def _text_changes(name: str, before: Text, after: Text) -> Iterable[FieldChange]:
    """Each language by itself: who reads the history wants the words that changed, not all of them."""
    for language in dict.fromkeys([*before, *after]):
        if before.get_text(language) != after.get_text(language):
            yield FieldChange(
                name, Text.of(**{language: before.get_text(language)}), Text.of(**{language: after.get_text(language)})
            )


def _date(row: Any, stem: str) -> PartialDate:
    return PartialDate(getattr(row, f"{stem}_earliest"), getattr(row, f"{stem}_latest"))


def _names(rows: list[Any]) -> dict[tuple[str, Any], str]:
    """Names of the rows that changed foreign keys point at: one query for each such column, mostly none."""
    found: dict[tuple[str, Any], str] = {}
    if not rows:
        return found
    for column in _columns(rows[0]):
        if not isinstance(column, models.ForeignKey):
            continue
        keys = {getattr(row, column.attname) for row in rows} - {None}
        if len({getattr(row, column.attname) for row in rows}) > 1:
            target: Any = column.related_model
            found |= {(column.name, one.pk): str(one) for one in target._default_manager.filter(pk__in=keys)}
    return found
