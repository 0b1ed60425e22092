"""Actions as lists of hundreds name them: only the columns a list shows, read without making a record of each.

A record of an action has fifty columns, and a page that names four hundred spends most of its time on making them. What
a column says is read when it is asked for: most rows are drawn as they were drawn before (``as_kept``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from sympolis.office.core.models import page_address
from sympolis.office.core.prepared import exact
from sympolis.office.core.texts import Text, codes
from sympolis.office.planning.models import Action

ALWAYS = ("pk", "plan_id", "position")
COUNTED = ("status", "weight", "stated_progress")
NAMED = ("public_id", "slug", "title", "code", "confirmed", "illustrative")


class _Read:
    """A column that is read when it is asked for; ``otherwise`` where a list did not ask for it."""

    def __init__(self, reading: Any, otherwise: Any) -> None:
        self.reading, self.otherwise = reading, otherwise

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        kept = instance.__dict__.get(self.name)
        return self.otherwise if kept is None else self.reading(kept)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.name] = value


def read_text(kept: Any) -> Text:
    """A text out of a row, be it that a field has read it or that the database said it."""
    return kept if isinstance(kept, Text) else Text((json.loads(kept) if isinstance(kept, str) else kept) or {})


def read_codes(kept: Any) -> tuple[str, ...]:
    return kept if isinstance(kept, tuple) else codes(kept)


@lru_cache(maxsize=4_096)
def read_day(kept: date | str) -> date:
    return date.fromisoformat(kept) if isinstance(kept, str) else kept


class ListedAction:
    """What a list says of an action; what was not asked for is empty. A page makes hundreds of them: to make one sets
    nothing but what there is."""

    pk: int
    plan_id: int | None
    position: int | None
    public_id: str = ""
    slug: str = ""
    title: Any = _Read(read_text, Text())
    code: str = ""
    confirmed: bool = True
    illustrative: bool = False
    status: str = ""
    weight: Any = _Read(lru_cache(maxsize=1_024)(exact), Decimal(1))
    stated_progress: int | None = None
    themes: Any = _Read(read_codes, ())
    sdgs: Any = _Read(read_codes, ())
    countries: Any = _Read(read_codes, ())
    regions: Any = _Read(read_codes, ())
    place: str = ""
    department_id: int | None = None
    begins: Any = _Read(read_day, None)
    ends: Any = _Read(read_day, None)
    changed_at: datetime | None = None

    def __init__(self, about: dict[str, Any]) -> None:
        self.__dict__ = about

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return page_address(Action.PAGE, self.slug, self.public_id)


def listed(actions: QuerySet[Action], *columns: str) -> list[ListedAction]:
    """Those of a question, each with these columns."""
    names = (*ALWAYS, *columns)
    return named(names, actions.values_list(*names))


def named(names: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> list[ListedAction]:
    """Rows of columns that are called so, be it that fields have read them or that the database said them."""
    return [ListedAction(dict(zip(names, row, strict=True))) for row in rows]
