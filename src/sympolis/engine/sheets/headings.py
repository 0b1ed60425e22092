"""Which column is which, by its heading, whatever its case, accents and marks. The words are the caller's data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from ..texts.words import words

_ASIDE = re.compile(r"[(\[][^)\]]{0,200}[)\]]|[*:]")


@lru_cache(maxsize=50_000)
def folded(heading: str) -> str:
    """A heading as it is compared: ``Títol_del projecte *`` and ``titol del projecte`` are one."""
    return " ".join(words(heading.replace("_", " ")))


def known_headings(synonyms: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Folded heading -> field; a field's own name is one of its headings."""
    found: dict[str, str] = {}
    for field, written in synonyms.items():
        for heading in (field, *written):
            found.setdefault(folded(str(heading)), field)
    return found


def name_columns(headings: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """For each heading its field, empty for none; where two mean one field the first is taken."""
    named: list[str] = []
    for heading in headings:
        field = known.get(folded(heading)) or known.get(folded(_ASIDE.sub(" ", heading))) or ""
        named.append("" if field in named else field)
    return named
