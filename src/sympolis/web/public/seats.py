"""Who sits on a body, and with whom: of one body all of them, of an organisation's seats who else sits there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from sympolis.engine.model import PartialDate
from sympolis.engine.texts import vocabulary
from sympolis.office.core.queries import Reader
from sympolis.office.directory.enums import BODY, MemberKind, RelationType
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.moments import Holds, Moment
from sympolis.office.directory.queries import visible_relations
from sympolis.web.public.links import Link, LinkGroup, Said, role_label
from sympolis.web.public.lists import language
from sympolis.web.public.named import COLUMNS, Named
from sympolis.web.public.small_facts import Fact

# What makes somebody sit on a body, the first of them first in its list.
SEATED = (
    RelationType.PRESIDENT_OF,
    RelationType.VICE_PRESIDENT_OF,
    RelationType.HOSTS_SECRETARIAT_OF,
    RelationType.SITS_ON,
    RelationType.MEMBER_OF,
    RelationType.OBSERVER_OF,
    RelationType.PARTICIPATES_IN,
)
ROLES: dict[str, str] = {
    RelationType.PRESIDENT_OF: "president",
    RelationType.VICE_PRESIDENT_OF: "vice-president",
    RelationType.OBSERVER_OF: "observer",
}
_OF_SEAT = (
    "type", "role", "since_earliest", "since_latest", "until_earliest", "until_latest", "confirmed", "illustrative",
    "attested_on", "to_organisation", "member_kind", "pk",
)  # fmt: skip


@dataclass(slots=True)
class Sitter:
    """An organisation on a body, with every seat it has or had there: a presidency besides its membership."""

    organisation: Named
    seats: list[Link] = field(default_factory=list)
    stands_for: str = ""  # which side of a council it is of, as the first of its seats that says it

    @property
    def past(self) -> bool:
        return all(seat.past for seat in self.seats)

    @property
    def illustrative(self) -> bool:
        return all(seat.relation.illustrative for seat in self.seats)

    @property
    def place(self) -> tuple[bool, int, str, int]:
        """Present ones first, of them who presides, then by name."""
        first = min(_place(seat) for seat in self.seats)
        return (self.past, first, self.organisation.sort_key, self.organisation.pk)


def sitters_of(user: Reader, bodies: Collection[int], moment: Moment) -> dict[int, list[Sitter]]:
    """Who sits on each body, as far as the reader may see both; one question. Today's list has those who left, too."""
    if not bodies:
        return {}
    relations = visible_relations(user).filter(type__in=SEATED, to_organisation__in=bodies)
    if not moment.is_today:
        relations = moment.possible(relations)
    found: dict[int, dict[int, Sitter]] = defaultdict(dict)
    wanted = (*_OF_SEAT, *(f"from_organisation__{name}" for name in COLUMNS))
    # Sorted here: Django compares all columns before it writes an order.
    for row in sorted(relations.order_by().values_list(*wanted), key=_first_began):
        who = Named(*row[len(_OF_SEAT) :])
        seat, body, stands_for = _seat(who, moment, *row[: len(_OF_SEAT)])
        sitter = found[body].setdefault(who.pk, Sitter(who))
        sitter.stands_for = sitter.stands_for or stands_for
        sitter.seats.append(seat)
    return {body: sorted(_tidied(sitters), key=lambda one: one.place) for body, sitters in found.items()}


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody who holds or held a post on a body: their name, what the post is called, from when to when."""

    fact: Fact
    holds: Holds

    @property
    def past(self) -> bool:
        return self.holds is Holds.NO

    @property
    def is_unsure(self) -> bool:
        return self.holds is Holds.PERHAPS


def people_on(people: Iterable[Fact], moment: Moment) -> list[Seated]:
    """Who holds a post on a body then, of those a reader may know of; today's list has those who left, too, as last."""
    seated = [Seated(one, moment.holds(one.start, one.end)) for one in people]
    return sorted((one for one in seated if moment.is_today or not one.past), key=lambda one: one.past)


def _first_began(row: Sequence[Any]) -> tuple[date, int]:
    since, pk = row[_OF_SEAT.index("since_earliest")], row[_OF_SEAT.index("pk")]
    return since or date.min, pk


def _seat(
    who: Named, moment: Moment, type_: str, role: str, since_earliest: date | None, since_latest: date | None,
    until_earliest: date | None, until_latest: date | None, confirmed: bool, illustrative: bool,
    attested_on: date | None, body: int, stands_for: str, _pk: int,
) -> tuple[Link, int, str]:  # fmt: skip
    since, until = PartialDate(since_earliest, since_latest), PartialDate(until_earliest, until_latest)
    holds = moment.holds(since, until, attested_on)
    said = Said(type_, role, since, until, confirmed, illustrative, holds)
    return Link(said, who, _role(type_, role), holds), body, stands_for


@dataclass(frozen=True, slots=True)
class Bench:
    """The members of a council that stand for the same; all of them, without a word, where nobody said what for."""

    label: Any
    sitters: list[Sitter]

    @property
    def count(self) -> int:
        return sum(not sitter.illustrative for sitter in self.sitters)


def benches_of(sitters: Iterable[Sitter]) -> list[Bench]:
    """Those who sit on it now, by what they stand for; those of whom that is not known come last."""
    present = [sitter for sitter in sitters if not sitter.past]
    if not any(sitter.stands_for for sitter in present):
        return [Bench("", present)] if present else []
    labels = [*MemberKind.choices, ("", _("What they stand for is not known"))]
    of = {code: [sitter for sitter in present if sitter.stands_for == code] for code, _word in labels}
    return [Bench(label, of[code]) for code, label in labels if of[code]]


def _role(type_: str, written: str) -> str:
    """What somebody is there; a presidency nobody wrote a role of is one all the same."""
    own = ROLES.get(type_)
    return role_label(written) if written or own is None else vocabulary.label("seat_roles", own, language())


def _place(seat: Link) -> int:
    return SEATED.index(RelationType(seat.relation.type))


def _tidied(sitters: Mapping[int, Sitter]) -> Iterable[Sitter]:
    """A seat that only says again what another one of the same organisation says is left out."""
    for sitter in sitters.values():
        told: dict[tuple[str, str, str], Link] = {}
        for seat in sorted(sitter.seats, key=_place):
            told.setdefault((seat.role, str(seat.relation.since), str(seat.relation.until)), seat)
        named = [seat for seat in told.values() if seat.role or seat.relation.since or seat.relation.until]
        sitter.seats[:] = named or list(told.values())[:1]
        yield sitter


def with_company(user: Reader, organisation: Organisation, groups: Iterable[LinkGroup], moment: Moment) -> None:
    """Say of each seat the organisation has on a body who else sits there at that time."""
    shown = [group for group in groups if group.outward and group.type in SEATED]
    bodies = {link.other.pk for group in shown for link in group.links if link.other.kind == BODY and not link.past}
    others = sitters_of(user, bodies, moment)
    for group in shown:
        group.links = [
            link if link.past else replace(link, together=_company(others.get(link.other.pk, ()), organisation))
            for link in group.links
        ]


def _company(sitters: Iterable[Sitter], organisation: Organisation) -> tuple[Named, ...]:
    """Those whose seat may hold; examples are left out: they sit with nobody."""
    return tuple(
        one.organisation
        for one in sitters
        if one.organisation.pk != organisation.pk and not one.past and not one.illustrative
    )
