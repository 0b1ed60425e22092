"""The page "Whom to work with next": suggestions with their reasons, and yes, no or later on each."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.templatetags.show import plain
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.synergies.actions import decide_partner
from sympolis.office.synergies.enums import PartnerVerdict, Subject
from sympolis.office.synergies.errors import SameTwice
from sympolis.office.synergies.learning_words import learnt_in_words
from sympolis.office.synergies.models import PartnerDecision
from sympolis.office.synergies.partners import Asked, Partner, suggested_partners
from sympolis.office.synergies.queries import partner_decisions_of
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.partners.forms import Choice, Kinds, Newness
from sympolis.web.staff.saying import Saying, told, verdict_in

MOST = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion and what was decided about it before."""

    partner: Partner
    saying: Saying

    @property
    def decision(self) -> PartnerDecision | None:
        return self.saying.said if isinstance(self.saying.said, PartnerDecision) else None

    @property
    def points(self) -> int:
        return round(self.partner.score * 100)


@officers
@require_safe
def partners(request: HttpRequest, public_id: str) -> HttpResponse:
    organisation = _organisation_or_404(request, public_id)
    choice = Choice.of(request.GET)
    decisions = {each.partner_id: each for each in partner_decisions_of(request.user, organisation)}
    no, later = (_decided(decisions, verdict) for verdict in (PartnerVerdict.NO, PartnerVerdict.LATER))
    asked = Asked(choice.novelty, choice.codes, put_aside=no, put_off=later, limit=MOST)
    found = suggested_partners(request.user, organisation, timezone.localdate(), asked)

    def saying(partner: Organisation) -> Saying:
        return _saying(organisation, partner, choice, decisions.get(partner.pk))

    shown = [Shown(one, saying(one.organisation)) for one in found.partners]
    context = {
        "organisation": organisation,
        "choice": choice,
        "newness": Newness,
        "kinds": Kinds,
        "suggestions": [one for one in shown if one.partner.organisation.pk not in later],
        "put_off": [one for one in shown if one.partner.organisation.pk in later],
        "put_aside": [saying(decisions[pk].partner) for pk in no],
        "has_links": found.links > 0,
        "learnt": learnt_in_words(found.learning, Subject.PARTNERS),
    }
    return render(request, "staff/partners/partners.html", context)


def _saying(
    organisation: Organisation, partner: Organisation, choice: Choice, decision: PartnerDecision | None
) -> Saying:
    ends = urlencode({"left": organisation.public_id, "right": partner.public_id})
    return Saying(
        action=reverse("staff:partner_decide", args=[organisation.public_id]),
        key=partner.public_id,
        name=plain(partner.title_text()),
        hidden=(("new", choice.newness.value), ("kinds", choice.kinds.value)),
        said=decision,
        record="partner",
        meeting=f"{reverse('staff:brief_new')}?{ends}",
    )


def _decided(decisions: dict[int, PartnerDecision], verdict: PartnerVerdict) -> list[int]:
    return [pk for pk, each in decisions.items() if each.verdict == verdict]


@officers
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Yes, no or later; empty takes it back. The officer comes back to the list as it was asked for."""
    organisation = _organisation_or_404(request, public_id)
    partner = _organisation_or_404(request, request.POST.get("partner", ""))
    verdict = verdict_in(request)
    try:
        decide_partner(reader(request), organisation, partner, verdict, request.POST.get("why", ""))
    except SameTwice as error:
        raise Http404 from error
    messages.success(request, told(verdict, partner.name))
    page = reverse("staff:partners", kwargs={"public_id": organisation.public_id})
    return redirect(f"{page}?{Choice.of(request.POST).query}")


def _organisation_or_404(request: HttpRequest, public_id: str) -> Organisation:
    seen = visible_organisations(request.user)
    return get_object_or_404(seen, public_id=public_id[:20].replace("\x00", ""))
