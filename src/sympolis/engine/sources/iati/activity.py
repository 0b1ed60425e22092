"""An activity as a project, who takes part in it, and the bodies it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from lxml.etree import _Element

from ...iati.markers import markers
from ...model import PartialDate, Participation, ParticipationRole, Project, Provenance, Record, Stage
from ...texts.languages import detect_language
from .codes import COUNTRIES, DAC, DATES, GOAL_TAGS, GOALS, ROLES, STAGES
from .money import cost_of
from .organisations import Bodies, Named, named
from .parts import Parts, code_of, day_of, language_of, parts_of, texts_of, words_of
from .results import MOST, Results

_PAGE = "https://d-portal.org/q.html?aid="
_YES = ("1", "true")
_TELLING_LETTERS = 200
_GOAL = re.compile(r"(1[0-7]|[1-9])(?:\.\w+)*")


def identifier_of(parts: Parts) -> str:
    """The activity's identifier; in files of before they were asked for, its owner's and the owner's own one."""
    for told in parts.get("iati-identifier", ()):
        if written := "".join((told.text or "").split()):
            return written
    for told in parts.get("other-identifier", ()):
        owners = [told.get("owner-name") or told.get("owner-ref") or "", *map(words_of, parts.get("reporting-org", ()))]
        owner = next((owner for owner in owners if owner.strip()), "")
        written = told.get("ref") or told.text or ""
        if owner and written.strip():
            return " ".join(f"{owner} {written}".split())
    return ""


def read_activity(element: _Element, results: Results, bodies: Bodies, problems: list[str]) -> Iterator[Record]:
    """The records of an activity; raises ValueError where it can't be one, names in ``problems`` what was left out."""
    parts = parts_of(element)
    identifier = identifier_of(parts)
    if not identifier:
        raise ValueError("The activity has no identifier.")
    project = _project(element, parts, identifier, problems)
    yield project
    yield from results.of(project, _language(element, parts))
    problems += results.problems
    if results.left_out:
        problems.append(f"Of the results of {identifier} the first {MOST} values are kept: {results.left_out} more.")
    taking_part = [body for body in map(named, parts.get("participating-org", ())) if body]
    reporting = [body for body in map(named, parts.get("reporting-org", ())) if body]
    for body in (*taking_part, *reporting):
        yield from bodies.tell(body)
    for key, role in _roles(taking_part, reporting):
        yield Participation(
            id=f"{project.id}|{key.removeprefix('iati:')}|{role}",
            project_id=project.id,
            organisation_id=key,
            role=role,
            provenance=project.provenance,
        )


def _project(element: _Element, parts: Parts, identifier: str, problems: list[str]) -> Project:
    language = _language(element, parts)
    title = texts_of(parts.get("title", ()), language)
    if not title:
        raise ValueError(f"The activity {identifier} has no title.")
    start, end = _dates(parts, problems)
    budget, currency = cost_of(parts, element.get("default-currency") or "", problems)
    countries, topics, goals = _subjects(parts)
    return Project(
        id=f"iati:{identifier}",
        title=title,
        provenance=Provenance("iati", identifier, _page(parts, identifier)),
        summary=texts_of(parts.get("description", ()), language),
        countries=countries,
        start=start,
        end=end,
        budget=budget,
        currency=currency,
        status=_stage(parts),
        topics=topics,
        sdgs=goals,
    )


def _language(element: _Element, parts: Parts) -> str:
    """What the activity says, else the file, else what its words look like, else English."""
    parent = element.getparent()
    said = language_of(element) or (language_of(parent) if parent is not None else "")
    if said:
        return said
    words = " ".join(words_of(part) for name in ("title", "description") for part in parts.get(name, ())[:1])
    return detect_language(words[:_TELLING_LETTERS]) or "en"


