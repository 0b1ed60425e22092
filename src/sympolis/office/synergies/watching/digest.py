"""Every morning: what happened to calls, for whom it matters, a mail to each who wants one; stopped with a click."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.one_click import OneClick
from sympolis.office.core.templatetags.show import plain
from sympolis.office.directory.queries import current_office
from sympolis.office.synergies.watching.calls import calls_seen_by, look
from sympolis.office.synergies.watching.enums import Rhythm
from sympolis.office.synergies.watching.fits import fits_of
from sympolis.office.synergies.watching.models import CallNews, Noticed, WatchReader
from sympolis.office.synergies.watching.queries import Told, calls_refused, noticed_for, told_of, visible_watches

logger = logging.getLogger(__name__)

WEEK = timedelta(days=7)
MOST_CALLS = 40
"""A longer mail is read by nobody; the page has the rest."""
one_click = OneClick("calls-digest")


def reader_by(token: str) -> WatchReader | None:
    return WatchReader.objects.select_related("person").filter(person=one_click.key(token)).first()


def tell_daily() -> int:
    """Look, notice and tell; how many mails went out."""
    today = timezone.localdate()
    look(today)
    notice(today)
    return tell(today)


def notice(on: date) -> int:
    """Hold news nobody has held against anything yet against what each person watches; how much was noticed.

    One watch that cannot be read keeps no other back. What was held is marked after it is written: a worker that is
    stopped in between does it again, and the constraint keeps each thing once.
    """
    waiting = {one.pk: one for one in CallNews.objects.filter(noticed_at=None)}
    if not waiting:
        return 0
    wanted, refused = {one.call for one in waiting.values()}, calls_refused()
    made = 0
    for person in User.objects.filter(is_active=True, watches__isnull=False).distinct().order_by("pk"):
        calls = [known for key, known in calls_seen_by(person).items() if key in wanted]
        for watch in visible_watches(person).order_by("pk"):
            try:
                fits = {fit.known.call.id: fit for fit in fits_of(watch, calls, on)}
            except Exception:
                logger.exception("watch %s could not be held against the calls", watch.pk)
                continue
            rows = [
                Noticed(
                    person=person, news=one, watch=watch,
                    because=fits[one.call].because, against=fits[one.call].against,
                )
                for one in waiting.values()
                if one.call in fits and (watch.key, one.call) not in refused
            ]  # fmt: skip
            Noticed.objects.bulk_create(rows, ignore_conflicts=True, batch_size=200)
            made += len(rows)
    CallNews.objects.filter(pk__in=list(waiting)).update(noticed_at=timezone.now())
    return made


def tell(on: date) -> int:
    """A mail to everybody who wants one today and for whom something was noticed, in their language; how many mails.

    What is told is marked before the mail is handed over, so that two workers can't both tell it; where it does not go
    out that is taken back, and the next day tries again. Whom one does not reach keeps no other back.
    """
    sent = 0
    readers = WatchReader.objects.exclude(rhythm=Rhythm.OFF).filter(person__is_active=True)
    for reader in readers.select_related("person").order_by("pk"):
        if reader.rhythm == Rhythm.WEEKLY and reader.told_on and on - reader.told_on < WEEK:
            continue
        claimed = _claim(reader)
        told = told_of(reader.person, claimed, on) if claimed else []
        told = [one for one in told if not one.is_example]
        if not told:
            continue
        try:
            sent += digest_mail(reader.person, told).send()
        except OSError:
            logger.exception("telling user %s of calls failed; it is tried again", reader.person_id)
            Noticed.objects.filter(pk__in=[row.pk for row in claimed]).update(told_at=None)
            continue
        WatchReader.objects.filter(pk=reader.pk).update(told_on=on)
    return sent


@transaction.atomic
def _claim(reader: WatchReader) -> list[Noticed]:
    """What nobody told yet, marked as told."""
    rows = noticed_for(reader.person).filter(told_at=None)
    found = list(rows)
    Noticed.objects.filter(pk__in=[row.pk for row in found], told_at=None).update(told_at=timezone.now())
    since = timezone.localtime(reader.since).date()
    return [row for row in found if row.news.on >= since]


def digest_mail(user: User, told: list[Told]) -> EmailMultiAlternatives:
    """What happened to each call, why it is told, why at all, and the way to stop it."""
    root, office = settings.SITE_ADDRESS, current_office()
    with override(user.language):
        subject = ngettext("News of %(n)d call you watch", "News of %(n)d calls you watch", len(told))
        parts = [_("What happened to calls you watch:"), *(_said(one, root) for one in told[:MOST_CALLS])]
        if len(told) > MOST_CALLS:
            parts.append(_("There are more than these: look at your page."))
        parts.append(office.name.best(user.language).text if office else "")
        if not root:
            why = _("You get this mail because you watch calls.")
            return letter(subject % {"n": len(told)}, parts, user.email, why)
        stop = root + reverse("calls_stop", kwargs={"token": one_click.token(user)})
        reasons = [
            _("You get this mail because you watch calls. What you watch, and how often you are told:"),
            root + reverse("staff:watching"),
            _("No more of these mails, with one click and without signing in:"),
            stop,
        ]
        headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return letter(subject % {"n": len(told)}, parts, user.email, "\n".join(reasons), headers=headers)


def _said(one: Told, root: str) -> str:
    """One call: its title, what happened, what speaks for it and what against."""
    programme = f" ({one.programme})" if one.programme else ""
    lines = [f"* {plain(one.title)}{programme}", *one.happened]
    if one.because:
        lines += [_("Why it fits:"), *(f"+ {reason}" for reason in one.because)]
    if one.against:
        lines += [_("What speaks against it:"), *(f"- {reason}" for reason in one.against)]
    return "\n".join([*lines, _address(one, root)]).rstrip()


def _address(one: Told, root: str) -> str:
    return f"{root}{one.address}" if one.address and root else one.outside
