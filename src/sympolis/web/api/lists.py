"""Lists of the API: a page of rows as JSON, or all of them as a streamed table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from ninja import Schema
from pydantic import Field

from sympolis.engine.sheets import harmless
from sympolis.web.api.columns import Row, flat

CHUNK = 500


class PageOf[Out](Schema):
    """One page of a list."""

    count: int = Field(description="How many there are in all, without examples")
    limit: int
    offset: int
    items: list[Out]


class Paging(Schema):
    """Which page, and in which form."""

    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)
    format: Literal["json", "csv"] = Field("json", description="csv: the whole list as a table")


def answer[R: Any](
    records: QuerySet[R], to_row: Callable[[R], Row], columns: type[Schema], paging: Paging, name: str
) -> dict[str, Any] | StreamingHttpResponse:
    """A page of records, or all of them as a table."""
    if paging.format == "csv":
        return table((to_row(record) for record in records.iterator(chunk_size=CHUNK)), columns, name)
    page = records[paging.offset : paging.offset + paging.limit]
    return {
        "count": records.filter(illustrative=False).order_by().count(),
        "limit": paging.limit,
        "offset": paging.offset,
        "items": [to_row(record) for record in page],
    }


def table(rows: Iterable[Row], columns: type[Schema], name: str) -> StreamingHttpResponse:
    names = list(columns.model_fields)
    response = StreamingHttpResponse(_lines(names, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


class _Echo:
    """What the writer of tables writes to: it hands each line straight on."""

    def write(self, line: str) -> str:
        return line


def _lines(names: list[str], rows: Iterable[Row]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(names)
    for row in rows:
        cells = flat(row)
        yield writer.writerow([_cell(cells[name]) for name in names])


def _cell(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else "" if value is None else value
