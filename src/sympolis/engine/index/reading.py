"""What a reader holds of one generation: filters, dates and names, all mapped from files that the writer made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from ..model import Query
from ..resolve.name_table import NameTable, Small, WrittenName
from ..resolve.names import NameBook
from .prepare import Prepared

type Mask = npt.NDArray[np.bool_]
type Numbers = npt.NDArray[np.int64]

_TOKENS = "tokens.json"


def filter_groups(query: Query) -> list[list[str]]:
    """Filter tokens of a question: one of each group must be there; nobody reads without an audience."""
    named: Sequence[tuple[str, Sequence[str]]] = (
        ("kind", query.kinds),
        ("country", query.countries),
        ("language", query.languages),
        ("theme", query.themes),
    )
    groups = [[f"{name}:{value}" for value in values] for name, values in named if values]
    return [*groups, [f"audience:{audience}" for audience in query.audiences]]


class Fresh:
    """What was put into an index since its last generation, in order of number."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.earliest: list[int] = []
        self.latest: list[int] = []
        self.tokens: dict[str, list[int]] = {}
        self.owners: list[int] = []
        self.names: list[WrittenName] = []
        self.gone: set[int] = set()

    def put(self, numbers: Iterable[int], documents: Iterable[Prepared]) -> None:
        """Take documents in."""
        for number, document in zip(numbers, documents, strict=True):
            place = len(self.numbers)
            self.numbers.append(number)
            self.earliest.append(document.earliest)
            self.latest.append(document.latest)
            for token in document.filters:
                self.tokens.setdefault(token, []).append(place)
            self.owners += [place] * len(document.names)
            self.names += document.names

    def __bool__(self) -> bool:
        return bool(self.numbers or self.gone)


@dataclass(frozen=True, slots=True)
class Columns:
    """Documents in order of number: their days, and for each filter token the places of those that have it."""

    numbers: Numbers
    earliest: Small
    latest: Small
    tokens: Mapping[str, Small]
    names: NameTable

    @classmethod
    def empty(cls) -> Self:
        """Of no documents."""
        none = np.zeros(0, np.int32)
        return cls(np.zeros(0, np.int64), none, none, {}, NameTable.of((), ()))

    def with_fresh(self, fresh: Fresh) -> Columns:
        """What was there and is not gone, then what is fresh."""
        numbers = np.concatenate([self.numbers, np.array(fresh.numbers, np.int64)])
        stays = ~np.isin(numbers, np.array(sorted(fresh.gone), np.int64))
        places = (np.cumsum(stays) - 1).astype(np.int32)
        start = len(self.numbers)

        def kept(old: Small, new: Sequence[int]) -> Small:
            every = np.concatenate([old, np.array(new, np.int32) + np.int32(start)])
            remapped: Small = places[every[stays[every]]]
            return remapped

        tokens = {name: kept(self.tokens.get(name, _NONE), fresh.tokens.get(name, ())) for name in self._tokens(fresh)}
        return Columns(
            numbers[stays],
            np.concatenate([self.earliest, np.array(fresh.earliest, np.int32)])[stays],
            np.concatenate([self.latest, np.array(fresh.latest, np.int32)])[stays],
            {name: held for name, held in tokens.items() if len(held)},
            self._names(fresh, stays, places),
        )

    def _tokens(self, fresh: Fresh) -> list[str]:
        return sorted(self.tokens.keys() | fresh.tokens.keys())

    def _names(self, fresh: Fresh, stays: Mask, places: Small) -> NameTable:
        owners = np.concatenate([self.names.owners, np.array(fresh.owners, np.int32) + np.int32(len(self.numbers))])
        names = [*self.names.names(), *fresh.names]
        if stays.all():
            return NameTable.of(owners, names)
        held = stays[owners]
        return NameTable.of(places[owners[held]], [name for name, is_here in zip(names, held, strict=True) if is_here])

    def save(self, folder: Path) -> None:
        """Write the files that ``open`` maps."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("numbers", "earliest", "latest"):
            np.save(folder / f"{name}.npy", getattr(self, name))
        ends = np.cumsum([0, *map(len, self.tokens.values())]).tolist()
        np.save(folder / "places.npy", np.concatenate([_NONE, *self.tokens.values()]))
        (folder / _TOKENS).write_text(json.dumps([list(self.tokens), ends], ensure_ascii=False), "utf-8")
        self.names.save(folder)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Raises FileNotFoundError where a file is missing."""
        numbers, earliest, latest, places = (
            np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))
            for name in ("numbers", "earliest", "latest", "places")
        )
        names, ends = json.loads((folder / _TOKENS).read_text("utf-8"))
        tokens = {name: places[ends[at] : ends[at + 1]] for at, name in enumerate(names)}
        return cls(numbers, earliest, latest, tokens, NameTable.open(folder))


