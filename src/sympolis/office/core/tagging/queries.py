"""What is suggested for a record, what it says of itself, and what people decided about either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, StringAgg, Subquery, Value
from django.db.models.functions import Concat

from sympolis.engine.texts import vocabulary
from sympolis.engine.texts.tags import Tag
from sympolis.office.core.enums import TagScheme, TagVerdict
from sympolis.office.core.models import Record, TagDecision
from sympolis.office.core.tagging.reading import own_words, read_tags
from sympolis.office.core.texts import Written

type Key = tuple[TagScheme, str]
"""Scheme and code."""

COLUMNS = {TagScheme.THEME: "themes", TagScheme.GOAL: "sdgs"}
STRONG, FAIR = 0.8, 0.65


@dataclass(frozen=True, slots=True)
class Considered:
    """A theme, a goal or a target that was read out of a record's words, that it has, or that somebody decided about.

    ``score`` in [0, 1], 0 where nothing speaks for it; ``words`` are as its text has them, the weightiest first.
    """

    scheme: TagScheme
    code: str
    score: float
    words: tuple[str, ...]
    is_there: bool
    decision: TagDecision | None

    @property
    def is_suggested(self) -> bool:
        """What was confirmed and has gone since, by an import taken back, is asked again."""
        return not self.is_there and (self.decision is None or self.decision.verdict == TagVerdict.CONFIRMED)

    @property
    def strength(self) -> str:
        """A word of the scale; empty where nothing speaks for it."""
        if not self.score:
            return ""
        return "strong" if self.score >= STRONG else "fair" if self.score >= FAIR else "weak"


@dataclass(frozen=True, slots=True)
class About:
    """What one record is about: the text that was read, and everything to be considered, the surest first."""

    record: Record
    text: Written
    considered: tuple[Considered, ...]

    @property
    def suggested(self) -> list[Considered]:
        return [one for one in self.considered if one.is_suggested]

    @property
    def strong(self) -> list[Considered]:
        return [one for one in self.suggested if one.strength == "strong"]


def about(record: Record) -> About:
    """One record, with what was decided about it: one question."""
    return about_each([record])[0]


def about_each(records: Sequence[Record]) -> list[About]:
    """Many records: one question."""
    texts = [own_words(record) for record in records]
    decided = decisions_of(record.public_id for record in records)
    return [
        About(record, text, tuple(_considered(record, read, decided[record.public_id])))
        for record, text, read in zip(records, texts, read_tags([text.text for text in texts]), strict=True)
    ]


def _considered(
    record: Record, read: Mapping[TagScheme, Mapping[str, Tag]], decided: Mapping[Key, TagDecision]
) -> Iterable[Considered]:
    for scheme in TagScheme:
        there = codes_there(record, scheme, decided)
        taken = [one.code for one in read[scheme].values() if one.accepted]
        codes = dict.fromkeys([*taken, *there, *(code for of, code in decided if of == scheme)])
        found = []
        for code in codes:
            tag = read[scheme].get(code) or Tag(code, 0.0, accepted=False)
            found.append(Considered(scheme, code, tag.score, tag.words, code in there, decided.get((scheme, code))))
        yield from sorted(found, key=lambda one: -one.score)


def codes_there(record: Record, scheme: TagScheme, decided: Mapping[Key, TagDecision]) -> tuple[str, ...]:
    """What a record says of itself; where its kind has no column for it, what people confirmed."""
    if column := column_of(type(record), scheme):
        found: tuple[str, ...] = getattr(record, column)
        return found
    return tuple(code for (of, code), one in decided.items() if of == scheme and one.verdict == TagVerdict.CONFIRMED)


def column_of(model: type[Record], scheme: TagScheme) -> str:
    """The column that keeps a scheme's codes; empty where a kind of record has none."""
    column = COLUMNS.get(scheme, "")
    return column if column in {field.name for field in model._meta.concrete_fields} else ""


def decisions_of(public_ids: Iterable[str]) -> Mapping[str, dict[Key, TagDecision]]:
    """Public id -> (scheme, code) -> the decision: one question."""
    found: defaultdict[str, dict[Key, TagDecision]] = defaultdict(dict)
    for one in TagDecision.objects.filter(record__in=list(public_ids)).select_related("by"):
        found[one.record][TagScheme(one.scheme), one.code] = one
    return found


def with_confirmed[R: Record](records: QuerySet[R]) -> QuerySet[R]:
    """The same records, each with what people confirmed of it: ``confirmed_of`` needs no question of its own."""
    confirmed = TagDecision.objects.filter(record=OuterRef("public_id"), verdict=TagVerdict.CONFIRMED).order_by()
    keys = StringAgg(Concat("scheme", Value(" "), "code", output_field=CharField()), Value("\n"))
    found: Any = records.annotate(confirmed_tags=Subquery(confirmed.values("record").values(all=keys)))
    told: QuerySet[R] = found
    return told


def confirmed_of(record: Any) -> Mapping[TagScheme, tuple[str, ...]]:
    """What people confirmed of a record, in the order of the lists: what its public page may show."""
    found: defaultdict[TagScheme, set[str]] = defaultdict(set)
    for line in (record.confirmed_tags or "").splitlines():
        scheme, code = line.split(" ", 1)
        found[TagScheme(scheme)].add(code)
    return {scheme: tuple(code for code in known_codes(scheme) if code in found[scheme]) for scheme in TagScheme}


def removed_codes() -> Mapping[str, frozenset[Key]]:
    """Public id -> what people removed of it, where a record has a column for it: what no import brings back."""
    rows = TagDecision.objects.filter(verdict=TagVerdict.REMOVED, scheme__in=list(COLUMNS))
    found: defaultdict[str, set[Key]] = defaultdict(set)
    for record, scheme, code in rows.values_list("record", "scheme", "code"):
        found[record].add((TagScheme(scheme), code))
    return {record: frozenset(keys) for record, keys in found.items()}


def known_codes(scheme: TagScheme) -> tuple[str, ...]:
    """The codes of a controlled list, in its order."""
    if scheme == TagScheme.THEME:
        return tuple(one.code for one in vocabulary.themes())
    if scheme == TagScheme.GOAL:
        return tuple(str(one.code) for one in vocabulary.sdgs())
    return tuple(one.code for one in vocabulary.targets())
