"""Budget lines out of a spreadsheet: read as the importer reads tables, and brought in all at once or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.errors import Problem, UnreadableTable
from sympolis.office.core.imports.read import Row, Sheet
from sympolis.office.core.texts import folded
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.checks import check
from sympolis.office.projects.running.enums import CostBasis
from sympolis.office.projects.running.incoming_rows import RowReading, columns_of, names_of, read_rows
from sympolis.office.projects.running.models import FIRST_YEAR, LAST_YEAR, BudgetLine
from sympolis.office.projects.running.programmes import programme
from sympolis.office.projects.running.queries import running_of

HEADINGS = {
    "what": "what, what for, description, item, budget line, concepte, concepto, partida, intitulé, objet, البند",
    "category": "category, budget category, cost category, categoria, categoría, catégorie, الفئة",
    "partner": "partner, organisation, soci, socio, partenaire, الشريك",
    "work_package": "work_package, work package, wp, paquet de treball, paquete de trabajo, lot de travail, حزمة العمل",
    "year": "year, any, año, année, السنة",
    "basis": "basis, cost basis",
    "units": "units, number of units, unitats, unidades, unités, الوحدات",
    "unit_cost": "unit_cost, unit cost, cost unitari, coste unitario, coût unitaire, تكلفة الوحدة",
    "rate": "rate, flat rate",
    "planned": "planned, budget, amount, previst, pressupost, previsto, presupuesto, prévu, montant, المخطط",
    "currency": "currency, moneda, divisa, devise, monnaie, العملة",
    "actual": "actual, spent, executat, ejecutado, réalisé, dépensé, الفعلي",
}


@dataclass(slots=True)
class Read:
    """A file as read: the lines it would add, how many are there already, and what is wrong with others."""

    lines: list[BudgetLine] = field(default_factory=list)
    there: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the cells of a row may name: partners, work packages and categories, by their folded words."""

    partners: Mapping[str, int]
    packages: Mapping[str, int]
    categories: Mapping[str, str]


def read_lines(data: bytes, project: Project) -> Read:
    """Raises UnreadableTable. A line that is there already, word for word, is not read a second time."""
    sheet = read_rows(data)
    columns = columns_of(sheet, HEADINGS)
    if "what" not in columns or not {"planned", "units"} & set(columns):
        raise UnreadableTable(
            _("No column says what a line is for, or what is planned."),
            _("Call the columns “What for” and “Planned”; further ones may be Category, Partner, Year and Actual."),
        )
    found, known = Read(), _known(project)
    there = {_key(line) for line in project.budget_lines.all()}
    for row in sheet.rows:
        reading = _Reading(sheet, columns, row, known, project)
        line = reading.made()
        found.problems += reading.problems
        if reading.problems:
            continue
        if _key(line) in there:
            found.there += 1
        else:
            there.add(_key(line))
            found.lines.append(line)
    return found


def _known(project: Project) -> _Known:
    partners: dict[str, int] = {}
    for one in project.organisations.all():
        partners |= dict.fromkeys(names_of(one), one.pk)
    packages: dict[str, int] = {}
    for package in project.work_packages.all():
        words = [package.code, str(package.title), str(package)]
        packages |= {folded(word): package.pk for word in words if word}
    categories = {
        folded(word): one.code
        for one in programme(running_of(project).rules).categories
        for word in (one.code, *one.labels.values())
    }
    return _Known(partners, packages, categories)


def _key(line: BudgetLine) -> tuple[Any, ...]:
    return line.what, line.category, line.organisation_id, line.work_package_id, line.year, line.planned


class _Reading(RowReading):
    """One row on its way to a line, and what is wrong with its cells."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int], row: Row, known: _Known, project: Project) -> None:
        super().__init__(sheet, columns, row)
        self.known, self.project = known, project

    def made(self) -> BudgetLine:
        units, unit_cost, rate = (self.amount(name) for name in ("units", "unit_cost", "rate"))
        line = BudgetLine(
            project=self.project,
            what=self.cell("what"),
            category=self.named("category", self.known.categories) or "",
            organisation_id=self.named("partner", self.known.partners),
            work_package_id=self.named("work_package", self.known.packages),
            year=self.parsed("year", parsers.number(FIRST_YEAR, LAST_YEAR)),
            basis=self._basis(units, rate),
            units=units,
            unit_cost=unit_cost,
            rate=rate,
            planned=self.amount("planned") or Decimal(0),
            actual=self.amount("actual"),
        )
        line.prepare()
        self._refuse_other_currency()
        if not self.problems:
            self._checked(line)
        return line

    def _basis(self, units: Decimal | None, rate: Decimal | None) -> str:
        written = folded(self.cell("basis"))
        if written in CostBasis.values:
            return written
        if written:
            self.wrong("basis", written, _("This word is not on the list."), ", ".join(CostBasis.values))
        if units is not None:
            return CostBasis.UNIT
        return CostBasis.FLAT if rate is not None else CostBasis.REAL

    def _refuse_other_currency(self) -> None:
        """Lines keep no rate: dirhams are never added to euros."""
        written, own = self.cell("currency").upper(), self.project.currency
        if written not in ("", own):
            self.wrong("currency", written, _("This line is of another currency than the project."),
                        _("Write its sums in %(code)s, or take the column away.") % {"code": own})  # fmt: skip

    def _checked(self, line: BudgetLine) -> None:
        try:
            line.full_clean(exclude=["project", "version"], validate_constraints=False)
            check(line)
        except ValidationError as error:
            self.refuse(error)
