"""What one side does and wants, ready to be compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .records import ItemKind
from .values import PartialDate, Text


class Stage(StrEnum):
    """Where a piece of work stands on a given day."""

    IDEA = "idea"
    PREPARING = "preparing"
    ONGOING = "ongoing"
    FINISHED = "finished"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a portfolio: a project, need, priority or offer of one side, ready to be compared.

    ``owner_id`` is whose it is; ``via_id`` names the related body it comes through (the seat city of an authority,
    the authority a city is part of), empty when it is the side's own. ``since`` and ``until`` are the dates of work.
    """

    id: str
    kind: ItemKind
    title: Text
    owner_id: str
    text: Text = field(default_factory=dict)
    stage: Stage = Stage.UNKNOWN
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    countries: tuple[str, ...] = ()
    partner_ids: tuple[str, ...] = ()
    programme: str = ""
    since: PartialDate = PartialDate()
    until: PartialDate = PartialDate()
    via_id: str = ""
    source_url: str = ""
    confirmed: bool = True
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What one side does and wants. ``seats`` are ids of the networks, commissions and groups it sits on."""

    organisation_id: str
    kind: str
    country: str
    items: tuple[Item, ...] = ()
    seats: tuple[str, ...] = ()
