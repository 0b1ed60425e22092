"""The engine's reasons in words: each key of its features as a whole sentence, with what was compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from sympolis.engine.model import Feature, PartialDate
from sympolis.office.core.enums import Visibility
from sympolis.office.synergies.brief.lines import Line, Private
from sympolis.office.synergies.brief.naming import named
from sympolis.office.synergies.brief.wording import Many, Said, Value, coded
from sympolis.office.synergies.facts import Facts

REASONS = {
    "similar-text": _("Their texts are about similar things."),
    "shared-themes": _("Both are about %(themes)s."),
    "related-themes": _("Their subjects are close to each other."),
    "shared-sdgs": _("Both serve the goals %(sdgs)s of the 2030 Agenda."),
    "shared-partners": _("They have partners in common: %(partners)s."),
    "same-programme": _("Both are in the programme %(programme)s."),
    "same-country": _("Both work in %(countries)s."),
    "one-has-what-the-other-wants": _("One offers or has finished what the other wants."),
    "one-offers": _("One offers what the other is at or plans."),
    "one-at-what-the-other-wants": _("One is at what the other wants, or plans it."),
    "both-at-work": _("Both are at it or plan it."),
    "both-want": _("Both want it."),
    "one-ahead": _("One has finished what the other is at or plans."),
    "stage-unknown": _("Where one of them stands is not known: ask."),
    "open-call": _("The call fits and is open until %(closes)s."),
    "forthcoming-call": _("The call fits and opens soon; it closes on %(closes)s."),
    "country-eligible": _("These countries may apply: %(countries)s."),
    "kind-eligible": _("The call names bodies like these: %(kinds)s."),
    "country-not-eligible": _("These countries may not apply: %(countries)s."),
    "kind-not-named": _("The call does not name bodies like these: %(kinds)s."),
    "countries-not-known": _("Which countries may apply was not read: look before you build on it."),
    "kinds-not-known": _("Who may apply was not read: look before you build on it."),
    "deadline-soon": ngettext_lazy("Only %(count)d day is left.", "Only %(count)d days are left.", "count"),
    "not-open-yet": _("The call is not open yet."),
    "shared-seat": _("Both have a place in %(body)s."),
    "shared-cause": _("Both care about %(themes)s."),
}


def reason_lines(facts: Facts, key: str, features: Iterable[Feature], kind: str = "reason") -> list[Line]:
    """A line for each reason that has words, once however many encoders say it; a key is never shown raw.

    What speaks against stands on the two pages too: nobody should promise an application on half of the truth.
    """
    told: set[str] = set()
    lines = []
    for feature in features:
        message = REASONS.get(feature.detail)
        if message is None or feature.detail in told or feature.values.get("closes") == "":
            continue
        told.add(feature.detail)
        lines.append(
            Line(
                key=f"{kind}:{key}:{feature.detail}",
                said=Said(message, _values(facts, feature.values)),
                kind=kind,
                score=feature.score,
                private=_private(facts, feature),
                short=kind == "against",
            )
        )
    return lines


def _private(facts: Facts, feature: Feature) -> str:
    """A reason that names a body only the office may see stays in the office."""
    named_ids = [*feature.values.get("partners", ()), feature.values.get("body", "")]
    bodies = [body for body in map(facts.by_public_id, named_ids) if body is not None]
    return Private.RESTRICTED if any(body.visibility != Visibility.PUBLIC for body in bodies) else ""


def _values(facts: Facts, values: Mapping[str, Any]) -> dict[str, Value]:
    """What was compared, as words of the reader: ids become names, codes become labels."""
    said: dict[str, Value] = {}
    for name, value in values.items():
        match name:
            case "themes" | "sdgs" | "countries" | "kinds":
                said[name] = coded(name, value)
            case "partners":
                said[name] = Many(tuple(named(facts, public_id) for public_id in value))
            case "body":
                said[name] = named(facts, value)
            case "days":
                said["count"] = int(value)
            case "closes":
                said[name] = PartialDate.parse(str(value))
            case _:
                said[name] = str(value)
    return said
