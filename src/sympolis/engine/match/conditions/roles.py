"""Who a call says must be in a consortium, and whom it wants there: roles by the words for bodies in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from ...model import Call
from .consortium import COUNTED, FROM_COUNTRIES, countries_told
from .numbers import NUMBER, number
from .passages import READ_LETTERS, Passage, sentences
from .vocabulary import pattern, words
from .wording import AT_LEAST, NOT_OF_APPLICANTS

_NEAR = 160  # letters between a role and a word of taking part
_BEFORE = re.compile(rf"(?P<count>{NUMBER})(?:\s*\(\d+\))?(?:[ \t]+[^\s.;:]+){{0,3}}?[ \t]+$", re.IGNORECASE)
_ONE_BEFORE = re.compile(r"(?:^|[.;:]|\bof\b|\bone of\b)[^.;:]{0,40}$")
_LONGEST_BETWEEN = 30
_MUST_BE = re.compile(r"(?<!\w)(?:must|shall)(?!\w)|debe(?:n|rá|rán)?\b|\bha(?:n|urà|uran) de\b|\bdoi(?:t|vent)\b|يجب")


@dataclass(frozen=True, slots=True)
class RoleSaid:
    """A role that one sentence names. ``must``: at least ``least`` bodies of these kinds, from ``countries`` countries
    (0: not told), have to be in; else it is wanted and nothing more. ``passage`` is ``sentence``, or a part of a long
    one."""

    role: str
    kinds: frozenset[str]
    must: bool
    least: int
    countries: int
    passage: str
    language: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A sentence that demands bodies of some sort in words that aren't understood to the end."""

    passage: str
    language: str


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    role: str
    kinds: frozenset[str]


def role_kinds(role: str) -> frozenset[str]:
    """The kinds of organisations that fill a role."""
    return frozenset(next(told["kinds"] for told in _told()["roles"] if told["code"] == role))


def role_codes() -> tuple[str, ...]:
    """All roles, in the order of the file."""
    return tuple(told["code"] for told in _told()["roles"])


def roles_said(call: Call) -> tuple[RoleSaid | NotUnderstood, ...]:
    """What the sentences of title, summary and conditions say of roles, each role's first sentence, duties first.

    A wanted role that is also a duty is told as a duty alone.
    """
    said = [one for text, language in _texts(call) for one in _read(text, language)]
    duties = {(one.role, one.least): one for one in reversed(said) if isinstance(one, RoleSaid) and one.must}
    wanted = {one.role: one for one in reversed(said) if isinstance(one, RoleSaid) and not one.must}
    open_ones = {one.passage: one for one in said if isinstance(one, NotUnderstood)}
    due = {role for role, _ in duties}
    order = role_codes()
    return (
        *sorted(duties.values(), key=lambda one: (order.index(one.role), one.least)),
        *(wanted[role] for role in order if role in wanted and role not in due),
        *open_ones.values(),
    )


def _texts(call: Call) -> Iterator[tuple[str, str]]:
    for texts in (call.conditions, call.title, call.summary):
        for language, text in sorted(texts.items()):
            yield text[:READ_LETTERS], language


@lru_cache(maxsize=2_048)
def _read(text: str, language: str) -> tuple[RoleSaid | NotUnderstood, ...]:
    return tuple(one for passage in sentences(text, language) for one in _of(passage))


def _of(passage: Passage) -> Iterator[RoleSaid | NotUnderstood]:
    mentions = _mentions(passage.read)
    duties: list[_Mention] = []
    if AT_LEAST.search(passage.read) or _must().search(passage.read):
        for mention, least in _due(passage, mentions):
            duties.append(mention)
            countries = countries_told(passage.read[mention.end :], least) if least > 1 else 0
            around = passage.around(mention.start, mention.end)
            yield RoleSaid(mention.role, mention.kinds, True, least, countries, around, passage.language, passage.text)
        if (place := _left_over(passage, mentions, duties)) is not None:
            yield NotUnderstood(passage.around(place, place + 1), passage.language)
    cues = [found.span() for found in _cues().finditer(passage.read)]
    for mention in mentions:
        if mention not in duties and any(_apart(mention, cue) <= _NEAR for cue in cues):
            around = passage.around(mention.start, mention.end)
            yield RoleSaid(mention.role, mention.kinds, False, 1, 0, around, passage.language)


