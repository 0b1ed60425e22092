"""What bringing a table in would do, for people to look at before it is done. Nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _

from sympolis.office.core.dates import Dated
from sympolis.office.core.form_fields import CODE_FIELDS, NamedCodesField, language_now
from sympolis.office.core.imports import state
from sympolis.office.core.imports.apply import usable_drafts
from sympolis.office.core.imports.compare import FieldChange, RecordChange, compared
from sympolis.office.core.imports.definition import Column, Draft, Table
from sympolis.office.core.imports.errors import Problem
from sympolis.office.core.imports.parsers import Term
from sympolis.office.core.imports.state import dated_value, field_of
from sympolis.office.core.imports.understand import Understood
from sympolis.office.core.models import Record
from sympolis.office.core.names import COUNTRIES, TONGUES, Names
from sympolis.office.core.templatetags.show import when
from sympolis.office.core.texts import folded

NAMED = {"country": COUNTRIES, "language": TONGUES, "name_language": TONGUES}
SHOWN = 50  # of each sort; the counts are of all
SHOWN_TIES = 500  # each row's: lists of partners are shorter


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field as people read it."""

    label: str
    before: str
    after: str
    kept: bool


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One record and what would become of it."""

    row: int
    title: str
    kind: str  # created, changed, unchanged
    fields: list[ShownField] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShownTie:
    """What ties the record of one row to the one a person named, and what would become of it."""

    row: int
    title: str
    kind: str  # created, changed, unchanged, wrong
    words: list[tuple[str, str]]  # what it says: label, words
    against: list[Problem]


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of the sheet, what it was understood as, and a value from below it."""

    at: int
    heading: str
    column: str
    sample: str


@dataclass(frozen=True, slots=True)
class Alike:
    """One problem and every row that has it: a word unknown to us often stands in a hundred of them."""

    problem: Problem
    rows: tuple[int, ...]

    @property
    def spans(self) -> list[str]:
        """The rows, those one after the other as one: 8, 34–61. Of row 0, which is the table, nothing."""
        found: list[list[int]] = []
        for row in sorted(set(self.rows) - {0}):
            if found and row == found[-1][1] + 1:
                found[-1][1] = row
            else:
                found.append([row, row])
        return [str(first) if first == last else f"{first}–{last}" for first, last in found]


@dataclass(slots=True)
class Preview:
    """An understood table, ready to be shown."""

    table: Table
    headings: list[Heading]
    notes: list[str]
    rows: int
    created: int
    changed: int
    unchanged: int
    records: list[ShownRecord]
    kept: list[ShownRecord]
    ties: list[ShownTie]
    tie_counts: Counter[str]
    tie_labels: list[str]
    tie_columns: list[str]  # headings that speak of a tie
    expects_ties: bool
    problems: list[Alike]
    problem_count: int
    wrong_rows: int
    is_unusable: bool

    @property
    def may_come_in(self) -> bool:
        return not self.is_unusable and self.created + self.changed + self.unchanged > 0

    @property
    def is_news(self) -> bool:
        return self.created + self.changed > 0


def previewed(understood: Understood) -> Preview:
    """What would be made, changed and left, and every problem with its remedy."""
    drafts = [] if understood.is_unusable else usable_drafts(understood)
    changes = compared(understood.table, drafts, understood.desk)
    kinds = Counter(change.kind for change in changes)
    ties = understood.table.ties
    by_draft = {id(change.draft): change for change in changes}
    told = [change for change in changes if ties is None or change.draft.model is not ties.model]
    news = [change for kind in ("changed", "created") for change in told if change.kind == kind]
    shown = [change for kind in ("changed", "created") for change in [c for c in news if c.kind == kind][:SHOWN]]
    return Preview(
        table=understood.table,
        headings=_headings(understood),
        notes=understood.sheet.notes,
        rows=len(understood.sheet.rows),
        created=kinds["created"],
        changed=kinds["changed"],
        unchanged=kinds["unchanged"],
        records=[_shown(change, change.written, understood) for change in shown],
        kept=[_shown(change, change.kept, understood) for change in changes if change.kept][:SHOWN],
        ties=_ties(understood, by_draft),
        tie_counts=Counter(_kind_of_tie(draft, by_draft) for draft in _tie_drafts(understood)),
        tie_labels=[label_of_address(understood.table, ties.model, name) for name in ties.shown] if ties else [],
        tie_columns=[heading for heading, column in _pairs(understood) if ties and column in ties.columns],
        expects_ties=_expects_ties(understood),
        problems=_alike(understood.problems)[: SHOWN * 2],
        problem_count=len(understood.problems),
        wrong_rows=len(understood.wrong_rows - {0}),
        is_unusable=understood.is_unusable,
    )


def _alike(problems: list[Problem]) -> list[Alike]:
    rows: dict[Problem, list[int]] = {}
    for one in problems:
        rows.setdefault(replace(one, row=0), []).append(one.row)
    return [Alike(problem, tuple(found)) for problem, found in rows.items()]


def _headings(understood: Understood) -> list[Heading]:
    def sample(at: int) -> str:
        return next((row.cells[at][:80] for row in understood.sheet.rows if at < len(row.cells) and row.cells[at]), "")

    pairs = enumerate(_pairs(understood))
    return [Heading(at, heading[:200], column, sample(at)) for at, (heading, column) in pairs]


def _pairs(understood: Understood) -> list[tuple[str, str]]:
    """Each heading with what it was understood as."""
    return list(zip(understood.sheet.headings, understood.columns, strict=True))


