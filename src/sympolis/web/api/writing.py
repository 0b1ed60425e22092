"""Adding, changing and removing records, of every kind that has a form: the forms and the actions of the pages.

What a page refuses is refused here, what a page keeps is kept here: history, index and the rights of each user come
along by themselves.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja import Query, Schema, Status
from ninja.responses import NinjaJSONEncoder
from pydantic import Field, create_model

from sympolis.office.core.api_tokens import keep_answer, kept_answer
from sympolis.office.core.forms import RecordForm
from sympolis.office.core.queries import is_officer
from sympolis.office.core.templatetags.show import plain as plain_title
from sympolis.office.directory.models import Post
from sympolis.office.directory.queries import proposable_people
from sympolis.web.api.fields import Strict, data_of, said_by, schema_of, writable
from sympolis.web.api.interface import api
from sympolis.web.api.one import found_or_gone
from sympolis.web.api.problems import Refused, wrong_in
from sympolis.web.api.proposal_routes import ProposalOut, address_of, proposal_told
from sympolis.web.api.versions import check_version, tag_of, version_of
from sympolis.web.staff.records.cells import in_words, written
from sympolis.web.staff.records.documents import KINDS
from sympolis.web.staff.records.kinds import Kind
from sympolis.web.staff.records.removal import Hanging, consequences_by_name, staying_without
from sympolis.web.staff.records.saving import keep_change, keep_new, may_add
from sympolis.web.staff.records.tables.directory import POSTS

LONGEST_KEY = 200


class Along(Schema):
    along: bool = Field(False, description="true: remove too what hangs on it, as the problem without it told")


def told(kind: Kind, record: Any, user: Any) -> dict[str, Any]:
    """A record as it stands, to who may write it."""
    form = kind.form(instance=record, user=user)
    return {
        "id": record.public_id,
        "version": version_of(record),
        "url": record.get_absolute_url() if record.PAGE else "",
        "fields": said_by(form),
        "waits": [],  # fields whose change the office reads first
        "proposal": "",  # where it says what became of them
    }


def add(request: HttpRequest, kind: Kind, body: Strict, first: Any = None, on: Any = None) -> dict[str, Any]:
    """A new record out of what was sent, or what waits for the office; ``on`` is what it hangs on. With
    ``Idempotency-Key`` the same call once more adds nothing."""
    user: Any = request.user

    def made() -> dict[str, Any]:
        form = kind.form(data_sent(kind.form(user=user, **_on(first)), body), _no_files(), user=user, **_on(first))
        refuse_what_is_wrong(form)
        kept = keep_new(kind, form, user, on=on)
        refuse_what_is_wrong(form)
        return proposal_told(kept.waits) if kept.waits else told(kind, _as_kept(form.instance), user)

    return once(request, made)


def once(request: HttpRequest, made: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer to what ``made`` keeps, in one transaction; to the same call with the same ``Idempotency-Key`` the
    answer it got before."""
    user: Any = request.user
    key, asked = request.headers.get("Idempotency-Key", ""), _fingerprint(request)
    if len(key) > LONGEST_KEY:
        raise Refused(HTTPStatus.BAD_REQUEST, _("The header Idempotency-Key is longer than 200 letters."))
    if key and (before := _answer_before(user, key, asked)):
        return before
    try:
        with transaction.atomic():
            answer = plain(made())
            if key:
                keep_answer(user, key, asked, answer)
    except IntegrityError:
        before = _answer_before(user, key, asked) if key else None
        if before is None:
            raise
        return before
    return answer


def change(request: HttpRequest, kind: Kind, public_id: str, body: Strict) -> tuple[HTTPStatus, dict[str, Any]]:
    """What was sent is written, the rest stays; ``ACCEPTED`` where all of it waits for the office."""
    user: Any = request.user
    record = writable_record(kind, user, public_id)
    check_version(request, kind, record)
    shown = kind.form(instance=record, user=user)
    kept = keep_change(kind, record, user, data_sent(shown, body), _no_files())
    refuse_what_is_wrong(kept.form)
    waits = sorted(kept.waits.changes.values_list("field", flat=True)) if kept.waits else []
    proposal = address_of(kept.waits) if kept.waits else ""
    status = HTTPStatus.ACCEPTED if kept.waits and not kept.is_saved else HTTPStatus.OK
    return status, plain({**told(kind, _as_kept(record), user), "waits": waits, "proposal": proposal})


