"""The controlled lists of words, as data: themes, goals, kinds, types, stages and roles in five languages.

Each list is a file beside this one, written by hand; ``README.md`` says how they are laid out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from sympolis.engine.errors import EngineError

TERM_LISTS = (
    "agreement_kinds",
    "counts",
    "document_kinds",
    "figures",
    "kinds",
    "meeting_kinds",
    "need_stages",
    "partner_roles",
    "relation_types",
    "seat_roles",
    "stages",
    "synergy_kinds",
)
LABELLED_LISTS = ("themes", "sdgs", "targets", *TERM_LISTS)
STRONG, FAIR, WEAK, NOTHING = "strong", "fair", "weak", "nothing"

_NO_LABELS: Mapping[str, str] = MappingProxyType({})
# What sources write behind a role: "(2018 annual report)", "elected November 2019", "at December 2025", "2023-2026".
_WHEN = re.compile(r"\s*(\(.*\)|\belected\b.*|\bat \w+ \d{4}|\b\d{4}(-\d{4})?)$")


class VocabularyError(EngineError):
    """A list of the vocabulary is not there or can't be read."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One subject of urban action.

    ``synonyms`` are phrases that speak for this theme and for no other, by language. ``sdgs`` are numbers of the goals
    it serves, the closest first. ``generic`` themes say little on their own: a match resting on them alone is weak.
    ``icon`` is a name of the icon set, one per theme, so that themes are told apart without colour.
    """

    code: str
    icon: str
    sdgs: tuple[int, ...]
    generic: bool
    labels: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Goal:
    """One of the seventeen Sustainable Development Goals, with its official short name and words that speak for it."""

    code: int
    labels: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Target:
    """One of the 169 targets ("6.3", "11.a") with our short wording and phrases that speak for it, by language."""

    code: str
    labels: Mapping[str, str]
    phrases: Mapping[str, tuple[str, ...]]

    @property
    def goal(self) -> int:
        """The number of the goal it belongs to."""
        return int(self.code.partition(".")[0])


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase that speaks for a goal (0: for none) in a language, and how far: one of STRONG, FAIR, WEAK, NOTHING."""

    goal: int
    language: str
    phrase: str
    strength: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words that mean the same, by language, the one to read first. ``code`` is made of the English one."""

    code: str
    forms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Catalan:
    """Catalan -> Spanish, in lower case: ``phrases`` of several words, ``words`` (nothing is said for one that is left
    out), and which of the words are ``shared`` with other languages, so that they do not tell Catalan.
    """

    phrases: dict[str, str]
    words: dict[str, str]
    shared: frozenset[str]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a short list.

    ``plurals`` name many of them, ``inverse`` reads a relation from its other end, ``written`` are the ways sources
    put the term; each is empty where the list has no use for it.
    """

    code: str
    labels: Mapping[str, str]
    plurals: Mapping[str, str] = field(default_factory=lambda: _NO_LABELS)
    inverse: Mapping[str, str] = field(default_factory=lambda: _NO_LABELS)
    written: tuple[str, ...] = ()


@cache
def themes() -> tuple[Theme, ...]:
    """Every theme, in the order of the file, which is the order of reading."""
    return tuple(
        Theme(
            code=row["code"],
            icon=row["icon"],
            sdgs=tuple(row["sdgs"]),
            generic=row["generic"],
            labels=_labels(row["labels"]),
            synonyms=_phrases(row["synonyms"]),
        )
        for row in _rows("themes")
    )


@cache
def sdgs() -> tuple[Goal, ...]:
    """The seventeen goals, 1 to 17."""
    return tuple(
        Goal(code=row["code"], labels=_labels(row["labels"]), synonyms=_phrases(row["synonyms"]))
        for row in _rows("sdgs")
    )


@cache
def goal_words() -> tuple[Said, ...]:
    """What speaks for each goal beside its own ``labels`` and ``synonyms``, in the order of the file."""
    return tuple(
        Said(row["code"], language, phrase, strength)
        for row in _rows("goal_words")
        for language, by_strength in row.items()
        if language != "code"
        for strength, phrases in by_strength.items()
        for phrase in phrases
    )


