"""Lists of the API: a page of rows as JSON, or all of them as a streamed table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import Schema
from pydantic import AfterValidator, Field

from sympolis.engine.sheets import harmless
from sympolis.office.core.partial_dates import read_date
from sympolis.office.directory.moments import Moment
from sympolis.web.api.columns import Row, flat
from sympolis.web.api.readings import Reading

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


def a_date(written: str) -> str:
    """As it was written. Raises NotADate, a ValueError, which is told as what is wrong with the field."""
    read_date(written)
    return written


type ADate = Annotated[str, AfterValidator(a_date)]


class AsOf(Schema):
    as_of: ADate = Field(
        "", max_length=10, description="Without what certainly was not so then: 2019, 2019-03 or 2019-03-14"
    )


class DueBy(Schema):
    due_by: ADate = Field("", max_length=10, description="What is due by then: 2019, 2019-03 or 2019-03-14")


def moment_of(which: Schema) -> Moment | None:
    """None where no time is asked about."""
    written = getattr(which, "as_of", "") or getattr(which, "due_by", "")
    return Moment.asked(read_date(written), timezone.localdate()) if written else None


def answer(
    request: HttpRequest,
    records: QuerySet[Any],
    reading: Reading,
    paging: Paging,
    many: Callable[[], int] | None = None,
) -> dict[str, Any] | StreamingHttpResponse:
    """A page of records, or all of them as a table. ``many`` knows how many there are without the examples."""
    reader = request.user
    if paging.format == "csv":
        rows = (reading.row(record, reader) for record in records.iterator(chunk_size=CHUNK))
        return table(rows, reading.columns, reading.name)
    # By their keys: all columns of all that answer would be carried along while they are sorted.
    keys = records.values("pk")[paging.offset : paging.offset + paging.limit]
    page = records.filter(pk__in=keys)
    return {
        "count": many() if many else records.filter(illustrative=False).order_by().count(),
        "limit": paging.limit,
        "offset": paging.offset,
        "items": [reading.row(record, reader) for record in page],
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
