"""Small pieces of markup that every page uses; `docs/looks.md` lists them."""

from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from sympolis.engine.match import CLEAR, HARDLY
from sympolis.office.core.markup import markup

register = template.Library()

STAND_IN = "abc_000000000000"
MIRRORED = frozenset({"arrow", "arrow-back", "undo", "external"})
"""Icons that point along the line of reading: turned round where it runs from right to left."""

SMALL_WORDS = frozenset(
    [
        "a",
        "al",
        "als",
        "and",
        "d",
        "da",
        "das",
        "de",
        "del",
        "della",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "els",
        "en",
        "et",
        "für",
        "i",
        "l",
        "la",
        "las",
        "le",
        "les",
        "los",
        "of",
        "per",
        "the",
        "und",
        "y",
    ]
)


@register.simple_tag
def icon(name: str, label: str | Promise = "") -> SafeString:
    """An icon of the sprite: decoration without a label, read out with one."""
    return _icon(name, str(label))


@lru_cache(maxsize=1_000)
def _icon(name: str, label: str) -> SafeString:
    mirror = " icon-mirror" if name in MIRRORED else ""
    address = f"{static('web/icons.svg')}#{name}"
    if label:
        return markup(
            '<svg class="icon{}" role="img" aria-label="{}" viewBox="0 0 24 24"><use href="{}"/></svg>',
            mirror,
            label,
            address,
        )
    return markup(
        '<svg class="icon{}" aria-hidden="true" focusable="false" viewBox="0 0 24 24"><use href="{}"/></svg>',
        mirror,
        address,
    )


@register.filter
def initials(name: str) -> str:
    """At most two letters that stand for a name: MedCities gives M, Àrea Metropolitana ÀM, UCLG UC."""
    return _initials(str(name))


@lru_cache(maxsize=4_096)
def _initials(name: str) -> str:
    words = [word for word in name.replace("-", " ").replace("'", " ").replace("’", " ").split() if word[0].isalnum()]
    weighty = [word for word in words if word.casefold() not in SMALL_WORDS] or words
    if not weighty:
        return "?"
    if len(weighty) == 1:
        word = weighty[0].removeprefix("ال")
        return word[:2] if word.isupper() and len(word) > 1 else word[:1].upper()
    # A joiner keeps Arabic letters of two words apart, as initials are written.
    joiner = "\u200c" if any("\u0600" <= word[0] <= "\u06ff" for word in weighty[:2]) else ""
    return joiner.join(word.removeprefix("ال")[:1].upper() for word in weighty[:2])


@register.simple_tag
def avatar(name: str, logo_url: str = "", size: str = "") -> SafeString:
    """An organisation's logo, or its initials; decoration, since its name always stands beside it."""
    large = " avatar-large" if size == "large" else ""
    if logo_url:
        return markup(
            '<span class="avatar avatar-logo{}"><img src="{}" alt="" loading="lazy" width="72" height="72"></span>',
            large,
            logo_url,
        )
    return markup('<span class="avatar{}" aria-hidden="true">{}</span>', large, initials(name))


@register.simple_tag
def strength(level: str, score: float | None = None, beyond: float | None = None) -> SafeString:
    """A strength as a word with its scale of three; a score opens behind it (then not inside a paragraph), and of an
    answer how far it stands out among all that were looked at."""
    words = {
        "strong": pgettext("strength", "strong"),
        "fair": pgettext("strength", "fair"),
        "weak": pgettext("strength", "weak"),
    }
    scale = format_html('<span class="strength-scale" aria-hidden="true"><i></i><i></i><i></i></span>{}', words[level])
    if score is None:
        return format_html('<span class="strength strength-{}">{}</span>', level, scale)
    number = gettext("%(percent)d out of 100") % {"percent": round(score * 100)}
    if beyond is not None:
        number = f"{number} · {_stands_out(beyond)}"
    return format_html(
        '<details class="strength strength-{}"><summary>{}</summary><span class="meta">{}</span></details>',
        level,
        scale,
        number,
    )


def _stands_out(beyond: float) -> str:
    if beyond >= CLEAR:
        return gettext("stands out clearly among all that was looked at")
    if beyond >= HARDLY:
        return gettext("stands out no further than chance could bring it")
    return gettext("does not stand out among all that was looked at")


@register.simple_tag(takes_context=True)
def nav_link(context: dict[str, Any], view_name: str, label: str | Promise, icon_name: str = "") -> SafeString:
    """One item of a navigation; says so when the reader is on that page or below it."""
    address = address_of(view_name)
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    depth = len([part for part in address.split("/") if part])
    if path == address:
        current = SafeString(' aria-current="page"')
    elif depth > 1 and path.startswith(address):
        current = SafeString(' aria-current="true"')
    else:
        current = SafeString("")
    picture = icon(icon_name) if icon_name else ""
    return markup('<li><a href="{}"{}>{}{}</a></li>', address, current, picture, label)


def address_of(view_name: str) -> str:
    """The address of a page that is there once, in the reader's language."""
    return _address(view_name, get_language(), get_script_prefix())


@lru_cache(maxsize=500)
def _address(view_name: str, _language: str | None, _prefix: str) -> str:
    return reverse(view_name)


def address_of_one(view_name: str, public_id: str) -> str:
    """The address of a page there is of every record, in the reader's language."""
    return _pattern(view_name, get_language(), get_script_prefix()) % public_id


@lru_cache(maxsize=500)
def _pattern(view_name: str, _language: str | None, _prefix: str) -> str:
    """The address with a place for the id: a list shows fifty of them."""
    return reverse(view_name, args=[STAND_IN]).replace("%", "%%").replace(STAND_IN, "%s", 1)
