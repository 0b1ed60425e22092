"""Questions that the same page asks again and again about another record, put into SQL once.

To put a union of nine small questions together takes Django longer than to answer it. The SQL is the same for all who
see the same: officers, visitors, and those who act for the same organisations.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from sympolis.office.core.models import User
from sympolis.office.core.queries import Reader, reads_office

KINDS_KEPT = 100
"""More houses than sign in within an hour; of the one asked for longest ago the SQL is made again."""

type Question = Callable[..., QuerySet[Any, Any]]
type Sql = tuple[str, list[Any]]


class Prepared:
    """``question(user, *keys)`` gives a queryset whose SQL depends on nothing but who asks.

    Keys are numbers or words. Rows come as the database has them: JSON may be text still.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        self._known: dict[Hashable, Sql] = {}

    def rows(self, user: Reader, *keys: int | str) -> list[tuple[Any, ...]]:
        """The answer for these keys."""
        sql, values = self._sql(user, keys)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _sql(self, user: Reader, keys: tuple[int | str, ...]) -> Sql:
        kind = _who_asks(user)
        stand_ins = tuple(_stand_in(at, key) for at, key in enumerate(keys))
        known = self._known.get(kind)
        if known is None:
            if len(self._known) >= KINDS_KEPT:
                self._known.pop(next(iter(self._known)), None)
            known = self._known[kind] = self._made(user, stand_ins)
        sql, values = known
        now = dict(zip(stand_ins, keys, strict=True))
        return sql, [now.get(value, value) for value in values]

    def _made(self, user: Reader, keys: tuple[int | str, ...]) -> Sql:
        sql, values = self._question(user, *keys).query.sql_with_params()
        return sql, list(values)


def _who_asks(user: Reader) -> Hashable:
    """The same for all who see the same."""
    if reads_office(user):
        return "office"
    if not isinstance(user, User):
        return "visitor"
    return (user.is_inside, *sorted(user.roles.items()))


def _stand_in(at: int, key: int | str) -> int | str:
    """A key that no record has, to be found again among the values of the SQL."""
    return f"\x00key {at}" if isinstance(key, str) else -(2**40) - at
