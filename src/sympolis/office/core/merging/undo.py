"""Taking a merging back: every row as it was and under its old id, every reference where it led before."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sympolis.office.core.actions import mark_changed
from sympolis.office.core.history import CREATED, write_history
from sympolis.office.core.lists import note_lists
from sympolis.office.core.merging.errors import MergeRefused
from sympolis.office.core.merging.steps import Step, change_back, move_back, touches, unmake
from sympolis.office.core.models import Merge, Record, RetiredId, User, record_models
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.removals import neighbours, owners_of_lists, say_changed
from sympolis.office.core.rows import Row, insert_rows, model_of, plain_rows, with_both_ends


def undo_merge(merge: Merge, by: User) -> Record:
    """Take two records apart again, all of it or nothing; gives back the one that had gone.

    What somebody wrote since stays: a field that was written again, a row that was removed or made to name another.
    Raises MergeRefused where the two can no longer be told apart, PermissionDenied.
    """
    officers_only(by)
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=merge.pk)
        if hindrance := why_not(merge):
            raise hindrance
        try:
            return _taken_apart(merge, by)
        except IntegrityError as error:
            raise MergeRefused(
                _("Something was written since that stands where the old record stood."),
                _("Merge the two differently, or correct the fields by hand: the history has both."),
            ) from error


def why_not(merge: Merge) -> MergeRefused | None:
    """What keeps a merging from being undone; None where nothing does."""
    if merge.undone_at:
        return MergeRefused(_("This was undone already."))
    if later := _later_that_touches(merge):
        return MergeRefused(
            _("“%(title)s” was merged into “%(into)s” later, and that touches the same records.")
            % {"title": later.title, "into": later.into_title},
            _("Undo that first."),
        )
    model = record_models()[merge.into.partition("_")[0]]
    if not model._base_manager.filter(public_id=merge.into).exists():
        return MergeRefused(
            _("“%(title)s”, which it was merged into, was removed.") % {"title": merge.into_title},
            _("Bring that back first."),
        )
    if model._base_manager.filter(public_id=merge.record).exists():
        return MergeRefused(_("“%(title)s” is there again: somebody brought it in.") % {"title": merge.title})
    if not any(row["fields"].get("public_id") == merge.record for row in with_both_ends(_rows_gone(merge))):
        return MergeRefused(_("What it belonged to is no longer there. Bring that back first."))
    return None


def _later_that_touches(merge: Merge) -> Merge | None:
    mine = set(touches(merge.steps))
    rows = {(model, pk) for model, pk, _column in mine}
    for later in Merge.objects.filter(pk__gt=merge.pk, undone_at=None).order_by("-pk"):
        for model, pk, column in touches(later.steps):
            if (model, pk, column) in mine or (not column and (model, pk) in rows):
                return later
    return None


def _rows_gone(merge: Merge) -> list[Row]:
    return [{**row, "fields": dict(row["fields"])} for step in merge.steps for row in step.get("gone", ())]


def _taken_apart(merge: Merge, by: User) -> Record:
    can_come = {(row["model"], row["pk"]): row for row in with_both_ends(_rows_gone(merge))}
    back: list[Record] = []
    for step in reversed(merge.steps):
        back += _undone(step, can_come, by, _reason(merge))
    RetiredId.objects.filter(public_id__in=[one.public_id for one in back]).delete()
    _tell(merge, back, by)
    merge.undone_by, merge.undone_at = by, timezone.now()
    merge.save(update_fields=["undone_by", "undone_at"])
    return next(one for one in back if one.public_id == merge.record)


def _undone(step: Step, can_come: dict[tuple[str, int], Row], by: User, why: str) -> list[Record]:
    if moved := step.get("moved"):
        move_back(moved)
    if changed := step.get("changed"):
        change_back(changed, by, why)
    if made := step.get("made"):
        mark_changed([unmake(made) or made["fields"]["public_id"]])
    rows = [can_come[key] for row in step.get("gone", ()) if (key := (row["model"], row["pk"])) in can_come]
    return [one for ones in insert_rows(rows).values() for one in ones]


def _reason(merge: Merge) -> str:
    return f"undo of merged:{merge.record}"


def _tell(merge: Merge, back: list[Record], by: User) -> None:
    """A version in the history of what came back and of every record that names it again; search reads all anew."""
    for model in {type(one) for one in back}:
        ones = [one for one in back if type(one) is model]
        write_history(model, ones, CREATED, by, _reason(merge))
        note_lists(model, ones)
    own, between = [], [row for row in _rows_gone(merge) if row["model"] in owners_of_lists()]
    for moved in (step["moved"] for step in merge.steps if "moved" in step):
        model = model_of(moved)
        own += [{"model": moved["model"], "pk": pk} for pk in moved["pks"] if issubclass(model, Record)]
        if moved["model"] in owners_of_lists():
            between += plain_rows(model._base_manager.filter(pk__in=moved["pks"]))
    say_changed(neighbours(between, own), by, _reason(merge))
    mark_changed([*(one.public_id for one in back), merge.into])
    keeper = record_models()[merge.into.partition("_")[0]]
    note_lists(keeper, keeper._base_manager.filter(public_id=merge.into))
