"""Plots as shapes: where each dot and bar stands, in whole units, since templates write fractions as the reader does.

Templates draw them; every number that is read is one of the table's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core.templatetags.show import number, plain, reader_language
from sympolis.office.synergies.peers.comparison import ON_LOG_SCALE, ComparedFigure, Comparison
from sympolis.office.synergies.peers.places import KnownPlace

WIDTH = 360
_LEFT, _RIGHT = 8, 352
_ROW, _TOP, _BAR = 36, 12, 22


@dataclass(frozen=True, slots=True)
class Dot:
    """One of the places compared: its name above its line, its dot on it, the value at the end."""

    name: str
    value: str
    x: int
    y: int
    colour: int


@dataclass(frozen=True, slots=True)
class DotPlot:
    """A line for each place with all others in grey behind. ``finding`` says what is to be seen."""

    key: str
    title: str
    finding: str
    height: int
    dots: tuple[Dot, ...]
    rest: tuple[int, ...]
    low: str
    high: str
    is_log: bool

    @property
    def rest_path(self) -> str:
        """All the others as one path of dots: lines of no length with round ends."""
        return "".join(f"M{x} 15h0" for x in self.rest)


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    count: int
    y: int
    width: int
    colour: int

    @property
    def label_x(self) -> int:
        return _LEFT + self.width + 6


@dataclass(frozen=True, slots=True)
class BarGroup:
    label: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class BarPlot:
    finding: str
    height: int
    groups: tuple[BarGroup, ...]


def dot_plots(comparison: Comparison) -> list[DotPlot]:
    """A plot for each figure that is known of two places at least, in one unit."""
    return [
        _dot_plot(figure, comparison.places)
        for figure in comparison.figures
        if figure.known > 1 and figure.is_of_one_unit and figure.code
    ]


def _dot_plot(figure: ComparedFigure, places: Sequence[KnownPlace]) -> DotPlot:
    known = [(at, place, cell) for at, (place, cell) in enumerate(zip(places, figure.cells, strict=True)) if cell]
    values = [cell.value for _at, _place, cell in known]
    is_log = figure.code in ON_LOG_SCALE and min([*values, *figure.rest]) > 0
    across = _scale([*values, *figure.rest], is_log)
    dots = tuple(
        Dot(name_of(place), _with_unit(cell.value, figure.unit), across(cell.value), _TOP + row * _ROW, at + 1)
        for row, (at, place, cell) in enumerate(known)
    )
    least, most = min(known, key=lambda one: one[2].value), max(known, key=lambda one: one[2].value)
    return DotPlot(
        key=figure.code,
        title=figure.label,
        finding=_("%(figure)s: from %(low)s (%(least)s) to %(high)s (%(most)s).")
        % {
            "figure": figure.label,
            "low": _with_unit(least[2].value, figure.unit),
            "least": name_of(least[1]),
            "high": _with_unit(most[2].value, figure.unit),
            "most": name_of(most[1]),
        },
        height=_TOP + len(dots) * _ROW + 24,
        dots=dots,
        rest=tuple(sorted({across(value) for value in figure.rest})),
        low=number(min([*values, *figure.rest])),
        high=number(max([*values, *figure.rest])),
        is_log=is_log,
    )


def _scale(values: Iterable[Decimal], is_log: bool) -> Callable[[Decimal], int]:
    """Value -> how far to the right, from the least of all to the most."""
    told = [math.log10(value) if is_log else float(value) for value in values]
    least, most = min(told), max(told)

    def across(value: Decimal) -> int:
        here = math.log10(value) if is_log else float(value)
        share = (here - least) / (most - least) if most > least else 0.5
        return round(_LEFT + share * (_RIGHT - _LEFT))

    return across


def theme_plot(comparison: Comparison) -> BarPlot | None:
    """How many projects each place has on each theme; None where none of them has any."""
    if not comparison.themes:
        return None
    most = max(count for theme in comparison.themes for count in theme.counts)
    groups, y = [], _TOP
    for theme in comparison.themes:
        label = vocabulary.label("themes", theme.theme, reader_language())
        bars = tuple(
            Bar(name_of(place), count, y + 8 + row * _BAR, round(count / most * 300), row + 1)
            for row, (place, count) in enumerate(zip(comparison.places, theme.counts, strict=True))
        )
        groups.append(BarGroup(label, y, bars))
        y += 8 + len(bars) * _BAR + 22
    finding = _("%(theme)s: the most projects of these places together, %(count)s.") % {
        "theme": groups[0].label,
        "count": number(sum(comparison.themes[0].counts)),
    }
    return BarPlot(finding, y, tuple(groups))


def name_of(place: KnownPlace) -> str:
    return place.organisation.short_name or plain(place.organisation.title_text())


def _with_unit(value: Decimal, unit: str) -> str:
    return f"{number(value)} {unit}" if unit else number(value)