def _dates(parts: Parts, problems: list[str]) -> tuple[PartialDate, PartialDate]:
    found = {"start": (-1, PartialDate()), "end": (-1, PartialDate())}
    for told in parts.get("activity-date", ()):
        which, weight = DATES.get((told.get("type") or "").strip().lower(), ("", 0))
        try:
            day = day_of(told)
        except ValueError:
            problems.append(f"The date {(told.get('iso-date') or told.text or '').strip()[:40]!r} is none.")
            continue
        if not which and day:
            problems.append(f"The date {day} does not say what it is the date of.")
        elif which and day and weight > found[which][0]:
            found[which] = (weight, day)
    return found["start"][1], found["end"][1]


def _stage(parts: Parts) -> str:
    for told in parts.get("activity-status", ()):
        return STAGES.get((code_of(told) or words_of(told)).lower(), Stage.UNKNOWN)
    return Stage.UNKNOWN


def _page(parts: Parts, identifier: str) -> str:
    for told in parts.get("activity-website", ()):
        if (address := (told.text or "").strip()).startswith(("http://", "https://")):
            return address
    return _PAGE + quote(identifier, safe="")


def _subjects(parts: Parts) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    """Countries, topics and goals: of the activity, else where it leaves them to its transactions, of these."""
    countries = list(map(_country, _named(parts, "recipient-country")))
    sectors = _named(parts, "sector")
    topics = [_topic(one) for one in sectors if _vocabulary(one) not in GOALS]
    topics += map(_aim, parts.get("policy-marker", ()))
    goals = [_goal(one) for one in sectors if _vocabulary(one) in GOALS]
    goals += [_goal(one) for one in parts.get("tag", ()) if _vocabulary(one) in GOAL_TAGS]
    return (
        tuple(dict.fromkeys(filter(None, countries))),
        tuple(dict.fromkeys(filter(None, topics))),
        tuple(sorted({goal for goal in goals if goal})),
    )


def _named(parts: Parts, name: str) -> list[_Element]:
    return parts.get(name) or [
        one for transaction in parts.get("transaction", ()) for one in parts_of(transaction).get(name, ())
    ]


def _country(element: _Element) -> str:
    code = code_of(element).upper()
    return code if code in COUNTRIES else ""


def _vocabulary(element: _Element) -> str:
    return (element.get("vocabulary") or "").strip().lower()


def _topic(element: _Element) -> str:
    """A sector by the name told with it, else by its code."""
    if words := words_of(element):
        return words
    code = code_of(element)
    return f"DAC {code}" if code and _vocabulary(element) in DAC else code


def _aim(element: _Element) -> str:
    """A policy marker of the DAC by its name, where it says that this is an aim of the activity."""
    known = markers().get(code_of(element))
    if known is None or _vocabulary(element) not in {"", "1"}:
        return ""
    score = (element.get("significance") or "").strip()
    return known.label("en") if score in known.scores and score != "0" else ""


def _goal(element: _Element) -> int:
    found = _GOAL.fullmatch(code_of(element))
    return int(found[1]) if found else 0


def _roles(taking_part: Sequence[Named], reporting: Sequence[Named]) -> list[tuple[str, ParticipationRole]]:
    """Who is what, each body once in each role: see the page of this source for how a lead is told."""
    roles = list(dict.fromkeys((body.key, _role(body.element)) for body in taking_part))
    reporters = [body.key for body in reporting if body.element.get("secondary-reporter") not in _YES]
    doing = [key for key, role in roles if role == ParticipationRole.PARTNER]
    leads = doing if len(doing) == 1 else [key for key in doing if key in reporters]
    listed = {key for key, _role in roles}
    return [
        *((key, _as_lead(role) if key in leads else role) for key, role in roles),
        *((key, ParticipationRole.ACCOUNTABLE) for key in reporters[:1] if key not in listed),
    ]


def _role(element: _Element) -> ParticipationRole:
    return ROLES.get((element.get("role") or "").strip().lower(), ParticipationRole.ASSOCIATED)


def _as_lead(role: ParticipationRole) -> ParticipationRole:
    return ParticipationRole.LEAD if role == ParticipationRole.PARTNER else role
