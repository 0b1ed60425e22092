"""What a table says against what the office holds: what would be made, changed, kept or stay as it is.

What a person edited wins over what an import says, field by field: a field still holds what the last import said, or
somebody changed it since. A theme or a goal that a person removed is not brought back by any import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sympolis.office.core.imports import state
from sympolis.office.core.imports.definition import Desk, Draft, Link, Table
from sympolis.office.core.models import Record
from sympolis.office.core.tagging.queries import COLUMNS, Key, removed_codes

_AT_A_TIME = 5000
_SCHEMES = {column: scheme for scheme, column in COLUMNS.items()}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: what it holds, what the table says. ``kept``: a person wrote what it holds, so it stays; ``follows``:
    the table does not say it, what it says elsewhere brings it along."""

    address: str
    before: Any
    after: Any
    kept: bool = False
    follows: bool = False


@dataclass(slots=True)
class RecordChange:
    """What would become of one record."""

    draft: Draft
    record: Record | None
    is_new: bool
    fields: list[FieldChange] = field(default_factory=list)

    @property
    def written(self) -> list[FieldChange]:
        return [change for change in self.fields if not change.kept]

    @property
    def kept(self) -> list[FieldChange]:
        return [change for change in self.fields if change.kept]

    @property
    def kind(self) -> str:
        if self.is_new:
            return "created"
        return "changed" if self.written else "unchanged"


def compared(table: Table, drafts: Iterable[Draft], desk: Desk) -> list[RecordChange]:
    """Every draft with the record it is about and how they differ. Reads only."""
    listed = list(drafts)
    ids = {id(draft): _public_id(draft, desk) for draft in listed}
    records = _records(listed, ids)
    links, removed = _links(table, records.values(), desk), removed_codes()
    for draft in listed:
        _leave_out(draft, removed.get(ids[id(draft)], frozenset()))
    changes = [_compare(table, draft, records.get(ids[id(draft)]), links, desk) for draft in listed]
    _bring_along(table, changes, desk)
    return changes


def _bring_along(table: Table, changes: list[RecordChange], desk: Desk) -> None:
    """Several rows may be about one record: what they write together is looked at, and the last one brings it along."""
    if table.follows is None:
        return
    by_record: defaultdict[int, list[RecordChange]] = defaultdict(list)
    for change in changes:
        if isinstance(change.record, table.model) and change.written:
            by_record[change.record.pk].append(change)
    for some in by_record.values():
        last = some[-1]
        written = {item.address: item.after for one in some for item in one.written}
        for address, after in table.follows(last.record, written).items():
            for one in some:
                one.fields = [item for item in one.fields if item.kept or item.address != address]
            held = state.read(last.record, address, desk.references)  # type: ignore[arg-type]  # those have one
            last.fields.append(FieldChange(address, held, after, follows=True))


def _leave_out(draft: Draft, removed: Collection[Key]) -> None:
    """What a person removed of the record is as if the table had not said it."""
    for column, scheme in _SCHEMES.items() if removed else ():
        if column in draft.fields:
            draft.fields[column] = [code for code in draft.fields[column] if (scheme, code) not in removed]


def _public_id(draft: Draft, desk: Desk) -> str:
    if draft.existing:
        return draft.existing
    references = desk.references
    draft.merged = references.is_merged(draft.model, draft.key)
    return references.by_id(draft.model, draft.key, draft.has_own_id) or references.by_name(draft.model, draft.names)


def _records(drafts: list[Draft], ids: dict[int, str]) -> dict[str, Record]:
    wanted: defaultdict[type[Record], list[str]] = defaultdict(list)
    for draft in drafts:
        if ids[id(draft)]:
            wanted[draft.model].append(ids[id(draft)])
    found: dict[str, Record] = {}
    for model, public_ids in wanted.items():
        for start in range(0, len(public_ids), _AT_A_TIME):
            for record in model._default_manager.filter(public_id__in=public_ids[start : start + _AT_A_TIME]):
                found[record.public_id] = record
    return found


def _links(table: Table, records: Iterable[Record], desk: Desk) -> state.Links:
    if not table.links:
        return {}
    pks = [record.pk for record in records if isinstance(record, table.model)]
    return state.read_links(table.links, pks, desk.references)


def _compare(table: Table, draft: Draft, record: Record | None, links: state.Links, desk: Desk) -> RecordChange:
    change = RecordChange(draft, record, is_new=record is None)
    for address, said in (draft.fields if record else {**draft.defaults, **draft.fields}).items():
        link = table.links.get(address) if draft.model is table.model else None
        if record is None:
            if link or not state.says_nothing(draft.model, address, said):
                change.fields.append(FieldChange(address, None, said))
            continue
        held = _held(record, address, link, links, desk)
        if not same(held, said):
            empty = not held if link else state.says_nothing(draft.model, address, held)
            kept = draft.merged or _is_a_persons(record, address, held, empty)
            change.fields.append(FieldChange(address, held, said, kept))
    return change


def _held(record: Record, address: str, link: Link | None, links: state.Links, desk: Desk) -> Any:
    return links.get((record.pk, address), []) if link else state.read(record, address, desk.references)


def _is_a_persons(record: Record, address: str, held: Any, empty: bool) -> bool:
    """Whether somebody wrote what the field holds: it is not what an import last said, nor nothing at all."""
    if address in record.imported:
        return not same(held, record.imported[address])
    return not empty


def same(left: Any, right: Any) -> bool:
    """Lists are alike in any order."""
    if isinstance(left, list) and isinstance(right, list):
        return sorted(map(str, left)) == sorted(map(str, right))
    return bool(left == right)
