"""The fixed words of a brief: its headings and labels, kept with it in its language."""

from __future__ import annotations

from babel.numbers import format_decimal
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from sympolis.engine.match import FAIR, STRONG
from sympolis.office.core.locales import locale_of
from sympolis.office.synergies.brief.lines import Section

HEADINGS: dict[str, Promise] = {
    Section.SIDES: _("Who they are"),
    Section.COMMON: _("Where they already meet"),
    Section.THEMES: _("Shared themes"),
    Section.SYNERGIES: _("Ways to work together"),
    Section.CALLS: _("Open calls that fit"),
    Section.MEMBERS: _("Members to ask along"),
    Section.PEOPLE: _("People to invite"),
    Section.COMMITMENTS: _("What was promised"),
    Section.CHANGES: _("What has changed since"),
}
WORDS: dict[str, Promise] = {
    "proposals": _("Three things to propose"),
    "more": _("More ways to work together"),
    "step": _("First step:"),
    "against": _("What speaks against:"),
    "brings": _("Who brings what"),
    "why": _("Why"),
    "evidence": _("What this rests on"),
    "sources": _("What each line rests on"),
    "read_on": _("read on %(date)s"),
    "no_source": _("from the office's own records"),
    "via": _("via %(name)s"),
    "example": _("Example"),
    "unconfirmed": _("Unconfirmed"),
    "pinned": _("Important"),
    "wanted": _("What they want and offer"),
    "experience": _("Finished, to learn from"),
    "ask": _("To ask where it stands"),
    "strong": _("strong"),
    "fair": _("fair"),
    "weak": _("weak"),
    "scale": _(
        "Strong, fair or weak: how well the entries behind a line go together, by texts, subjects and stages. "
        "From %(strong)s of 1 it is strong, from %(fair)s fair; on a general subject, or before all was read closely, "
        "it is called less. This compares the lines with each other and is no probability."
    ),
    "overdue": _("overdue"),
    "done": _("done"),
    "comment": _("Comment by %(name)s: %(comment)s"),
    "page": _("Page %(page)s of %(pages)s"),
    "example_notice": _("Lines marked Example rest on invented rows of the demo."),
    "unconfirmed_notice": _("Lines marked Unconfirmed rest on facts that nobody has confirmed yet."),
    "made": _("As of %(date)s"),
    "internal": _("For the office only"),
    "approved": _("Approved for handing round by %(name)s"),
    "not_approved": _("Nobody has approved this for handing round yet"),
    "and": _("and"),
    "nothing": _("Everything here was struck out."),
}


def words_in(language: str) -> dict[str, str]:
    with override(language):
        words = {key: str(word) for key, word in WORDS.items()}
    bounds = {"strong": points_in(STRONG, language), "fair": points_in(FAIR, language)}
    return words | {"scale": words["scale"] % bounds}


def points_in(score: float, language: str) -> str:
    """A score as the language writes numbers: 0.52, 0,52."""
    return str(format_decimal(score, "0.00", locale=locale_of(language)))


def headings_in(language: str) -> dict[str, str]:
    with override(language):
        return {str(key): str(word) for key, word in HEADINGS.items()}
