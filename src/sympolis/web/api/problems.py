"""What went wrong, as RFC 9457 has it: which field, what is wrong, how to mend it, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

MEDIA_TYPE = "application/problem+json"


class Wrong(Schema):
    """One thing that is wrong in what was sent."""

    pointer: str = Field(description="Where in what was sent, as a JSON pointer: /title; of the address: ?limit")
    field: str = Field(description="Its name; empty where it is the whole")
    message: str = Field(description="What is wrong")
    mend: str = Field(description="What to write instead")


class Change(Schema):
    """What somebody else wrote meanwhile."""

    field: str
    before: str
    after: str


class Named(Schema):
    title: str
    url: str = Field(description="Where the caller looks at it; empty where it has no page for them")


class Hanging(Schema):
    """Records of one kind that hang on one that shall go."""

    what: str = Field(description="How many of which kind, in words")
    count: int
    first: list[Named] = Field(description="The first ten, as far as the caller may see them")


class Problem(Schema):
    """RFC 9457. What follows on ``detail`` is there where it says something."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Wrong] = []
    changes: list[Change] = []
    version: str = ""
    hanging: list[Hanging] = Field([], description="What would go along with what was to be removed, or keeps it")
    staying: list[Hanging] = Field([], description="What would stay, and lose it out of a list of its own")


class Refused(Exception):
    """An answer that is a problem, with whatever else it says."""

    def __init__(self, status: HTTPStatus, detail: str, **about: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.about = status, detail, about


def problem(status: int, detail: str, **about: Any) -> HttpResponse:
    """The answer; the title is the protocol's own word, which programs know."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status), "detail": detail, **about}
    answer = JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Content-Type"] = MEDIA_TYPE
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="Sympolis"'
    return answer


def wrong_in(form: BaseForm) -> list[dict[str, str]]:
    """What a form has to say, field by field: its messages say how to mend, its hints what is wanted."""
    return [
        {
            "pointer": "" if name == "__all__" else f"/{name}",
            "field": "" if name == "__all__" else name,
            "message": str(message),
            "mend": _mend(form, name),
        }
        for name, messages in form.errors.items()
        for message in messages
    ]


def _mend(form: BaseForm, name: str) -> str:
    field = form.fields.get(name)
    if field is None:
        return _("Change one of the fields this is about.")
    if hint := str(field.help_text or ""):
        return hint
    codes = [str(code) for code, _label in getattr(field, "choices", ()) if code] if _has_codes(field) else []
    if codes:
        return _("One of: %(codes)s") % {"codes": ", ".join(codes)}
    return _("Write %(label)s as this says.") % {"label": f"“{field.label or name}”"}


def _has_codes(field: Any) -> bool:
    """Choices that are codes; not records, of which there may be thousands."""
    return hasattr(field, "choices") and not hasattr(field, "queryset")


def wrong_in_request(errors: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """What the description of the API refuses, before any form sees it."""
    found = []
    for error in errors:
        place = [str(part) for part in error.get("loc", ())]
        source, rest = (place[0] if place else ""), place[1:]
        rest = rest[1:] if source == "body" else rest[-1:]
        pointer = "/" + "/".join(rest) if source == "body" and rest else f"?{rest[-1]}" if rest else ""
        found.append(
            {
                "pointer": pointer,
                "field": rest[0] if rest else "",
                "message": _in_words(error),
                "mend": _("Look it up in the description of the API: %(address)s") % {"address": "/api/docs"},
            }
        )
    return found


def _in_words(error: dict[str, Any]) -> str:
    """What the library says in English, in the reader's language and in fewer words."""
    kind, about = str(error.get("type", "")), error.get("ctx") or {}
    if kind in {"literal_error", "enum"}:
        return _("One of: %(codes)s") % {"codes": str(about.get("expected", "")).replace("'", "").replace(" or ", ", ")}
    said = {
        "missing": _("This is missing."),
        "extra_forbidden": _("There is no such field."),
        "string": _("This must be text."),
        "list": _("This must be a list."),
        "bool": _("This must be true or false."),
        "int": _("This must be a whole number."),
        "float": _("This must be a number."),
        "decimal": _("This must be a number."),
        "date": _("This must be a day: 2026-03-14"),
    }
    return said.get(kind) or said.get(kind.partition("_")[0]) or _("This is not what belongs here.")


def say_problems(api: NinjaAPI) -> None:
    """Have an API answer everything that goes wrong this way."""

    def refused(_request: HttpRequest, error: Refused) -> HttpResponse:
        return problem(error.status, error.detail, **error.about)

    def not_there(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return problem(HTTPStatus.NOT_FOUND, _("There is nothing here, or nothing you may see."))

    def not_allowed(_request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(HTTPStatus.FORBIDDEN, str(error) or _("You may not do this."))

    def not_known(_request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(HTTPStatus.UNAUTHORIZED, str(error))

    def not_understood(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        wrong = wrong_in_request(error.errors)
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Something in the request makes no sense."), errors=wrong)

    def other(_request: HttpRequest, error: HttpError) -> HttpResponse:
        told = {
            400: _("This is no JSON."),
            429: _("Too many calls in a minute. Wait as long as Retry-After says."),
        }
        return problem(error.status_code, told.get(error.status_code, str(error)))

    def no_form(_request: HttpRequest, _error: MultiPartParserError) -> HttpResponse:
        return problem(HTTPStatus.BAD_REQUEST, _("This is no form with a file: send multipart/form-data."))

    def too_much(_request: HttpRequest, _error: SuspiciousOperation) -> HttpResponse:
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("Too much was sent at once."))

    # The library's types ask for a handler of the class or the error; it hands over the error alone.
    handlers: list[tuple[type[Exception], Any]] = [
        (Refused, refused),
        (Http404, not_there),
        (PermissionDenied, not_allowed),
        (AuthenticationError, not_known),
        (ValidationError, not_understood),
        (HttpError, other),
        (MultiPartParserError, no_form),
        (RequestDataTooBig, too_much),
        (TooManyFieldsSent, too_much),
        (TooManyFilesSent, too_much),
    ]
    for error, handler in handlers:
        api.add_exception_handler(error, handler)
