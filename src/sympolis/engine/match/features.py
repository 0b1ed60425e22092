"""Why two items go together. The weights table is the algorithm; each feature gives score, detail and values.

Scores of all pairs are computed as matrices; the features in words are made only for the pairs that are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ..model import Feature, Item, ItemKind, Stage, Strength
from ..texts.encoders import Matrix
from ..texts.similarity import likeness
from ..texts.subjects import told
from ..texts.themes import concepts, generic_themes
from ..texts.vectors import Vectors
from .facts import STANDINGS, common, overlap
from .items import ItemTable, facing, read_items, title_of
from .likeness import SUBJECT_SCALE, Subjects, compare_texts, nearest_passages

WEIGHTS = MappingProxyType(
    {
        "topic": 0.78,
        "stage": 0.06,
        "sdgs": 0.05,
        "partners": 0.05,
        "programme": 0.03,
        "place": 0.03,
    }
)
"""What each feature says of a pair; the sum is 1. ``topic`` is text and themes, see ``TOPIC_THEMES``."""

TOPIC_THEMES = (0.0, 0.2, 0.45)
"""How much themes say of what a pair is about, by how many of the two have declared any; the rest is said by the texts.
Themes read out of a text come from the same vectors as its likeness: they would only say it again."""

GENERIC_WEIGHT = 0.35
"""Sharing only a generic theme (cooperation, governance) says so much of sharing a telling one."""


DETAILS = MappingProxyType(
    {
        "similar-text": "Their texts are about similar things: “{left}” and “{right}”",
        "shared-themes": "Both are about {themes}",
        "related-themes": "Their subjects are close to each other",
        "shared-sdgs": "Both serve the goals {sdgs}",
        "shared-partners": "They have partners in common: {partners}",
        "same-programme": "Both are in {programme}",
        "same-country": "Both work in {countries}",
        "one-has-what-the-other-wants": "One offers or has finished what the other wants",
        "one-offers": "One offers what the other is at or plans",
        "one-at-what-the-other-wants": "One is at what the other wants, or plans it",
        "both-at-work": "Both are at it or plan it",
        "both-want": "Both want it",
        "one-ahead": "One has finished what the other is at or plans",
        "stage-unknown": "Where one of them stands is not known",
        "open-call": "The call fits and is open until {closes}",
        "forthcoming-call": "The call fits and opens soon; it closes on {closes}",
        "country-eligible": "The country is eligible: {countries}",
        "kind-eligible": "The call names bodies like these: {kinds}",
        "country-not-eligible": "These countries are not eligible: {countries}",
        "kind-not-named": "The call does not name bodies like these: {kinds}",
        "countries-not-known": "It was not read which countries are eligible",
        "kinds-not-known": "It was not read who may apply",
        "deadline-soon": "Only {days} days are left",
        "not-open-yet": "The call is not open yet",
        "shared-seat": "Both have a seat on {body}",
        "shared-cause": "Both care about {themes}",
        "member-at-work": "“{item}” is about the same",
        "search-name": "The name is near: {name}",
        "search-lexical": "The words are in it",
        "search-fast": "It speaks of like things",
        "search-careful": "It speaks of like things",
    }
)
"""Message key -> what it says, in English, with the names of its values. The office translates them."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All pairs of two lists: each feature as a matrix (n, m) in [0, 1], and the score they come to."""

    left: Sequence[Item]
    right: Sequence[Item]
    text: Matrix
    encoders: dict[str, Matrix]
    subjects: Subjects | None
    left_about: Matrix
    right_about: Matrix
    parts: dict[str, Matrix]
    tables: tuple[ItemTable, ItemTable] | None = None

    @property
    def score(self) -> Matrix:
        """float32 (n, m): the weighted sum of all features. Ids are not looked at: two lists may count alike."""
        total = WEIGHTS["topic"] * self._mixed
        for name, part in self.parts.items():
            total += WEIGHTS.get(name, 0.0) * part
        return np.asarray(total, np.float32)

    @property
    def topic(self) -> Matrix:
        """float32 (n, m): how far two items are about the same thing, stages and partners apart."""
        return np.where(self.same, 0, self._mixed).astype(np.float32)

    @property
    def _mixed(self) -> Matrix:
        themes = np.array(TOPIC_THEMES, np.float32)[self._declared]
        return np.asarray((1 - themes) * self.text + themes * self.parts["themes"], np.float32)

    @property
    def agreed(self) -> Matrix:
        """float32 (n, m): ``topic``, less where the texts don't speak of like things, or on a side matter of both.

        To propose something takes both. A theme is a shelf: what stands on one has not always something to say to each
        other, and two broad entries meet on some shelf or other.
        """
        alike = _SHELF + (1 - _SHELF) * np.minimum(self.text / _ALIKE, 1)
        main = _SHELF + (1 - _SHELF) * np.minimum(self.parts["themes"] / _MAIN_MATTER, 1)
        return np.asarray(self.topic * alike * np.where(self._declared == 2, main, 1), np.float32)

    @property
    def _declared(self) -> npt.NDArray[np.int64]:
        """int (n, m): how many of the two have declared themes."""
        lefts, rights = ([int(bool(item.themes)) for item in listed] for listed in (self.left, self.right))
        return np.add.outer(lefts, rights).astype(np.int64).reshape(self.text.shape)

    @property
    def same(self) -> npt.NDArray[np.bool_]:
        """bool (n, m): where both are one record, a project they share; it proves nothing about anything else."""
        rights = np.array([item.id for item in self.right], object)
        return np.array([rights == item.id for item in self.left], bool).reshape(self.text.shape)

    def themes(self, row: int, column: int) -> list[str]:
        """Themes that are among the main ones of both items, the surest first."""
        left, right = self.left_about[row], self.right_about[column]
        shared = np.flatnonzero(np.minimum(left, right) >= _BOTH_ABOUT)
        if not len(shared):
            return []
        main = {*np.argsort(-left, kind="stable")[:_MAIN]} & {*np.argsort(-right, kind="stable")[:_MAIN]}
        both = left[shared] * right[shared]
        told = shared[np.argsort(-both, kind="stable")]
        return [concepts("theme")[at].code for at in told if at in main]

    def theme(self, row: int, column: int) -> str:
        """The one theme a pair is about: the surest telling one, a generic one where there is no other."""
        shared = self.themes(row, column)
        return next((code for code in shared if code not in generic_themes()), next(iter(shared), ""))

    def explain(self, row: int, column: int) -> tuple[Feature, ...]:
        """The features of a pair that say something, in the order of the weights."""
        made = []
        for name, describe in _DESCRIBE.items():
            score = float(self.parts[name][row, column])
            if score > _WORTH_SAYING:
                made += describe(self, row, column, round(score, 4))
        return tuple(made)


