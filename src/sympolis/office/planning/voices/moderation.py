"""What moderators do with comments: hide them with a reason, show them again, settle reports, answer objections."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from sympolis.office.core.models import User
from sympolis.office.planning.models import Appeal, Comment
from sympolis.office.planning.voices.actions import tidy
from sympolis.office.planning.voices.errors import (
    AppealedBefore,
    NoLongerThere,
    NoReason,
    NothingSaid,
    NothingToDecide,
    ObjectionTooLong,
    SameModerator,
)
from sympolis.office.planning.voices.queries import other_moderators
from sympolis.office.planning.voices.telling import tell_answered, tell_hidden, tell_moderators, tell_shown

LONGEST_OBJECTION, LONGEST_REASON = 2_000, 500


def moderators_only(user: object) -> None:
    """Where what moderators do begins, whatever page asks for it. Raises PermissionDenied."""
    if not isinstance(user, User) or not user.has_perm("planning.moderate"):
        raise PermissionDenied


@transaction.atomic
def hide(user: User, comment: Comment, why: str) -> Comment:
    """Keep a comment's words from everybody but its author, who reads why. Reports of it are settled."""
    moderators_only(user)
    locked = _locked(comment)
    if locked.hidden_at is not None:
        raise NothingToDecide
    locked.hidden_at, locked.hidden_by, locked.hidden_why = timezone.now(), user, _reason(why)
    _keep(user, locked)
    _settle(user, locked)
    tell_hidden(locked)
    return locked


@transaction.atomic
def unhide(user: User, comment: Comment) -> Comment:
    """Its words are there again for everybody; an objection that waits for an answer has got what it asked for."""
    moderators_only(user)
    locked = _locked(comment)
    if locked.hidden_at is None:
        raise NothingToDecide
    _show(user, locked)
    waiting = Appeal.objects.filter(comment=locked, answered_at=None)
    waiting.update(upheld=True, answered_by=user, answered_at=timezone.now())
    tell_shown(locked)
    return locked


@transaction.atomic
def leave_be(user: User, comment: Comment) -> int:
    """Nothing is wrong with it: its reports are settled. How many there were. Raises NothingToDecide."""
    moderators_only(user)
    settled = _settle(user, _locked(comment))
    if not settled:
        raise NothingToDecide
    return settled


@transaction.atomic
def object_to(user: User, comment: Comment, words: str) -> Appeal:
    """The author's objection to the hiding, once for a comment. Raises AppealedBefore, ObjectionTooLong."""
    locked = _locked(comment)
    if locked.author_id != user.pk:
        raise PermissionDenied
    if locked.hidden_at is None:
        raise NothingToDecide
    if Appeal.objects.filter(comment=locked).exists():
        raise AppealedBefore
    said = tidy(words)
    if not said:
        raise NothingSaid
    if len(said) > LONGEST_OBJECTION:
        raise ObjectionTooLong
    made = Appeal.objects.create(comment=locked, words=said, against=locked.hidden_by)
    tell_moderators(locked)
    return made


@transaction.atomic
def answer_objection(user: User, comment: Comment, upheld: bool, answer: str) -> Appeal:
    """Show the comment again, or leave it hidden with an answer; by another moderator than who had hidden it, where
    there is one. Raises SameModerator, NothingToDecide."""
    moderators_only(user)
    locked = _locked(comment)
    appeal = Appeal.objects.select_for_update().filter(comment=locked, answered_at=None).first()
    if appeal is None:
        raise NothingToDecide
    if not may_answer(user, appeal):
        raise SameModerator
    appeal.upheld, appeal.answer = upheld, _reason(answer)
    appeal.answered_by, appeal.answered_at = user, timezone.now()
    appeal.save()
    if upheld and locked.hidden_at is not None:
        _show(user, locked)
    tell_answered(appeal)
    return appeal


def may_answer(user: User, appeal: Appeal) -> bool:
    """Whoever has hidden the comment answers only where nobody else could."""
    return appeal.against_id != user.pk or not other_moderators(user).exists()


def _show(user: User, locked: Comment) -> None:
    locked.hidden_at, locked.hidden_by, locked.hidden_why = None, None, ""
    _keep(user, locked)


def _keep(user: User, comment: Comment) -> None:
    comment._history_user = user  # type: ignore[attr-defined]  # the history asks for it
    comment.save()


def _settle(user: User, comment: Comment) -> int:
    waiting = comment.reports.filter(settled_at=None)
    return waiting.update(settled_at=timezone.now(), settled_by=user)


def _locked(comment: Comment) -> Comment:
    found = Comment.objects.select_for_update().filter(pk=comment.pk, removed_at=None).first()
    if found is None:
        raise NoLongerThere
    return found


def _reason(words: str) -> str:
    said = " ".join(words.replace("\x00", "").split())[:LONGEST_REASON]
    if not said:
        raise NoReason
    return said
