"""Items made ready for comparing: their texts, what they are about, and vectors as rows of matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched, islice

import numpy as np
import numpy.typing as npt

from ..model import Call, Item, ItemKind
from ..texts.encoders import CAREFUL, Matrix
from ..texts.similarity import background, centred, hubness
from ..texts.subjects import profiles
from ..texts.themes import concepts, theme_scores
from ..texts.vectors import Vectors
from ..texts.words import is_said, passages
from .common_words import MOST_PAIRS, WordRows, read_words, words_among
from .facts import Facts, facts_of

DECLARED = 0.85
"""How sure it is that an item is about a theme somebody wrote down for it."""

PROMINENCE = (1.0, 0.75, 0.55, 0.45)
"""How far an item is about the first, second … theme written down for it: people write the main one first."""

NOT_DECLARED = 0.45
"""How far it can be about a theme that is only read out of its text, where somebody wrote down others."""

AT_ONCE = 512
"""Items, or texts, that are read together, here and on a cluster: the last digit of a vector depends on its company."""

LONGEST_TITLE = 2_000
"""Letters: what is longer is a text, of which passages are read."""

type Places = npt.NDArray[np.int64]

_SUREST_READ = 0.9
_BEGINNING = 120  # letters
_SAMPLE = 2_048
_MOST_PASSAGES = 8  # an index keeps half as many, for a million documents


def item_texts(items: Sequence[Item]) -> list[str]:
    """The texts of items that get vectors: let a background job ``Vectors.fill`` them with the careful encoder."""
    return [text for item in items for text in texts_of(item)]


def item_words(items: Sequence[Item]) -> list[str]:
    """The words of items that get vectors of their own, by the fast encoder: for a background job as well."""
    return words_among(map(_text_of_words, items))


def _text_of_words(item: Item) -> str:
    """The one text whose words are compared: the English one, which the encoders know best, else the first."""
    said = _said(item)
    return said.get("en") or next(iter(said.values()), "")


def texts_of(item: Item) -> list[str]:
    """One text for each language of an item: its title and the first hundred words after it."""
    return list(_said(item).values()) or [next(iter(item.title.values()), item.id)]


def _said(item: Item) -> dict[str, str]:
    said = {}
    for language in dict.fromkeys([*item.title, *item.text]):
        title = item.title.get(language) or next((name for name in item.title.values() if name), "")
        first = next(passages(item.text.get(language, "")), "")
        # A translated title without its text says less than the text in the other language does.
        if first or (item.title.get(language) and not any(item.text.values())):
            said[language] = _joined(title, first)
    return said


def passages_of(item: Item) -> list[str]:
    """What comes after those: the title with every further hundred words of the text, at most seven times.

    They are compared where somebody has read them already, and never read for it; the worker reads those of calls.
    What a call asks for often stands far below the phrases all calls begin with. nDCG@10 of need to call rose from
    .50 to .59 by them, of needs held out from .59 to .67 (with four passages to .53 and .65).
    """
    said = []
    for language, text in item.text.items():
        title = item.title.get(language) or next((name for name in item.title.values() if name), "")
        said += [_joined(title, part) for part in islice(passages(text), 1, _MOST_PASSAGES)]
    return said


def languages_of(item: Item) -> list[str]:
    """The language of each of its texts, of ``texts_of`` and then of ``passages_of``."""
    further = [language for language, text in item.text.items() for _ in islice(passages(text), 1, _MOST_PASSAGES)]
    return [*(_said(item) or [""]), *further]


def _joined(title: str, part: str) -> str:
    """As it is read, and quoted: a title that ends with a full stop gets no second one."""
    return f"{title.rstrip('. ')}. {part}".strip(". ")


def title_of(item: Item) -> str:
    """The title in the language the item was first written in; the beginning of its text where it has none."""
    said = (*item.title.values(), *(text[:_BEGINNING] for text in item.text.values()))
    return next((title for title in said if title), item.id)


def item_of_call(call: Call) -> Item:
    """A call as something to compare items with."""
    return Item(
        id=call.id,
        kind=ItemKind.OFFER,
        title=call.title,
        owner_id="",
        text=call.summary,
        themes=call.themes,
        countries=call.eligible_countries,
        programme=call.programme,
        source_url=call.provenance.source_url,
    )


def call_texts(calls: Sequence[Call]) -> list[str]:
    """All texts by which calls are compared: let a background job fill them."""
    items = [item_of_call(call) for call in calls]
    return [text for item in items for text in (*texts_of(item), *passages_of(item))]


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors of items, several rows an item.

    Centred rows (r, d), which of them are known (r,), their hubness (r,), zero where nothing was put beside them yet,
    and where each item's rows begin (n,).
    """

    rows: Matrix
    known: npt.NDArray[np.bool_]
    hubs: Matrix
    starts: Places

    def of(self, place: int) -> slice:
        """Where the rows of one item are."""
        end = self.starts[place + 1] if place + 1 < len(self.starts) else len(self.rows)
        return slice(int(self.starts[place]), int(end))

    @property
    def is_single(self) -> bool:
        """Whether every item has one row."""
        return len(self.starts) == len(self.rows)

    def take(self, places: Places) -> Rows:
        """The rows of some items, in the order of ``places``."""
        if self.is_single:
            return Rows(self.rows[places], self.known[places], self.hubs[places], np.arange(len(places)))
        ends = np.append(self.starts[1:], len(self.rows))
        sizes = (ends - self.starts)[places]
        starts = np.cumsum(np.append(0, sizes))[:-1].astype(np.int64)
        at = np.repeat(self.starts[places] - starts, sizes) + np.arange(int(sizes.sum()))
        return Rows(self.rows[at], self.known[at], self.hubs[at], starts)


