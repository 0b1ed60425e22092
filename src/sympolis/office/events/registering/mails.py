"""The mails to those who registered: in their language, with an entry for the calendar and the link to their own page.

Each is a row that is claimed before it is handed over, so that nobody gets it twice, whatever dies in between.
"""

from __future__ import annotations

import logging
import smtplib
from collections import deque
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.tasks import task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult

from sympolis.office.core.mails import letter
from sympolis.office.core.templatetags.show import hours_said, when
from sympolis.office.directory.queries import current_office
from sympolis.office.events.calendars import registration_calendar
from sympolis.office.events.dates import has_day, moments_of, zone_of
from sympolis.office.events.models import Event, Registration, RegistrationMail
from sympolis.office.events.registering.enums import MailKind, RegistrationState
from sympolis.office.events.registering.queries import own_link, token_of

logger = logging.getLogger(__name__)

TRIED_FOR = timedelta(days=3)
AT_ONCE, AT_A_TIME = 500, 50
BUSY = 421
TAKES_AWAY = frozenset({MailKind.CANCELLED, MailKind.CALLED_OFF})
REMINDERS = frozenset({MailKind.DAY_BEFORE, MailKind.HOUR_BEFORE})
# Said by the state somebody is in by now, whatever was asked for.
WITHOUT_ENTRY = frozenset({MailKind.WAITING, MailKind.ASKED, MailKind.REFUSED, MailKind.FEEDBACK})


@task
def send_waiting_mails() -> int:
    """Some of what waits; the rest in a task of its own, so that what else the worker has to do is not kept waiting."""
    sent = send_waiting(AT_A_TIME)
    if sent == AT_A_TIME:
        have_mails_sent()
    return sent


def have_mails_sent() -> None:
    """Once what asks for a mail stands in the database. One task does for all who register until it begins."""
    told = DBTaskResult.objects.ready().filter(task_path=send_waiting_mails.module_path)
    if not told.exists():
        send_waiting_mails.enqueue()


def send_waiting(most: int = AT_ONCE) -> int:
    """What waits, oldest first, over one connection; stops where the mail server takes nothing: the next round tries
    again. A server may end a connection after some mails: then a new one is tried."""
    rows = RegistrationMail.objects.filter(taken_at=None, error="", asked_at__gt=timezone.now() - TRIED_FOR)
    waiting = deque(rows.order_by("pk").values_list("pk", flat=True)[:most])
    if not waiting:
        return 0
    mailer, sent, since_opened = mailers["default"], 0, 0
    try:
        while waiting:
            try:
                if mailer.open():
                    since_opened = 0
                went = _send(waiting[0], mailer)
                sent, since_opened = sent + went, since_opened + went
            except OSError as failure:
                if not _is_of_one_reader(failure):
                    _close(mailer)
                    if since_opened:
                        since_opened = 0
                        continue
                    logger.warning("The mail server does not take mails just now; they are tried again.")
                    break
            waiting.popleft()
    finally:
        _close(mailer)
    return sent


def _is_of_one_reader(failure: OSError) -> bool:
    """Whether the server takes mails for others: 421 ends the connection, whoever it was said of."""
    if not isinstance(failure, smtplib.SMTPRecipientsRefused):
        return False
    return all(code != BUSY for code, _words in failure.recipients.values())


def _close(mailer: Any) -> None:
    """A server that is gone already can't be told goodbye."""
    try:
        mailer.close()
    except OSError:
        mailer.connection = None


def _send(pk: int, mailer: Any) -> bool:
    """Claim it, hand it over, note that. Raises OSError where another try may help, and lets go of it then."""
    if not RegistrationMail.objects.filter(pk=pk, taken_at=None, error="").update(taken_at=timezone.now()):
        return False
    mine = RegistrationMail.objects.filter(pk=pk)
    waiting = mine.select_related("registration__event__registering").get()
    if not still_fits(waiting, timezone.now()):
        mine.update(error="no longer fits")
        return False
    try:
        mailer.send_messages([registration_mail(waiting)])
    except OSError as failure:
        code = _final_answer(failure)
        mine.update(**({"error": f"refused: {code}"} if code else {"taken_at": None}))
        if code:
            return False
        raise
    mine.update(sent_at=timezone.now())
    return True


