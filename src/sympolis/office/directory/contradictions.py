"""Relations that can't hold together: said twice for the same time, two presidents at once, circles, one's own self."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core.dates import PartialDate
from sympolis.office.directory.enums import MUTUAL, RelationType
from sympolis.office.directory.models import Organisation, Relation

CHAINED = frozenset({RelationType.PART_OF, RelationType.SUCCEEDED_BY})
"""Types that lead somewhere: following them must not come back to where it began."""

BESIDE_A_PRESIDENT = frozenset({"co-president", "past-president"})
"""Roles of a presidency that say themselves that somebody else presides too."""

NEVER_SAID = PartialDate()
_LONGEST = 50  # steps of a chain: longer than any there is


@dataclass(frozen=True, slots=True)
class Tie:
    """What of a relation decides whether it goes with another one; ends are keys of any sort, the same in all ties."""

    key: str  # its public id, or whatever tells it from others
    start: object
    type: str
    end: object
    role: str = ""
    since: PartialDate = NEVER_SAID
    until: PartialDate = NEVER_SAID
    shared: bool = False
    illustrative: bool = False

    @property
    def ends(self) -> frozenset[object]:
        return frozenset((self.start, self.end))

    @property
    def is_undated(self) -> bool:
        return not self.since and not self.until

    @property
    def surely(self) -> tuple[date, date] | None:
        """The days it held for certain; none of one nobody knows the beginning of, or where begin and end may meet."""
        if self.since.latest is None:
            return None
        last = self.until.earliest or date.max
        return (self.since.latest, last) if self.since.latest <= last else None

    def meets(self, other: Tie) -> bool:
        """Whether both held on one day, as far as that is certain; of two without any date nothing tells them apart."""
        if (self.since, self.until) == (other.since, other.until):
            return True
        mine, theirs = self.surely, other.surely
        return bool(mine and theirs and max(mine[0], theirs[0]) < min(mine[1], theirs[1]))

    @property
    def presides_alone(self) -> bool:
        beside = self.shared or vocabulary.role_code(self.role) in BESIDE_A_PRESIDENT
        return self.type == RelationType.PRESIDENT_OF and not beside

    def of_one(self, stays: object, goes: object) -> Tie:
        """The same once one of its ends has become another."""
        start, end = (stays if one == goes else one for one in (self.start, self.end))
        return replace(self, start=start, end=end)

    def says_as_much_as(self, other: Tie) -> bool:
        """The same of the same two, in the same role: who is a member may be a founding member besides."""
        if self.type != other.type or not (self.ends == other.ends if self.type in MUTUAL else _same_way(self, other)):
            return False
        mine, theirs = (
            vocabulary.role_code(one.role) or " ".join(one.role.casefold().split()) for one in (self, other)
        )
        return mine == theirs


def _same_way(left: Tie, right: Tie) -> bool:
    return (left.start, left.end) == (right.start, right.end)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Why a relation can't be kept: which others say otherwise. ``may_be_shared``: unless the presidency is shared."""

    sort: str  # itself, twice, presidents, circle
    others: tuple[Tie, ...] = ()

    @property
    def may_be_shared(self) -> bool:
        return self.sort == "presidents"


