"""HEAD: what GET would answer, without its body. The library knows only the methods that routes name."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

type View = Callable[..., HttpResponseBase]


def answering_head(view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        try:
            answer = view(request, *args, **kwargs)
        finally:
            if is_head:
                request.method = "HEAD"
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = {one.strip() for one in answer.headers["Allow"].split(",")}
            answer.headers["Allow"] = ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
        return _without_body(answer) if is_head else answer

    return answered


def _without_body(answer: HttpResponseBase) -> HttpResponseBase:
    """Of a long list no row is read; of anything else the length is told."""
    if isinstance(answer, StreamingHttpResponse):
        answer.streaming_content = iter(())
    elif isinstance(answer, HttpResponse):
        answer.headers["Content-Length"] = str(len(answer.content))
        answer.content = b""
    return answer
