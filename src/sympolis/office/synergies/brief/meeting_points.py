"""Where the two already meet: networks, commissions, agreements, twin towns, projects, events and partners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from sympolis.engine.model import Stage
from sympolis.office.core.models import Record
from sympolis.office.directory.enums import BODY, RelationType, Renewal
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.events.enums import Presence
from sympolis.office.events.queries import MeetingPoint
from sympolis.office.projects.models import Project
from sympolis.office.projects.queries import stage_on
from sympolis.office.synergies.brief.chains import chain_lines
from sympolis.office.synergies.brief.lines import Line, Proof, first_short, proof_of
from sympolis.office.synergies.brief.naming import holds_post, name_of, relation_proof, short_name_of, spoken, via
from sympolis.office.synergies.brief.wording import Many, Said, Value
from sympolis.office.synergies.facts import Facts
from sympolis.office.synergies.portfolio import SEATS

SHORT, PARTNERS, EVENTS = 7, 8, 5
_UNDER_WAY = (Stage.PREPARING, Stage.ONGOING)
PARTNERSHIPS = (RelationType.PARTNER_OF, RelationType.TWINNED_WITH, RelationType.FUNDS)


def meeting_point_lines(facts: Facts) -> list[Line]:
    """The closest first; the shortest chains of acquaintance where there is nothing else."""
    lines = [
        *_direct(facts),
        *_seats(facts),
        *_agreements(facts),
        *_positions(facts),
        *_projects(facts),
        *_events(facts),
        *_partners(facts),
    ]
    if lines:
        return first_short(lines, SHORT)
    nothing = Line(
        key="common:none",
        said=Said(_("No network, agreement, project or partner in common is known here.")),
        unknown=True,
    )
    return [nothing, *(chain_lines(facts) or [_no_chain()])]


def _no_chain() -> Line:
    said = Said(_("Nobody known here has to do with both: ask who could introduce you."))
    return Line(key="common:no-chain", said=said, unknown=True)


def _direct(facts: Facts) -> Iterator[Line]:
    """Twin towns and other links from one side straight to the other."""
    left, right = facts.question.sides
    seen: set[tuple[frozenset[int], str]] = set()
    for relation in facts.relations:
        ends = frozenset((relation.from_organisation_id, relation.to_organisation_id))
        across = any(pk in left.ends for pk in ends) and any(pk in right.ends for pk in ends)
        if not across or len(ends) == 1 or (ends, relation.type) in seen:
            continue
        seen.add((ends, relation.type))
        yield _direct_line(facts, relation)


def _direct_line(facts: Facts, relation: Relation) -> Line:
    values: dict[str, Value] = {
        "one": name_of(relation.from_organisation),
        "other": name_of(relation.to_organisation),
    }
    said = spoken(relation)
    if relation.type == RelationType.TWINNED_WITH:
        said = Said(_("%(one)s and %(other)s are twin towns."), values)
        if relation.since:
            said = Said(
                _("%(one)s and %(other)s have been twin towns since %(since)s."), {**values, "since": relation.since}
            )
    elif relation.type == RelationType.PARTNER_OF:
        said = Said(_("%(one)s and %(other)s are partners."), values)
    return Line(key=f"direct:{relation.public_id}", said=said, proofs=(relation_proof(relation),))


def _seats(facts: Facts) -> Iterator[Line]:
    """Networks and commissions where both have a place; commissions and those one of them presides come first."""
    shared = _shared_seats(facts)
    order = sorted(shared.values(), key=lambda found: (-_weight(found), found[0].to_organisation.sort_key))
    for relations in order:
        yield _seat_line(facts, relations)


def _shared_seats(facts: Facts) -> dict[int, list[Relation]]:
    by_seat: dict[int, dict[str, list[Relation]]] = defaultdict(lambda: defaultdict(list))
    for side in facts.question.sides:
        for relation in filter(holds_post, facts.relations_of(side, *SEATS)):
            by_seat[relation.to_organisation_id][side.name].append(relation)
    return {pk: [*sides["left"], *sides["right"]] for pk, sides in by_seat.items() if len(sides) == 2}


def _weight(relations: Iterable[Relation]) -> int:
    types = {relation.type for relation in relations}
    led = types & {RelationType.PRESIDENT_OF, RelationType.HOSTS_SECRETARIAT_OF}
    return 2 * len(led) + (RelationType.SITS_ON in types)


def _seat_line(facts: Facts, relations: list[Relation]) -> Line:
    body = relations[0].to_organisation
    values: dict[str, Value] = {"body": name_of(body)}
    sits = all(_sits(relations, side.ends) for side in facts.question.sides)
    if body.kind == BODY and body.parent and sits:
        said = Said(_("Both have a seat on %(body)s of %(network)s."), {**values, "network": name_of(body.parent)})
    elif body.kind == BODY and sits:
        said = Said(_("Both have a seat on %(body)s."), values)
    else:
        said = Said(_("Both take part in %(body)s."), values)
    return Line(
        key=f"seat:{body.public_id}",
        said=said,
        proofs=tuple(relation_proof(relation) for relation in relations),
        record=body.public_id,
        parts=tuple(_seat_parts(facts, relations)),
    )


def _sits(relations: Iterable[Relation], ends: Collection[int]) -> bool:
    """Whether a side has more than a part in what a body does."""
    own = (relation for relation in relations if relation.from_organisation_id in ends)
    return any(relation.type not in {RelationType.PARTICIPATES_IN, RelationType.OBSERVER_OF} for relation in own)


_HOLDS = {
    RelationType.PRESIDENT_OF: _("%(who)s presides over it."),
    RelationType.VICE_PRESIDENT_OF: _("%(who)s vice-presides it."),
    RelationType.HOSTS_SECRETARIAT_OF: _("%(who)s hosts its secretariat."),
    RelationType.SITS_ON: _("%(who)s has a seat."),
    RelationType.MEMBER_OF: _("%(who)s is a member."),
    RelationType.OBSERVER_OF: _("%(who)s is an observer."),
    RelationType.PARTICIPATES_IN: _("%(who)s takes part."),
}


def _seat_parts(facts: Facts, relations: list[Relation]) -> Iterator[Line]:
    """Who holds what there, each side's weightiest link only, and through whom."""
    ranks = list(_HOLDS)
    for side in facts.question.sides:
        own = [relation for relation in relations if relation.from_organisation_id in side.ends]
        own.sort(key=lambda each: (ranks.index(RelationType(each.type)), side.is_through(each.from_organisation_id)))
        best = next(iter(own), None)
        if best is not None:
            yield Line(
                key=f"holds:{best.public_id}",
                said=Said(_HOLDS[RelationType(best.type)], {"who": short_name_of(best.from_organisation)}),
                side=side.name,
                via=via(side, best.from_organisation_id),
            )


