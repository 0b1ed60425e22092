"""Agreements that run out: the office is told by mail six and two months before the end, each time once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from icalendar import Event

from sympolis.office.core.calendars import PUBLISH, entry, version_of, written
from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.queries import officers
from sympolis.office.core.templatetags.show import when, with_elisions
from sympolis.office.directory.enums import Renewal
from sympolis.office.directory.models import Agreement, EndReminder
from sympolis.office.directory.queries import with_last_day_to_decide

logger = logging.getLogger(__name__)

STEPS = {6: 183, 2: 61}
"""Months before the end -> days."""


@dataclass(frozen=True, slots=True)
class Due:
    """An agreement whose end has come within so many months, and nobody was told of it yet."""

    agreement: Agreement
    months: int
    decide_by: date  # its last day; of one that goes on by itself, the last day on which notice can be given


def due_reminders(today: date) -> list[Due]:
    """What the office has to be told today: of each agreement the nearest step alone, however late it was written down.

    An agreement that another one renews, or that may end later than any day known, is not among them; nor are examples.
    """
    last = max(STEPS.values())
    real = Agreement.objects.filter(illustrative=False, renewed_by=None)
    ending = with_last_day_to_decide(real).filter(decide_by__gte=today).order_by("decide_by", "sort_key")
    told = set(EndReminder.objects.filter(ends__gte=today).values_list("agreement", "ends", "months"))
    found = []
    for agreement in ending.prefetch_related("parties"):
        left = (agreement.decide_by - today).days
        if left > last:
            break
        months = min(step for step, days in STEPS.items() if left <= days)
        if not any((agreement.pk, agreement.decide_by, step) in told for step in STEPS if step <= months):
            found.append(Due(agreement, months, agreement.decide_by))
    return found


def remind_of_endings() -> int:
    """Tell every officer, in a mail of their own language, what runs out; how many agreements it was about.

    What was told is written down before the first mail goes, so that two workers can't both tell it; where no mail at
    all goes out it is taken back, and the next night tries again. Whom one does not reach keeps no other back.
    """
    told = list(officers())
    with transaction.atomic():
        due = due_reminders(timezone.localdate()) if told else []
        notes = EndReminder.objects.bulk_create(
            EndReminder(agreement=one.agreement, ends=one.decide_by, months=one.months) for one in due
        )
    sent, failed = 0, None
    for officer in told if due else ():
        try:
            sent += _mail(officer, due).send()
        except OSError as error:
            logger.exception("telling user %s what ends failed", officer.pk)
            failed = error
    if failed and not sent:
        EndReminder.objects.filter(pk__in=[note.pk for note in notes]).delete()
        raise failed
    return len(due)


def _mail(officer: User, due: list[Due]) -> EmailMessage:
    with override(officer.language):
        subject = ngettext("%(n)d agreement is about to end", "%(n)d agreements are about to end", len(due))
        lines = [_("These agreements end soon, and nothing renews them:"), *(_said(one, officer) for one in due)]
        lines.append(_("Renew them, or let them end: every agreement has its own page in the office."))
        why = _("You get this because you work in the office. You are told half a year and two months before the end.")
        mail = letter(subject % {"n": len(due)}, lines, officer.email, why)
        days = written([_entry(one, officer) for one in due], PUBLISH)
        mail.attach("agreements.ics", days.decode(), f"text/calendar; method={PUBLISH}")
        return mail


def _entry(one: Due, officer: User) -> Event:
    """The last day to decide, for the calendar one already has; told again, it takes the place of what is there."""
    agreement = one.agreement
    title = " ".join(agreement.title.best(officer.language).text.split())
    notice = agreement.renewal == Renewal.AUTOMATIC
    summary = _("Last day to give notice: %(title)s") if notice else _("Ends: %(title)s")
    called, version = summary % {"title": title}, version_of(agreement)
    event = entry(agreement.public_id, called, _address(agreement), version, agreement.updated_at)
    if not event["url"]:
        del event["url"]
    event.add("dtstart", one.decide_by)
    event.add("dtend", one.decide_by + timedelta(1))
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    return event


def _address(agreement: Agreement) -> str:
    """Its own page in the office; empty where the office has not said at which address it is."""
    page = reverse("staff:change", args=[agreement.public_id])
    return f"{settings.SITE_ADDRESS.rstrip('/')}{page}" if settings.SITE_ADDRESS else ""


def _what_comes(one: Due) -> str:
    about = {"day": when(one.agreement.ends), "notice": when(one.decide_by)}
    if one.agreement.renewal == Renewal.AUTOMATIC:
        renewed = _("is renewed automatically on %(day)s unless notice is given by %(notice)s")
        return with_elisions(renewed % about)
    return with_elisions(_("ends on %(day)s") % about)


def _said(one: Due, officer: User) -> str:
    agreement = one.agreement
    parts = [
        " ".join(agreement.title.best(officer.language).text.split()),
        " · ".join(party.title_text().best(officer.language).text for party in agreement.parties.all()),
        _what_comes(one),
        agreement.obliges.best(officer.language).text,
        _address(agreement),
    ]
    return "\n".join(part for part in parts if part)
