"""What a record that somebody would add may be there as already: a hint to whoever decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet, Value

from sympolis.office.core.models import Proposal, Record
from sympolis.office.core.queries import Reader
from sympolis.office.core.texts import folded
from sympolis.web.staff.records.alike import names_of
from sympolis.web.staff.records.documents import KIND_OF_ID
from sympolis.web.staff.records.kinds import Kind

MOST_TOLD, MOST_READ = 3, 60


def there_already(user: Reader, proposals: Iterable[Proposal]) -> dict[int, list[Record]]:
    """Number of a proposal to add -> records like it that the reader sees, those called exactly so first: two
    questions for each kind, and those its lists have for what they name."""
    by_kind: defaultdict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for one in proposals:
        if not one.record and KIND_OF_ID[one.kind].like:
            by_kind[one.kind][one.pk] = {change.field: change.after for change in one.waiting}  # type: ignore[attr-defined]  # with_waiting
    found: dict[int, list[Record]] = {}
    for prefix, said in by_kind.items():
        found |= _alike(user, KIND_OF_ID[prefix], said)
    return found


def _alike(user: Reader, kind: Kind, said: Mapping[int, Mapping[str, Any]]) -> dict[int, list[Record]]:
    assert kind.like is not None
    seen = kind.visible(user).order_by()
    asked: list[QuerySet[Any, Any]] = [
        seen.filter(kind.like(values)).values_list(Value(number), "pk") for number, values in said.items()
    ]
    pairs = list(asked[0].union(*asked[1:], all=True).order_by()[:MOST_READ])
    there = kind.with_rows(seen.filter(pk__in={row for _number, row in pairs}), user) if pairs else ()
    rows = {one.pk: one for one in there}
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for number, row in pairs:
        found[number].append(rows[row])
    return {number: _closest(records, said[number])[:MOST_TOLD] for number, records in found.items()}


def _closest(records: list[Record], said: Mapping[str, Any]) -> list[Record]:
    called = names_of(said, "name", "names", "title", "short_name")

    def is_other(record: Record) -> bool:
        names = {*record.title_text().plain().values(), *record.other_names()}
        return called.isdisjoint(map(folded, names))

    return sorted(records, key=lambda record: (is_other(record), record.sort_key, record.pk))
