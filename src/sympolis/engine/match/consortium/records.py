"""What goes into choosing a consortium and what comes out, as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ...model import Answer, Basis, Feature, Strength


class Outcome(StrEnum):
    """How a rule stands for a set. ``cant-tell``: the call's text, or what is known of a body, doesn't settle it."""

    MET = "met"
    NOT_MET = "not-met"
    CANT_TELL = "cant-tell"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a call asks of a consortium; ``code`` is a key of ``RULES``, ``values`` are what it asks.

    ``passage`` is a piece of the call's text, letter by letter; ``where`` the field, or the document of a standard
    rule.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    passage: str = ""
    language: str = ""
    basis: Basis = Basis.NOTHING
    where: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule and how the set stands to it; ``values`` count what it has and name (ids) whom it fails for.

    For the rules on countries and kinds ``answer`` is the strict answer of eligibility it rests on.
    """

    rule: Rule
    outcome: Outcome
    values: Mapping[str, Any] = field(default_factory=dict)
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Competence:
    """A theme a call asks for: by its field, or by ``words`` of its text, the first of which stand in ``passage``."""

    theme: str
    weight: float
    words: tuple[str, ...] = ()
    passage: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class RoleAsked:
    """A role a call wants in the consortium, and whether it must be in."""

    role: str
    kinds: frozenset[str]
    must: bool
    passage: str
    language: str


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is read of what a call asks of a consortium. ``least`` and ``most`` are 0 where they aren't told."""

    rules: tuple[Rule, ...]
    competences: tuple[Competence, ...]
    roles: tuple[RoleAsked, ...]
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body that may be in. ``works``: theme -> ids of records that say it works on it, its own id where it says so.

    ``score`` in [0, 1] is how well it goes with the lead (``match/partners.py``); ``ties`` are records by which the two
    work together already, ``partners`` how many partners it has.
    """

    id: str
    name: str = ""
    country: str = ""
    kind: str = ""
    works: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    score: float = 0.0
    ties: int = 0
    partners: int = 0


@dataclass(frozen=True, slots=True)
class Options:
    """What is wished: bodies in all, the lead too (0: as the call says, else a usual size), how much less the usual
    suspects count, ids that are in, and ids that stay out, whatever speaks for them."""

    size: int = 0
    novelty: float = 0.0
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One in the set and why: ``features`` say what it covers, which roles it fills, how it goes with the lead, what
    place it adds. ``gain`` is what the set would lose without it."""

    id: str
    is_lead: bool
    roles: tuple[str, ...]
    features: tuple[Feature, ...]
    gain: float = 0.0


@dataclass(frozen=True, slots=True)
class Cover:
    """Who in the set works on a theme, and how well: ``score`` grows with the records that say so."""

    id: str
    score: float
    strength: Strength
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompetenceCovered:
    competence: Competence
    by: tuple[Cover, ...]


@dataclass(frozen=True, slots=True)
class RoleFilled:
    asked: RoleAsked
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """What the set lacks: a key of ``MISSING`` with its values."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the world (UN M49; empty: not known) and who of the set is there."""

    code: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consortium:
    """A lead and partners for a call.

    ``size_from`` says where ``size``, the number aimed at, comes from: ``asked``, ``call`` or ``usual`` (which says
    nothing of whether the call tells a number: see ``is_number_told``). ``lead_out`` are strict noes to the lead
    itself. ``others`` are the best of those left, as members they would be.
    """

    members: tuple[Member, ...]
    checks: tuple[Check, ...]
    competences: tuple[CompetenceCovered, ...]
    roles: tuple[RoleFilled, ...]
    missing: tuple[Missing, ...]
    regions: tuple[Region, ...]
    size: int
    size_from: str
    score: float
    lead_out: tuple[Answer, ...] = ()
    others: tuple[Member, ...] = ()

    @property
    def is_number_told(self) -> bool:
        """Whether anything is known of how many the call takes."""
        return all(check.rule.code != "size-not-told" for check in self.checks)
