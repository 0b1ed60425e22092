"""What a table most likely holds, by its headings and by what stands below them. A guess: a person approves it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Named
from functools import cache
from itertools import islice
from pathlib import Path

from rapidfuzz import fuzz

from ...errors import SourceError
from ...sheets import UnreadableSheet, country_code, known_headings, money, open_sheets, partial_date
from ...sheets.headings import folded
from ...sheets.letters import NoTextError, find_delimiter, find_encoding
from ...texts.languages import detect_language
from .mapping import Kind, Mapping, kinds

_ROWS = 300
_HEADINGS_WITHIN = 15
_LIKE = 88.0
_MOST = 0.8
_LANGUAGE_BEHIND = re.compile(r"(.+?)[\s_./(-]+(en|ca|es|fr|ar|de|it|pt)\)?")
_ADDRESS = re.compile(r"(?i)(https?://|www\.)\S+")
_WITH_CURRENCY = re.compile(r"(?i)[€$£]|\b(eur|usd|gbp)\b")
_SLASHED = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{4}")


def guess_mapping(file: Path, sheet: str = "") -> Mapping:
    """The most likely mapping of a table, not approved. Raises SourceError where the file is no table."""
    rows, name = _first_rows(file, sheet)
    at = _headings_at(rows)
    headings, below = rows[at][1], [cells for _number, cells in rows[at + 1 :]]
    columns = [[cells[place] if place < len(cells) else "" for cells in below] for place in range(len(headings))]
    kind, named = max((_named(kind, headings, columns) for kind in kinds().values()), key=lambda found: found[2])[:2]
    by_field = {field: columns[place] for place, field in enumerate(named) if field}
    return Mapping(
        kind=kind.name,
        columns={heading: field for heading, field in zip(headings, named, strict=True) if heading.strip()},
        language=_language(kind, by_field),
        sheet=name,
        separator=_separator(file),
        headings_row=rows[at][0],
        decimal=_decimal(_cells(kind, by_field, "amount")),
        month_first=_month_first(_cells(kind, by_field, "day")),
    )


def _first_rows(file: Path, wanted: str) -> tuple[list[tuple[int, list[str]]], str]:
    names = []
    try:
        for sheet in open_sheets(file):
            names.append(sheet.name)
            if (not wanted or sheet.name == wanted) and (rows := list(islice(sheet.rows, _ROWS))):
                return rows, sheet.name
    except UnreadableSheet as error:
        raise SourceError(f"{file.name}: {error.what}") from None
    raise SourceError(f"{file.name} holds no table{f' called {wanted!r}; it has {names}' if wanted else ''}.")


def _headings_at(rows: Sequence[tuple[int, list[str]]]) -> int:
    """The first row that has as many different words as the fullest of the first rows: titles stand above it."""
    first = [len({cell for cell in cells if cell.strip()}) for _number, cells in rows[:_HEADINGS_WITHIN]]
    fullest = max(first)
    return next(at for at, count in enumerate(first) if count >= max(1, round(_MOST * fullest)))


def _named(kind: Kind, headings: Sequence[str], columns: Sequence[Sequence[str]]) -> tuple[Kind, list[str], float]:
    """For each heading its field as this kind, and how much speaks for the kind."""
    known = _known(kind.name)
    named: list[str] = []
    for heading in headings:
        field = _field(kind, heading, known)
        named.append("" if field in named else field)
    score = sum(2.0 if field.partition(".")[0] in kind.telling else 1.0 for field in named if field)
    score += 0.25 * sum(folded(heading) == field for heading, field in zip(headings, named, strict=True))
    named = _by_values(kind, named, columns)
    has_needed = any(field.partition(".")[0] == kind.needs for field in named)
    return kind, named if has_needed else _with_needed(kind, named, columns), score + (2.0 if has_needed else 0.0)


@cache
def _known(kind: str) -> dict[str, str]:
    return known_headings(kinds()[kind].written)


def _field(kind: Kind, heading: str, known: Named[str, str]) -> str:
    """By the heading itself, by one with a language behind it, else by likeness."""
    if exact := known.get(folded(heading)):
        return exact
    behind = _LANGUAGE_BEHIND.fullmatch(heading.strip().lower())
    if behind and (base := known.get(folded(behind[1]))) and kind.types[base] == "text":
        return f"{base}.{behind[2]}"
    wanted = folded(heading)
    if len(wanted) <= 4:
        return ""
    best = max(known, key=lambda written: fuzz.ratio(wanted, written))
    return known[best] if fuzz.ratio(wanted, best) >= _LIKE else ""


def _by_values(kind: Kind, named: Sequence[str], columns: Sequence[Sequence[str]]) -> list[str]:
    """Columns whose heading says nothing to us, by what nearly all of their cells are."""
    found = list(named)
    for place, cells in enumerate(columns):
        filled = [cell for cell in cells if cell.strip()]
        if found[place] or not filled:
            continue
        for type_name, is_one in _TELLING:
            free = [field for field, type_ in kind.types.items() if type_ == type_name and field not in found]
            if free and sum(map(is_one, filled)) >= _MOST * len(filled):
                found[place] = free[0]
                break
    return found


def _with_needed(kind: Kind, named: Sequence[str], columns: Sequence[Sequence[str]]) -> list[str]:
    """What a row is called is the free column of words with the most different ones; else the first one."""
    free = [place for place, field in enumerate(named) if not field] or list(range(len(named)))

    def different(place: int) -> int:
        return len({cell for cell in columns[place] if any(letter.isalpha() for letter in cell)})

    best = max(free, key=lambda place: (different(place), -place))
    return [kind.needs if place == best else field for place, field in enumerate(named)]


def _is_day(cell: str) -> bool:
    return _reads(partial_date, cell) and not cell.strip().isdigit()


def _is_country(cell: str) -> bool:
    return _reads(country_code, cell)


def _is_address(cell: str) -> bool:
    return _ADDRESS.fullmatch(cell.strip()) is not None


def _is_money(cell: str) -> bool:
    return _WITH_CURRENCY.search(cell) is not None and _reads(money, cell)


def _reads(read: Callable[[str], object], cell: str) -> bool:
    try:
        read(cell)
    except ValueError:
        return False
    return True


_TELLING: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("address", _is_address),
    ("day", _is_day),
    ("amount", _is_money),
    ("country", _is_country),
    ("countries", _is_country),
)


def _cells(kind: Kind, by_field: Named[str, Sequence[str]], type_name: str) -> list[str]:
    return [cell for field, cells in by_field.items() if kind.types.get(field) == type_name for cell in cells]


def _language(kind: Kind, by_field: Named[str, Sequence[str]]) -> str:
    """Of the texts whose heading says no language."""
    said = [cell for field, cells in by_field.items() if kind.types.get(field) == "text" for cell in cells[:50]]
    return detect_language(" ".join(said)) or "en"


def _separator(file: Path) -> str:
    """Told for a CSV, so that a person sees how it is cut; empty for a workbook."""
    with file.open("rb") as opened:
        if opened.read(2) == b"PK":
            return ""
        try:
            encoding = find_encoding(opened)
        except NoTextError:
            return ""
        opened.seek(0)
        return find_delimiter(opened.read(50_000).decode(encoding, errors="replace"))


def _decimal(cells: Sequence[str]) -> str:
    """The mark before the fraction, where the amounts agree on one."""
    marks = {found[1] for cell in cells if (found := re.search(r"([.,])\d{1,2}(?!\d)\D*$", cell.strip()))}
    return marks.pop() if len(marks) == 1 else ""


def _month_first(cells: Sequence[str]) -> bool:
    """Whether some day only makes sense with the month before it, and none with it behind."""
    found = [(int(one[1]), int(one[2])) for cell in cells if (one := _SLASHED.match(cell.strip()))]
    return any(second > 12 for _first, second in found) and not any(first > 12 for first, _second in found)
