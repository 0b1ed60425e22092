"""Yes, no and later on what a page suggests: the form of one suggestion, what it sent, and how that is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from sympolis.office.synergies.enums import PartnerVerdict
from sympolis.office.synergies.models import PartnerDecision, SuggestionAnswer


@dataclass(frozen=True, slots=True)
class Saying:
    """The form of one suggestion and the last word on it. ``hidden`` is what its page was asked with, ``record`` the
    name under which ``key`` is sent; ``meeting`` leads to preparing one."""

    action: str
    key: str
    name: str
    hidden: tuple[tuple[str, str], ...] = ()
    said: PartnerDecision | SuggestionAnswer | None = None
    record: str = "record"
    meeting: str = ""

    @property
    def anchor(self) -> str:
        """What elements of the form are called by: ids of the world's data have signs in them."""
        return re.sub(r"[^\w-]+", "-", self.key)

    @property
    def code(self) -> str:
        if isinstance(self.said, PartnerDecision):
            return self.said.verdict
        return self.said.answer if self.said else ""

    @property
    def word(self) -> str:
        return str(PartnerVerdict(self.code).label) if self.code else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(code, str(label)) for code, label in PartnerVerdict.choices]


def verdict_in(request: HttpRequest) -> str:
    """What a form sent; empty takes back. Raises Http404 where it is no such word."""
    verdict = request.POST.get("verdict", "")
    if verdict not in {"", *PartnerVerdict.values}:
        raise Http404
    return verdict


def codes_of(said: Mapping[str, SuggestionAnswer]) -> dict[str, str]:
    """Suggestion -> what was decided about it."""
    return {key: one.answer for key, one in said.items()}


def told(verdict: str, name: str) -> str:
    return _sentence(verdict) % {"name": name}


def _sentence(verdict: str) -> str:
    match verdict:
        case PartnerVerdict.YES:
            return _("Yes to %(name)s: kept.")
        case PartnerVerdict.NO:
            return _("%(name)s is put aside. You can take that back under “Put aside”.")
        case PartnerVerdict.LATER:
            return _("%(name)s is put off to the end of the list.")
    return _("Taken back: nothing is decided about %(name)s.")
