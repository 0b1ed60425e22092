"""Everything the page of one organisation shows, in as few questions as can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sympolis.engine.model import Stage
from sympolis.office.core.queries import Reader, is_officer
from sympolis.office.core.readers import open_world
from sympolis.office.directory.enums import BODY, NETWORK_KINDS, RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.moments import Holds, Moment
from sympolis.office.directory.world.queries import WorldProjects, world_ids_of
from sympolis.office.events.encounters import with_one_of
from sympolis.office.projects.enums import NeedStage
from sympolis.office.projects.models import Project
from sympolis.office.projects.queries import stage_on
from sympolis.office.synergies.queries import visible_meetings
from sympolis.web.public.events.encounters import ALL, met_by
from sympolis.web.public.links import FEW, MANY, Bodies, LinkGroup, Part, parent_shown, presidencies, surroundings_of
from sympolis.web.public.seats import SEATED, benches_of, people_on, sitters_of, with_company
from sympolis.web.public.small_facts import Fact, facts_of
from sympolis.web.public.templatetags.portal import place_of_goal
from sympolis.web.public.work import Work, all_work_of

WORLD_SHOWN = 10
MEETINGS = 12
STAGE_ORDER = (Stage.ONGOING, Stage.PREPARING, Stage.IDEA, Stage.UNKNOWN)


def organisation_page(user: Reader, organisation: Organisation, moment: Moment) -> dict[str, Any]:
    """The context of the page: a handful of questions, and one more of who sits on the bodies it names."""
    parts = all_work_of(user, organisation)
    work = work_of(parts, moment)
    facts, at_events = facts_of(user, organisation)
    encounters = with_one_of(at_events, moment, organisation.pk)
    links = links_of(user, organisation, moment, Part(), encounters)
    if organisation.kind == BODY:
        links |= sitting_on(user, organisation, moment, links, facts["people"])
    else:
        with_company(user, organisation, links["groups"], moment)
    return {
        "organisation": organisation,
        "parent": parent_shown(user, organisation),
        "is_network": organisation.kind in NETWORK_KINDS,
        **links,
        "has_links": bool(links["groups"]) or bool(parts),
        "current_work": work["current_work"][:FEW],
        "work_count": len(parts),
        "is_work_cut": len(parts) > len(work["current_work"][:FEW]),
        "met": met_by(encounters, links["others"]),
        "all_encounters": ALL,
        **world_of(user, organisation, parts),
        **wants_of(facts["needs"]),
        "facts": {**facts, "agreements": [one for one in facts["agreements"] if is_shown(one, moment)]},
        "goals": sorted((fact.words for fact in facts["goals"]), key=place_of_goal),
    }


def sitting_on(
    user: Reader, body: Organisation, moment: Moment, links: Mapping[str, Any], people: Iterable[Fact]
) -> dict[str, Any]:
    """Everybody who sits on a body, in the place of its links that say the same, and when it met."""
    sitters = sitters_of(user, {body.pk}, moment).get(body.pk, [])
    return {
        "sitters": sitters,
        "people_on_it": people_on(people, moment),
        "benches": benches_of(sitters),
        "sat_before": [one for one in sitters if one.past],
        "sitter_count": sum(not one.past and not one.illustrative for one in sitters),
        "its_meetings": visible_meetings(user).filter(organisations=body).defer("imported", "note", "notes")[:MEETINGS],
        "seats": [group for group in links["seats"] if group.outward or group.type not in SEATED],
        "members": None,
    }


def world_of(user: Reader, organisation: Organisation, parts: Iterable[Work]) -> dict[str, Any]:
    """The latest projects the world's data knows of it. Where it is not known there, an officer is asked who it is."""
    world, ids = open_world(), world_ids_of(organisation)
    projects = WorldProjects(world, ids, but=kept_here(parts))
    return {
        "world_projects": projects[:WORLD_SHOWN],
        "world_count": len(projects),
        "is_asked_who_it_is": is_officer(user) and not ids and world is not None and world.has_organisations(),
    }


def world_projects_of(user: Reader, organisation: Organisation) -> WorldProjects:
    """All of them, as far as somebody turns the pages."""
    but = kept_here(all_work_of(user, organisation))
    return WorldProjects(open_world(), world_ids_of(organisation), but)


def kept_here(projects: Iterable[Project | Work]) -> set[str]:
    """Projects the office keeps itself, by their ids in the world's data: they stand among its own already."""
    return {f"{one.source}:{one.source_id}" for one in projects if one.source_id}


def all_links_page(
    user: Reader, organisation: Organisation, moment: Moment, only: str = "", page: str | None = None
) -> dict[str, Any]:
    """Its links and every project of it, or a page of its links of one kind: three questions, and one more of who sits
    on the bodies it names."""
    links = links_of(user, organisation, moment, Part(MANY, MANY, only, page))
    groups = links["groups"]
    with_company(user, organisation, groups, moment)
    bodies: Bodies = links["bodies"]
    alone = bodies if bodies.is_alone else next((group for group in groups if group.is_alone), None)
    parts = [] if alone else all_work_of(user, organisation)
    return {"organisation": organisation, "alone": alone, **links, **work_of(parts, moment)}


def links_of(
    user: Reader, organisation: Organisation, moment: Moment, part: Part, also: Iterable[int] = ()
) -> dict[str, Any]:
    """Its relations, so many of each kind, in the places where people look for them."""
    around = surroundings_of(user, organisation, moment, part, also)
    groups = around.groups
    return {
        "groups": groups,
        "presidencies": presidencies(groups, outward=True),
        "presided_by": presidencies(groups, outward=False),
        "seats": [group for group in groups if group.type != RelationType.TWINNED_WITH],
        "twins": next((group for group in groups if group.type == RelationType.TWINNED_WITH), None),
        "members": _group(groups, RelationType.MEMBER_OF, outward=False),
        "allies": _group(groups, RelationType.PARTNER_OF, outward=True),
        "successors": _group(groups, RelationType.SUCCEEDED_BY, outward=True),
        "predecessors": _group(groups, RelationType.SUCCEEDED_BY, outward=False),
        "bodies": around.bodies,
        "others": around.others,
    }


def _group(groups: Iterable[LinkGroup], type_: str, *, outward: bool) -> LinkGroup | None:
    return next((group for group in groups if group.type == type_ and group.outward is outward), None)


def work_of(parts: Iterable[Work], moment: Moment) -> dict[str, list[Work]]:
    """What goes on or comes, and what is finished; within each the latest first. Of another time, what had begun."""
    if not moment.is_today:
        parts = [part for part in parts if (part.start.earliest or date.min) <= moment.last]
    today = moment.last
    current: list[Work] = []
    finished: list[Work] = []
    for part in sorted(parts, key=lambda part: part.start.latest or date.min, reverse=True):
        (finished if stage_on(part, today) is Stage.FINISHED else current).append(part)
    current.sort(key=lambda part: STAGE_ORDER.index(stage_on(part, today)))
    return {"current_work": current, "finished_work": finished}


def is_shown(agreement: Fact, moment: Moment) -> bool:
    """Today all of them, ended ones too; of another time those that were in force."""
    return moment.is_today or moment.holds(agreement.start, agreement.end) is not Holds.NO


def wants_of(needs: Iterable[Fact]) -> dict[str, list[Fact]]:
    """Needs, priorities and offers."""
    found = list(needs)
    return {
        "needs": [need for need in found if need.kind == NeedStage.NEED],
        "priorities": [need for need in found if need.kind == NeedStage.PRIORITY],
        "offers": [need for need in found if need.kind == NeedStage.OFFER],
    }
