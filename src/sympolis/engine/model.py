"""Records the engine reads and the answers it gives, as frozen dataclasses.

The same records come out of the sources of open data and out of the office's own tables, so that an answer never
depends on where a row was kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

LANGUAGES = ("en", "ca", "es", "fr", "ar")

type Text = Mapping[str, str]
"""One text in several languages: ISO 639-1 code -> text. None of them is the main one."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known as an earliest and a latest day, both included; either may be open (ISO 8601-2, level 0)."""

    earliest: date | None = None
    latest: date | None = None

    @classmethod
    def parse(cls, written: str) -> PartialDate:
        """Read ``2019``, ``2019-03`` or ``2019-03-14``; the empty string is open. Raises ValueError otherwise."""
        written = written.strip()
        if not written:
            return cls()
        parts = [int(part) for part in written.split("-")]
        if len(parts) == 1:
            return cls(date(parts[0], 1, 1), date(parts[0], 12, 31))
        if len(parts) == 2:
            first = date(parts[0], parts[1], 1)
            return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
        if len(parts) == 3:
            day = date(*parts)
            return cls(day, day)
        raise ValueError(f"not a date: {written!r}")

    def __bool__(self) -> bool:
        return self.earliest is not None or self.latest is not None

    def __str__(self) -> str:
        """Written as precisely as it is known: ``2019``, ``2019-03`` or ``2019-03-14``."""
        known = self.earliest or self.latest
        if known is None:
            return ""
        for written in (f"{known.year:04d}", f"{known.year:04d}-{known.month:02d}"):
            if PartialDate.parse(written) == self:
                return written
        return known.isoformat()

    def shifted(self, days: int) -> PartialDate:
        """The same date moved by a number of days."""
        move = timedelta(days=days)
        return PartialDate(self.earliest and self.earliest + move, self.latest and self.latest + move)


class Stage(StrEnum):
    """Where a piece of work stands on a given day."""

    IDEA = "idea"
    PREPARING = "preparing"
    ONGOING = "ongoing"
    FINISHED = "finished"
    UNKNOWN = "unknown"


class ItemKind(StrEnum):
    """What an entry of a portfolio is."""

    PROJECT = "project"
    NEED = "need"
    PRIORITY = "priority"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record came from."""

    source: str
    source_id: str
    source_url: str = ""
    retrieved_at: date | None = None
    confirmed: bool = True
    illustrative: bool = False


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
    Organisation | Place | Relation | Project | Participation | Call | Event | Need | PlanAction | Contribution
)
"""What a source of open data can hold."""


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a statement rests on: the record, the words in it, where they were read."""

    record: str
    passage: str
    source_url: str = ""
    confirmed: bool = True
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason of a score, born with it: what was compared and what came of it.

    ``score`` is in [0, 1]; ``detail`` is a message key of ``match/features.py`` that the office translates with
    ``values``; the values are what was compared, never prose.
    """

    name: str
    score: float
    detail: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


class Strength(StrEnum):
    """A score as a word with a scale."""

    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Match:
    """Two records and how far they go together, with every reason."""

    left_id: str
    right_id: str
    score: float
    features: tuple[Feature, ...] = ()


class SynergyKind(StrEnum):
    """The ways two portfolios can work together."""

    EXCHANGE = "exchange"
    JOINT_PROJECT = "joint-project"
    JOINT_APPLICATION = "joint-application"
    ASSISTANCE = "assistance"
    ADVOCACY = "advocacy"


@dataclass(frozen=True, slots=True)
class Synergy:
    """One way two sides can work together.

    ``giver_id`` brings what ``taker_id`` wants; for joint work both are the sides in order. ``items`` are the entries
    of both portfolios it rests on, ``call_id`` the call of a joint application, ``body_id`` the shared commission of
    an advocacy. ``theme`` is what it is about. ``id`` is made of kind and record ids, so that a decision on it holds
    in every language and on every day.
    """

    id: str
    kind: SynergyKind
    score: float
    strength: Strength
    giver_id: str
    taker_id: str
    items: tuple[Item, ...] = ()
    theme: str = ""
    sdgs: tuple[int, ...] = ()
    call_id: str = ""
    body_id: str = ""
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemeGroup:
    """Entries of both sides that are about the same thing, across languages."""

    theme: str
    left: tuple[Item, ...]
    right: tuple[Item, ...]
    matches: tuple[Match, ...]
    sdgs: tuple[int, ...]
    score: float
    strength: Strength


class Question(StrEnum):
    """What is asked of a call before anybody applies."""

    COUNTRY = "country"
    KIND = "kind"
    CONSORTIUM = "consortium"
    DEADLINE = "deadline"
    COFINANCING = "cofinancing"


class Verdict(StrEnum):
    """``needs``: one may apply, and something is needed first (more bodies, money of one's own)."""

    YES = "yes"
    NO = "no"
    NEEDS = "needs"
    CANT_TELL = "cant-tell"


class Basis(StrEnum):
    """What an answer rests on: words of the call, a field of the record, a programme's standard rule, or nothing."""

    WORDS = "words"
    FIELD = "field"
    RULE = "rule"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Applicant:
    """A body that would apply: its country (ISO 3166-1 alpha-2) and kind; empty where it isn't known."""

    country: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer on eligibility, strict: what isn't told can't be told.

    ``detail`` is a message key of ``match/conditions/details.py`` that the office translates with ``values``.
    ``passage`` is a piece of the call's text, letter by letter, in ``language``. ``where`` names the field, or the
    document in which the programme's rule stands: such a rule is weaker than the call's own words.
    """

    question: Question
    verdict: Verdict
    detail: str
    values: Mapping[str, Any] = field(default_factory=dict)
    passage: str = ""
    language: str = ""
    basis: Basis = Basis.NOTHING
    where: str = ""


@dataclass(frozen=True, slots=True)
class CallFit:
    """An open call and how it fits: features in favour, and what speaks against as features of score 0.

    ``eligibility`` is apart from the score: one answer to each ``Question``, in order.
    """

    call: Call
    score: float
    strength: Strength
    features: tuple[Feature, ...] = ()
    against: tuple[Feature, ...] = ()
    eligibility: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One entry of an index. ``audiences`` says who may find it: public, organisation:<id>, office."""

    id: str
    kind: str
    title: Text
    text: Text = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    earliest: date | None = None
    latest: date | None = None
    audiences: tuple[str, ...] = ("public",)
    source_url: str = ""
    illustrative: bool = False
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """A question to an index. Empty filters filter nothing; a reader without audiences sees what is public.

    ``told`` is how many of the best hits come with the passage that answers, for finding it costs the most; None: all.
    """

    text: str
    kinds: Sequence[str] = ()
    countries: Sequence[str] = ()
    languages: Sequence[str] = ()
    themes: Sequence[str] = ()
    after: date | None = None
    before: date | None = None
    audiences: Sequence[str] = ("public",)
    limit: int = 20
    told: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of an index: the document, its score (fused over lexical and vectors), the passage that answered.

    ``near``: the numbers, in its index, of the passages whose vectors were nearest.
    """

    document: Document
    score: float
    language: str
    passage: str
    features: tuple[Feature, ...] = ()
    near: tuple[int, ...] = ()