def _agreements(facts: Facts) -> Iterator[Line]:
    left, right = facts.question.sides
    for agreement in facts.agreements:
        parties = [party.pk for party in agreement.parties.all()]
        if not (any(pk in left.ends for pk in parties) and any(pk in right.ends for pk in parties)):
            continue
        if len({pk for pk in parties if pk in left.ends or pk in right.ends}) < 2:
            continue
        over = agreement.over.latest and agreement.over.latest < facts.question.on
        values: dict[str, Value] = {
            "title": agreement.title_text(),
            "parties": Many(tuple(name_of(party) for party in agreement.parties.all())),
            "signed": agreement.signed,
            "ends": agreement.ends,
        }
        if agreement.renewal == Renewal.AUTOMATIC and agreement.signed:
            said = Said(_("%(title)s, between %(parties)s, signed %(signed)s and renewed automatically."), values)
        elif over:
            said = Said(_("%(title)s, between %(parties)s, ended %(ends)s."), values)
        elif agreement.signed:
            said = Said(_("%(title)s, between %(parties)s, signed %(signed)s."), values)
        else:
            said = Said(_("%(title)s, between %(parties)s; the day it was signed is not known here."), values)
        yield Line(key=f"agreement:{agreement.public_id}", said=said, proofs=(proof_of(agreement),))


def _positions(facts: Facts) -> Iterator[Line]:
    """What both sides signed, each as itself and not as a part of the other."""
    left, right = facts.question.sides
    for position in facts.positions:
        signed = {one.pk for one in position.signatories.all()}
        own_left, own_right = signed & left.ends.keys(), signed & right.ends.keys()
        if not own_left or not own_right or len(own_left | own_right) < 2:
            continue
        values: dict[str, Value] = {"title": position.title_text(), "day": position.adopted}
        if position.adopted:
            said = Said(_("Both signed the position %(title)s, %(day)s."), values)
        else:
            said = Said(_("Both signed the position %(title)s; the day is not known here."), values)
        yield Line(key=f"position:{position.public_id}", said=said, proofs=(proof_of(position),))


def _projects(facts: Facts) -> Iterator[Line]:
    left, right = facts.question.sides
    on_both = {each.pk for each in facts.projects_of(left.ends)} & {each.pk for each in facts.projects_of(right.ends)}
    for project in facts.projects:
        if project.pk in on_both:
            stage = stage_on(project, facts.question.on)
            said = Said(_("Both work on %(project)s."), {"project": project.title_text()})
            if stage is Stage.FINISHED:
                said = Said(_("Both have worked on %(project)s."), {"project": project.title_text()})
            elif stage is Stage.UNKNOWN:
                said = Said(_("Both are named in %(project)s."), {"project": project.title_text()})
            yield Line(
                key=f"common-project:{project.public_id}",
                said=said,
                proofs=(proof_of(project, project.summary),),
                stage=stage,
                parts=tuple(_project_parts(facts, project)),
            )


