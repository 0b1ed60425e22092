"""Who is inside the office's networks: what a record that its members may see asks of a reader.

``core`` asks here by name (``SYMPOLIS_CIRCLE`` in the settings), since it imports no room.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import OneOf, Reader
from sympolis.office.directory.enums import NETWORK_KINDS, RelationType
from sympolis.office.directory.models import Office, Relation
from sympolis.office.directory.moments import Moment

DUTIES = (RelationType.HOSTS_SECRETARIAT_OF, RelationType.PRESIDENT_OF)
"""What makes a network one that the office looks after."""

JOINED = (RelationType.MEMBER_OF, RelationType.PART_OF)
"""How the members of the office's own organisation are joined to it: a region's municipalities are part of it."""

type Joined = tuple[int, int, str]
"""Who, to whom, and how: a type of relation."""

ITSELF = "is"
"""Stands where a type of relation would, beside the office's own organisation."""


def acts_inside(user: User, today: date | None = None) -> bool:
    """Whether a user acts inside the office's networks: for the office's own organisation, for a network it presides
    or keeps the secretariat of, or for a member of any of these.

    Rights come from what somebody confirmed and what may hold today, never from an example. No question of who is
    signed in, who brings along what decides it (``SignIn``), and at most one of others.
    """
    if not user.roles:
        return False
    found = user.joined if today is None and user.joined is not None else _joined(user, today or timezone.localdate())
    office = next((start for start, _, how in found if how == ITSELF), None)
    looked_after = {to for start, to, how in found if start == office and how in DUTIES}
    if not user.roles.keys().isdisjoint({office, *looked_after}):
        return True
    return any(
        to == office or (how == RelationType.MEMBER_OF and to in looked_after)
        for start, to, how in found
        if start in user.roles
    )


def _joined(user: User, today: date) -> set[Joined]:
    moment = Moment.now(today)
    houses = json.dumps(sorted(user.acts_for()))
    return set(_JOINED_HOW.rows(AnonymousUser(), houses, str(moment.first), str(moment.last)))


def joined_how(houses: Q, first: str, last: str) -> tuple[tuple[QuerySet[Any, Any], tuple[Any, ...]], ...]:
    """What the office looks after and what these houses, as relations begin at them, are joined to; and the office's
    own organisation, whoever asks: who may see what is decided by the answer. Each with what to ask for: who, to whom,
    and how. Days as words, as ``Moment.possible`` has it."""
    own = Office.objects.exclude(organisation=None).order_by("pk")[:1]
    days = Relation.objects.annotate(
        r_since=Cast("since_earliest", TextField()), r_until=Cast("until_latest", TextField())
    )
    not_over, begun = Q(r_until__gte=first) | Q(r_until=None), Q(r_since__lte=last) | Q(r_since=None)
    sure = days.filter(not_over, begun, confirmed=True, illustrative=False).order_by()
    of_office = Q(
        from_organisation=own.values("organisation"), type__in=DUTIES, to_organisation__kind__in=NETWORK_KINDS
    )
    told = sure.filter(of_office | (houses & Q(type__in=JOINED)))
    itself = Office.objects.filter(pk__in=own.values("pk")).order_by()
    return (
        (told, ("from_organisation", "to_organisation", "type")),
        (itself, ("organisation", F("organisation"), Value(ITSELF))),
    )


def _joined_how(_user: Reader, houses: str, first: str, last: str) -> QuerySet[Any, Any]:
    (told, ends), (itself, same) = joined_how(Q(OneOf("from_organisation", houses)), first, last)
    return told.values_list(*ends).union(itself.values_list(*same))


_JOINED_HOW = Prepared(_joined_how)
