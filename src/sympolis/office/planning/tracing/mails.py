"""One mail to whoever left an address in a session: what became of what they said. The address goes with it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage
from django.db import transaction
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.mails import letter
from sympolis.office.directory.queries import current_office
from sympolis.office.planning.models import Contribution, Participant, Session
from sympolis.office.planning.tracing.queries import Home, with_homes

KEPT = timedelta(days=365)


def tell_authors(session: Session, address: str) -> int:
    """Have everybody told who left a mail address in a session and has not been told yet; how many."""
    waiting = list(session.participants.exclude(email="").values_list("pk", flat=True))
    for pk in waiting:
        transaction.on_commit(partial(send_decision_mail.enqueue, pk, address))
    return len(waiting)


def forget_addresses() -> int:
    """Addresses of sessions that nobody decided about within a year are deleted all the same; how many."""
    long_ago = timezone.now() - KEPT
    return Participant.objects.filter(joined_at__lt=long_ago).exclude(email="").update(email="")


@task
def send_decision_mail(participant_pk: int, address: str) -> bool:
    """Tell a participant once, however often this runs; who said nothing is not written to, and forgotten too."""
    rows = Participant.objects.filter(pk=participant_pk, session__decisions_published_at__isnull=False)
    participant = rows.select_related("session").exclude(email="").first()
    if participant is None or not rows.filter(email=participant.email).update(email=""):
        return False
    with override(participant.language or "en"):  # so that the pages it leads to are in it too
        said = list(said_by(participant))
    if not said:
        return False
    try:
        decision_mail(participant, said, address).send()
    except Exception:
        rows.update(email=participant.email)  # so that the next try may send it
        raise
    return True


def said_by(participant: Participant) -> list[Contribution]:
    """What somebody said, each with its homes in plans that everybody reads."""
    said = Contribution.objects.filter(participant=participant, taken_back=False).order_by("pk")
    return with_homes(AnonymousUser(), said)


def decision_mail(participant: Participant, said: list[Contribution], address: str) -> EmailMessage:
    """In the participant's language; ``address`` is where this site is reached."""
    session, language, office = participant.session, participant.language or "en", current_office()
    with override(language):
        title = " ".join(session.title.best(language).text.split())
        root = address.rstrip("/")
        link = root + session.get_absolute_url()
        body = [
            _("Dear %(name)s,") % {"name": participant.name} if participant.name else _("Dear colleagues,"),
            _("you took part in “%(title)s”. This is what became of what you said:") % {"title": title},
            *(_told(one, language, root, link) for one in said),
            _("All of it, with the lines of the plan: %(link)s") % {"link": link},
            office.name.best(language).text if office else "",
        ]
        subject = _("What became of it: %(title)s") % {"title": title}
        why = _("This is the only mail: your address was deleted when it was sent.")
        return letter(subject, body, participant.email, why)


def _told(one: Contribution, language: str, root: str, session: str) -> str:
    """With the address of where it stands, and of each line and action it is behind."""
    found: list[Home] = one.homes  # type: ignore[attr-defined]  # with_homes
    homes = [f"{home.title.best(language).text}: {root}{home.address}" for home in found]
    outcome = one.get_outcome_display() or _("Not decided yet")
    reason = one.reason.best(language).text
    said = _("“%(words)s”") % {"words": one.text}
    lines = [said, f"{outcome}: {reason}" if reason else outcome, *(f"→ {home}" for home in homes)]
    lines.append(f"{session}?said={one.public_id}")
    return "\n".join(lines)
