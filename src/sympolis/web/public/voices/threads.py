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

from sympolis.office.core.enums import OF_THE_OFFICE
from sympolis.office.core.templatetags.show import number, reader_language, short_day
from sympolis.office.planning.voices.names import name_of
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


@lru_cache(maxsize=2048)
def _day(day: date, _language: str) -> str:
    return escape(short_day(day))


@lru_cache(maxsize=2048)
def _number(count: int, _language: str) -> str:
    return number(count)


@dataclass(frozen=True, slots=True)
class Reading:
    """How somebody reads: what is drawn is the same for all who read alike, save for ``personal``."""

    signed_in: bool
    may_comment: bool
    sees_hidden: bool = False  # a moderator
    own: int | None = None  # whose hidden comments are drawn too: their author's


class Threads:
    """Writes the comments of one page, the threads in the order in which their beginnings are given."""

    def __init__(self, lines: Iterable[Line], reading: Reading) -> None:
        self.reading, self.language = reading, reader_language()
        self.below: defaultdict[int | None, list[Line]] = defaultdict(list)
        self.ids: dict[int, str] = {}
        for line in lines:
            self.below[line.parent].append(line)
            self.ids[line.pk] = line.public_id
        self.page = reverse("public:comment", kwargs={"public_id": _PLACE})
        self.words = _words()
        self.heart, self.arrow = icon("heart"), icon("arrow")

    def html(self, order: Iterable[int]) -> SafeString:
        by_key = {line.pk: line for line in self.below[None]}
        written = "".join(self._branch(by_key[pk]) for pk in order if pk in by_key)
        return mark_safe(f'<ol class="list">{written}</ol>' if written else "")  # noqa: S308 - escaped where written

    def _branch(self, line: Line) -> str:
        """A comment with what hangs on it; empty where there are no words left in either."""
        answers = "".join([self._branch(one) for one in self.below[line.pk]])
        is_gone = line.is_removed or (line.is_hidden and not self._may_read(line))
        if is_gone and not answers:
            return ""
        inner = f'<ol class="list">{answers}</ol>' if answers else ""
        body = self._gone(line) if is_gone else self._said(line)
        mark = self.arrow if line.parent else ""  # it also sets answers in from what they answer
        return f'<li class="list-row" id="{line.public_id}">{mark}<div class="list-main">{body}{inner}</div></li>'

    def _may_read(self, line: Line) -> bool:
        return self.reading.sees_hidden or (self.reading.own is not None and line.author == self.reading.own)

    def _gone(self, line: Line) -> str:
        said = self.words["removed"] if line.is_removed else self.words["hidden"]
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
        office = line.role in OF_THE_OFFICE
        badge = f' <span class="badge">{self.words["office"]}</span>' if office else ""
        if line.answers in {None, line.parent}:
            return badge
        answered = self.ids.get(line.answers or 0, "")
        return f'{badge} · <a href="#{answered}">{self.words["answers"]}</a>'

    def _edited(self, line: Line, page: str) -> str:
        return f' · <a href="{page}#before">{self.words["edited"]}</a>' if line.is_edited else ""

    def _hidden(self, line: Line, page: str) -> str:
        if not line.is_hidden:
            return ""
        why = f"<bdi>{escape(line.hidden_why)}</bdi>"
        said = f'{self.words["kept"]} {why} · <a href="{page}">{self.words["more"]}</a>'
        return f'<p class="list-meta"><span class="badge badge-closed">{self.words["hidden_badge"]}</span> {said}</p>'

    def _support(self, line: Line) -> str:
        count = f'<span class="count">{_number(line.supports, self.language)}</span>'
        if not self.reading.may_comment or line.is_hidden:
            return f'<span class="list-meta">{self.words["supports"]} {count}</span>'
        return (
            f'<button class="button-quiet button-small" type="submit" id="s-{line.public_id}" '
            f"{_button(line.public_id, False)}>{self.heart} {self.words['support']} {count}</button>"
        )

    def _ways(self, line: Line, page: str) -> str:
        if line.is_hidden:
            return ""
        answer = f'<a href="{page}#answer">{self.words["answer"]}</a>' if self.reading.may_comment else ""
        return answer + (_way(page, "report", self.words["report"]) if self.reading.signed_in else "")


def _button(public_id: str, is_pressed: bool) -> str:
    name, pressed = ("comment_back", "true") if is_pressed else ("comment", "false")
    return f'name="{name}" value="{public_id}" aria-pressed="{pressed}"'


def _way(page: str, part: str, word: str) -> str:
    return f'<a href="{page}#{part}">{word}</a>'


def personal(html: str, own: Iterable[tuple[str, bool, datetime, int]], now: datetime) -> SafeString:
    """What was drawn for all, for one reader: their supports are pressed, their comments are theirs to change."""
    words, place = _words(), reverse("public:comment", kwargs={"public_id": _PLACE})
    for public_id, is_author, at, mine in own:
        if mine:
            html = html.replace(_button(public_id, False), _button(public_id, True), 1)
        if is_author:
            page = place.replace(_PLACE, public_id)
            word = words["change"] if now - at < EDITABLE else words["remove"]
            html = html.replace(_way(page, "report", words["report"]), _way(page, "own", word), 1)
    return mark_safe(html)  # noqa: S308 - drawn above


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
