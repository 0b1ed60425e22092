"""64 bits that stand for a text, the same in every process; a few million of them do not meet by chance."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

type Hashes = npt.NDArray[np.uint64]
type Places = npt.NDArray[np.int64]
"""Where bodies stand in the order that they came in."""


def hash_of(key: str) -> int:
    """64 bits of a text."""
    return int.from_bytes(blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def mixed(one: Hashes, other: Hashes) -> Hashes:
    """One hash of two, in this order (the finaliser of splitmix64, after Steele et al. 2014)."""
    found = one * np.uint64(0x9E3779B97F4A7C15) + other
    found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return found ^ (found >> np.uint64(31))
