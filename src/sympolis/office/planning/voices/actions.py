"""What people do with a plan in public: support it, comment on it, follow it.

Whatever is sent twice counts once, and no counter is kept anywhere: numbers are counted when they are shown.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from sympolis.engine.texts.languages import detect_language
from sympolis.office.core.models import User
from sympolis.office.planning.models import Comment, CommentReport, DigestReader, Follow, Support
from sympolis.office.planning.sent_twice import another_id, is_the_same
from sympolis.office.planning.voices.enums import ReportReason
from sympolis.office.planning.voices.errors import (
    NoLongerThere,
    NothingSaid,
    NotInvited,
    NotOpen,
    TooFast,
    TooLate,
    TooLong,
)
from sympolis.office.planning.voices.queries import EDITABLE, Openness, Target, column_of, openness_of
from sympolis.office.planning.voices.telling import tell_moderators

LONGEST, DEEPEST = 5_000, 3
PACE = ((timedelta(minutes=1), 5), (timedelta(hours=1), 30))
"""How many comments one person writes in which time."""


@transaction.atomic
def support(user: User, target: Target | Comment) -> Support:
    """Back a plan, an action or a comment, once however often it is sent. Raises NotOpen, NotInvited, NoLongerThere."""
    _let_in(user, target)
    made, _is_new = Support.objects.get_or_create(person=user, **_on(target))
    _say_supported(target)
    return made


@transaction.atomic
def take_support_back(user: User, target: Target | Comment) -> None:
    """As if it had not been given; as long as supporting is open."""
    _let_in(user, target)
    Support.objects.filter(person=user, **_on(target)).delete()
    _say_supported(target)


@transaction.atomic
def say(user: User, record: Target, text: str, client_id: str, answers: Comment | None = None) -> Comment:
    """Comment on a record, or answer a comment on it; who does follows it from then on. Raises VoiceRefused."""
    client_id, there = _sent_before(user, client_id, record, tidy(text))
    if there is not None:
        return there
    _let_in(user, answers or record, saying=True)
    words = _checked(text)
    _at_a_human_pace(user)
    parent = _hangs_on(answers) if answers else None
    made = Comment.objects.create(
        author=user, client_id=client_id, text=words, language=detect_language(words), answers=answers, parent=parent,
        thread_id=(parent.thread_id or parent.pk) if parent else None, **_on(record),
    )  # fmt: skip
    DigestReader.objects.get_or_create(person=user, defaults={"told_until": timezone.now()})
    return made


@transaction.atomic
def change(user: User, comment: Comment, text: str) -> Comment:
    """Say it better, for a quarter of an hour; what stood there before stays to be read. Raises VoiceRefused."""
    mine = _mine(user, comment)
    if mine.hidden_at is not None or timezone.now() - mine.created_at > EDITABLE:
        raise TooLate
    words = _checked(text)
    if words != mine.text:
        mine.text, mine.language, mine.edited_at = words, detect_language(words), timezone.now()
        mine.save()
    return mine


@transaction.atomic
def remove(user: User, comment: Comment) -> Comment:
    """The author's own: the words go, from the history too; where answers hang on it, its place stays."""
    mine = _mine(user, comment)
    mine.text, mine.removed_at = "", timezone.now()
    mine.save()
    mine.history.update(text="")
    return mine


@transaction.atomic
def report(user: User, comment: Comment, reason: str, words: str = "") -> CommentReport:
    """Tell the moderators of a comment, once each. Raises NoLongerThere, NotInvited."""
    _still_there(comment)
    if not user.is_active:
        raise PermissionDenied
    about = {"reason": ReportReason(reason), "words": " ".join(words.replace("\x00", "").split())[:500]}
    made, is_new = CommentReport.objects.get_or_create(comment=comment, by=user, defaults=about)
    if is_new:
        tell_moderators(comment)
    return made


@transaction.atomic
def follow(user: User, record: Target) -> Follow:
    """Be told by mail of new comments on it; whoever had stopped the mails wants them again."""
    DigestReader.objects.update_or_create(
        person=user, defaults={"stopped_at": None}, create_defaults={"told_until": timezone.now()}
    )
    made, _is_new = Follow.objects.get_or_create(person=user, **_on(record))
    return made


def stop_following(user: User, record: Target) -> None:
    Follow.objects.filter(person=user, **_on(record)).delete()


def _say_supported(target: Target | Comment) -> None:
    """A comment's number is drawn with its thread, and that is kept until something of it changes."""
    if isinstance(target, Comment):
        Comment.objects.filter(pk=target.pk).update(changed_at=timezone.now())


def _on(target: Target | Comment) -> dict[str, Any]:
    return {column_of(target): target}


def _let_in(user: User, target: Target | Comment, saying: bool = False) -> Openness:
    """What is open for this person on a record, or for a comment on its record. Raises VoiceRefused."""
    if isinstance(target, Comment):
        _still_there(target)
        found, needs_comments = openness_of(target.record), True
    else:
        found, needs_comments = openness_of(target), saying
    if not (found.comments_open if needs_comments else found.supports_open):
        raise NotOpen
    if not found.lets_in(user):
        raise NotInvited
    return found


def _still_there(comment: Comment) -> None:
    """As the database has it: a moderator may have been quicker than the page."""
    if not Comment.objects.filter(pk=comment.pk, removed_at=None, hidden_at=None).exists():
        raise NoLongerThere


def _mine(user: User, comment: Comment) -> Comment:
    found = Comment.objects.select_for_update().filter(pk=comment.pk, author=user).first()
    if found is None:
        raise PermissionDenied
    if found.removed_at is not None:
        raise NoLongerThere
    return found


def _at_a_human_pace(user: User) -> None:
    """Counted in the transaction that writes: what many windows send at once is one after the other here."""
    now = timezone.now()
    for span, most in PACE:
        if Comment.objects.filter(author=user, created_at__gt=now - span).count() >= most:
            raise TooFast


def _sent_before(user: User, client_id: str, record: Target, words: str) -> tuple[str, Comment | None]:
    """What is there of it already. Other words under an id that is taken get one of their own."""
    mine = Comment.objects.filter(author=user)
    there = mine.filter(client_id=client_id).first()
    if there is None or there.removed_at is not None or (there.record == record and is_the_same(there, words)):
        return client_id, there
    other = another_id(client_id, record.public_id, words)
    return other, mine.filter(client_id=other).first()


def _hangs_on(answered: Comment) -> Comment:
    """Where an answer hangs: under what it answers, and from the third level on beside it."""
    depth, above = 1, answered
    while above.parent is not None:
        depth, above = depth + 1, above.parent
    assert answered.parent is not None or depth < DEEPEST
    return answered if depth < DEEPEST else answered.parent  # type: ignore[return-value]  # the third level has one


def _checked(text: str) -> str:
    said = tidy(text)
    if not said:
        raise NothingSaid
    if len(said) > LONGEST:
        raise TooLong
    return said


def tidy(text: str) -> str:
    """What somebody wrote, without blanks that nobody sees and what no database keeps."""
    return "\n".join(line.rstrip() for line in text.replace("\x00", "").splitlines()).strip()
