"""Making two records of one kind one: whatever named the one names the other, what would double is folded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from copy import copy
from typing import Any, Protocol, runtime_checkable

from django.db import models, transaction
from django.utils.translation import gettext as _

from sympolis.office.core.actions import mark_changed
from sympolis.office.core.dates import ends_before_it_begins
from sympolis.office.core.enums import ChangeKind, TagScheme, TagVerdict
from sympolis.office.core.lists import note_lists
from sympolis.office.core.merging.errors import MergeRefused
from sympolis.office.core.merging.fields import fill_columns, fill_parts, look, parts_of, take_over
from sympolis.office.core.merging.references import (
    Column,
    chain_of,
    keys_to,
    names_itself,
    renamed,
    rows_naming,
    text_columns,
    unique_sets,
)
from sympolis.office.core.merging.steps import Journal
from sympolis.office.core.models import Document, Merge, Record, RetiredId, TagDecision, User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.removals import owners_of_lists
from sympolis.office.core.rows import plain_rows
from sympolis.office.core.tagging.queries import COLUMNS, column_of


def merge_records[R: Record](
    keeper: R, other: R, by: User, chosen: Mapping[str, str] | None = None, seen: str = ""
) -> Merge:
    """Make ``other`` one with ``keeper``, all of it or nothing; its id and its address lead to the keeper.

    ``chosen``: name of a part -> whose value stays, see ``fields``. ``seen`` is what ``fields.look`` said when somebody
    looked at the two. Raises MergeRefused, PermissionDenied.
    """
    officers_only(by)
    with transaction.atomic():
        refuse(keeper, other)
        keeper, other = _fresh(keeper), _fresh(other)
        if seen and look(keeper, other) != seen:
            raise MergeRefused(
                _("Somebody changed one of the two while you were looking."), _("Look at both again and choose anew.")
            )
        return _merged(keeper, other, by, dict(chosen or {}))


def refuse(keeper: Record, other: Record) -> None:
    """Raises MergeRefused for two that can never be one."""
    names = {"one": str(keeper), "other": str(other)}
    if type(keeper) is not type(other):
        raise MergeRefused(
            _("“%(one)s” and “%(other)s” are of different kinds.") % names, _("Choose two of the same kind.")
        )
    if keeper.pk == other.pk:
        raise MergeRefused(_("These are not two: it is the same record."), _("Choose another."))
    for one, above in ((keeper, other), (other, keeper)):
        if above in chain_of(one):
            raise MergeRefused(
                _("“%(one)s” belongs to “%(above)s”: they cannot be one.") % {"one": str(one), "above": str(above)},
                _("If that is wrong, correct it in the record first."),
            )
    if keeper.illustrative != other.illustrative:
        raise MergeRefused(
            _("One of the two is an example and the other is real."), _("Remove the example in place of merging it.")
        )
    if against := keeper.against_being_one_with(other):
        raise MergeRefused(*against)


def _fresh[R: Record](record: R) -> R:
    model = type(record)
    found = model._base_manager.select_for_update().filter(pk=record.pk).first()
    if found is None:
        raise MergeRefused(_("One of the two is no longer there."), _("Look at the list again."))
    return found


def _merged[R: Record](keeper: R, other: R, by: User, chosen: Mapping[str, str]) -> Merge:
    _refuse_unknown(type(keeper), chosen)
    before, as_it_was = plain_rows([keeper])[0], copy(keeper)
    merge = Merge(
        record=other.public_id, into=keeper.public_id, title=str(other)[:300], into_title=str(keeper)[:300],
        key=other.pk, by=by,
    )  # fmt: skip
    journal = Journal(by, reason(other))
    take_over(keeper, other, chosen)
    _refuse_what_was_chosen(keeper, as_it_was, other)
    for one in (as_it_was, other):
        keeper.take_names(one)
        keeper.settle_with(one)
    for one in (as_it_was, other):
        journal.make(keeper.left_over_of(one))
    absorbing = _Absorbing(journal, (other.public_id, keeper.public_id))
    absorbing.absorb(keeper, other)
    _heed_what_was_said_of_tags(keeper)
    journal.change(keeper, before)
    journal.tell()
    note_lists(type(keeper), [keeper])
    mark_changed(journal.marked)
    merge.steps, merge.called = journal.steps, absorbing.called
    merge.save()
    return merge


def _refuse_what_was_chosen(keeper: Record, as_it_was: Record, other: Record) -> None:
    """Field by field of two that each hold, something may come together that does not."""
    if ends_before_it_begins(keeper) and not ends_before_it_begins(as_it_was):
        raise MergeRefused(_("Chosen so, it would end before it begins."), _("Choose both dates of the same one."))
    if against := keeper.against_what_was_chosen(as_it_was, other):
        raise MergeRefused(*against)


def reason(other: Record) -> str:
    """How the history tells a merging from what people wrote."""
    return f"merged:{other.public_id}"


def _refuse_unknown(model: type[Record], chosen: Mapping[str, str]) -> None:
    known = {part.name for part in parts_of(model)}
    if wrong := sorted(set(chosen) - known):
        raise MergeRefused(
            _("There is no field “%(name)s” to choose.") % {"name": wrong[0][:60]}, _("Open the page again.")
        )


def _heed_what_was_said_of_tags(keeper: Record) -> None:
    """What a person said is no theme of either is none of the two together."""
    for said in TagDecision.objects.filter(record=keeper.public_id, verdict=TagVerdict.REMOVED):
        scheme = TagScheme(said.scheme)
        if scheme in COLUMNS and (column := column_of(type(keeper), scheme)):
            left = tuple(code for code in getattr(keeper, column) if code != said.code)
            setattr(keeper, column, left)


@runtime_checkable
class TakesOver(Protocol):
    """A row that is no record and yet says more than which two belong together: where two say the same of one, it
    decides what holds then. It is saved by who asks."""

    def take_over(self, other: Any) -> None: ...


class _Absorbing:
    """Moves everything that names one row to another of its kind, and lets the one go."""

    def __init__(self, journal: Journal, ids: tuple[str, str]) -> None:
        self.journal = journal
        self.ids = ids
        self.called: list[dict[str, str]] = []

    def absorb(self, keeper: models.Model, other: models.Model) -> None:
        for column in keys_to(type(other)):
            self._move_keys(column, keeper, other)
        if isinstance(keeper, Record) and isinstance(other, Record):
            for column in text_columns():
                self._move_ids(column, keeper, other)
        self._let_go(other, keeper)

    def _move_keys(self, column: Column, keeper: models.Model, other: models.Model) -> None:
        model: Any = column.model
        rows = list(model._base_manager.filter(**{column.attname: other.pk}).order_by("pk"))
        if not rows:
            return
        there = _There(column, keeper)
        free = []
        for row in rows:
            setattr(row, column.attname, keeper.pk)
            is_of_itself, double = names_itself(row, column), there.double_of(row)
            setattr(row, column.attname, other.pk)
            if is_of_itself:
                there.forget(row)
                self._let_go(row, keeper)
            elif double is not None:
                self._fold(double, row)
            else:
                free.append(row)
        self.journal.move(column, keeper.pk, free)

    def _move_ids(self, column: Column, keeper: Record, other: Record) -> None:
        grouped: defaultdict[str, list[models.Model]] = defaultdict(list)
        afters: dict[str, Any] = {}
        for row in rows_naming(column, other.public_id):
            if isinstance(row, Record) and row == other:
                continue
            before = getattr(row, column.attname)
            after = renamed(column, before, other.public_id, keeper.public_id)
            setattr(row, column.attname, after)
            if names_itself(row, column):
                self._let_go(_again(row), keeper)
            elif (double := _double_by_text(column, row)) is not None:
                self._fold(double, _again(row))
            else:
                setattr(row, column.attname, before)
                afters[repr(before)] = after
                grouped[repr(before)].append(row)
        for said, rows in grouped.items():
            self.journal.move(column, afters[said], rows)

    def _fold(self, double: models.Model, row: models.Model) -> None:
        """One of two that say the same is enough: what it leaves open, the other may say."""
        before = plain_rows([double])[0]
        if isinstance(double, Record) and isinstance(row, Record):
            fill_parts(double, row)
        elif listed := owners_of_lists().get(type(double)._meta.label):
            fill_columns(double, row, listed[1].more)
        if isinstance(double, TakesOver):
            double.take_over(row)
        self.absorb(double, row)
        if plain_rows([double])[0] != before:
            self.journal.change(double, before)

    def _let_go(self, row: models.Model, keeper: models.Model) -> None:
        """A row goes; what hangs on it, and whoever asks for it, is led to the keeper."""
        if isinstance(row, Record) and isinstance(keeper, Record) and type(row) is type(keeper):
            said = {"slug": row.slug, "source": row.source, "source_id": row.source_id.replace(*self.ids)}
            self.called.append({"record": row.public_id, "into": keeper.public_id, **said})
        elif isinstance(row, Record) and isinstance(keeper, Record):
            column: Any = Document._meta.get_field("record")
            hanging = list(Document.objects.filter(record=row.public_id))
            self.journal.move(column, keeper.public_id, hanging)
        gone = self.journal.drop(row)
        leads_to = keeper.public_id if isinstance(keeper, Record) else ""
        for one in gone:
            RetiredId.objects.update_or_create(public_id=one.public_id, defaults={"leads_to": leads_to})
        mark_changed([one.public_id for one in gone], ChangeKind.REMOVE)


def _again(row: models.Model) -> models.Model:
    """The row as the database has it."""
    return type(row)._base_manager.get(pk=row.pk)


class _There:
    """The rows that name the keeper already: which of them says what another would say twice."""

    def __init__(self, column: Column, keeper: models.Model) -> None:
        model: Any = column.model
        self.sets = list(unique_sets(model, column))
        ends = [one for one in model._meta.concrete_fields if getattr(one, "related_model", None) is type(keeper)]
        twins = issubclass(model, Record) and column in ends and model.twin_key is not Record.twin_key
        self.unique: dict[tuple[int, tuple[Any, ...]], models.Model] = {}
        self.twins: defaultdict[Hashable, list[Record]] = defaultdict(list)
        if not self.sets and not twins:
            return
        named = models.Q()
        for end in ends if twins else [column]:
            named |= models.Q(**{end.attname: keeper.pk})
        for row in model._base_manager.filter(named).order_by("pk"):
            for at, values in self._keys(row):
                self.unique.setdefault((at, values), row)
            if twins:
                self.twins[row.twin_key()].append(row)

    def _keys(self, row: models.Model) -> list[tuple[int, tuple[Any, ...]]]:
        found = []
        for at, columns in enumerate(self.sets):
            values = tuple(getattr(row, column.attname) for column in columns)
            if None not in values:
                found.append((at, values))
        return found

    def forget(self, row: models.Model) -> None:
        """One that goes is nobody's double: what another leaves open, or says better, would bring it back."""
        self.unique = {key: one for key, one in self.unique.items() if one.pk != row.pk}
        for key, twins in self.twins.items():
            self.twins[key] = [one for one in twins if one.pk != row.pk]

    def double_of(self, row: models.Model) -> models.Model | None:
        for key in self._keys(row):
            if key in self.unique and self.unique[key].pk != row.pk:
                return self.unique[key]
        if isinstance(row, Record) and self.twins:
            key_of_twin = row.twin_key()
            for twin in self.twins.get(key_of_twin, ()) if key_of_twin is not None else ():
                if twin.pk != row.pk and twin.says_the_same(row):
                    return twin
        return None


def _double_by_text(column: Column, row: models.Model) -> models.Model | None:
    """The row that has the same already, where no two may."""
    for columns in unique_sets(type(row), column):
        values = {one.attname: getattr(row, one.attname) for one in columns}
        if None not in values.values():
            double = type(row)._base_manager.filter(**values).exclude(pk=row.pk).first()
            if double is not None:
                return double
    return None
