"""Rows as records, one function for each kind of record a table can hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from ...model import (
    Call,
    Contribution,
    Event,
    Organisation,
    Participation,
    ParticipationRole,
    PlanAction,
    Project,
    Provenance,
    Record,
)
from ...sheets.headings import folded
from ...texts import vocabulary
from .row import Row, hashed


def _first(texts: dict[str, str]) -> str:
    return next(iter(texts.values()))


def _project(row: Row) -> Iterator[Record]:
    title = row.needed("title")
    provenance = row.provenance(row.word("acronym") or _first(title))
    budget, currency = row.amount("budget")
    project = Project(
        id=f"table:{provenance.source_id}",
        title=title,
        provenance=provenance,
        acronym=row.word("acronym"),
        summary=row.texts("summary"),
        programme=row.word("programme"),
        countries=row.countries(),
        start=row.day("start"),
        end=row.day("end"),
        budget=budget,
        currency=currency,
        status=row.status(),
        topics=row.listed("topics"),
        sdgs=row.goals("sdgs"),
    )
    yield project
    lead = row.word("lead")
    named = {lead: ParticipationRole.LEAD} if lead else {}
    for name, role in {**dict.fromkeys(row.listed("partners"), ParticipationRole.PARTNER), **named}.items():
        yield from _taking_part(row, project, name, role)


def _taking_part(row: Row, project: Project, name: str, role: ParticipationRole) -> Iterator[Record]:
    body = row.body(name)
    yield Organisation(id=body, name=name, kind="other", provenance=Provenance("table", body.removeprefix("table:")))
    key = f"{project.provenance.source_id}|{hashed(name)}"
    yield Participation(f"table:{key}", project.id, body, role, Provenance("table", key))


def _organisation(row: Row) -> Iterator[Record]:
    names = row.needed("name")
    name = row.word("name") or _first(names)
    provenance = row.provenance(name, "website")
    found = {"pic": row.word("pic"), "vat": row.word("vat").replace(" ", "").upper()}
    yield Organisation(
        id=f"table:{provenance.source_id}",
        name=name,
        kind=_kind(row.word("kind")),
        provenance=provenance,
        names=names if len(names) > 1 else {},
        short_name=row.word("short_name"),
        country=row.country(),
        place=row.word("place"),
        latitude=row.degrees("latitude", 90),
        longitude=row.degrees("longitude", 180),
        website=provenance.source_url,
        description=row.texts("description"),
        identifiers=tuple(f"{scheme}:{value}" for scheme, value in found.items() if value),
    )


def _kind(written: str) -> str:
    """Our code for a kind of body, by its code or its label in any language; ``other`` where we do not know it."""
    return _kinds().get(folded(written), "other")


@cache
def _kinds() -> dict[str, str]:
    return {
        folded(word): term.code
        for term in vocabulary.terms("kinds")
        for word in (term.code, *term.labels.values(), *term.plurals.values(), *term.written)
    }


def _event(row: Row) -> Iterator[Record]:
    title = row.needed("title")
    provenance = row.provenance(f"{_first(title)} {row.word('start')}")
    yield Event(
        id=f"table:{provenance.source_id}",
        title=title,
        provenance=provenance,
        starts=row.day("start"),
        ends=row.day("end"),
        topic=row.word("topic"),
        place=row.word("place"),
    )


def _call(row: Row) -> Iterator[Record]:
    title = row.needed("title")
    provenance = row.provenance(_first(title))
    amount, currency = row.amount("max_grant")
    if amount is not None and currency != "EUR":
        row.problems.append(f"max_grant: {row.word('max_grant')[:40]!r} is not in euros.")
        amount = None
    yield Call(
        id=f"table:{provenance.source_id}",
        title=title,
        provenance=provenance,
        programme=row.word("programme"),
        summary=row.texts("summary"),
        opens=row.day("opens"),
        closes=row.day("closes"),
        eligible_countries=row.countries(),
        max_grant_eur=amount,
        status=row.word("status"),
        deadlines=row.last_days("closes"),
    )


def _contribution(row: Row) -> Iterator[Record]:
    title = row.needed("title")
    provenance = row.provenance(_first(title))
    yield Contribution(
        id=f"table:{provenance.source_id}",
        title=title,
        provenance=provenance,
        text=row.texts("text"),
        process=row.word("process"),
        category=row.word("category"),
        status=row.word("status"),
        supports=row.count("supports"),
        comments=row.count("comments"),
        made=row.day("made"),
    )


def _action(row: Row) -> Iterator[Record]:
    title = row.needed("title")
    provenance = row.provenance(_first(title))
    yield PlanAction(
        id=f"table:{provenance.source_id}",
        title=title,
        provenance=provenance,
        text=row.texts("text"),
        sdgs=row.goals("sdgs"),
    )


READERS: dict[str, Callable[[Row], Iterator[Record]]] = {
    "project": _project,
    "organisation": _organisation,
    "event": _event,
    "call": _call,
    "contribution": _contribution,
    "action": _action,
}
"""Kind of record -> what reads a row as it; the first record of a row is the row's own."""
