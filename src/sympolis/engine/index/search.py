"""One question to one index: candidates by words, vectors and names, one score with its features."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..model import Document, Feature, Hit, Query
from ..resolve.gazetteer import Gazetteer
from ..resolve.names import NameMatch
from ..texts.encoders import CAREFUL, FAST, Matrix
from ..texts.languages import detect_language
from .dense import Table
from .documents import Documents
from .lexical import Lexical
from .named import named
from .passage import answering_passage
from .question import Asked
from .reading import Allowed, Columns, Filters, book_of, filter_groups

WORDS = 0.43
"""How much the words say; the rest is said by the encoders that have read a document, however many these are. Where
words said as much beside one encoder as beside two, that encoder alone found more than both did together."""

WORDS_OF_SENTENCE = 0.15
"""The same of a question that is a sentence: its everyday words stand in many records. Of 384 needs in eight languages
.695 find their answer first with .43, .734 with .3, .755 with .2, .753 with .15, .74 with .1."""

PART_OF_WORDS = 0.4
"""What words count for in a name without a text, which no encoder can speak for, where it holds a part of the question
alone, or the question is one word that names a theme: *waste in the old town* found four towns called Medina first."""

LONG_KINDS = ("call",)
"""What is pages long, of which most would fit any of its kind."""

ENCODERS = {FAST: 0.25, CAREFUL: 0.4}
"""How encoders share what they say between them."""

_CANDIDATES = 200
_FULL_SCORE_PER_TERM = 3.0
_NAME_WEIGHT = 0.95
_LEAST = 0.05


class Reading:
    """One generation of an index."""

    def __init__(self, generation: int, columns: Columns, tables: Mapping[str, Table]) -> None:
        self.generation = generation
        self.columns = columns
        self.tables = tables
        self.filters = Filters(columns)
        self.names = book_of(columns)


@dataclass(frozen=True, slots=True)
class Question:
    """A query, what it asks for, and its raw vectors (d,), by encoder."""

    query: Query
    asked: Asked
    vectors: Mapping[str, Matrix]


@dataclass(slots=True)
class Found:
    """What is known of a candidate: scores by way, the name that was near, the nearest passages."""

    scores: dict[str, float] = field(default_factory=dict)
    name: str = ""
    passages: set[int] = field(default_factory=set)
    answers_whole: bool = True


def search(
    question: Question, reading: Reading, lexical: Lexical, documents: Documents, towns: Gazetteer | None = None
) -> list[Hit]:
    """The best hits; equal scores come in order of id."""
    query = question.query
    groups = filter_groups(query)
    allowed = reading.filters.allowed(groups, query.after, query.before)
    if not query.text.strip():
        return _browse(query, allowed, documents)
    found: dict[int, Found] = {}
    _by_words(question, reading.filters.narrowing(groups), lexical, found)
    _by_names(named(query.text, reading.names, towns), allowed, found)
    _by_vectors(question, reading, allowed, documents, found)
    words = WORDS_OF_SENTENCE if question.asked.is_sentence else WORDS
    scored = sorted(
        ((fused(candidate, words), number) for number, candidate in found.items()), key=lambda pair: -pair[0]
    )
    best = [(score, number) for score, number in scored if score >= _LEAST][: query.limit]
    return _hits(question, best, found, documents)


def _by_words(question: Question, groups: Sequence[Sequence[str]], lexical: Lexical, found: dict[int, Found]) -> None:
    query, asked = question.query, question.asked
    scores = lexical.search(asked, groups, query.after, query.before, max(_CANDIDATES, query.limit * 2))
    # A share of the best score, unless even the best holds few of the words that were asked for.
    full = max(max(scores.values(), default=0.0), _FULL_SCORE_PER_TERM * min(asked.units, 4))
    whole = scores.keys() if _is_of_names(question) else _whole_answers(question, groups, lexical)
    for number, score in scores.items():
        found[number] = Found({"lexical": score / full}, answers_whole=number in whole)


def _is_of_names(question: Question) -> bool:
    """Whether any of its words may be what somebody is called: one word of no theme, or nothing else can answer."""
    return not question.vectors or (question.asked.units <= 1 and not question.asked.themes)


def _whole_answers(question: Question, groups: Sequence[Sequence[str]], lexical: Lexical) -> Collection[int]:
    query, asked = question.query, question.asked
    if asked.units <= 1:
        return ()
    return lexical.holding_most(asked, groups, query.after, query.before, _CANDIDATES)


def _by_names(near: Sequence[NameMatch], allowed: Allowed, found: dict[int, Found]) -> None:
    let_by = allowed.of(np.array([int(match.id) for match in near], np.int64))
    for match, is_allowed in zip(near, let_by, strict=True):
        if is_allowed:
            candidate = found.setdefault(int(match.id), Found())
            candidate.scores["name"] = match.score
            candidate.name = match.name


def _by_vectors(
    question: Question, reading: Reading, allowed: Allowed, documents: Documents, found: dict[int, Found]
) -> None:
    """Add the nearest documents, then give every candidate its score in every table it is in."""
    answers = {encoder: reading.tables[encoder].answers(vector) for encoder, vector in question.vectors.items()}
    for one in answers.values():
        for number in one.best(allowed, max(_CANDIDATES, question.query.limit * 2)).tolist():
            found.setdefault(number, Found())
    candidates = np.array(list(found), np.int64)
    long = np.logical_or.reduce([reading.filters.holding(f"kind:{kind}", candidates) for kind in LONG_KINDS])
    translated = candidates[long][reading.filters.in_several_languages(candidates[long])]
    languages = documents.passage_languages(translated.tolist())
    for encoder, one in answers.items():
        for told in (one.of(candidates[~long]), one.of_long(candidates[long], languages)):
            for number, score, passage in zip(*(part.tolist() for part in told), strict=True):
                found[number].scores[encoder] = score
                found[number].passages.add(passage)


def fused(candidate: Found, words: float = WORDS) -> float:
    """Weighted mean over words and the encoders the document has; a sure name counts by itself."""
    read = {way: weight for way, weight in ENCODERS.items() if way in candidate.scores}
    told = candidate.scores.get("lexical", 0.0)
    if not read and not candidate.answers_whole:
        told *= PART_OF_WORDS
    if read:
        alike = sum(weight * candidate.scores[way] for way, weight in read.items()) / sum(read.values())
        told = words * told + (1 - words) * alike
    named = candidate.scores.get("name", 0.0)
    return 1.0 - (1.0 - told) * (1.0 - _NAME_WEIGHT * named**6)


def _hits(
    question: Question, best: Sequence[tuple[float, int]], found: Mapping[int, Found], documents: Documents
) -> list[Hit]:
    records = documents.by_number([number for _, number in best])
    text = question.query.text
    hits = [
        Hit(
            records[number],
            round(score, 6),
            "",
            "",
            _features(found[number], text),
            tuple(sorted(found[number].passages)),
        )
        for score, number in best
        if number in records  # others were removed since this reader took its generation
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.document.id))


def tell(hits: Sequence[Hit], query: Query, written: str, documents: Documents) -> list[Hit]:
    """The same hits, each with the words of its document that answer; ``written`` is the question as it is spelled."""
    parts = {part.number: part for part in documents.passage_texts(sorted({at for hit in hits for at in hit.near}))}
    wanted = list(query.languages) or [language for language in (detect_language(written),) if language]
    told = []
    for hit in hits:
        near = [parts[at] for at in hit.near if at in parts]
        language, passage = answering_passage(hit.document, near, hit.near, query.text, wanted)
        told.append(replace(hit, language=language, passage=passage))
    return told


def _features(candidate: Found, text: str) -> tuple[Feature, ...]:
    order = ("name", "lexical", FAST, CAREFUL)
    return tuple(
        Feature(way, round(candidate.scores[way], 4), f"search-{way}", {"query": text, "name": candidate.name})
        for way in order
        if way in candidate.scores
    )


def _browse(query: Query, allowed: Allowed, documents: Documents) -> list[Hit]:
    """What the filters let by, newest first."""
    newest = allowed.latest(query.limit)
    records = documents.by_number(newest)
    return [_as_it_is(records[number], query.languages) for number in newest if number in records]


def _as_it_is(document: Document, languages: Sequence[str]) -> Hit:
    language, passage = answering_passage(document, (), (), "", languages)
    return Hit(document, 0.0, language, passage)
