"""Columns of sketches as arrays."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .hashes import Hashes, Places


def numbers(table: pa.Table, column: str) -> Hashes:
    """A column of hashes."""
    return np.asarray(table[column].combine_chunks(), np.uint64)


def listed(table: pa.Table, column: str) -> tuple[Places, Hashes]:
    """The hashes of all bodies one after another, and the place of the body that each is of."""
    lists = table[column].combine_chunks()
    each = np.asarray(lists.value_lengths(), np.int64)
    return np.repeat(np.arange(len(each)), each), np.asarray(lists.flatten(), np.uint64)


def words_of_names(table: pa.Table) -> tuple[Places, Places, Hashes]:
    """The place of the body that each name is of; the number of the name that each word is of; the words."""
    names = table["names"].combine_chunks()
    each = np.asarray(names.value_lengths(), np.int64)
    words = names.flatten()
    lengths = np.asarray(words.value_lengths(), np.int64)
    owners = np.repeat(np.arange(len(each)), each)
    return owners, np.repeat(np.arange(len(lengths)), lengths), np.asarray(words.flatten(), np.uint64)
