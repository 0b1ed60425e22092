"""Whether and until when one can apply."""

from __future__ import annotations

from datetime import date

import pytest

from sympolis.engine.match.conditions.deadline import deadline_answer
from sympolis.engine.model import PartialDate
from tests.engine.match.conditions.asked import call

ON = date(2026, 11, 23)
NONE = PartialDate()


@pytest.mark.parametrize(
    ("rest", "verdict", "detail", "values"),
    [
        ({}, "yes", "closes-in", {"closes": "2027-01-15", "days": 53}),
        ({"closes": PartialDate(ON, ON)}, "yes", "closes-today", {"closes": "2026-11-23", "days": 0}),
        ({"closes": PartialDate.parse("2026-11-22")}, "no", "closed-on", {"closes": "2026-11-22"}),
        ({"status": "closed"}, "no", "closed", {}),
        (
            {"opens": PartialDate.parse("2026-12-01")},
            "yes",
            "opens-on",
            {"closes": "2027-01-15", "opens": "2026-12-01"},
        ),
        ({"status": "forthcoming"}, "yes", "not-open-yet", {"closes": "2027-01-15"}),
        ({"closes": NONE, "status": "open"}, "cant-tell", "deadline-not-told", {}),
        ({"closes": PartialDate.parse("2027")}, "cant-tell", "closes-about", {"closes": "2027"}),
        (
            {"deadlines": (date(2026, 3, 1), date(2026, 12, 1), date(2027, 1, 15))},
            "yes",
            "cut-offs",
            {"closes": "2026-12-01", "days": 8, "last": "2027-01-15"},
        ),
    ],
)
def test_deadlines(rest: dict[str, object], verdict: str, detail: str, values: dict[str, object]) -> None:
    answer = deadline_answer(call(**rest), ON)  # type: ignore[arg-type]  # any field of a call
    assert (str(answer.verdict), answer.detail, answer.values) == (verdict, detail, values)
