"""Who may apply to a call, as strict answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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
