"""Actions as lists of hundreds name them: only the columns a list shows, read without making a record of each.

A record of an action has fifty columns, and a page that names four hundred spends most of its time on making them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from sympolis.office.core.dates import Dated
from sympolis.office.core.models import page_address
from sympolis.office.core.texts import Text
from sympolis.office.planning.models import Action

ALWAYS = ("pk", "plan_id", "position")
COUNTED = ("status", "weight", "stated_progress")
NAMED = ("public_id", "slug", "title", "code", "confirmed", "illustrative")
DAYS = tuple(f"{name}_{end}" for name in ("starts", "ends", "began", "finished") for end in ("earliest", "latest"))


class ListedAction:
    """What a list says of an action; what was not asked for is empty. A page makes hundreds of them, so that making
    one sets nothing but what there is."""

    pk: int
    plan_id: int | None
    position: int | None
    public_id: str = ""
    slug: str = ""
    title: Text = Text()
    code: str = ""
    confirmed: bool = True
    illustrative: bool = False
    status: str = ""
    weight: Decimal = Decimal(1)
    stated_progress: int | None = None
    themes: tuple[str, ...] = ()
    sdgs: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    place: str = ""
    department_id: int | None = None
    starts_earliest: date | None = None
    starts_latest: date | None = None
    ends_earliest: date | None = None
    ends_latest: date | None = None
    began_earliest: date | None = None
    began_latest: date | None = None
    finished_earliest: date | None = None
    finished_latest: date | None = None
    changed_at: datetime | None = None
    starts = Dated()
    ends = Dated()
    began = Dated()
    finished = Dated()

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
    """Rows of columns that are called so."""
    return [ListedAction(dict(zip(names, row, strict=True))) for row in rows]
