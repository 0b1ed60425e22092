"""Places side by side as a spreadsheet: a row for each value, with its year and where it was read."""

from __future__ import annotations

import csv
import io

from django.http import HttpResponse
from django.utils.translation import gettext as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core.templatetags.show import plain, reader_language
from sympolis.office.synergies.peers.comparison import Cell, Comparison
from sympolis.office.synergies.peers.places import KnownPlace
from sympolis.web.staff.records.cells import written


def as_csv(comparison: Comparison) -> HttpResponse:
    """With a mark that tells spreadsheets it is UTF-8, and nothing that a spreadsheet takes for a formula."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["id", _("Place"), _("Figure"), _("Value"), _("Unit"), _("Year"), _("Source")])
    for figure in comparison.figures:
        for place, cell in zip(comparison.places, figure.cells, strict=True):
            if cell is not None:
                table.writerow([*_begin(place), written(figure.label), *_value(cell, place)])
    for theme in comparison.themes:
        label = _("Projects on %(theme)s") % {"theme": vocabulary.label("themes", theme.theme, reader_language())}
        for place, count in zip(comparison.places, theme.counts, strict=True):
            table.writerow([*_begin(place), label, count, "", "", ""])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="side-by-side.csv"'
    return response


def _begin(place: KnownPlace) -> list[str]:
    return [place.organisation.public_id, written(plain(place.organisation.title_text()))]


def _value(cell: Cell, place: KnownPlace) -> list[str | int]:
    told = cell.told
    source = told.figure.source_url if told and told.figure else ""
    return [str(cell.value), written(cell.unit), (told.year if told else None) or "", written(source)]
