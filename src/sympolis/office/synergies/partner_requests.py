"""Asking an organisation to be a partner: a mail in its language that a named officer sends, and the one answer."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.tasks import task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.templatetags.show import when
from sympolis.office.core.tokens import hashed, new_token
from sympolis.office.directory.queries import current_office, visible_people
from sympolis.office.projects.applications.actions import change_partner_state
from sympolis.office.projects.applications.deadlines import in_words
from sympolis.office.projects.applications.enums import PartnerState, RequestState
from sympolis.office.projects.models import ApplicationPartner, PartnerRequest
from sympolis.office.synergies.enums import InvitationAnswer
from sympolis.office.synergies.invitations import language_of

OPEN_DAYS = 30
STATE_OF = {InvitationAnswer.YES: PartnerState.YES, InvitationAnswer.NO: PartnerState.NO}


class Answered(Exception):
    """An answer was given already: another one is the office's to write down."""


class Expired(Exception):
    """The day until which it could be answered is past."""


def draft_request(user: User, partner: ApplicationPartner, on: date, language: str = "") -> PartnerRequest:
    """The mail as it could be sent, not saved: to whom, in which language, in which words."""
    officers_only(user)
    house = partner.organisation
    contact = visible_people(user).filter(organisation=house).exclude(email="").order_by("pk").first()
    language = language or (contact.language if contact else "") or language_of(house)
    with override(language):
        application = partner.application
        about = {
            "partner": house.title_text().best(language).text,
            "applicant": application.organisation.title_text().best(language).text,
            "title": application.title.best(language).text,
        }
        return PartnerRequest(
            partner=partner,
            language=language,
            to=contact.email if contact else "",
            subject=(_("Would you be our partner? %(title)s") % about)[:200],
            body=_body(user, partner, about, language),
            expires_on=on + timedelta(days=OPEN_DAYS),
        )


def _body(user: User, partner: ApplicationPartner, about: dict[str, str], language: str) -> str:
    application, office = partner.application, current_office()
    paragraphs = [
        _("Dear colleagues of %(partner)s,") % about,
        _("%(applicant)s prepares an application, “%(title)s”, and would like to have you as a partner.") % about,
    ]
    if application.call:
        paragraphs.append(_("The call: %(call)s") % {"call": application.call.title.best(language).text})
    if day := in_words(application.deadline_on, application.deadline_hour, application.deadline_zone):
        paragraphs.append(_("It is to be handed in by %(day)s.") % {"day": day})
    if summary := application.summary.best(language).text:
        paragraphs.append(summary)
    office_name = office.name.best(language).text if office else ""
    signature = (str(user) if user.get_full_name() else "", user.post, office_name)
    paragraphs.append("\n".join(line for line in signature if line))
    return "\n\n".join(paragraphs)


@transaction.atomic
def send_request(user: User, request: PartnerRequest, address: str) -> PartnerRequest:
    """A named officer stands for the mail; the worker sends it. ``address`` is where this site is reached."""
    officers_only(user)
    request.approved_by, request.state = user, RequestState.DRAFT
    request.save()
    if request.partner.state == PartnerState.THOUGHT:
        change_partner_state(request.partner, PartnerState.ASKED)
    transaction.on_commit(lambda: send_partner_request.enqueue(request.pk, address))
    return request


@task
def send_partner_request(request_pk: int, address: str) -> bool:
    """Send it, once however often this runs. The address to answer at is in the mail alone."""
    token = new_token()
    waiting = PartnerRequest.objects.filter(pk=request_pk, state=RequestState.DRAFT, sent_at=None)
    if not waiting.update(sent_at=timezone.now(), token=hashed(token)):
        return False
    request = PartnerRequest.objects.select_related("approved_by").get(pk=request_pk)
    try:
        _mail(request, token, address).send()
    except Exception:
        PartnerRequest.objects.filter(pk=request_pk).update(sent_at=None)  # the next try may send it
        raise
    PartnerRequest.objects.filter(pk=request_pk).update(state=RequestState.SENT)
    return True


def _mail(request: PartnerRequest, token: str, address: str) -> EmailMultiAlternatives:
    officer = request.approved_by
    with override(request.language):
        link = address.rstrip("/") + reverse("partner_answer", kwargs={"token": token})
        closing = _("Answer here until %(day)s, without signing in: %(link)s") % {
            "day": when(request.expires_on), "link": link,
        }  # fmt: skip
        why = _("You get this because we ask you whether you take part in an application.")
        reply_to = [officer.email] if officer and officer.email else ()
        return letter(request.subject, [*request.body.split("\n\n"), closing], request.to, why, reply_to=reply_to)


def is_expired(request: PartnerRequest, on: date) -> bool:
    """Its last day counts."""
    return request.expires_on < on


@transaction.atomic
def answer_request(request: PartnerRequest, answer: str, words: str, on: date) -> PartnerRequest:
    """Yes, no, or who should be asked: once. Raises Answered or Expired."""
    fresh = PartnerRequest.objects.select_for_update().select_related("partner__application").get(pk=request.pk)
    if fresh.state == RequestState.ANSWERED:
        raise Answered
    if is_expired(fresh, on):
        raise Expired
    given = InvitationAnswer(answer)
    fresh.answer, fresh.answer_text, fresh.answered_at = given, words.strip()[:500], timezone.now()
    fresh.state = RequestState.ANSWERED
    fresh.save(update_fields=["answer", "answer_text", "answered_at", "state"])
    if given in STATE_OF:
        change_partner_state(fresh.partner, STATE_OF[given])
    transaction.on_commit(lambda: tell_answer.enqueue(fresh.pk))
    return fresh


@task
def tell_answer(request_pk: int) -> bool:
    """Who asked reads the answer by mail."""
    rows = PartnerRequest.objects.select_related("approved_by", "partner__organisation", "partner__application")
    request = rows.filter(pk=request_pk, approved_by__is_active=True).first()
    officer = request.approved_by if request else None
    if request is None or officer is None:
        return False
    with override(officer.language):
        about = {
            "partner": request.partner.organisation.title_text().best(officer.language).text,
            "title": request.partner.application.title.best(officer.language).text,
            "answer": InvitationAnswer(request.answer).label,
        }
        subject = _("%(partner)s answers: %(answer)s") % about
        lines = [_("On “%(title)s”, %(partner)s answers: %(answer)s") % about, request.answer_text]
        why = _("You get this because you asked them.")
        letter(subject, lines, officer.email, why).send()
    return True
