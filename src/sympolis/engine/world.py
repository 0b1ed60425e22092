"""A snapshot's organisations and projects as pages show them. For web processes: needs nothing but SQLite."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from pathlib import Path
from typing import Any

from .errors import IndexUnavailable
from .model import PartialDate, Text

FILE = "world.sqlite"
FORMAT = 3
SCHEMA = f"""
PRAGMA user_version = {FORMAT};
CREATE TABLE organisation (id TEXT PRIMARY KEY, name TEXT, kind TEXT, country TEXT, told TEXT) WITHOUT ROWID;
CREATE TABLE project (id TEXT PRIMARY KEY, starts TEXT, told TEXT) WITHOUT ROWID;
CREATE TABLE part (id TEXT, organisation_id TEXT, project_id TEXT, role TEXT, grant_ TEXT, currency TEXT);
CREATE TABLE participation (
    organisation_id TEXT, project_id TEXT, role TEXT, grant_ TEXT, currency TEXT, starts TEXT
);
CREATE TABLE measurement (project_id TEXT, place INTEGER, told TEXT);
CREATE TABLE same (id TEXT PRIMARY KEY, organisation_id TEXT) WITHOUT ROWID;
"""
_AT_ONCE = 500
_NOT_THESE = "project_id NOT IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class WorldOrganisation:
    """An organisation of the world's data: all records that were found to be the same body."""

    id: str
    name: str
    kind: str
    country: str
    names: Text
    aliases: tuple[str, ...]
    short_name: str
    place: str
    latitude: float | None
    longitude: float | None
    website: str
    identifiers: tuple[str, ...]
    source: str
    source_url: str


@dataclass(frozen=True, slots=True)
class WorldProject:
    """A project of the world's data; ``role`` and ``grant`` are those of the body it was asked for."""

    id: str
    title: Text
    acronym: str
    programme: str
    start: PartialDate
    end: PartialDate
    budget: Decimal | None
    currency: str
    status: str
    themes: tuple[str, ...]
    source: str
    source_url: str
    role: str = ""
    grant: Decimal | None = None


@dataclass(frozen=True, slots=True)
class WorldPart:
    """Who takes part in a project of the world's data, as what, and the grant it gets."""

    organisation_id: str
    role: str
    grant: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class WorldMeasurement:
    """What a project of the world's data wanted to reach in a stretch of time, and reached: a number, or words."""

    level: str
    title: Text
    aim: Text
    text: Text
    unit: str
    start: PartialDate
    end: PartialDate
    baseline: Decimal | None
    target: Decimal | None
    reached: Decimal | None
    baseline_words: str
    target_words: str
    reached_words: str
    measured: PartialDate


