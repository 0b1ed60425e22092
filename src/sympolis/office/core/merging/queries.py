"""What was merged, for the office alone."""

from __future__ import annotations

from django.db.models import QuerySet

from sympolis.office.core.models import Merge
from sympolis.office.core.queries import Reader, is_officer


def visible_merges(user: Reader) -> QuerySet[Merge]:
    """Every merging, undone ones too, the latest first."""
    found = Merge.objects.select_related("by", "undone_by").order_by("-at", "-pk")
    return found if is_officer(user) else found.none()


def merges_into(user: Reader, public_id: str) -> list[Merge]:
    """What one record was merged from, as far as it was not undone: whose history is read on its page too."""
    if not is_officer(user):
        return []
    return list(Merge.objects.filter(into=public_id, undone_at=None).defer("steps"))
