"""Records by the address without language: linked data for machines, the page for people."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from sympolis.engine.texts import vocabulary
from sympolis.office.core.models import Record
from sympolis.web.public.addresses import elsewhere, find_record
from sympolis.web.public.linked_data import Node, linked_data
from sympolis.web.public.page_data import PAGES, page_node, theme_node

JSON_LD = "application/ld+json"


def identity(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """303 to the page in the reader's language, or the JSON-LD document to those who ask for it."""
    record = _record(request, kind, public_id)
    if isinstance(record, HttpResponse):
        return record
    if request.get_preferred_type(["text/html", JSON_LD, "application/json"]) in {JSON_LD, "application/json"}:
        answer: HttpResponse = _document(request, record)
    else:
        with translation.override(translation.get_language_from_request(request)):
            answer = redirect(record.get_absolute_url())
            answer.status_code = 303
    patch_vary_headers(answer, ["Accept", "Accept-Language", "Cookie"])
    return answer


def as_linked_data(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    record = _record(request, kind, public_id)
    return record if isinstance(record, HttpResponse) else _document(request, record)


def page_as_linked_data(request: HttpRequest, name: str) -> HttpResponse:
    """A page that is not of one record: the site, a list."""
    if name not in PAGES:
        raise Http404
    return _said(page_node(request, name, getattr(request, "office", None)))


def theme_as_linked_data(request: HttpRequest, code: str) -> HttpResponse:
    if code not in {theme.code for theme in vocabulary.themes()}:
        raise Http404
    return _said(theme_node(request, code, getattr(request, "office", None)))


def _record(request: HttpRequest, kind: str, public_id: str) -> Record | HttpResponse:
    record = find_record(request.user, public_id)
    if record is None:
        return elsewhere(request, public_id)
    if record.PAGE.replace("_", "-") != kind:
        raise Http404
    return record


def _document(request: HttpRequest, record: Record) -> HttpResponse:
    return _said(linked_data(request, record))


def _said(node: Node) -> HttpResponse:
    return JsonResponse(node, content_type=JSON_LD, json_dumps_params={"ensure_ascii": False})
