"""A table to take away: what is shown on a page, as a file that a spreadsheet opens."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language, override

from sympolis.web.staff.records.cells import written


class _Line:
    """What the csv module writes into: it gives back what it is given."""

    def write(self, line: str) -> str:
        return line


def long_csv_file(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """The same line by line, however many there are: nothing of it is kept, and each is in the reader's language."""
    writer, language = csv.writer(_Line()), get_language()

    def lines() -> Iterator[str]:
        yield "\ufeff"
        with override(language):
            for row in rows:
                yield writer.writerow([written(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """With a mark that tells spreadsheets it is UTF-8, and nothing that they would take for a formula."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    csv.writer(response).writerows([written(cell) for cell in row] for row in rows)
    return response
