"""What goes together, how far, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .eligibility import Answer
from .portfolios import Item
from .records import Call


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