@dataclass(frozen=True, slots=True)
class ItemTable:
    """Items read once: their texts, vectors of these by encoder, profiles, and how sure each is about each theme.

    ``facts`` are there once the table faces another, ``words`` where they are compared and known.
    """

    items: Sequence[Item]
    texts: Sequence[tuple[str, ...]]
    rows: Mapping[str, Rows]
    profiles: Matrix | None
    about: Matrix
    facts: Facts | None = None
    words: WordRows | None = None

    def __len__(self) -> int:
        return len(self.items)

    def take(self, places: Sequence[int] | Places) -> ItemTable:
        """Some of the items, in the order of ``places``."""
        at = np.asarray(places, np.int64)
        rows = {encoder: held.take(at) for encoder, held in self.rows.items()}
        read = None
        if self.profiles is not None:
            own = replace(self.rows[CAREFUL], rows=self.profiles)
            read = own.take(at).rows
        items, texts = ([listed[place] for place in at.tolist()] for listed in (self.items, self.texts))
        facts = self.facts and self.facts.take(at)
        words = self.words and self.words.take(at.tolist())
        return ItemTable(items, texts, rows, read, self.about[at], facts, words)


def read_items(items: Sequence[Item], vectors: Vectors, sure: Matrix | None = None) -> ItemTable:
    """Items made ready to be compared. The first encoder's vectors are computed where missing, others' looked up.

    ``sure`` is what ``about`` said of them, where somebody has asked already.
    """
    told = [_Told(tuple(texts_of(item)), tuple(passages_of(item))) for item in items]
    rows = {encoder: _rows_of(told, vectors, encoder) for encoder in vectors.encoders}
    texts = [(*one.firsts, *one.further) for one in told]
    return ItemTable(items, texts, rows, _profiles(rows, vectors), about(items, vectors) if sure is None else sure)


@dataclass(frozen=True, slots=True)
class _Told:
    """The texts of an item: those that are read for a comparison, and those that may have been read before."""

    firsts: tuple[str, ...]
    further: tuple[str, ...]


def facing(
    left: ItemTable, right: ItemTable, vectors: Vectors, *, by_words: bool = False
) -> tuple[ItemTable, ItemTable]:
    """Two tables put beside each other: every row is told how near it is to anything on the other side.

    Their words are looked up as well where ``by_words`` and not too many pairs are to be compared.
    """
    lefts, rights = dict(left.rows), dict(right.rows)
    for encoder in vectors.encoders:
        one, other = left.rows[encoder], right.rows[encoder]
        lefts[encoder] = replace(one, hubs=_hubs(one, other, encoder, vectors))
        rights[encoder] = replace(other, hubs=_hubs(other, one, encoder, vectors))
    facts = facts_of(left.items, right.items)
    few = by_words and len(left) * len(right) <= MOST_PAIRS
    words = [
        read_words([_text_of_words(item) for item in side.items], vectors) if few else None for side in (left, right)
    ]
    return (
        replace(left, rows=lefts, facts=facts[0], words=words[0]),
        replace(right, rows=rights, facts=facts[1], words=words[1]),
    )


