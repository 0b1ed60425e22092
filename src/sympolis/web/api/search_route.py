"""Search for machines: the same answer the page gives."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from sympolis.office.core import search as index
from sympolis.web.api.interface import api


class HitOut(Schema):
    id: str = Field("", description="Empty for world data")
    kind: str
    title: str
    title_language: str
    passage: str
    passage_language: str
    url: str
    source_url: str
    score: float = Field(description="Puts the answers to one question in order; two questions' scores do not compare")
    is_world_data: bool
    confirmed: bool
    illustrative: bool


class SearchOut(Schema):
    unavailable: bool = Field(description="true: there is no index yet; what is called like that was found")
    facets: dict[str, dict[str, int]]
    hits: list[HitOut]


class Question(Schema):
    q: str = Field(min_length=1, max_length=300)
    kind: list[str] = Field([], max_length=50)
    country: list[str] = Field([], max_length=50)
    theme: list[str] = Field([], max_length=50)
    language: list[str] = Field([], max_length=50)
    after: date | None = None
    before: date | None = None
    reader: Literal["en", "ca", "es", "fr", "ar"] = Field("en", description="The reader's language")
    limit: int = Field(20, ge=1, le=100)


@api.get("/search", response=SearchOut, tags=["Search"])
def search(request: HttpRequest, question: Query[Question]) -> Any:
    found = index.search(
        request.user,
        question.q,
        kinds=question.kind,
        countries=question.country,
        themes=question.theme,
        languages=question.language,
        after=question.after,
        before=question.before,
        language=question.reader,
        limit=question.limit,
    )
    return {"unavailable": found.unavailable, "facets": found.facets, "hits": [hit_row(hit) for hit in found.hits]}


def hit_row(hit: index.SearchHit) -> dict[str, Any]:
    return {
        "id": "" if hit.is_world_data else hit.public_id,
        "kind": hit.kind,
        "title": hit.title.text,
        "title_language": hit.title.language,
        "passage": "".join(words for words, _ in hit.passage),
        "passage_language": hit.passage_language,
        "url": hit.url,
        "source_url": hit.source_url,
        "score": hit.score,
        "is_world_data": hit.is_world_data,
        "confirmed": hit.is_confirmed,
        "illustrative": hit.is_example,
    }
