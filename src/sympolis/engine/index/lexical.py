"""The words of documents in tantivy: stems of every language in one field, meanings and themes the bridge between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

import tantivy

from ..texts.words import is_arabic
from .prepare import NO_BEGINNING, NO_END, Prepared, meaning_token
from .question import Asked

_HEAP_BYTES = 256_000_000  # at most; a writer takes it as it needs it
_MOST_TERMS = 64
_MOST_UNITS = 8
_ONE_MAY_LACK = 3
_BOOSTS = {"title": 2.0, "names": 1.5, "text": 1.0}
_CONCEPT_BOOST = 2.0
_TYPO_BOOST = 0.4
_PART = 0.3
_SHORTEST_MISTYPED = 5


class Lexical:
    """A tantivy index in a folder."""

    def __init__(self, folder: Path, write: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._index.register_tokenizer("stems", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        self._writer = self._index.writer(_HEAP_BYTES, 1) if write else None

    def add(self, numbered: Iterable[tuple[int, Prepared]]) -> None:
        """Add documents with their numbers; call ``remove`` for those they replace first."""
        assert self._writer is not None
        for number, document in numbered:
            self._writer.add_document(_entry(number, document))

    def remove(self, ids: Sequence[str]) -> None:
        """Forget documents by id."""
        assert self._writer is not None
        for key in ids:
            self._writer.delete_documents_by_term("id", key)

    def clear(self) -> None:
        """Forget all documents."""
        assert self._writer is not None
        self._writer.delete_all_documents()

    def commit(self) -> None:
        """Make what was added and removed lasting and visible."""
        assert self._writer is not None
        self._writer.commit()
        self._index.reload()

    def reload(self) -> None:
        """Take the newest commit."""
        self._index.reload()

    def search(
        self, asked: Asked, groups: Sequence[Sequence[str]], after: date | None, before: date | None, limit: int
    ) -> dict[int, float]:
        """Document number -> BM25 score. ``groups`` are filter tokens: one of each group must be there."""
        wanted = self._wanted(asked)
        return self._found([wanted], groups, after, before, limit) if wanted is not None else {}

    def holding_most(
        self, asked: Asked, groups: Sequence[Sequence[str]], after: date | None, before: date | None, limit: int
    ) -> set[int]:
        """Numbers of the documents that hold all that is asked for, or of three things and more all but one."""
        units = [_one_of(self._anywhere(meaning_token(code))) for code in asked.meanings[:_MOST_UNITS]]
        units += [_one_of(self._anywhere(stem) + self._mistyped(stem)) for stem in asked.words[:_MOST_UNITS]]
        least = len(units) if len(units) < _ONE_MAY_LACK else len(units) - 1
        sets = [_all_of(some) for some in combinations(units, least)]
        return set(self._found([_one_of([(tantivy.Occur.Should, one) for one in sets])], groups, after, before, limit))

    def _found(
        self,
        wanted: Sequence[tantivy.Query],
        groups: Sequence[Sequence[str]],
        after: date | None,
        before: date | None,
        limit: int,
    ) -> dict[int, float]:
        musts = [(tantivy.Occur.Must, one) for one in wanted]
        musts += [(tantivy.Occur.Must, self._one_of(group)) for group in groups]
        if after is not None:
            musts.append((tantivy.Occur.Must, self._days("latest", after.toordinal(), NO_END)))
        if before is not None:
            musts.append((tantivy.Occur.Must, self._days("earliest", NO_BEGINNING, before.toordinal())))
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.boolean_query(musts), limit, count=False).hits
        numbers = searcher.fast_field_values("number", [address for _, address in found])
        return {int(number or 0): float(score) for number, (score, _) in zip(numbers, found, strict=True)}

    def _one_of(self, tokens: Sequence[str]) -> tantivy.Query:
        """One token is walked through along with the words; a set of them is gathered first."""
        if len(tokens) == 1:
            return _unscored(tantivy.Query.term_query(self._schema, "filters", tokens[0], "basic"))
        return _unscored(tantivy.Query.term_set_query(self._schema, "filters", list(tokens)))

    def _days(self, field: str, first: int, last: int) -> tantivy.Query:
        return _unscored(tantivy.Query.range_query(self._schema, field, tantivy.FieldType.Integer, first, last))

    def _wanted(self, asked: Asked) -> tantivy.Query | None:
        """Any meaning or word in any field, every theme of the question, and words near to those nobody wrote."""
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for code in asked.meanings[:_MOST_TERMS]:
            parts += self._anywhere(meaning_token(code))
        for code in asked.parts[:_MOST_TERMS]:
            parts += self._anywhere(meaning_token(code), _PART)
        for stem in asked.words[:_MOST_TERMS]:
            parts += self._anywhere(stem) + self._mistyped(stem)
        parts += [(tantivy.Occur.Should, self._term("concepts", code, _CONCEPT_BOOST)) for code in asked.themes]
        return tantivy.Query.boolean_query(parts) if parts else None

    def _anywhere(self, token: str, share: float = 1.0) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        return [(tantivy.Occur.Should, self._term(field, token, share * boost)) for field, boost in _BOOSTS.items()]

    def _mistyped(self, stem: str) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        searcher = self._index.searcher()
        if len(stem) < _SHORTEST_MISTYPED or is_arabic(stem) or any(searcher.doc_freq(one, stem) for one in _BOOSTS):
            return []
        near = [tantivy.Query.fuzzy_term_query(self._schema, field, stem, 1) for field in _BOOSTS]
        return [(tantivy.Occur.Should, tantivy.Query.boost_query(query, _TYPO_BOOST)) for query in near]

    def _term(self, field: str, value: str, boost: float) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, value), boost)

    def close(self) -> None:
        """Let go of the writer, and so of tantivy's own lock."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None


def _one_of(parts: Sequence[tuple[tantivy.Occur, tantivy.Query]]) -> tantivy.Query:
    return tantivy.Query.boolean_query(list(parts))


def _all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in queries])


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("number", fast=True)
    builder.add_text_field("filters", tokenizer_name="raw", index_option="basic")
    for field in ("title", "names", "text"):
        builder.add_text_field(field, tokenizer_name="stems", index_option="freq")
    builder.add_text_field("concepts", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("earliest", indexed=True, fast=True)
    builder.add_integer_field("latest", indexed=True, fast=True)
    return builder.build()


def _entry(number: int, document: Prepared) -> tantivy.Document:
    entry = tantivy.Document()
    entry.add_text("id", document.id)
    entry.add_integer("number", number)
    for token in document.filters:
        entry.add_text("filters", token)
    for field, said in (("title", document.title), ("text", document.text), ("names", document.called)):
        if said:
            entry.add_text(field, said)
    for code in document.concepts:
        entry.add_text("concepts", code)
    entry.add_integer("earliest", document.earliest)
    entry.add_integer("latest", document.latest)
    return entry
