"""Records by the address without language: linked data for machines, the page for people."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

from sympolis.office.core.models import Record
from sympolis.web.public.addresses import elsewhere, find_record
from sympolis.web.public.linked_data import linked_data

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


def _record(request: HttpRequest, kind: str, public_id: str) -> Record | HttpResponse:
    record = find_record(request.user, public_id)
    if record is None:
        return elsewhere(request, public_id)
    if record.PAGE.replace("_", "-") != kind:
        raise Http404
    return record


def _document(request: HttpRequest, record: Record) -> HttpResponse:
    return JsonResponse(linked_data(request, record), content_type=JSON_LD, json_dumps_params={"ensure_ascii": False})