class World:
    """The lookup of one snapshot, opened for reading; safe for several threads."""

    def __init__(self, snapshot: Path) -> None:
        self._file = snapshot / FILE
        self._local = threading.local()
        if not self._file.is_file():
            raise IndexUnavailable(f"There is no {FILE} in {snapshot}.", "Build the world data again.")
        if self._ask("PRAGMA user_version", ()) != [(FORMAT,)]:
            raise IndexUnavailable(f"{FILE} in {snapshot} is of another version.", "Build the world data again.")

    def has_organisations(self) -> bool:
        """Whether there is anybody to be found; a snapshot may hold calls alone."""
        return bool(self._ask("SELECT 1 FROM organisation LIMIT 1", ()))

    def bodies(self, ids: Iterable[str]) -> dict[str, str]:
        """Record -> the organisation it was put together with; a record that stands for itself leads to itself.

        Which record stands for a body may change from one snapshot to the next: who keeps an id asks here first.
        """
        wanted = list(dict.fromkeys(ids))
        found = {one: one for one in wanted}
        for part in batched(wanted, _AT_ONCE):
            found.update(self._ask(f"SELECT * FROM same WHERE id IN ({_marks(part)})", part))
        return found

    def records(self, bodies: Iterable[str]) -> dict[str, str]:
        """Every record these organisations were put together from, themselves included -> the organisation."""
        wanted = list(dict.fromkeys(bodies))
        found = {one: one for one in wanted}
        for part in batched(wanted, _AT_ONCE):
            found.update(self._ask(f"SELECT * FROM same WHERE organisation_id IN ({_marks(part)})", part))
        return found

    def organisations(self, ids: Sequence[str]) -> dict[str, WorldOrganisation]:
        """Organisations by id; ids that are not there are left out."""
        found = {}
        for part in batched(ids, _AT_ONCE):
            for row in self._ask(f"SELECT * FROM organisation WHERE id IN ({_marks(part)})", part):
                found[row[0]] = _organisation(*row)
        return found

    def countries(self, ids: Iterable[str]) -> dict[str, str]:
        """The country of each of these organisations that has one."""
        found: dict[str, str] = {}
        for part in batched(ids, _AT_ONCE):
            found.update(
                self._ask(
                    f"SELECT id, country FROM organisation WHERE country <> '' AND id IN ({_marks(part)})",
                    part,
                )
            )
        return found

    def projects_of(
        self, ids: Sequence[str], limit: int = 20, offset: int = 0, but: Collection[str] = ()
    ) -> list[WorldProject]:
        """The projects these organisations take part in, each once, the latest first; ``but`` some."""
        rows = self._ask(
            "SELECT project.id, project.starts, told, min(role), grant_, participation.currency "
            "FROM participation JOIN project ON project.id = project_id "
            f"WHERE organisation_id IN ({_marks(ids)}) AND {_NOT_THESE} "
            "GROUP BY project.id ORDER BY participation.starts DESC, project.id LIMIT ? OFFSET ?",
            (*ids, json.dumps([*but]), limit, offset),
        )
        return [_project(*row) for row in rows]

    def count_projects(self, ids: Sequence[str], but: Collection[str] = ()) -> int:
        """How many different projects these organisations take part in together, ``but`` some."""
        [[count]] = self._ask(
            "SELECT count(DISTINCT project_id) FROM participation "
            f"WHERE organisation_id IN ({_marks(ids)}) AND {_NOT_THESE}",
            (*ids, json.dumps([*but])),
        )
        return int(count)

    def project_counts(self, ids: Iterable[str]) -> dict[str, int]:
        """How many projects each of these organisations takes part in."""
        wanted = list(dict.fromkeys(ids))
        found = dict.fromkeys(wanted, 0)
        for part in batched(wanted, _AT_ONCE):
            rows = self._ask(
                "SELECT organisation_id, count(DISTINCT project_id) FROM participation "
                f"WHERE organisation_id IN ({_marks(part)}) GROUP BY 1",
                part,
            )
            found.update(rows)
        return found

    def project(self, key: str) -> WorldProject | None:
        """A project by its id."""
        rows = self._ask("SELECT id, starts, told, '', NULL, '' FROM project WHERE id = ?", (key,))
        return _project(*rows[0]) if rows else None

    def who_takes_part(self, project: str) -> list[WorldPart]:
        """Everybody who takes part in a project, once in each role."""
        rows = self._ask(
            "SELECT organisation_id, role, max(grant_), max(currency) FROM participation WHERE project_id = ? "
            "GROUP BY 1, 2 ORDER BY min(rowid)",
            (project,),
        )
        return [WorldPart(one, role, None if grant is None else Decimal(grant), currency)
                for one, role, grant, currency in rows]  # fmt: skip

    def measurements(self, project: str) -> list[WorldMeasurement]:
        """What a project wanted to reach and reached, in the order it was told in."""
        rows = self._ask("SELECT told FROM measurement WHERE project_id = ? ORDER BY place, rowid", (project,))
        return [_measurement(json.loads(told)) for (told,) in rows]

    def parts_of(self, projects: Iterable[str]) -> list[tuple[str, str]]:
        """(project, organisation) of everybody who takes part in these projects, in order."""
        found = set()
        for part in batched(dict.fromkeys(projects), _AT_ONCE):
            marks = _marks(part)
            found.update(
                self._ask(f"SELECT project_id, organisation_id FROM participation WHERE project_id IN ({marks})", part)
            )
        return sorted(found)

    def partners_of(self, ids: Sequence[str], limit: int = 20) -> list[tuple[str, int]]:
        """(organisation, projects in common), those with the most first."""
        marks = _marks(ids)
        rows = self._ask(
            "SELECT other.organisation_id, count(DISTINCT other.project_id) AS together "
            "FROM participation AS own JOIN participation AS other USING (project_id) "
            f"WHERE own.organisation_id IN ({marks}) AND other.organisation_id NOT IN ({marks}) "
            "GROUP BY 1 ORDER BY together DESC, 1 LIMIT ?",
            (*ids, *ids, limit),
        )
        return [(str(one), int(count)) for one, count in rows]

    def _ask(self, question: str, values: Sequence[object]) -> list[Any]:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            address = f"{self._file.absolute().as_uri()}?mode=ro&immutable=1"
            connection = self._local.connection = sqlite3.connect(address, uri=True)
        return connection.execute(question, values).fetchall()


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _organisation(key: str, name: str, kind: str, country: str, told: str) -> WorldOrganisation:
    rest = json.loads(told)
    rest |= {"aliases": tuple(rest["aliases"]), "identifiers": tuple(rest["identifiers"])}
    return WorldOrganisation(key, name, kind, country, **rest)


def _project(key: str, starts: str, told: str, role: str, grant: str | None, currency: str) -> WorldProject:
    rest = json.loads(told)
    return WorldProject(
        id=key,
        start=PartialDate.parse(starts),
        role=role,
        grant=None if grant is None else Decimal(grant),
        **rest
        | {
            "end": PartialDate.parse(rest["end"]),
            "budget": None if rest["budget"] is None else Decimal(rest["budget"]),
            "themes": tuple(rest["themes"]),
            "currency": rest["currency"] or currency,
        },
    )


def _measurement(told: dict[str, Any]) -> WorldMeasurement:
    days = {name: PartialDate.parse(told[name]) for name in ("start", "end", "measured")}
    numbers = {name: None if told[name] is None else Decimal(told[name]) for name in ("baseline", "target", "reached")}
    return WorldMeasurement(**told | days | numbers)
