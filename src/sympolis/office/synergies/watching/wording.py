"""Reasons, objections and news of calls in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sympolis.engine.model import Answer, PartialDate, Question, Verdict
from sympolis.office.core.templatetags.show import listed, when
from sympolis.office.synergies.brief.reasons import REASONS
from sympolis.office.synergies.brief.wording import Said, Value, coded, plain, written
from sympolis.office.synergies.eligibility import said_of
from sympolis.office.synergies.watching.fits import Plain

WATCHED = {
    "words-found": _("These words stand in it: %(words)s."),
    "theme-watched": _("It is about %(themes)s."),
    "programme-watched": _("It is of the programme %(programme)s."),
    "near-entry": _("It is close to: %(item)s."),
}
UNTOLD = frozenset({"open-call", "forthcoming-call", "shared-partners", "same-country"})
"""What the news itself says already, or names bodies that the reader may not see."""


def in_words(said: Iterable[Plain]) -> list[str]:
    """Sentences in the language that is active; what has no words is left out."""
    language = get_language() or "en"
    found = [plain(written(one, language)) for one in map(_sentence, said) if one is not None]
    return list(dict.fromkeys(found))


def _sentence(one: Plain) -> Said | None:
    detail, values = one["detail"], one["values"]
    if "verdict" in one:
        return said_of(Answer(Question(one["question"]), Verdict(one["verdict"]), detail, values))
    message = WATCHED.get(detail) or REASONS.get(detail)
    if message is None or detail in UNTOLD:
        return None
    return Said(message, _values(values))


def _values(values: Mapping[str, Any]) -> dict[str, Value]:
    said: dict[str, Value] = {}
    for name, value in values.items():
        match name:
            case "themes" | "sdgs" | "countries" | "kinds":
                said[name] = coded(name, value)
            case "days":
                said["count"] = int(value)
            case _:
                said[name] = str(value)
    return said


def days_in_words(deadlines: str) -> str:
    """Deadlines as written, in the reader's way of writing days."""
    return listed(when(PartialDate.parse(one)) for one in deadlines.split(",") if one)
