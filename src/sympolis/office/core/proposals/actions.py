"""Proposing a change, withdrawing it, and what the office says to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from sympolis.office.core.enums import ProposalState
from sympolis.office.core.lists import note_lists
from sympolis.office.core.models import Proposal, ProposedChange, Record, User, record_models
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.proposals.pictures import drop_pictures
from sympolis.office.core.proposals.values import (
    NoLongerThere,
    Plain,
    digest,
    is_list,
    plain_values,
    put_list,
    put_value,
)
from sympolis.office.core.tagging.actions import codes_of, note_tags

REASON = "proposal:"
"""Before the number of the proposal, in the line of a record's history that it led to."""


class ChangedMeanwhile(Exception):
    """The record was changed after the officer looked at it: it has to be looked at again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One field from what stands there to what somebody wants, as plain values."""

    field: str
    before: Plain
    after: Plain


@transaction.atomic
def propose(user: User, record: Record, wanted: Iterable[Wanted], title: str) -> Proposal:
    """Keep what a user would change, for the office to decide. What the same user proposed before for the same field
    of the record and still waits is replaced."""
    changes = list(wanted)
    if record.pk:
        earlier = ProposedChange.objects.filter(
            proposal__record=record.public_id, proposal__by=user, state=ProposalState.WAITING
        )
        _decide(earlier.filter(field__in=[one.field for one in changes]), ProposalState.WITHDRAWN, user)
    proposal = Proposal.objects.create(
        record=record.public_id if record.pk else "", kind=record.ID_PREFIX, title=title[:300],
        version=_version(record), by=user,
    )  # fmt: skip
    ProposedChange.objects.bulk_create(
        ProposedChange(proposal=proposal, field=one.field, before=one.before, after=one.after) for one in changes
    )
    return proposal


def _version(record: Record) -> int | None:
    if not record.pk or not hasattr(record, "history"):
        return None
    history: Any = record.history
    last: int | None = history.order_by("-history_date", "-history_id").values_list("history_id", flat=True).first()
    return last


@transaction.atomic
def withdraw(user: User, proposal: Proposal) -> None:
    """Who proposed it takes back what still waits."""
    if proposal.by_id != user.pk:
        raise PermissionDenied
    _decide(_waiting(proposal), ProposalState.WITHDRAWN, user)


@transaction.atomic
def approve(
    user: User, proposal: Proposal, fields: Iterable[str], seen: str, keep: Callable[[Any], Any]
) -> list[ProposedChange]:
    """Write the chosen fields into the record, which ``keep`` saves as its kind ever is; gives the changes made.

    ``seen`` is the digest of what the officer was shown as standing there. Raises ChangedMeanwhile where that is no
    longer so, NoLongerThere where the record or one it names is gone.
    """
    officers_only(user)
    changes = _chosen(proposal, fields)
    if not changes:
        return []
    record = _record_of(proposal)
    if standing(record, [one.field for one in _waiting(proposal)]) != seen:
        raise ChangedMeanwhile
    before = codes_of(record)
    _put(record, changes, keep, f"{REASON}{proposal.pk}", user)
    note_tags(user, record, before)
    if not proposal.record:
        proposal.record = record.public_id
        proposal.save(update_fields=["record"])
    _decide(_waiting(proposal).filter(pk__in=[one.pk for one in changes]), ProposalState.APPROVED, user)
    return changes


@transaction.atomic
def refuse(user: User, proposal: Proposal, fields: Iterable[str], reason: str) -> list[ProposedChange]:
    """Say no to the chosen fields and why; gives the changes refused."""
    officers_only(user)
    changes = _chosen(proposal, fields)
    _decide(_waiting(proposal).filter(pk__in=[one.pk for one in changes]), ProposalState.REFUSED, user, reason)
    return changes


def standing(record: Record, fields: Iterable[str]) -> str:
    """A digest of what a record says in some fields."""
    return digest(plain_values(record, fields) if record.pk else {})


def _waiting(proposal: Proposal) -> Any:
    return ProposedChange.objects.filter(proposal=proposal, state=ProposalState.WAITING)


def _chosen(proposal: Proposal, fields: Iterable[str]) -> list[ProposedChange]:
    """The waiting changes among these; a record that is not there yet is decided whole."""
    waiting = list(_waiting(proposal).select_for_update())
    wanted = set(fields)
    return waiting if not proposal.record and wanted else [one for one in waiting if one.field in wanted]


def _record_of(proposal: Proposal) -> Record:
    model = record_models()[proposal.kind]
    if not proposal.record:
        return model()
    found = model._base_manager.select_for_update().filter(public_id=proposal.record).first()
    if found is None:
        raise NoLongerThere(proposal.record)
    return found


def _put(record: Record, changes: list[ProposedChange], keep: Callable[[Any], Any], reason: str, by: User) -> None:
    model = type(record)
    lists = [one for one in changes if is_list(model, one.field)]
    for one in changes:
        if one not in lists:
            put_value(record, one.field, one.before, one.after)
    record._change_reason = reason  # type: ignore[attr-defined]  # simple-history reads both
    record._history_user = by  # type: ignore[attr-defined]  # the same
    keep(record)
    for one in lists:
        put_list(record, one.field, one.before, one.after)
    if lists:
        note_lists(model, [record])


def _decide(changes: Any, state: ProposalState, by: User, reason: str = "") -> None:
    """Pictures that waited for it wait no longer: one that was approved stands in its record."""
    said = list(changes.values_list("after", flat=True))
    changes.update(state=state, decided_by=by, decided_at=timezone.now(), reason=reason.strip()[:500])
    drop_pictures(said)


def differing(before: Mapping[str, Plain], after: Mapping[str, Plain]) -> list[Wanted]:
    """What a form would change, of the fields both name."""
    return [Wanted(name, before.get(name), value) for name, value in after.items() if before.get(name) != value]
