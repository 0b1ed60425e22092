"""Who is inside the office's networks: what a record that its members may see asks of a reader.

``core`` asks here by name (``SYMPOLIS_CIRCLE`` in the settings), since it imports no room.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, Value
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.directory.enums import NETWORK_KINDS, RelationType
from sympolis.office.directory.models import Office, Relation
from sympolis.office.directory.moments import Moment

DUTIES = (RelationType.HOSTS_SECRETARIAT_OF, RelationType.PRESIDENT_OF)
"""What makes a network one that the office looks after."""

JOINED = (RelationType.MEMBER_OF, RelationType.PART_OF)
"""How the members of the office's own organisation are joined to it: a region's municipalities are part of it."""

ITSELF = "is"
"""Stands where a type of relation would, beside the office's own organisation."""


def acts_inside(user: User, today: date | None = None) -> bool:
    """Whether a user acts inside the office's networks: for the office's own organisation, for a network it presides
    or keeps the secretariat of, or for a member of any of these.

    Rights come from what somebody confirmed and what may hold today, never from an example. At most one question, and
    the rest here: nested in one another they took twenty times as long to put together as to answer.
    """
    if not user.roles:
        return False
    own = Office.objects.exclude(organisation=None).order_by("pk")[:1]
    moment = Moment.now(today or timezone.localdate())
    sure = moment.possible(Relation.objects.filter(confirmed=True, illustrative=False)).order_by()
    of_office = Q(
        from_organisation=own.values("organisation"), type__in=DUTIES, to_organisation__kind__in=NETWORK_KINDS
    )
    of_theirs = Q(from_organisation__in=user.acts_for(), type__in=JOINED)
    told = sure.filter(of_office | of_theirs).values_list("from_organisation", "type", "to_organisation")
    found = set(
        told.union(Office.objects.filter(pk__in=own).values_list("organisation", Value(ITSELF), "organisation"))
    )
    office = next((start for start, kind, _ in found if kind == ITSELF), None)
    looked_after = {to for start, kind, to in found if start == office and kind in DUTIES}
    if not user.roles.keys().isdisjoint({office, *looked_after}):
        return True
    return any(
        to == office or (kind == RelationType.MEMBER_OF and to in looked_after)
        for start, kind, to in found
        if start in user.roles
    )