def _hubs(rows: Rows, others: Rows, encoder: str, vectors: Vectors) -> Matrix:
    """float32 (r,): hubness against texts in general and the other side's, of which a sample stands for many."""
    if not rows.known.any():
        return rows.hubs
    beside = others.rows[others.known]
    beside = beside[np.unique(np.linspace(0, max(len(beside) - 1, 0), min(len(beside), _SAMPLE)).astype(np.int64))]
    general = background(encoder, vectors)
    parts = [rows.rows[at : at + _SAMPLE] for at in range(0, len(rows.rows), _SAMPLE)]
    return np.concatenate([hubness(part, general, beside) for part in parts])


def _rows_of(told: Sequence[_Told], vectors: Vectors, encoder: str) -> Rows:
    texts = [text for one in told for text in (*one.firsts, *one.further)]
    starts = np.cumsum([0, *(len(one.firsts) + len(one.further) for one in told)])[:-1].astype(np.int64)
    if encoder == vectors.encoders[0]:
        vectors.fill([text for one in told for text in one.firsts], encoder)
    rows, known = vectors.known(texts, encoder)
    known &= np.fromiter(map(is_said, texts), bool, len(texts))  # numbers and signs are like nothing
    rows[~known] = 0
    if known.any():
        rows = centred(rows, background(encoder, vectors))
    return Rows(rows, known, np.zeros(len(texts), np.float32), starts)


def _profiles(rows: Mapping[str, Rows], vectors: Vectors) -> Matrix | None:
    """float32 (r, phrases) beside the careful encoder's rows; None where it has read nothing."""
    read = rows.get(CAREFUL)
    return None if read is None or not read.known.any() else profiles(read.rows, vectors)


def about(items: Sequence[Item], vectors: Vectors) -> Matrix:
    """float32 (n, themes) in [0, 1]: how sure it is that each item is about each theme.

    What was declared counts, and so does what the texts say: neither alone is believed fully.
    """
    parts = [_about(part, vectors) for part in batched(items, AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros((0, len(concepts("theme"))), np.float32)


def _about(items: Sequence[Item], vectors: Vectors) -> Matrix:
    places = {concept.code: at for at, concept in enumerate(concepts("theme"))}
    per_item = [texts_of(item) for item in items]
    read = theme_scores([text for listed in per_item for text in listed], vectors)
    starts = np.cumsum([0, *map(len, per_item[:-1])])
    sure = np.maximum.reduceat((_SUREST_READ * read).astype(np.float32), starts, axis=0)
    for at, item in enumerate(items):
        if item.themes:
            sure[at] = _declared(item.themes, sure[at], places)
    return np.asarray(sure, np.float32)


def about_declared(items: Sequence[Item]) -> Matrix:
    """The same by what is declared alone: for items whose texts somebody has read for themes before, a snapshot's."""
    places = {concept.code: at for at, concept in enumerate(concepts("theme"))}
    sure = np.zeros((len(items), len(places)), np.float32)
    for at, item in enumerate(items):
        if item.themes:
            sure[at] = _declared(item.themes, sure[at], places)
    return sure


def _declared(themes: Sequence[str], read: Matrix, places: Mapping[str, int]) -> Matrix:
    """How sure each theme is (themes,), where an item has declared some: reading confirms, it doesn't overrule."""
    sure = read * NOT_DECLARED
    for order, code in enumerate(dict.fromkeys(themes)):
        if (place := places.get(code)) is not None:
            far = PROMINENCE[min(order, len(PROMINENCE) - 1)]
            sure[place] = far * (1 - (1 - read[place]) * (1 - DECLARED))
    return np.asarray(sure, np.float32)
