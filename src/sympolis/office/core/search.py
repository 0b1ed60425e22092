"""Search over the office's records and the world's open data, as far as the reader may see.

The index is asked with the reader's audiences, and every hit is looked up again through the room's own
``visible_…``: nothing of a record the reader may not see is shown or counted, whatever the index still holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet, Value

from sympolis.engine.index import search_both
from sympolis.engine.model import Hit, Query
from sympolis.office.core.enums import Visibility
from sympolis.office.core.highlighting import Piece, highlighted
from sympolis.office.core.indexing import record_id
from sympolis.office.core.models import Record, User, page_address
from sympolis.office.core.queries import Reader, open_visibilities
from sympolis.office.core.readers import atlas_index, office_index
from sympolis.office.core.searchable import NETWORK, OFFICE, PUBLIC, linked_to_office, prefix_of, searchables
from sympolis.office.core.texts import Text, Written, folded

LONGEST_QUESTION = 2_000
_CANDIDATES = 150
_NAMED = ("org", "prj", "cal", "eve")


class Records:
    """The records behind an answer's hits, fetched kind by kind when somebody asks for one."""

    def __init__(self, user: Reader, public_ids: Iterable[str]) -> None:
        self._user = user
        self._wanted = list(public_ids)
        self._found: dict[str, dict[str, Record]] = {}

    def get(self, public_id: str) -> Record | None:
        prefix = prefix_of(public_id)
        if prefix not in self._found:
            ids = [one for one in self._wanted if prefix_of(one) == prefix]
            records = searchables()[prefix].visible(self._user).filter(public_id__in=ids)
            self._found[prefix] = {record.public_id: record for record in records}
        return self._found[prefix].get(public_id)


@dataclass(frozen=True)
class SearchHit:
    """One answer, ready to be shown. ``passage`` is cut into pieces, those that were asked for marked."""

    public_id: str
    kind: str
    title: Written
    passage: list[Piece]
    passage_language: str
    url: str
    source_url: str
    score: float
    is_world_data: bool = False
    is_example: bool = False
    is_confirmed: bool = True
    _records: Records | None = field(default=None, repr=False, compare=False)

    @cached_property
    def record(self) -> Record | None:
        """The record itself, fetched when asked for; None for the world's data."""
        return self._records.get(self.public_id) if self._records else None


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Hits, best first, and how many of all that were found have each value. ``unavailable``: found by name only."""

    hits: list[SearchHit]
    facets: dict[str, dict[str, int]]
    unavailable: bool = False


def search(
    user: Reader,
    text: str,
    *,
    kinds: Sequence[str] = (),
    countries: Sequence[str] = (),
    themes: Sequence[str] = (),
    languages: Sequence[str] = (),
    after: date | None = None,
    before: date | None = None,
    language: str = "en",
    limit: int = 50,
) -> SearchAnswer:
    """What answers ``text``, or without it everything the filters let by; titles come in the reader's language."""
    text = text.replace("\x00", " ").strip()[:LONGEST_QUESTION]
    office = office_index()
    if office is None:
        return _by_name(user, text, kinds, language, limit)
    query = Query(
        text=text,
        kinds=kinds,
        countries=countries,
        themes=themes,
        languages=languages,
        after=after,
        before=before,
        audiences=reader_audiences(user),
        limit=max(_CANDIDATES, limit),
        told=limit,
    )
    hits = _one_a_record(search_both(atlas_index(), office, query))
    seen = _seen(user, hits)
    return SearchAnswer(shown_hits(user, seen, seen.hits[:limit], text, language), _facets(seen.hits))


@dataclass(frozen=True, slots=True)
class SeenHits:
    """Hits that the reader may see, best first, and the slug and id of the page of each that is a record of ours."""

    hits: list[Hit]
    pages: dict[str, tuple[str, str]]


def seen_hits(user: Reader, query: Query, *, world: bool = True) -> SeenHits | None:
    """What the reader may see of what answers, without passages and without what only the office may find it by.

    None where there is no index to ask. ``world``: with the world's data.
    """
    office = office_index()
    if office is None:
        return None
    asked = replace(query, audiences=reader_audiences(user), told=0)
    hits = search_both(atlas_index() if world else None, office, asked)
    return _seen(user, [hit for hit in hits if record_id(hit.document.id) == hit.document.id])


def told_hits(hits: Sequence[Hit], query: Query) -> list[Hit]:
    """The same hits, each with the passage that answers, in the same order."""
    told: dict[str, Hit] = {}
    for index, ours in ((office_index(), True), (atlas_index(), False)):
        if index is not None:
            mine = [hit for hit in hits if _is_ours(hit) is ours]
            told |= {hit.document.id: hit for hit in index.tell(mine, query)}
    return [told.get(hit.document.id, hit) for hit in hits]


def shown_hits(user: Reader, seen: SeenHits, hits: Iterable[Hit], text: str, language: str) -> list[SearchHit]:
    """Some of the hits that were seen, ready to be shown."""
    records = Records(user, seen.pages)
    return [_shown(hit, text, language, seen.pages, records) for hit in hits]


def _seen(user: Reader, hits: Sequence[Hit]) -> SeenHits:
    pages = _pages(user, (hit.document.id for hit in hits if _is_ours(hit)))
    adopted = _adopted(hit.document.id for hit in hits if not _is_ours(hit))
    shown = [hit for hit in hits if (hit.document.id in pages if _is_ours(hit) else hit.document.id not in adopted)]
    return SeenHits(shown, pages)


