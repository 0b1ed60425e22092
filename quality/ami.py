"""How far two groupings of the same things agree, beyond what chance gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def adjusted_mutual_information(one: Sequence[object], other: Sequence[object]) -> float:
    """1 where two groupings are the same, about 0 where they have nothing to do with each other.

    Mutual information less what is expected of random groupings of these sizes (hypergeometric model), as a share of
    the mean entropy less the same: Vinh, Epps and Bailey, *Information theoretic measures for clusterings comparison*
    (2010), with the arithmetic mean.
    """
    table = _table(one, other)
    rows, columns, count = table.sum(axis=1), table.sum(axis=0), int(table.sum())
    if len(rows) == len(columns) and len(rows) in (1, count):
        return 1.0
    expected = _expected(rows, columns, count)
    found = table > 0
    chance = np.outer(rows, columns)[found] / count
    mutual = float((table[found] / count * np.log(table[found] / chance)).sum())
    return (mutual - expected) / ((_entropy(rows) + _entropy(columns)) / 2 - expected)


def _table(one: Sequence[object], other: Sequence[object]) -> np.ndarray:
    places = [{label: at for at, label in enumerate(dict.fromkeys(labels))} for labels in (one, other)]
    table = np.zeros((len(places[0]), len(places[1])), np.int64)
    for left, right in zip(one, other, strict=True):
        table[places[0][left], places[1][right]] += 1
    return table


def _entropy(sizes: np.ndarray) -> float:
    shares = sizes / sizes.sum()
    return float(-(shares * np.log(shares)).sum())


def _expected(rows: np.ndarray, columns: np.ndarray, count: int) -> float:
    """Equation 24a: over all pairs of sizes and all numbers of things that two such groups may share."""
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count + 1)))])
    total = 0.0
    for row in rows:
        for column in columns:
            shared = np.arange(max(1, row + column - count), min(row, column) + 1)
            ways = (
                *(log_factorial[row], log_factorial[column], log_factorial[count - row], log_factorial[count - column]),
                *(-log_factorial[count], -log_factorial[shared], -log_factorial[row - shared]),
                *(-log_factorial[column - shared], -log_factorial[count - row - column + shared]),
            )
            likely = np.exp(sum(ways))
            total += float((shared / count * np.log(count * shared / (int(row) * int(column))) * likely).sum())
    return total
