"""What a reader holds of one generation: filters, dates and names in memory, vectors mapped from their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import numpy.typing as npt

from ..model import Query
from ..resolve.names import NameBook, NameEntry
from .dense import Numbers, Table
from .documents import Documents, filter_tokens, names_of

type Mask = npt.NDArray[np.bool_]

_NO_BEGINNING, _NO_END = 0, 4_000_000


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


@dataclass(frozen=True, slots=True)
class Reading:
    """One generation of an index."""

    generation: int
    numbers: Numbers
    tokens: Mapping[str, Numbers]
    earliest: Numbers
    latest: Numbers
    names: NameBook
    tables: Mapping[str, Table]

    @classmethod
    def of(cls, documents: Documents, tables: Mapping[str, Table], generation: int) -> Self:
        """Read what every question needs."""
        numbers: list[int] = []
        earliest: list[int] = []
        latest: list[int] = []
        tokens: dict[str, list[int]] = {}
        entries = []
        for number, document in documents.all():
            for token in filter_tokens(document):
                tokens.setdefault(token, []).append(len(numbers))
            numbers.append(number)
            earliest.append(document.earliest.toordinal() if document.earliest else _NO_BEGINNING)
            latest.append(document.latest.toordinal() if document.latest else _NO_END)
            if names := names_of(document):
                entries.append(NameEntry(str(number), names))
        return cls(
            generation,
            np.array(numbers, np.int64),
            {token: np.array(held, np.int64) for token, held in tokens.items()},
            np.array(earliest, np.int64),
            np.array(latest, np.int64),
            NameBook(entries),
            tables,
        )

    def allowed(self, groups: Sequence[Sequence[str]], after: date | None, before: date | None) -> Numbers:
        """Ascending numbers of the documents that filters and dates let by."""
        mask: Mask = np.ones(len(self.numbers), bool)
        for group in groups:
            one: Mask = np.zeros(len(self.numbers), bool)
            for token in group:
                if token in self.tokens:
                    one[self.tokens[token]] = True
            mask &= one
        if after is not None:
            mask &= self.latest >= after.toordinal()
        if before is not None:
            mask &= self.earliest <= before.toordinal()
        return self.numbers[mask]
