"""The organisations round an event, by what they have to do with it, in one question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from sympolis.office.core.queries import Reader
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.events.enums import SpeakerState
from sympolis.office.events.models import Event, Slot, Speaker
from sympolis.office.events.queries import ROUND_AN_EVENT


@dataclass(slots=True)
class RoundAnEvent:
    """Who took part, who spoke and who was invited are three different things."""

    organisers: list[Organisation] = field(default_factory=list)
    partners: list[Organisation] = field(default_factory=list)
    funders: list[Organisation] = field(default_factory=list)
    cities: list[Organisation] = field(default_factory=list)
    invited: list[Organisation] = field(default_factory=list)
    spoke: dict[int, Organisation] = field(default_factory=dict)
    hosts: dict[int, Organisation] = field(default_factory=dict)


def round_an_event(user: Reader, event: Event) -> RoundAnEvent:
    """As far as the reader may see them."""
    tables: dict[str, Any] = {name: getattr(Event, name).through.objects.filter(event=event) for name in ROUND_AN_EVENT}
    spoke = Speaker.objects.filter(event=event, state=SpeakerState.CONFIRMED, organisation__isnull=False).order_by()
    hosts = Slot.hosts.through.objects.filter(slot__event=event)
    keys = [rows.order_by().values("organisation") for rows in (*tables.values(), spoke, hosts)]
    here = {f"is_{name}": Exists(rows.filter(organisation=OuterRef("pk"))) for name, rows in tables.items()}
    here["is_host"] = Exists(hosts.filter(organisation=OuterRef("pk")))
    here["is_spoke"] = Exists(spoke.filter(organisation=OuterRef("pk")))
    seen = visible_organisations(user).filter(pk__in=keys[0].union(*keys[1:]))
    found = RoundAnEvent()
    for one in seen.defer("description", "imported", "folded").annotate(**here).order_by("sort_key", "pk"):
        for name in ROUND_AN_EVENT:
            if getattr(one, f"is_{name}"):
                getattr(found, name).append(one)
        if getattr(one, "is_host"):  # noqa: B009  # annotated
            found.hosts[one.pk] = one
        if getattr(one, "is_spoke"):  # noqa: B009  # annotated
            found.spoke[one.pk] = one
    return found
