"""Mails that remind the office, and who acts for whoever promised, of promises due within a week and of those overdue:
each of them once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.tasks import task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.queries import officers
from sympolis.office.core.templatetags.show import when, with_elisions
from sympolis.office.directory.house_mails import Footer, Mark, tell_each
from sympolis.office.directory.queries import current_office
from sympolis.office.synergies.enums import CommitmentStatus, ReminderKind
from sympolis.office.synergies.models import Commitment, Reminder
from sympolis.office.synergies.queries import is_overdue, visible_commitments, visible_meetings

SOON_DAYS = 7


def remind() -> None:
    """Every morning: note whom there is to remind of what, and leave the mails to the worker's tasks."""
    office = current_office()
    today = timezone.localdate(timezone=ZoneInfo(office.time_zone) if office else None)
    told = officers()
    with transaction.atomic():
        reminders = [Reminder(commitment=one, kind=kind, due=one.due_latest) for one, kind in _untold(today)]
        if not reminders or not told.exists():
            return
        Reminder.objects.bulk_create(reminders)
        pks = [reminder.commitment_id for reminder in reminders]
        for officer in told:
            send_reminder.enqueue(officer.pk, pks, today.isoformat())


def remind_houses() -> int:
    """Every morning: tell who acts for whoever promised what is due of it; how many mails went out."""
    return tell_each(_due_for_house, _house_mail)


def _untold(today: date) -> Iterator[tuple[Commitment, ReminderKind]]:
    """Open promises near their day or past it that nobody was told of as such."""
    told = set(Reminder.objects.values_list("commitment", "kind", "due"))
    for promise, kind in _near(Commitment.objects.all(), today):
        if (promise.pk, kind, promise.due_latest) not in told:
            yield promise, kind


def _near(promises: QuerySet[Commitment], today: date) -> Iterator[tuple[Commitment, ReminderKind]]:
    """Open ones near their day or past it; examples remind nobody."""
    near = promises.filter(
        status=CommitmentStatus.OPEN, illustrative=False, due_latest__lte=today + timedelta(SOON_DAYS)
    )
    for promise in near.order_by("due_latest", "sort_key"):
        yield promise, ReminderKind.OVERDUE if is_overdue(promise, today) else ReminderKind.SOON


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise near its day or past it."""

    promise: Commitment
    kind: ReminderKind
    today: date

    @property
    def mark(self) -> Mark:
        return f"promise-{self.kind}", self.promise.pk, self.promise.due_latest or self.today


def _due_for_house(user: User, told: set[Mark]) -> Iterator[Promised]:
    """What organisations of theirs promised and they were not told of as such, with the meetings they may see."""
    office = current_office()
    today = timezone.localdate(timezone=ZoneInfo(office.time_zone) if office else None)
    theirs = visible_commitments(user).filter(organisation__in=user.acts_for()).select_related("organisation")
    meetings = Prefetch("meeting", visible_meetings(user).only("public_id"))
    for promise, kind in _near(theirs.prefetch_related(meetings), today):
        one = Promised(promise, kind, today)
        if one.mark not in told:
            yield one


def _house_mail(user: User, due: Sequence[Promised]) -> EmailMessage:
    with override(user.language):
        why = _("You get this because you act for an organisation that promised it.")
        footer = Footer.of(user, f"{why} {_told_once()}")
        lines = [_line(one.promise, user.language, one.today) for one in due]
        return letter(_subject(len(due)), lines, user.email, footer.why, headers=footer.headers)


def _subject(count: int) -> str:
    return ngettext("%(n)d promise to look after", "%(n)d promises to look after", count) % {"n": count}


def _told_once() -> str:
    return _("You are told of each once when its day comes near, and once when it has passed.")


@task
def send_reminder(officer_pk: int, commitment_pks: list[int], on: str) -> bool:
    """One mail to one officer, in their language, of what is still open by now."""
    officer = User.objects.filter(pk=officer_pk, is_active=True).first()
    rows = Commitment.objects.filter(pk__in=commitment_pks, status=CommitmentStatus.OPEN)
    promises = list(rows.select_related("organisation", "meeting").order_by("due_latest", "sort_key"))
    if officer is None or not promises:
        return False
    with override(officer.language):
        lines = [_line(promise, officer.language, date.fromisoformat(on)) for promise in promises]
        letter(_subject(len(promises)), lines, officer.email, _told_once()).send()
    return True


def _line(promise: Commitment, language: str, today: date) -> str:
    about = {
        "who": promise.organisation.title_text().best(language).text,
        "what": promise.text.best(language).text,
        "day": when(promise.due),
    }
    overdue, soon = _("%(who)s: %(what)s (overdue since %(day)s)"), _("%(who)s: %(what)s (due on %(day)s)")
    said = with_elisions((overdue if is_overdue(promise, today) else soon) % about)
    if promise.meeting is None or not settings.SITE_ADDRESS:
        return said
    page = reverse("staff:meeting", kwargs={"public_id": promise.meeting.public_id})
    return f"{said}\n{settings.SITE_ADDRESS.rstrip('/')}{page}"
