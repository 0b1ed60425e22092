"""Who answers for an action is asked by mail how far it is: once a quarter at most, and not whoever asked not to be."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.directory.queries import current_office
from sympolis.office.planning.enums import OPEN
from sympolis.office.planning.models import Action, ActionQuestion, NoQuestions
from sympolis.office.planning.queries import changeable_actions, overdue_steps

logger = logging.getLogger(__name__)

QUIET = timedelta(days=92)
MOST_IN_A_MAIL = 30


def quarter_of(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def overdue_actions(today: date) -> QuerySet[Action]:
    """Open actions with a milestone or an end that has passed, or of which nobody said anything for a quarter."""
    late = Exists(overdue_steps(today).filter(action=OuterRef("pk")))
    silent = Q(reported_at__lt=timezone.now() - QUIET) | Q(reported_at=None, updated_at__lt=timezone.now() - QUIET)
    found = Action.objects.filter(status__in=OPEN, illustrative=False)
    return found.filter(late | silent | Q(ends_latest__lt=today)).order_by("sort_key", "pk")


def due_questions(today: date) -> dict[User, list[Action]]:
    """Who has to be asked of which actions: those they answer for and were not asked about in this quarter."""
    overdue, found = overdue_actions(today), {}
    asked = ActionQuestion.objects.filter(quarter=quarter_of(today))
    for user in _people_asked():
        theirs = changeable_actions(user).filter(pk__in=overdue.order_by().values("pk"))
        theirs = theirs.exclude(pk__in=asked.filter(to=user).values("action")).order_by("sort_key", "pk")
        if actions := list(theirs.defer("text", "imported", "folded")[:MOST_IN_A_MAIL]):
            found[user] = actions
    return found


def _people_asked() -> QuerySet[User]:
    """Who signs in for an organisation and is no officer: officers answer for none by being officers."""
    users = User.objects.filter(is_active=True, memberships__isnull=False).exclude(
        pk__in=NoQuestions.objects.values("user")
    )
    officers = [user.pk for user in users if user.is_officer]
    return users.exclude(pk__in=officers).distinct().order_by("pk")


def ask_how_far() -> int:
    """Ask everybody what is due; how many questions went out.

    What is asked is written down before the mail goes, so that two workers can't both ask it; where a mail does not go
    out that is taken back, and the next morning tries again.
    """
    today = timezone.localdate()
    return sum(_ask(user, actions, quarter_of(today)) for user, actions in due_questions(today).items())


def _ask(user: User, actions: list[Action], quarter: str) -> int:
    with transaction.atomic():
        known = set(
            ActionQuestion.objects.filter(to=user, quarter=quarter, action__in=actions).values_list("action", flat=True)
        )
        notes = ActionQuestion.objects.bulk_create(
            ActionQuestion(action=action, to=user, quarter=quarter) for action in actions if action.pk not in known
        )
    if not notes:
        return 0
    try:
        _mail(user, [note.action for note in notes]).send()
    except OSError:
        logger.exception("asking user %s about actions failed; it is tried again", user.pk)
        ActionQuestion.objects.filter(pk__in=[note.pk for note in notes]).delete()
        return 0
    return len(notes)


def _mail(user: User, actions: list[Action]) -> EmailMessage:
    with override(user.language):
        subject = ngettext("How far is %(n)d action?", "How far are %(n)d actions?", len(actions)) % {"n": len(actions)}
        lines = [
            _("You answer for these actions, and they wait for a word from you:"),
            *(_said(action, user.language) for action in actions),
        ]
        if office := current_office():
            lines.append(office.name.best(user.language).text)
        why = _("You are asked once a quarter. If you do not want to be asked, say so on this page:")
        return letter(subject, lines, user.email, f"{why} {_address('staff:my_actions')}".strip())


def _said(action: Action, language: str) -> str:
    title = " ".join(action.title.best(language).text.split())
    return "\n".join(part for part in (title, _address("staff:action", action.public_id)) if part)


def _address(name: str, *about: str) -> str:
    return f"{settings.SITE_ADDRESS.rstrip('/')}{reverse(name, args=about)}" if settings.SITE_ADDRESS else ""
