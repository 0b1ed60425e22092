"""Places like a place, with reasons in words and what could not be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sympolis.engine.match.learning import weighed
from sympolis.engine.match.peers import WEIGHTS, Peer, PlaceProfile
from sympolis.engine.match.peers import peers as peers_among
from sympolis.engine.model import Feature
from sympolis.office.core.queries import Reader
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.moments import Moment
from sympolis.office.directory.queries import visible_relations
from sympolis.office.synergies.brief.wording import Country, Label, Many, Money, Run, Said, Value, written
from sympolis.office.synergies.enums import PartnerVerdict, Tie
from sympolis.office.synergies.peers.places import KnownPlace
from sympolis.office.synergies.peers.rounding import rounded
from sympolis.office.synergies.scope import COUNTED_AT_ONCE, tie_of_part

FEATURES: Mapping[str, Promise] = {
    "size": _("Size"),
    "themes": _("Themes"),
    "coast": _("Distance to the sea"),
    "density": _("Density"),
    "income": _("Income"),
    "climate": _("Climate"),
    "latitude": _("Latitude"),
    "kind": _("Kind"),
    "countries": _("Country"),
}
"""What is compared, as it is called on screen."""

GROUPS: Mapping[str, Promise] = {
    "eu": _("Both are in the European Union."),
    "southern-neighbourhood": _("Both are in the southern neighbourhood of the European Union."),
    "western-balkans": _("Both are in the Western Balkans."),
    "african-union": _("Both are in the African Union."),
}

THEMES_NAMED = 5


@dataclass(frozen=True, slots=True)
class PeerReason:
    """What was compared, how alike the two are in it, and what the two values are."""

    feature: Feature
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Unknown:
    """What could not be compared, and of whom it is not known; of nobody where both are known in other units."""

    feature: str
    names: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class PlacePeer:
    """A place like the one that was asked for, with the seat city or authority through which its work counts too."""

    place: KnownPlace
    peer: Peer
    reasons: tuple[PeerReason, ...]
    unknown: tuple[Unknown, ...]

    @property
    def organisation(self) -> Organisation:
        return self.place.organisation


@dataclass(frozen=True, slots=True)
class Asked:
    """Which features count (empty: all), what was decided about places before, by public id, and what the office's
    answers taught."""

    features: Collection[str] = ()
    limit: int = 12
    said: Mapping[str, str] = field(default_factory=dict)
    multipliers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Peers:
    """As many as were asked, the likest first, and apart from these whom an officer said later and no to."""

    first: list[PlacePeer]
    put_off: list[PlacePeer]
    put_aside: list[PlacePeer]


@dataclass(frozen=True)
class Neighbourhood:
    """Which places are part of which, by primary key."""

    parts: Mapping[int, frozenset[int]]
    close: Mapping[int, tuple[int, ...]]

    def related(self, pk: int) -> frozenset[int]:
        """Its parts and what it is part of: no peers of it, for they are itself in other words."""
        return self.parts.get(pk, frozenset())

    def through(self, pk: int) -> tuple[int, ...]:
        """Whose work counts for it as well: its seat city, or the authority it is part of."""
        return self.close.get(pk, ())


def neighbourhood(user: Reader, places: Mapping[int, KnownPlace], on: date) -> Neighbourhood:
    """One question to the database for all places."""
    rows = visible_relations(user).filter(type=RelationType.PART_OF, confirmed=True).order_by("pk")
    parts: dict[int, set[int]] = defaultdict(set)
    close: dict[int, list[int]] = defaultdict(list)
    ends = [(each.from_organisation_id, each.to_organisation_id) for each in Moment.now(on).possible(rows)]
    ends += [(pk, place.organisation.parent_id) for pk, place in places.items() if place.organisation.parent_id]
    for part, whole in ends:
        if part not in places or whole not in places:
            continue
        parts[part].add(whole)
        parts[whole].add(part)
        close[part].append(whole)
        if tie_of_part(places[part].organisation, places[whole].organisation) in COUNTED_AT_ONCE - {Tie.AUTHORITY}:
            close[whole].append(part)
    return Neighbourhood(
        {pk: frozenset(found) for pk, found in parts.items()},
        {pk: tuple(dict.fromkeys(found)) for pk, found in close.items()},
    )


def peers_of(
    place: KnownPlace,
    places: Mapping[int, KnownPlace],
    around: Neighbourhood,
    asked: Asked,
) -> Peers:
    """The places most like one, likest first; its own parts and what it is part of are left out.

    What the office's answers taught stretches the weights.
    """
    left_out = around.related(place.organisation.pk)
    others = {one.organisation.public_id: one for pk, one in places.items() if pk not in left_out}
    profiles: Iterable[PlaceProfile] = (one.profile() for one in others.values())
    now = weighed(WEIGHTS, asked.multipliers)
    found = peers_among(place.profile(), profiles, asked.features, max(len(others), 1), now)

    def told(verdicts: Collection[str], limit: int) -> list[PlacePeer]:
        said = [peer for peer in found if asked.said.get(peer.id, "") in verdicts]
        return [_peer(place, others[peer.id], peer) for peer in said[:limit]]

    first = told({"", PartnerVerdict.YES}, asked.limit)
    return Peers(first, told({PartnerVerdict.LATER}, len(found)), told({PartnerVerdict.NO}, len(found)))


def _peer(place: KnownPlace, other: KnownPlace, peer: Peer) -> PlacePeer:
    reasons = tuple(PeerReason(feature, reason_in_words(feature)) for feature in peer.features)
    unknown = tuple(Unknown(name, _of_whom(name, place, other)) for name in peer.unknown)
    return PlacePeer(other, peer, reasons, unknown)


def _of_whom(feature: str, *both: KnownPlace) -> tuple[Organisation, ...]:
    return tuple(place.organisation for place in both if not _is_known(feature, place))


def _is_known(feature: str, place: KnownPlace) -> bool:
    profile = place.profile()
    match feature:
        case "size":
            return profile.population is not None
        case "coast":
            return profile.coast_km is not None
        case "climate":
            return profile.temperature is not None or profile.rainfall is not None
        case "countries":
            return bool(profile.country)
        case "themes" | "kind":
            return bool(getattr(profile, feature))
    return getattr(profile, feature) is not None


def reason_in_words(feature: Feature) -> tuple[Run, ...]:
    """What was compared as sentences in the language that is active: every value in them is one of the two places'."""
    language = get_language() or "en"
    runs: list[Run] = []
    for said in _said(feature):
        runs += [*([Run(" ")] if runs else []), *written(said, language)]
    return tuple(runs)


