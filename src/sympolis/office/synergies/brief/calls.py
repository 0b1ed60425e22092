"""Open calls that fit what the two share: deadline, money, who may apply, and what speaks against."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from sympolis.engine.model import CallFit
from sympolis.office.projects.models import Call
from sympolis.office.synergies.answers import Answers
from sympolis.office.synergies.brief.lines import Line, first_short, proof_of
from sympolis.office.synergies.brief.reasons import reason_lines
from sympolis.office.synergies.brief.wording import Country, Label, Many, Money, Said, Share, Value
from sympolis.office.synergies.facts import Facts

SHORT, THEMES_FIRST = 3, 4


def call_lines(facts: Facts, answers: Answers) -> list[Line]:
    """Those about the themes the two share most come first, each half in the order of the engine."""
    first = {group.theme for group in answers.themes[:THEMES_FIRST]}
    fits = sorted(answers.calls, key=lambda fit: first.isdisjoint(fit.call.themes))
    lines = [line for fit in fits if (line := _line(facts, fit)) is not None]
    if lines:
        return first_short(lines, SHORT)
    said = Said(_("No open call that fits is known here; look again when the next work programmes are out."))
    return [Line(key="calls:none", said=said, unknown=True)]


def _line(facts: Facts, fit: CallFit) -> Line | None:
    call = facts.records.get(fit.call.id)
    if not isinstance(call, Call):
        return None
    key = f"call:{call.public_id}"
    return Line(
        key=key,
        said=_said(call),
        proofs=(proof_of(call, call.summary),),
        strength=fit.strength,
        score=fit.score,
        record=call.public_id,
        parts=(
            *_conditions(call),
            *reason_lines(facts, key, fit.against, kind="against"),
            *reason_lines(facts, key, fit.features),
        ),
    )


def _said(call: Call) -> Said:
    values: dict[str, Value] = {"call": call.title_text(), "programme": call.programme, "closes": call.closes}
    if call.programme and not call.closes:
        return Said(_("%(call)s (%(programme)s); its deadline is not known here."), values)
    if not call.closes:
        return Said(_("%(call)s; its deadline is not known here."), values)
    if call.programme:
        return Said(_("%(call)s (%(programme)s), closes on %(closes)s."), values)
    return Said(_("%(call)s, closes on %(closes)s."), values)


def _conditions(call: Call) -> Iterator[Line]:
    """Money and who may apply."""
    if call.max_grant is not None:
        said = Said(_("Up to %(money)s a project."), {"money": Money(call.max_grant, call.currency)})
        yield Line(key=f"grant:{call.public_id}", said=said, kind="condition")
    else:
        said = Said(_("How much money there is for a project is not known here."))
        yield Line(key=f"grant:{call.public_id}", said=said, kind="condition", unknown=True, short=False)
    if call.cofinancing_rate is not None:
        said = Said(_("It pays up to %(share)s of the cost."), {"share": Share(call.cofinancing_rate)})
        yield Line(key=f"rate:{call.public_id}", said=said, kind="condition")
    if call.eligible_kinds:
        kinds = Many(tuple(Label("kinds", code) for code in call.eligible_kinds))
        said = Said(_("Who may apply: %(kinds)s."), {"kinds": kinds})
        yield Line(key=f"kinds:{call.public_id}", said=said, kind="condition")
    if call.eligible_countries:
        countries = Many(tuple(Country(code) for code in call.eligible_countries))
        said = Said(_("From these countries: %(countries)s."), {"countries": countries})
        yield Line(key=f"countries:{call.public_id}", said=said, kind="condition", short=False)
