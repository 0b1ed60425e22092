"""The one API all routes are put on: who may ask, how often, what goes wrong, and how it is described."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from django.utils import translation
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from sympolis.web.api.access import Token, TokenThrottle
from sympolis.web.api.heads import answering_head
from sympolis.web.api.problems import MEDIA_TYPE, Problem, say_problems

DESCRIPTION = """\
Organisations, what links them, and what they do together. What is public needs no key. A token, made on the page of
one's account, reads what its user may see and, where it may, writes what its user may write: `Authorization: Bearer …`.
Whatever goes wrong is told as RFC 9457 has it.
"""
EVERYWHERE = (401, 422, 429)
WRITING = (400, 403, 413)
OF_ONE = (404, 410)
CHANGING = (409, 412, 428)
SAID = {
    400: "This is no JSON.",
    401: "The token is not good, or there is none where one is needed.",
    403: "This user, or this token, may not.",
    404: "Not there, or not for this reader.",
    409: "Another change, or what hangs on it, stands in the way.",
    410: "It was there and was removed.",
    412: "Somebody changed it since: the changes are told.",
    413: "Too much was sent at once.",
    422: "Something in it makes no sense: which field, what, and how to mend it.",
    428: "Which version was seen has to be said.",
    429: "Too many calls in a minute.",
}


class Reader(Parser):
    """JSON that is text to its end: half a letter of UTF-16, which JSON can spell, is kept nowhere."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(request.body)
        json.dumps(body, ensure_ascii=False).encode()
        return body


class Interface(NinjaAPI):
    """With the problems every call may be answered with said in the description, in one place; HEAD wherever GET is."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        patterns = super()._get_urls()
        for one in patterns:
            if isinstance(one, URLPattern):
                one.callback = answering_head(one.callback)
        return patterns

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        with translation.override("en"):
            schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"] |= _problem_schemas()
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                _describe(path, method, operation)
        return schema


def _problem_schemas() -> dict[str, Any]:
    told = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**told.pop("$defs"), "Problem": told}


def _describe(path: str, method: str, operation: dict[str, Any]) -> None:
    statuses = [*EVERYWHERE, *(OF_ONE if "{" in path else ()), *((403,) if path.endswith("/fields") else ())]
    if method == "get":
        operation["security"] = [{}, *operation.get("security", [])]  # a token is taken, and not asked for
        if "{" in path:
            operation["responses"].setdefault(301, {"description": "It was made one with another record."})
    else:
        statuses += [*WRITING, 409, *(CHANGING if method in {"patch", "delete"} or _names_a_version(operation) else ())]
    for status in statuses:
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"].setdefault(status, {"description": SAID[status], "content": content})


def _names_a_version(operation: dict[str, Any]) -> bool:
    """Whether the caller has to say which version was seen."""
    return any(one["name"] == "If-Match" for one in operation.get("parameters", ()))


api = Interface(
    title="Sympolis",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api-v1",
    docs_url=None,
    auth=Token(),
    throttle=[TokenThrottle()],
    parser=Reader(),
)
say_problems(api)