def _said(feature: Feature) -> list[Said]:
    values = feature.values
    match feature.name:
        case "size":
            return [Said(_("%(left)s and %(right)s people."), _both(values))]
        case "density":
            return [Said(_("%(left)s and %(right)s people per km²."), _both(values))]
        case "coast":
            return [Said(_("About %(left)s and %(right)s km from the sea."), _both(values))]
        case "income":
            money = {end: Money(rounded(values[end]), values["unit"]) for end in ("left", "right")}
            return [Said(_("Gross domestic product per head: %(left)s and %(right)s."), money)]
        case "latitude":
            return [Said(_("Latitude %(left)s° and %(right)s°."), _both(values))]
        case "climate":
            return _climate(values)
        case "themes":
            return [_themes(values["themes"])]
        case "kind":
            return [_kind(values["left"], values["right"])]
    return [_countries(values)]


def _both(values: Mapping[str, float]) -> dict[str, Value]:
    return {end: rounded(values[end]) for end in ("left", "right")}


def _climate(values: Mapping[str, list[float]]) -> list[Said]:
    messages = {
        "temperatures": _("Mean temperature of the year: %(left)s and %(right)s °C."),
        "rainfalls": _("Rainfall of the year: %(left)s and %(right)s mm."),
    }
    return [
        Said(message, _both(dict(zip(("left", "right"), values[name], strict=True))))
        for name, message in messages.items()
        if name in values
    ]


def _themes(codes: list[str]) -> Said:
    if not codes:
        return Said(_("No theme in common."))
    named = Many(tuple(Label("themes", code) for code in codes[:THEMES_NAMED]))
    more = len(codes) - THEMES_NAMED
    if more > 0:
        return Said(_("Both work on %(themes)s and other themes (%(more)s more)."), {"themes": named, "more": more})
    return Said(_("Both work on %(themes)s."), {"themes": named})


def _kind(left: str, right: str) -> Said:
    if left == right:
        return Said(_("Both are of the kind “%(kind)s”."), {"kind": Label("kinds", left)})
    return Said(_("Kinds: %(left)s and %(right)s."), {"left": Label("kinds", left), "right": Label("kinds", right)})


def _countries(values: Mapping[str, str]) -> Said:
    left, right = values["left"], values["right"]
    if left == right:
        return Said(_("Both are in %(country)s."), {"country": Country(left)})
    if values["group"]:
        return Said(GROUPS[values["group"]])
    return Said(_("Countries: %(left)s and %(right)s."), {"left": Country(left), "right": Country(right)})
