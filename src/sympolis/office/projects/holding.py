"""Does it still hold? A year after somebody said so, the author of a need is asked by mail, once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.queries import WRITERS
from sympolis.office.core.tokens import hashed, new_token
from sympolis.office.projects.actions import keep_need, remove_need
from sympolis.office.projects.models import HoldsQuestion, Need, Writing
from sympolis.office.projects.queries import HOLDS, stale_needs

logger = logging.getLogger(__name__)

MOST_A_NIGHT = 50


@dataclass(frozen=True, slots=True)
class Author:
    """Whom to ask about a need, and in which language."""

    email: str
    language: str


def ask_nightly() -> None:
    """Ask the authors of what is due. Without the site's public address a mail could lead nowhere: nobody is asked."""
    if not settings.SITE_ADDRESS:
        logger.info("nobody is asked whether needs still hold: SYMPOLIS_ADDRESS is not set")
        return
    ask_what_is_due(timezone.localdate(), settings.SITE_ADDRESS)


def ask_what_is_due(on: date, address: str) -> int:
    """Ask about at most fifty; how many. One mail that cannot be sent does not keep the others back."""
    asked = 0
    for need, author in _due(on):
        if asked == MOST_A_NIGHT:
            break
        try:
            asked += _ask(need, author, address)
        except OSError:
            logger.exception("asking about %s failed; it is tried again", need.public_id)
    return asked


def _due(on: date) -> Iterator[tuple[Need, Author]]:
    for need in needs_to_ask_about(on):
        if author := author_of(need):
            yield need, author


def needs_to_ask_about(on: date) -> QuerySet[Need]:
    """Stale, and nobody was asked within the year."""
    lately = HoldsQuestion.objects.filter(asked_at__gt=timezone.now() - HOLDS)
    refused = Writing.objects.filter(state="refused")
    due = stale_needs(Need.objects.all(), on).exclude(pk__in=lately.values("need"))
    return due.exclude(pk__in=refused.values("need")).select_related("organisation").order_by("pk")


def author_of(need: Need) -> Author | None:
    """Who wrote it: the address of the link it came through, or its organisation's contact who saved it last."""
    writing = Writing.objects.filter(need=need).select_related("link").first()
    if writing is not None:
        return Author(writing.link.email, writing.link.language) if writing.link.email else None
    wrote = need.history.exclude(history_user=None).values_list("history_user", flat=True)
    contacts = User.objects.filter(
        is_active=True, memberships__organisation=need.organisation_id, memberships__role__in=WRITERS
    )
    known = contacts.in_bulk()
    last = next((known[pk] for pk in wrote if pk in known), None)
    return Author(last.email, last.language) if last else None


def _ask(need: Need, author: Author, address: str) -> bool:
    """The question is kept before the mail goes, so that two workers never both send it."""
    token = new_token()
    with transaction.atomic():
        if need.questions.filter(asked_at__gt=timezone.now() - HOLDS).exists():
            return False
        question = HoldsQuestion.objects.create(
            need=need, to=author.email, language=author.language, token=hashed(token), asked_at=timezone.now()
        )
    try:
        _mail(need, author, token, address).send()
    except Exception:
        question.delete()
        raise
    return True


def _mail(need: Need, author: Author, token: str, address: str) -> EmailMessage:
    with override(author.language):
        link = address.rstrip("/") + reverse("holds", kwargs={"token": token})
        title = need.title.best(author.language).text
        body = [
            _("You wrote this for %(organisation)s. Nobody has confirmed it for a year:")
            % {"organisation": need.organisation.title_text().best(author.language).text},
            f"{title}\n{need.text.best(author.language).text}".strip(),
            _("Does this still hold? Answer here, without signing in: %(link)s") % {"link": link},
        ]
        subject = _("Does this still hold? %(title)s") % {"title": title}
        why = _("You get this because you wrote it here and left this address for it.")
        return letter(subject, body, author.email, why)


@transaction.atomic
def answer_holds(question: HoldsQuestion, holds: bool, on: date) -> None:
    """Yes: it holds from this day on. No: it is taken back, and the office can bring it back for a month."""
    question.holds, question.answered_at = holds, timezone.now()
    question.save(update_fields=["holds", "answered_at"])
    need = question.need
    if not holds:
        remove_need(need)
        return
    need.attested_on = on
    keep_need(need)
