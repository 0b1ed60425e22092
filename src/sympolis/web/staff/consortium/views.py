"""The page "Build a consortium": made by its address alone, so that it can be kept, sent and changed bit by bit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sympolis.engine.match.consortium import LARGEST
from sympolis.engine.match.consortium.records import CompetenceCovered, Cover, Member, Region, RoleFilled
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.applications.queries import visible_applications
from sympolis.office.projects.models import Call
from sympolis.office.projects.queries import visible_calls
from sympolis.office.synergies.actions import answer_suggestion
from sympolis.office.synergies.answers import engine_call
from sympolis.office.synergies.consortium.building import Built, Ground, Party, Wish, consortium_for
from sympolis.office.synergies.consortium.wording import (
    Reason,
    missing_in_words,
    name_in,
    reasons_of,
    region_name,
    rule_rows,
)
from sympolis.office.synergies.eligibility import asking, said_of
from sympolis.office.synergies.enums import PartnerVerdict
from sympolis.office.synergies.queries import find_organisation
from sympolis.office.synergies.teaching import suggested_member
from sympolis.office.synergies.world_calls import with_conditions
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.consortium.forms import Asked
from sympolis.web.staff.csv_file import csv_file
from sympolis.web.staff.partners.forms import Newness
from sympolis.web.staff.saying import Saying, told, verdict_in
from sympolis.web.staff.suggesting import suggested

YEARS_OFFERED = 2
_YEAR = re.compile(r"\b20\d\d\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shown:
    """One in the set, or who could be, with the addresses that change that."""

    party: Party
    member: Member
    reasons: list[Reason]
    saying: Saying
    is_wished: bool
    with_it: str
    without_it: str
    free: str
    led_by_it: str


@dataclass(frozen=True, slots=True)
class CoverShown:
    party: Party
    cover: Cover
    grounds: list[Ground]


@dataclass(frozen=True, slots=True)
class CompetenceShown:
    covered: CompetenceCovered
    by: list[CoverShown]


@dataclass(frozen=True, slots=True)
class RoleShown:
    filled: RoleFilled
    by: list[Party]


@dataclass(frozen=True, slots=True)
class RegionShown:
    name: str
    region: Region
    parties: list[Party]


@officers
@require_safe
def consortium(request: HttpRequest) -> HttpResponse:
    """Names are looked up once and then stand in the address as ids."""
    asked = Asked.of(request.GET)
    if not asked.lead.startswith(f"{Organisation.ID_PREFIX}_"):
        found = _lead(request, asked.lead)
        if isinstance(found, Organisation):
            return redirect(replace(asked, lead=found.public_id).address)
        return render(request, "staff/consortium/consortium.html", _form(request, asked) | found)
    calls = _calls(request, asked.call)
    call = next((one for one in calls if one.public_id == asked.call), None)
    lead = visible_organisations(request.user).filter(public_id=asked.lead).first()
    context = _form(request, asked, calls) | {"lead": lead, "call": call, "unknown_lead": lead is None}
    if call is not None and lead is not None and not asked.wrong_size:
        context |= _shown(_built(request, asked, call, lead), asked)
    return render(request, "staff/consortium/consortium.html", context)


def _lead(request: HttpRequest, typed: str) -> Organisation | dict[str, object]:
    """Who is meant; where nobody was named, whom the reader acts for. Else the nearest, to choose from."""
    if not typed:
        return asking(request.user) or {"lead_typed": ""}
    found = find_organisation(request.user, typed)
    return found.organisation or {"lead_typed": typed, "nearest": found.nearest, "unknown_lead": True}


def _calls(request: HttpRequest, chosen: str) -> list[Call]:
    """Those one can still answer, the first to close first, and the one chosen. Of those whose closing day is not known
    none that is years old by any day known of it."""
    open_still = Q(closes_latest__gte=timezone.localdate()) | Q(closes_latest=None)
    seen: QuerySet[Call] = visible_calls(request.user).filter(open_still | Q(public_id=chosen))
    offered = (one for one in seen if one.public_id == chosen or not _is_long_past(one))
    return sorted(offered, key=lambda call: (call.closes_latest is None, call.closes_latest or timezone.localdate()))


def _is_long_past(call: Call) -> bool:
    """By the latest day known of it; where none is, by the latest year its title names."""
    if call.closes_latest:
        return False
    today = timezone.localdate()
    days = [day for day in (call.closes_earliest, call.opens_latest, call.opens_earliest) if day]
    if days:
        return bool(max(days) < today - YEARS_OFFERED * timedelta(365))
    years = [int(year) for year in _YEAR.findall(" ".join(call.title.plain().values()))]
    return bool(years) and max(years) < today.year - YEARS_OFFERED


def _form(request: HttpRequest, asked: Asked, calls: list[Call] | None = None) -> dict[str, object]:
    listed = _calls(request, asked.call) if calls is None else calls
    unknown = bool(asked.call) and all(one.public_id != asked.call for one in listed)
    return {"asked": asked, "calls": listed, "newness": Newness, "largest": LARGEST, "unknown_call": unknown}


def _built(request: HttpRequest, asked: Asked, call: Call, lead: Organisation) -> Built:
    meant = with_conditions(engine_call(call))
    return consortium_for(request.user, meant, lead, timezone.localdate(), asked.wish)


def _shown(built: Built, asked: Asked) -> dict[str, object]:
    found = built.consortium
    left_out = [built.parties[one] for one in asked.wish.exclude if one in built.parties]
    return {
        "built": built,
        "found": found,
        "members": [_member(built, asked, one) for one in found.members],
        "others": [_member(built, asked, one) for one in found.others],
        "rules": rule_rows(built),
        "lead_out": [said_of(one) for one in found.lead_out],
        "missing": missing_in_words(found.missing),
        "competences": [_competence(built, one) for one in found.competences],
        "roles": [RoleShown(one, [built.parties[key] for key in one.by]) for one in found.roles],
        "regions": [
            RegionShown(region_name(one.code), one, [built.parties[key] for key in one.ids]) for one in found.regions
        ],
        **said_out(built, asked.pairs),
        "left_out": [(party, asked.free(party.id).address) for party in left_out],
        "set_aside": [(Party(one.public_id, one), asked.with_one(one.public_id).address) for one in built.set_aside],
    }


def _member(built: Built, asked: Asked, member: Member) -> Shown:
    return Shown(
        built.parties[member.id],
        member,
        reasons_of(built, member),
        saying_of(built, built.parties[member.id], asked.pairs),
        member.id in asked.include,
        asked.with_one(member.id).address,
        asked.without_one(member.id).address,
        asked.free(member.id).address,
        asked.led_by(member.id).address,
    )


def saying_of(built: Built, party: Party, hidden: Sequence[tuple[str, str]]) -> Saying:
    """What is said to somebody for a call, on any page that names the call and the lead among ``hidden``."""
    return Saying(
        reverse("staff:consortium_say"),
        party.id,
        name_in(party, get_language() or "en"),
        tuple(hidden),
        built.said.get(party.id),
    )


def said_out(built: Built, hidden: Sequence[tuple[str, str]]) -> dict[str, list[Saying]]:
    """Who is left out by what was said for the call: those said later to and those said no to, each list apart."""
    sayings = [saying_of(built, party, hidden) for party in built.said_out]
    return {
        "put_off": [one for one in sayings if one.code == PartnerVerdict.LATER],
        "put_aside": [one for one in sayings if one.code == PartnerVerdict.NO],
    }


@officers
@require_POST
def consortium_say(request: HttpRequest) -> HttpResponse:
    """Yes, no or later to somebody for a call and a lead; empty takes it back. Back to the set, or to the application
    whose page sent it."""
    asked, verdict, key = Asked.of(request.POST), verdict_in(request), request.POST.get("record", "")[:200]
    call = get_object_or_404(visible_calls(request.user), public_id=asked.call)
    lead = get_object_or_404(visible_organisations(request.user), public_id=asked.lead)
    meant = with_conditions(engine_call(call))
    built = consortium_for(request.user, meant, lead, timezone.localdate(), Wish(include=(key,)))
    suggestion = suggested_member(built, lead, key)
    if suggestion is None:
        raise Http404
    answer_suggestion(reader(request), suggestion, verdict, request.POST.get("why", ""))
    messages.success(request, told(verdict, name_in(built.parties[key], get_language() or "en")))
    if application := request.POST.get("application", ""):
        found = get_object_or_404(visible_applications(request.user), public_id=application[:20].replace("\x00", ""))
        return redirect("staff:application", public_id=found.public_id)
    return redirect(replace(asked, include=tuple(one for one in asked.include if one != key)).address)


def _competence(built: Built, one: CompetenceCovered) -> CompetenceShown:
    by = [
        CoverShown(
            built.parties[cover.id], cover, [built.grounds[key] for key in cover.records if key in built.grounds]
        )
        for cover in one.by
    ]
    return CompetenceShown(one, by)


@officers
@require_safe
def consortium_suggest(request: HttpRequest) -> HttpResponse:
    return suggested(request, "lead")


@officers
@require_safe
def consortium_file(request: HttpRequest) -> HttpResponse:
    """The set as a table; back to the page where there is none to be told."""
    asked = Asked.of(request.GET)
    call = next((one for one in _calls(request, asked.call) if one.public_id == asked.call), None)
    lead = visible_organisations(request.user).filter(public_id=asked.lead).first()
    if call is None or lead is None or asked.wrong_size:
        return redirect(asked.address)
    return csv_file(f"consortium-{call.public_id}", _table(_built(request, asked, call, lead)))


def _table(built: Built) -> Iterator[tuple[object, ...]]:
    """With a heading in the reader's language."""
    language = get_language() or "en"
    yield "id", _("Name"), _("Kind"), _("Country"), _("Lead partner"), _("World data"), _("Why")
    for member in built.consortium.members:
        party = built.parties[member.id]
        why = [_with_titles(one, language) for one in reasons_of(built, member)]
        yield party.id, name_in(party, language), party.kind, party.country, member.is_lead, party.is_world, why


def _with_titles(reason: Reason, language: str) -> str:
    titles = ", ".join(one.title.best(language).text for one in reason.grounds)
    return f"{reason.text} ({titles})" if titles else reason.text