@cache
def targets() -> tuple[Target, ...]:
    """The 169 targets in the order of the goals; of the phrases in a language the first is the label."""
    return tuple(
        Target(
            code=row["code"],
            labels=_labels({language: said[0] for language, said in row.items() if language != "code"}),
            phrases=_phrases({language: said[1:] for language, said in row.items() if language != "code"}),
        )
        for row in _rows("targets")
    )


@cache
def lexicon() -> tuple[Meaning, ...]:
    """Words of cities and of cooperation in five languages, in the order of the file."""
    return tuple(Meaning(row["en"][0].replace(" ", "-"), _phrases(row)) for row in _rows("lexicon"))


def catalan() -> Catalan:
    """Catalan words and phrases with how they are said in Spanish."""
    text = files(__name__).joinpath("catalan.txt").read_text(encoding="utf-8")
    phrases, singles, families, shared = (part.partition("\n")[2] for part in text.split("\n\n")[1:])
    return Catalan(_said(phrases), _said(f"{singles}\n{families.rstrip()}"), frozenset(shared.split()))


def _said(listed: str) -> dict[str, str]:
    """ "one=uno, two=dos" as a dictionary, fast."""
    pieces = listed.replace("\n", ", ").replace("=", ", ").split(", ")
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


@cache
def terms(name: str) -> tuple[Term, ...]:
    """The terms of one of ``TERM_LISTS``, in the order to show them. Raises VocabularyError for another name."""
    if name not in TERM_LISTS:
        raise VocabularyError(f"There is no list {name!r} in the vocabulary.", f"Lists: {', '.join(TERM_LISTS)}.")
    return tuple(
        Term(
            code=row["code"],
            labels=_labels(row["labels"]),
            plurals=_labels(row.get("plurals", {})),
            inverse=_labels(row.get("inverse", {})),
            written=tuple(row.get("written", ())),
        )
        for row in _rows(name)
    )


def label(name: str, code: str | int, language: str) -> str:
    """How a code of one of ``LABELLED_LISTS`` is said in a language.

    A code the list doesn't know is its own label, so that a record of another system still shows. A language the list
    is not written in falls back to English. Raises VocabularyError when there is no such list.
    """
    labels = _labels_by_code(name).get(str(code))
    return str(code) if labels is None else labels.get(language, labels["en"])


def role_code(written: str) -> str:
    """The code of ``seat_roles`` that a source's words for a role stand for; empty when none does.

    Case is ignored, and so are dates and brackets behind the role ("President 2023-2026" is a president).
    """
    words = " ".join(written.casefold().split())
    return _roles_as_written().get(words) or _roles_as_written().get(_WHEN.sub("", words), "")


def figure_code(written: str) -> str:
    """The code of ``figures`` that somebody's words for a figure stand for; empty when they stand for none."""
    return _as_written("figures").get(" ".join(written.casefold().split()), "")


def counted(written: str) -> tuple[str, str] | None:
    """The list and the code for what a figure counts: one of ``figures`` or of ``counts``; None where it is neither."""
    words = " ".join(written.casefold().split())
    return next(((name, code) for name in ("figures", "counts") if (code := _as_written(name).get(words))), None)


@cache
def _as_written(name: str) -> Mapping[str, str]:
    return {
        words.casefold(): term.code
        for term in terms(name)
        for words in (term.code, *term.labels.values(), *term.written)
    }


@cache
def _labels_by_code(name: str) -> Mapping[str, Mapping[str, str]]:
    if name == "themes":
        return {theme.code: theme.labels for theme in themes()}
    if name == "sdgs":
        return {str(goal.code): goal.labels for goal in sdgs()}
    if name == "targets":
        return {target.code: target.labels for target in targets()}
    return {term.code: term.labels for term in terms(name)}


@cache
def _roles_as_written() -> Mapping[str, str]:
    roles = terms("seat_roles")
    return {term.code: term.code for term in roles} | {words: term.code for term in roles for words in term.written}


def _rows(name: str) -> list[dict[str, Any]]:
    text = files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader  # the former is eight times as fast
    rows: list[dict[str, Any]] = yaml.load(text, Loader=loader)  # noqa: S506 both are safe loaders
    return rows


def _labels(row: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(row)) if row else _NO_LABELS


def _phrases(row: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({language: tuple(phrases) for language, phrases in row.items()})
