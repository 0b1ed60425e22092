"""Documents made ready to be stored: everything that reading their texts costs, in other processes where many come."""

from __future__ import annotations

import json
import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import batched, islice
from multiprocessing import get_context

from ..model import Document
from ..resolve.name_table import WrittenName, written_names
from ..texts.lexicon import meanings_in
from ..texts.themes import themes_in
from ..texts.words import count_spellings, passages, terms
from .named import towns_in

MOST_PASSAGES = 4  # of one language; what comes later in a call is rules of the programme
NO_BEGINNING, NO_END = 0, 4_000_000  # days as date.toordinal() counts them
_AT_ONCE = 500
_WORTH_A_POOL = 40  # batches; a process needs seconds to be ready
_AHEAD = 8
_FEW_COUNTRIES = 10  # what is about fifty countries is about none


@dataclass(frozen=True, slots=True)
class Prepared:
    """One document: what is kept of it (``record``), what it is found by, and how it is filtered.

    ``title``, ``text`` and ``called`` are words parted by spaces, ``earliest`` and ``latest`` days.
    """

    id: str
    record: str
    passages: tuple[tuple[str, str], ...]
    filters: tuple[str, ...]
    earliest: int
    latest: int
    names: tuple[WrittenName, ...]
    title: str
    text: str
    called: str
    concepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents of different ids, and how often they spell which word how: (folded, written) -> times."""

    documents: tuple[Prepared, ...]
    spelled: Mapping[tuple[str, str], int]


def preparing(documents: Iterable[Document]) -> Iterator[Batch]:
    """Documents in order, some hundred at once. Of two with one id in a batch the later one counts."""
    batches = batched(documents, _AT_ONCE)
    first = list(islice(batches, _WORTH_A_POOL))
    if len(first) < _WORTH_A_POOL:
        yield from map(prepare, first)
        return
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        waiting = deque(pool.submit(prepare, batch) for batch in first)
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(prepare, batch) for batch in islice(batches, max(0, _AHEAD - len(waiting))))


def prepare(documents: Sequence[Document]) -> Batch:
    """Read some documents. Runs in any process."""
    latest = {document.id: document for document in documents}.values()
    return Batch(tuple(map(_prepared, latest)), spellings_of(latest))


def _prepared(document: Document) -> Prepared:
    names = names_of(document)
    countries = document.countries if len(document.countries) <= _FEW_COUNTRIES else ()
    concepts = {
        concept
        for said in (document.title, document.text)
        for language, part in said.items()
        for concept in themes_in(part, language)
    }
    return Prepared(
        document.id,
        record_of(document),
        tuple(split(document)),
        tuple(filter_tokens(document)),
        document.earliest.toordinal() if document.earliest else NO_BEGINNING,
        document.latest.toordinal() if document.latest else NO_END,
        tuple(written_names(names, towns_in) if document.kind == "organisation" else written_names(names)),
        " ".join(_tokens(document.title)),
        " ".join([*_tokens(document.text), *map(meaning_token, countries)]),
        " ".join(_tokens({str(at): name for at, name in enumerate(names)}, any_language=True)),
        tuple(sorted({*document.themes, *concepts})),
    )


def filter_tokens(document: Document) -> list[str]:
    """What a document can be filtered by, as ``name:value``; the same tokens serve words and vectors."""
    languages = {language for text in (document.title, document.text) for language, said in text.items() if said}
    return [
        f"kind:{document.kind}",
        *(f"country:{country}" for country in document.countries),
        *(f"language:{language}" for language in sorted(languages)),
        *(f"theme:{theme}" for theme in document.themes),
        *(f"audience:{audience}" for audience in document.audiences),
    ]


def names_of(document: Document) -> tuple[str, ...]:
    """What a document is called: an organisation by all its titles and aliases, anything else by its aliases."""
    titles = tuple(document.title.values()) if document.kind == "organisation" else ()
    return tuple(name for name in (*titles, *document.aliases) if name)


def split(document: Document) -> Iterator[tuple[str, str]]:
    """(language, passage) of a document: its title with every hundred words of its text.

    An organisation's bare names make no passage: names are matched by names, and their vectors are near to anything.
    """
    for language in dict.fromkeys([*document.title, *document.text]):
        title = document.title.get(language) or next((said for said in document.title.values() if said), "")
        parts = list(passages(document.text.get(language, "")))[:MOST_PASSAGES]
        if parts or (document.title.get(language) and document.kind != "organisation"):
            for part in parts or [""]:
                yield language, f"{title}. {part}".strip(". ") or title


def spellings_of(documents: Iterable[Document]) -> Counter[tuple[str, str]]:
    """(folded, written) -> how often, over all that documents say."""
    return count_spellings(
        said
        for document in documents
        for said in (*document.title.values(), *document.text.values(), *document.aliases)
    )


def _tokens(said: Mapping[str, str], any_language: bool = False) -> Iterator[str]:
    """Of every text its stems, then its meanings."""
    for language, part in said.items():
        yield from terms(part)
        yield from map(meaning_token, meanings_in(part, "" if any_language else language))


def meaning_token(code: str) -> str:
    """A meaning as a word that no text holds."""
    return f"={code}"


def record_of(document: Document) -> str:
    """A document as JSON; ``documents.read`` reads it."""
    raw = {name: getattr(document, name) for name in Document.__slots__}
    raw["title"], raw["text"] = dict(document.title), dict(document.text)
    return json.dumps(raw, ensure_ascii=False, default=lambda day: day.isoformat())
