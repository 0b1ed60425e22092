"""Who is inside the office's networks: what a record that its members may see asks of a reader.

``core`` asks here by name (``SYMPOLIS_CIRCLE`` in the settings), since it imports no room.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.directory.enums import NETWORK_KINDS, RelationType
from sympolis.office.directory.models import Membership, Office, Relation
from sympolis.office.directory.moments import Moment

DUTIES = (RelationType.HOSTS_SECRETARIAT_OF, RelationType.PRESIDENT_OF)
"""What makes a network one that the office looks after."""

JOINED = (RelationType.MEMBER_OF, RelationType.PART_OF)
"""How the members of the office's own organisation are joined to it: a region's municipalities are part of it."""


def memberships_inside(user: User, today: date | None = None) -> QuerySet[Membership]:
    """Those by which a user acts inside the office's networks: for the office's own organisation, for a network it
    presides or keeps the secretariat of, or for a member of any of these.

    Rights come from what somebody confirmed and what may hold today, never from an example.
    """
    own = Office.objects.exclude(organisation=None).order_by("pk").values("organisation")
    moment = Moment.now(today or timezone.localdate())
    sure = moment.possible(Relation.objects.filter(confirmed=True, illustrative=False)).order_by()
    duties = sure.filter(from_organisation__in=own, type__in=DUTIES, to_organisation__kind__in=NETWORK_KINDS)
    networks: Any = duties.values("to_organisation")
    joined = sure.filter(from_organisation=OuterRef("organisation")).filter(
        Q(type__in=JOINED, to_organisation__in=own) | Q(type=RelationType.MEMBER_OF, to_organisation__in=networks)
    )
    inside = Q(organisation__in=own) | Q(organisation__in=networks) | Exists(joined)
    return Membership.objects.filter(inside, user=user)
