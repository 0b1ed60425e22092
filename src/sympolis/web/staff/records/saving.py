"""Keeping what a form says, when somebody else may be doing the same, and what the office has to read first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sympolis.office.core.dates import ends_before_it_begins
from sympolis.office.core.form_fields import PictureField
from sympolis.office.core.forms import RecordForm
from sympolis.office.core.models import Proposal
from sympolis.office.core.proposals.actions import Wanted, differing, propose
from sympolis.office.core.proposals.pictures import keep_picture
from sympolis.office.core.proposals.queries import additions_waiting
from sympolis.office.core.proposals.values import Plain, plain_value, plain_values
from sympolis.office.core.queries import is_officer
from sympolis.office.core.tagging.actions import codes_of, note_tags
from sympolis.office.directory.queries import kept_organisations
from sympolis.web.staff.records.kinds import Kind

WAITS = gettext_lazy("It waits for the office to read it. You are told by mail what it says.")
TOO_MANY_WAIT = gettext_lazy(
    "The office has yet to read what you proposed before. Wait until it has, or take some of it back."
)
MOST_WAITING = 200
"""Of one user: nobody has the office read more new records at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a form: whether something was saved at once, and what waits for the office."""

    form: RecordForm
    is_saved: bool = False
    waits: Proposal | None = None


class NotTogether(Exception):
    """What a record would say goes against itself or another one; the sentence is for who would keep it."""


def check_together(kind: Kind, record: Any, user: Any) -> None:
    """For what comes back or is approved without its form. Raises NotTogether."""
    if ends_before_it_begins(record):
        raise NotTogether(_("It would end before it begins. Correct the dates in its form."))
    if against := kind.against(record, user):
        raise NotTogether(against)


def keep_change(kind: Kind, record: Any, user: Any, data: Any, files: Any) -> Kept:
    """Check the form and keep it, if it holds. Checking happens outside the transaction: it reads files and names;
    where the record was saved meanwhile, it is checked once more against the new one."""
    while True:
        form = kind.form(data, files, instance=record, user=user)
        before = record.updated_at
        if not form.is_valid():
            return Kept(form)
        with transaction.atomic():
            fresh = type(record)._base_manager.select_for_update().get(pk=record.pk)
            if fresh.updated_at == before:
                at_once = is_officer(user) or kind.changeable(user).filter(pk=fresh.pk).exists()
                waits = [] if is_officer(user) else _set_apart(form, fresh, at_once)
                proposal = propose(user, fresh, waits, form.title_of(fresh)) if waits else None
                is_saved = at_once and (not waits or bool(form.changed_names()))
                if is_saved:
                    kind.keep(form)
                    note_tags(user, form.instance, codes_of(fresh))
                return Kept(form, is_saved, proposal)
        record = fresh


def _set_apart(form: RecordForm, fresh: Any, at_once: bool) -> list[Wanted]:
    """Take out of a form what has to wait for the office: of what its writer changes at once what matters; else
    everything."""
    names = form.changed_names()
    waiting = [name for name in names if name in form.MATTERS] if at_once else names
    if not waiting:
        return []
    wanted = _wanted(form, fresh, waiting)
    form.set_back(waiting)
    return wanted


def _wanted(form: RecordForm, fresh: Any, names: Collection[str]) -> list[Wanted]:
    lists = form.listed
    there = plain_values(fresh, [lists.get(name, name) for name in names]) if fresh.pk else {}
    written = {
        lists.get(name, name): form.plain_list(name) if name in lists else _written(form, name) for name in names
    }
    return differing(there, written)


def _written(form: RecordForm, name: str) -> Plain:
    is_new_picture = isinstance(form.fields[name], PictureField) and form.cleaned_data[name]
    return keep_picture(form.cleaned_data[name]) if is_new_picture else plain_value(form.instance, name)


def may_add(kind: Kind, user: Any) -> bool:
    """Whether this user adds such a record, at once or for the office to read first."""
    at_once = bool(kind.permission) and user.has_perm(kind.permission)
    return at_once or may_propose(kind, user)


def may_propose(kind: Kind, user: Any) -> bool:
    """Whether this user writes a new one for the office to read first."""
    return bool(kind.proposed_with) and user.has_perm(kind.proposed_with)


def waits_surely(kind: Kind, user: Any) -> bool:
    """Whether whatever this user adds waits for the office: to be said before it is written."""
    return not (kind.permission and user.has_perm(kind.permission))


def keep_new(kind: Kind, form: RecordForm, user: Any, on: Mapping[str, Any] | None = None) -> Kept:
    """Add what a form says, at once where that is this user's to do. ``on``: what it hangs on, which the form does not
    ask for: the person of a post. Nothing is kept where the form says why not. Raises PermissionDenied where nothing is
    this user's to add."""
    if adds_at_once(kind, form, user):
        kind.keep(form)
        return Kept(form, is_saved=True)
    if not may_propose(kind, user):
        raise PermissionDenied
    if additions_waiting(user) >= MOST_WAITING:
        form.add_error(None, TOO_MANY_WAIT)
        return Kept(form)
    new = form.instance
    wanted = [
        *(Wanted(name, None, record.public_id) for name, record in (on or {}).items()),
        *_wanted(form, new, form.changed_names()),
    ]
    return Kept(form, waits=propose(user, new, wanted, form.title_of(new)))


def adds_at_once(kind: Kind, form: RecordForm, user: Any) -> bool:
    """Whether what a form adds is this user's to add without the office reading it first."""
    if kind.is_added_at_once:
        return kind.is_added_at_once(form.instance, user)
    if not (kind.permission and user.has_perm(kind.permission)):
        return False
    kept = kept_organisations(user).filter(pk__in=[house.pk for house in form.houses()])
    return is_officer(user) or kept.exists()
