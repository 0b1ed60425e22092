"""Dots that were placed on paper: typed in by whoever runs the session, or out of a spreadsheet, a sheet for each kind
of participant and table. They count with the others and are told apart from them; nobody's name is on them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.errors import BadValue, Problem, UnreadableTable
from sympolis.office.core.imports.read import Row, Sheet, read_table
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.texts import folded
from sympolis.office.planning.enums import ParticipantKind, Phase
from sympolis.office.planning.models import ContributionGroup, PaperDots, PaperSheet, Session
from sympolis.office.planning.sessions import incoming
from sympolis.office.planning.sessions.errors import MoreThanTheyHave, NothingCounted, PaperClosed, TooMuch

MOST_PEOPLE, MOST_DOTS, MOST_SHEETS, MOST_ROWS = 2_000, 20_000, 200, 2_000
HEADINGS: Mapping[str, str] = {
    "group": "group, grup, grupo, groupe, idea, contribution, aportació, aportación, contribución, المجموعة, المساهمة",
    "participant_kind": f"{incoming.HEADINGS['participant_kind']}, kind, tipus, tipo, type, النوع, نوع المشارك",
    "table": "table, taula, mesa, الطاولة",
    "people": "people, persones, personas, personnes, participants, assistents, asistentes, الأشخاص, عدد الأشخاص",
    "dots": "dots, gomets, punts, puntos, gommettes, points, votes, vots, votos, النقاط, عدد النقاط",
}
"""Column -> how people head it in five languages."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A sheet as somebody counted it: how many people of a kind, and the dots of each group by its number."""

    client_id: str
    kind: str
    table: str
    people: int
    dots: Mapping[int, int]


def takes_paper(session: Session) -> bool:
    """Whether sheets are counted and taken out: not before there are dots, and not once everybody reads the minutes."""
    return session.phase in {Phase.PRIORITISE, Phase.CLOSED} and session.published_at is None


def sheets_of(session: Session) -> QuerySet[PaperSheet]:
    """The last counted first, each with ``counted`` dots."""
    return (
        session.paper_sheets.annotate(counted=Coalesce(Sum("dots__number"), 0))
        .select_related("noted_by")
        .order_by("-pk")
    )


def check_counted(session: Session, counted: Counted) -> None:
    """Raises NothingCounted, MoreThanTheyHave."""
    placed = sum(counted.dots.values())
    if not placed:
        raise NothingCounted
    each = session.dots_for(counted.kind)
    if placed > counted.people * each:
        raise MoreThanTheyHave(counted.people, each, placed)


@transaction.atomic
def count_paper(user: User, session: Session, *sheets: Counted) -> list[PaperSheet]:
    """Count sheets, all or none of them, each once however often it is sent: those that are new. Raises PaperClosed,
    TooMuch, and what ``check_counted`` does."""
    locked = _open(user, session)
    there = set(locked.paper_sheets.values_list("client_id", flat=True))
    fresh = [one for one in sheets if one.client_id not in there]
    if len(there) + len(fresh) > MOST_SHEETS:
        raise TooMuch
    made = []
    for one in fresh:
        check_counted(locked, one)
        sheet = PaperSheet.objects.create(
            session=locked, kind=ParticipantKind(one.kind), table=" ".join(one.table.split())[:60], people=one.people,
            client_id=one.client_id, noted_by=user,
        )  # fmt: skip
        groups = locked.groups.in_bulk([group for group, number in one.dots.items() if number])
        PaperDots.objects.bulk_create(PaperDots(sheet=sheet, group=groups[pk], number=one.dots[pk]) for pk in groups)
        made.append(sheet)
    return made


@transaction.atomic
def take_paper_out(user: User, session: Session, sheet: PaperSheet) -> None:
    """As if it had not been counted. Raises PaperClosed."""
    locked = _open(user, session)
    locked.paper_sheets.filter(pk=sheet.pk).delete()


def _open(user: User, session: Session) -> Session:
    """The session's row, taken; what shows its results learns that they are others."""
    officers_only(user)
    locked = Session.objects.select_for_update().get(pk=session.pk)
    if not takes_paper(locked):
        raise PaperClosed
    Session.objects.filter(pk=locked.pk).update(sequence=F("sequence") + 1)
    return locked


