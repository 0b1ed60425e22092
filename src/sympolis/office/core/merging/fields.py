"""Field by field whose value stays: of the record that stays where it has one, unless somebody chooses otherwise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from sympolis.office.core.dates import Dated
from sympolis.office.core.enums import Visibility
from sympolis.office.core.models import Record
from sympolis.office.core.rows import plain_rows
from sympolis.office.core.texts import CodesField, MultilingualField, Text

KEEPER, OTHER = "keeper", "other"

# What a record is, and what is made from the rest: never the other's.
_ITS_OWN = frozenset(
    {"id", "public_id", "slug", "source", "source_id", "retrieved_at", "imported", "sort_key", "folded", "created_at",
     "updated_at", "illustrative", "narrowest"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """Something of a record that is chosen as a whole: one field, a date in two columns, fields that belong together.

    ``names`` are its fields as forms have them; the first is its own.
    """

    names: tuple[str, ...]
    columns: tuple[models.Field[Any, Any], ...]
    united: bool  # lists and texts in several languages: both are kept, the chosen one's come first

    VISIBILITY: ClassVar[str] = "visibility"

    @property
    def name(self) -> str:
        return self.names[0]

    def of(self, record: Record) -> tuple[Any, ...]:
        return tuple(getattr(record, column.attname) for column in self.columns)

    def differs(self, keeper: Record, other: Record) -> bool:
        """In what it says: who wrote the words is no difference."""
        return [_said(value) for value in self.of(keeper)] != [_said(value) for value in self.of(other)]

    def default(self, keeper: Record, other: Record) -> str:
        """Of who stays, where that says anything; never open to more people than either of the two was."""
        if self.name == self.VISIBILITY or self.name in keeper.FIELD_GROUPS:
            kept, said = (self.of(record)[0] or Visibility.PUBLIC for record in (keeper, other))
            return KEEPER if Visibility.narrowest(kept, said) == kept else OTHER
        return KEEPER if self.united or self.is_filled(keeper) or not self.is_filled(other) else OTHER

    def is_filled(self, record: Record) -> bool:
        """Whether what decides is there: the first column, either end of a date."""
        values = self.of(record)
        decides = values if self.columns[0].name.endswith("_earliest") else values[:1]
        return any(not _is_blank(value) for value in decides)

    def take(self, keeper: Record, other: Record, chosen: str) -> None:
        """Write what stays into the keeper."""
        first, second = (other, keeper) if chosen == OTHER else (keeper, other)
        for column in self.columns:
            value = getattr(first, column.attname)
            if self.united:
                value = _united(value, getattr(second, column.attname))
            setattr(keeper, column.attname, value)


def parts_of(model: type[Record]) -> list[Part]:
    """Everything that can be chosen, in the order of the columns."""
    parts = []
    for names in _groups(model):
        columns = tuple(column for name in names for column in _columns(model, name))
        united = len(columns) == 1 and isinstance(columns[0], CodesField | MultilingualField | models.JSONField)
        parts.append(Part(names, columns, united))
    return parts


def differing(keeper: Record, other: Record) -> list[Part]:
    return [part for part in parts_of(type(keeper)) if part.differs(keeper, other)]


def take_over(keeper: Record, other: Record, chosen: Mapping[str, str]) -> None:
    """Make the keeper what was chosen; what nobody chose is as ``Part.default`` says."""
    for part in differing(keeper, other):
        part.take(keeper, other, chosen.get(part.name) or part.default(keeper, other))


def fill_parts(keeper: Record, other: Record) -> None:
    """What a record leaves open and the other says."""
    for part in parts_of(type(keeper)):
        if not part.is_filled(keeper):
            part.take(keeper, other, OTHER)


def fill_columns(keeper: models.Model, other: models.Model, columns: Iterable[models.Field[Any, Any]]) -> None:
    """The same for a row of a list."""
    for column in columns:
        if _is_blank(getattr(keeper, column.attname)):
            setattr(keeper, column.attname, getattr(other, column.attname))


def look(keeper: Record, other: Record) -> str:
    """Changes when either record does: how a page tells that somebody wrote while it was being read."""
    said = json.dumps(plain_rows([keeper, other]), sort_keys=True)
    return hashlib.blake2s(said.encode(), digest_size=12).hexdigest()


def _groups(model: type[Record]) -> Iterator[tuple[str, ...]]:
    done: set[str] = set()
    for column in model._meta.concrete_fields:
        name = column.name
        for end in ("_earliest", "_latest"):
            if isinstance(model.__dict__.get(name.removesuffix(end)), Dated):
                name = name.removesuffix(end)
        group = next((group for group in model.TOGETHER if name in group), (name,))
        if name in _ITS_OWN or group[0] in done or column.primary_key:
            continue
        done.add(group[0])
        yield group


def _columns(model: type[Record], name: str) -> list[models.Field[Any, Any]]:
    dated = model.__dict__.get(name)
    names = (dated.earliest, dated.latest) if isinstance(dated, Dated) else (name,)
    found = []
    for one in names:
        column = model._meta.get_field(one)
        if not isinstance(column, models.Field):
            raise FieldDoesNotExist(one)
        found.append(column)
    return found


def _said(value: Any) -> Any:
    return value.plain() if isinstance(value, Text) else value


def _is_blank(value: Any) -> bool:
    return value is None or (not isinstance(value, bool | int | float) and not value)


def _united(first: Any, second: Any) -> Any:
    if isinstance(first, Text):
        return Text({**second, **first})
    if isinstance(first, tuple | list):
        together = list(dict.fromkeys([*first, *second]))
        return tuple(together) if isinstance(first, tuple) else together
    return first or second
