"""What an organisation does and wants, as the engine reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Prefetch

from sympolis.engine.model import Item, ItemKind, Portfolio
from sympolis.office.core.queries import Reader
from sympolis.office.directory.enums import RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.models import Need, Participation, Practice, Project
from sympolis.office.projects.practices.queries import told_of, visible_practices
from sympolis.office.projects.queries import stage_on, visible_needs, visible_projects
from sympolis.office.synergies.facts import MEMBERSHIPS, Facts, Question, gather
from sympolis.office.synergies.scope import Side

MOST_OWN = 100
"""Of each kind, the newest first: more would take longer to compare than anybody waits."""
SEATS = (*MEMBERSHIPS, RelationType.SITS_ON, RelationType.PARTICIPATES_IN, RelationType.OBSERVER_OF)


def portfolio_of(
    user: Reader,
    organisation: Organisation,
    scope: Collection[Organisation],
    on: date,
    include_unconfirmed: bool = False,
) -> Portfolio:
    """What an organisation does and wants on a day, with what comes through the bodies of its scope."""
    side = Side("left", organisation, tuple(scope))
    facts = gather(Question(user, side, side, on, include_unconfirmed=include_unconfirmed))
    return side_portfolio(facts, side)


def side_portfolio(facts: Facts, side: Side) -> Portfolio:
    """One side of a brief."""
    seats = dict.fromkeys(relation.to_organisation.public_id for relation in facts.relations_of(side, *SEATS))
    return Portfolio(
        organisation_id=side.organisation.public_id,
        kind=side.organisation.kind,
        country=side.organisation.country,
        items=items_of(facts, side.ends),
        seats=tuple(seats),
    )


def own_portfolio(facts: Facts, organisation: Organisation) -> Portfolio:
    """An organisation on its own: a member that may be asked along, a network that may help."""
    return Portfolio(
        organisation_id=organisation.public_id,
        kind=organisation.kind,
        country=organisation.country,
        items=items_of(facts, {organisation.pk: organisation}),
    )


def own_items(user: Reader, organisation: Organisation, on: date) -> tuple[Item, ...]:
    """What an organisation itself does and wants, without what comes through others: in four questions."""
    parts = Participation.objects.select_related("organisation")
    projects = visible_projects(user).filter(participations__organisation=organisation, confirmed=True)
    needs = visible_needs(user).filter(organisation=organisation, confirmed=True).select_related("organisation")
    practices = visible_practices(user).filter(organisation=organisation, confirmed=True).select_related("organisation")
    order = [organisation.pk]
    own = projects.distinct().order_by("-start_latest", "pk").prefetch_related(Prefetch("participations", parts))
    return (
        *(_need_item(need, order) for need in needs.order_by("pk")[:MOST_OWN]),
        *(_practice_item(practice, order) for practice in practices.order_by("-pk")[:MOST_OWN]),
        *(_project_item(project, order, on) for project in own[:MOST_OWN]),
    )


def items_of(facts: Facts, ends: Collection[int]) -> tuple[Item, ...]:
    """Projects, needs, priorities, offers and practices of some organisations, each once; the first is the
    main one."""
    order = list(ends)
    projects = [_project_item(project, order, facts.question.on) for project in facts.projects_of(order)]
    return (
        *projects,
        *(_need_item(need, order) for need in facts.needs_of(order)),
        *(_practice_item(practice, order) for practice in facts.practices_of(order)),
    )


def _project_item(project: Project, order: list[int], on: date) -> Item:
    parts = project.participations.all()
    mine = min((part for part in parts if part.organisation_id in order), key=lambda p: order.index(p.organisation_id))
    owner = mine.organisation
    return Item(
        id=project.public_id,
        kind=ItemKind.PROJECT,
        title=project.title.plain(),
        owner_id=owner.public_id,
        text=project.summary.plain(),
        stage=stage_on(project, on),
        themes=project.themes,
        sdgs=_numbers(project.sdgs),
        countries=project.countries,
        partner_ids=tuple(part.organisation.public_id for part in parts if part.organisation_id != owner.pk),
        programme=project.programme,
        since=project.start,
        until=project.end,
        via_id=owner.public_id if owner.pk != order[0] else "",
        source_url=project.source_url,
        confirmed=project.confirmed,
        illustrative=project.illustrative,
    )


def _need_item(need: Need, order: list[int]) -> Item:
    owner = need.organisation
    return Item(
        id=need.public_id,
        kind=ItemKind(need.stage),
        title=need.title.plain(),
        owner_id=owner.public_id,
        text=need.text.plain(),
        themes=need.themes,
        countries=(owner.country,) if owner.country else (),
        via_id=owner.public_id if owner.pk != order[0] else "",
        source_url=need.source_url,
        confirmed=need.confirmed,
        illustrative=need.illustrative,
    )


def _practice_item(practice: Practice, order: list[int]) -> Item:
    """What was tried is what can be told to others: an offer, with the problem that it answers and what was done."""
    owner = practice.organisation
    return Item(
        id=practice.public_id,
        kind=ItemKind.OFFER,
        title=practice.title.plain(),
        owner_id=owner.public_id,
        text=told_of(practice).plain(),
        themes=practice.themes,
        sdgs=_numbers(practice.sdgs),
        countries=practice.countries or ((owner.country,) if owner.country else ()),
        via_id=owner.public_id if owner.pk != order[0] else "",
        source_url=practice.source_url,
        confirmed=practice.confirmed,
        illustrative=practice.illustrative,
    )


def _numbers(codes: Iterable[str]) -> tuple[int, ...]:
    return tuple(int(code) for code in codes if code.isdigit())
