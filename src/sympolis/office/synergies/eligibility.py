"""The engine's answers on eligibility in words, for the office's own calls and those of the world's data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from sympolis.engine.match import eligibility
from sympolis.engine.model import Answer, Applicant, PartialDate, Question, Verdict
from sympolis.office.core.queries import Reader
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import current_office, kept_organisations, visible_organisations
from sympolis.office.projects.models import Call
from sympolis.office.synergies.answers import engine_call
from sympolis.office.synergies.brief.wording import Country, Label, Many, Said, Share, Value
from sympolis.office.synergies.world_calls import with_conditions

QUESTIONS = {
    Question.COUNTRY: _("Country"),
    Question.KIND: _("Kind of body"),
    Question.CONSORTIUM: _("Partners"),
    Question.DEADLINE: _("Deadline"),
    Question.COFINANCING: _("Own money"),
}
VERDICTS = {
    Verdict.YES: _("Yes"),
    Verdict.NO: _("No"),
    Verdict.NEEDS: _("Needed"),
    Verdict.CANT_TELL: _("Can't tell"),
}
SENTENCES = {
    "countries-in": _("Bodies of these countries may apply: %(countries)s."),
    "countries-out": _("Bodies of these countries may not apply: %(countries)s."),
    "countries-in-by-rule": _("By the programme’s standard rule, bodies of these countries may apply: %(countries)s."),
    "countries-unclear": _("What is written does not settle it for these countries: %(countries)s."),
    "countries-not-told": _("The text we have does not say which countries may apply."),
    "told-elsewhere": _("The call says only in which document it is written."),
    "applicant-not-known": _("It depends on who applies."),
    "kinds-in": _("Bodies of these kinds may apply: %(kinds)s."),
    "kinds-out": _("Bodies of these kinds may not apply: %(kinds)s."),
    "kinds-unclear": _("What is written does not settle it for bodies of these kinds: %(kinds)s."),
    "kinds-not-told": _("The text we have does not say which kinds of bodies may apply."),
    "any-body": _("Any kind of body may apply."),
    "any-body-by-rule": _("By the programme’s standard rule, any kind of body may apply."),
    "people-only": _("It is for people, not for organisations."),
    "named-bodies-only": _("It is only for the bodies it names."),
    "alone": _("An organisation may apply alone."),
    "alone-by-rule": _("By the programme’s standard rule, an organisation may apply alone."),
    "alone-only": _("An organisation applies alone, without partners."),
    "at-least": _("At least %(least)s organisations."),
    "at-least-from": _("At least %(least)s organisations from %(countries)s different countries."),
    "at-least-by-rule": _(
        "By the programme’s standard rule, at least %(least)s organisations from %(countries)s different countries."
    ),
    "at-least-of": _("At least %(least)s organisations of a certain kind or place: read the passage."),
    "more-asked": _("Certain organisations must take part: read the passage."),
    "at-most": _("At most %(most)s organisations."),
    "between": _("From %(least)s to %(most)s organisations."),
    "consortium-met": _("Those who would apply are enough."),
    "consortium-not-told": _("The text we have does not say how many partners it takes."),
    "closed": _("The call is closed."),
    "closed-on": _("It closed on %(closes)s."),
    "closes-today": _("It closes today."),
    "closes-in": ngettext_lazy(
        "It closes on %(closes)s, in %(count)d day.", "It closes on %(closes)s, in %(count)d days.", "count"
    ),
    "cut-offs": _("There are several deadlines: the next is %(closes)s, the last %(last)s."),
    "opens-on": _("It opens on %(opens)s and closes on %(closes)s."),
    "not-open-yet": _("It is not open yet; it closes on %(closes)s."),
    "closes-about": _("It closes some time in %(closes)s."),
    "deadline-not-told": _("The text we have does not say when it closes."),
    "share": _("It pays up to %(share)s of the cost; %(own)s is your own."),
    "share-by-rule": _("By the programme’s standard rule, it pays up to %(share)s of the cost; %(own)s is your own."),
    "whole": _("It may pay the whole cost."),
    "whole-by-rule": _("By the programme’s standard rule, it may pay the whole cost."),
    "shares-differ": _("Several shares of the cost are named: %(shares)s."),
    "share-not-told": _("The text we have does not say what share of the cost it pays."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its answer in words; ``where`` names the document a programme's rule stands in."""

    question: Any
    verdict: Any
    code: str
    said: Said
    passage: str = ""
    language: str = ""
    where: str = ""


def asking(user: Reader) -> Organisation | None:
    """Whom the answers are for: the organisation the reader acts for, where it is one alone; else the office's own."""
    kept = list(kept_organisations(user).order_by("pk")[:2]) if getattr(user, "pk", None) else []
    if len(kept) == 1:
        return kept[0]
    office = current_office()
    if office is None or office.organisation_id is None:
        return None
    return visible_organisations(user).filter(pk=office.organisation_id).first()


def rows_for(call: Call, organisation: Organisation, on: date) -> list[Row]:
    """The five answers on one of the office's calls, for one organisation."""
    applicants = (Applicant(organisation.country, organisation.kind),)
    return rows_of(eligibility(with_conditions(engine_call(call)), applicants, on))


def rows_of(answers: Sequence[Answer]) -> list[Row]:
    """Answers in words, in their order."""
    return [
        Row(
            QUESTIONS[one.question],
            VERDICTS[one.verdict],
            str(one.verdict),
            said_of(one),
            one.passage,
            one.language,
            one.where if one.basis == "rule" else "",
        )
        for one in answers
    ]


def said_of(answer: Answer) -> Said:
    """The sentence of an answer. A number of partners without one of countries has its own."""
    key = answer.detail
    if key == "at-least" and answer.values["countries"] > 1:
        key = "at-least-from"
    return Said(SENTENCES[key], _values(answer.values))


def _values(values: Mapping[str, Any]) -> dict[str, Value]:
    said: dict[str, Value] = {}
    for name, value in values.items():
        match name:
            case "countries" if isinstance(value, list):
                said[name] = Many(tuple(Country(code) for code in value))
            case "kinds":
                said[name] = Many(tuple(Label("kinds", code) for code in value))
            case "shares":
                said[name] = Many(tuple(_share(one) for one in value))
            case "share" | "own":
                said[name] = _share(value)
            case "days":
                said["count"] = int(value)
            case "closes" | "opens" | "last":
                said[name] = PartialDate.parse(value)
            case _:
                said[name] = value
    return said


def _share(percent: str) -> Share:
    return Share(Decimal(percent) / 100)