class Register:
    """Relations among which a new one has to find its place."""

    def __init__(self, ties: Iterable[Tie] = ()) -> None:
        self._between: defaultdict[frozenset[object], list[Tie]] = defaultdict(list)
        self._presidents: defaultdict[object, list[Tie]] = defaultdict(list)
        self._onwards: defaultdict[tuple[str, object], list[Tie]] = defaultdict(list)
        for tie in ties:
            self.add(tie)

    def add(self, tie: Tie) -> None:
        self._between[tie.ends].append(tie)
        if tie.presides_alone:
            self._presidents[tie.end].append(tie)
        if tie.type in CHAINED:
            self._onwards[tie.type, tie.start].append(tie)

    def against(self, tie: Tie) -> Contradiction | None:
        """The first thing that speaks against it."""
        if tie.start == tie.end:
            return Contradiction("itself")
        between = self._others(self._between[tie.ends], tie)
        if twin := next((other for other in between if tie.says_as_much_as(other) and tie.meets(other)), None):
            return Contradiction("twice", (twin,))
        if tie.presides_alone and (rival := self._rival(tie)):
            return Contradiction("presidents", (rival,))
        if tie.type in CHAINED and (chain := self._way_back(tie)):
            return Contradiction("circle", chain)
        return None

    def _rival(self, tie: Tie) -> Tie | None:
        seated = self._others(self._presidents[tie.end], tie)
        return next((one for one in seated if one.start != tie.start and tie.meets(one)), None)

    @staticmethod
    def _others(ties: Iterable[Tie], tie: Tie) -> Iterator[Tie]:
        """An example says nothing against a fact, nor the other way round."""
        return (one for one in ties if one.key != tie.key and one.illustrative == tie.illustrative)

    def _way_back(self, tie: Tie) -> tuple[Tie, ...]:
        """From where it leads to where it began; who once was part of what is part of it now makes no circle."""
        reached: dict[object, tuple[Tie, ...]] = {tie.end: ()}
        ahead = [tie.end]
        for here in ahead:
            for step in self._others(self._onwards[tie.type, here], tie):
                at_once = tie.type == RelationType.SUCCEEDED_BY or step.meets(tie) or step.is_undated or tie.is_undated
                if step.end in reached or not at_once:
                    continue
                reached[step.end] = (*reached[here], step)
                if step.end == tie.start:
                    return reached[step.end]
                ahead.append(step.end)
        return ()


def tie_of(relation: Relation) -> Tie:
    return Tie(
        relation.public_id, relation.from_organisation_id, relation.type, relation.to_organisation_id, relation.role,
        relation.since, relation.until, relation.shared, relation.illustrative,
    )  # fmt: skip


def part_of(organisation: Organisation) -> Tie:
    """That an organisation is part of its parent, as a relation would say it."""
    return Tie(
        "", organisation.pk, RelationType.PART_OF, organisation.parent_id, illustrative=organisation.illustrative
    )


def register_around(tie: Tie, relations: QuerySet[Relation], organisations: QuerySet[Organisation]) -> Register:
    """What a reader may see of the two and of whatever a chain of them leads to: a few questions, however much there
    is. ``relations`` and ``organisations`` are those the reader may see: nothing else is told."""
    between = Q(from_organisation=tie.start, to_organisation=tie.end)
    between |= Q(from_organisation=tie.end, to_organisation=tie.start)
    rows = relations.filter(between | Q(type=RelationType.PRESIDENT_OF, to_organisation=tie.end), type=tie.type)
    register = Register(map(tie_of, rows))
    for step in _chain(tie, relations, organisations):
        register.add(step)
    return register


def _chain(tie: Tie, relations: QuerySet[Relation], organisations: QuerySet[Organisation]) -> Iterator[Tie]:
    if tie.type not in CHAINED:
        return
    ahead: set[Any] = {tie.end}
    passed: set[Any] = {tie.start}
    for _step in range(_LONGEST):
        found = list(relations.filter(type=tie.type, from_organisation__in=ahead))
        yield from map(tie_of, found)
        passed |= ahead
        onwards: set[Any] = {one.to_organisation_id for one in found}
        if tie.type == RelationType.PART_OF:
            above = organisations.filter(pk__in=ahead, parent__in=organisations).values_list("pk", "parent")
            for part, whole in above:
                yield Tie(f"part {part}", part, RelationType.PART_OF, whole, illustrative=tie.illustrative)
                onwards.add(whole)
        ahead = onwards - passed
        if not ahead:
            return


def two_presidents(one: Organisation, other: Organisation) -> tuple[str, str] | None:
    """What to tell who would make one of two bodies that have a president each at the same time."""
    presided = Relation.objects.filter(type=RelationType.PRESIDENT_OF, to_organisation__in=(one, other))
    seats = [(tie_of(row), row.from_organisation.name) for row in presided.select_related("from_organisation")]
    alone = [(tie, name) for tie, name in seats if tie.presides_alone]
    for here, here_name in alone:
        for there, there_name in alone:
            apart = (here.end, there.end) == (one.pk, other.pk) and here.illustrative == there.illustrative
            if apart and here.start != there.start and here.meets(there):
                about = {
                    "one": one.name, "other": other.name, "first": here_name, "second": there_name,
                    "when": _when(here), "then": _when(there),
                }  # fmt: skip
                said = _(
                    "Made one, “%(one)s” and “%(other)s” would have two presidents at once: %(first)s (%(when)s) and "
                    "%(second)s (%(then)s)."
                )
                return said % about, remedy(Contradiction("presidents"))
    return None