def _expects_ties(understood: Understood) -> bool:
    """Whether the headings let one expect that the rows are tied to somebody."""
    ties = understood.table.ties
    return ties is not None and any(
        column in ties.columns or folded(heading) in ties.signs for heading, column in _pairs(understood)
    )


def _ties(understood: Understood, changes: dict[int, RecordChange]) -> list[ShownTie]:
    """What ties each row, those too that can't come in: what speaks against one stands beside it."""
    ties, table = understood.table.ties, understood.table
    if ties is None:
        return []
    drafts = _tie_drafts(understood)[:SHOWN_TIES]
    rows = {draft.row: draft for draft in understood.drafts if draft.model is table.model} if drafts else {}
    against: defaultdict[int, list[Problem]] = defaultdict(list)
    for problem in understood.problems:
        against[problem.row].append(problem)
    return [
        ShownTie(
            draft.row,
            _title_of(rows[draft.row], changes.get(id(rows[draft.row])), understood) if draft.row in rows else "",
            _kind_of_tie(draft, changes),
            [_said_of_tie(draft, name, changes.get(id(draft)), understood) for name in ties.shown],
            against[draft.row],
        )
        for draft in drafts
    ]


def _tie_drafts(understood: Understood) -> list[Draft]:
    ties = understood.table.ties
    return [draft for draft in understood.drafts if ties and draft.model is ties.model]


def _kind_of_tie(draft: Draft, changes: Mapping[int, RecordChange]) -> str:
    return changes[id(draft)].kind if id(draft) in changes else "wrong"


def _said_of_tie(draft: Draft, name: str, change: RecordChange | None, understood: Understood) -> tuple[str, str]:
    """What the field will hold once the table is in, with what the field is called."""
    said = {item.address: item.after for item in change.written} if change else draft.fields
    held = state.read(change.record, name, understood.desk.references) if change and change.record else ""
    words = _words(said.get(name, held), understood, _names(understood.table, draft.model, name))
    return label_of_address(understood.table, draft.model, name), words


def _title_of(draft: Draft, change: RecordChange | None, understood: Understood) -> str:
    change = change or RecordChange(draft, None, is_new=True)
    return (str(change.record) if change.record else _title(change, understood))[:200]


def _shown(change: RecordChange, fields: list[FieldChange], understood: Understood) -> ShownRecord:
    title = _title_of(change.draft, change, understood)
    shown = [
        ShownField(
            label_of_address(understood.table, change.draft.model, item.address),
            _words(item.before, understood, names),
            _words(item.after, understood, names),
            item.kept,
        )
        for item in fields
        for names in (_names(understood.table, change.draft.model, item.address),)
    ]
    return ShownRecord(change.draft.row, title, change.kind, shown)


def _title(change: RecordChange, understood: Understood) -> str:
    """What a record still to be made will be called."""
    fields = change.draft.fields
    for name in ("name", "title", "text", "what"):
        for address, value in fields.items():
            if address == name or address.startswith(f"{name}."):
                return str(value)
    ends = [_words(fields[name], understood) for name in ("from_organisation", "to_organisation") if name in fields]
    return " – ".join(ends) or change.draft.key


def label_of_address(table: Table, model: type[Record], address: str) -> str:
    """A field as people call it: the label of its column where it has one, with the language of a text."""
    name, _dot, language = address.partition(".")
    column = _column_of(table, model, address)
    label: Any = column.label if column else _verbose(model, name)
    native = dict(settings.LANGUAGES).get(language, "" if language in ("lead", "partner") else language)
    return str(format_lazy("{label} ({language})", label=label, language=native)) if native else str(label)


def _column_of(table: Table, model: type[Record], address: str) -> Column | None:
    """Days have a column of another name: ``signed`` is read in ``signed_on``, ``since`` in ``since_year``."""
    name = address.partition(".")[0]
    names = {column.name: column for column in table.columns}
    found = names.get(address) or names.get(name)
    if found is None and name != "participations" and isinstance(field_of(model, name), Dated):
        return next((column for column in table.columns if column.name.rpartition("_")[0] == name), None)
    return found


def _verbose(model: type[Record], name: str) -> str:
    if name == "participations":
        return _("Who takes part")
    found = field_of(model, name)
    return name.replace("_", " ") if isinstance(found, Dated) else capfirst(str(found.verbose_name))


def _day(written: str) -> str:
    """A day, month or year in the reader's words; what lies between two days as it stands."""
    return written if "/" in written else str(when(dated_value(written)))


def _names(table: Table, model: type[Record], address: str) -> Callable[[str], str]:
    """How the reader calls what is kept in a field as a code."""
    column = next((column for column in table.columns if column.name == address), None)
    if column is not None and isinstance(column.parse, Term):
        return partial(column.parse.label, language_now())
    kept, coded = field_of(model, address), CODE_FIELDS.get(address)
    if isinstance(kept, Dated):
        return _day
    if coded is not None:
        named = coded()
        if isinstance(named, NamedCodesField):
            return partial(_named, named.of)
        return lambda code: str(dict(named.choices).get(code, code))  # type: ignore[attr-defined]  # a field of choices
    if address in NAMED:
        return partial(_named, NAMED[address])
    return lambda code: str(dict(getattr(kept, "flatchoices", ())).get(code, code))


def _named(of: Names, code: str) -> str:
    return of.name(code, language_now())


def _words(value: Any, understood: Understood, names: Callable[[str], str] = str) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_words(part, understood, names) for part in value)
    words = understood.desk.references.shown(names(str(value)))
    return words.partition("#")[2] or words if words.startswith("directory.") else words
