"""Activities and organisations as files of version 2.03, with what is recorded and nothing else.

https://iatistandard.org/en/iati-standard/203/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any, BinaryIO

import yaml
from lxml import etree

from ..match.consortium.regions import region_of
from ..model import PartialDate, Stage
from .markers import screened
from .standard import NEWEST

_M49, _WORLD = "2", "001"  # in the code list RegionVocabulary; whose own code for everywhere
MULTISECTOR, NOT_SPECIFIED = "43010", "99810"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SEVERAL_COUNTRIES = "3"  # in the code list ActivityScope
_IMPLEMENTING = "4"  # in the code list OrganisationRole
_GOALS, _OWN = "2", "99"  # in the code list TagVocabulary
_COUNTRY_CODES = "A4"  # in the code list GeographicVocabulary
_STATUS = {Stage.PREPARING: "1", Stage.ONGOING: "2", Stage.FINISHED: "4"}
_TYPES = {
    **dict.fromkeys(("city", "metropolitan-authority", "region"), "11"),
    **dict.fromkeys(("ministry", "national-agency"), "10"),
    **dict.fromkeys(("intergovernmental", "development-bank"), "40"),
    "company": "70",
    "research": "80",
    "ngo": "",  # international, national or regional: nobody said which
}
_INCOMING = "1"  # in the code list TransactionType
_RESULTS = {"output": "1", "outcome": "2", "impact": "3"}  # the code list ResultType
_OTHER_RESULT = "9"
_UNIT, _PERCENTAGE = "1", "2"  # in the code list IndicatorMeasure
_LONGEST_BUDGET_DAYS = 365
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

type Texts = Mapping[str, str]
"""Language -> words."""


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation: its reference in a register, kind as we have it, and names."""

    names: Texts
    kind: str
    reference: str = ""

    @property
    def type(self) -> str:
        """Its code in the list OrganisationType; empty where the kind does not tell."""
        return _TYPES.get(self.kind, "90")


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned to be spent in a stretch of a year at most."""

    start: date
    end: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that came or went on a day. ``kind`` is a code of the list TransactionType: 1 incoming funds, 3
    disbursement (to a partner), 4 expenditure. ``other`` is who is at its other end."""

    kind: str
    on: date
    value: Decimal
    currency: str
    other: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """What an activity wants to reach, as one number: where it began, what is aimed at, what was measured and when.

    The same indicator in several stretches of time is one after the other: it is written as one with periods.
    """

    titles: Texts
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    reached: Decimal | None = None
    measured_on: date | None = None
    level: str = ""  # output, outcome or impact; empty where nobody said
    start: date | None = None  # of the stretch of time it is for, where that is not the activity's own
    end: date | None = None

    @property
    def indicator(self) -> tuple[object, ...]:
        """What those have in common that are periods of one indicator."""
        own = None if self.start and self.end else self
        return dict(self.titles), self.unit, self.baseline, self.level, own

    @property
    def goes_down(self) -> bool:
        return self.baseline is not None and self.target is not None and self.target < self.baseline


@dataclass(frozen=True, slots=True)
class Activity:
    """What is told of one project."""

    identifier: str
    titles: Texts
    descriptions: Texts
    bodies: tuple[Body, ...]
    stage: Stage
    start: PartialDate
    end: PartialDate = field(default_factory=PartialDate)
    website: str = ""
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    theme_labels: Mapping[str, Texts] = field(default_factory=dict)
    goals: tuple[int, ...] = ()
    budget: Decimal | None = None
    currency: str = ""
    changed: datetime | None = None
    plan: tuple[Planned, ...] = ()  # of each year; where there is one, it stands in the place of the one budget
    moved: tuple[Moved, ...] = ()
    markers: Mapping[str, str] = field(default_factory=dict)  # DAC policy marker -> score
    results: tuple[Measured, ...] = ()

    @property
    def budget_fits(self) -> bool:
        """A budget of the standard is for a year at most, with a first and a last day that are known."""
        first, last = known_day(self.start), known_day(self.end)
        if not self.budget or not self.currency or first is None or last is None:
            return False
        return 0 <= (last - first).days <= _LONGEST_BUDGET_DAYS


def known_day(told: PartialDate) -> date | None:
    """The day of a date that is known to the day."""
    return told.earliest if told.earliest == told.latest else None


@cache
def purposes() -> Mapping[str, str]:
    """Theme -> purpose code (DAC/CRS); ``sectors.yaml`` says why."""
    rows = yaml.safe_load(files(__package__ or "").joinpath("sectors.yaml").read_text("utf-8"))
    return {str(row["theme"]): str(row["code"]) for row in rows}


