"""What was said on paper or elsewhere, out of a spreadsheet: CSV, XLSX, or an export of proposals from Decidim.

Read first and shown with all that is wrong, row by row; then brought in, all of it at once. Each row gets its id out of
what it says, so that the same file twice adds nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from sympolis.engine.sources.plain_text import plain_text
from sympolis.engine.texts.languages import detect_language
from sympolis.office.core.imports import parsers
from sympolis.office.core.imports.errors import BadValue, Problem, UnreadableTable
from sympolis.office.core.imports.read import Row, Sheet, read_table
from sympolis.office.core.models import User
from sympolis.office.core.permissions import officers_only
from sympolis.office.core.texts import folded
from sympolis.office.core.tokens import hashed, new_token
from sympolis.office.planning.enums import ContributionKind, ParticipantKind, Phase
from sympolis.office.planning.models import Contribution, Participant, Session
from sympolis.office.planning.sessions.errors import NotOpen

MOST_ROWS = 5_000
LONGEST = 10_000  # proposals of other platforms are longer than what is typed in a room, and nobody here may cut them
READ_FOR_LANGUAGE = 2_000
_CAME = "file: "  # how the reason of a contribution's first version begins where it came with one
_WITH_LANGUAGE = re.compile(r"(.+)/([a-z]{2})")  # «body/ca», as Decidim heads its columns

HEADINGS: Mapping[str, str] = {
    "id": "id, code, codi, código, reference, référence, referència, no, núm, número, numéro, الرقم",
    "title": "title, títol, título, titre, العنوان",
    "text": "text, texte, texto, contribution, contribució, contribución, what was said, què s'ha dit, qué se ha "
    "dicho, ce qui a été dit, proposal, proposta, propuesta, proposition, body, description, descripció, descripción, "
    "النص, المساهمة",
    "summary": "summary, resum, resumen, résumé, ملخص",
    "kind": "kind, what it is, type, tipus, tipo, nature, genre, النوع",
    "table": "table or group, table, group, taula, grup, mesa, grupo, groupe, الطاولة, المجموعة",
    "language": "language, lang, llengua, idioma, langue, اللغة",
    "themes": "themes, theme, temes, tema, temas, thèmes, thème, المواضيع, الموضوع",
    "countries": "countries, country, països, país, países, pays, البلدان, البلد",
    "place": "place, city, cities, lloc, ciutat, ciutats, lugar, ciudad, ciudades, lieu, ville, villes, "
    "المكان, المدينة",
    "speaks_for": "who for, speaks for, organisation, entity, de part de qui, en nom de, entitat, organització, en "
    "nombre de, entidad, organización, au nom de, organisme, الجهة",
    "participant_kind": "kind of participant, tipus de participant, tipo de participante, type de participant, "
    " نوع المشارك",
}
"""Column -> how people head it in five languages."""

_KINDS = {
    "need": "need, needs, necessitat, necesidad, besoin, حاجة",
    "idea": "idea, ideas, idees, idée, فكرة",
    "proposal": "proposal, proposals, proposta, propuesta, proposition, synergy, sinergia, proposal for synergy, "
    "اقتراح",
    "offer": "offer, offers, oferta, ofertes, ofertas, offre, offres, عرض",
}
PEOPLE = {
    "council": "council, ajuntament, ayuntamiento, mairie, commune, بلدية",
    "expert": "expert, experta, experto, experte, خبير",
    "team": "team, technical team, equip tècnic, equipo técnico, équipe technique, فريق تقني",
    "partner": "partner, company, institution, empresa, institució, institución, entreprise, شركة, مؤسسة",
    "other": "other, altres, altre, otro, otros, autre, أخرى",
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """One row understood. ``client_id`` is made of what it says."""

    number: int
    client_id: str
    text: str
    kind: str
    table: str
    language: str
    themes: tuple[str, ...]
    speaks_for: str
    participant_kind: str
    countries: tuple[str, ...] = ()
    place: str = ""


@dataclass(slots=True)
class Understood:
    """A file as read: which column is which, its rows, and what is wrong with others."""

    sheet: Sheet
    columns: list[str]
    rows: list[Incoming] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def wrong_rows(self) -> int:
        return len({problem.row for problem in self.problems})


@cache
def words_of(listed: str) -> frozenset[str]:
    return frozenset(filter(None, (folded(one) for one in listed.split(","))))


def guessed(headings: Sequence[str], chosen: Mapping[int, str] | None = None) -> list[str]:
    """For each heading the name of its column, empty where none is meant. ``chosen`` is what a person decided."""
    decided = dict(chosen or {})
    found = []
    for at, heading in enumerate(headings):
        if at in decided:
            found.append(decided[at] if decided[at] in HEADINGS else "")
            continue
        name = _WITH_LANGUAGE.fullmatch(heading.strip())
        written = folded(name[1] if name else heading)
        found.append(next((column for column, listed in HEADINGS.items() if written in words_of(listed)), ""))
    return found


def understand(data: bytes, kind: str, chosen: Mapping[int, str] | None = None) -> Understood:
    """Read a file; ``kind`` is for rows that don't say theirs. Raises UnreadableTable."""
    sheet = read_table(data)
    if len(sheet.rows) > MOST_ROWS:
        raise UnreadableTable(
            _("The table has more than %(limit)s rows.") % {"limit": MOST_ROWS},
            _("Split it into several files and bring them in one after the other."),
        )
    read = Understood(sheet, guessed(sheet.headings, chosen))
    if not {"title", "text", "summary"} & set(read.columns):
        remedy = _("Choose below which column holds what was said.")
        read.problems.append(Problem(0, "", "", _("No column holds what was said."), remedy))
        return read
    seen: Counter[str] = Counter()
    for row in sheet.rows:
        reading = _Reading(read, row, kind)
        made = reading.made(seen)
        read.problems += reading.problems
        if made is not None and not reading.problems:
            read.rows.append(made)
    return read


