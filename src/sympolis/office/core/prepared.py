"""Questions that the same page asks again and again about another record, put into SQL once.

To put a union of nine small questions together takes Django longer than to answer it. The SQL is the same for all who
see the same: officers, visitors, and those who act for the same organisations.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Lookup, Model, QuerySet

from sympolis.office.core.models import User
from sympolis.office.core.queries import Reader, reads_office

KINDS_KEPT = 100
"""More houses than sign in within an hour; of the one asked for longest ago the SQL is made again."""

type Question = Callable[..., QuerySet[Any, Any]]


@dataclass(frozen=True, slots=True)
class Made:
    """A question in SQL, its values, and how the fields it asks for read what the database has."""

    sql: str
    values: list[Any]
    converters: Mapping[int, tuple[Iterable[Callable[..., Any]], Any]]

    def read(self, row: Iterable[Any]) -> list[Any]:
        read = list(row)
        for at, (converters, expression) in self.converters.items():
            for converter in converters:
                read[at] = converter(read[at], expression, connection)
        return read


class Prepared:
    """``question(user, *keys)`` gives a queryset whose SQL depends on nothing but who asks.

    Keys are numbers or words.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        self._known: dict[Hashable, Made] = {}

    def rows(self, user: Reader, *keys: int | str) -> list[tuple[Any, ...]]:
        """The answer for these keys, as the database has it: JSON may be text still."""
        made, values = self.made(user, keys)
        with connection.cursor() as cursor:
            cursor.execute(made.sql, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def read(self, user: Reader, *keys: int | str) -> list[list[Any]]:
        """The same as the fields read it, like rows of ``values_list``."""
        made, values = self.made(user, keys)
        with connection.cursor() as cursor:
            cursor.execute(made.sql, values)
            return [made.read(row) for row in cursor.fetchall()]

    def made(self, user: Reader, keys: tuple[int | str, ...]) -> tuple[Made, list[Any]]:
        """Its SQL, and its values for these keys."""
        kind = _who_asks(user)
        stand_ins = tuple(_stand_in(at, key) for at, key in enumerate(keys))
        known = self._known.get(kind)
        if known is None:
            if len(self._known) >= KINDS_KEPT:
                self._known.pop(next(iter(self._known)), None)
            known = self._known[kind] = self._made(user, stand_ins)
        now = dict(zip(stand_ins, keys, strict=True))
        return known, [now.get(value, value) for value in known.values]

    def _made(self, user: Reader, keys: tuple[int | str, ...]) -> Made:
        compiler = self._question(user, *keys).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        return Made(sql, list(values), compiler.get_converters([expression for expression, *_sql in compiler.select]))


class AmongPrepared(Lookup[Any]):
    """Whether a column is among the keys that a prepared question answers this user with, as a condition of others."""

    prepare_rhs = False

    def __init__(self, column: str, question: Prepared, user: Reader, *keys: int | str) -> None:
        super().__init__(F(column), (question, _who_asks(user), keys))
        self._asked = question, user, keys

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, of_column = self.process_lhs(compiler, connection)
        question, user, keys = self._asked
        made, values = question.made(user, keys)
        return f"{column} IN ({made.sql})", (*of_column, *values)


def rows_of_all(
    user: Reader, asked: Iterable[tuple[Prepared, tuple[int | str, ...]]], most: int | None = None, skip: int = 0
) -> list[tuple[Any, ...]]:
    """The answers of several questions with the same columns, one after the other, in one: each may be sorted and cut,
    which Django's own union has none of. With ``most`` so many of these at most, after those that are skipped."""
    sql, values = sql_of_all(user, asked)
    if not sql:
        return []
    if most is not None:
        sql, values = f"{sql} LIMIT %s OFFSET %s", [*values, most, skip]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def sql_of_all(user: Reader, asked: Iterable[tuple[Prepared, tuple[int | str, ...]]]) -> tuple[str, list[Any]]:
    """The same in SQL with its values, for a question that goes on from there."""
    parts: list[str] = []
    values: list[Any] = []
    for at, (question, keys) in enumerate(asked):
        made, its = question.made(user, keys)
        parts.append(f"SELECT * FROM ({made.sql}) AS part{at}")  # noqa: S608 - Django's own SQL
        values += its
    return " UNION ALL ".join(parts), values


def columns_of(model: type[Model], *names: str) -> list[str]:
    """These columns in the order in which ``from_db`` of a model takes them."""
    return [field.attname for field in model._meta.concrete_fields if field.attname in names]


def exact(number: Any) -> Decimal | None:
    """A number as the database has it: SQLite has no decimals."""
    return number if number is None or isinstance(number, Decimal) else Decimal(str(number))


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
