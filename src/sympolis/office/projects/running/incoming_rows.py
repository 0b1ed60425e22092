"""Rows of a spreadsheet that belongs to one project, and what is wrong with their cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.errors import BadValue, Problem, UnreadableTable
from sympolis.office.core.imports.read import Row, Sheet, read_table
from sympolis.office.core.texts import folded
from sympolis.office.directory.models import Organisation

MOST_ROWS = 2000


def read_rows(data: bytes) -> Sheet:
    """Raises UnreadableTable."""
    sheet = read_table(data)
    if len(sheet.rows) > MOST_ROWS:
        raise UnreadableTable(
            _("The table has more than %(limit)s rows.") % {"limit": MOST_ROWS},
            _("Split it into several files and bring them in one after the other."),
        )
    return sheet


def columns_of(sheet: Sheet, headings: Mapping[str, str]) -> dict[str, int]:
    """Column -> where it stands: the first heading that means it."""
    meant = {folded(word): name for name, words in headings.items() for word in words.split(",")}
    found: dict[str, int] = {}
    for at, heading in enumerate(sheet.headings):
        name = meant.get(folded(heading.strip()))
        if name:
            found.setdefault(name, at)
    return found


def names_of(house: Organisation) -> list[str]:
    """What a cell may call an organisation, folded."""
    words = [house.public_id, house.name, house.short_name, *house.title_text().plain().values()]
    return [folded(word) for word in words if word]


class RowReading:
    """One row on its way to an entry."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int], row: Row) -> None:
        self.sheet, self.columns, self.row = sheet, columns, row
        self.problems: list[Problem] = []

    def cell(self, name: str) -> str:
        at = self.columns.get(name)
        return "" if at is None or at >= len(self.row.cells) else self.row.cells[at].strip()

    def parsed(self, name: str, parse: Callable[[str], Any]) -> Any:
        written = self.cell(name)
        try:
            return parse(written) if written else None
        except BadValue as bad:
            self.wrong(name, written, bad.what, bad.remedy)
            return None

    def amount(self, name: str) -> Decimal | None:
        written = self.parsed(name, parsers.amount())
        return None if written is None else Decimal(written).quantize(Decimal("0.01"))

    def named(self, name: str, known: Mapping[str, Any]) -> Any:
        written = self.cell(name)
        if not written:
            return None
        if folded(written) not in known:
            self.wrong(name, written, _("Nothing of this project is called that."), known_are(known))
            return None
        return known[folded(written)]

    def wrong(self, name: str, value: str, what: str, remedy: str) -> None:
        at = self.columns.get(name, -1)
        heading = self.sheet.headings[at] if at >= 0 else name
        self.problems.append(Problem(self.row.number, heading, value[:100], what, remedy))

    def refuse(self, error: ValidationError) -> None:
        """Each field's words, at its column."""
        for name, said in error.message_dict.items():
            for words in said:
                self.wrong(name, self.cell(name), words, "")


def known_are(known: Mapping[str, Any], most: int = 8) -> str:
    words: Sequence[str] = list(known)[:most]
    return _("Known are: %(words)s.") % {"words": "; ".join(words)} if words else ""
