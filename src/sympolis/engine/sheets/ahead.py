"""A look at the first rows of a table that can be read only once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .rows import UnreadableSheet


def look_ahead[Row](rows: Iterator[Row], most: int) -> tuple[Sequence[Row], Iterator[Row]]:
    """The first rows, and all of them: a table that breaks among the first breaks only after they are given out."""
    first: list[Row] = []
    broken: UnreadableSheet | None = None
    try:
        while len(first) < most:
            first.append(next(rows))
    except StopIteration:
        pass
    except UnreadableSheet as error:
        broken = error
    return first, _all(first, broken, rows)


def _all[Row](first: Sequence[Row], broken: UnreadableSheet | None, rows: Iterator[Row]) -> Iterator[Row]:
    yield from first
    if broken is not None:
        raise broken
    yield from rows
