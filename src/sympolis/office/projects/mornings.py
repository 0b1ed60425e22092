"""Every morning: a mail to who runs projects of what is due, each thing once when its day comes near and once when it
has passed; stopped with a click."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sympolis.office.core.enums import OF_THE_OFFICE
from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.one_click import OneClick
from sympolis.office.core.queries import KEEPERS
from sympolis.office.core.templatetags.show import plain, when
from sympolis.office.directory.queries import current_office
from sympolis.office.projects.applications.enums import OVER
from sympolis.office.projects.applications.queries import deadlines_ahead, visible_tasks
from sympolis.office.projects.running.models import DueReader, DueTold
from sympolis.office.projects.running.queries import due_of, owed_until

logger = logging.getLogger(__name__)

NEAR = timedelta(days=14)
MOST_LINES = 40
"""A longer mail is read by nobody; the page has the rest."""
one_click = OneClick("due-mails")


@dataclass(frozen=True, slots=True)
class Thing:
    """Something due by a day. ``page`` is where it stands; ``whose`` is the project or the application."""

    kind: str
    key: int
    on: date
    what: str
    whose: str
    page: str
    is_late: bool

    @property
    def mark(self) -> tuple[str, int, date, bool]:
        return self.kind, self.key, self.on, self.is_late


def gets_mails(user: User) -> bool:
    return not DueReader.objects.filter(person=user, is_off=True).exists()


def set_mails(user: User, wanted: bool) -> None:
    DueReader.objects.update_or_create(person=user, defaults={"is_off": not wanted})


def tell_daily() -> int:
    """How many mails went out. Whom one does not reach keeps no other back, and is tried again the next day."""
    office = current_office()
    today = timezone.localdate(timezone=ZoneInfo(office.time_zone) if office else None)
    sent = 0
    for user in _readers():
        things = _claim(user, today)
        if not things:
            continue
        try:
            sent += due_mail(user, things).send()
        except OSError:
            logger.exception("telling user %s of what is due failed; it is tried again", user.pk)
            _give_back(user, things)
    return sent


def _readers() -> QuerySet[User]:
    """Who runs projects: the office, and who keeps the records of an organisation."""
    runs = Q(role__in=OF_THE_OFFICE) | Q(memberships__role__in=KEEPERS)
    return User.objects.filter(runs, is_active=True).exclude(due_reader__is_off=True).distinct().order_by("pk")


@transaction.atomic
def _claim(user: User, today: date) -> list[Thing]:
    """What this person was not told of yet, marked as told before the mail is handed over: no two workers tell it."""
    told = set(DueTold.objects.filter(person=user).values_list("kind", "what", "due", "is_late"))
    things = [one for one in what_is_due(user, today) if one.mark not in told]
    DueTold.objects.bulk_create(
        [DueTold(person=user, kind=one.kind, what=one.key, due=one.on, is_late=one.is_late) for one in things],
        ignore_conflicts=True,
    )
    return things


def _give_back(user: User, things: list[Thing]) -> None:
    for one in things:
        DueTold.objects.filter(person=user, kind=one.kind, what=one.key, due=one.on, is_late=one.is_late).delete()


def what_is_due(user: User, today: date) -> list[Thing]:
    """What is due within a fortnight or overdue, the first to come first: milestones and reports of the projects this
    user runs; of applications the tasks and deadlines that are theirs, or nobody's. Examples are nobody's business."""
    found = [*_of_projects(user, today), *_tasks(user, today), *_deadlines(user, today)]
    return sorted(found, key=lambda one: (one.on, one.kind, one.key))


def _of_projects(user: User, today: date) -> Iterator[Thing]:
    for row in owed_until(user, today + NEAR):
        one = due_of(row, today)
        if one.project.illustrative:
            continue
        page = reverse("staff:running", kwargs={"public_id": one.project.public_id})
        whose = one.project.acronym or plain(one.project.title)
        yield Thing(one.kind, one.pk, one.on, plain(one.what), whose, page, one.is_late)


def _tasks(user: User, today: date) -> Iterator[Thing]:
    theirs = Q(owner=user) | Q(owner=None, application__owner=user) | Q(owner=None, application__owner=None)
    open_ones = visible_tasks(user).filter(theirs, done_at=None, due__lte=today + NEAR, application__illustrative=False)
    for task in open_ones.exclude(application__stage__in=OVER).select_related("application"):
        if task.due:
            page = reverse("staff:application", kwargs={"public_id": task.application.public_id})
            yield Thing("task", task.pk, task.due, task.text, plain(task.application.title), page, task.due < today)


def _deadlines(user: User, today: date) -> Iterator[Thing]:
    ahead = deadlines_ahead(user, today).filter(Q(owner=user) | Q(owner=None), deadline_on__lte=today + NEAR)
    for one in ahead.filter(illustrative=False):
        if one.deadline_on:
            page = reverse("staff:application", kwargs={"public_id": one.public_id})
            yield Thing("deadline", one.pk, one.deadline_on, _("The application is to be handed in"),
                        plain(one.title), page, False)  # fmt: skip


def due_mail(user: User, things: list[Thing]) -> EmailMultiAlternatives:
    root, office = settings.SITE_ADDRESS.rstrip("/"), current_office()
    with override(user.language):
        count = len(things)
        subject = ngettext("%(n)d thing is due", "%(n)d things are due", count) % {"n": count}
        parts = [_line(one, root) for one in things[:MOST_LINES]]
        if count > MOST_LINES:
            parts.append(_("There are more than these: look at the page of what is due."))
        parts.append(office.name.best(user.language).text if office else "")
        why = [
            _("You get this mail because you run projects. You are told of each thing once when its day comes near, "
              "and once when it has passed.")
        ]  # fmt: skip
        if not root:
            return letter(subject, parts, user.email, why[0])
        stop = root + reverse("due_stop", kwargs={"token": one_click.token(user)})
        why += [_("No more of these mails, with one click and without signing in:"), stop]
        headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return letter(subject, parts, user.email, "\n".join(why), headers=headers)


def _line(one: Thing, root: str) -> str:
    about = {"what": one.what, "whose": one.whose, "day": when(one.on)}
    overdue, soon = _("%(whose)s: %(what)s (overdue since %(day)s)"), _("%(whose)s: %(what)s (due on %(day)s)")
    return f"{(overdue if one.is_late else soon) % about}\n{root}{one.page if root else ''}".rstrip()