_BOTH_ABOUT = 0.55
_SHELF, _ALIKE, _MAIN_MATTER = 0.4, 0.5, 0.65
_MAIN = 4
_WORTH_SAYING = 0.05


def compare_items(
    left: Sequence[Item], right: Sequence[Item], vectors: Vectors, *, by_words: bool = False
) -> Comparison:
    """Compare all pairs of two lists of items; where asked for by their words too, as far as these are known."""
    return compare(*facing(read_items(left, vectors), read_items(right, vectors), vectors, by_words=by_words))


def compare(left: ItemTable, right: ItemTable) -> Comparison:
    """Compare all pairs of two tables that face each other."""
    texts = compare_texts(left, right)
    one, other = left.facts, right.facts
    assert one is not None, "the tables do not face each other"
    assert other is not None, "the tables do not face each other"
    parts = {
        "text": texts.alike,
        "themes": _theme_matrix(left.about, right.about),
        "stage": _stage_scores()[one.standing[:, None], other.standing],
        "sdgs": overlap(one.sdgs, other.sdgs),
        "partners": np.minimum(common(one.partners, other.partners) / 2, 1),
        "programme": overlap(one.programme, other.programme),
        "place": overlap(one.countries, other.countries),
    }
    return Comparison(
        left.items,
        right.items,
        texts.alike,
        texts.encoders,
        texts.subjects,
        left.about,
        right.about,
        parts,
        (left, right),
    )


STRONG, FAIR = 0.6, 0.4
"""From what score on something is called strong, and fair. Whoever shows the words says so beside them."""


def strength_of(score: float) -> Strength:
    """A score in [0, 1] as a word."""
    if score >= STRONG:
        return Strength.STRONG
    return Strength.FAIR if score >= FAIR else Strength.WEAK


def _theme_matrix(left: Matrix, right: Matrix) -> Matrix:
    """float32 (n, m): the surest theme of both, generic ones weighing less; one that is a side matter for either
    weighs less as well, and still less where it is one for both."""
    best = np.zeros((len(left), len(right)), np.float32)
    for row, about in enumerate(left):
        best[row] = (_theme_weights() * (about * right)).max(axis=1, initial=0)
    return best


@cache
def _theme_weights() -> Matrix:
    generic = generic_themes()
    return np.array([GENERIC_WEIGHT if one.code in generic else 1.0 for one in concepts("theme")], np.float32)


def gives(item: Item) -> float:
    """How far an item is something its side can give: an offer fully, finished work nearly, work under way a little."""
    if item.kind is ItemKind.OFFER:
        return 1.0
    if item.kind is ItemKind.PROJECT:
        return {Stage.FINISHED: 0.95, Stage.ONGOING: 0.6, Stage.UNKNOWN: 0.5}.get(item.stage, 0.0)
    return 0.0


def wants(item: Item) -> float:
    """How far an item is something its side wants: a need fully, a priority nearly, work that begins too."""
    if item.kind is ItemKind.PROJECT:
        return {Stage.IDEA: 0.9, Stage.PREPARING: 0.9, Stage.ONGOING: 0.65}.get(item.stage, 0.0)
    return {ItemKind.NEED: 1.0, ItemKind.PRIORITY: 0.85}.get(item.kind, 0.0)


