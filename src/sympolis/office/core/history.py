"""Who changed what of a record and when, from what to what, its lists included; and going back to how it was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections, models, router
from django.utils import timezone
from django.utils.translation import gettext

from sympolis.office.core.dates import PartialDate
from sympolis.office.core.lists import Lists, list_fields, put_lists, said_of
from sympolis.office.core.models import Record, User
from sympolis.office.core.proposals.queries import proposers
from sympolis.office.core.queries import Reader, is_officer
from sympolis.office.core.texts import Text

CREATED, CHANGED, DELETED = "+", "~", "-"
_AT_ONCE = 500

# Made from the rest, or no matter of the people who read the history.
NOT_SHOWN = frozenset(
    {"id", "public_id", "slug", "source", "source_id", "retrieved_at", "imported", "sort_key", "folded", "created_at",
     "updated_at", "reported_at", "illustrative", "record", "size_bytes", "added_by"}
)  # fmt: skip
# Shown, but of a file that is replaced and not kept with each version.
NOT_PUT_BACK = NOT_SHOWN | {"file_name"}

type Seen = Callable[[type[Any]], models.QuerySet[Any]]
"""The records of a model that the reader may see."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field from one value to another; ``name`` is the column's, without the ends of a date.

    Of a list, ``before`` are those who left it or changed in it, ``after`` those who came or changed.
    """

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Version:
    """One saving of a record: ``kind`` is ``+`` for the first, ``~`` for a change, ``-`` for the end.

    A ``+`` that ``came_back`` is a record that had been removed. ``proposed_by`` had asked for what ``by`` approved.
    """

    id: int
    at: datetime
    by: str
    kind: str
    changes: tuple[FieldChange, ...]
    is_current: bool
    came_back: bool = False
    proposed_by: str = ""


def versions(record: Record, user: Reader, seen: Seen, most: int = 20) -> list[Version]:
    """The last savings of a record, the newest first: one query, and one for each kind of row they name."""
    rows = list(_history(record).select_related("history_user")[: most + 1])
    lists = _known_lists(rows)
    named = _names(rows, lists, user, seen)
    asked = proposers(row.history_change_reason or "" for row in rows)
    found = []
    for place, row in enumerate(rows[:most]):
        older = next((one for one in rows[place + 1 :] if one.history_type != "-"), None)
        changes: list[FieldChange] = []
        if older is not None and row.history_type != "-":
            changes = [*_changes(older, row, named), *_list_changes(type(record), lists, older, row, named)]
        by = str(row.history_user) if row.history_user else ""
        came_back = row.history_type == "+" and older is not None
        at, kind = row.history_date, row.history_type
        proposed_by = asked.get(row.history_change_reason or "", "")
        found.append(Version(row.history_id, at, by, kind, tuple(changes), place == 0, came_back, proposed_by))
    return found


def version_of(record: Record, history_id: int) -> Any | None:
    return _history(record).filter(history_id=history_id).exclude(history_type="-").first()


def put_back(record: Record, version: Any, but: Collection[str] = ()) -> None:
    """Give a record the values and the lists of one of its versions, ``but`` some of them; saving it is the caller's.

    What a column named and is gone since stays as it is now.
    """
    for column in _columns(version):
        if column.name in {*NOT_PUT_BACK, *but}:
            continue
        value = getattr(version, column.attname)
        target: Any = column.related_model if isinstance(column, models.ForeignKey) else None
        if target is None or value is None or target._base_manager.filter(pk=value).exists():
            setattr(record, column.attname, value)
    if (lists := getattr(version, "lists", None)) is not None:
        put_lists(record, {name: rows for name, rows in lists.items() if name not in but})


def write_history(model: type[Record], records: list[Record], kind: str, by: User | None, reason: str) -> None:
    """A line of history for each record, as its row stands now: copied by the database itself, at twice the speed of
    making each line here."""
    history: Any = model.history.model  # type: ignore[attr-defined]
    connection = connections[router.db_for_write(history)]
    quote = connection.ops.quote_name
    key = model._meta.pk.column or "id"
    kept = {field.column for field in history._meta.concrete_fields}
    columns = ", ".join(
        quote(name) for name in (field.column for field in model._meta.concrete_fields) if name in kept and name
    )
    added = ", ".join(map(quote, ("history_date", "history_type", "history_user_id", "history_change_reason")))
    said = [connection.ops.adapt_datetimefield_value(timezone.now()), kind, by.pk if by else None, reason]
    for start in range(0, len(records), _AT_ONCE):
        pks = [record.pk for record in records[start : start + _AT_ONCE]]
        with connection.cursor() as cursor:
            # names of tables and columns come of the models; every value is a parameter
            cursor.execute(
                f"INSERT INTO {quote(history._meta.db_table)} ({columns}, {added})"  # noqa: S608
                f" SELECT {columns}, %s, %s, %s, %s FROM {quote(model._meta.db_table)}"
                f" WHERE {quote(key)} IN ({', '.join(['%s'] * len(pks))})",
                [*said, *pks],
            )


def _history(record: Record) -> Any:
    manager: Any = record.history  # type: ignore[attr-defined]
    return manager.order_by("-history_date", "-history_id")


def _columns(version: Any) -> Iterable[models.Field[Any, Any]]:
    """The columns of the record itself, less those of the history."""
    columns = version._meta.concrete_fields
    return [one for one in columns if one.name != "lists" and not one.name.startswith("history_")]


def _known_lists(rows: list[Any]) -> dict[int, Lists | None]:
    """The lists at each version: where they were not noted, they are what they were before."""
    known: Lists | None = None
    found = {}
    for row in reversed(rows):
        noted = getattr(row, "lists", None)
        known = known if noted is None else noted
        found[row.history_id] = known
    return found


def _list_changes(
    model: type[Any], lists: Mapping[int, Lists | None], older: Any, newer: Any, named: Mapping[Any, str]
) -> Iterable[FieldChange]:
    before, after = lists[older.history_id], lists[newer.history_id]
    if before is None or after is None:
        return
    for field in list_fields(model):
        was, is_ = before.get(field.name, {}), after.get(field.name, {})
        gone = {one: row for one, row in was.items() if is_.get(one) != row}
        came = {one: row for one, row in is_.items() if was.get(one) != row}
        if gone or came:
            words = (tuple(in_list(field, named, one, row) for one, row in some.items()) for some in (gone, came))
            yield FieldChange(field.name, *words)


def in_list(field: Any, named: Mapping[Any, str], public_id: str, row: Mapping[str, Any]) -> str:
    """One of a list in words: who, and what the list says of them besides."""
    said = ", ".join(str(one) for one in said_of(field, row))
    name = named.get(public_id) or gettext("(not shown)")
    return f"{name} ({said})" if said else name


def _changes(older: Any, newer: Any, named: Mapping[Any, str]) -> Iterable[FieldChange]:
    for column in _columns(newer):
        before, after = getattr(older, column.attname), getattr(newer, column.attname)
        if column.name in NOT_SHOWN or before == after:
            continue
        if column.name.endswith("_latest"):
            stem = column.name.removesuffix("_latest")
            if getattr(older, f"{stem}_earliest") == getattr(newer, f"{stem}_earliest"):
                yield FieldChange(stem, _date(older, stem), _date(newer, stem))
        elif column.name.endswith("_earliest"):
            stem = column.name.removesuffix("_earliest")
            yield FieldChange(stem, _date(older, stem), _date(newer, stem))
        elif isinstance(before, Text) and isinstance(after, Text):
            yield from text_changes(column.name, before, after)
        elif isinstance(column, models.ForeignKey):
            yield FieldChange(column.name, *(_named(named, column, key) for key in (before, after)))
        else:
            yield FieldChange(column.name, before, after)


def _named(named: Mapping[Any, str], column: models.Field[Any, Any], key: Any) -> str:
    return "" if key is None else named.get((column.name, key)) or gettext("(not shown)")


def text_changes(name: str, before: Text, after: Text) -> Iterable[FieldChange]:
    """Each language by itself: who reads the history wants the words that changed, not all of them."""
    for language in dict.fromkeys([*before, *after]):
        if before.get_text(language) != after.get_text(language):
            yield FieldChange(
                name, Text.of(**{language: before.get_text(language)}), Text.of(**{language: after.get_text(language)})
            )


def _date(row: Any, stem: str) -> PartialDate:
    return PartialDate(getattr(row, f"{stem}_earliest"), getattr(row, f"{stem}_latest"))


def _names(
    rows: list[Any], lists: Mapping[int, Lists | None], user: Reader, seen: Seen
) -> dict[tuple[str, Any] | str, str]:
    """Names of what changed foreign keys and lists lead to, as far as the reader may see it; (column, key) or public
    id -> name. One query for each such column and each kind in lists, mostly none."""
    found: dict[tuple[str, Any] | str, str] = {}
    if not rows:
        return found
    for column in _columns(rows[0]):
        if not isinstance(column, models.ForeignKey) or column.name in NOT_SHOWN:
            continue
        if len(keys := {getattr(row, column.attname) for row in rows}) > 1:
            names = _names_by("pk", column.related_model, keys - {None}, user, seen)
            found |= {(column.name, key): name for key, name in names.items()}
    for field in list_fields(rows[0].instance_type):
        in_them = [(one or {}).get(field.name, {}) for one in lists.values()]
        if any(one != in_them[0] for one in in_them):
            public_ids = {public_id for one in in_them for public_id in one}
            found |= _names_by("public_id", field.others, public_ids, user, seen)
    return found


def _names_by(column: str, model: Any, keys: Collection[Any], user: Reader, seen: Seen) -> dict[Any, str]:
    """Names of what the reader may see; an officer is told too what those that are gone were called."""
    found = {getattr(one, column): str(one) for one in seen(model).filter(**{f"{column}__in": keys})}
    if is_officer(user) and hasattr(model, "history") and (gone := [key for key in keys if key not in found]):
        by = "id" if column == "pk" else column
        last = model.history.filter(**{f"{by}__in": gone}, history_type="-").order_by("history_id")
        found |= {getattr(one, by): str(one.instance) for one in last}
    return found
