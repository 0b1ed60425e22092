"""The actions of a plan to take away: a row each, as CSV, JSON or a workbook, of what the reader may see."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from sympolis.engine.sheets import harmless
from sympolis.office.core.queries import Reader
from sympolis.office.directory.queries import visible_departments
from sympolis.office.planning.tree import Node
from sympolis.web.public.plan_pages import PlanPage

type Row = dict[str, Any]
LANGUAGES = ("en", "ca", "es", "fr", "ar")
OWN = ("code", "place", "budget", "spent", "currency", "money_from", "status", "weight")
DATES = ("starts", "ends", "began", "finished")
CODES = ("themes", "sdgs", "countries", "regions")
FORMS = ("csv", "json", "xlsx")
HEADINGS = (
    "id", "line_id", "line", "line_code", *(f"title_{one}" for one in LANGUAGES),
    *(f"text_{one}" for one in LANGUAGES), *OWN, "progress", *DATES, *CODES,
    *(f"local_targets_{one}" for one in LANGUAGES), "department", "organisations", "illustrative", "source_url",
)  # fmt: skip


def rows_of(user: Reader, page: PlanPage) -> Iterator[Row]:
    """The actions in the order of the plan. ``progress`` is between 0 and 1; empty: nobody knows."""
    departments = {one.pk: one.public_id for one in visible_departments(user).only("public_id")}
    for node in page.tree.walk():
        for action in node.actions:
            yield _row(page, node, action, departments)


def _row(page: PlanPage, node: Node, action: Any, departments: dict[int, str]) -> Row:
    far = page.progress[action.pk].progress
    return {
        "id": action.public_id,
        "line_id": node.plan.public_id,
        "line": str(node.plan.title),
        "line_code": node.plan.code,
        **{f"title_{one}": action.title.get_text(one) for one in LANGUAGES},
        **{f"text_{one}": action.text.get_text(one) for one in LANGUAGES},
        **{name: _plain(getattr(action, name)) for name in OWN},
        "progress": "" if far is None else str(round(float(far), 4)),
        **{name: str(getattr(action, name)) for name in DATES},
        **{name: ";".join(getattr(action, name)) for name in CODES},
        **{f"local_targets_{one}": action.local_targets.get_text(one) for one in LANGUAGES},
        "department": departments.get(action.department_id or 0, ""),
        "organisations": ";".join(one.public_id for one in action.doers),
        "illustrative": "yes" if action.illustrative else "no",
        "source_url": action.source_url,
    }


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def as_file(form: str, rows: Iterable[Row], name: str, headings: Sequence[str] = HEADINGS) -> HttpResponseBase:
    """One of ``FORMS``, written as the rows come."""
    if form == "xlsx":
        return _workbook(rows, name, headings)
    is_table = form == "csv"
    lines = _csv(rows, headings) if is_table else _json(rows)
    kind = "text/csv; charset=utf-8" if is_table else "application/json"
    response = StreamingHttpResponse(lines, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


class _Echo:
    """What the writer of tables writes to: it hands each line straight on."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterable[Row], headings: Sequence[str]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(headings)
    for row in rows:
        yield writer.writerow([harmless(row[name]) for name in headings])


def _json(rows: Iterable[Row]) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _workbook(rows: Iterable[Row], name: str, headings: Sequence[str]) -> FileResponse:
    """Written row by row into a file that is gone once it was sent."""
    from openpyxl import Workbook  # a third of a second, which a process that writes no workbook saves

    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.append(list(headings))
    for row in rows:
        sheet.append([_cell(row[name]) for name in headings])
    kept = TemporaryFile()  # noqa: SIM115  # the response closes it
    book.save(kept)
    kept.seek(0)
    return FileResponse(kept, as_attachment=True, filename=f"{name}.xlsx")


def _cell(words: str) -> str:
    """No formula, and nothing a workbook can't hold."""
    return harmless("".join(sign for sign in words if sign in "\n\t" or ord(sign) >= 32))[:32_000]
