"""What a source of open data can hold, and the office too."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .values import PartialDate, Provenance, Text


@dataclass(frozen=True, slots=True)
class Organisation:
    """Any body that can act. ``names`` holds every language, ``aliases`` every other way it is written.

    ``identifiers`` are what others know it by, as ``scheme:value``: pic, vat, ror, wikidata, iati, geonames, nuts, lau.
    """

    id: str
    name: str
    kind: str
    provenance: Provenance
    names: Text = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    short_name: str = ""
    country: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    website: str = ""
    themes: tuple[str, ...] = ()
    description: Text = field(default_factory=dict)
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A point or territory with names in many languages; ``kind`` is city, region or country."""

    id: str
    name: str
    kind: str
    provenance: Provenance
    names: Text = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """A dated, typed, sourced link from one organisation to another or to a body."""

    id: str
    from_id: str
    type: str
    to_id: str
    provenance: Provenance
    role: str = ""
    since: PartialDate = PartialDate()
    until: PartialDate = PartialDate()


@dataclass(frozen=True, slots=True)
class Project:
    """Work with a beginning and an end; who takes part in it is told by participations.

    ``topics`` are the source's own words for its subjects, ``call`` the identifier of the call it won. ``budget`` is
    its whole cost in ``currency`` (ISO 4217).
    """

    id: str
    title: Text
    provenance: Provenance
    acronym: str = ""
    summary: Text = field(default_factory=dict)
    programme: str = ""
    call: str = ""
    countries: tuple[str, ...] = ()
    start: PartialDate = PartialDate()
    end: PartialDate = PartialDate()
    budget: Decimal | None = None
    currency: str = ""
    status: str = ""
    topics: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()


class ParticipationRole(StrEnum):
    """What an organisation is in a project."""

    LEAD = "lead"
    PARTNER = "partner"
    ASSOCIATED = "associated"
    THIRD_PARTY = "third-party"
    FUNDER = "funder"
    ACCOUNTABLE = "accountable"


@dataclass(frozen=True, slots=True)
class Participation:
    """One organisation's part in one project: role and money.

    ``grant`` is what it gets from the programme, ``cost`` what its part costs in all, both in ``currency``.
    """

    id: str
    project_id: str
    organisation_id: str
    role: ParticipationRole
    provenance: Provenance
    grant: Decimal | None = None
    cost: Decimal | None = None
    currency: str = ""
    until: PartialDate = PartialDate()


class ResultLevel(StrEnum):
    """How far from the work itself a result is: what was made, what it changed for people, what became of that."""

    OUTPUT = "output"
    OUTCOME = "outcome"
    IMPACT = "impact"


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a project wants to reach in a stretch of time, and what was reached: one number, or words where it is none.

    An indicator of several stretches is as many of them with one title and baseline, in ``order``. ``aim`` is the
    result it stands for, ``text`` what else is said of it, ``measured`` the day of what was reached.
    """

    id: str
    project_id: str
    title: Text
    provenance: Provenance
    order: int = 0
    level: str = ""
    aim: Text = field(default_factory=dict)
    text: Text = field(default_factory=dict)
    unit: str = ""
    start: PartialDate = PartialDate()
    end: PartialDate = PartialDate()
    baseline: Decimal | None = None
    target: Decimal | None = None
    reached: Decimal | None = None
    baseline_words: str = ""
    target_words: str = ""
    reached_words: str = ""
    measured: PartialDate = PartialDate()


@dataclass(frozen=True, slots=True)
class Call:
    """One opening of a programme, with rules and a deadline. Empty countries or kinds mean: not known.

    ``closes`` is the last of its ``deadlines``; a call with one deadline need not list it. ``conditions`` are its own
    words on who may apply and how, ``action_type`` the programme's name for what is paid (``HORIZON Innovation
    Actions``), by which its standard rules are known.
    """

    id: str
    title: Text
    provenance: Provenance
    programme: str = ""
    summary: Text = field(default_factory=dict)
    opens: PartialDate = PartialDate()
    closes: PartialDate = PartialDate()
    eligible_countries: tuple[str, ...] = ()
    eligible_kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    max_grant_eur: Decimal | None = None
    cofinancing_rate: Decimal | None = None
    status: str = ""
    deadlines: tuple[date, ...] = ()
    conditions: Text = field(default_factory=dict)
    action_type: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that takes place: who holds it, where, about what."""

    id: str
    title: Text
    provenance: Provenance
    starts: PartialDate = PartialDate()
    ends: PartialDate = PartialDate()
    organiser_ids: tuple[str, ...] = ()
    city_ids: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    topic: str = ""
    place: str = ""
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()


class ItemKind(StrEnum):
    """What an entry of a portfolio is."""

    PROJECT = "project"
    NEED = "need"
    PRIORITY = "priority"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Need:
    """What an organisation asks for, gives weight to or offers, in its own words; ``kind`` says which of them."""

    id: str
    organisation_id: str
    kind: ItemKind
    title: Text
    provenance: Provenance
    text: Text = field(default_factory=dict)
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanAction:
    """One thing a plan says will be done."""

    id: str
    title: Text
    provenance: Provenance
    text: Text = field(default_factory=dict)
    organisation_ids: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Contribution:
    """What somebody put into a participatory process; ``category`` and ``process`` are the source's own words."""

    id: str
    title: Text
    provenance: Provenance
    text: Text = field(default_factory=dict)
    process: str = ""
    category: str = ""
    status: str = ""
    supports: int | None = None
    comments: int | None = None
    made: PartialDate = PartialDate()
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()


type Record = (
    Organisation
    | Place
    | Relation
    | Project
    | Participation
    | Measurement
    | Call
    | Event
    | Need
    | PlanAction
    | Contribution
)
"""What a source of open data can hold."""
