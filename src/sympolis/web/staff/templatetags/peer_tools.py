"""How a peer's reasons and an answer to a need are shown."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from sympolis.engine.match import strength_of
from sympolis.engine.model import Answer
from sympolis.office.core.templatetags.show import listed
from sympolis.office.directory.models import Organisation
from sympolis.office.synergies.eligibility import Row, rows_of
from sympolis.office.synergies.peers.likeness import FEATURES
from sympolis.web.public.templatetags.portal import organisation_name

register = template.Library()


@register.filter
def feature_word(name: str) -> str:
    return str(FEATURES[name])


@register.filter
def word_of(score: float) -> str:
    """The strength of a score: a code for the tag ``strength``."""
    return str(strength_of(score))


@register.filter
def eligible(answers: tuple[Answer, ...]) -> list[Row]:
    return rows_of(answers)


@register.filter
def at[T](listed: Sequence[T], place: int) -> T:
    return listed[place]


@register.filter
def names_listed(organisations: Sequence[Organisation]) -> str:
    return listed(organisation_name(one) for one in organisations)
