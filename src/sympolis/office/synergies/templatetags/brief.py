"""How lines of a brief are shown. A brief has hundreds: what each needs is put together here, not by templates."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from sympolis.office.core.texts import RIGHT_TO_LEFT
from sympolis.office.synergies.brief.sheet import Sheet, SheetLine
from sympolis.office.synergies.formats.credits import credit_of, dated, site_of

register = template.Library()


@register.filter
def runs(line: SheetLine) -> SafeString:
    """The sentence, with what is in another language marked as such."""
    return format_html_join("", "{}", ((_run(text, language),) for text, language in line.runs))


def _run(text: str, language: str) -> SafeString | str:
    if not language:
        return conditional_escape(text)
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    return format_html('<span lang="{}" dir="{}">{}</span>', language, direction, text)


@register.filter
def said(line: SheetLine) -> SafeString:
    """The sentence and its badges; what is not known stands apart."""
    sentence = format_html('<span class="unknown">{}</span>', runs(line)) if line.unknown else runs(line)
    badges = ((badge.kind, badge.text) for badge in line.badges)
    return sentence + format_html_join("", ' <span class="badge badge-{}">{}</span>', badges)


@register.filter
def how_strong(line: SheetLine) -> SafeString:
    """Strong, fair or weak with its scale, the number behind it on demand, in the brief's own words."""
    if not line.strength or not line.points:
        return strength_mark(line)
    inner = format_html('<summary>{}</summary><span class="meta">{}</span>', _scaled(line), line.points)
    return format_html('<details class="strength strength-{}">{}</details>', line.strength, inner)


@register.filter
def strength_mark(line: SheetLine) -> SafeString:
    """The same without a number: a heading must hold nothing that opens."""
    if not line.strength:
        return SafeString("")
    return format_html('<span class="strength strength-{}">{}</span>', line.strength, _scaled(line))


def _scaled(line: SheetLine) -> SafeString:
    scale = SafeString('<span class="strength-scale" aria-hidden="true"><i></i><i></i><i></i></span>')
    return format_html("{}{}", scale, line.strength_word)


@register.simple_tag
def rests_on(sheet: Sheet, line: SheetLine) -> SafeString:
    """The mark that opens what a line rests on: passages, with where and when they were read."""
    if not line.evidence:
        return SafeString("")
    items = format_html_join("", '<div class="evidence-item">{}{}</div>', _items(sheet, line))
    return format_html(
        '<details class="evidence"><summary><span class="visually-hidden">{}: </span>{}</summary>'
        '<div class="evidence-body">{}</div></details>',
        sheet.words["evidence"],
        len(line.evidence),
        items,
    )


def _items(sheet: Sheet, line: SheetLine) -> Iterator[tuple[SafeString, SafeString]]:
    for evidence in line.evidence:
        passage = format_html(
            '<blockquote lang="{}" dir="auto">{}</blockquote>',
            evidence.get("language") or sheet.language,
            evidence["passage"],
        )
        about = [_source(sheet, evidence), format_html("<bdi>{}</bdi>", evidence["title"]), dated(sheet, evidence)]
        joined = format_html_join(" · ", "{}", ((part,) for part in about if part))
        yield passage, format_html('<p class="evidence-source">{}</p>', joined)


def _source(sheet: Sheet, evidence: dict[str, Any]) -> SafeString:
    where = site_of(evidence) or sheet.words["no_source"]
    if url := credit_of(evidence):
        return format_html('<a rel="external noreferrer" href="{}"><bdi>{}</bdi></a>', url, where)
    return format_html("<bdi>{}</bdi>", where)


@register.simple_tag
def more_on(sheet: Sheet, line: SheetLine) -> SafeString:
    """What a line says more: who brings what, what speaks against, the first step."""
    return format_html_join("", "{}", ((_part(sheet, part),) for part in line.parts))


def _part(sheet: Sheet, part: SheetLine) -> SafeString:
    if part.kind == "step":
        return format_html('<p class="proposal-step"><strong>{}</strong> {}</p>', sheet.words["step"], said(part))
    if part.kind == "against":
        return format_html('<p class="muted"><strong>{}</strong> {}</p>', sheet.words["against"], said(part))
    inner = format_html_join("", " {}", ((said(each),) for each in part.parts))
    return format_html('<p class="list-meta">{}{}</p>', said(part), inner)


@register.filter
def folded(lines: list[SheetLine], fold: str) -> list[SheetLine]:
    return [line for line in lines if line.fold == fold]


@register.filter
def word(sheet: Sheet, key: str) -> str:
    """A fixed word of the brief, in its language."""
    return sheet.words.get(key, "")


@register.filter
def address(evidence: dict[str, Any]) -> str:
    return credit_of(evidence)


@register.filter
def site(evidence: dict[str, Any]) -> str:
    return site_of(evidence)


@register.simple_tag
def read_on(sheet: Sheet, evidence: dict[str, Any]) -> str:
    return dated(sheet, evidence)


@register.filter
def anchor(line: SheetLine) -> str:
    return anchor_of(line.key)


@lru_cache(maxsize=4_096)  # asked several times for each line of a page
def anchor_of(key: str) -> str:
    """A short id for the page: the key is too long and has signs an id must not have."""
    return f"line-{zlib.crc32(key.encode()):08x}"


@register.filter
def of(found: dict[str, Any], key: str) -> Any:
    return found.get(key)
