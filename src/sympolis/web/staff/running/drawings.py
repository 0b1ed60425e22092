"""Plots of a project as shapes in whole units: bars of planned and actual, work packages on a line of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sympolis.office.core.templatetags.show import money, plain
from sympolis.office.projects.running.models import ProjectMilestone, WorkPackage
from sympolis.office.projects.running.sums import Compared

WIDTH = 360
_LEFT, _RIGHT = 8, 352
_ROW, _TOP = 40, 8
MOST_ROWS = 60
LEAST_BARS, MOST_BARS = 2, 12
MOST_YEARS = 12


@dataclass(frozen=True, slots=True)
class SpentBar:
    name: str
    said: str
    y: int
    planned: int
    actual: int
    is_over: bool

    @property
    def name_y(self) -> int:
        return self.y + 10

    @property
    def bar_y(self) -> int:
        return self.y + 15

    @property
    def inner_y(self) -> int:
        return self.y + 18


@dataclass(frozen=True, slots=True)
class SpentPlot:
    finding: str
    height: int
    bars: tuple[SpentBar, ...]


def spent_plot(rows: Sequence[tuple[str, Compared]], currency: str) -> SpentPlot | None:
    """None where nothing is planned or spent yet."""
    shown = rows[:MOST_ROWS]
    most = max((max(sums.planned, sums.actual) for _name, sums in shown), default=0)
    if not most:
        return None
    bars = []
    for place, (name, sums) in enumerate(shown):
        said = _("%(actual)s of %(planned)s") % {
            "actual": _apart(money(sums.actual, currency)), "planned": _apart(money(sums.planned, currency)),
        }  # fmt: skip
        wide = [int((_RIGHT - _LEFT) * amount / most) for amount in (sums.planned, sums.actual)]
        bars.append(SpentBar(str(name), said, _TOP + place * _ROW, wide[0], wide[1], sums.is_over))
    over = [bar.name for bar in bars if bar.is_over]
    finding = _("More was spent than planned on: %(names)s.") % {"names": "; ".join(over)} if over else _(
        "Nothing went beyond its plan."
    )  # fmt: skip
    return SpentPlot(finding, _TOP + len(bars) * _ROW, tuple(bars))


def _apart(words: str) -> str:
    """Words that are ordered among themselves, whichever way the text around them runs."""
    return f"\u2068{words}\u2069"


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    said: str
    y: int
    width: int

    @property
    def name_y(self) -> int:
        return self.y + 10

    @property
    def bar_y(self) -> int:
        return self.y + 15


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar a row; what is drawn stands in a table as well."""

    finding: str
    height: int
    bars: tuple[Bar, ...]


def bars(rows: Sequence[tuple[str, Any, str]], finding: str) -> Bars | None:
    """Of (name, how much, the same in words), in the order given; None where there is nothing to compare."""
    shown = rows[:MOST_BARS]
    most = max((value for _name, value, _said in shown), default=0)
    if not most or len(shown) < LEAST_BARS:
        return None
    drawn = tuple(
        Bar(str(name), _apart(said), _TOP + place * _ROW, int((_RIGHT - _LEFT) * value / most))
        for place, (name, value, said) in enumerate(shown)
    )
    return Bars(finding, _TOP + len(drawn) * _ROW, drawn)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A work package as a bar, or a milestone as a diamond (no width)."""

    name: str
    x: int
    width: int
    y: int
    is_done: bool = False
    is_late: bool = False

    @property
    def name_y(self) -> int:
        return self.y + 10

    @property
    def bar_y(self) -> int:
        return self.y + 15

    @property
    def diamond(self) -> str:
        middle = self.y + 21
        return f"{self.x},{middle - 7} {self.x + 7},{middle} {self.x},{middle + 7} {self.x - 7},{middle}"


@dataclass(frozen=True, slots=True)
class Gantt:
    finding: str
    height: int
    base: int
    bars: tuple[Stretch, ...]
    diamonds: tuple[Stretch, ...]
    years: tuple[tuple[int, int], ...]  # where each begins, and its number
    now: int | None


def gantt(packages: Sequence[WorkPackage], milestones: Sequence[ProjectMilestone], today: date) -> Gantt | None:
    """Of what has its days; None where nothing has. What is drawn stands in the tables as well."""
    timed = [one for one in packages if one.starts and one.ends][:MOST_ROWS]
    due = [one for one in milestones if one.due][: MOST_ROWS - len(timed)]
    days = [day for one in timed for day in (one.starts, one.ends) if day] + [one.due for one in due if one.due]
    if not days:
        return None
    first, last = min(days), max(days)
    span = max((last - first).days, 1)

    def at(day: date) -> int:
        return _LEFT + 8 + (_RIGHT - _LEFT - 16) * (day - first).days // span

    bars, row = [], 0
    for one in timed:
        assert one.starts
        assert one.ends
        bars.append(
            Stretch(
                f"{one.code} {plain(one.title)}".strip(),
                at(one.starts),
                max(at(one.ends) - at(one.starts), 3),
                _TOP + row * _ROW,
            )
        )
        row += 1
    diamonds = []
    for step in due:
        assert step.due
        late = not step.done_on and step.due < today
        diamonds.append(Stretch(plain(step.title), at(step.due), 0, _TOP + row * _ROW, bool(step.done_on), late))
        row += 1
    base = _TOP + row * _ROW
    return Gantt(
        _finding(due, today), base + 24, base, tuple(bars), tuple(diamonds), _years(first, last, at),
        at(today) if first <= today <= last else None,
    )  # fmt: skip


def _years(first: date, last: date, at: object) -> tuple[tuple[int, int], ...]:
    assert callable(at)
    starts = [(max(date(year, 1, 1), first), year) for year in range(first.year, last.year + 1)]
    step = -(-len(starts) // MOST_YEARS)
    return tuple((at(day), year) for day, year in starts[::step])


def _finding(due: Sequence[ProjectMilestone], today: date) -> str:
    done = sum(1 for one in due if one.done_on)
    late = sum(1 for one in due if not one.done_on and one.due and one.due < today)
    return _("Milestones and deliverables: %(all)d, done: %(done)d, late: %(late)d.") % {
        "all": len(due), "done": done, "late": late,
    }  # fmt: skip
