"""Rows of a sheet as drafts of records, with every problem said: row, column, value, remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sympolis.engine.model import LANGUAGES
from sympolis.office.core.imports.definition import Column, Desk, Draft, Table, Tied, Values, coming, label_of
from sympolis.office.core.imports.errors import BadValue, ImportRefused, Problem
from sympolis.office.core.imports.headings import from_headings, understood_headings
from sympolis.office.core.imports.read import MAX_CELL, Row, Sheet
from sympolis.office.core.imports.references import References

SPREADSHEET = "spreadsheet"  # the source of what an office brings in by itself


@dataclass(slots=True)
class Understood:
    """A sheet as it was understood."""

    table: Table
    sheet: Sheet
    columns: list[str]  # for each heading the column it is meant for, or nothing
    desk: Desk
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    wrong_rows: set[int] = field(default_factory=set)

    def add(self, problem: Problem) -> None:
        self.problems.append(problem)
        self.wrong_rows.add(problem.row)

    @property
    def is_unusable(self) -> bool:
        """The table as a whole lacks something: no row of it can come in."""
        return 0 in self.wrong_rows


def understand(
    table: Table,
    sheet: Sheet,
    chosen: Mapping[int, str] | None = None,
    source: str = SPREADSHEET,
    language: str = "en",
    tied: Tied | None = None,
    house: str = "",
) -> Understood:
    """Read every row of a sheet as this table. Nothing is written. Raises ImportRefused where there are no columns
    that a person could say the meaning of. ``tied`` is what a person says of all rows, of tables that have ties;
    ``house`` the public id of whose the rows are where they leave it open."""
    sheet = from_headings(table, sheet)
    columns = understood_headings(table, sheet.headings, chosen)
    if not any(columns) and chosen is None and len(sheet.headings) == 1:
        raise ImportRefused(*_no_heading())
    desk = Desk(source, language, References(source), frozenset(filter(None, columns)), tied, house)
    found = Understood(table, sheet, columns, desk)
    _check_columns(found)
    _check_tied(found)
    if not found.is_unusable:
        _Reader(found).read()
    return found


def _no_heading() -> tuple[str, str]:
    return (
        _("None of the headings is known for this table."),
        _("The first row must hold headings; download the empty table to see which are understood."),
    )


def _check_columns(found: Understood) -> None:
    if not any(found.columns):
        found.add(Problem(0, "", "", *_no_heading()))
    for column in found.table.columns:
        is_theirs = bool(found.desk.house) and column.name == found.table.house and not column.many
        if column.required and not is_theirs and not any(name in found.columns for name in _names(column)):
            found.add(
                Problem(
                    0,
                    str(column.label),
                    "",
                    _("There is no column for “%(column)s”.") % {"column": column.label},
                    _("Say which of your columns it is, or add one."),
                )
            )


def _check_tied(found: Understood) -> None:
    """Whom the rows are tied to, or whose they are, may have been removed since it was chosen."""
    table, desk = found.table, found.desk
    tied = (table.ties.to, desk.tied.to) if table.ties and desk.tied else ("", "")
    house = (table.column(table.house).refers_to, desk.house) if table.house and desk.house else ("", "")
    for label, public_id in filter(all, (tied, house)):
        try:
            desk.references.find(label, public_id)
        except BadValue:
            what = _("What the rows are tied to is no longer there.")
            found.add(Problem(0, "", "", what, _("Choose again whose they are.")))


def _names(column: Column) -> tuple[str, ...]:
    """The column itself, or the same text in a language of its own."""
    return (column.name, *(f"{column.name}_{code}" for code in LANGUAGES))


def _chain(above: Mapping[str, str], one: str) -> set[str]:
    """All that one is part of; itself too where it goes round."""
    found: set[str] = set()
    while (one := above.get(one, "")) and one not in found:
        found.add(one)
    return found


class _Reader:
    """Reads the rows: plain cells first, then, once all ids of the sheet are known, the references."""

    def __init__(self, found: Understood) -> None:
        self.found = found
        by_name = {column.name: column for column in found.table.columns}
        ties, tied = found.table.ties, found.desk.tied
        for name in ties.columns if ties and not tied else ():  # there is nothing of which they could be the dates
            by_name.pop(name, None)
        self.columns = [by_name.get(name) for name in found.columns]
        self.parsed: dict[tuple[str, str], Any] = {}
        self.seen: dict[tuple[str, str], Draft] = {}

    def read(self) -> None:
        rows = [(row, self._plain(row)) for row in self.found.sheet.rows]
        if any(column.refers_to == label_of(self.found.table.model) for column in self.found.table.columns):
            self._expect(rows)
        for row, values in rows:
            self._refer(row, values)
            if self._has_required(row, values) and row.number not in self.found.wrong_rows:
                self._draft(row, values)
        right = [draft for draft in self.found.drafts if draft.row not in self.found.wrong_rows]
        for draft, error in self.found.table.refused(right, self.found.desk):
            self._problem(draft.row, "", "", error.what, error.remedy, error.suggestions)
        if self.found.table.above:
            self._refuse_circles(self.found.table.above)

    def _refuse_circles(self, name: str) -> None:
        """Records that would be part of themselves, through the rows and what is there already."""
        model, references = self.found.table.model, self.found.desk.references
        drafts = {
            draft.existing or references.by_id(model, draft.key) or coming(model, draft.key): draft
            for draft in self.found.drafts
            if draft.model is model
        }
        if not any(draft.fields.get(name) for draft in drafts.values()):
            return
        there = model._default_manager.exclude(**{name: None}).values_list("public_id", f"{name}__public_id")
        above = {
            **dict(there.order_by()),
            **{one: draft.fields[name] for one, draft in drafts.items() if name in draft.fields},
        }
        for one, draft in drafts.items():
            if one in _chain(above, one):
                self._problem(
                    draft.row,
                    str(self.found.table.column(f"{name}_id").label),
                    references.shown(above[one]).rpartition("#")[2],
                    _("With this it would be part of itself."),
                    _("Correct what it is part of."),
                )

    def _plain(self, row: Row) -> Values:
        values: Values = {}
        if any(row.cells[len(self.columns) :]):
            self._problem(
                row.number,
                "",
                row.cells[len(self.columns)][:80],
                _("This row has more cells than there are headings."),
                _("Look for a stray delimiter, or put the text between quotation marks."),
            )
        for column, cell in zip(self.columns, row.cells, strict=False):
            if column and cell and not column.refers_to:
                self._keep(row, column, cell, values)
        return values

    def _keep(self, row: Row, column: Column, cell: str, values: Values) -> None:
        if len(cell) > MAX_CELL:
            self._problem(
                row.number,
                str(column.label),
                cell[:80],
                _("This cell has more than %(limit)s characters.") % {"limit": MAX_CELL},
                _("Shorten it."),
            )
            return
        key = (column.name, cell)
        if key not in self.parsed:
            try:
                self.parsed[key] = column.parse(cell)
            except BadValue as error:
                self.parsed[key] = error
        self._take(row, column, cell, self.parsed[key], values)

    def _take(self, row: Row, column: Column, cell: str, value: Any, values: Values) -> None:
        if isinstance(value, BadValue):
            self._problem(row.number, str(column.label), cell[:200], value.what, value.remedy, value.suggestions)
        elif value not in ("", [], {}):
            values[column.name] = value

    def _expect(self, rows: list[tuple[Row, Values]]) -> None:
        for _row, values in rows:
            if "id" in values:
                names = [values[name] for name in ("name", "title", "short_name") if isinstance(values.get(name), str)]
                self.found.desk.references.expect(self.found.table.model, values["id"], names)

    def _refer(self, row: Row, values: Values) -> None:
        for column, cell in zip(self.columns, row.cells, strict=False):
            if not column or not column.refers_to or not cell:
                continue
            parts = [part.strip() for part in cell.split(";") if part.strip()] if column.many else [cell]
            found = []
            for part in parts:
                try:
                    found.append(self.found.desk.references.find(column.refers_to, part))
                except BadValue as error:
                    self._take(row, column, part, error, values)
            if found:
                values[column.name] = list(dict.fromkeys(found)) if column.many else found[0]
        self._be_theirs(values)

    def _be_theirs(self, values: Values) -> None:
        """Rows of a sheet without a column for whose they are are those of the house a person named."""
        table, desk = self.found.table, self.found.desk
        if table.house and desk.house and table.house not in desk.headings and not table.column(table.house).many:
            values[table.house] = desk.house

    def _has_required(self, row: Row, values: Values) -> bool:
        missing = [
            column for column in self.found.table.columns if column.required and not self._is_there(column, values, row)
        ]
        for column in missing:
            self._problem(
                row.number,
                str(column.label),
                "",
                _("“%(column)s” is empty.") % {"column": column.label},
                _("Fill it in."),
            )
        return not missing

    def _is_there(self, column: Column, values: Values, row: Row) -> bool:
        """A cell that could not be understood is no empty cell: it is said once what is wrong."""
        names = _names(column)
        return any(name in values for name in names) or any(
            cell for at, cell in zip(self.columns, row.cells, strict=False) if at and at.name in names
        )

    def _draft(self, row: Row, values: Values) -> None:
        try:
            drafts = list(self.found.table.drafts(values, self.found.desk))
        except BadValue as error:
            self._problem(row.number, "", "", error.what, error.remedy, error.suggestions)
            return
        for draft in drafts:
            draft.has_own_id = draft.model is self.found.table.model and draft.key == values.get("id")
            self._add(row, draft)

    def _add(self, row: Row, draft: Draft) -> None:
        draft.row = row.number
        key = (label_of(draft.model), draft.existing or draft.key)
        before = self.seen.get(key)
        if before is None:
            self.seen[key] = draft
            self.found.drafts.append(draft)
        elif draft.shared and not self._contradicts(before, draft):
            before.fields = {**draft.fields, **before.fields}
            before.about = {**draft.about, **before.about}
            before.defaults = {**draft.defaults, **before.defaults}
        elif before.fields != draft.fields:
            self._problem(
                row.number,
                "",
                draft.key,
                _("This row speaks of the same record as row %(row)s and says something else.") % {"row": before.row},
                _("Keep one of the two rows, or give them different ids."),
            )

    def _contradicts(self, before: Draft, draft: Draft) -> bool:
        """Of records made on the side the first row says how they are called; those of the table itself must agree."""
        if draft.model is not self.found.table.model:
            return False
        return any(before.fields[address] != said for address, said in draft.fields.items() if address in before.fields)

    def _problem(self, row: int, column: str, value: str, what: str, remedy: str, near: tuple[str, ...] = ()) -> None:
        self.found.add(Problem(row, column, value, what, remedy, near))
