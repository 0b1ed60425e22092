"""What a membership is worth: what was paid, what was done with the network and whom that led to, year by year.

Nothing is estimated. A meeting, an event or a project counts where both the organisation and the network (or a body of
it) stand in it, in the year it began; examples and what has not begun yet don't.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sympolis.engine.model import PartialDate, Stage
from sympolis.office.core.queries import Reader, among
from sympolis.office.directory.enums import Tick
from sympolis.office.directory.memberships import NetworkMembership, memberships_of
from sympolis.office.directory.models import MembershipAnswer, MembershipFee, Organisation
from sympolis.office.directory.queries import visible_membership_answers
from sympolis.office.events.models import Event
from sympolis.office.events.queries import visible_events
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.queries import stage_on, visible_projects
from sympolis.office.synergies.models import Meeting
from sympolis.office.synergies.queries import visible_meetings

type Year = int | None
"""The year something began; None where nobody knows it."""

NOT_BEGUN = frozenset({Stage.IDEA, Stage.PREPARING})


@dataclass(frozen=True, slots=True, order=True)
class Amount:
    """Money of one currency."""

    currency: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Grant:
    """What our own part in projects was, as far as their records say: ``known`` of ``of`` projects do."""

    amounts: list[Amount]
    known: int
    of: int


@dataclass(slots=True)
class Tally:
    """What was paid for a time and what was done in it, record by record; ``partners`` are keys of organisations."""

    fees: list[MembershipFee] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    parts: list[Participation] = field(default_factory=list)  # ours, in projects with the network
    partners: set[int] = field(default_factory=set)
    answers: list[MembershipAnswer] = field(default_factory=list)

    @property
    def cost(self) -> list[Amount]:
        return summed((fee.currency, fee.amount) for fee in self.fees if not fee.illustrative)

    @property
    def shown_cost(self) -> list[Amount]:
        """The fees with the examples, where there are no others: shown as such and never added up."""
        return self.cost or summed((fee.currency, fee.amount) for fee in self.fees)

    @property
    def is_cost_an_example(self) -> bool:
        return bool(self.fees) and all(fee.illustrative for fee in self.fees)

    @property
    def meeting_count(self) -> int:
        return sum(not one.illustrative for one in self.meetings)

    @property
    def event_count(self) -> int:
        return sum(not one.illustrative for one in self.events)

    @property
    def project_count(self) -> int:
        return len(self._real_parts)

    @property
    def done(self) -> int:
        return self.meeting_count + self.event_count + self.project_count

    @property
    def _real_parts(self) -> list[Participation]:
        return [part for part in self.parts if not part.project.illustrative]

    @property
    def grant(self) -> Grant:
        known = [part for part in self._real_parts if part.money is not None]
        amounts = summed((part.project.currency, part.money) for part in known if part.money is not None)
        return Grant(amounts, len(known), len(self._real_parts))

    @property
    def budgets(self) -> Grant:
        """What the projects cost altogether, all partners': how large they are, not what came to us."""
        known = [part.project for part in self._real_parts if part.project.budget is not None]
        amounts = summed((one.currency, one.budget) for one in known if one.budget is not None)
        return Grant(amounts, len(known), len(self._real_parts))

    @property
    def keep(self) -> str:
        """What officers would do with it, where all of them say the same; ``unsure`` where they don't."""
        said = {answer.keep for answer in self.answers}
        return said.pop() if len(said) == 1 else Tick.UNSURE if said else ""

    @property
    def used(self) -> str:
        """Used where anybody used it."""
        said = {answer.used for answer in self.answers}
        return next((tick for tick in (Tick.YES, Tick.UNSURE, Tick.NO) if tick in said), "")

    def add(self, other: Tally) -> None:
        self.fees += other.fees
        self.meetings += other.meetings
        self.events += other.events
        self.parts += other.parts
        self.partners |= other.partners
        self.answers += other.answers


@dataclass(slots=True)
class Worth:
    """One membership with its years."""

    membership: NetworkMembership
    of_year: dict[Year, Tally] = field(default_factory=lambda: defaultdict(Tally))

    @property
    def network(self) -> Organisation:
        return self.membership.network

    @property
    def years(self) -> list[Year]:
        """Every year between the first and the last of which something is known, and what has no year at the end."""
        known = [year for year in self.of_year if year is not None]
        without: list[Year] = [None] if None in self.of_year else []
        return [*range(min(known), max(known) + 1), *without] if known else without

    def tally(self, year: Year) -> Tally:
        return self.of_year.get(year) or Tally()

    def all_years(self) -> Tally:
        whole = Tally()
        for tally in self.of_year.values():
            whole.add(tally)
        return whole

    def rows(self) -> list[tuple[Year, Tally]]:
        return [(year, self.tally(year)) for year in self.years]