class _Reading:
    """One row on its way: its cells by column, and what is wrong with them."""

    def __init__(self, read: Understood, row: Row, kind: str) -> None:
        self.read, self.row, self.kind = read, row, kind
        self.problems: list[Problem] = []

    def cell(self, name: str) -> tuple[str, str]:
        """The first cell of a column that holds something, and the language its heading says."""
        for at, column in enumerate(self.read.columns):
            if column == name and at < len(self.row.cells) and self.row.cells[at].strip():
                spoken = _WITH_LANGUAGE.fullmatch(self.read.sheet.headings[at].strip())
                return self.row.cells[at].strip(), spoken[2] if spoken else ""
        return "", ""

    def made(self, seen: Counter[str]) -> Incoming | None:
        parts = [self.cell(name) for name in ("title", "summary", "text")]
        said = list(dict.fromkeys(_plain(words) for words, _language in parts if words))
        text = "\n".join(line.rstrip() for line in "\n".join(said).splitlines()).strip()
        if not text:
            self._wrong("text", "", _("Nothing was said in this row."), _("Write it, or leave the row out."))
            return None
        if len(text) > LONGEST:
            what = _("This is longer than 10,000 letters.")
            self._wrong("text", text[:60], what, _("Say it shorter, or in two rows."))
        spoken = next((language for words, language in parts if words and language), "")
        table, speaks_for = (self.cell(name)[0] for name in ("table", "speaks_for"))
        values: tuple[Any, ...] = (
            self._parsed("kind", one_of(_KINDS), self.kind),
            " ".join(table.split())[:60],
            self._parsed("language", parsers.language, spoken) or detect_language(text[:READ_FOR_LANGUAGE]),
            tuple(self._parsed("themes", parsers.several(parsers.theme), ())),
            " ".join(speaks_for.split())[:200],
            self._parsed("participant_kind", one_of(PEOPLE), ParticipantKind.OTHER if speaks_for else ""),
            tuple(self._parsed("countries", parsers.several(parsers.country), ())),
            " ".join(self.cell("place")[0].split())[:200],
        )
        about = "\x1f".join((self.cell("id")[0], text, table, speaks_for))  # what is chosen or guessed is no part of it
        seen[about] += 1
        client_id = hashlib.sha256(f"{about}\x1f{seen[about]}".encode()).hexdigest()[:40]
        return Incoming(self.row.number, client_id, text, *values)

    def _parsed(self, name: str, parse: Callable[[str], Any], otherwise: Any) -> Any:
        written = self.cell(name)[0]
        try:
            return parse(written) if written else otherwise
        except BadValue as bad:
            self._wrong(name, written, bad.what, bad.remedy)
            return otherwise

    def _wrong(self, name: str, value: str, what: str, remedy: str) -> None:
        at = self.read.columns.index(name) if name in self.read.columns else -1
        heading = self.read.sheet.headings[at] if at >= 0 else ""
        self.problems.append(Problem(self.row.number, heading, value[:100], what, remedy))


def one_of(words: Mapping[str, str]) -> Callable[[str], str]:
    """One of a few words, in any of our languages."""
    return parsers.choice({one.strip(): kept for kept, listed in words.items() for one in listed.split(",")})