@transaction.atomic
def remove(request: HttpRequest, kind: Kind, public_id: str, along: bool) -> None:
    """Away for a month, then for good. What hangs on it is said first, and goes where the caller says so."""
    record = _changeable(kind, request.user, public_id)
    if kind.removed_by_office and not is_officer(request.user):
        raise PermissionDenied(_("Only the office removes this."))
    check_version(request, kind, record)
    going, briefs = consequences_by_name(record, request.user)
    if briefs:
        told = {"hanging": _by_name([briefs])}
        raise Refused(HTTPStatus.CONFLICT, _("Briefs rest on this record: it can't be removed."), **told)
    if going and not along:
        what = " · ".join(str(one) for one in going)
        told = {"hanging": _by_name(going), "staying": _by_name(staying_without(record, request.user))}
        detail = _("This would go along: %(what)s. Send along=true to remove it all.") % {"what": what}
        raise Refused(HTTPStatus.CONFLICT, detail, **told)
    kind.remove(record, request.user)


def _by_name(found: Iterable[Hanging | str]) -> list[dict[str, Any]]:
    """What hangs on a record: how many of each kind, and the first of them as far as the caller may see them."""
    return [
        {
            "what": one.words,
            "count": one.count,
            "first": [{"title": plain_title(title), "url": url} for title, url in one.first],
        }
        for one in found
        if isinstance(one, Hanging)
    ]


def _on(first: Any) -> dict[str, Any]:
    """A record begun elsewhere, such as a post of somebody."""
    return {} if first is None else {"instance": first()}


def data_sent(shown: RecordForm, body: Strict) -> Any:
    """What was sent as a browser would send it. Raises PermissionDenied for fields this writer is not asked for."""
    sent = body.model_dump(exclude_unset=True)
    if hidden := [name for name in sent if name not in writable(shown)]:
        names = ", ".join(hidden)
        raise PermissionDenied(_("You may not write these fields: %(names)s. Leave them out.") % {"names": names})
    return data_of(shown, sent)


def _no_files() -> MultiValueDict[str, Any]:
    return MultiValueDict()


def refuse_what_is_wrong(form: RecordForm) -> None:
    """Raises Refused where somebody else wrote the same meanwhile, or where the form is not right."""
    if form.clashes:
        theirs = [
            {"field": name, "before": "", "after": written(in_words(form.fields[name], now))}
            for name, now in form.clashes
        ]
        raise Refused(
            HTTPStatus.CONFLICT,
            _("Somebody else changed this while you were writing."),
            changes=theirs,
            errors=wrong_in(form),
        )
    if not form.is_valid():
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, _("Nothing was kept. Mend these fields."), errors=wrong_in(form))


def _changeable(kind: Kind, user: Any, public_id: str) -> Any:
    """The record, where this user may change it. Who only sees it is told so; for others there is none."""
    return _among(kind.changeable(user), kind, user, public_id)


def writable_record(kind: Kind, user: Any, public_id: str) -> Any:
    """The same where the user may write at it, be it that the office reads it first."""
    return _among(kind.writable(user), kind, user, public_id)


def _among(records: QuerySet[Any], kind: Kind, user: Any, public_id: str) -> Any:
    try:
        return found_or_gone(records, public_id)
    except Http404:
        if kind.visible(user).filter(public_id=public_id).exists():
            raise PermissionDenied(_("You may read this, but not change it.")) from None
        raise


def _as_kept(record: Any) -> Any:
    return type(record)._base_manager.get(pk=record.pk)


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """The same without anything but JSON in it, so that it can be kept and said again."""
    found: dict[str, Any] = json.loads(json.dumps(answer, cls=NinjaJSONEncoder))
    return found


