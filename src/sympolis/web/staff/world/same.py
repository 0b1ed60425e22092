"""Same body? Pairs of the world's data a person decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from sympolis.office.core.readers import open_world
from sympolis.office.core.templatetags.show import number
from sympolis.office.directory.enums import SameVerdict
from sympolis.office.directory.models import SameBody
from sympolis.office.directory.world.candidates import Candidate, with_projects
from sympolis.office.directory.world.judgements import judge_pair, take_back
from sympolis.office.directory.world.unsure import Pair, all_pairs, pair_of, waiting_pairs
from sympolis.web.public.lists import asked, country_choices
from sympolis.web.staff.imports.access import officer_of, officers_only
from sympolis.web.staff.world.reasons import Said, in_words, label_of_kind, label_of_land, listed

PAIRS_A_PAGE = 20
DECIDED_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One thing about both, side by side."""

    label: Any
    left: str
    right: str

    @property
    def differs(self) -> bool:
        return bool(self.left) and bool(self.right) and self.left != self.right


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as the page shows it."""

    pair: Pair
    left: Candidate | None
    right: Candidate | None
    lines: list[Line]
    speaks_for: list[Said]
    speaks_against: list[Said]


@officers_only
@require_safe
def same_bodies(request: HttpRequest) -> HttpResponse:
    """Those that wait, the likeliest first."""
    question, country = asked(request, "q"), asked(request, "country")[:2].upper()
    page = Paginator(waiting_pairs(question, country), PAIRS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "pairs": _shown(list(page)),
        "question": question,
        "countries": country_choices({one for pair in all_pairs() for one in pair.countries}, country),
        "last": SameBody.objects.filter(by=officer_of(request)).first(),
        "is_narrowed": bool(question or country),
    }
    return render(request, "staff/world/same.html", context)


def _shown(pairs: Sequence[Pair]) -> list[Shown]:
    bodies = list(dict.fromkeys(body for pair in pairs for body in pair.bodies))
    found = {one.organisation.id: one for one in with_projects(open_world(), bodies)}
    return [_one_shown(pair, found.get(pair.bodies[0]), found.get(pair.bodies[1])) for pair in pairs]


def _one_shown(pair: Pair, left: Candidate | None, right: Candidate | None) -> Shown:
    lines = [line for line in _lines(left, right) if line.left or line.right]
    reasons = [in_words(reason) for reason in pair.reasons if reason.score]
    return Shown(
        pair,
        left,
        right,
        lines,
        [said for said in reasons if said.speaks_for],
        [said for said in reasons if not said.speaks_for],
    )


def _lines(left: Candidate | None, right: Candidate | None) -> list[Line]:
    return [Line(label, of(left) if left else "", of(right) if right else "") for label, of in COMPARED]


def _names(side: Candidate) -> str:
    told = side.organisation
    names = dict.fromkeys([told.short_name, *told.names.values(), *told.aliases])
    return listed([name for name in names if name and name != told.name][:8])


COMPARED: tuple[tuple[Any, Callable[[Candidate], str]], ...] = (
    (gettext_lazy("Also written"), _names),
    (gettext_lazy("Country"), lambda side: label_of_land(side.organisation.country)),
    (gettext_lazy("Kind"), lambda side: label_of_kind(side.organisation.kind)),
    (gettext_lazy("Place"), lambda side: side.organisation.place),
    (gettext_lazy("Web site"), lambda side: side.organisation.website),
    (gettext_lazy("Numbers"), lambda side: listed(side.organisation.identifiers)),
    (gettext_lazy("Projects"), lambda side: number(side.projects)),
)


@officers_only
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Keep what was pressed, and go on where one was."""
    if not request.user.has_perm("directory.judge_pair"):
        raise PermissionDenied
    left, right = (request.POST.get(side, "") for side in ("left", "right"))
    verdict = request.POST.get("verdict", "")
    pair = pair_of(left, right)
    if pair is None or verdict not in SameVerdict.values:
        raise Http404
    judge_pair(officer_of(request), pair.left, pair.right, verdict, pair.names)
    back = urlencode({name: request.POST.get(name, "")[:300] for name in ("q", "country", "page")})
    return redirect(f"{reverse('staff:same_bodies')}?{back}#pairs")


@officers_only
@require_safe
def decided(request: HttpRequest) -> HttpResponse:
    """What was decided, by whom and when, the latest first."""
    found = SameBody.objects.select_related("by")
    if verdict := request.GET.get("verdict", ""):
        found = found.filter(verdict=verdict[:10])
    page = Paginator(found, DECIDED_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "verdict": verdict, "verdicts": SameVerdict.choices}
    return render(request, "staff/world/decided.html", context)


@officers_only
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back, whoever took it."""
    if not request.user.has_perm("directory.judge_pair"):
        raise PermissionDenied
    take_back(officer_of(request), get_object_or_404(SameBody, pk=pk))
    messages.success(request, _("Taken back. The pair waits again."))
    return redirect("staff:same_decided" if request.POST.get("from") == "decided" else "staff:same_bodies")
