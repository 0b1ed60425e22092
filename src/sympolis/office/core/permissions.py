"""Who may do what, as predicates the rooms build on."""

from __future__ import annotations

import rules

from sympolis.office.core.models import User


@rules.predicate
def is_officer(user: object) -> bool:
    return isinstance(user, User) and user.is_officer


@rules.predicate
def is_administrator(user: object) -> bool:
    return isinstance(user, User) and user.is_administrator


@rules.predicate
def is_contact(user: object) -> bool:
    """Acts for at least one organisation, as the one who keeps its page right."""
    return isinstance(user, User) and user.is_active and user.memberships.filter(role="contact").exists()


rules.add_perm("core.prepare", is_officer)
rules.add_perm("core.administer", is_administrator)
rules.add_perm("core.add_document", is_officer | is_contact)
