"""Who may do what, as predicates the rooms build on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from rules.permissions import add_perm
from rules.predicates import predicate as untyped_predicate

from sympolis.office.core.models import User
from sympolis.office.core.queries import KEEPERS, WRITERS

# The library has no types: said once here.
predicate: Any = untyped_predicate
allow: Any = add_perm


@predicate  # type: ignore[untyped-decorator]  # rules has no types
def is_officer(user: object) -> bool:
    return isinstance(user, User) and user.is_officer


def officers_only(user: object) -> None:
    """Where an action begins that is the office's own, whatever page asks for it. Raises PermissionDenied."""
    if not is_officer(user):
        raise PermissionDenied


@predicate  # type: ignore[untyped-decorator]  # rules has no types
def is_administrator(user: object) -> bool:
    return isinstance(user, User) and user.is_administrator


@predicate  # type: ignore[untyped-decorator]  # rules has no types
def is_contact(user: object) -> bool:
    """Acts for at least one organisation, as one who keeps its page right."""
    return isinstance(user, User) and user.is_active and bool(user.acts_for(KEEPERS))


@predicate  # type: ignore[untyped-decorator]  # rules has no types
def is_writer(user: object) -> bool:
    """Writes for at least one organisation, be it that the office reads it first."""
    if not (isinstance(user, User) and user.is_active):
        return False
    return user.writes_everywhere or bool(user.acts_for(WRITERS))


@predicate  # type: ignore[untyped-decorator]  # rules has no types
def is_writer_everywhere(user: object) -> bool:
    """Writes at every organisation's page, and so for the office too, be it that it reads it first."""
    return isinstance(user, User) and user.writes_everywhere


allow("core.prepare", is_officer)
allow("core.administer", is_administrator)
allow("core.add_document", is_officer | is_contact)
allow("core.propose", is_writer)
allow("core.propose_for_office", is_writer_everywhere)
