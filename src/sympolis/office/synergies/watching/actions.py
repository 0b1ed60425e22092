"""Beginning and ending to watch, and how often one is told."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.synergies.enums import PartnerVerdict, Subject
from sympolis.office.synergies.teaching import Suggestion, keep_answer, take_answers_back
from sympolis.office.synergies.watching.enums import Rhythm
from sympolis.office.synergies.watching.fits import Fit
from sympolis.office.synergies.watching.models import Watch, WatchReader

MOST_WATCHES = 50


class TooMany(Exception):
    """Somebody watches as much as anybody can."""


FILTERS = (
    "words", "programme", "country", "kind", "gives", "theme", "origin", "closes_within", "organisation_id", "plan_id",
)  # fmt: skip


@transaction.atomic
def keep_watch(user: User, watch: Watch) -> Watch:
    """Begin to watch, or change what is watched; the very same is kept once. Raises TooMany."""
    if watch.pk and watch.person_id != user.pk:
        raise PermissionDenied
    watch.person = user
    others = Watch.objects.filter(person=user).exclude(pk=watch.pk)
    same = others.filter(**{name: getattr(watch, name) for name in FILTERS}).first()
    if same is not None and not watch.pk:
        return same
    if not watch.pk and others.count() >= MOST_WATCHES:
        raise TooMany
    watch.save()
    WatchReader.objects.get_or_create(person=user, defaults={"since": timezone.now()})
    return watch


def remove_watch(user: User, watch: Watch) -> None:
    """What was noticed for it stays known, so that another watch does not tell it again."""
    Watch.objects.filter(pk=watch.pk, person=user).delete()


@transaction.atomic
def answer_fit(user: User, watch: Watch, fit: Fit, answer: str, reason: str = "") -> None:
    """Yes, no or later on a call that answers one's own watch; empty takes it back.

    What officers say teaches the office's rankings; what others say of theirs is kept for themselves.
    """
    if watch.person_id != user.pk:
        raise PermissionDenied
    call, row = fit.known.call, fit.known.row
    suggestion = Suggestion(
        Subject.CALLS,
        watch.key,
        call.id,
        fit.scores if user.is_officer else {},
        fit.score,
        example=row.illustrative if row else False,
    )
    if answer:
        keep_answer(user, suggestion, PartnerVerdict(answer), reason)
    else:
        take_answers_back(user, suggestion)


def set_rhythm(user: User, rhythm: Rhythm) -> None:
    """Who is told again after a pause is told of what happens from now on."""
    now = timezone.now()
    with transaction.atomic():
        reader, _made = WatchReader.objects.get_or_create(person=user, defaults={"since": now})
        if reader.rhythm == Rhythm.OFF != rhythm:
            reader.since = now
        reader.rhythm = rhythm
        reader.save()
