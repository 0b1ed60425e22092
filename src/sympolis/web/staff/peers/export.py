"""Places side by side as a spreadsheet: a row for each value, with its year and where it was read."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import gettext as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core.templatetags.show import reader_language
from sympolis.office.synergies.peers.comparison import Cell, Comparison
from sympolis.office.synergies.peers.places import KnownPlace
from sympolis.web.staff.csv_file import csv_file


def as_csv(comparison: Comparison) -> HttpResponse:
    return csv_file("side-by-side", _table(comparison))


def _table(comparison: Comparison) -> Iterator[list[object]]:
    yield ["id", _("Place"), _("Figure"), _("Value"), _("Unit"), _("Year"), _("Source")]
    for figure in comparison.figures:
        for place, cell in zip(comparison.places, figure.cells, strict=True):
            if cell is not None:
                yield [*_begin(place), figure.label, *_value(cell)]
    for theme in comparison.themes:
        label = _("Projects on %(theme)s") % {"theme": vocabulary.label("themes", theme.theme, reader_language())}
        for place, count in zip(comparison.places, theme.counts, strict=True):
            yield [*_begin(place), label, count, "", "", ""]


def _begin(place: KnownPlace) -> list[object]:
    return [place.organisation.public_id, place.organisation.title_text()]


def _value(cell: Cell) -> list[object]:
    told = cell.told
    source = told.figure.source_url if told and told.figure else ""
    return [cell.value, cell.unit, (told.year if told else None) or "", source]
