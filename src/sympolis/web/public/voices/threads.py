"""Threads of comments as HTML. A page has hundreds of comments, and a template takes four times as long for each: a row
is written here in one piece, from words that are looked up once a page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sympolis.office.core.enums import SiteRole
from sympolis.office.core.templatetags.show import number, reader_language, short_day
from sympolis.office.planning.voices.queries import EDITABLE, Line
from sympolis.web.templatetags.look import icon

_ADDRESSES = re.compile(r"https?://[^\s<>\"'«»“”]+")
_AFTER = ".,;:!?)]}…"
_PLACE = "com_000000000000"


def text_html(text: str) -> SafeString:
    """Text as text: nothing of it is markup, lines break where they broke, addresses of the web can be followed."""
    if "://" not in text:
        return mark_safe(escape(text).replace("\n", "<br>"))  # noqa: S308 - escaped
    parts, at = [], 0
    for found in _ADDRESSES.finditer(text):
        address = found[0].rstrip(_AFTER)
        parts.append(escape(text[at : found.start()]))
        parts.append(f'<a href="{escape(address)}" rel="external nofollow ugc" dir="ltr">{escape(address)}</a>')
        at = found.start() + len(address)
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts).replace("\n", "<br>"))  # noqa: S308 - escaped


def name_of(first: str | None, last: str | None, role: str | None) -> str:
    """How an author is called in public: never by their mail address."""
    if role is None:
        return _("Somebody whose account is gone")
    called = f"{first} {last}".strip()
    return called or (_("The office") if role != SiteRole.PARTICIPANT else _("A participant"))


@lru_cache(maxsize=2048)
def _day(day: date, _language: str) -> str:
    return escape(short_day(day))


@lru_cache(maxsize=2048)
def _number(count: int, _language: str) -> str:
    return number(count)


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, and what they may do here."""

    user: int | None
    may_comment: bool
    is_moderator: bool


class Threads:
    """Writes the comments of one page, the threads in the order in which their beginnings are given."""

    def __init__(self, lines: Iterable[Line], reading: Reading, now: datetime | None = None) -> None:
        self.reading, self.now, self.language = reading, now or timezone.now(), reader_language()
        self.lines = list(lines)
        self.below: defaultdict[int | None, list[Line]] = defaultdict(list)
        for line in self.lines:
            self.below[line.parent].append(line)
        self.page = reverse("public:comment", kwargs={"public_id": _PLACE})
        self.words = _words()
        self.heart = icon("heart")

    def html(self, order: Iterable[int]) -> SafeString:
        by_key = {line.pk: line for line in self.below[None]}
        written = "".join(self._branch(by_key[pk]) for pk in order if pk in by_key)
        return mark_safe(f'<ol class="list">{written}</ol>' if written else "")  # noqa: S308 - escaped where written

    def _branch(self, line: Line) -> str:
        """A comment with what hangs on it; empty where there are no words left in either."""
        answers = "".join([self._branch(one) for one in self.below[line.pk]])
        is_gone = line.removed_at is not None or (line.hidden_at is not None and not self._may_read(line))
        if is_gone and not answers:
            return ""
        inner = f'<ol class="list">{answers}</ol>' if answers else ""
        body = self._gone(line) if is_gone else self._said(line)
        return f'<li class="list-row" id="{line.public_id}"><div class="list-main">{body}{inner}</div></li>'

    def _may_read(self, line: Line) -> bool:
        return self.reading.is_moderator or (self.reading.user is not None and line.author == self.reading.user)

    def _gone(self, line: Line) -> str:
        said = self.words["removed"] if line.removed_at is not None else self.words["hidden"]
        return f'<p class="unknown">{said}</p>'

    def _said(self, line: Line) -> str:
        language = f' lang="{line.language}"' if line.language else ""
        page = self.page.replace(_PLACE, line.public_id)
        day = _day(timezone.localtime(line.created_at).date(), self.language)
        return (
            f'<p class="list-meta"><strong><bdi>{escape(name_of(line.first_name, line.last_name, line.role))}</bdi>'
            f"</strong>{self._marks(line)} · "
            f'<a href="{page}"><time datetime="{line.created_at.isoformat(timespec="minutes")}">'
            f"{day}</time></a>{self._edited(line, page)}</p>"
            f'<p class="list-text" dir="auto"{language}>{text_html(line.text)}</p>'
            f"{self._hidden(line, page)}"
            f'<p class="cluster">{self._support(line)}{self._ways(line, page)}</p>'
        )

    def _marks(self, line: Line) -> str:
        office = line.role is not None and line.role != SiteRole.PARTICIPANT
        badge = f' <span class="badge">{self.words["office"]}</span>' if office else ""
        if line.answers in {None, line.parent}:
            return badge
        return f'{badge} · <a href="#{line.answered}">{self.words["answers"]}</a>'

    def _edited(self, line: Line, page: str) -> str:
        return f' · <a href="{page}#before">{self.words["edited"]}</a>' if line.edited_at is not None else ""

    def _hidden(self, line: Line, page: str) -> str:
        if line.hidden_at is None:
            return ""
        why = f"<bdi>{escape(line.hidden_why)}</bdi>"
        said = f'{self.words["kept"]} {why} · <a href="{page}">{self.words["more"]}</a>'
        return f'<p class="list-meta"><span class="badge badge-closed">{self.words["hidden_badge"]}</span> {said}</p>'

    def _support(self, line: Line) -> str:
        count = f'<span class="count">{_number(line.supports, self.language)}</span>'
        if not self.reading.may_comment or line.hidden_at is not None:
            return f'<span class="list-meta">{self.words["supports"]} {count}</span>'
        name, pressed = ("comment_back", "true") if line.mine else ("comment", "false")
        return (
            f'<button class="button-quiet button-small" type="submit" id="s-{line.public_id}" name="{name}" '
            f'value="{line.public_id}" aria-pressed="{pressed}">{self.heart} {self.words["support"]} {count}</button>'
        )

    def _ways(self, line: Line, page: str) -> str:
        if line.hidden_at is not None:
            return ""
        ways = []
        if self.reading.may_comment:
            ways.append(f'<a href="{page}#answer">{self.words["answer"]}</a>')
        if self.reading.user is not None:
            mine = line.author == self.reading.user
            fresh = mine and self.now - line.created_at < EDITABLE
            word = self.words["change"] if fresh else self.words["remove"] if mine else self.words["report"]
            ways.append(f'<a href="{page}#{"own" if mine else "report"}">{word}</a>')
        return "".join(ways)


def _words() -> dict[str, str]:
    said: dict[str, Any] = {
        "removed": _("Removed by its author."),
        "hidden": _("Hidden by the moderators."),
        "hidden_badge": pgettext("comment", "Hidden"),
        "kept": _("Everybody else does not read this:"),
        "more": _("What you can do"),
        "answers": _("answers somebody here"),
        "edited": pgettext("comment", "edited"),
        "office": _("The office"),
        "support": pgettext("verb", "Support"),
        "supports": pgettext("number", "Supports"),
        "answer": pgettext("verb", "Answer"),
        "change": pgettext("comment", "Change"),
        "remove": pgettext("comment", "Remove"),
        "report": pgettext("verb", "Report"),
    }
    return {name: escape(words) for name, words in said.items()}
