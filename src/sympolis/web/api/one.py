"""One record by its id, of every kind, with the version who changes it has to name."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from sympolis.office.core.models import RetiredId
from sympolis.office.core.queries import leads_to
from sympolis.web.api.interface import api
from sympolis.web.api.problems import Refused
from sympolis.web.api.readings import READINGS, Reading
from sympolis.web.api.versions import tag_of


def found_or_gone(records: QuerySet[Any], public_id: str) -> Any:
    """The record with this id. Raises Http404, and Refused with 410 where it was removed."""
    found = records.filter(public_id=public_id).first()
    if found is not None:
        return found
    retired = RetiredId.objects.filter(public_id__in=[public_id, leads_to(public_id)], leads_to="")
    if retired.exists():
        raise Refused(HTTPStatus.GONE, _("This was removed."))
    raise Http404


def _route(reading: Reading) -> Callable[..., Any]:
    def one(request: HttpRequest, response: HttpResponse, public_id: str) -> Any:
        records = reading.of(request.user)
        try:
            record = found_or_gone(records, public_id)
        except Http404:
            stays = leads_to(public_id)
            if not records.filter(public_id=stays).exists():
                raise
            return HttpResponsePermanentRedirect(f"{request.path.rpartition('/')[0]}/{stays}")
        response["ETag"] = tag_of(record)
        return reading.row(record, request.user)

    one.__name__ = f"one_of_{reading.name}"
    return one


for _reading in READINGS.values():
    api.get(
        f"/{_reading.name}/{{public_id}}",
        response=_reading.columns,
        tags=["One record"],
        summary=f"One of {_reading.name}",
    )(_route(_reading))
