"""Who an organisation met at events, as its page, the map and the graph show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import ngettext

from sympolis.office.core.templatetags.show import number
from sympolis.office.events.encounters import Encounter, Held
from sympolis.office.events.enums import EncounterKind
from sympolis.web.public.moments import Asked
from sympolis.web.public.named import Named

EVENTS_NAMED = 8
ALL = urlencode([("event", kind.value) for kind in EncounterKind])


def asked_encounters(request: HttpRequest) -> frozenset[EncounterKind]:
    """Which of them the address switches on; what nobody knows is passed over."""
    known = set(EncounterKind.values)
    return frozenset(EncounterKind(code) for code in request.GET.getlist("event") if code in known)


@dataclass(frozen=True, slots=True)
class Switches:
    """Which encounters a map draws besides relations and projects, and how its data is asked for."""

    on: frozenset[EncounterKind]
    moment: str  # the other time the page speaks of, empty for today

    @classmethod
    def of(cls, request: HttpRequest, asked: Asked) -> Switches:
        return cls(asked_encounters(request), "" if asked.moment.is_today else str(asked.moment.asked_for))

    @property
    def kinds(self) -> list[tuple[EncounterKind, bool]]:
        return [(kind, kind in self.on) for kind in EncounterKind]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        moment = [("on", self.moment)] if self.moment else []
        return [*moment, *(("event", kind.value) for kind in EncounterKind if kind in self.on)]

    @property
    def query(self) -> str:
        return f"?{urlencode(self.pairs)}" if self.pairs else ""


def counted(kind: str, count: int) -> str:
    """``met at 2 events`` and its like, in the reader's language."""
    if kind == EncounterKind.MET:
        said = ngettext("met at %(n)s event", "met at %(n)s events", count)
    elif kind == EncounterKind.SPOKE:
        said = ngettext("met at %(n)s event, one as a speaker", "met at %(n)s events, one as a speaker", count)
    else:
        said = ngettext("invited to %(n)s event", "invited to %(n)s events", count)
    return said % {"n": number(count)}


@dataclass(frozen=True, slots=True)
class MetAt:
    """One organisation that another had to do with at events, with the events that show it."""

    other: Named
    encounters: Sequence[Encounter]

    @property
    def lines(self) -> list[tuple[str, list[Held], int]]:
        """For each kind how often, the latest events and how many more there are."""
        return [
            (counted(one.kind, len(one.events)), one.events[:EVENTS_NAMED], max(len(one.events) - EVENTS_NAMED, 0))
            for one in sorted(self.encounters, key=lambda one: list(EncounterKind).index(one.kind))
        ]

    @property
    def weight(self) -> tuple[int, int]:
        """Meeting says more than being invited."""
        met = sum(len(one.events) for one in self.encounters if one.kind != EncounterKind.INVITED)
        return met, sum(len(one.events) for one in self.encounters)


def met_by(found: Mapping[int, Sequence[Encounter]], others: Mapping[int, Named]) -> list[MetAt]:
    """Everybody one had to do with at events and may be shown, those met most often first.

    Who is an example or nobody confirmed is left out, as on the map.
    """
    shown = ((others[pk], encounters) for pk, encounters in found.items() if pk in others)
    met = [MetAt(one, encounters) for one, encounters in shown if one.confirmed and not one.illustrative]
    return sorted(met, key=lambda one: (-one.weight[0], -one.weight[1], one.other.sort_key, one.other.pk))