def works(item: Item) -> float:
    """How far an item is work its side is at now or about to begin."""
    if item.kind is ItemKind.PROJECT:
        return {Stage.ONGOING: 1.0, Stage.PREPARING: 1.0, Stage.IDEA: 0.9, Stage.UNKNOWN: 0.5}.get(item.stage, 0.0)
    return {ItemKind.PRIORITY: 0.45, ItemKind.NEED: 0.45}.get(item.kind, 0.0)


@cache
def _stage_scores() -> Matrix:
    """float32 (standings, standings): how well two items go together by nothing but kind and stage."""
    some = [Item(id="", kind=kind, title={}, owner_id="", stage=stage) for kind, stage in STANDINGS]
    return np.array([[_stage_score(left, right) for right in some] for left in some], np.float32)


def _stage_score(left: Item, right: Item) -> float:
    return max(gives(left) * wants(right), wants(left) * gives(right), works(left) * works(right))


def _describe_text(made: Comparison, row: int, column: int, score: float) -> list[Feature]:
    values = {"left": title_of(made.left[row]), "right": title_of(made.right[column])}
    return [
        Feature(
            f"text-{encoder}",
            round(float(near[row, column]), 4),
            "similar-text",
            {**values, "encoder": encoder, **_passages(made, row, column, encoder)},
        )
        for encoder, near in made.encoders.items()
        if near[row, column] > _WORTH_SAYING
    ] + _describe_subject(made, row, column, values)


def _passages(made: Comparison, row: int, column: int, encoder: str) -> dict[str, str]:
    """The very words that were found alike, where there is more of them than the titles."""
    if made.tables is None:
        return {}
    left, right = nearest_passages(made.tables[0], row, made.tables[1], column, encoder)
    return {"left_passage": left, "right_passage": right}


def _describe_subject(made: Comparison, row: int, column: int, values: dict[str, str]) -> list[Feature]:
    subjects = made.subjects
    if subjects is None or subjects.near[row, column] < 0:
        return []
    score = float(likeness(subjects.near[row, column], SUBJECT_SCALE))
    phrases = told(subjects.left[row], subjects.right[column])
    shown = {**values, "phrases": phrases}
    return [Feature("text-subject", round(score, 4), "similar-text", shown)] if score > _WORTH_SAYING else []


def _describe_themes(made: Comparison, row: int, column: int, score: float) -> list[Feature]:
    shared = made.themes(row, column)
    declared = sorted(set(made.left[row].themes) & set(made.right[column].themes))
    detail = "shared-themes" if shared else "related-themes"
    return [Feature("themes", score, detail, {"themes": shared, "declared": declared})]


def _describe_stage(made: Comparison, row: int, column: int, score: float) -> list[Feature]:
    left, right = made.left[row], made.right[column]
    values = {"left": str(left.stage), "right": str(right.stage)}
    both = frozenset((_standing(left), _standing(right)))
    return [Feature("stage", score, "stage-unknown" if "unknown" in both else _STANDINGS[both], values)]


def _standing(item: Item) -> str:
    """What is known of how a side stands to an item of its own."""
    if item.kind is ItemKind.PROJECT:
        return {Stage.FINISHED: "finished", Stage.UNKNOWN: "unknown"}.get(item.stage, "at work")
    return "offers" if item.kind is ItemKind.OFFER else "wants"


_STANDINGS = {
    frozenset(("offers", "wants")): "one-has-what-the-other-wants",
    frozenset(("finished", "wants")): "one-has-what-the-other-wants",
    frozenset(("offers", "at work")): "one-offers",
    frozenset(("at work", "wants")): "one-at-what-the-other-wants",
    frozenset(("finished", "at work")): "one-ahead",
    frozenset(("at work",)): "both-at-work",
    frozenset(("wants",)): "both-want",
}
"""Who stands how, and what can be said of it; two who both give, or both have finished, have no score to be told."""


def _describe_sdgs(made: Comparison, row: int, column: int, score: float) -> list[Feature]:
    return [
        Feature("sdgs", score, "shared-sdgs", {"sdgs": sorted({*made.left[row].sdgs} & {*made.right[column].sdgs})})
    ]


def _describe_partners(made: Comparison, row: int, column: int, score: float) -> list[Feature]:
    shared = sorted({*made.left[row].partner_ids} & {*made.right[column].partner_ids})
    return [Feature("partners", score, "shared-partners", {"partners": shared})]


def _describe_programme(made: Comparison, row: int, column: int, score: float) -> list[Feature]:
    return [Feature("programme", score, "same-programme", {"programme": made.left[row].programme})]


def _describe_place(made: Comparison, row: int, column: int, score: float) -> list[Feature]:
    shared = sorted({*made.left[row].countries} & {*made.right[column].countries})
    return [Feature("place", score, "same-country", {"countries": shared})]


_DESCRIBE: dict[str, Callable[[Comparison, int, int, float], list[Feature]]] = {
    "text": _describe_text,
    "themes": _describe_themes,
    "stage": _describe_stage,
    "sdgs": _describe_sdgs,
    "partners": _describe_partners,
    "programme": _describe_programme,
    "place": _describe_place,
}
