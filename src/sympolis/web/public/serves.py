"""Which geographical priorities something serves, for its page: "public/_serves.html" shows it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from sympolis.office.core.queries import Reader
from sympolis.office.planning.models import GeographicalPriority
from sympolis.office.planning.priorities.queries import priorities_now, served_by


def serves(user: Reader, countries: Iterable[str]) -> list[GeographicalPriority]:
    """Of what holds today in plans the reader may see: one question, none where no country is known."""
    listed = [one for one in countries if one]
    return served_by(priorities_now(user, timezone.localdate()), listed) if listed else []