def _plain(text: str) -> str:
    return plain_text(text) if "<" in text else text


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """How many rows were new, and how many were there already."""

    added: int
    there: int


def already_there(session: Session, rows: Sequence[Incoming]) -> int:
    ids = {one.client_id for one in rows}
    return sum(one in ids for one in session.contributions.values_list("client_id", flat=True))


@transaction.atomic
def bring_in(user: User, session: Session, rows: Sequence[Incoming], file_name: str = "") -> BroughtIn:
    """Add what is not there yet, all of it or nothing; as long as the session is not closed. Raises NotOpen."""
    locked = _changeable(user, session)
    there = set(locked.contributions.values_list("client_id", flat=True))
    fresh = [one for one in rows if one.client_id not in there]
    people = _people(locked, fresh)
    made = [
        Contribution(
            session=locked, client_id=one.client_id, text=one.text, kind=ContributionKind(one.kind), table=one.table,
            language=one.language, themes=one.themes, countries=one.countries, place=one.place,
            sequence=locked.sequence + at, noted_by=user,
            participant=people.get((one.participant_kind, one.speaks_for)),
        )
        for at, one in enumerate(fresh, start=1)
    ]  # fmt: skip
    came_with = f"{_CAME}{get_random_string(8)} {file_name}"[:100]
    bulk_create_with_history(made, Contribution, batch_size=500, default_user=user, default_change_reason=came_with)
    Session.objects.filter(pk=locked.pk).update(sequence=locked.sequence + len(made))
    return BroughtIn(len(made), len(rows) - len(made))


def _changeable(user: User, session: Session) -> Session:
    officers_only(user)
    locked = Session.objects.select_for_update().get(pk=session.pk)
    if locked.phase == Phase.CLOSED:
        raise NotOpen
    return locked


@dataclass(frozen=True, slots=True)
class CameIn:
    """A file that came in, as far as something of it is still there. ``key`` is what its history has of it."""

    key: str
    user: int | None
    at: datetime
    number: int

    @property
    def token(self) -> str:
        return self.key.removeprefix(_CAME).partition(" ")[0]

    @property
    def file_name(self) -> str:
        return self.key.removeprefix(_CAME).partition(" ")[2]


def files_of(session: Session) -> list[CameIn]:
    """What came in with files, the latest first."""
    first = Contribution.history.filter(session=session, history_type="+", history_change_reason__startswith=_CAME)
    there = first.filter(id__in=session.contributions.filter(taken_back=False).values("pk"))
    rows = there.order_by().values_list("history_change_reason", "history_user")
    found = rows.annotate(at=Min("history_date"), number=Count("pk")).order_by("-at")
    return [CameIn(*row) for row in found]


@transaction.atomic
def take_file_back(user: User, session: Session, token: str) -> tuple[int, int]:
    """As if a file had not come in: how many of its contributions are gone, and how many stay because somebody has
    changed, grouped, linked or decided them since. The same file brings them again. Raises NotOpen."""
    locked = _changeable(user, session)
    first = Contribution.history.filter(session=locked, history_type="+")
    of_file = first.filter(history_change_reason__startswith=f"{_CAME}{token} ")
    rows = locked.contributions.filter(pk__in=of_file.values("id"), taken_back=False)
    later = Exists(Contribution.history.filter(id=OuterRef("pk"), history_type="~"))
    untouched = rows.filter(~later, group=None, links=None, outcome="")
    all_of_it, gone = rows.count(), list(untouched.values_list("pk", "participant"))
    for some in batched(gone, 500):
        locked.contributions.filter(pk__in=[pk for pk, _who in some]).delete()
    paper = locked.participants.filter(pk__in={who for _pk, who in gone if who}, link=None, invitation=None)
    paper.filter(contributions=None, dots=None).delete()
    return len(gone), all_of_it - len(gone)


def _people(session: Session, rows: Sequence[Incoming]) -> dict[tuple[str, str], Participant]:
    """A participant for each named body on paper, so that results count them; nobody has the address of their page."""
    paper = session.participants.filter(link=None, invitation=None)
    found = {(one.kind, one.speaks_for): one for one in paper.exclude(speaks_for="")}
    for row in rows:
        key = row.participant_kind, row.speaks_for
        if row.speaks_for and key not in found:
            about = {"kind": row.participant_kind, "speaks_for": row.speaks_for, "token": hashed(new_token())}
            found[key] = Participant.objects.create(session=session, **about)
    return found
