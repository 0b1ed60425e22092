"""Who may see what every room keeps alike."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from sympolis.office.core.enums import Visibility
from sympolis.office.core.models import Document, Record, User

type Reader = User | AnonymousUser


def is_officer(user: Reader) -> bool:
    return isinstance(user, User) and user.is_officer


def visible_records[R: Record](user: Reader, records: QuerySet[R], own: Q | None = None) -> QuerySet[R]:
    """The records a reader may see: officers all, others what is public and what ``own`` says is theirs."""
    if is_officer(user):
        return records
    seen = Q(visibility=Visibility.PUBLIC)
    if own is not None and user.is_authenticated:
        seen |= own
    return records.filter(seen)


def belongs_to(user: Reader, path: str) -> Q:
    """Records whose organisation, reached by ``path``, this user acts for (no join: safe to combine and count)."""
    own: Any = user.memberships.values("organisation") if isinstance(user, User) else []
    return Q(**{f"{path}__in": own})


def visible_documents(user: Reader) -> QuerySet[Document]:
    """Documents by their own visibility. Who lists them has the record they hang on at hand, seen by this reader."""
    return visible_records(user, Document.objects.all())