def closed_circle(one: Organisation, other: Organisation) -> tuple[str, str] | None:
    """What to tell who would make one of two bodies of which one leads to the other by way of a third."""
    ties = [tie.of_one(one.pk, other.pk) for tie in _ways_from(one, other)]
    register = Register(tie for tie in ties if tie.start != tie.end)
    for tie in ties:
        contradiction = register.against(tie) if tie.start == one.pk != tie.end else None
        if contradiction and contradiction.sort == "circle":
            ends: set[Any] = {end for tie in ties for end in (tie.start, tie.end)}
            names: dict[object, str] = dict(Organisation.objects.filter(pk__in=ends).values_list("pk", "name"))
            said = _("Made one, “%(one)s” and “%(other)s” would lead back to themselves. %(circle)s")
            about = {"one": one.name, "other": other.name, "circle": named(contradiction, tie, names)}
            return said % about, remedy(contradiction)
    return None


def _ways_from(*beginnings: Organisation) -> Iterator[Tie]:
    """All that chains lead to from these: a question or two a step, and mostly there is no second one."""
    ahead: list[Organisation] = list(beginnings)
    passed: set[int] = set()
    for _step in range(_LONGEST):
        keys = {here.pk for here in ahead}
        passed |= keys
        found = list(Relation.objects.filter(type__in=CHAINED, from_organisation__in=keys))
        above = [replace(part_of(here), key=f"part {here.pk}") for here in ahead if here.parent_id]
        yield from (*map(tie_of, found), *above)
        onwards: set[Any] = {*(row.to_organisation_id for row in found), *(tie.end for tie in above)} - passed
        if not onwards:
            return
        ahead = list(Organisation.objects.filter(pk__in=onwards))


def chosen_contradiction(relation: Relation, before: Relation, other: Relation) -> tuple[str, str] | None:
    """What to tell who would have a relation say something of another one that is made one with it."""
    tie, rest = tie_of(relation), Relation.objects.exclude(pk=other.pk)
    if tie == tie_of(before):
        return None
    everything = Organisation.objects.all()
    if (found := register_around(tie, rest, everything).against(tie)) is None:
        return None
    return named(found, tie, names_of(everything, (tie, *found.others))), remedy(found)


def named(contradiction: Contradiction, tie: Tie, name: Mapping[object, str]) -> str:
    """What is wrong, naming the relation that says otherwise."""
    if contradiction.sort == "itself":
        return _("An organisation has no relation to itself.")
    if contradiction.sort == "circle":
        way = " → ".join(name.get(end, "?") for end in (tie.start, tie.end, *(one.end for one in contradiction.others)))
        return _("This goes round in a circle: %(way)s.") % {"way": way}
    other = contradiction.others[0]
    about = {
        "one": name.get(other.start, "?"),
        "other": name.get(other.end, "?"),
        "when": _when(other),
    }
    if contradiction.sort == "twice":
        return _("This is there already for the same time: %(one)s – %(other)s (%(when)s).") % about
    return _("%(one)s presides over %(other)s at the same time (%(when)s).") % about


def remedy(contradiction: Contradiction) -> str:
    """What to do about it."""
    return {
        "itself": _("Choose another organisation on one of the two sides."),
        "twice": _("Change that one instead, or correct the dates."),
        "circle": _("Correct one of these relations, or give them dates that do not meet."),
        "presidents": _("Say when the one ended, or that the presidency is shared."),
    }[contradiction.sort]


def _when(tie: Tie) -> str:
    if tie.is_undated:
        return _("without dates")
    return f"{tie.since or '…'} – {tie.until or '…'}"


def names_of(organisations: QuerySet[Organisation], ties: Iterable[Tie]) -> dict[object, str]:
    """How the ends of ties are called, by their keys: of those among the organisations a reader may see."""
    wanted: set[Any] = {end for tie in ties for end in tie.ends}
    return {one.pk: one.name for one in organisations.filter(pk__in=wanted).only("pk", "name")}


def contradiction_of(
    tie: Tie, relations: QuerySet[Relation], organisations: QuerySet[Organisation]
) -> tuple[str, str] | None:
    """What sort of thing speaks against a relation, and what to tell who writes it."""
    found = register_around(tie, relations, organisations).against(tie)
    if found is None:
        return None
    names = names_of(organisations, (tie, *found.others))
    return found.sort, f"{named(found, tie, names)} {remedy(found)}"