def summed(amounts: Iterable[tuple[str, Decimal]]) -> list[Amount]:
    """By currency: what is paid in two is never added up."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for currency, value in amounts:
        sums[currency] += value
    return sorted(Amount(currency, value) for currency, value in sums.items())


def worth_of(user: Reader, organisation: int, on: date) -> list[Worth]:
    """Every membership with what is known of it, by name: eight questions, however many there are."""
    found = {one.network.pk: Worth(one) for one in memberships_of(user, organisation)}
    # Sorted here: asked for in order, SQLite goes through all organisations there are.
    bodies = sorted(Organisation.objects.filter(parent__in=found).order_by().values_list("pk", "parent"))
    of_whom = {pk: pk for pk in found} | {body: parent for body, parent in bodies if parent is not None}
    for worth in found.values():
        for fee in worth.membership.fees:
            worth.of_year[fee.year].fees.append(fee)
    said = visible_membership_answers(user).filter(organisation=organisation, network__in=found).select_related("by")
    for answer in said.order_by("year", "pk"):
        found[answer.network_id].of_year[answer.year].answers.append(answer)
    gathered = _Gathered(found, of_whom, organisation, on)
    _add_meetings(gathered, user)
    _add_projects(gathered, user)
    _add_events(gathered, user)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What is being put together: the memberships, and which network each of them and of their bodies stands for."""

    found: Mapping[int, Worth]
    of_whom: Mapping[int, int]
    ours: int
    on: date

    def tallies(self, who: Iterable[int], began: PartialDate) -> list[Tally]:
        """Of each network that is among those who took part, its tally of the year; none before it began."""
        if began.earliest and began.earliest > self.on:
            return []
        networks = sorted({self.of_whom[one] for one in who if one in self.of_whom})
        return [self.found[network].of_year[_year(began)] for network in networks]

    def partners(self, who: Iterable[int]) -> set[int]:
        """The others: neither we nor a network we belong to, nor a body of one."""
        return {one for one in who if one != self.ours and one not in self.of_whom}


def _year(began: PartialDate) -> Year:
    known = began.earliest or began.latest
    return known.year if known else None


def _add_meetings(gathered: _Gathered, user: Reader) -> None:
    through: Any = Meeting.organisations.through.objects
    ours = visible_meetings(user).filter(pk__in=through.filter(organisation=gathered.ours).values("meeting"))
    rows = through.filter(meeting__in=ours.order_by().values("pk")).select_related("meeting").order_by("pk")
    who: dict[Meeting, list[int]] = defaultdict(list)
    for row in rows:
        who[row.meeting].append(row.organisation_id)
    for meeting, present in who.items():
        for tally in gathered.tallies(present, meeting.starts):
            tally.meetings.append(meeting)
            if not meeting.illustrative:
                tally.partners |= gathered.partners(present)


def _add_projects(gathered: _Gathered, user: Reader) -> None:
    parts = Participation.objects.filter(
        among(visible_projects(user), "project"),
        project__in=Participation.objects.filter(organisation=gathered.ours).values("project"),
    )
    who: dict[Project, list[Participation]] = defaultdict(list)
    for part in parts.select_related("project").order_by("project__sort_key", "pk"):
        who[part.project].append(part)
    for project, taking_part in who.items():
        if stage_on(project, gathered.on) in NOT_BEGUN:
            continue
        present = [part.organisation_id for part in taking_part]
        own = next(part for part in taking_part if part.organisation_id == gathered.ours)
        for tally in gathered.tallies(present, project.start):
            tally.parts.append(own)
            if not project.illustrative:
                tally.partners |= gathered.partners(present)


def _add_events(gathered: _Gathered, user: Reader) -> None:
    """What the network held or helped to hold, where we were or helped too."""
    organised: Any = Event.organisers.through.objects
    attended: Any = Event.cities.through.objects
    ours = organised.filter(organisation=gathered.ours).values("event")
    ours = ours.union(attended.filter(organisation=gathered.ours).values("event"))
    seen = visible_events(user).filter(pk__in=ours).order_by().values("pk")
    held: dict[Event, list[int]] = defaultdict(list)
    for row in organised.filter(event__in=seen).select_related("event").order_by("pk"):
        held[row.event].append(row.organisation_id)
    there: dict[int, list[int]] = defaultdict(list)
    for event, organisation in attended.filter(event__in=seen).order_by("pk").values_list("event", "organisation"):
        there[event].append(organisation)
    for event, organisers in held.items():
        for tally in gathered.tallies(organisers, event.start):
            tally.events.append(event)
            if not event.illustrative:
                tally.partners |= gathered.partners([*organisers, *there[event.pk]])
