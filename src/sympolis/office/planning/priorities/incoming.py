"""Geographical priorities out of a spreadsheet: read and shown with all that is wrong, then one version of them all.

What it brings in is a version of its own, so that it is taken back by removing that version.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from sympolis.engine.match.consortium.regions import regions
from sympolis.engine.model import LANGUAGES
from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.errors import BadValue, Problem
from sympolis.office.core.imports.read import Row, Sheet, read_table
from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.texts import Text, folded

HEADINGS: Mapping[str, str] = {
    "title": "title, name, priority, títol, nom, prioritat, título, nombre, prioridad, titre, priorité, العنوان, "
    "الأولوية",
    "places": "places, countries, country, regions, parts of the world, països, regions del món, països i regions, "
    "países, regiones, regiones del mundo, pays, régions, régions du monde, البلدان, المناطق",
    "weight": "weight, pes, peso, poids, الوزن",
    "reason": "reason, why, motiu, per què, motivo, por qué, motif, pourquoi, السبب",
}  # fmt: skip
"""Column -> how people head it in five languages; texts may say theirs: «title ca»."""
_WITH_LANGUAGE = re.compile(rf"(.+?)[ _/]\(?({'|'.join(LANGUAGES)})\)?")
LONGEST = {"title": 300, "reason": 5_000}


@dataclass(slots=True)
class Incoming:
    """One row understood: a priority of the version to come."""

    number: int
    title: Text = field(default_factory=Text)
    reason: Text = field(default_factory=Text)
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    weight: Decimal = Decimal(1)


@dataclass(slots=True)
class Understood:
    """A file as read: its rows, what is wrong with others, and headings nobody knows."""

    sheet: Sheet
    rows: list[Incoming] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def understand(data: bytes, language: str) -> Understood:
    """Read a file; ``language`` is of texts whose heading names none. Raises UnreadableTable."""
    sheet = read_table(data)
    columns = [_column(heading, language) for heading in sheet.headings]
    read = Understood(
        sheet, unknown=[one for one, column in zip(sheet.headings, columns, strict=True) if not column[0]]
    )
    if not {"title", "places"} <= {name for name, _language in columns}:
        what = _("Two columns are needed: what the priority is called, and its countries or parts of the world.")
        read.problems.append(Problem(1, "", "", what, _("Head them “title” and “countries”.")))
        return read
    for row in sheet.rows:
        before = len(read.problems)
        made = _made(read, row, columns)
        if len(read.problems) == before:
            read.rows.append(made)
    return read


def _column(heading: str, language: str) -> tuple[str, str]:
    """Which column a heading means, and the language of what stands below it."""
    spoken = _WITH_LANGUAGE.fullmatch(heading.strip().lower())
    for written, of in ((heading, language), (spoken[1], spoken[2]) if spoken else ("", "")):
        name = _names().get(folded(written)) if written else None
        if name:
            return name, of
    return "", ""


@cache
def _names() -> dict[str, str]:
    return {folded(one): name for name, listed in HEADINGS.items() for one in listed.split(",")}


def _made(read: Understood, row: Row, columns: list[tuple[str, str]]) -> Incoming:
    made, places = Incoming(row.number), []
    for at, (name, language) in enumerate(columns):
        cell = row.cells[at].strip() if at < len(row.cells) else ""
        if not name or not cell:
            continue
        wrong = _Wrong(read, row.number, read.sheet.headings[at], cell)
        if name == "places":
            places += wrong.parsed(parsers.several(_place), [])
        elif name == "weight":
            made.weight = Decimal(wrong.parsed(parsers.amount(0, 10**4), made.weight))
        else:
            getattr(made, name).write(language, wrong.parsed(parsers.text(LONGEST[name]), ""))
    made.countries = tuple(dict.fromkeys(one for one in places if one not in regions()))
    made.regions = tuple(dict.fromkeys(one for one in places if one in regions()))
    here = _Wrong(read, row.number, "", "")
    if not made.title:
        here.note(_("This row has no title."), _("Write it, or leave the row out."))
    if not places and not any(one.row == row.number for one in read.problems):
        here.note(_("Name a country or a part of the world."), "")
    return made


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A cell on its way, and where to say what is wrong with it."""

    read: Understood
    row: int
    heading: str
    cell: str

    def parsed(self, parse: Callable[[str], Any], otherwise: Any) -> Any:
        try:
            return parse(self.cell)
        except BadValue as bad:
            self.note(bad.what, bad.remedy)
            return otherwise

    def note(self, what: str, remedy: str) -> None:
        self.read.problems.append(Problem(self.row, self.heading, self.cell[:100], what, remedy))


def _place(written: str) -> str:
    """A part of the world by its code or its name in any of the five languages, else a country."""
    code = written.zfill(3) if written.isdigit() else _regions_by_name().get(folded(written), "")
    return code if code in regions() else parsers.country(written)


@cache
def _regions_by_name() -> dict[str, str]:
    return {folded(COUNTRIES.name(code, language)): code for language in LANGUAGES for code in regions()}
