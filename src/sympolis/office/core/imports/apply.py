"""Writing an understood table: checked first, then all of it in one transaction, with what is needed to undo it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sympolis.office.core.actions import mark_changed
from sympolis.office.core.ids import ids_for
from sympolis.office.core.imports import state
from sympolis.office.core.imports.compare import FieldChange, RecordChange, compared
from sympolis.office.core.imports.definition import Draft, coming, label_of
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.origin import layout_of
from sympolis.office.core.imports.understand import Understood
from sympolis.office.core.imports.writing import create_all, note_heard, update_all
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import Import, Record, RetiredId, User


def usable_drafts(understood: Understood) -> list[Draft]:
    """The drafts of rows without problems, less those that name a row left out."""
    drafts = [draft for draft in understood.drafts if draft.row not in understood.wrong_rows]
    while True:
        there = {coming(draft.model, draft.key) for draft in drafts}
        kept = [draft for draft in drafts if not (_named(draft) - there)]
        if len(kept) == len(drafts):
            return kept
        drafts = kept


def bring_in(
    understood: Understood,
    by: User | None = None,
    file_name: str = "",
    leave_out_wrong_rows: bool = False,
    retrieved_at: date | None = None,
) -> Import:
    """Write the table, all of it or nothing. Raises ImportRefused where rows have problems that may not be left out."""
    if understood.is_unusable or (understood.problems and not leave_out_wrong_rows):
        raise ImportRefused(
            ngettext(
                "Nothing was brought in: there are problems in %(rows)s row.",
                "Nothing was brought in: there are problems in %(rows)s rows.",
                len(understood.wrong_rows),
            )
            % {"rows": len(understood.wrong_rows)},
            _("Mend them, or say that these rows be left out."),
        )
    drafts = usable_drafts(understood)
    with transaction.atomic():
        changes = compared(understood.table, drafts, understood.desk)
        run = Import.objects.create(
            table=understood.table.name,
            file_name=file_name[:200],
            source=understood.desk.source,
            layout=layout_of(understood.sheet),
            by=by,
        )
        writer = _Writer(understood, run, by, retrieved_at or timezone.localdate())
        for model in _in_order(understood, drafts):
            writer.write(model, [change for change in changes if change.draft.model is model])
        _keep_account(run, changes, writer)
        mark_changed([*writer.created, *writer.changed])
    return run


def _keep_account(run: Import, changes: list[RecordChange], writer: _Writer) -> None:
    kinds = [change.kind for change in changes]
    run.created, run.changed, run.unchanged = (kinds.count(kind) for kind in ("created", "changed", "unchanged"))
    run.undo = {"created": writer.created, "changed": writer.changed}
    run.save()


def _in_order(understood: Understood, drafts: Iterable[Draft]) -> list[type[Record]]:
    """Records a row makes on the side (the body of a seat) come before its own, what ties its own to others after."""
    own, ties = understood.table.model, understood.table.ties
    last = (own, ties.model) if ties else (own,)
    models = dict.fromkeys(draft.model for draft in drafts)
    return sorted(models, key=lambda model: last.index(model) if model in last else -1)


def _named(draft: Draft) -> set[str]:
    """The coming records a draft names."""
    values = [part for value in draft.fields.values() for part in (value if isinstance(value, list) else [value])]
    return {value for value in values if isinstance(value, str) and "#" in value and _is_coming(value)}


def _is_coming(value: str) -> bool:
    label, _mark, key = value.partition("#")
    return bool(key) and label.count(".") == 1 and label.replace(".", "").isidentifier()


@dataclass(slots=True)
class _Writer:
    """Writes the records of one model after another and remembers how to undo it."""

    understood: Understood
    run: Import
    by: User | None
    retrieved_at: date
    created: list[str] = field(default_factory=list)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)  # coming -> public id

    def write(self, model: type[Record], changes: list[RecordChange]) -> None:
        new = [change for change in changes if change.is_new]
        self._create(model, new)
        self._update(model, [change for change in changes if not change.is_new])
        if model is self.understood.table.model:
            self._link(changes)
        note_lists(model, [change.record for change in changes if change.record and (change.is_new or change.written)])

    def _create(self, model: type[Record], changes: list[RecordChange]) -> None:
        source = self.understood.desk.source
        public_ids = ids_for(model.ID_PREFIX, source, [change.draft.key for change in changes])
        self.made |= {coming(model, key): public_id for key, public_id in public_ids.items()}
        records, later = [], []
        for change in changes:
            key = change.draft.key
            change.record = model(
                public_id=public_ids[key], source=source, source_id=key[:200], retrieved_at=self.retrieved_at
            )
            if self._fill(change, change.record, model):
                later.append(change.record)
            records.append(change.record)
        RetiredId.objects.filter(public_id__in=list(public_ids.values())).delete()
        create_all(model, records, self.by, reason(self.run))
        self.understood.desk.references.made(records)
        self.created += public_ids.values()
        self._name_each_other(model, later, changes)

    def _fill(self, change: RecordChange, record: Record, model: type[Record]) -> bool:
        """Write what is new; records of the same model that are still to come wait. True where something waits."""
        waits = False
        for item in change.fields:
            if self._link_of(change, item):
                record.imported[item.address] = self._real(item.after)
                continue
            if isinstance(item.after, str) and item.after.startswith(f"{label_of(model)}#"):
                waits = True
                continue
            self._put(change, record, item)
        return waits

    def _name_each_other(self, model: type[Record], records: list[Record], changes: list[RecordChange]) -> None:
        if not records:
            return
        waiting = {id(record) for record in records}
        for change in changes:
            if id(change.record) in waiting and change.record:
                for item in change.fields:
                    if not self._link_of(change, item) and isinstance(item.after, str) and item.after in self.made:
                        self._put(change, change.record, item)
        names = {
            column
            for change in changes
            for item in change.fields
            if not self._link_of(change, item)
            for column in state.columns_of(model, item.address)
        }
        update_all(model, records, names, self.by, reason(self.run))

    def _update(self, model: type[Record], changes: list[RecordChange]) -> None:
        touched: list[Record] = []
        heard: list[Record] = []
        columns: set[str] = set()
        for change in changes:
            record = change.record
            if record is None:
                continue
            before = dict(record.imported)
            for item in change.written:
                self._note(record, item, before)
                if not self._link_of(change, item):
                    self._put(change, record, item)
                    columns.update(state.columns_of(model, item.address))
            if not change.draft.merged:
                record.imported.update({address: self._real(said) for address, said in change.draft.fields.items()})
            if change.written:
                touched.append(record)
            elif record.imported != before:
                heard.append(record)
        update_all(model, touched, columns, self.by, reason(self.run))
        note_heard(model, heard)

    def _note(self, record: Record, item: FieldChange, imported: dict[str, Any]) -> None:
        kept = self.changed.setdefault(record.public_id, {})
        kept[item.address] = {
            "before": item.before,
            "after": self._real(item.after),
            **({"imported": imported[item.address]} if item.address in imported else {}),
        }

    def _link(self, changes: list[RecordChange]) -> None:
        links = self.understood.table.links
        for address, link in links.items():
            lists = {
                change.record.pk: self._real(item.after)
                for change in changes
                for item in change.written
                if item.address == address and change.record
            }
            if lists:
                state.write_links(link, lists, self.understood.desk.references)

    def _put(self, change: RecordChange, record: Record, item: FieldChange) -> None:
        about = change.draft.about.get(item.address, {})
        value = self._real(item.after)
        state.write(record, item.address, value, self.understood.desk.references, **about)
        if not item.follows:
            record.imported[item.address] = value

    def _real(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._real(part) for part in value]
        return self.made.get(value, value) if isinstance(value, str) else value

    def _link_of(self, change: RecordChange, item: FieldChange) -> bool:
        return change.draft.model is self.understood.table.model and item.address in self.understood.table.links


def reason(run: Import) -> str:
    """How the history tells what an import wrote from what people did."""
    return f"import:{run.pk}"


def reason_of_undo(run: Import) -> str:
    return f"undo of {reason(run)}"
