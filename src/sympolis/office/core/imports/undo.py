"""Taking an import back: what it made goes, what it changed returns, unless somebody worked on it since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sympolis.office.core.actions import mark_changed
from sympolis.office.core.enums import ChangeKind
from sympolis.office.core.imports import state
from sympolis.office.core.imports.apply import reason, reason_of_undo
from sympolis.office.core.imports.compare import same
from sympolis.office.core.imports.definition import Table, tables
from sympolis.office.core.imports.errors import ImportRefused
from sympolis.office.core.imports.references import References
from sympolis.office.core.imports.removal import leant_on, retire
from sympolis.office.core.imports.writing import update_all
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import Import, Record, User, record_models

_AT_A_TIME = 5000


@dataclass(slots=True)
class Undone:
    """What became of an undo. ``kept`` are names of records somebody works with, which therefore stay."""

    removed: int = 0
    restored: int = 0
    kept: list[str] = field(default_factory=list)


def undo_import(run: Import, by: User | None = None) -> Undone:
    """Take an import back in one transaction. Raises ImportRefused where that was done already."""
    with transaction.atomic():
        run = Import.objects.select_for_update().get(pk=run.pk)
        if run.undone_at:
            raise ImportRefused(_("This import was undone already."))
        undone = Undone()
        references = References("")
        _restore(run, by, references, undone)
        for model, public_ids in _by_model(run.undo.get("created", [])).items():
            _remove(run, by, model, public_ids, undone, references)
        run.undone_at = timezone.now()
        run.save(update_fields=["undone_at"])
    return undone


def _by_model(public_ids: Iterable[str]) -> dict[type[Record], list[str]]:
    known = record_models()
    grouped: defaultdict[type[Record], list[str]] = defaultdict(list)
    for public_id in public_ids:
        grouped[known[public_id.partition("_")[0]]].append(public_id)
    # what was made last hangs on what was made first: relations go before the bodies they lead to
    return dict(reversed(grouped.items()))


def _remove(
    run: Import, by: User | None, model: type[Record], public_ids: list[str], undone: Undone, references: References
) -> None:
    records = _fetched(model, public_ids)
    stays = _edited(run, model, records, references) | leant_on(model, records)
    undone.kept += [str(record) for record in records if record.pk in stays]
    gone = [record for record in records if record.pk not in stays]
    undone.removed += len(gone)
    retire(gone, by, reason_of_undo(run))


def _fetched(model: type[Record], public_ids: list[str]) -> list[Record]:
    return [
        record
        for start in range(0, len(public_ids), _AT_A_TIME)
        for record in model._default_manager.filter(public_id__in=public_ids[start : start + _AT_A_TIME])
    ]


def _edited(run: Import, model: type[Record], records: list[Record], references: References) -> set[int]:
    """Records with a history beyond this import, or whose lists are no longer what it wrote."""
    pks = [record.pk for record in records]
    history: Any = model.history  # type: ignore[attr-defined]
    ours = _without_effect(run)
    edited: set[int] = set()
    for start in range(0, len(pks), _AT_A_TIME):
        since = history.filter(id__in=pks[start : start + _AT_A_TIME], history_id__gt=0)
        edited.update(since.exclude(history_change_reason__in=ours).values_list("id", flat=True))
    links = _table_of(run, model)
    if links:
        held = state.read_links(links.links, pks, references)
        edited.update(
            record.pk
            for record in records
            for address in links.links
            if not same(held.get((record.pk, address), []), record.imported.get(address, []))
        )
    return edited


def _without_effect(run: Import) -> list[str]:
    """How the history names this import, and later ones that were themselves taken back."""
    later = Import.objects.filter(pk__gt=run.pk, undone_at__isnull=False).only("pk")
    return [reason(run), *(words for one in later for words in (reason(one), reason_of_undo(one)))]


def _table_of(run: Import, model: type[Record]) -> Table | None:
    table = tables().get(run.table)
    return table if table and table.model is model and table.links else None


def _restore(run: Import, by: User | None, references: References, undone: Undone) -> None:
    changed: dict[str, dict[str, Any]] = run.undo.get("changed", {})
    for model, public_ids in _by_model(changed).items():
        table = _table_of(run, model)
        records = _fetched(model, public_ids)
        held = state.read_links(table.links, [record.pk for record in records], references) if table else {}
        touched: list[Record] = []
        columns: set[str] = set()
        lists: defaultdict[str, dict[int, list[str]]] = defaultdict(dict)
        for record in records:
            if _put_back(record, changed[record.public_id], table, held, references, columns, lists):
                touched.append(record)
            else:
                undone.kept.append(str(record))
        if touched:
            update_all(model, touched, columns, by, reason_of_undo(run))
            mark_changed([record.public_id for record in touched], ChangeKind.PUT)
        for address, wanted in lists.items():
            if table:
                state.write_links(table.links[address], wanted, references)
        note_lists(model, touched)
        undone.restored += len(touched)


def _put_back(
    record: Record,
    changes: dict[str, Any],
    table: Table | None,
    held: state.Links,
    references: References,
    columns: set[str],
    lists: dict[str, dict[int, list[str]]],
) -> bool:
    """Return the fields nobody touched since to what they were. False where every one was touched."""
    restored = False
    for address, change in changes.items():
        linked = table is not None and address in table.links
        now = held.get((record.pk, address), []) if linked else state.read(record, address, references)
        if not same(now, change["after"]):
            continue
        if linked:
            lists[address][record.pk] = change["before"] or []
        else:
            state.write(record, address, change["before"], references)
            columns.update(state.columns_of(type(record), address))
        if "imported" in change:
            record.imported[address] = change["imported"]
        else:
            record.imported.pop(address, None)
        restored = True
    return restored
