"""Places like one, what they have done about a problem, and two to five of them side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from sympolis.engine.texts import vocabulary
from sympolis.office.core.templatetags.show import plain, reader_language
from sympolis.office.synergies.actions import answer_suggestion
from sympolis.office.synergies.asked_need import AskedNeed
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.learning import office_learning
from sympolis.office.synergies.learning_words import learnt_in_words
from sympolis.office.synergies.models import SuggestionAnswer
from sympolis.office.synergies.peers.comparison import LEAST_PLACES, MOST_PLACES
from sympolis.office.synergies.peers.comparison import side_by_side as compared
from sympolis.office.synergies.peers.done import Deed, done_about
from sympolis.office.synergies.peers.likeness import FEATURES, Asked, PlacePeer, neighbourhood, peers_of
from sympolis.office.synergies.peers.places import KnownPlace, known_places
from sympolis.office.synergies.queries import answers_about_each
from sympolis.office.synergies.teaching import suggested_peer
from sympolis.web.staff.brief.access import officers, reader
from sympolis.web.staff.peers.export import as_csv
from sympolis.web.staff.peers.forms import LONGEST, Choice
from sympolis.web.staff.peers.plots import dot_plots, theme_plot
from sympolis.web.staff.saying import Saying, codes_of, told, verdict_in

MOST = 12
LOOKED_AT = 36
"""Among so many peers those are looked for who have done something about the problem; they come first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A peer and what it has done about the problem."""

    peer: PlacePeer
    saying: Saying
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
    problem, key = choice.problem(reader_language()), place.organisation.public_id
    learning = office_learning()
    said = answers_about_each(user, {Subject.PEERS: key, Subject.NEEDS: AskedNeed(problem).about})
    multipliers = learning.multipliers(Subject.PEERS)
    asked = Asked(choice.features, LOOKED_AT if problem else MOST, codes_of(said[Subject.PEERS]), multipliers)
    found = peers_of(place, places, around, asked)

    def shown(peer: PlacePeer, deeds: list[Deed] | None = None, more: int = 0) -> Shown:
        return Shown(peer, _saying(place, peer, choice, said[Subject.PEERS]), deeds or [], more)

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
        "shown": [shown(peer) for peer in found.first],
        "put_off": [shown(peer) for peer in found.put_off],
        "put_aside": [shown(peer).saying for peer in found.put_aside],
        "learnt": learnt_in_words(learning, Subject.PEERS),
    }
    if problem:
        everybody = [place.organisation.pk, *(peer.organisation.pk for peer in (*found.first, *found.put_off))]
        of_need = codes_of(said[Subject.NEEDS])
        done = done_about(user, problem, everybody, places, around, reader_language(), of_need, learning)

        def with_deeds(peers: list[PlacePeer]) -> list[Shown]:
            keys = [peer.organisation.pk for peer in peers]
            return [
                shown(peer, done.of.get(pk, []), done.more.get(pk, 0)) for pk, peer in zip(keys, peers, strict=True)
            ]

        first = with_deeds(found.first)
        context["unavailable"] = done.unavailable
        context["own"] = done.of.get(place.organisation.pk, [])
        context["shown"] = sorted(first, key=lambda one: not one.deeds)[:MOST]
        context["put_off"] = with_deeds(found.put_off)
        context["anything"] = any(one.deeds for one in first)
    return render(request, "staff/peers/peers.html", context)


def _saying(place: KnownPlace, peer: PlacePeer, choice: Choice, said: Mapping[str, SuggestionAnswer]) -> Saying:
    one = peer.organisation
    return Saying(
        reverse("staff:peer_say", args=[place.organisation.public_id]),
        one.public_id,
        plain(one.title_text()),
        choice.pairs,
        said.get(one.public_id),
    )


@officers
@require_POST
def say(request: HttpRequest, public_id: str) -> HttpResponse:
    """Yes, no or later to a place like this one, scored by all that is compared; empty takes it back."""
    user, on, verdict = reader(request), timezone.localdate(), verdict_in(request)
    places = known_places(user)
    place, other = _place_or_404(places, public_id), _place_or_404(places, request.POST.get("record", ""))
    both = {one.organisation.pk: one for one in (place, other)}
    asked = Asked(multipliers=office_learning().multipliers(Subject.PEERS))
    found = peers_of(place, both, neighbourhood(user, both, on), asked)
    if not found.first:
        raise Http404
    suggestion = suggested_peer(place.organisation.public_id, found.first[0])
    answer_suggestion(user, suggestion, verdict, request.POST.get("why", ""))
    messages.success(request, told(verdict, found.first[0].organisation.name))
    page = reverse("staff:peers", args=[place.organisation.public_id])
    return redirect(f"{page}?{urlencode(Choice.of(request.POST).pairs)}")


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