def _fingerprint(request: HttpRequest) -> str:
    """Of what was asked; where files came with it, of these: they were read from the body, which is gone."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    digest.update(json.dumps(sorted(request.POST.lists())).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(f"\n{name}\n{file.name}\n".encode())
            for chunk in file.chunks():
                digest.update(chunk)
    return digest.hexdigest()


def _answer_before(user: Any, key: str, asked: str) -> dict[str, Any] | None:
    kept = kept_answer(user, key)
    if kept is None:
        return None
    if kept.asked != asked:
        raise Refused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("This Idempotency-Key was sent with something else before. Make a new key for a new record."),
        )
    return dict(kept.answer)


def _with_address(response: HttpResponse, kind: Kind, answer: dict[str, Any]) -> dict[str, Any]:
    response["ETag"] = f'"{answer["version"]}"'
    response["Location"] = reverse(f"api-v1:one_of_{kind.name}", kwargs={"public_id": answer["id"]})
    return answer


def _added(response: HttpResponse, kind: Kind, answer: dict[str, Any]) -> Any:
    """What was added with its own address, or what waits for the office with that of the proposal."""
    if "changes" not in answer:
        return Status(201, _with_address(response, kind, answer))
    response["Location"] = answer["url"]
    return Status(202, answer)


def _header(name: str, words: str, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": LONGEST_KEY, "pattern": r"^[ -~]*$"}
    return {"in": "header", "name": name, "required": required, "description": words, "schema": schema}


KEY = {
    "parameters": [_header("Idempotency-Key", "Any word of your own. The same call with it once more adds nothing.")]
}
MATCH = {"parameters": [_header("If-Match", "The version that was read; * whatever it is now.")]}


def _open_routes(kind: Kind) -> None:
    model = kind.form._meta.model.__name__
    fields = schema_of(kind.form, f"{model}Fields")
    answer = create_model(
        f"{model}Written", __base__=Schema, id=str, version=str, url=str, fields=fields, waits=list[str], proposal=str
    )
    added = {201: answer, 202: ProposalOut}
    one = f"/{kind.name}/{{public_id}}"
    how: dict[str, Any] = {"tags": ["Writing"], "exclude_unset": True}

    def read_fields(request: HttpRequest, response: HttpResponse, public_id: str) -> Any:
        record = writable_record(kind, request.user, public_id)
        response["ETag"] = tag_of(record)
        return told(kind, record, request.user)

    def add_one(request: HttpRequest, response: HttpResponse, body: fields) -> Any:  # type: ignore[valid-type]
        if not may_add(kind, request.user):
            raise PermissionDenied(_("You may not add this."))
        return _added(response, kind, add(request, kind, body))

    def change_one(
        request: HttpRequest, response: HttpResponse, public_id: str, body: fields  # type: ignore[valid-type]
    ) -> Any:  # fmt: skip
        status, answer = change(request, kind, public_id, body)
        return Status(int(status), _with_address(response, kind, answer))

    def remove_one(request: HttpRequest, public_id: str, which: Query[Along]) -> Any:
        remove(request, kind, public_id, which.along)
        return Status(204, None)

    def add_post(
        request: HttpRequest, response: HttpResponse, public_id: str, body: fields  # type: ignore[valid-type]
    ) -> Any:  # fmt: skip
        person = get_object_or_404(proposable_people(request.user), public_id=public_id)
        answer = add(request, kind, body, first=lambda: Post(person=person), on={"person": person})
        return _added(response, kind, answer)

    def put_on(method: Callable[..., Any], path: str, view: Any, words: str, response: Any, **more: Any) -> None:
        view.__name__ = f"{view.__name__}_{kind.name}"
        method(path, response=response, summary=f"{words} {kind.name}", **how, **more)(view)

    put_on(api.get, f"{one}/fields", read_fields, "What may be written of one of", answer)
    put_on(api.patch, one, change_one, "Change one of", {200: answer, 202: answer}, openapi_extra=MATCH)
    put_on(api.delete, one, remove_one, "Remove one of", {204: None}, openapi_extra=MATCH)
    if kind.permission:
        put_on(api.post, f"/{kind.name}", add_one, "Add to", added, openapi_extra=KEY)
    if kind is POSTS:
        put_on(api.post, "/people/{public_id}/posts", add_post, "Add to", added, openapi_extra=KEY)


for _kind in KINDS:
    _open_routes(_kind)
