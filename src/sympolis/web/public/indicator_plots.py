"""The plot of an indicator: what was wanted and what was measured, year by year, as points in whole units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from sympolis.office.core.templatetags.show import number
from sympolis.office.planning.models import Indicator, IndicatorValue

WIDTH, HEIGHT = 360, 170
_LEFT, _RIGHT, _TOP, _BASE = 16, 344, 24, 140
MOST_YEARS = 12


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int
    year: int
    value: str

    @property
    def left(self) -> int:
        return self.x - 3

    @property
    def top(self) -> int:
        return self.y - 3

    @property
    def label_y(self) -> int:
        return self.y - 7


@dataclass(frozen=True, slots=True)
class IndicatorPlot:
    """``finding`` says what is to be seen; lines are lists of points as SVG reads them."""

    finding: str
    wanted: tuple[Point, ...]
    measured: tuple[Point, ...]
    years: tuple[tuple[int, int], ...]

    @property
    def wanted_line(self) -> str:
        return _line(self.wanted)

    @property
    def measured_line(self) -> str:
        return _line(self.measured)


def _line(points: Sequence[Point]) -> str:
    return " ".join(f"{point.x},{point.y}" for point in points)


def indicator_plot(indicator: Indicator, values: Sequence[IndicatorValue]) -> IndicatorPlot | None:
    """None where there are no two numbers to compare. Of more than twelve years the last twelve are drawn."""
    wanted = [(one.year, one.target) for one in values if one.target is not None][-MOST_YEARS:]
    measured = [(one.year, one.actual) for one in values if one.actual is not None][-MOST_YEARS:]
    start = indicator.baseline
    if start is not None and indicator.baseline_year and all(year > indicator.baseline_year for year, _v in measured):
        measured = [(indicator.baseline_year, start), *measured]
    if len(wanted) + len(measured) < 2:
        return None
    years = sorted({year for year, _value in (*wanted, *measured)})
    numbers = [value for _year, value in (*wanted, *measured)]
    x, y = _scale(years[0], years[-1], _LEFT + 14, _RIGHT - 14), _scale(min(numbers), max(numbers), _BASE, _TOP)

    def points(rows: Sequence[tuple[int, Decimal]]) -> tuple[Point, ...]:
        return tuple(Point(x(year), y(value), year, number(value.normalize())) for year, value in rows)

    finding, labels = _finding(indicator, wanted, measured), tuple((x(year), year) for year in years)
    return IndicatorPlot(finding, points(wanted), points(measured), labels)


def _scale(least: Decimal | int, most: Decimal | int, start: int, end: int) -> Callable[[Decimal | int], int]:
    span = most - least
    return lambda value: start + round((end - start) * (value - least) / span) if span else (start + end) // 2


def _finding(
    indicator: Indicator, wanted: Sequence[tuple[int, Decimal]], measured: Sequence[tuple[int, Decimal]]
) -> str:
    if not measured:
        return _("Nothing has been measured yet.")
    year, value = measured[-1]
    said = {"value": number(value.normalize()), "unit": indicator.unit, "year": year}
    if not wanted:
        return _("%(value)s %(unit)s in %(year)s.") % said
    last, target = wanted[-1]
    more = {"target": number(target.normalize()), "last": last}
    return _("%(value)s %(unit)s in %(year)s; %(target)s are wanted by %(last)s.") % {**said, **more}
