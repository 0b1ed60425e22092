"""Rows whose names hold the words somebody typed, asked for once where few do."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Model, Q, QuerySet

from sympolis.office.core.queries import OneOf
from sympolis.office.core.texts import folded

FEW = 1_000
FAR = 10
"""So many times as many are few where what they are sorted by lies in another table: there all have to be found."""


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
    keys = few_keys(rows.model, asked)
    return rows.filter(*asked) if keys is None else rows.filter(OneOf("pk", keys))


def few_keys(model: type[Model], asked: list[Q], *, is_sorted_far: bool = False) -> list[int] | None:
    """The keys of all records of which all of ``asked`` is so, whoever may see them; None where these are many."""
    found = model._base_manager.filter(reduce(and_, asked)).order_by().values_list("pk", flat=True)
    few = FEW * FAR if is_sorted_far else FEW
    keys = list(found[: few + 1])
    return keys if len(keys) <= few else None
