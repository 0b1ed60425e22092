"""The maps of relations as GeoJSON: points are organisations, lines are what links them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from sympolis.engine.texts import vocabulary
from sympolis.office.directory.models import Organisation
from sympolis.web.public.lists import language
from sympolis.web.public.reach import Harbour, Reach, is_located, name_of

type Feature = dict[str, Any]


def reach_chart(reach: Reach) -> dict[str, Any]:
    """An organisation in the middle, a line to each harbour; the strongest are drawn last, above the others."""
    centre = reach.organisation
    points = [point(harbour.organisation, harbour.why()) for harbour in reach.located]
    lines: list[Feature] = []
    if is_located(centre):
        points.insert(0, point(centre, "", main=True))
        lines = [line(centre, harbour) for harbour in reversed(reach.located) if apart(centre, harbour.organisation)]
    return collection([*lines, *points])


def members_chart(network: Organisation, members: list[Organisation]) -> dict[str, Any]:
    """The members of a network, joined to where its secretariat is, when that is known."""
    located = [member for member in members if is_located(member)]
    points = [point(member, "") for member in located]
    lines: list[Feature] = []
    if is_located(network):
        points.insert(0, point(network, "", main=True))
        lines = [line(network, Harbour(member)) for member in located if apart(network, member)]
    return collection([*lines, *points])


def crowd_chart(network: Organisation, where: Iterable[tuple[float, float, str]]) -> dict[str, Any]:
    """More members than a map can show: those within the same degree are one point, and no lines are drawn."""
    cells: dict[tuple[int, int], list[tuple[float, float, str]]] = defaultdict(list)
    for latitude, longitude, name in where:
        cells[round(latitude), round(longitude)].append((latitude, longitude, name))
    url = reverse("public:network_members", args=[network.slug, network.public_id])
    points = [_crowd(members, url) for members in cells.values()]
    if is_located(network):
        points.insert(0, point(network, "", main=True))
    return collection(points)


def _crowd(members: list[tuple[float, float, str]], url: str) -> Feature:
    latitudes, longitudes, names = zip(*members, strict=True)
    middle = [round(sum(longitudes) / len(members), 3), round(sum(latitudes) / len(members), 3)]
    name = names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"
    return feature("Point", middle, {"name": name, "url": url, "kind": "", "note": ""})


def project_chart(lead: Organisation | None, partners: list[tuple[Organisation, str]]) -> dict[str, Any]:
    """Who takes part in a project, by where they are, joined to its lead partner; ``partners`` come with their role."""
    located = [(one, role) for one, role in partners if is_located(one)]
    points = [point(one, role) for one, role in located]
    lines: list[Feature] = []
    if lead is not None and is_located(lead):
        points.insert(0, point(lead, "", main=True))
        lines = [line(lead, Harbour(one)) for one, _role in located if apart(lead, one)]
    return collection([*lines, *points])


def collection(features: list[Feature]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def point(organisation: Organisation, note: str, main: bool = False) -> Feature:
    properties: dict[str, Any] = {
        "name": organisation.short_name or name_of(organisation),
        "url": organisation.get_absolute_url(),
        "kind": vocabulary.label("kinds", organisation.kind, language()),
        "note": note,
    }
    if main:
        properties["main"] = True
    return feature("Point", position(organisation), properties)


def line(centre: Organisation, harbour: Harbour) -> Feature:
    properties = {
        "label": f"{name_of(centre)} – {harbour.name}",
        "note": harbour.why(),
        "strength": harbour.strength,
        "url": harbour.organisation.get_absolute_url(),
    }
    return feature("LineString", [position(centre), position(harbour.organisation)], properties)


def feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def position(organisation: Organisation) -> list[float]:
    """Longitude and latitude to about a hundred metres: a city is not a house."""
    assert organisation.longitude is not None
    assert organisation.latitude is not None
    return [round(organisation.longitude, 3), round(organisation.latitude, 3)]


def apart(one: Organisation, other: Organisation) -> bool:
    return position(one) != position(other)
