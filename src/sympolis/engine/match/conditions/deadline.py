"""Whether and until when one can apply."""

from __future__ import annotations

from datetime import date

from ...model import Answer, Call, Question, Verdict
from .answers import by_field, not_told


def deadline_answer(call: Call, on: date) -> Answer:
    """Open, opening, over, on a day: of several days to apply by the next."""
    if call.status == "closed":
        return by_field(Question.DEADLINE, Verdict.NO, "closed", {}, "status")
    last = call.closes.latest or (call.deadlines[-1] if call.deadlines else None)
    if last is None:
        return not_told(Question.DEADLINE, "deadline-not-told", call)
    if last < on:
        return by_field(Question.DEADLINE, Verdict.NO, "closed-on", {"closes": last.isoformat()}, "closes")
    if _is_to_come(call, on):
        return _opening(call, last)
    if not call.deadlines and call.closes.earliest != last:
        return by_field(Question.DEADLINE, Verdict.CANT_TELL, "closes-about", {"closes": str(call.closes)}, "closes")
    return _closing(call, on, last)


def _is_to_come(call: Call, on: date) -> bool:
    if call.opens.earliest is not None:
        return call.opens.earliest > on
    return call.status == "forthcoming"


def _opening(call: Call, last: date) -> Answer:
    first = next(iter(call.deadlines), last)
    values = {"closes": first.isoformat()}
    if not call.opens:
        return by_field(Question.DEADLINE, Verdict.YES, "not-open-yet", values, "status")
    return by_field(Question.DEADLINE, Verdict.YES, "opens-on", values | {"opens": str(call.opens)}, "opens")


def _closing(call: Call, on: date, last: date) -> Answer:
    coming = [day for day in call.deadlines if day >= on] or [last]
    days = (coming[0] - on).days
    values = {"closes": coming[0].isoformat(), "days": days}
    if len(coming) > 1:
        more = values | {"last": coming[-1].isoformat()}
        return by_field(Question.DEADLINE, Verdict.YES, "cut-offs", more, "deadlines")
    return by_field(Question.DEADLINE, Verdict.YES, "closes-in" if days else "closes-today", values, "closes")
