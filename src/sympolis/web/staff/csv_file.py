"""A table to take away: what is shown on a page, as a file that a spreadsheet opens."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from django.http import HttpResponse

from sympolis.web.staff.records.cells import written


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """With a mark that tells spreadsheets it is UTF-8, and nothing that they would take for a formula."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    csv.writer(response).writerows([written(cell) for cell in row] for row in rows)
    return response
