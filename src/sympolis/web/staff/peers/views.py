"""Places like one, what they have done about a problem, and two to five of them side by side."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sympolis.engine.texts import vocabulary
from sympolis.office.core.templatetags.show import reader_language
from sympolis.office.synergies.peers.comparison import LEAST_PLACES, MOST_PLACES
from sympolis.office.synergies.peers.comparison import side_by_side as compared
from sympolis.office.synergies.peers.done import Deed, done_about
from sympolis.office.synergies.peers.likeness import FEATURES, PlacePeer, neighbourhood, peers_of
from sympolis.office.synergies.peers.places import KnownPlace, known_places
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.peers.export import as_csv
from sympolis.web.staff.peers.forms import LONGEST, Choice
from sympolis.web.staff.peers.plots import dot_plots, theme_plot

MOST = 12
LOOKED_AT = 36
"""Among so many peers those are looked for who have done something about the problem; they come first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A peer and what it has done about the problem."""

    peer: PlacePeer
    deeds: list[Deed] = field(default_factory=list)
    more: int = 0

    @property
    def points(self) -> int:
        return round(self.peer.peer.score * 100)

    @property
    def compared(self) -> int:
        return len(self.peer.reasons)

    @property
    def certainty(self) -> int:
        return round(self.peer.peer.certainty * 100)


@officers
@require_safe
def peers(request: HttpRequest, public_id: str) -> HttpResponse:
    user, on = reader(request), timezone.localdate()
    places = known_places(user)
    place = _place_or_404(places, public_id)
    choice = Choice.of(request.GET)
    around = neighbourhood(user, places, on)
    problem = choice.problem(reader_language())
    found = peers_of(place, places, around, choice.features, LOOKED_AT if problem else MOST)
    context = {
        "place": place,
        "organisation": place.organisation,
        "choice": choice,
        "problem": problem,
        "features": [(name, label, choice.counts(name)) for name, label in FEATURES.items()],
        "themes": sorted(
            (vocabulary.label("themes", one.code, reader_language()), one.code) for one in vocabulary.themes()
        ),
        "longest": LONGEST,
        "most_places": MOST_PLACES,
        "asked_features": len(choice.features) or len(FEATURES),
        "shown": [Shown(peer) for peer in found],
    }
    if problem:
        asked = [place.organisation.pk, *(peer.organisation.pk for peer in found)]
        done = done_about(user, problem, asked, places, around, reader_language())
        context["unavailable"] = done.unavailable
        context["own"] = done.of.get(place.organisation.pk, [])
        shown = [
            Shown(peer, done.of.get(peer.organisation.pk, []), done.more.get(peer.organisation.pk, 0)) for peer in found
        ]
        context["shown"] = sorted(shown, key=lambda one: not one.deeds)[:MOST]
        context["anything"] = any(one.deeds for one in shown)
    return render(request, "staff/peers/peers.html", context)


@officers
@require_safe
def side_by_side(request: HttpRequest) -> HttpResponse:
    """Two to five places with their figures; ``format=csv`` for a spreadsheet. Too few or too many is said."""
    places = known_places(reader(request))
    by_id = {place.organisation.public_id: place for place in places.values()}
    asked = [by_id[one] for one in dict.fromkeys(request.GET.getlist("place")) if one in by_id]
    if not asked:
        raise Http404
    chosen = asked[:MOST_PLACES]
    comparison = compared(chosen, list(places.values()), reader_language())
    if request.GET.get("format") == "csv":
        return as_csv(comparison)
    context = {
        "comparison": comparison,
        "too_few": len(asked) < LEAST_PLACES,
        "too_many": len(asked) > MOST_PLACES,
        "most_places": MOST_PLACES,
        "back": reverse("staff:peers", kwargs={"public_id": chosen[0].organisation.public_id}),
        "query": "&".join(f"place={place.organisation.public_id}" for place in chosen),
        "plots": dot_plots(comparison),
        "theme_plot": theme_plot(comparison),
    }
    return render(request, "staff/peers/side_by_side.html", context)


def _place_or_404(places: dict[int, KnownPlace], public_id: str) -> KnownPlace:
    found = next((one for one in places.values() if one.organisation.public_id == public_id), None)
    if found is None:
        raise Http404
    return found
