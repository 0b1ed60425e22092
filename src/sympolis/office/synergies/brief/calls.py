"""Open calls that fit what the two share: deadline, money, who may apply, and what speaks against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from sympolis.engine.match.learning import scores_by_name
from sympolis.engine.model import CallFit, Question, Verdict
from sympolis.office.core.texts import Text
from sympolis.office.synergies.answers import Answers
from sympolis.office.synergies.brief.lines import Line, first_short
from sympolis.office.synergies.brief.openings import Opening, opening_of
from sympolis.office.synergies.brief.reasons import reason_lines
from sympolis.office.synergies.brief.wording import Country, Label, Many, Said, Value
from sympolis.office.synergies.eligibility import QUESTIONS, VERDICTS, said_of
from sympolis.office.synergies.facts import Facts

SHORT, THEMES_FIRST = 3, 4


def call_lines(facts: Facts, answers: Answers) -> list[Line]:
    """Those about the themes the two share most come first, each half in the order of the engine."""
    first = {group.theme for group in answers.themes[:THEMES_FIRST]}
    fits = sorted(answers.calls, key=lambda fit: first.isdisjoint(fit.call.themes))
    lines = [line for fit in fits if (line := _line(facts, answers, fit)) is not None]
    if lines:
        return first_short(lines, SHORT)
    said = Said(_("No open call that fits is known here; look again when the next work programmes are out."))
    return [Line(key="calls:none", said=said, unknown=True)]


def _line(facts: Facts, answers: Answers, fit: CallFit) -> Line | None:
    call = opening_of(facts, answers, fit.call.id)
    if call is None:
        return None
    key = f"call:{call.id}"
    return Line(
        key=key,
        said=_said(call),
        proofs=(call.proof,),
        strength=fit.strength,
        score=fit.score,
        features=scores_by_name(fit.features),
        record=call.id,
        parts=(
            *_conditions(call),
            *_eligibility(call, fit),
            *reason_lines(facts, key, fit.against, kind="against"),
            *reason_lines(facts, key, fit.features),
        ),
    )


def _said(call: Opening) -> Said:
    values: dict[str, Value] = {"call": call.title, "programme": call.programme, "closes": call.closes}
    if call.programme and not call.closes:
        return Said(_("%(call)s (%(programme)s); its deadline is not known here."), values)
    if not call.closes:
        return Said(_("%(call)s; its deadline is not known here."), values)
    if call.programme:
        return Said(_("%(call)s (%(programme)s), closes on %(closes)s."), values)
    return Said(_("%(call)s, closes on %(closes)s."), values)


def _conditions(call: Opening) -> Iterator[Line]:
    """Money and who may apply."""
    if call.grant is not None:
        said = Said(_("Up to %(money)s a project."), {"money": call.grant})
        yield Line(key=f"grant:{call.id}", said=said, kind="condition")
    else:
        said = Said(_("How much money there is for a project is not known here."))
        yield Line(key=f"grant:{call.id}", said=said, kind="condition", unknown=True, short=False)
    if call.share is not None:
        said = Said(_("It pays up to %(share)s of the cost."), {"share": call.share})
        yield Line(key=f"rate:{call.id}", said=said, kind="condition")
    if call.kinds:
        kinds = Many(tuple(Label("kinds", code) for code in call.kinds))
        said = Said(_("Who may apply: %(kinds)s."), {"kinds": kinds})
        yield Line(key=f"kinds:{call.id}", said=said, kind="condition")
    if call.countries:
        countries = Many(tuple(Country(code) for code in call.countries))
        said = Said(_("From these countries: %(countries)s."), {"countries": countries})
        yield Line(key=f"countries:{call.id}", said=said, kind="condition", short=False)


def _eligibility(call: Opening, fit: CallFit) -> Iterator[Line]:
    """The strict answers for both sides together, each resting on the call's words; the deadline was said already."""
    for answer in fit.eligibility:
        if answer.question is Question.DEADLINE:
            continue
        values: dict[str, Value] = {
            "question": QUESTIONS[answer.question],
            "answer": VERDICTS[answer.verdict],
            "why": said_of(answer),
        }
        words = Text.of(**{answer.language: answer.passage}) if answer.passage else None
        yield Line(
            key=f"eligibility:{answer.question}:{call.id}",
            said=Said(_("%(question)s: %(answer)s. %(why)s"), values),
            proofs=(replace(call.proof, passage=words),) if words else (),
            kind="condition",
            unknown=answer.verdict is Verdict.CANT_TELL,
            short=False,
        )
