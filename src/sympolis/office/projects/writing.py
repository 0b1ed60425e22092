"""Writing needs without an account: links an officer hands out, what comes through them, what the office says to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from sympolis.engine.texts.languages import detect_language
from sympolis.office.core.enums import Visibility
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.texts import Text
from sympolis.office.core.tokens import hashed, new_token
from sympolis.office.projects.actions import keep_need, remove_need
from sympolis.office.projects.enums import WritingState
from sympolis.office.projects.models import Need, Writing, WritingLink

MOST_THROUGH_A_LINK = 40
"""A councillor writes a handful. What was withdrawn makes room again."""

LANGUAGES = ("en", "ca", "es", "fr", "ar")


class LinkFull(Exception):
    """More was written through a link than one person writes."""


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote: one title, three lines, and whether it is a need, an offer or a priority."""

    title: str
    text: str
    stage: str
    themes: tuple[str, ...] = ()


def open_link(user: User, link: WritingLink) -> str:
    """Keep a new link; gives the token for its address, which is known to nobody afterwards."""
    if not user.has_perm("projects.add_writinglink"):
        raise PermissionDenied
    token = new_token()
    link.token, link.made_by = hashed(token), user
    link.save()
    return token


def withdraw_link(user: User, link: WritingLink) -> None:
    """Nobody writes there any more; what was written stays."""
    officers_only(user)
    WritingLink.objects.filter(pk=link.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())


@transaction.atomic
def write_need(link: WritingLink, words: Words, language: str, on: date) -> Writing:
    """Keep what was written; it waits, unconfirmed and not public. Raises LinkFull."""
    if link.writings.count() >= MOST_THROUGH_A_LINK:
        raise LinkFull
    need = Need(organisation=link.organisation, visibility=Visibility.OFFICE, confirmed=False)
    _put(need, words, language, on)
    keep_need(need)
    return Writing.objects.create(need=need, link=link)


@transaction.atomic
def change_written(writing: Writing, words: Words, language: str, on: date) -> bool:
    """Keep what the writer changed; whether anything was. It waits for the office again: nothing unread is public."""
    need = writing.need
    if words == words_of(need):
        return False
    _put(need, words, language, on)
    need.visibility, need.confirmed = Visibility.OFFICE, False
    keep_need(need)
    _decide(writing, WritingState.WAITING)
    return True


def words_of(need: Need) -> Words:
    """What a need says in the language it was written in."""
    written = need.title.best()
    return Words(written.text, need.text.best(written.language).text, need.stage, need.themes)


def withdraw_written(writing: Writing) -> None:
    """The writer takes it back; for a month the office can bring it back, as everything that is removed."""
    remove_need(writing.need)


@transaction.atomic
def publish_written(user: User, writing: Writing) -> None:
    """An officer has read it: everybody may."""
    officers_only(user)
    need = writing.need
    need.visibility, need.confirmed = Visibility.PUBLIC, True
    keep_need(need)
    _decide(writing, WritingState.PUBLISHED, user)


@transaction.atomic
def refuse_written(user: User, writing: Writing, reason: str) -> None:
    """It stays in the office, and the writer reads the reason."""
    officers_only(user)
    need = writing.need
    need.visibility, need.confirmed = Visibility.OFFICE, False
    keep_need(need)
    _decide(writing, WritingState.REFUSED, user, reason)


def _decide(writing: Writing, state: WritingState, by: User | None = None, reason: str = "") -> None:
    writing.state, writing.reason, writing.decided_by = state, reason.strip()[:500], by
    writing.decided_at = timezone.now() if by else None
    writing.save()


def _put(need: Need, words: Words, language: str, on: date) -> None:
    """The words under the language they are in, which need not be the page's."""
    said = detect_language(f"{words.title}\n{words.text}", LANGUAGES) or language
    need.title, need.text = Text.of(**{said: words.title}), Text.of(**{said: words.text})
    need.stage, need.themes = words.stage, tuple(_each_once(words.themes))
    need.attested_on = on


def _each_once(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))