def reader_audiences(user: Reader) -> tuple[str, ...]:
    """The tokens by which entries of the index are for this reader."""
    if not isinstance(user, User) or not user.is_active:
        return (PUBLIC,)
    if user.reads_office:
        return (PUBLIC, NETWORK, OFFICE)
    own = user.memberships.values_list("organisation__public_id", flat=True)
    inside = (NETWORK,) if Visibility.NETWORK in open_visibilities(user) else ()
    return (PUBLIC, *inside, *(f"organisation:{public_id}" for public_id in own))


def _is_ours(hit: Hit) -> bool:
    """Ids of the office's records are a prefix and twelve signs; those of the world's data are ``source:id``."""
    return ":" not in hit.document.id


def _one_a_record(hits: Iterable[Hit]) -> list[Hit]:
    """The better of a record's entries stands for it, under the record's id."""
    best: dict[str, Hit] = {}
    for hit in hits:
        public_id = record_id(hit.document.id)
        if public_id not in best:
            best[public_id] = _as_record(hit, public_id)
    return list(best.values())


def _as_record(hit: Hit, public_id: str) -> Hit:
    return hit if hit.document.id == public_id else replace(hit, document=replace(hit.document, id=public_id))


def _pages(user: Reader, public_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The slug and id of the page of each of these records the reader may see, in one query for all kinds."""
    by_prefix: dict[str, list[str]] = {}
    for one in public_ids:
        by_prefix.setdefault(prefix_of(one), []).append(one)
    queries: list[QuerySet[Any, Any]] = []
    for prefix, ids in by_prefix.items():
        if searchable := searchables().get(prefix):
            seen = searchable.visible(user).filter(public_id__in=ids)
            queries.append(seen.order_by().values_list("public_id", F(searchable.page_slug), F(searchable.page_id)))
    if not queries:
        return {}
    rows = queries[0].union(*queries[1:], all=True).order_by() if len(queries) > 1 else queries[0]
    return {public_id: (slug or "", page_id or "") for public_id, slug, page_id in rows}


def _adopted(atlas_ids: Iterable[str]) -> Collection[str]:
    """Which records of the world's data the office keeps itself: those are shown as its own."""
    wanted = list(atlas_ids)
    if not wanted:
        return ()
    by_source: dict[str, list[str]] = {}
    for one in wanted:
        source, _, source_id = one.partition(":")
        by_source.setdefault(source, []).append(source_id)
    # Source by source: so the index of both is used.
    known = reduce(or_, (Q(source=source, source_id__in=ids) for source, ids in by_source.items()))
    queries = [
        one.model.objects.filter(known).order_by().values_list("source", "source_id", Value(0))
        for one in searchables().values()
        if one.prefix in _NAMED
    ]
    kept = {f"{source}:{source_id}" for source, source_id, _ in queries[0].union(*queries[1:], all=True).order_by()}
    return (kept & set(wanted)) | linked_to_office(wanted)


def _shown(hit: Hit, text: str, language: str, pages: dict[str, tuple[str, str]], records: Records) -> SearchHit:
    document = hit.document
    title = Text.of(**document.title).best(language)
    passage = hit.passage.removeprefix(document.title.get(hit.language, "")).lstrip(". ") if hit.passage else ""
    ours = _is_ours(hit)
    return SearchHit(
        public_id=document.id,
        kind=document.kind,
        title=title,
        passage=highlighted(passage, text),
        passage_language=hit.language,
        url=_address(*pages[document.id]) if ours else document.source_url,
        source_url=document.source_url,
        score=hit.score,
        is_world_data=not ours,
        is_example=document.illustrative,
        is_confirmed=document.confirmed,
        _records=records if ours else None,
    )


def _address(slug: str, public_id: str) -> str:
    """The address of a record's public page; empty for what has none."""
    searchable = searchables().get(prefix_of(public_id))
    page = searchable.model.PAGE if searchable else ""
    return page_address(page, slug or page, public_id) if page else ""


def _facets(hits: Sequence[Hit]) -> dict[str, dict[str, int]]:
    """How many hits each choice leaves. Examples are found but never counted: theirs alone is 0."""
    counts = {name: Counter[str]() for name in ("kind", "country", "theme", "language")}
    for hit in hits:
        document = hit.document
        one = 0 if document.illustrative else 1
        counts["kind"][document.kind] += one
        for code in dict.fromkeys(document.countries):
            counts["country"][code] += one
        for code in dict.fromkeys(document.themes):
            counts["theme"][code] += one
        for code in dict.fromkeys((*document.title, *document.text)):
            if code:
                counts["language"][code] += one
    return {name: dict(counted.most_common()) for name, counted in counts.items()}


def _by_name(user: Reader, text: str, kinds: Sequence[str], language: str, limit: int) -> SearchAnswer:
    """What is called like that, while there is no index to ask."""
    hits: list[SearchHit] = []
    for prefix in _NAMED:
        searchable = searchables()[prefix]
        kind = searchable.model.PAGE
        if kinds and kind not in kinds:
            continue
        for record in searchable.visible(user).filter(folded__contains=folded(text))[:limit]:
            hits.append(
                SearchHit(
                    public_id=record.public_id,
                    kind=kind,
                    title=record.title_text().best(language),
                    passage=[],
                    passage_language="",
                    url=record.get_absolute_url(),
                    source_url=record.source_url,
                    score=0.0,
                    is_example=record.illustrative,
                    is_confirmed=record.confirmed,
                )
            )
    return SearchAnswer(hits[:limit], {"kind": dict(Counter(hit.kind for hit in hits))}, unavailable=True)
