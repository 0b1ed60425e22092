"""Making answers: what each rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...model import Answer, Basis, Call, Question, Verdict
from .passages import READ_LETTERS
from .wording import TOLD_ELSEWHERE

type Values = Mapping[str, Any]


def by_words(question: Question, verdict: Verdict, detail: str, values: Values, passage: str, language: str) -> Answer:
    """An answer that stands in the call's own words."""
    return Answer(question, verdict, detail, values, passage, language, Basis.WORDS)


def by_field(question: Question, verdict: Verdict, detail: str, values: Values, where: str) -> Answer:
    """An answer out of a field that a source or a person filled in."""
    return Answer(question, verdict, detail, values, basis=Basis.FIELD, where=where)


def by_rule(
    question: Question,
    verdict: Verdict,
    detail: str,
    values: Values,
    where: str,
    told: tuple[str, str] = ("", ""),
) -> Answer:
    """An answer out of a programme's standard rule; ``told``: the call's words that send there, and their language."""
    return Answer(question, verdict, detail, values, told[0], told[1], Basis.RULE, where)


def not_told(question: Question, detail: str, call: Call) -> Answer:
    """Nothing says it; where the call says in which document it stands, those words."""
    if question in (Question.COUNTRY, Question.KIND, Question.CONSORTIUM):
        for language, text in sorted(call.conditions.items()):
            if found := TOLD_ELSEWHERE.search(text[:READ_LETTERS]):
                passage = found.group().strip()
                return Answer(question, Verdict.CANT_TELL, "told-elsewhere", {}, passage, language)
    return Answer(question, Verdict.CANT_TELL, detail)
