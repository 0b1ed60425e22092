"""Search over everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core import search as index
from sympolis.office.core.templatetags.show import country, language_name
from sympolis.web.public.lists import LONGEST_QUESTION, Choice, asked, by_name, language

LIMIT = 50
KINDS = {
    "organisation": _("Organisations"),
    "project": _("Projects"),
    "call": _("Calls"),
    "need": _("Needs and offers"),
    "action": _("Actions of plans"),
    "event": _("Events"),
    "recording": _("Recordings"),
    "news": _("News"),
    "page": _("Pages"),
    "agreement": _("Agreements"),
    "position": _("Positions"),
    "publication": _("Publications"),
    "document": _("Documents"),
    "practice": _("Practices"),
    "application": _("Applications"),
    "request": _("Requests"),
}
FACETS = ("kind", "country", "theme", "language")


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """One value of a facet with how many hits have it."""

    choice: Choice
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one filter; open when one of them is chosen."""

    choices: list[FacetChoice]

    @property
    def is_open(self) -> bool:
        return any(facet.choice.chosen for facet in self.choices)


def search(request: HttpRequest) -> HttpResponse:
    """The hits for a question; with JavaScript they come while one types, without it after pressing the button."""
    question = asked(request, "q")
    chosen = {name: request.GET.getlist(name)[:50] for name in FACETS}
    after, before = _day(asked(request, "after")), _day(asked(request, "before"))
    answer = None
    if question:
        answer = index.search(
            request.user,
            question,
            kinds=chosen["kind"],
            countries=chosen["country"],
            themes=chosen["theme"],
            languages=chosen["language"],
            after=after,
            before=before,
            language=language(),
            limit=LIMIT,
        )
    context = {
        "question": question,
        "longest": LONGEST_QUESTION,
        "answer": answer,
        "facets": {name: _facet(name, answer.facets.get(name, {}) if answer else {}, chosen[name]) for name in FACETS},
        "after": after,
        "before": before,
        "kind_words": KINDS,
    }
    return render(request, "public/search.html", context)


def _facet(name: str, counts: Mapping[str, int], chosen: list[str]) -> Facet:
    """Values found or chosen: those chosen first, then the commonest."""
    labelled = by_name((_label(name, code), code) for code in {*counts, *chosen} if code)
    choices = [FacetChoice(Choice(code, label, code in chosen), counts.get(code, 0)) for label, code in labelled]
    return Facet(sorted(choices, key=lambda facet: (not facet.choice.chosen, -facet.count)))


def _label(name: str, code: str) -> str:
    if name == "country":
        return country(code)
    if name == "language":
        return language_name(code)
    if name == "theme":
        return vocabulary.label("themes", code, language())
    return str(KINDS.get(code, code))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
