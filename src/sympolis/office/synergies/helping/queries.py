"""Questions about what departments asked for: the office's own, and to each what they asked themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from sympolis.office.core.models import User
from sympolis.office.core.queries import Reader, changeable_records, is_officer, reads_office
from sympolis.office.core.texts import Text, folded
from sympolis.office.core.tokens import hashed
from sympolis.office.synergies.helping.enums import OPEN, HelpKind, HelpState
from sympolis.office.synergies.helping.models import HelpLink, HelpRequest


def visible_requests(user: Reader) -> QuerySet[HelpRequest]:
    return HelpRequest.objects.all() if reads_office(user) else HelpRequest.objects.none()


def changeable_requests(user: Reader) -> QuerySet[HelpRequest]:
    """With what a form names."""
    found = changeable_records(user, HelpRequest.objects.all())
    return found.select_related("department__organisation", "owner", "answered_by")


def visible_help_links(user: Reader) -> QuerySet[HelpLink]:
    return HelpLink.objects.all() if is_officer(user) else HelpLink.objects.none()


def open_requests(user: Reader) -> QuerySet[HelpRequest]:
    """What waits for the office, the oldest first."""
    found = visible_requests(user).filter(state__in=OPEN).select_related("department", "owner")
    return found.order_by("asked_on", "pk")


def new_requests() -> QuerySet[HelpRequest]:
    return HelpRequest.objects.filter(state=HelpState.NEW, illustrative=False)


def asked_by(user: User) -> QuerySet[HelpRequest]:
    """What somebody asked for themselves."""
    return HelpRequest.objects.filter(asker=user).order_by("-pk")


def help_link_of(token: str) -> HelpLink | None:
    """The link an address leads to, closed or not."""
    return HelpLink.objects.filter(token=hashed(token)).select_related("department__organisation").first()


def is_open(link: HelpLink, on: date) -> bool:
    """Whether one can still ask there: its last day counts."""
    return link.withdrawn_at is None and link.expires_on >= on


@dataclass(frozen=True, slots=True)
class Row:
    """How often one department asked in a year: by kind, in the order of ``HelpKind``, and in all."""

    department: Text | None
    counts: list[int]

    @property
    def total(self) -> int:
        return sum(self.counts)


def years_asked(user: Reader) -> list[int]:
    """Years in which somebody asked, the latest first."""
    days = visible_requests(user).filter(illustrative=False).order_by().dates("asked_on", "year", "DESC")
    return [day.year for day in days]


def yearly(user: Reader, year: int) -> list[Row]:
    """Requests of a year by department and kind; the last row is the sum. Examples count for nothing."""
    rows = visible_requests(user).filter(asked_on__year=year, illustrative=False).order_by()
    counted = rows.values_list("department", "department__name", "kind").annotate(n=Count("pk"))
    names: dict[int | None, Text | None] = {}
    found: dict[int | None, dict[str, int]] = {}
    for key, name, kind, count in counted:
        names[key] = name if key is not None else None
        found.setdefault(key, {})[kind] = found.get(key, {}).get(kind, 0) + count
    listed = [Row(names[key], _in_order(counts)) for key, counts in found.items()]
    listed.sort(key=lambda row: (row.department is None, folded(str(row.department or ""))))
    return [*listed, Row(None, _sums(listed))] if listed else []


def _in_order(counts: dict[str, int]) -> list[int]:
    return [counts.get(kind, 0) for kind in HelpKind.values]


def _sums(rows: Iterable[Row]) -> list[int]:
    return [sum(column) for column in zip(*(row.counts for row in rows), strict=True)]
