"""Mails to those who act for an organisation, of what it signed and promised: to whom, of each thing once, and stopped
with a click. The office's own people are told by mails of their own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from sympolis.office.core.enums import OF_THE_OFFICE
from sympolis.office.core.models import User
from sympolis.office.core.one_click import OneClick
from sympolis.office.directory.models import HouseReader, HouseTold

logger = logging.getLogger(__name__)

MOST_LINES = 40
"""A longer mail is read by nobody; the rest is told the day after."""
one_click = OneClick("house-mails")


type Mark = tuple[str, int, date]
"""At which step of what: which record by its key, and of which day."""


class Thing(Protocol):
    """What somebody is told of."""

    @property
    def mark(self) -> Mark: ...


@dataclass(frozen=True, slots=True)
class Footer:
    """Why somebody gets a mail, with the address that stops it where the office has said at which address it is."""

    why: str
    headers: dict[str, str]

    @classmethod
    def of(cls, user: User, why: str) -> Footer:
        root = settings.SITE_ADDRESS.rstrip("/")
        if not root:
            return cls(why, {})
        stop = root + reverse("house_stop", kwargs={"token": one_click.token(user)})
        said = [why, _("No more of these mails, with one click and without signing in:"), stop]
        return cls("\n".join(said), {"List-Unsubscribe": f"<{stop}>",
                                     "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"})  # fmt: skip


def gets_mails(user: User) -> bool:
    return not HouseReader.objects.filter(person=user, is_off=True).exists()


def set_mails(user: User, wanted: bool) -> None:
    HouseReader.objects.update_or_create(person=user, defaults={"is_off": not wanted})


def readers() -> QuerySet[User]:
    """Who acts for an organisation, can sign in, is none of the office's own and has not stopped these mails."""
    acts = User.objects.filter(is_active=True, memberships__isnull=False).exclude(role__in=OF_THE_OFFICE)
    return acts.exclude(house_reader__is_off=True).distinct().order_by("pk")


def tell_each[T: Thing](
    due_for: Callable[[User, set[Mark]], Iterable[T]], written: Callable[[User, Sequence[T]], EmailMessage]
) -> int:
    """A mail to each reader of what is due for them, but for what they were told of already; how many went out.

    Whom one does not reach keeps no other back, and is tried again the next day.
    """
    sent = 0
    for user in readers():
        things, notes = _claim(user, due_for)
        if not things:
            continue
        try:
            sent += written(user, things).send()
        except OSError:
            logger.exception("telling user %s of what their organisation signed or promised failed", user.pk)
            HouseTold.objects.filter(pk__in=[note.pk for note in notes]).delete()
    return sent


@transaction.atomic
def _claim[T: Thing](user: User, due_for: Callable[[User, set[Mark]], Iterable[T]]) -> tuple[list[T], list[HouseTold]]:
    """Marked as told before the mail is handed over: no two workers tell it."""
    User.objects.select_for_update().get(pk=user.pk)
    told = set(HouseTold.objects.filter(person=user).values_list("step", "what", "due"))
    things = list(islice(due_for(user, told), MOST_LINES))
    marks = [one.mark for one in things]
    return things, HouseTold.objects.bulk_create(
        HouseTold(person=user, step=step, what=what, due=due) for step, what, due in marks
    )
