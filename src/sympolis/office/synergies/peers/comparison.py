"""Places side by side: their figures with year and source, and how many projects they have on each theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sympolis.engine.texts import vocabulary
from sympolis.office.synergies.peers.places import KnownPlace, Told
from sympolis.office.synergies.peers.rounding import rounded

LEAST_PLACES, MOST_PLACES = 2, 5
MOST_THEMES = 8

UNITS: Mapping[str, str] = {"area": "km²", "coast": "km", "temperature": "°C", "rainfall": "mm"}
ON_LOG_SCALE = frozenset({"population", "area", "density", "projects"})

_OWN_LABELS: Mapping[str, Promise] = {
    "coast": _("Kilometres to the sea"),
    "projects": _("Projects known here"),
}
_CODES = ("population", "area", "density", "income", "coast", "temperature", "rainfall", "projects")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one place. ``told`` says the year and the row it was read in; it has none where it was counted."""

    value: Decimal
    unit: str = ""
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One figure of all places that are compared, None where it is not known; ``rest`` are the other places' values."""

    code: str
    label: str
    cells: tuple[Cell | None, ...]
    rest: tuple[Decimal, ...]

    @property
    def known(self) -> int:
        return sum(cell is not None for cell in self.cells)

    @property
    def unit(self) -> str:
        """The one unit of all of them; empty where they differ, for those cannot be drawn on one line."""
        units = {cell.unit for cell in self.cells if cell}
        return units.pop() if len(units) == 1 else ""

    @property
    def is_of_one_unit(self) -> bool:
        return len({cell.unit for cell in self.cells if cell}) == 1


@dataclass(frozen=True, slots=True)
class ComparedTheme:
    """How many projects each place has on a theme."""

    theme: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    places: tuple[KnownPlace, ...]
    figures: tuple[ComparedFigure, ...]
    themes: tuple[ComparedTheme, ...]


def side_by_side(asked: Sequence[KnownPlace], everybody: Collection[KnownPlace], language: str) -> Comparison:
    """The figures known of at least one of the places, then others that somebody wrote down of them; and the themes."""
    pks = {place.organisation.pk for place in asked}
    rest = [place for place in everybody if place.organisation.pk not in pks]
    figures = [figure for code in _CODES if (figure := _figure(code, asked, rest, language)).known]
    return Comparison(tuple(asked), (*figures, *_others(asked)), _themes(asked))


def _figure(code: str, asked: Sequence[KnownPlace], rest: Sequence[KnownPlace], language: str) -> ComparedFigure:
    cells = tuple(_cell(code, place) for place in asked)
    units = {cell.unit for cell in cells if cell}
    others = (_cell(code, place) for place in rest)
    label = str(_OWN_LABELS[code]) if code in _OWN_LABELS else vocabulary.label("figures", code, language)
    return ComparedFigure(code, label, cells, tuple(cell.value for cell in others if cell and {cell.unit} == units))


def _cell(code: str, place: KnownPlace) -> Cell | None:
    if code == "projects":
        return Cell(Decimal(len(place.projects)))
    told = place.told.get(code)
    return Cell(rounded(told.value), told.unit or UNITS.get(code, ""), told) if told else None


def _others(asked: Sequence[KnownPlace]) -> tuple[ComparedFigure, ...]:
    """Figures in somebody's own words, the latest of each; those that are told of several places first."""
    said: Counter[tuple[str, str]] = Counter()
    latest: dict[tuple[int, str, str], Cell] = {}
    for place in asked:
        for figure in place.others:  # the latest year comes first
            key = (place.organisation.pk, figure.what, figure.unit)
            if key not in latest:
                value = figure.value.normalize() + 0
                latest[key] = Cell(value, figure.unit, Told(float(value), figure.unit, figure.year, figure))
                said[key[1:]] += 1
    return tuple(
        ComparedFigure("", what, tuple(latest.get((place.organisation.pk, what, unit)) for place in asked), ())
        for what, unit in sorted(said, key=lambda key: (-said[key], key))
    )


def _themes(asked: Sequence[KnownPlace]) -> tuple[ComparedTheme, ...]:
    """The themes with the most projects of them all, the most first."""
    counted = [Counter(code for codes in place.projects.values() for code in codes) for place in asked]
    total: Counter[str] = sum(counted, Counter())
    best = sorted(total, key=lambda code: (-total[code], code))[:MOST_THEMES]
    return tuple(ComparedTheme(code, tuple(count[code] for count in counted)) for code in best)
