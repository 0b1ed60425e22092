"""Budget lines out of a spreadsheet: read as the importer reads tables, and brought in all at once or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.errors import BadValue, Problem, UnreadableTable
from sympolis.office.core.imports.read import Row, Sheet, read_table
from sympolis.office.core.texts import folded
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.checks import check
from sympolis.office.projects.running.enums import CostBasis
from sympolis.office.projects.running.models import FIRST_YEAR, LAST_YEAR, BudgetLine
from sympolis.office.projects.running.programmes import programme
from sympolis.office.projects.running.queries import running_of

MOST_ROWS = 2000
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
    sheet = read_table(data)
    if len(sheet.rows) > MOST_ROWS:
        raise UnreadableTable(
            _("The table has more than %(limit)s rows.") % {"limit": MOST_ROWS},
            _("Split it into several files and bring them in one after the other."),
        )
    columns = _columns(sheet)
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


def _columns(sheet: Sheet) -> dict[str, int]:
    """Column -> where it stands: the first heading that means it."""
    meant = {folded(word): name for name, words in HEADINGS.items() for word in words.split(",")}
    found: dict[str, int] = {}
    for at, heading in enumerate(sheet.headings):
        name = meant.get(folded(heading.strip()))
        if name:
            found.setdefault(name, at)
    return found


def _known(project: Project) -> _Known:
    partners: dict[str, int] = {}
    for one in project.organisations.all():
        words = [one.public_id, one.name, one.short_name, *one.title_text().plain().values()]
        partners |= {folded(word): one.pk for word in words if word}
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


class _Reading:
    """One row on its way to a line, and what is wrong with its cells."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int], row: Row, known: _Known, project: Project) -> None:
        self.sheet, self.columns, self.row, self.known, self.project = sheet, columns, row, known, project
        self.problems: list[Problem] = []

    def made(self) -> BudgetLine:
        units, unit_cost, rate = (self._amount(name) for name in ("units", "unit_cost", "rate"))
        line = BudgetLine(
            project=self.project,
            what=self._cell("what"),
            category=self._named("category", self.known.categories) or "",
            organisation_id=self._named("partner", self.known.partners),
            work_package_id=self._named("work_package", self.known.packages),
            year=self._parsed("year", parsers.number(FIRST_YEAR, LAST_YEAR)),
            basis=self._basis(units, rate),
            units=units,
            unit_cost=unit_cost,
            rate=rate,
            planned=self._amount("planned") or Decimal(0),
            actual=self._amount("actual"),
        )
        line.prepare()
        self._refuse_other_currency()
        if not self.problems:
            self._checked(line)
        return line

    def _basis(self, units: Decimal | None, rate: Decimal | None) -> str:
        written = folded(self._cell("basis"))
        if written in CostBasis.values:
            return written
        if written:
            self._wrong("basis", written, _("This word is not on the list."), ", ".join(CostBasis.values))
        if units is not None:
            return CostBasis.UNIT
        return CostBasis.FLAT if rate is not None else CostBasis.REAL

    def _refuse_other_currency(self) -> None:
        """Lines keep no rate: dirhams are never added to euros."""
        written, own = self._cell("currency").upper(), self.project.currency
        if written not in ("", own):
            self._wrong("currency", written, _("This line is of another currency than the project."),
                        _("Write its sums in %(code)s, or take the column away.") % {"code": own})  # fmt: skip

    def _checked(self, line: BudgetLine) -> None:
        try:
            line.full_clean(exclude=["project", "version"], validate_constraints=False)
            check(line)
        except ValidationError as error:
            for name, said in error.message_dict.items():
                for words in said:
                    self._wrong(name, "", words, "")

    def _cell(self, name: str) -> str:
        at = self.columns.get(name)
        return "" if at is None or at >= len(self.row.cells) else self.row.cells[at].strip()

    def _parsed(self, name: str, parse: Callable[[str], Any]) -> Any:
        written = self._cell(name)
        try:
            return parse(written) if written else None
        except BadValue as bad:
            self._wrong(name, written, bad.what, bad.remedy)
            return None

    def _amount(self, name: str) -> Decimal | None:
        written = self._parsed(name, parsers.amount())
        return None if written is None else Decimal(written).quantize(Decimal("0.01"))

    def _named(self, name: str, known: Mapping[str, Any]) -> Any:
        written = self._cell(name)
        if not written:
            return None
        if folded(written) not in known:
            self._wrong(name, written, _("Nothing of this project is called that."), _named_in(known))
            return None
        return known[folded(written)]

    def _wrong(self, name: str, value: str, what: str, remedy: str) -> None:
        at = self.columns.get(name, -1)
        heading = self.sheet.headings[at] if at >= 0 else name
        self.problems.append(Problem(self.row.number, heading, value[:100], what, remedy))


def _named_in(known: Mapping[str, Any], most: int = 8) -> str:
    words: Sequence[str] = list(known)[:most]
    return _("Known are: %(words)s.") % {"words": "; ".join(words)} if words else ""