_NONE: Small = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The documents that filters and dates let by: a mask over their numbers, which ascend."""

    numbers: Numbers
    mask: Mask
    is_all: bool

    def of(self, documents: Numbers) -> Mask:
        """Which of some documents are let by."""
        if not len(self.numbers) or not len(documents):
            return np.zeros(len(documents), bool)
        first, marks = int(self.numbers[0]), self._marks()
        if documents.min() >= first and documents.max() < first + len(marks):
            return np.asarray(marks[documents - first], bool)
        known = (documents >= first) & (documents < first + len(marks))
        found: Mask = known & marks[np.where(known, documents - first, 0)]
        return found

    def _marks(self) -> Mask:
        """The mask by number, from the first one on: with it a million rows are asked in milliseconds."""
        first, last = int(self.numbers[0]), int(self.numbers[-1])
        if last - first + 1 == len(self.numbers):  # nothing was ever taken away
            return self.mask
        marks: Mask = np.zeros(last - first + 1, bool)
        marks[self.numbers - first] = self.mask
        return marks

    def latest(self, limit: int) -> list[int]:
        """The numbers that came last, the newest first."""
        newest: list[int] = self.numbers[np.flatnonzero(self.mask)[::-1][:limit]].tolist()
        return newest


class Filters:
    """Which documents questions may be answered with."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def narrowing(self, groups: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        """The groups of tokens that leave a document out."""
        count = len(self._columns.numbers)
        return [group for group in groups if not any(len(self._of(token)) == count for token in group)]

    def _of(self, token: str) -> Small:
        return self._columns.tokens.get(token, _NONE)

    def holding(self, token: str, documents: Numbers) -> Mask:
        """Which of some documents have a token."""
        numbers, held = self._columns.numbers, self._of(token)
        if not len(held):
            return np.zeros(len(documents), bool)
        places = np.minimum(np.searchsorted(numbers, documents), len(numbers) - 1)
        nearest = held[np.minimum(np.searchsorted(held, places), len(held) - 1)]
        return np.asarray((nearest == places) & (numbers[places] == documents), bool)

    def in_several_languages(self, documents: Numbers) -> Mask:
        """Which of some documents say something in more than one language."""
        count = np.zeros(len(documents), np.int64)
        for token in self._columns.tokens:
            if token.startswith("language:"):
                count += self.holding(token, documents)
        return count > 1

    def allowed(self, groups: Sequence[Sequence[str]], after: date | None, before: date | None) -> Allowed:
        """The documents with a token of each group, that overlap the time from ``after`` to ``before``."""
        columns = self._columns
        mask: Mask = np.ones(len(columns.numbers), bool)
        narrowing = self.narrowing(groups)
        for group in narrowing:
            one: Mask = np.zeros(len(mask), bool)
            for token in group:
                one[self._of(token)] = True
            mask &= one
        if after is not None:
            mask &= columns.latest >= after.toordinal()
        if before is not None:
            mask &= columns.earliest <= before.toordinal()
        return Allowed(columns.numbers, mask, not narrowing and after is None and before is None)


def book_of(columns: Columns) -> NameBook:
    """What documents are called; a match's id is the number of a document."""
    return NameBook.over(columns.names, columns.numbers)
