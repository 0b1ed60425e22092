"""Mails of moderation: to whoever wrote a comment, what was decided about it; to moderators, that one waits."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.tasks import task
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from sympolis.office.core.mails import letter
from sympolis.office.core.models import User
from sympolis.office.core.queries import officers
from sympolis.office.directory.queries import current_office
from sympolis.office.planning.models import Appeal, Comment
from sympolis.office.planning.voices.queries import other_moderators, waiting_comments

LONGEST_WORDS = 300


def tell_hidden(comment: Comment) -> None:
    transaction.on_commit(partial(send_hidden.enqueue, comment.pk))


def tell_shown(comment: Comment) -> None:
    transaction.on_commit(partial(send_shown.enqueue, comment.pk))


def tell_answered(appeal: Appeal) -> None:
    transaction.on_commit(partial(send_answered.enqueue, appeal.pk))


def tell_moderators(comment: Comment) -> None:
    """That a comment waits, when none did before: who clears the list hears of the next, and nobody of each report."""
    if waiting_comments().exclude(pk=comment.pk).exists():
        return
    transaction.on_commit(partial(send_waiting.enqueue, comment.pk))


@task
def send_hidden(comment_pk: int) -> bool:
    """To its author why their comment was hidden, and how to object; unless it is shown again by now."""
    comment = _comments().filter(pk=comment_pk).exclude(hidden_at=None).first()
    author = _author_of(comment)
    if comment is None or author is None:
        return False
    with override(author.language):
        about = {"title": _title(comment, author)}
        said = [
            _("The moderators have hidden your comment on “%(title)s”; nobody else reads it now:") % about,
            _words(comment),
            _("Their reason: %(why)s") % {"why": comment.hidden_why},
            _("On its page you can object once; another moderator answers, where there is one."),
            _page("public:comment", comment),
        ]
        _to_author(_("Your comment was hidden: %(title)s") % about, said, author).send()
    return True


@task
def send_shown(comment_pk: int) -> bool:
    """To its author that everybody reads their comment again."""
    comment = _comments().filter(pk=comment_pk, hidden_at=None).first()
    author = _author_of(comment)
    if comment is None or author is None:
        return False
    with override(author.language):
        about = {"title": _title(comment, author)}
        said = [
            _("The moderators show your comment on “%(title)s” again:") % about,
            _words(comment),
            _page("public:comment", comment),
        ]
        _to_author(_("Your comment is shown again: %(title)s") % about, said, author).send()
    return True


@task
def send_answered(appeal_pk: int) -> bool:
    """To the author of a comment what was said to their objection."""
    rows = Appeal.objects.exclude(answered_at=None).filter(pk=appeal_pk, comment__removed_at=None)
    appeal = rows.select_related("comment__author", "comment__plan", "comment__action").first()
    author = _author_of(appeal.comment) if appeal else None
    if appeal is None or author is None:
        return False
    comment = appeal.comment
    with override(author.language):
        about = {"title": _title(comment, author)}
        shown, stays = _("Your comment on “%(title)s” is shown again."), _("Your comment on “%(title)s” stays hidden.")
        said = [
            (shown if appeal.upheld else stays) % about,
            _words(comment),
            _("The answer: %(answer)s") % {"answer": appeal.answer} if appeal.answer else "",
            _page("public:comment", comment),
        ]
        _to_author(_("Your objection was answered: %(title)s") % about, said, author).send()
    return True


@task
def send_waiting(comment_pk: int) -> int:
    """To those who may decide on it; how many mails. Of what was decided meanwhile nobody is told."""
    comment = _comments().filter(pk__in=waiting_comments().values("pk"), pk=comment_pk).first()
    return sum(_waiting_mail(comment, one).send() for one in _who_decides(comment)) if comment else 0


def _who_decides(comment: Comment) -> list[User]:
    """Moderators; of an objection those who did not hide the comment themselves, where there are any."""
    others = list(other_moderators(comment.hidden_by)) if comment.hidden_by else []
    return others or list(officers())


def _waiting_mail(comment: Comment, moderator: User) -> EmailMessage:
    with override(moderator.language):
        about = {"title": _title(comment, moderator)}
        objected = _("Its author objects to the hiding of a comment on “%(title)s”:")
        reported = _("Somebody reported a comment on “%(title)s”:")
        said = [
            (objected if comment.hidden_at else reported) % about,
            _words(comment),
            _("Look at it and decide: %(link)s") % {"link": _page("staff:moderate", comment)} if _root() else "",
            _office(moderator),
        ]
        why = _("You get this because you look after comments here. You are told of the first one that waits.")
        return letter(_("A comment waits for you: %(title)s") % about, said, moderator.email, why)


def _to_author(subject: str, said: list[str], author: User) -> EmailMessage:
    return letter(subject, [*said, _office(author)], author.email, _("You get this because you wrote the comment."))


def _comments() -> QuerySet[Comment]:
    return Comment.objects.filter(removed_at=None).select_related("author", "hidden_by", "plan", "action")


def _author_of(comment: Comment | None) -> User | None:
    """Who wrote it, where a mail reaches them."""
    author = comment.author if comment else None
    return author if author is not None and author.is_active and author.email else None


def _title(comment: Comment, reader: User) -> str:
    return " ".join(comment.record.title.best(reader.language).text.split())


def _words(comment: Comment) -> str:
    return _("“%(words)s”") % {"words": Truncator(comment.text).chars(LONGEST_WORDS)}


def _office(reader: User) -> str:
    office = current_office()
    return office.name.best(reader.language).text if office else ""


def _root() -> str:
    return settings.SITE_ADDRESS.rstrip("/")


def _page(name: str, comment: Comment) -> str:
    return _root() + reverse(name, kwargs={"public_id": comment.public_id}) if _root() else ""