def purpose_of(themes: tuple[str, ...]) -> str:
    """The one sector of an activity. How it is shared among several is not recorded, so it is multisector then."""
    codes = {purposes()[theme] for theme in themes if theme in purposes()}
    if not codes:
        return NOT_SPECIFIED
    return codes.pop() if len(codes) == 1 else MULTISECTOR


def write_activities(
    out: BinaryIO, activities: Iterable[Activity], reporting: Body, language: str, made: datetime, today: date
) -> int:
    """A file of activities, written one at a time; says how many."""
    count = 0
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("iati-activities", {"version": NEWEST, "generated-datetime": _moment(made)}):
            for activity in activities:
                file.write("\n")
                file.write(_activity(activity, reporting, language, today), pretty_print=True)
                count += 1
    return count


def write_organisation(out: BinaryIO, reporting: Body, language: str, currency: str, made: datetime) -> None:
    """A file of the one organisation that reports."""
    root = etree.Element("iati-organisations", {"version": NEWEST, "generated-datetime": _moment(made)})
    told = etree.SubElement(root, "iati-organisation", {_LANG: language, "default-currency": currency})
    etree.SubElement(told, "organisation-identifier").text = reporting.reference
    _narratives(etree.SubElement(told, "name"), reporting.names, language)
    _reporting(told, reporting, language)
    out.write(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _activity(activity: Activity, reporting: Body, language: str, today: date) -> Any:
    """In the order the schema asks for."""
    told = etree.Element("iati-activity", {_LANG: language})
    if activity.currency:
        told.set("default-currency", activity.currency)
    if activity.changed:
        told.set("last-updated-datetime", _moment(activity.changed))
    etree.SubElement(told, "iati-identifier").text = activity.identifier
    _reporting(told, reporting, language)
    _narratives(etree.SubElement(told, "title"), activity.titles, language)
    _narratives(etree.SubElement(told, "description", {"type": "1"}), activity.descriptions, language)
    for body in activity.bodies:
        _participating(told, body, language)
    etree.SubElement(told, "activity-status", {"code": _STATUS[activity.stage]})
    _dates(told, activity, today)
    if activity.website:
        etree.SubElement(etree.SubElement(told, "contact-info"), "website").text = activity.website
    _places(told, activity.countries)
    etree.SubElement(told, "sector", {"vocabulary": "1", "code": purpose_of(activity.themes)})
    _tags(told, activity, language)
    for code, score in screened(activity.markers):
        etree.SubElement(told, "policy-marker", {"vocabulary": "1", "code": code, "significance": score})
    if not activity.plan and activity.budget_fits:
        _budget(told, activity)
    for planned in activity.plan:
        _planned(told, planned, activity.currency)
    for one in activity.moved:
        _transaction(told, one, language)
    for _one, periods in groupby(activity.results, lambda one: one.indicator):
        _result(told, list(periods), activity, language)
    return told


def _reporting(told: Any, reporting: Body, language: str) -> None:
    organisation = etree.SubElement(told, "reporting-org", {"ref": reporting.reference, "type": reporting.type})
    _narratives(organisation, reporting.names, language)


def _participating(told: Any, body: Body, language: str) -> None:
    about = {"role": _IMPLEMENTING, "type": body.type, "ref": body.reference}
    element = etree.SubElement(told, "participating-org", {name: value for name, value in about.items() if value})
    _narratives(element, body.names, language)


def _dates(told: Any, activity: Activity, today: date) -> None:
    """A day that has come is taken for what came about, a later one for what is planned.

    The standard wants days. Of a date that is known less well they are the first it may start on and the last it may
    end on, and what is known stands with it in words.
    """
    ends = ((activity.start, activity.start.earliest, "1", "2"), (activity.end, activity.end.latest, "3", "4"))
    for recorded, day, planned, actual in ends:
        if day is None:
            continue
        kind = actual if day <= today else planned
        element = etree.SubElement(told, "activity-date", {"type": kind, "iso-date": day.isoformat()})
        if known_day(recorded) is None:
            etree.SubElement(element, "narrative").text = _recorded(recorded)


def _recorded(told: PartialDate) -> str:
    """A date as it is known: ``2021``, ``2021-03``, else an interval (ISO 8601)."""
    for length in (4, 7):
        written = str(told.earliest)[:length]
        if told == PartialDate.parse(written):
            return written
    return f"{told.earliest or '..'}/{told.latest or '..'}"


def _places(told: Any, countries: tuple[str, ...]) -> None:
    """One country is the recipient. Of several nobody recorded the shares, which the standard asks for: then each is a
    place, and the recipient is the part of the world (UN M49) that all are in, or the world."""
    if len(countries) == 1:
        etree.SubElement(told, "recipient-country", {"code": countries[0]})
    elif countries:
        etree.SubElement(told, "activity-scope", {"code": _SEVERAL_COUNTRIES})
        parts = {region_of(country) for country in countries}
        region = parts.pop() if len(parts) == 1 else ""
        etree.SubElement(told, "recipient-region", {"vocabulary": _M49, "code": region or _WORLD})
        for country in countries:
            location = etree.SubElement(told, "location")
            etree.SubElement(location, "administrative", {"vocabulary": _COUNTRY_CODES, "code": country})


def _tags(told: Any, activity: Activity, language: str) -> None:
    for goal in activity.goals:
        etree.SubElement(told, "tag", {"vocabulary": _GOALS, "code": str(goal)})
    for theme in activity.themes:
        tag = etree.SubElement(told, "tag", {"vocabulary": _OWN, "code": theme})
        _narratives(tag, activity.theme_labels.get(theme, {}), language)


def _budget(told: Any, activity: Activity) -> None:
    budget = etree.SubElement(told, "budget")
    etree.SubElement(budget, "period-start", {"iso-date": str(activity.start.earliest)})
    etree.SubElement(budget, "period-end", {"iso-date": str(activity.end.latest)})
    about = {"currency": activity.currency, "value-date": str(activity.start.earliest)}
    etree.SubElement(budget, "value", about).text = str(activity.budget)


def _planned(told: Any, planned: Planned, currency: str) -> None:
    budget = etree.SubElement(told, "budget")
    etree.SubElement(budget, "period-start", {"iso-date": str(planned.start)})
    etree.SubElement(budget, "period-end", {"iso-date": str(planned.end)})
    about = {"currency": currency, "value-date": str(planned.start)}
    etree.SubElement(budget, "value", about).text = str(planned.value)


def _transaction(told: Any, one: Moved, language: str) -> None:
    transaction = etree.SubElement(told, "transaction")
    etree.SubElement(transaction, "transaction-type", {"code": one.kind})
    etree.SubElement(transaction, "transaction-date", {"iso-date": str(one.on)})
    about = {"currency": one.currency, "value-date": str(one.on)}
    etree.SubElement(transaction, "value", about).text = str(one.value)
    if one.other:
        end = etree.SubElement(transaction, "provider-org" if one.kind == _INCOMING else "receiver-org")
        _narratives(end, one.other, language)


def _result(told: Any, periods: Sequence[Measured], activity: Activity, language: str) -> None:
    """One indicator, in as many periods as are told of it."""
    one = periods[0]
    result = etree.SubElement(told, "result", {"type": _RESULTS.get(one.level, _OTHER_RESULT)})
    _narratives(etree.SubElement(result, "title"), one.titles, language)
    about = {"measure": _PERCENTAGE if one.unit.strip() == "%" else _UNIT}
    if one.baseline is not None and one.target is not None:
        about["ascending"] = "0" if one.goes_down else "1"
    indicator = etree.SubElement(result, "indicator", about)
    _narratives(etree.SubElement(indicator, "title"), one.titles, language)
    if unit := _clean(one.unit).strip():
        etree.SubElement(etree.SubElement(indicator, "description"), "narrative").text = unit
    first = activity.start.earliest
    if one.baseline is not None and (since := first or one.start):
        etree.SubElement(indicator, "baseline", {"year": str(since.year), "value": _plain(one.baseline)})
    for period in periods:
        if period.start and period.end:
            _period(indicator, period, period.start, period.end)
        elif first is not None:
            _period(indicator, period, first, activity.end.latest)


def _period(indicator: Any, one: Measured, first: date, last: date | None) -> None:
    """Its own time, else the activity's, for which its target is: without a last day it goes to the day of measuring,
    and has no target. The day on which something was measured stands with it in words."""
    end = last or one.measured_on
    target = one.target if last else None
    if end is None or end < first or (target is None and one.reached is None):
        return
    period = etree.SubElement(indicator, "period")
    etree.SubElement(period, "period-start", {"iso-date": first.isoformat()})
    etree.SubElement(period, "period-end", {"iso-date": end.isoformat()})
    if target is not None:
        etree.SubElement(period, "target", {"value": _plain(target)})
    if one.reached is not None:
        actual = etree.SubElement(period, "actual", {"value": _plain(one.reached)})
        if one.measured_on:
            comment = etree.SubElement(actual, "comment")
            etree.SubElement(comment, "narrative").text = one.measured_on.isoformat()


def _plain(number: Decimal) -> str:
    """Without zeros that say nothing and without an exponent."""
    return f"{number.normalize():f}"


def _narratives(element: Any, texts: Texts, language: str) -> None:
    """The main language first, without saying it: that of the activity holds."""
    for code in sorted(texts, key=lambda code: (code != language, code)):
        narrative = etree.SubElement(element, "narrative")
        narrative.text = _clean(texts[code])
        if code and code != language:
            narrative.set(_LANG, code)


def _clean(text: str) -> str:
    """Without the characters that XML can't hold."""
    return _NO_XML.sub("", text)


def _moment(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()
