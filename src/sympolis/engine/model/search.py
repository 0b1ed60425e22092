"""What an index holds, what it is asked and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from .matching import Feature
from .values import Text


@dataclass(frozen=True, slots=True)
class Document:
    """One entry of an index. ``audiences`` says who may find it: public, organisation:<id>, office."""

    id: str
    kind: str
    title: Text
    text: Text = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    earliest: date | None = None
    latest: date | None = None
    audiences: tuple[str, ...] = ("public",)
    source_url: str = ""
    illustrative: bool = False
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """A question to an index. Empty filters filter nothing; a reader without audiences sees what is public.

    ``told`` is how many of the best hits come with the passage that answers, for finding it costs the most; None: all.
    """

    text: str
    kinds: Sequence[str] = ()
    countries: Sequence[str] = ()
    languages: Sequence[str] = ()
    themes: Sequence[str] = ()
    after: date | None = None
    before: date | None = None
    audiences: Sequence[str] = ("public",)
    limit: int = 20
    told: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of an index: the document, its score (fused over lexical and vectors), the passage that answered.

    ``near``: the numbers, in its index, of the passages whose vectors were nearest.
    """

    document: Document
    score: float
    language: str
    passage: str
    features: tuple[Feature, ...] = ()
    near: tuple[int, ...] = ()
