"""What places have done about a problem: their projects, practices and plan actions that answer it, quoted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sympolis.engine.match import strength_among
from sympolis.engine.model import Strength
from sympolis.office.core.queries import Reader
from sympolis.office.core.search import SearchHit
from sympolis.office.directory.models import Organisation
from sympolis.office.planning.queries import visible_actions
from sympolis.office.projects.practices.queries import visible_practices
from sympolis.office.synergies.learning import Learning
from sympolis.office.synergies.need_answers import NOTHING_SAID, OUT
from sympolis.office.synergies.peers.likeness import Neighbourhood
from sympolis.office.synergies.peers.places import KnownPlace
from sympolis.office.synergies.weighing import Weighed, weigh

KINDS = ("project", "practice", "action")
MOST_EACH = 3


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done or offered, with the passage that answers; ``via`` whose it is where not its own."""

    hit: SearchHit
    score: float
    beyond: float
    via: Organisation | None = None

    @property
    def strength(self) -> Strength:
        return strength_among(self.score, self.beyond)


@dataclass(frozen=True, slots=True)
class Deeds:
    """By primary key of each place, best first, and how many more there are; ``unavailable``: no index yet."""

    of: Mapping[int, list[Deed]]
    more: Mapping[int, int]
    unavailable: bool = False


def done_about(
    user: Reader,
    text: str,
    asked: Collection[int],
    places: Mapping[int, KnownPlace],
    around: Neighbourhood,
    language: str,
    said: Mapping[str, str] = NOTHING_SAID,
    learning: Learning | None = None,
) -> Deeds:
    """What each place asked for has done about a text in any language. The world's data is not asked.

    ``said``: public id -> what was decided about it as an answer to this text; what is out there is out here.
    """
    found = weigh(user, text, KINDS, world=False, learning=learning)
    if found is None:
        return Deeds({}, {}, unavailable=True)
    weighed = [one for one in found.weighed if said.get(one.hit.document.id) not in OUT]
    owners = _owners(user, weighed, places)
    each = {pk: list(_of_place(pk, weighed, owners, around)) for pk in asked}
    wanted = {one.hit.document.id: one for deeds in each.values() for one, _via in deeds[:MOST_EACH]}
    hits = {hit.public_id: hit for hit in found.shown(user, list(wanted.values()), language)}
    return Deeds(
        {
            pk: [
                Deed(hits[one.hit.document.id], one.score, one.beyond, _whose(places, via))
                for one, via in deeds[:MOST_EACH]
            ]
            for pk, deeds in each.items()
        },
        {pk: max(len(deeds) - MOST_EACH, 0) for pk, deeds in each.items()},
    )


def _whose(places: Mapping[int, KnownPlace], via: int | None) -> Organisation | None:
    return places[via].organisation if via is not None else None


def _of_place(
    pk: int, weighed: Iterable[Weighed], owners: Mapping[str, Collection[int]], around: Neighbourhood
) -> Iterable[tuple[Weighed, int | None]]:
    """What is its own, or comes through its seat city or authority: then with whose it is."""
    for one in weighed:
        theirs = owners.get(one.hit.document.id, ())
        if pk in theirs:
            yield one, None
        elif via := next((other for other in around.through(pk) if other in theirs), None):
            yield one, via


def _owners(user: Reader, weighed: Sequence[Weighed], places: Mapping[int, KnownPlace]) -> dict[str, set[int]]:
    """Public id of a record -> the places whose it is; of practices and actions it is asked, the rest is known."""
    owners: dict[str, set[int]] = defaultdict(set)
    for pk, place in places.items():
        for public_id in (*place.projects, *place.needs):
            owners[public_id].add(pk)
    found = [one.hit.document.id for one in weighed]
    if told := [key for key in found if key.startswith("pra_")]:
        practices = visible_practices(user).filter(public_id__in=told).order_by()
        for public_id, pk in practices.values_list("public_id", "organisation"):
            owners[public_id].add(pk)
    if wanted := [key for key in found if key.startswith("act_")]:
        rows = visible_actions(user).filter(public_id__in=wanted).order_by()
        for public_id, *ends in rows.values_list("public_id", "organisations", "plan__organisation"):
            owners[public_id].update(pk for pk in ends if pk is not None)
    return owners
