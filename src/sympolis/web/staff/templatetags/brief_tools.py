"""The tools beside each line of a brief. There are hundreds of them: they are put together here, not by templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sympolis.office.synergies.brief.sheet import SheetLine
from sympolis.office.synergies.templatetags.brief import anchor_of
from sympolis.web.staff.brief.folding import Folded, Folding
from sympolis.web.templatetags.look import icon

register = template.Library()

_BUTTON = '<button type="submit" class="icon-button" form="{}" name="line" value="{}"{} title="{}">{}</button>'
_PRESSED = {pressed: SafeString(f' aria-pressed="{str(pressed).lower()}"') for pressed in (True, False)}


@dataclass(frozen=True, slots=True)
class Tool:
    label: str
    picture: SafeString


@dataclass(frozen=True, slots=True)
class Tools:
    """Their words and pictures, made once for a page; ``with_line`` is its address up to the line to reply to."""

    pin: Tool
    unpin: Tool
    undo: Tool
    reply: Tool
    with_line: str


def tools_for(with_line: str) -> Tools:
    return Tools(
        pin=_tool("pin", _("Important: put it first")),
        unpin=_tool("pin", _("No longer important")),
        undo=_tool("undo", _("Take it back in")),
        reply=_tool("comment", _("Strike out, set aside or comment")),
        with_line=with_line,
    )


def _tool(picture: str, label: str) -> Tool:
    return Tool(label, SafeString(icon(picture, label)))


@register.simple_tag
def line_tools(tools: Tools, line: SheetLine) -> SafeString:
    """Put first or no longer, strike out, set aside or comment; what is out can be taken back in."""
    if line.is_out:
        inner = _button("undo", line, "", tools.undo)
    else:
        form, tool = ("undo", tools.unpin) if line.is_pinned else ("pin", tools.pin)
        anchor = anchor_of(line.key)
        inner = _button(form, line, _PRESSED[line.is_pinned], tool) + format_html(
            '<a class="icon-button" href="{0}{1}#{1}" title="{2}">{3}</a>',
            tools.with_line,
            anchor,
            tools.reply.label,
            tools.reply.picture,
        )
    return format_html('<div class="line-tools no-print">{}</div>', inner)


def _button(form: str, line: SheetLine, pressed: str, tool: Tool) -> SafeString:
    return format_html(_BUTTON, form, line.key, pressed, tool.label, tool.picture)


@register.filter
def folds(lines: list[SheetLine], folding: Folding) -> Iterable[Folded]:
    return folding.of(lines)
