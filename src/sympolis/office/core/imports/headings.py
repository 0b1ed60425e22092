"""Which heading is meant for which column: exactly in five languages, else by likeness; a person may correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from rapidfuzz import fuzz

from sympolis.office.core.imports.definition import Column, Table
from sympolis.office.core.imports.read import MAX_HEADING, Sheet
from sympolis.office.core.texts import folded

_NEAR_ENOUGH = 84
_ONLY_RATHER = 99
_TITLE_ROWS = 10  # how many lines people write above their headings: a title, a date, who made it
_SURELY_HEADINGS = 2


def understood_headings(table: Table, headings: Sequence[str], chosen: Mapping[int, str] | None = None) -> list[str]:
    """For each heading the name of its column, empty where none is meant. ``chosen`` is what a person decided."""
    decided = dict(chosen or {})
    known = {name for column in table.columns for name in (column.name,)}
    columns = [decided.get(at, "") if decided.get(at, "") in known else "" for at in range(len(headings))]
    left = [column for column in table.columns if column.name not in columns]
    free = {column.name: _written(column) for column in left}
    rather = {column.name: frozenset(map(folded, column.rather)) for column in left}
    scored = [
        (score, -at, name)
        for at, heading in enumerate(headings)
        if at not in decided and heading
        for name, score in _scores(heading, free, rather)
    ]
    for _score, minus_at, name in sorted(scored, key=lambda found: (-found[0], -found[1], found[2])):
        if not columns[-minus_at] and name in free:
            columns[-minus_at] = name
            del free[name]
    return columns


def from_headings(table: Table, sheet: Sheet) -> Sheet:
    """The sheet from its headings on. A spreadsheet often has its title above them."""

    def known(headings: Sequence[str]) -> int:
        return sum(map(bool, understood_headings(table, headings)))

    if known(sheet.headings) >= _SURELY_HEADINGS:
        return sheet
    best = max(sheet.rows[:_TITLE_ROWS], key=lambda row: known(row.cells), default=None)
    if best is None or known(best.cells) < _SURELY_HEADINGS:
        return sheet
    note = _("The headings were found in row %(row)s. What stands above it was left out.") % {"row": best.number}
    below = sheet.rows[sheet.rows.index(best) + 1 :]
    return replace(sheet, headings=[cell[:MAX_HEADING] for cell in best.cells], rows=below, notes=[*sheet.notes, note])


def _scores(
    heading: str, columns: Mapping[str, frozenset[str]], rather: Mapping[str, frozenset[str]]
) -> list[tuple[str, float]]:
    wanted = folded(heading.replace("_", " "))
    found = []
    for name, written in columns.items():
        best = 100.0 if wanted in written else max((fuzz.ratio(wanted, words) for words in written), default=0.0)
        if best < _ONLY_RATHER and wanted in rather[name]:
            best = _ONLY_RATHER
        # «title fr» and «title ca» differ little and mean different columns: read exactly or not at all
        if best >= _ONLY_RATHER or (best >= _NEAR_ENOUGH and len(wanted) > 4 and name[-3:-2] != "_"):
            found.append((name, best))
    return found


def _written(column: Column) -> frozenset[str]:
    """Everything a column may be headed, folded: its own name, its headings, and its label in every language."""
    words = [column.name.replace("_", " "), *column.headings]
    for code, _name in settings.LANGUAGES:
        with override(code):
            words.append(str(column.label))
    return frozenset(filter(None, map(folded, words)))
