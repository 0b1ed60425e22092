"""What officers do with contributions and their groups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

from django.db import transaction

from sympolis.engine.match.cluster import APART
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.synergies.enums import GroupingState
from sympolis.office.synergies.groups.reading import Poured
from sympolis.office.synergies.groups.work import put_into_groups
from sympolis.office.synergies.models import Grouping

NEW = -1
"""Moving to this number makes a group."""
MOST_GROUPS = 200


class NoSuchGroup(LookupError):
    """A number or a place that this grouping does not have."""


def start_grouping(user: User, title: str, poured: Poured, session: str = "") -> Grouping:
    """Keep what was poured in and ask the worker to put it into groups; ``session``: the public id of where it was
    said."""
    officers_only(user)
    texts = [asdict(one) for one in poured.said]
    about = {"title": title[:200], "session": session, "count": len(texts), "made_by": user}
    grouping = Grouping.objects.create(texts=texts, **about)
    put_into_groups.enqueue(grouping.pk)
    return grouping


def name_group(user: User, grouping: Grouping, number: int, name: str) -> None:
    """Call a group as people do; the empty name brings back what it was called when it was found."""
    with transaction.atomic():
        fresh = _locked(user, grouping)
        group = next((one for one in fresh.groups if one["number"] == number), None)
        if group is None:
            raise NoSuchGroup(number)
        group["name"] = " ".join(name.replace("\x00", "").split())[:200]
        fresh.save(update_fields=["groups"])


def move_contributions(user: User, grouping: Grouping, places: Collection[int], number: int) -> int:
    """Put some contributions into another group, into none (APART) or into a NEW one; the number of it."""
    with transaction.atomic():
        fresh = _locked(user, grouping)
        numbers = [one["number"] for one in fresh.groups]
        if number == NEW and len(numbers) < MOST_GROUPS:
            number = max([0, *numbers]) + 1
            fresh.groups.append({"number": number, "labels": {}, "theme": "", "name": ""})
        elif number not in {*numbers, APART}:
            raise NoSuchGroup(number)
        for place in places:
            if not 0 <= place < len(fresh.placed):
                raise NoSuchGroup(place)
            fresh.placed[place] = number
        fresh.save(update_fields=["groups", "placed"])
    return number


def remove_grouping(user: User, grouping: Grouping) -> None:
    """For good: what people wrote goes with it."""
    officers_only(user)
    grouping.delete()


def _locked(user: User, grouping: Grouping) -> Grouping:
    officers_only(user)
    fresh = Grouping.objects.select_for_update().filter(pk=grouping.pk, state=GroupingState.DONE).first()
    if fresh is None:
        raise NoSuchGroup(grouping.pk)
    return fresh
