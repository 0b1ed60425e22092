"""How a peer's reasons and an answer to a need are shown."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sympolis.engine.match import strength_of
from sympolis.engine.model import Answer
from sympolis.office.core.search import SearchHit
from sympolis.office.core.templatetags.show import language_name, listed, reader_language
from sympolis.office.core.texts import RIGHT_TO_LEFT
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.eligibility import Row, rows_of
from sympolis.office.synergies.peers.likeness import FEATURES
from sympolis.web.public.templatetags.portal import organisation_name, safe_address

register = template.Library()


@register.filter
def feature_word(name: str) -> str:
    return str(FEATURES[name])


@register.filter
def word_of(score: float) -> str:
    """The strength of a score: a code for the tag ``strength``."""
    return str(strength_of(score))


@register.filter
def quoted(hit: SearchHit) -> SafeString:
    """The passage that answers, in its language, the words that were asked for marked, and which language that is."""
    if not hit.passage:
        return SafeString("")
    words = format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", one.text) if one.matched else one.text,) for one in hit.passage)
    )
    language = hit.passage_language
    if not language or language == reader_language():
        return words
    return format_html(
        '<span lang="{}" dir="{}">{}</span> <span class="lang-note">{}</span>',
        language,
        "rtl" if language in RIGHT_TO_LEFT else "ltr",
        words,
        language_name(language),
    )


@register.filter
def address_of(hit: SearchHit) -> str:
    """Its page here, else where it was read."""
    return hit.url or safe_address(hit.source_url)


@register.filter
def eligible(answers: tuple[Answer, ...]) -> list[Row]:
    return rows_of(answers)


@register.filter
def at[T](listed: Sequence[T], place: int) -> T:
    return listed[place]


@register.filter
def names_listed(organisations: Sequence[Organisation]) -> str:
    return listed(organisation_name(one) for one in organisations)
