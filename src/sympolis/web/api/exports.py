"""All of it at once for other tools: entities of FollowTheMoney, and a map as GeoJSON. Written as they are read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query
from pydantic import Field

from sympolis.web.api.entities import entities, line_of
from sympolis.web.api.interface import api
from sympolis.web.api.lists import AsOf, moment_of
from sympolis.web.api.map_features import features

FTM, GEOJSON = "application/json+ftm", "application/geo+json"


class MapOf(AsOf):
    what: list[Literal["organisations", "relations", "projects"]] = Field(
        ["organisations", "relations", "projects"], max_length=3, description="Points of the first, lines of the others"
    )


def _said(media_type: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {200: {"description": words, "content": {media_type: {"schema": schema}}}}}


@api.get(
    "/entities.ftm.json",
    tags=["All at once"],
    openapi_extra=_said(FTM, "An entity a line", {"type": "string"}),
)
def entities_ftm(request: HttpRequest, which: Query[AsOf]) -> Any:
    """Organisations, relations, projects, agreements and events as FollowTheMoney, an entity a line; for officers
    people too."""
    lines = map(line_of, entities(request.user, moment_of(which)))
    return _streamed(lines, FTM, "entities.ftm.json")


@api.get(
    "/map.geojson",
    tags=["All at once"],
    openapi_extra=_said(GEOJSON, "A FeatureCollection", {"type": "object", "required": ["type", "features"]}),
)
def map_geojson(request: HttpRequest, which: Query[MapOf]) -> Any:
    """Organisations that have a place, relations and projects between them."""
    return _streamed(collection(features(request.user, list(which.what), moment_of(which))), GEOJSON, "map.geojson")


def collection(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A FeatureCollection written a feature at a time."""
    yield '{"type": "FeatureCollection", "features": ['
    before = "\n"
    for one in found:
        yield before + written(one)
        before = ",\n"
    yield "\n]}\n"


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _streamed(lines: Iterable[str], media_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
