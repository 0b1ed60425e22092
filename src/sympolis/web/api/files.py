"""Files by programs, sent as a browser sends them (multipart/form-data): logos, and documents on records.

The forms of the pages judge them: how large, of which kind, made afresh; and what has to wait for the office waits.
"""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja import File, Form, Status
from ninja.files import UploadedFile
from pydantic import Field

from sympolis.office.core.models import Document
from sympolis.office.core.proposals.documents import TOO_MANY_FILES, TooManyWait, propose_document
from sympolis.office.core.queries import is_officer
from sympolis.web.api import columns as c
from sympolis.web.api import meeting_columns as m
from sympolis.web.api.fields import Strict, data_of
from sympolis.web.api.interface import api
from sympolis.web.api.problems import Refused, wrong_in_request
from sympolis.web.api.proposal_routes import ProposalOut, proposal_told
from sympolis.web.api.readings import READINGS
from sympolis.web.api.versions import check_version, tag_of
from sympolis.web.api.writing import KEY, MATCH, once, plain, refuse_what_is_wrong, writable_record
from sympolis.web.staff.records.documents import DOCUMENTS, KIND_OF_ID
from sympolis.web.staff.records.kinds import Kind
from sympolis.web.staff.records.saving import keep_change
from sympolis.web.staff.records.tables.directory import ORGANISATIONS


class AboutDocument(Strict):
    """What is known of a file; what is left out is as the page of a new document has it."""

    title: str = Field("", max_length=300, description="Left empty, the name of the file stands here")
    kind: str = Field("", max_length=40, description="agreement, report, minutes…: a code of the list document_kinds")
    language: str = Field("", max_length=10, description="The code of the language it is in")
    version: str = Field("", max_length=100)
    visibility: str = Field("", max_length=20, description="public, network or office")


@api.post(
    "/records/{public_id}/documents",
    response={201: m.DocumentOut, 202: ProposalOut},
    tags=["Writing"],
    openapi_extra=KEY,
)
def add_document(
    request: HttpRequest, response: HttpResponse, public_id: str, about: Form[AboutDocument], file: File[UploadedFile]
) -> Any:
    """Hang a file on a record of any kind: at once where the caller keeps it, else it waits for the office."""
    kind = KIND_OF_ID.get(public_id.partition("_")[0])
    if kind is None or kind is DOCUMENTS:
        raise Http404
    record = writable_record(kind, request.user, public_id)
    _refuse_unknown(request)
    answer = once(request, lambda: _hung_up(request.user, kind, record, about, file))
    if "changes" in answer:
        response["Location"] = answer["url"]
        return Status(202, answer)
    response["Location"] = reverse("api-v1:one_of_documents", kwargs={"public_id": answer["id"]})
    return Status(201, answer)


def _refuse_unknown(request: HttpRequest) -> None:
    """A form leaves out what it does not know, and who wrote *visiblity* would show what they meant to hide."""
    unknown = [{"type": "extra_forbidden", "loc": ("body", "about", name)} for name in request.POST
               if name not in AboutDocument.model_fields]  # fmt: skip
    if unknown:
        wrong = wrong_in_request(unknown)
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, _("Something in the request makes no sense."), errors=wrong)


def _hung_up(user: Any, kind: Kind, record: Any, about: AboutDocument, file: UploadedFile) -> dict[str, Any]:
    document = Document(record=record.public_id, added_by=user)
    said = {name: value for name, value in about.model_dump(exclude_unset=True).items() if value}
    data = data_of(DOCUMENTS.form(instance=document, user=user), said)
    form = DOCUMENTS.form(data, MultiValueDict({"file": [file]}), instance=document, user=user)
    refuse_what_is_wrong(form)
    if is_officer(user) or kind.changeable(user).filter(pk=record.pk).exists():
        DOCUMENTS.keep(form)
        return _row("documents", document, user)
    try:
        return proposal_told(propose_document(user, document))
    except TooManyWait as error:
        raise Refused(HTTPStatus.CONFLICT, str(TOO_MANY_FILES)) from error


@api.post("/documents/{public_id}/file", response={200: m.DocumentOut}, tags=["Writing"], openapi_extra=MATCH)
def replace_file(request: HttpRequest, response: HttpResponse, public_id: str, file: File[UploadedFile]) -> Any:
    """Another file in the place of a document's; the one before goes."""
    return _with_file(request, response, DOCUMENTS, public_id, "file", file)


@api.post(
    "/organisations/{public_id}/logo",
    response={200: c.OrganisationOut, 202: ProposalOut},
    tags=["Writing"],
    openapi_extra=MATCH,
)
def set_logo(request: HttpRequest, response: HttpResponse, public_id: str, logo: File[UploadedFile]) -> Any:
    """A PNG, JPEG, GIF or WebP of 5 MB at most; what is kept is a picture made afresh of its dots."""
    return _with_file(request, response, ORGANISATIONS, public_id, "logo", logo)


@api.delete(
    "/organisations/{public_id}/logo",
    response={200: c.OrganisationOut, 202: ProposalOut},
    tags=["Writing"],
    openapi_extra=MATCH,
)
def remove_logo(request: HttpRequest, response: HttpResponse, public_id: str) -> Any:
    """Without a logo from now on."""
    return _with_file(request, response, ORGANISATIONS, public_id, "logo", None)


def _with_file(
    request: HttpRequest, response: HttpResponse, kind: Kind, public_id: str, name: str, file: UploadedFile | None
) -> Any:
    """One file of a record, in the place of the one before; None takes that away. The rest stays as it is."""
    user: Any = request.user
    record = writable_record(kind, user, public_id)
    check_version(request, kind, record)
    data = data_of(kind.form(instance=record, user=user), {})
    if file is None:
        data[f"{name}-clear"] = "on"
    kept = keep_change(kind, record, user, data, MultiValueDict({name: [file]} if file else {}))
    refuse_what_is_wrong(kept.form)
    if kept.waits:
        response["Location"] = (answer := proposal_told(kept.waits))["url"]
        return Status(202, answer)
    stands = READINGS[kind.name].of(user).get(pk=record.pk)
    response["ETag"] = tag_of(stands)
    return Status(200, READINGS[kind.name].row(stands, user))


def _row(name: str, record: Any, user: Any) -> dict[str, Any]:
    return plain(READINGS[name].row(READINGS[name].of(user).get(pk=record.pk), user))
