"""What a consortium's rules, reasons and gaps say, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from sympolis.engine.match.consortium import Outcome
from sympolis.engine.match.consortium.records import Check, Member, Missing
from sympolis.engine.model import Feature
from sympolis.office.core.locales import locale_of
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Relation
from sympolis.office.synergies.brief.naming import spoken
from sympolis.office.synergies.brief.wording import Country, Label, Many, Run, Said, Value, plain, written
from sympolis.office.synergies.consortium.building import Built, Ground, Party
from sympolis.office.synergies.eligibility import said_of
from sympolis.office.synergies.partners import reason_in_words

OUTCOMES = {Outcome.MET: _("Met"), Outcome.NOT_MET: _("Not met"), Outcome.CANT_TELL: _("Can't tell")}
GROUPS = {"eu": _("member states of the European Union"), "associated": _("countries associated with the programme")}
RULES = {
    "at-least": _("At least %(least)s organisations."),
    "at-most": _("At most %(most)s organisations."),
    "alone": _("An organisation may apply alone."),
    "size-not-told": _("The text we have does not say how many partners it takes."),
    "from-countries": _("From at least %(countries)s different countries."),
    "from-countries-of": _("From at least %(countries)s different countries out of these: %(groups)s."),
    "one-in": _("At least one from these: %(group)s."),
    "takes-part": _("At least %(least)s in this role: %(role)s."),
    "takes-part-from": _("At least %(least)s in this role, from %(countries)s different countries: %(role)s."),
    "more-asked": _("More is asked of certain organisations: read the passage."),
}
MISSING = {
    "bodies": ngettext_lazy(
        "%(count)d more organisation is needed.", "%(count)d more organisations are needed.", "count"
    ),
    "countries": ngettext_lazy("%(count)d more country is needed.", "%(count)d more countries are needed.", "count"),
    "one-in": _("Nobody is from one of these: %(group)s."),
    "role-due": _("Still needed in a role that the call demands: %(role)s."),
    "role-countries": _("Those in this role are from too few countries: %(role)s."),
    "role": _("Nobody for a role that the call names: %(role)s."),
    "competence": _("Nobody for: %(theme)s."),
}
REASONS = {
    "covers": _("Works on %(theme)s."),
    "fills-roles": _("Its role: %(roles)s."),
    "already-partners": ngettext_lazy(
        "Works with the lead already, in %(count)d record.",
        "Works with the lead already, in %(count)d records.",
        "count",
    ),
    "only-there": _("Nobody else here is from %(country)s."),
    "new-region": _("Nobody else here is from this part of the world: %(region)s."),
    "needed": ngettext_lazy(
        "Without it, %(count)d rule of the call would not be met.",
        "Without it, %(count)d rules of the call would not be met.",
        "count",
    ),
    "wished": _("Put in by you."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is in: what was compared, the sentence, the records it rests on."""

    feature: Feature
    runs: tuple[Run, ...]
    grounds: tuple[Ground, ...] = ()

    @property
    def text(self) -> str:
        return plain(list(self.runs))


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule with its outcome; ``here`` are those it counts, or fails for: organisations or countries in words."""

    check: Check
    code: str
    outcome: Any
    said: Said
    here: Said | None = None


def rule_rows(built: Built) -> list[RuleRow]:
    """Every rule in words, in order."""
    return [
        RuleRow(check, str(check.outcome), OUTCOMES[check.outcome], _rule(check), _here(built, check))
        for check in built.consortium.checks
    ]


def _rule(check: Check) -> Said:
    if check.answer is not None:
        return said_of(check.answer)
    code, values = check.rule.code, check.rule.values
    told: dict[str, Value] = {name: values[name] for name in ("least", "most", "countries") if name in values}
    if code == "from-countries" and values["groups"]:
        return Said(RULES["from-countries-of"], told | {"groups": _groups(values["groups"])})
    if code == "one-in":
        return Said(RULES[code], {"group": _groups([values["group"]])})
    if code == "takes-part":
        key = "takes-part-from" if values["countries"] > 1 else code
        return Said(RULES[key], told | {"role": Label("partner_roles", values["role"])})
    return Said(RULES[code], told)


def _groups(codes: Iterable[str]) -> Many:
    return Many(tuple(GROUPS[code] for code in codes))


def _here(built: Built, check: Check) -> Said | None:
    """Who or what there is of what a rule counts, or for whom it isn't met or can't be told."""
    values = check.values
    ids = values.get("ids")
    if ids and (check.answer is None or len(ids) < values["bodies"]):  # a list of everybody says nothing
        return Said("%(names)s", {"names": Many(tuple(built.parties[one].name for one in ids))})
    if countries := values.get("countries"):
        return Said("%(countries)s", {"countries": Many(tuple(Country(code) for code in countries))})
    if check.rule.code in ("at-least", "at-most", "alone", "size-not-told"):
        return Said(
            ngettext_lazy("There is %(count)d.", "There are %(count)d.", "count"), {"count": int(values["bodies"])}
        )
    return None


def missing_in_words(missing: Iterable[Missing]) -> list[Said]:
    """Every gap as a sentence."""
    return [Said(MISSING[one.code], _values(one.values)) for one in missing]


def _values(values: Mapping[str, Any]) -> dict[str, Value]:
    told: dict[str, Value] = {}
    for name, value in values.items():
        match name:
            case "role":
                told[name] = Label("partner_roles", value)
            case "roles":
                told[name] = Many(tuple(Label("partner_roles", code) for code in value))
            case "theme":
                told[name] = Label("themes", value)
            case "group":
                told[name] = _groups([value])
            case "country":
                told[name] = Country(value)
            case "region":
                told[name] = region_name(value)
            case "count":
                told[name] = int(value)
    return told


def region_name(code: str) -> str:
    """A part of the world in the language that is active; where nobody knows, that."""
    locale: Locale = locale_of(get_language() or "en")
    return str(locale.territories.get(code) or _("not known"))


def reasons_of(built: Built, member: Member) -> list[Reason]:
    """Why one is in, in words: what it brings first, how it goes with the lead, where it is."""
    language = get_language() or "en"
    found = []
    for feature in member.features:
        if feature.detail not in REASONS:
            found.append(Reason(feature, reason_in_words(feature, built.rows), _ties(built, member, feature)))
            continue
        runs = written(Said(REASONS[feature.detail], _values(feature.values)), language)
        records = feature.values.get("records", ())
        grounds = tuple(built.grounds[one] for one in records if one in built.grounds)
        found.append(Reason(feature, tuple(runs), grounds or _ties(built, member, feature)))
    return found


def _ties(built: Built, member: Member, feature: Feature) -> tuple[Ground, ...]:
    """The records that say how somebody goes with the lead, a relation with its two ends."""
    language = get_language() or "en"
    found = []
    for tie in built.ties.get((member.id, feature.name), ()):
        if isinstance(tie, int):
            found += [built.grounds[str(tie)]] if str(tie) in built.grounds else []
        elif isinstance(tie, Relation):
            said = plain(list(written(spoken(tie), language)))
            found.append(Ground(tie.public_id, tie, Text.of(**{language: said})))
        else:
            found.append(Ground(tie.public_id, tie, tie.title_text()))
    return tuple(found)


def name_in(party: Party, language: str) -> str:
    """What somebody is called in a language."""
    name = party.name
    return name.best(language).text if isinstance(name, Text) else name
