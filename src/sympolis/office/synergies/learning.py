"""What the office's answers taught its rankings: all officers' together, learnt anew only when an answer changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import Subquery

from sympolis.engine.match.learning import (
    CALL_WEIGHTS,
    NEWEST,
    SYNERGY_WEIGHTS,
    Answer,
    Answered,
    Learnt,
    learn,
)
from sympolis.engine.match.need import NEED_WEIGHTS
from sympolis.engine.match.partners import WEIGHTS
from sympolis.engine.match.peers import WEIGHTS as PEER_WEIGHTS
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.models import LearningSwitch, SuggestionAnswer

SHIPPED: Mapping[Subject, Mapping[str, float]] = MappingProxyType(
    {
        Subject.PARTNERS: WEIGHTS,
        Subject.SYNERGIES: SYNERGY_WEIGHTS,
        Subject.CALLS: CALL_WEIGHTS,
        Subject.NEEDS: NEED_WEIGHTS,
        Subject.PEERS: PEER_WEIGHTS,
    }
)
"""What is ranked by several features. Members are by one alone, and who is in a consortium depends on who else is:
answers on these are kept, and teach no order."""


@dataclass(frozen=True, slots=True)
class Learning:
    """What was learnt of each subject, and whether the rankings use it."""

    is_on: bool = True
    learnt: Mapping[Subject, Learnt] = field(default_factory=dict)

    def multipliers(self, subject: Subject) -> Mapping[str, float]:
        """What stretches the weights of a subject; empty where nothing does."""
        learnt = self.learnt.get(subject)
        return learnt.multipliers if learnt and learnt.is_used and self.is_on else {}

    def used(self, *subjects: Subject) -> int:
        """How many answers these rankings have learnt from."""
        return sum(self.learnt[subject].answers for subject in subjects if self.multipliers(subject))


def office_learning() -> Learning:
    """What the office has taught up to now, in one question to the database. Examples teach nothing."""
    switch = LearningSwitch.objects.order_by("-pk").values("is_on")[:1]
    rows = (
        SuggestionAnswer.objects.filter(example=False, subject__in=SHIPPED)
        .exclude(answer=Answer.LATER)
        .annotate(is_on=Subquery(switch))
        .order_by("-at", "-pk")
        .values_list("subject", "answer", "score", "features", "is_on")[: NEWEST * len(SHIPPED)]
    )
    newest_last = list(rows)[::-1]
    is_on = not any(on is False for *_, on in newest_last)
    return Learning(is_on, _learnt(_Rows(tuple(said) for *said, _ in newest_last)))


class _Rows:
    """Answers as read; equal where they say the same, so that nothing is learnt twice."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self.rows = list(rows)
        self._said = repr(self.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rows) and self._said == other._said

    def __hash__(self) -> int:
        return hash(self._said)

    def of(self, subject: Subject) -> list[Answered]:
        return [Answered(features, Answer(said), score) for each, said, score, features in self.rows if each == subject]


@lru_cache(maxsize=2)
def _learnt(rows: _Rows) -> Mapping[Subject, Learnt]:
    return {subject: learn(rows.of(subject), weights) for subject, weights in SHIPPED.items()}


def is_learning_on() -> bool:
    """Whether the rankings learn, also where nobody has answered anything yet."""
    last = LearningSwitch.objects.first()
    return last is None or last.is_on
