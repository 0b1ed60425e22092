"""The mails to those who take part in a meeting: an invitation, a change, or that they are no longer asked.

Each carries an entry for the calendar (RFC 6047), so that one click puts it there, moves it or takes it away.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.core.mail import EmailMultiAlternatives
from django.core.signing import Signer
from django.tasks import task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.calendars import CANCEL, REQUEST
from sympolis.office.core.mails import letter
from sympolis.office.core.templatetags.show import hours_said, when
from sympolis.office.directory.queries import current_office
from sympolis.office.synergies.calendars import invitation_calendar
from sympolis.office.synergies.enums import AttendeeMail
from sympolis.office.synergies.hours import hours_of
from sympolis.office.synergies.models import Attendee, Meeting

signer = Signer(sep=".", salt="attendee")


def token_of(attendee: Attendee) -> str:
    """What opens the page of somebody who takes part: the same in every mail, and not to be made without the key."""
    return signer.sign(str(attendee.pk))


def facts_told(meeting: Meeting) -> dict[str, str]:
    """What an invitation says of a meeting: who was told otherwise must be told again."""
    begins, ends = hours_of(meeting)
    return {
        "starts": str(meeting.starts),
        "ends": str(meeting.ends),
        "hours": f"{begins or ''}-{ends or ''}",
        "place": meeting.place,
    }


@task
def send_attendee_mail(attendee_pk: int, address: str) -> bool:
    """Send what waits for somebody, once however often this runs. Who is no longer asked leaves the list with it."""
    rows = Attendee.objects.filter(pk=attendee_pk)
    attendee = rows.select_related("meeting", "organisation", "asked_by").exclude(mail="").first()
    if attendee is None or not rows.filter(mail=attendee.mail).update(mail=""):
        return False
    try:
        attendee_mail(attendee, address).send()
    except Exception:
        rows.update(mail=attendee.mail)  # so that the next try may send it
        raise
    if attendee.mail == AttendeeMail.CANCEL:
        rows.delete()
    else:
        rows.update(asked_at=timezone.now(), told=facts_told(attendee.meeting))
    return True


def attendee_mail(attendee: Attendee, address: str) -> EmailMultiAlternatives:
    """The mail that waits for somebody, in their language; ``address`` is where this site is reached."""
    office = current_office()
    zone = ZoneInfo(office.time_zone if office else "UTC")
    is_cancelled = attendee.mail == AttendeeMail.CANCEL
    with override(attendee.language):
        link = address.rstrip("/") + reverse("takes_part", kwargs={"token": token_of(attendee)})
        body = _body(attendee, zone, "" if is_cancelled else link)
        subject = _subject(attendee)
        method = CANCEL if is_cancelled else REQUEST
        calendar = invitation_calendar(attendee, attendee.asked_by, method, zone, link, body)
        officer = attendee.asked_by
        why = _("You get this because the office asks you to take part in this meeting.")
        mail = letter(subject, body.split("\n\n"), attendee.email, why, reply_to=[officer.email] if officer else [])
    mail.attach_alternative(calendar.decode(), f"text/calendar; method={method}")
    return mail


def _subject(attendee: Attendee) -> str:
    title = " ".join(attendee.meeting.title.best(attendee.language).text.split())
    if attendee.mail == AttendeeMail.CANCEL:
        said = _("You are no longer asked: %(title)s")
    elif attendee.asked_at:
        said = _("It has changed: %(title)s")
    else:
        said = _("Invitation: %(title)s")
    return said % {"title": title}


def _body(attendee: Attendee, zone: ZoneInfo, link: str) -> str:
    """Who, what, when and where; without a ``link`` the mail takes the invitation back."""
    language = attendee.language
    office, officer = current_office(), attendee.asked_by
    house = attendee.organisation.title_text().best(language).text
    dear = _("Dear %(name)s,") % {"name": attendee.name} if attendee.name else _("Dear colleagues,")
    about = {"title": attendee.meeting.title.best(language).text, "organisation": house}
    if not link:
        said = _("the invitation for %(organisation)s is taken back: %(title)s.") % about
    elif attendee.asked_at:
        said = _("the invitation for %(organisation)s has changed: %(title)s.") % about
    else:
        said = _("here is an invitation for %(organisation)s: %(title)s.") % about
    paragraphs = [dear, said, _when_and_where(attendee.meeting, zone)]
    if link:
        paragraphs.append(
            _("The programme, your part in it, and your answer, without signing in: %(link)s") % {"link": link}
        )
    office_name = office.name.best(language).text if office else ""
    names = (str(officer), officer.post, office_name) if officer else (office_name,)
    paragraphs.append("\n".join(line for line in names if line))
    return "\n\n".join(paragraphs)


def _when_and_where(meeting: Meeting, zone: ZoneInfo) -> str:
    day = when(meeting.starts)
    if meeting.ends and meeting.ends != meeting.starts:
        day = f"{day} – {when(meeting.ends)}"
    hours = hours_said(*hours_of(meeting))
    lines = [day, f"{hours} ({zone.key})" if hours else "", meeting.place]
    return "\n".join(line for line in lines if line)
