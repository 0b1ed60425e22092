"""Rows of ``organization.csv``: a body and its part in a project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...model import Organisation, PartialDate, Participation, ParticipationRole, Provenance, Record
from ..plain_text import one_line
from ..streams import Notes
from .projects import amount_of, day_of, page_of
from .values import country, kind, nameless_id, point, role, vat, website

COLUMNS = (
    "projectid", "organisationid", "name", "shortname", "vatnumber", "activitytype", "city", "country", "geolocation",
    "organizationurl", "contentupdatedate", "order", "role", "eccontribution", "totalcost", "endofparticipation",
)  # fmt: skip
"""What is read of a row, in this order."""

NEEDED = ("projectid", "name")

_OPEN = PartialDate()


def read_organisations(rows: Iterator[tuple[int, Sequence[str]]], notes: Notes) -> Iterator[Record]:
    """An organisation where it is new or written otherwise than in the row before of the same body, and its part."""
    told: dict[str, tuple[str, ...]] = {}
    for line, row in rows:
        project, pic, name = row[0].strip(), row[1].strip(), row[2]
        if not project or not name.strip():
            notes.add(line, "The project's number or the organisation's name is empty.")
            continue
        code = country(row[7])
        body = pic if pic.isdigit() else nameless_id(one_line(name), code)
        updated = day_of(row[10], "contentUpdateDate", line, notes)
        written = tuple(row[2:10])
        if told.get(body) != written:
            told[body] = written
            yield _organisation(body, row, code, pic, updated)
        yield _participation(project, body, row, line, updated, notes)


def _organisation(body: str, row: Sequence[str], code: str, pic: str, updated: PartialDate) -> Organisation:
    name = one_line(row[2])
    latitude, longitude = point(row[8])
    number = vat(row[4])
    identifiers = ((f"pic:{pic}",) if pic.isdigit() else ()) + ((f"vat:{number}",) if number else ())
    return Organisation(
        id=f"cordis:{body}",
        name=name,
        kind=kind(row[5], name),
        provenance=Provenance("cordis", body, retrieved_at=updated.latest),
        short_name=one_line(row[3]),
        country=code,
        place=one_line(row[6]),
        latitude=latitude,
        longitude=longitude,
        website=website(row[9]),
        identifiers=identifiers,
    )


def _participation(
    project: str, body: str, row: Sequence[str], line: int, updated: PartialDate, notes: Notes
) -> Participation:
    part = role(row[12])
    if part is None:
        if row[12].strip():
            notes.add(line, f"The role {row[12]!r} is unknown; it was read as partner.")
        part = ParticipationRole.PARTNER
    grant = amount_of(row[13], "ecContribution", line, notes)
    cost = amount_of(row[14], "totalCost", line, notes)
    key = f"{project}|{body}|{row[11].strip() or part}"
    return Participation(
        id=f"cordis:{key}",
        project_id=f"cordis:project-{project}",
        organisation_id=f"cordis:{body}",
        role=part,
        provenance=Provenance("cordis", key, page_of(project), updated.latest),
        grant=grant,
        cost=cost,
        currency="" if grant is None and cost is None else "EUR",
        until=_until(row[15], updated, line, notes),
    )


def _until(written: str, updated: PartialDate, line: int, notes: Notes) -> PartialDate:
    """When a participation ended: a date where one is told; for a bare ``true``, no later than the row's own date."""
    said = written.strip().lower()
    if said in ("", "false", "no", "0"):
        return _OPEN
    if said in ("true", "yes", "1"):
        return PartialDate(None, updated.latest)
    return day_of(written, "endOfParticipation", line, notes)