@dataclass(slots=True)
class Understood:
    """A file of sheets as read, and all that is wrong with it."""

    sheets: list[Counted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def understand(session: Session, data: bytes) -> Understood:
    """A row for each group, kind of participant and table. Raises UnreadableTable."""
    table = read_table(data)
    if len(table.rows) > MOST_ROWS:
        raise UnreadableTable(
            _("The table has more than %(limit)s rows.") % {"limit": MOST_ROWS},
            _("Split it into several files and bring them in one after the other."),
        )
    return _Reading(session, table).understood()


class _Reading:
    """A file on its way: its columns, the groups it may name, and the sheets its rows come to."""

    def __init__(self, session: Session, table: Sheet) -> None:
        self.session, self.table, self.found = session, table, Understood()
        headings = [folded(heading) for heading in table.headings]
        self.at = {
            name: next((at for at, said in enumerate(headings) if said in incoming.words_of(listed)), -1)
            for name, listed in HEADINGS.items()
        }
        self.groups: dict[str, ContributionGroup | None] = {}
        for group in session.groups.all():
            for name in {folded(text) for text in group.name.plain().values()}:
                self.groups[name] = None if name in self.groups else group  # of two with one name none is meant
        self.parsers: dict[str, Callable[[str], Any]] = {
            "group": self._group,
            "participant_kind": incoming.one_of(incoming.PEOPLE),
            "people": parsers.number(1, MOST_PEOPLE),
            "dots": parsers.number(0, MOST_DOTS),
        }

    def understood(self) -> Understood:
        missing = [name for name in ("group", "participant_kind", "people", "dots") if self.at[name] < 0]
        if missing:
            what = _("A column is missing.")
            remedy = _("Head the columns: group, kind of participant, table, people, dots.")
            self.found.problems.append(Problem(0, "", "", what, remedy))
            return self.found
        for (kind, table), rows in self._by_sheet().items():
            self._sheet(kind, table, rows)
        return self.found

    def _by_sheet(self) -> dict[tuple[str, str], list[tuple[Row, dict[str, Any]]]]:
        sheets: dict[tuple[str, str], list[tuple[Row, dict[str, Any]]]] = {}
        for row in self.table.rows:
            before = len(self.found.problems)
            values = {name: self._parsed(row, name) for name in self.parsers}
            if len(self.found.problems) == before:
                table = " ".join(self._cell(row, "table").split())[:60]
                sheets.setdefault((values["participant_kind"], table), []).append((row, values))
        return sheets

    def _sheet(self, kind: str, table: str, rows: list[tuple[Row, dict[str, Any]]]) -> None:
        first = rows[0][0]
        people = {values["people"] for _row, values in rows if values["people"]}
        dots: Counter[int] = Counter()
        for _row, values in rows:
            dots[values["group"].pk] += values["dots"]
        if len(people) != 1:
            what = _("How many people of this kind and table placed dots is not said, or said in several ways.")
            self._wrong(first, "people", what, _("Write the same number in each of their rows, or in the first."))
            return
        about = "\x1f".join((kind, table, str(people), *(f"{pk}:{number}" for pk, number in sorted(dots.items()))))
        made = Counted(hashlib.sha256(about.encode()).hexdigest()[:40], kind, table, people.pop(), dots)
        try:
            check_counted(self.session, made)
        except (MoreThanTheyHave, NothingCounted) as refused:
            self._wrong(first, "dots", str(refused.sentence), "")
        else:
            self.found.sheets.append(made)

    def _cell(self, row: Row, name: str) -> str:
        at = self.at[name]
        return row.cells[at].strip() if 0 <= at < len(row.cells) else ""

    def _parsed(self, row: Row, name: str) -> Any:
        written = self._cell(row, name)
        if not written and name in {"people", "dots"}:
            return 0
        try:
            return self.parsers[name](written)
        except BadValue as bad:
            self._wrong(row, name, bad.what, bad.remedy)
            return None

    def _group(self, written: str) -> ContributionGroup:
        group = self.groups.get(folded(written))
        if group is None:
            names = " · ".join(one.name.best().text for one in self.session.groups.all()[:20])
            raise BadValue(
                _("No one group of the session has this name."), _("Write one of: %(names)s") % {"names": names}
            )
        return group

    def _wrong(self, row: Row, name: str, what: str, remedy: str) -> None:
        heading = self.table.headings[self.at[name]]
        self.found.problems.append(Problem(row.number, heading, self._cell(row, name)[:100], what, remedy))
