"""A plan's geographical priorities, written a version at a time: what is sent of a version is all of it.

A version is named by the day it holds from. A call that is sent twice finds that day taken, so nothing is there twice.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Status
from pydantic import Field

from sympolis.engine.match.consortium.regions import regions
from sympolis.office.core.names import COUNTRIES
from sympolis.office.core.texts import Text
from sympolis.office.planning.models import Plan, PrioritiesVersion
from sympolis.office.planning.priorities.actions import bring_version, remove_version
from sympolis.office.planning.priorities.incoming import LONGEST, Incoming
from sympolis.office.planning.priorities.queries import visible_priorities
from sympolis.office.planning.queries import changeable_plans, visible_plans
from sympolis.office.planning.voices.errors import VoiceRefused
from sympolis.web.api.fields import Strict, Words
from sympolis.web.api.interface import api
from sympolis.web.api.one import found_or_gone
from sympolis.web.api.plan_columns import PrioritiesOut, priorities_row
from sympolis.web.api.problems import Refused
from sympolis.web.api.versions import check_stands
from sympolis.web.api.writing import MATCH

MOST_SENT, MOST_PLACES = 200, 300


class PriorityIn(Strict):
    title: Words
    countries: list[str] = Field([], max_length=MOST_PLACES, description="Two-letter codes")
    regions: list[str] = Field([], max_length=MOST_PLACES, description="Parts of the world (UN M49)")
    weight: Decimal = Field(Decimal(1), ge=0, max_digits=7, decimal_places=2)
    reason: Words = Words()


class VersionChange(Strict):
    label: str = Field(min_length=1, max_length=200)
    priorities: list[PriorityIn] = Field(max_length=MOST_SENT)


class VersionIn(VersionChange):
    since: date = Field(description="The day from which on it holds, until the next begins")


@api.post("/plans/{public_id}/priorities", response={201: PrioritiesOut}, tags=["Writing"])
def add_priorities(request: HttpRequest, public_id: str, body: VersionIn) -> Any:
    """A version of the geographical priorities of a plan, all of it or nothing."""
    return Status(201, _brought(request, _plan(request, public_id), body.since, body))


@api.put("/plans/{public_id}/priorities/{since}", response=PrioritiesOut, tags=["Writing"], openapi_extra=MATCH)
def replace_priorities(request: HttpRequest, public_id: str, since: date, body: VersionChange) -> Any:
    """What is sent takes the place of the version that holds from that day."""
    plan = _plan(request, public_id)
    with transaction.atomic():
        remove_version(_user(request), _seen(request, plan, since))
        return _brought(request, plan, since, body)


@api.delete("/plans/{public_id}/priorities/{since}", response={204: None}, tags=["Writing"], openapi_extra=MATCH)
def remove_priorities(request: HttpRequest, public_id: str, since: date) -> Any:
    """With all that is in it; what held before holds on."""
    plan = _plan(request, public_id)
    with transaction.atomic():
        remove_version(_user(request), _seen(request, plan, since))
    return Status(204, None)


def _seen(request: HttpRequest, plan: Plan, since: date) -> PrioritiesVersion:
    """A version as the caller saw it. Raises Http404, and Refused where it stands otherwise by now."""
    found = get_object_or_404(plan.priority_versions.select_for_update(), since=since)
    check_stands(request, priorities_row(found)["version"], lambda _before: [])
    return found


def _user(request: HttpRequest) -> Any:
    return request.user


def _plan(request: HttpRequest, public_id: str) -> Plan:
    """A plan this user may change. Who only sees it is told so."""
    try:
        found: Plan = found_or_gone(changeable_plans(_user(request)), public_id)
    except Http404:
        if visible_plans(_user(request)).filter(public_id=public_id).exists():
            raise PermissionDenied(_("You may read this, but not change it.")) from None
        raise
    return found


def _brought(request: HttpRequest, plan: Plan, since: date, body: VersionChange) -> dict[str, Any]:
    wrong = [one for at, sent in enumerate(body.priorities) for one in _wrong_in(at, sent)]
    if wrong:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, _("Nothing was kept. Mend these fields."), errors=wrong)
    rows = [_incoming(at, sent) for at, sent in enumerate(body.priorities)]
    try:
        made = bring_version(_user(request), plan, body.label, since, rows)
    except VoiceRefused as refused:
        raise Refused(HTTPStatus.CONFLICT, str(refused.sentence)) from None
    return priorities_row(visible_priorities(_user(request)).get(pk=made.pk))


def _incoming(at: int, sent: PriorityIn) -> Incoming:
    return Incoming(
        at + 1, _text(sent.title), _text(sent.reason), tuple(dict.fromkeys(sent.countries)),
        tuple(dict.fromkeys(sent.regions)), sent.weight,
    )  # fmt: skip


def _text(words: Words) -> Text:
    said = {language: (text or "").replace("\x00", "").strip() for language, text in words.model_dump().items()}
    return Text.of(**{language: text for language, text in said.items() if text})


def _wrong_in(at: int, sent: PriorityIn) -> list[dict[str, str]]:
    """What can't be kept of one priority, as the page's form would say it."""
    found = []
    if not _text(sent.title):
        found.append(("title", _("This row has no title."), _("Write it, or leave the row out.")))
    for name in ("title", "reason"):
        if any(len(text) > LONGEST[name] for text in _text(getattr(sent, name)).plain().values()):
            found.append((name, _("This is too long: at most %(n)d letters.") % {"n": LONGEST[name]}, ""))
    for name, known in (("countries", _is_country), ("regions", regions().__contains__)):
        if unknown := [code for code in getattr(sent, name) if not known(code)]:
            found.append((name, _("Not known: %(codes)s.") % {"codes": ", ".join(unknown)[:200]}, ""))
    if not sent.countries and not sent.regions:
        found.append(("countries", _("Name a country or a part of the world."), ""))
    return [
        {"pointer": f"/priorities/{at}/{name}", "field": name, "message": message, "mend": mend}
        for name, message, mend in found
    ]


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isupper() and COUNTRIES.name(code, "en") != code
