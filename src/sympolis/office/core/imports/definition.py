"""What a table is: its columns, and which records a row of it speaks of. Rooms define theirs in ``tables.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.functional import Promise

from sympolis.engine.model import LANGUAGES
from sympolis.office.core.imports.errors import BadValue
from sympolis.office.core.imports.parsers import Parser, text
from sympolis.office.core.models import Record

if TYPE_CHECKING:
    from sympolis.office.core.imports.references import References

type Words = str | Promise
type Values = dict[str, Any]
"""What a row says: column -> parsed value; references as public ids. Blank cells say nothing and are left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it may be headed, how its cells are read, and whether they name other records."""

    name: str
    label: Words
    headings: tuple[str, ...] = ()
    parse: Parser = field(default_factory=text)
    required: bool = False
    help: Words = ""
    refers_to: str = ""  # "directory.Organisation": cells hold an id, slug, short name or name of one
    many: bool = False  # several references in a cell, between semicolons
    rather: tuple[
        str, ...
    ] = ()  # headings that mean it where no other heading does: "City" beside "Partner" is a place


@dataclass(frozen=True, slots=True)
class Link:
    """A list of records kept in a table between two: ``field.role`` is the address of those with that role."""

    through: type[models.Model]
    owner: str
    target: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, model: type[Record], name: str) -> Link:
        """The plain many-to-many field of a model."""
        many: Any = model._meta.get_field(name)
        return cls(many.remote_field.through, many.m2m_field_name(), many.m2m_reverse_field_name())


@dataclass(frozen=True, slots=True)
class Ties:
    """What may tie rows of a table to one record, where a person says so of them all: they are partners of ours."""

    model: type[Record]  # what a tie is kept as
    to: str  # "directory.Organisation": what rows are tied to
    columns: frozenset[str]  # of the table: they speak of the tie, and say nothing where there is none
    shown: tuple[str, ...]  # fields of a tie that people look at before it is written
    signs: frozenset[str]  # headings, folded, by which one may expect that the rows are tied to somebody


@dataclass(frozen=True, slots=True)
class Tied:
    """What a person says of all rows: each is, say, a partner of this record; ``turned``: this record is one of it."""

    type: str
    to: str  # public id
    turned: bool = False


@dataclass(slots=True)
class Draft:
    """What a row says of one record. ``fields`` leads from addresses (``country``, ``name.fr``) to plain values.

    ``key`` is the record's own id within its source, ``has_own_id`` where the row itself said it and it is not made of
    what the row says. ``existing`` names the record where the row itself tells.
    """

    model: type[Record]
    key: str
    fields: dict[str, Any]
    row: int = 0
    existing: str = ""
    names: tuple[str, ...] = ()  # found again by name where nothing else tells
    about: dict[str, dict[str, Any]] = field(default_factory=dict)  # what is known of one text: source, example
    defaults: dict[str, Any] = field(default_factory=dict)  # of new records, where the row is silent
    has_own_id: bool = False
    shared: bool = False  # several rows may speak of this record, each of a part of it
    merged: bool = False  # what the row is about was made one with another record, whose own words stay


@dataclass(slots=True)
class Desk:
    """What a table may look up while it reads rows."""

    source: str
    language: str  # of texts whose row doesn't say
    references: References
    headings: frozenset[str] = frozenset()  # the columns this sheet has
    tied: Tied | None = None
    house: str = ""  # public id of whose list it is, for what the table's column ``house`` leaves open
    kept: dict[str, Any] = field(default_factory=dict)

    def once[T](self, name: str, load: Callable[[], T]) -> T:
        """Something asked of the database once an import, not once a row."""
        if name not in self.kept:
            self.kept[name] = load()
        found: T = self.kept[name]
        return found


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of spreadsheet the office can bring in."""

    name: str
    label: Words
    model: type[Record]
    columns: tuple[Column, ...]
    drafts: Callable[[Values, Desk], Iterable[Draft]]
    help: Words = ""
    links: Mapping[str, Link] = field(default_factory=dict)
    # What rows say that goes well by itself and not together, nor with what is kept: (draft, what is wrong).
    refused: Callable[[list[Draft], Desk], Iterable[tuple[Draft, BadValue]]] = field(default=lambda _drafts, _desk: ())
    # What is written into a record, by address -> what that brings along: a name that goes is kept as a former one.
    follows: Callable[[Any, Mapping[str, Any]], Mapping[str, Any]] | None = None
    ties: Ties | None = None
    house: str = ""  # the column that says whose a row is; a person may say it of all rows
    above: str = ""  # the field that says what a record is part of, which may not lead back to itself

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@cache
def tables() -> dict[str, Table]:
    """Every table of every room, in the order in which they build on each other."""
    found = [table for module in settings.SYMPOLIS_TABLES for table in import_module(module).TABLES]
    return {table.name: table for table in found}


def label_of(model: type[models.Model]) -> str:
    return model._meta.label


def coming(model: type[models.Model], key: str) -> str:
    """Stands for the public id of a record that the same import will make."""
    return f"{label_of(model)}#{key}"


def key_of(*parts: str) -> str:
    """A record's own id, made of what tells it from others; never too long to be kept."""
    whole = ":".join(" ".join(part.casefold().split()) for part in parts)
    return whole if len(whole) <= 180 else f"{whole[:140]}:{sha256(whole.encode()).hexdigest()[:24]}"


COMMON = ("source_url", "confirmed", "illustrative", "note", "visibility")  # what every table may say
OF_OTHERS = frozenset({"confirmed", "visibility"})  # of these, what is not asked of the office's own records


def common_fields(values: Values) -> dict[str, Any]:
    """The fields that come of ``columns.common_columns``."""
    return {name: values[name] for name in COMMON if name in values}


def office_fields(values: Values) -> dict[str, Any]:
    """The fields that come of ``columns.office_columns``."""
    return {name: said for name, said in common_fields(values).items() if name not in OF_OTHERS}


def texts_in(values: Values, name: str, language: str) -> dict[str, str]:
    """What a row says of a text, by language."""
    found = {code: values[f"{name}_{code}"] for code in LANGUAGES if f"{name}_{code}" in values}
    if name in values:
        found.setdefault(language, values[name])
    return found


def written(field_name: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Texts by language as addresses: ``title.fr``."""
    return {f"{field_name}.{language}": words for language, words in texts.items()}


def translated(values: Values, language: str, *names: str) -> dict[str, dict[str, Any]]:
    """Who put texts of a row into languages other than its own, as what is known of each text."""
    if not (who := values.get("translated_by")):
        return {}
    others = (f"{name}.{code}" for name in names for code in texts_in(values, name, language) if code != language)
    return {address: {"translator": who, "translated_from": language} for address in others}


def copied(values: Values, *names: str, **renamed: str) -> dict[str, Any]:
    """Columns that are fields as they stand; ``renamed`` leads from field to column."""
    both = {**{name: name for name in names}, **renamed}
    return {field_name: values[name] for field_name, name in both.items() if name in values}