def _project_parts(facts: Facts, project: Project) -> Iterator[Line]:
    for part in project.participations.all():
        side = facts.question.side_of(part.organisation_id)
        if side is not None and side.is_through(part.organisation_id):
            yield Line(
                key=f"part:{project.public_id}:{part.organisation.public_id}",
                said=Said(_("%(who)s takes part."), {"who": name_of(part.organisation)}),
                side=side.name,
                via=via(side, part.organisation_id),
            )


_DID = {
    Presence.ORGANISED: _("%(who)s organised it."),
    Presence.SPOKE: _("%(who)s spoke."),
    Presence.TOOK_PART: _("%(who)s took part."),
}


def _events(facts: Facts) -> Iterator[Line]:
    """Where both were, the latest first. Who was only invited was not there."""
    for met in facts.events[:EVENTS]:
        event = met.event
        values: dict[str, Value] = {"event": event.title_text(), "day": event.start}
        said = Said(_("Both were at %(event)s, %(day)s."), values)
        if not event.start:
            said = Said(_("Both are named at %(event)s; the day is not known here."), values)
        elif event.start.latest and event.start.latest >= facts.question.on:
            said = Said(_("Both are expected at %(event)s, %(day)s."), values)
        yield Line(
            key=f"event:{event.public_id}",
            said=said,
            proofs=(proof_of(event, event.topic),),
            parts=tuple(_presences(facts, met)),
        )
    if len(facts.events) > EVENTS:
        count = len(facts.events) - EVENTS
        said = Said(
            ngettext_lazy("%(count)d more event in common.", "%(count)d more events in common.", "count"),
            {"count": count},
        )
        yield Line(key="event:more", said=said, short=False)


def _presences(facts: Facts, met: MeetingPoint) -> Iterator[Line]:
    """What each did there: to organise, to speak and to take part are three things, the weightiest is said."""
    ranks = list(_DID)
    said: set[int] = set()
    for pk, how in sorted(met.presences, key=lambda one: (ranks.index(one[1]), one[0])):
        side = facts.question.side_of(pk)
        if side is not None and pk not in said:
            said.add(pk)
            organisation = side.ends[pk]
            yield Line(
                key=f"was-at:{met.event.public_id}:{organisation.public_id}",
                said=Said(_DID[how], {"who": short_name_of(organisation)}),
                side=side.name,
                via=via(side, pk),
            )


def _partners(facts: Facts) -> Iterator[Line]:
    """Third bodies that work with both, outside of networks."""
    with_left, with_right = (_partners_of(facts, side.ends) for side in facts.question.sides)
    common = [pk for pk in with_left if pk in with_right]
    common.sort(key=lambda pk: (-len(with_left[pk]) - len(with_right[pk]), facts.organisations[pk].sort_key))
    for pk in common[:PARTNERS]:
        partner = facts.organisations[pk]
        closest = [min(links[pk], key=lambda record: not _lasts(facts, record)) for links in (with_left, with_right)]
        said = Said(_("Both work or have worked with %(partner)s."), {"partner": name_of(partner)})
        if all(_lasts(facts, record) for record in closest):
            said = Said(_("Both work with %(partner)s."), {"partner": name_of(partner)})
        yield Line(
            key=f"partner:{partner.public_id}",
            said=said,
            proofs=tuple(map(_partner_proof, closest)),
            record=partner.public_id,
        )
    if len(common) > PARTNERS:
        count = len(common) - PARTNERS
        said = Said(
            ngettext_lazy("%(count)d more partner in common.", "%(count)d more partners in common.", "count"),
            {"count": count},
        )
        yield Line(key="partner:more", said=said, short=False)


def _lasts(facts: Facts, record: Record) -> bool:
    """Relations that are over are not among the facts; a project may be."""
    return not isinstance(record, Project) or stage_on(record, facts.question.on) in _UNDER_WAY


def _partner_proof(record: Record) -> Proof:
    if isinstance(record, Relation):
        return relation_proof(record)
    return proof_of(record, record.summary if isinstance(record, Project) else None)


def _partners_of(facts: Facts, ends: dict[int, Organisation] | Iterable[int]) -> dict[int, list[Record]]:
    """Primary key of a third body -> what links it to this side."""
    own = set(ends)
    both = {pk for side in facts.question.sides for pk in side.ends}
    found: dict[int, list[Record]] = defaultdict(list)
    for relation in facts.relations:
        pair = (relation.from_organisation_id, relation.to_organisation_id)
        if relation.type in PARTNERSHIPS and not set(pair) <= both:
            for one, other in (pair, pair[::-1]):
                if one in own and other not in both:
                    found[other].append(relation)
    for project in facts.projects_of(own):
        for part in project.participations.all():
            if part.organisation_id not in both:
                found[part.organisation_id].append(project)
    return found
