"""One mail a day: answers to what somebody wrote, and new comments on what they follow; stopped with one click."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.one_click import OneClick
from sympolis.office.directory.queries import current_office
from sympolis.office.planning.models import Comment, DigestReader, Follow
from sympolis.office.planning.voices.names import name_of
from sympolis.office.planning.voices.queries import visible_comments

logger = logging.getLogger(__name__)

MOST_TOLD, LONGEST_WORDS = 30, 300
one_click = OneClick("digest")


def reader_of(token: str) -> DigestReader | None:
    return DigestReader.objects.select_related("person").filter(person=one_click.key(token)).first()


def stop(reader: DigestReader) -> None:
    """No more mails, until they follow something again."""
    DigestReader.objects.filter(pk=reader.pk, stopped_at=None).update(stopped_at=timezone.now())


def news_for(user: User, since: datetime) -> QuerySet[Comment]:
    """What others said since then that is meant for somebody: answers to them, comments on what they follow. Of what
    they may read, nothing hidden or taken away."""
    followed = Follow.objects.filter(person=user)
    on_followed = Q(Exists(followed.filter(plan=OuterRef("plan")))) | Q(
        Exists(followed.filter(action=OuterRef("action")))
    )
    meant = visible_comments(user).filter(Q(answers__author=user) | on_followed, created_at__gt=since, hidden_at=None)
    return meant.exclude(author=user).select_related("author", "plan", "action", "answers").order_by("pk")


def tell_daily() -> int:
    """A mail to everybody for whom there is something new, in their language; how many mails.

    Up to when they were told is written down before the mail goes, so that two workers can't both tell it; where it
    does not go out it is taken back, and the next day tries again.
    """
    sent = 0
    for reader in DigestReader.objects.filter(stopped_at=None, person__is_active=True).select_related("person"):
        until, since = timezone.now(), reader.told_until
        news = list(news_for(reader.person, since)[: MOST_TOLD + 1])
        mine = DigestReader.objects.filter(pk=reader.pk)
        if not news or not mine.filter(told_until=since).update(told_until=until):
            continue
        try:
            sent += digest_mail(reader.person, news).send()
        except OSError:
            logger.exception("telling user %s of comments failed; it is tried again", reader.person_id)
            mine.filter(told_until=until).update(told_until=since)
    return sent


def digest_mail(user: User, news: list[Comment]) -> EmailMessage:
    """What is new, with links to it where the site's address is known."""
    told, root = news[:MOST_TOLD], settings.SITE_ADDRESS
    with override(user.language):
        subject = ngettext("%(n)d new comment for you", "%(n)d new comments for you", len(told)) % {"n": len(told)}
        parts = [_("Since the last mail others have written:"), *(_said(one, user, root) for one in told)]
        if len(news) > MOST_TOLD:
            parts.append(_("There are more than these: look at the pages you follow."))
        stop_at = root + reverse("digest_stop", kwargs={"token": one_click.token(user)})
        office = current_office()
        parts.append(office.name.best(user.language).text if office else "")
        why = _("You get this because somebody answered you or commented on what you follow.")
        if root:
            stop = _("No more of these mails, with one click and without signing in: %(link)s") % {"link": stop_at}
            why = f"{why}\n{stop}"
        headers = {"List-Unsubscribe": f"<{stop_at}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return letter(subject, parts, user.email, why, headers=headers if root else None)


def _said(one: Comment, user: User, root: str) -> str:
    author = one.author
    name = name_of(author.first_name, author.last_name, author.role) if author else name_of(None, None, None)
    about = {"name": name, "title": " ".join(one.record.title.best(user.language).text.split())}
    is_answer = one.answers is not None and one.answers.author_id == user.pk
    head = _("%(name)s answers you on “%(title)s”:") if is_answer else _("%(name)s on “%(title)s”:")
    page = reverse("public:comment", kwargs={"public_id": one.public_id})
    lines: Iterable[str] = (head % about, Truncator(one.text).chars(LONGEST_WORDS), f"{root}{page}" if root else "")
    return "\n".join(line for line in lines if line)
