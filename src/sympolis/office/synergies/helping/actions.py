"""Asking the office for help, and answering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.engine.texts.languages import detect_language
from sympolis.office.core.actions import keep_record, remove_record
from sympolis.office.core.enums import Visibility
from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.texts import Text
from sympolis.office.core.tokens import hashed, new_token
from sympolis.office.directory.models import Department
from sympolis.office.directory.queries import current_office
from sympolis.office.synergies.helping.enums import HelpKind, HelpState
from sympolis.office.synergies.helping.models import HelpLink, HelpRequest

LANGUAGES = ("en", "ca", "es", "fr", "ar")
MOST_THROUGH_A_LINK = 200


class LinkFull(Exception):
    """More was asked through a link than a department asks in a year."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for."""

    kind: HelpKind
    title: str
    text: str
    name: str
    email: str
    due: date | None


@transaction.atomic
def keep_request(request: HelpRequest) -> HelpRequest:
    """Add or change one: the office's own."""
    request.visibility = Visibility.OFFICE
    keep_record(request)
    return request


def remove_request(request: HelpRequest, by: User | None = None) -> None:
    remove_record(request, by)


@transaction.atomic
def ask_through(link: HelpLink, asked: Asked, language: str) -> HelpRequest:
    """What came through a link. Raises LinkFull."""
    if link.requests.count() >= MOST_THROUGH_A_LINK:
        raise LinkFull
    return keep_request(_request(asked, language, link.department, link=link))


@transaction.atomic
def ask_signed_in(user: User, asked: Asked, department: Department | None) -> HelpRequest:
    return keep_request(_request(asked, user.language, department, asker=user))


def _request(asked: Asked, language: str, department: Department | None, **whence: object) -> HelpRequest:
    """The words under the language they are in; the answer goes out in that of the page."""
    said = detect_language(f"{asked.title}\n{asked.text}", LANGUAGES) or language
    return HelpRequest(
        title=Text.of(**{said: asked.title}), text=Text.of(**{said: asked.text}), kind=asked.kind,
        department=department, asked_by=asked.name, email=asked.email, language=language, due=asked.due, **whence,
    )  # fmt: skip


@transaction.atomic
def answer_request(user: User, request: HelpRequest, words: str, state: HelpState) -> HelpRequest:
    """Keep the answer and send it by mail to who asked."""
    officers_only(user)
    fresh = HelpRequest.objects.select_for_update().get(pk=request.pk)
    fresh.answer, fresh.state = words.strip()[:10_000], state
    fresh.answered_by, fresh.answered_at = user, timezone.now()
    fresh.owner = fresh.owner or user
    keep_request(fresh)
    if fresh.email:
        transaction.on_commit(lambda: send_answer.enqueue(fresh.pk))
    return fresh


@task
def send_answer(request_pk: int) -> bool:
    """The answer, in the language of who asked, with a way to write back."""
    request = HelpRequest.objects.select_related("answered_by").filter(pk=request_pk).exclude(email="").first()
    if request is None or not request.answer:
        return False
    officer, office = request.answered_by, current_office()
    with override(request.language):
        title = " ".join(request.title.best(request.language).text.split())
        subject = _("The office answers: %(title)s") % {"title": title}
        lines = [
            _("You asked: %(title)s") % {"title": title},
            request.answer,
            "\n".join(
                line for line in (str(officer or ""), office.name.best(request.language).text if office else "") if line
            ),
        ]
        why = _("You get this because you asked the office.")
        reply_to = [officer.email] if officer and officer.email else ()
        letter(subject, lines, request.email, why, reply_to=reply_to).send()
    return True


def open_help_link(user: User, link: HelpLink) -> str:
    """Keep a new link; gives the token for its address, which is known to nobody afterwards."""
    officers_only(user)
    token = new_token()
    link.token, link.made_by = hashed(token), user
    link.save()
    return token


def withdraw_help_link(user: User, link: HelpLink) -> None:
    """Nobody asks there any more; what was asked stays."""
    officers_only(user)
    HelpLink.objects.filter(pk=link.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
