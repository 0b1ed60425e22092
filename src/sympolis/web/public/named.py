"""Organisations that a page only names: a link, a badge, a country, without a model's weight. A page has hundreds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from sympolis.office.core.models import page_address
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation, title_of

COLUMNS = (
    "pk", "public_id", "slug", "name", "name_language", "names", "short_name", "country", "kind", "sort_key",
    "confirmed", "illustrative",
)  # fmt: skip
OF_PARENT = ("parent", "parent__name", "parent__short_name", "parent__visibility")


@dataclass(frozen=True, slots=True)
class Parent:
    """What a body is part of, in a word."""

    name: str
    short_name: str
    visibility: str

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True)
class Called:
    """What a link to an organisation needs, with the names a model has for it. Its names in other languages may be
    JSON still, to be read when they are shown."""

    pk: int
    public_id: str
    slug: str
    name: str
    name_language: str
    names: Text | str
    short_name: str
    country: str
    kind: str
    sort_key: str

    def title_text(self) -> Text:
        """As ``Organisation.title_text``."""
        names: Text = json.loads(self.names) if isinstance(self.names, str) else self.names
        return title_of(self.name, self.name_language, names)

    def get_absolute_url(self) -> str:
        return page_address(Organisation.PAGE, self.slug, self.public_id)

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True)
class Named(Called):
    """What a line about an organisation needs."""

    confirmed: bool
    illustrative: bool
    parent_id: int | None = None
    parent: Parent | None = None


def named(organisations: QuerySet[Organisation]) -> list[Named]:
    """Those of the question, each with what it is part of."""
    rows = organisations.values_list(*COLUMNS, *OF_PARENT)
    return [_named(row[: len(COLUMNS)], *row[len(COLUMNS) :]) for row in rows]


def _named(about: tuple[Any, ...], parent: int | None, *of_parent: Any) -> Named:
    values: list[Any] = [*about, parent, _parent(parent, *of_parent)]
    return Named(*values)


def _parent(parent: int | None, *about: Any) -> Parent | None:
    return None if parent is None else Parent(*about)
