"""What a merging does to rows, each deed written down so that it can be undone backwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from sympolis.office.core.models import Document, Record, User
from sympolis.office.core.removals import neighbours, owners_of_lists, say_changed
from sympolis.office.core.rows import AllOfIt, Row, model_of, plain_rows, plain_value

_AT_ONCE = 500

type Step = dict[str, Any]


@dataclass(slots=True)
class Journal:
    """Changes rows and remembers how they were."""

    by: User
    reason: str
    steps: list[Step] = field(default_factory=list)
    between: list[Row] = field(default_factory=list)  # rows of lists that came to name another
    marked: set[str] = field(default_factory=set)  # public ids whose entry in the index shows something else

    def move(self, column: models.Field[Any, Any], after: Any, rows: Iterable[models.Model]) -> None:
        """Have a column of rows that all named one name another."""
        moved = list(rows)
        if not moved:
            return
        model: Any = column.model
        pks = [row.pk for row in moved]
        was = plain_value(column, moved[0])
        _write(model, pks, {column.attname: after})
        for row in moved:
            setattr(row, column.attname, after)
            if isinstance(row, Record):
                self.marked.add(row.public_id)
        step = {"model": model._meta.label, "field": column.attname, "pks": pks}
        self.steps.append({"moved": {**step, "before": was, "after": plain_value(column, moved[0])}})
        if model._meta.label in owners_of_lists():
            self.between += plain_rows(moved)

    def change(self, row: models.Model, before: Row) -> None:
        """Save a row whose columns were written, given as it was before. A record gets a version of its own."""
        if isinstance(row, Record):
            _save(row, self.by, self.reason)
            self.marked.add(row.public_id)
        after = plain_rows([row])[0]["fields"]
        names = [name for name, value in after.items() if value != before["fields"][name] and name != "updated_at"]
        if not isinstance(row, Record):
            _write(type(row), [row.pk], {name: getattr(row, name) for name in names})
        if names:
            was, now = ({name: values[name] for name in names} for values in (before["fields"], after))
            self.steps.append({"changed": {"model": row._meta.label, "pk": row.pk, "before": was, "after": now}})

    def make(self, records: Iterable[Record]) -> None:
        """Add what keeps a value that would be lost."""
        for record in records:
            _save(record, self.by, self.reason)
            self.marked.add(record.public_id)
            self.steps.append({"made": plain_rows([record])[0]})

    def drop(self, row: models.Model) -> list[Record]:
        """Delete a row with what cannot be without it; the records among them."""
        collector = AllOfIt(using=row._state.db or "default")
        collector.collect([row])
        for column, loser in list(collector.let_go()):
            self.move(column, None, [loser])
        gone = sorted(collector.gone(), key=lambda one: one is not row)
        rows = plain_rows(gone)
        self.steps.append({"gone": rows})
        self.between += [one for one in rows if one["model"] in owners_of_lists()]
        for one in gone:
            one._history_user, one._change_reason = self.by, self.reason  # type: ignore[attr-defined]  # simple-history reads both
        records = [one for one in gone if isinstance(one, Record)]
        collector.delete()
        return records

    def tell(self) -> None:
        """A version in the history of every record that names another now, or has another in a list."""
        stay = [
            {"model": moved["model"], "pk": pk}
            for moved in (step["moved"] for step in self.steps if "moved" in step)
            if issubclass(model_of(moved), Record)
            for pk in moved["pks"]
        ]
        say_changed(neighbours(self.between, stay), self.by, self.reason)


def touches(steps: Iterable[Step]) -> Iterator[tuple[str, int, str]]:
    """(model, key, column) of everything that was written; the empty column for a row that went."""
    for step in steps:
        for row in step.get("gone", ()):
            yield row["model"], row["pk"], ""
        if moved := step.get("moved"):
            yield from ((moved["model"], pk, moved["field"]) for pk in moved["pks"])
        if changed := step.get("changed"):
            yield from ((changed["model"], changed["pk"], name) for name in changed["after"])
        if made := step.get("made"):
            yield from ((made["model"], made["pk"], name) for name in made["fields"])


def move_back(step: Step) -> None:
    """What still names what it was made to name then, names what it named before."""
    model = model_of(step)
    column = _column(model, step["field"])
    for pks in _some(step["pks"]):
        now = model._base_manager.filter(pk__in=pks)
        same = [row.pk for row in now if plain_value(column, row) == step["after"]]
        _write(model, same, {column.attname: column.to_python(step["before"])})


def change_back(step: Step, by: User, reason: str) -> None:
    """The columns nobody wrote since are what they were."""
    model = model_of(step)
    row = model._base_manager.filter(pk=step["pk"]).first()
    if row is None:
        return
    now = plain_rows([row])[0]["fields"]
    mine = {name: value for name, value in step["before"].items() if now.get(name) == step["after"][name]}
    for name, value in mine.items():
        setattr(row, name, _column(model, name).to_python(value))
    if isinstance(row, Record):
        _save(row, by, reason)
    else:
        _write(model, [row.pk], {name: getattr(row, name) for name in mine})


def unmake(step: Row) -> str:
    """What was added goes again, unless somebody works with it since; its public id."""
    model = model_of(step)
    row = model._base_manager.filter(pk=step["pk"]).first()
    public_id: str = step["fields"]["public_id"]
    if row is None or plain_rows([row])[0] != step or Document.objects.filter(record=public_id).exists():
        return ""
    row.delete()
    return public_id


def _column(model: Any, attname: str) -> Any:
    return next(one for one in model._meta.concrete_fields if one.attname == attname)


def _save(record: Record, by: User, reason: str) -> None:
    record._history_user, record._change_reason = by, reason  # type: ignore[attr-defined]  # simple-history reads them
    record.save()


def _write(model: Any, pks: list[Any], columns: dict[str, Any]) -> None:
    """Without signals and without touching what is set anew at each saving: nobody edited these rows."""
    for some in _some(pks):
        model._base_manager.filter(pk__in=some).update(**columns)


def _some(pks: list[Any]) -> Iterator[list[Any]]:
    yield from (pks[start : start + _AT_ONCE] for start in range(0, len(pks), _AT_ONCE))
