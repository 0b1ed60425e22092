"""How lines of a brief are shown: stretches in other languages marked, evidence with its site, lines by fold."""

from __future__ import annotations

import zlib
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
    """A short id for the page: the key is too long and has signs an id must not have."""
    return f"line-{zlib.crc32(line.key.encode()):08x}"


@register.filter
def of(found: dict[str, Any], key: str) -> Any:
    return found.get(key)