def _final_answer(failure: OSError) -> int:
    """The code of a server that will never take this mail; 0 where another try may help."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in failure.recipients.values()]
        return min(codes) if codes and min(codes) >= 500 else 0
    if isinstance(failure, smtplib.SMTPAuthenticationError):
        return 0  # the office's own settings: mended, it goes
    if isinstance(failure, smtplib.SMTPResponseException) and failure.smtp_code >= 500:
        return failure.smtp_code
    return 0


def still_fits(mail: RegistrationMail, now: datetime) -> bool:
    """A reminder is for who still has a place, before it begins; what was decided since makes earlier news wrong."""
    registration, kind = mail.registration, MailKind(mail.kind)
    event = registration.event
    if kind in REMINDERS:
        moments = moments_of(event, zone_of(event))
        has_place = registration.state == RegistrationState.CONFIRMED and not event.is_cancelled
        return has_place and moments is not None and now < moments.begins
    expected = {
        MailKind.CONFIRMED: RegistrationState.CONFIRMED,
        MailKind.MOVED_UP: RegistrationState.CONFIRMED,
        MailKind.WAITING: RegistrationState.WAITING,
        MailKind.ASKED: RegistrationState.ASKED,
    }
    return registration.state == expected.get(kind, registration.state)


def registration_mail(mail: RegistrationMail) -> EmailMultiAlternatives:
    """A mail of three parts: plain, HTML, and the entry for the calendar, which is attached as a file as well."""
    registration, kind = mail.registration, MailKind(mail.kind)
    event = registration.event
    zone, now = zone_of(event), timezone.now()
    office = current_office()
    with override(registration.language):
        office_name = office.name.best(registration.language).text if office else ""
        page = _address(registration, reverse("registration", kwargs={"token": token_of(registration)}))
        link = "" if kind in TAKES_AWAY else own_link(registration, now)
        paragraphs = _paragraphs(registration, kind, zone, page, link, office_name)
        made = letter(_subject(registration, kind), paragraphs, registration.email, _why(kind))
        if _carries_entry(registration, kind):
            off = kind in TAKES_AWAY
            sender = (office_name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
            content, method = registration_calendar(
                registration, zone, sender, page, link, "\n\n".join(paragraphs), off=off
            )
            made.attach_alternative(content.decode(), f"text/calendar; method={method}")
            made.attach("event.ics", content.decode(), f"text/calendar; method={method}")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    made.extra_headers = {"Message-ID": f"<registration-mail-{mail.pk}@{domain}>", "Auto-Submitted": "auto-generated"}
    return made


def _carries_entry(registration: Registration, kind: MailKind) -> bool:
    """Who has a place gets the entry, who had one loses it; a calendar has no place for what has no day."""
    if kind in WITHOUT_ENTRY or not has_day(registration.event):
        return False
    return kind in TAKES_AWAY or registration.state == RegistrationState.CONFIRMED


def _address(registration: Registration, path: str) -> str:
    return (settings.SITE_ADDRESS or registration.site).rstrip("/") + path


def _subject(registration: Registration, kind: MailKind) -> str:
    title = " ".join(registration.event.title.best(registration.language).text.split())
    said = {
        MailKind.CONFIRMED: _("You have a place: %(title)s"),
        MailKind.WAITING: _("You are on the waiting list: %(title)s"),
        MailKind.ASKED: _("Your registration waits for approval: %(title)s"),
        MailKind.MOVED_UP: _("A place is free for you: %(title)s"),
        MailKind.REFUSED: _("You have no place: %(title)s"),
        MailKind.CANCELLED: _("Your registration is cancelled: %(title)s"),
        MailKind.AGAIN: _("You are registered already: %(title)s"),
        MailKind.CHANGED: _("It has changed: %(title)s"),
        MailKind.CALLED_OFF: _("It does not take place: %(title)s"),
        MailKind.DAY_BEFORE: _("Reminder: %(title)s"),
        MailKind.HOUR_BEFORE: _("It begins soon: %(title)s"),
        MailKind.FEEDBACK: _("What did you think of it? %(title)s"),
    }[kind]
    return said % {"title": title}


def _paragraphs(
    registration: Registration, kind: MailKind, zone: ZoneInfo, page: str, link: str, office_name: str
) -> list[str]:
    event = registration.event
    paragraphs = [
        _("Dear %(name)s,") % {"name": registration.name},
        _news(kind, registration),
        when_and_where(event, zone),
    ]
    if link:
        paragraphs.append(_("Take part here: %(link)s") % {"link": link})
    if kind == MailKind.FEEDBACK:
        paragraphs.append(_("Three questions, without your name: %(link)s") % {"link": f"{page}feedback/"})
    elif kind not in TAKES_AWAY:
        paragraphs.append(_("Your registration, to change or cancel it, without signing in: %(link)s") % {"link": page})
    if office_name:
        paragraphs.append(office_name)
    return [paragraph for paragraph in paragraphs if paragraph]


def _why(kind: MailKind) -> str:
    if kind in TAKES_AWAY:
        return _("You get this mail because this address was registered for the event.")
    return _(
        "You get this mail because this address was registered for the event. If that was not you, the link above "
        "cancels it."
    )


def _news(kind: MailKind, registration: Registration) -> str:
    title = registration.event.title.best(registration.language).text
    said = {
        MailKind.CONFIRMED: _("you have a place at “%(title)s”."),
        MailKind.WAITING: _("all places at “%(title)s” are taken. You are told by mail when one is free."),
        MailKind.ASKED: _("the office reads your registration for “%(title)s” and tells you by mail."),
        MailKind.MOVED_UP: _("a place at “%(title)s” has become free, and it is yours."),
        MailKind.REFUSED: _("the office can't offer you a place at “%(title)s”."),
        MailKind.CANCELLED: _("your registration for “%(title)s” is cancelled."),
        MailKind.AGAIN: _("you are registered for “%(title)s” already. Your registration stands as it was."),
        MailKind.CHANGED: _("“%(title)s” has changed. This is how it is now:"),
        MailKind.CALLED_OFF: _("“%(title)s” does not take place."),
        MailKind.DAY_BEFORE: _("“%(title)s” is near."),
        MailKind.HOUR_BEFORE: _("“%(title)s” begins soon."),
        MailKind.FEEDBACK: _("you were registered for “%(title)s”. What did you think of it?"),
    }[kind]  # fmt: skip
    return said % {"title": title}


def when_and_where(event: Event, zone: ZoneInfo) -> str:
    """Day, hours with the clock they are by, and place."""
    day = when(event.start)
    if event.end and event.end != event.start:
        day = f"{day} – {when(event.end)}"
    moments = moments_of(event, zone)
    hours = ""
    if moments is not None and moments.hours_known:
        hours = f"{hours_said(event.from_hour, event.until_hour)} ({zone.key.replace('_', ' ')})"
    return "\n".join(part for part in (day, hours, event.place) if part)