def _apart(mention: _Mention, cue: tuple[int, int]) -> int:
    """Letters between the two; they may not be one and the same words."""
    return max(cue[0] - mention.end, mention.start - cue[1])


def _due(passage: Passage, mentions: list[_Mention]) -> Iterator[tuple[_Mention, int]]:
    """Roles that must be in and how many: "at least two cities … must participate", "cities must participate"."""
    text = passage.read
    duty = _must().search(text)
    if duty is None or NOT_OF_APPLICANTS.search(text):
        return
    for mention in mentions:
        counted = _BEFORE.search(text, max(mention.start - 60, 0), mention.start)
        bound = next((one for one in AT_LEAST.finditer(text) if counted and one.end() + 1 == counted.start()), None)
        if counted and bound:
            yield mention, number(counted["count"])
        elif 0 <= duty.start() - mention.end <= 2 or 0 <= mention.start - duty.end() <= _LONGEST_BETWEEN // 3:
            yield mention, 1


def _left_over(passage: Passage, mentions: list[_Mention], duties: list[_Mention]) -> int | None:
    """Where something is demanded that was not read as a role, a number of bodies or one of countries."""
    text = passage.read
    if not _MUST_BE.search(text) and not _must().search(text):
        return None
    if NOT_OF_APPLICANTS.search(text) or not (mentions or COUNTED.search(text)):
        return None
    for bound in AT_LEAST.finditer(text):
        near = bound.end(), bound.end() + 60
        if any(near[0] <= one.start <= near[1] for one in duties) or FROM_COUNTRIES.match(text, bound.end() + 1):
            continue
        counted = COUNTED.match(text, bound.end() + 1)
        if counted and counted["plain"]:
            continue
        return bound.start()
    return None


def _mentions(text: str) -> list[_Mention]:
    hidden = _not_bodies().sub(lambda found: "_" * len(found.group()), text)
    kinds = _kinds()
    return [
        _Mention(*found.span(), *kinds[int((found.lastgroup or "")[1:])])
        for found in _names().finditer(hidden)
        if found.group().strip()
    ]


@cache
def _told() -> Mapping[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("roles.yaml").read_text("utf-8"))
    return loaded


@cache
def _worded() -> tuple[tuple[str, frozenset[str], tuple[str, ...]], ...]:
    """Role, the kinds its words stand for, the words; what holds other words comes first."""
    bodies = {tuple(told["kinds"]): tuple(told["names"]) for told in words()["bodies"]}
    found = []
    for told in _told()["roles"]:
        if told["names"]:
            found.append((told["code"], frozenset(told["kinds"]), tuple(told["names"])))
        found += [(told["code"], frozenset(kinds + told["kinds"]), bodies[tuple(kinds)]) for kinds in told["like"]]
    return tuple(found)


def _kinds() -> list[tuple[str, frozenset[str]]]:
    return [(role, kinds) for role, kinds, _ in _worded()]


@cache
def _names() -> re.Pattern[str]:
    parts = (f"(?P<r{at}>{pattern(*names)})" for at, (_, _, names) in enumerate(_worded()))
    return re.compile(rf"(?<!\w)(?:و|ب|ل)?(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


@cache
def _not_bodies() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){pattern(*_told()['not_bodies'])}(?!\w)")


@cache
def _cues() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){pattern(*_told()['taking_part'])}(?!\w)", re.IGNORECASE)


@cache
def _must() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){pattern(*_told()['must'])}(?!\w)", re.IGNORECASE)
