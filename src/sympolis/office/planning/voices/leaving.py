"""Somebody deletes their own account: what they wrote stays without a name, what they backed counts no more."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from sympolis.office.core.enums import SiteRole
from sympolis.office.core.models import User
from sympolis.office.planning.models import Comment


def may_leave(user: User) -> bool:
    """People of the office are taken leave of by an administrator."""
    return user.is_active and user.role == SiteRole.PARTICIPANT


@transaction.atomic
def delete_account(user: User) -> None:
    """The account with its name, address and supports; words of comments stay, also what they were before."""
    if not may_leave(user):
        raise PermissionDenied
    now = timezone.now()
    Comment.objects.filter(supports__person=user).update(changed_at=now)
    Comment.objects.filter(author=user).update(author=None, changed_at=now)
    Comment.history.filter(author_id=user.pk).update(author_id=None)
    user.delete()
