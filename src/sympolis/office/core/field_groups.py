"""Groups of fields with a visibility of their own: who may see a record may not see all of it.

A model names them (``Record.FIELD_GROUPS``): the column that says who may see the group, and the fields it is of. An
empty column means whoever sees the record. What a reader may not see is taken out of each record where it is fetched,
in ``queries.visible_records``: pages, lists, files, the API and linked data have only what is left. A question that
asks for single columns and no records says ``told`` instead of the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import batched
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.query import ModelIterable
from django.utils.translation import gettext_lazy as _

from sympolis.office.core.enums import Visibility

NARROWER = [
    ("", _("Whoever sees the rest")),
    *((one.value, one.label) for one in Visibility if one is not Visibility.PUBLIC),
]

type TakeOut = Callable[[Iterable[Any]], None]


def group_visibility(label: Any) -> models.CharField[str, str]:
    """The column of a group. It has no default: who empties it means it."""
    return models.CharField(label, max_length=10, choices=NARROWER, blank=True)


def office_only() -> models.CharField[Any, Any]:
    """``visibility`` of what is about a person: nothing of it is public, so nothing else is offered or asked for."""
    return models.CharField(
        _("who may see it"), max_length=10, choices=Visibility.choices, default=Visibility.OFFICE, editable=False
    )


def in_part[R: models.Model](records: QuerySet[R], take_out: TakeOut) -> QuerySet[R]:
    """The same question, whose records have what is not the reader's taken out."""
    columns = frozenset(_groups(records.model))

    class InPart(ModelIterable):  # type: ignore[type-arg]  # a generic in stubs alone
        def __iter__(self) -> Iterator[Any]:
            self.queryset = _with_columns(self.queryset, columns)
            for some in batched(super().__iter__(), self.chunk_size):  # no further than the database hands over
                take_out(some)
                yield from some

    found = records.all()
    found._iterable_class = InPart
    return found


def _with_columns(records: QuerySet[Any], columns: frozenset[str]) -> QuerySet[Any]:
    """Whoever asks for few columns is asked for these too: without them nobody knows what to take out."""
    found = records.all()
    names, are_left_out = found.query.deferred_loading
    kept = set(names) - columns if are_left_out else set(names) | columns
    found.query.deferred_loading = (kept, are_left_out)
    return found


def closed_groups(record: Any, visibilities: Iterable[str]) -> Iterator[str]:
    """The columns of those groups that are not among these visibilities."""
    for column in _groups(type(record)):
        said = getattr(record, column)
        if said and said not in visibilities:
            yield column


def withhold(record: Any, columns: Iterable[str]) -> None:
    """Empty the fields of these groups. The record is for reading from then on: it can't be saved."""
    closed = frozenset(columns)
    for column in closed:
        for name in _groups(type(record))[column]:
            setattr(record, name, type(record)._meta.get_field(name).get_default())
    record.withheld = record.withheld | closed


def told(column: str, group: str, is_open: Q, path: str = "") -> Any:
    """A column of a group in a question for single columns: empty where not open. ``path`` leads to its record."""
    shown = Q(**{f"{path}{group}": ""}) | is_open
    return Case(When(shown, then=F(f"{path}{column}")), default=Value(None))


def _groups(model: Any) -> Mapping[str, tuple[str, ...]]:
    groups: Mapping[str, tuple[str, ...]] = model.FIELD_GROUPS
    return groups
