"""Rows whose names hold the words somebody typed, asked for once where few do."""

from __future__ import annotations

from functools import cached_property, reduce
from operator import and_
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet

from sympolis.office.core.queries import OneOf
from sympolis.office.core.texts import folded

FEW = 1_000
MOST_COUNTED = 10**9


def words_of(question: str) -> list[str]:
    """Each word once, as names are kept; first what is likely to be rare: a database begins with what it reads first.
    A number is rarer than a word, and a long word than a short one."""
    words = dict.fromkeys(folded(question).split())
    return sorted(words, key=lambda word: (not any(sign.isdigit() for sign in word), -len(word)))


def containing[M: Model](rows: QuerySet[M, Any], question: str) -> QuerySet[M, Any]:
    """Rows whose names hold every word of the question, accents and scripts aside."""
    return narrowed(rows, [Q(folded__contains=word) for word in words_of(question)])


def narrowed[M: Model](rows: QuerySet[M, Any], asked: list[Q]) -> QuerySet[M, Any]:
    """Rows of which all of ``asked`` is so.

    Where that leaves few, they are looked for here, once, out of all there are, whoever asks: what counts, sorts and
    shows them then begins with their keys. Where it leaves many, the first are soon found in whatever order.
    """
    if not asked:
        return rows
    keys = few_keys(rows.model._base_manager.all(), asked)
    return rows.filter(*asked) if keys is None else rows.filter(OneOf("pk", keys))


def few_keys(rows: QuerySet[Any, Any], asked: list[Q]) -> list[int] | None:
    """The keys of rows of which all of ``asked`` is so; None where these are many."""
    found = rows.filter(reduce(and_, asked)).order_by().values_list("pk", flat=True)
    keys = list(found[: FEW + 1])
    return keys if len(keys) <= FEW else None


class ManyFound(Paginator[Any]):
    """Pages of rows that are too many to be counted each time: of more than ``FEW`` it is told that there are more
    than these, and on any later page more than those up to its end."""

    def __init__(self, rows: QuerySet[Any], per_page: int, number: str | None, *, is_known: bool = False) -> None:
        super().__init__(rows, per_page)
        self._rows = rows
        try:
            shown = int(number or 1) * per_page
        except ValueError:
            shown = 0
        self._most = max(FEW, min(shown, MOST_COUNTED))
        self._is_known = is_known and self._most == FEW  # somebody found as many already

    @cached_property
    def count(self) -> int:
        return self._most + 1 if self._is_known else self._rows.order_by()[: self._most + 1].count()

    @property
    def more_than(self) -> int | None:
        """What is sure where not all were counted."""
        return self._most if self.count > self._most else None
