"""Two layouts in which others hand on the project pages of CORDIS: no PIC, names and countries in words.

One has a row for each participant, or for each project with its participants as a literal list; the other a project
with parallel lists of partners and countries.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ...model import Organisation, Participation, ParticipationRole, Project, Provenance, Record
from ..plain_text import one_line
from ..streams import Notes
from .projects import amount_of, day_of, page_of
from .values import country_called, nameless_id, programme, status, website

ROW_COLUMNS = (
    "projectid", "projecttitle", "shorttitle", "program", "objective", "abstract", "status", "startdate", "enddate",
    "totalcost", "topic", "coordinator", "coordinatoradress", "coordinatoreucontribution", "coordinatorwebsite",
    "participantno", "participantname", "participanteucontribution", "participanttotalcost", "participantwebsite",
    "participants", "coordinatedby",
)  # fmt: skip
ROW_NEEDED = ("projectid", "projecttitle", "shorttitle")
LIST_COLUMNS = (
    "projectid", "projecttitle", "projectacr", "technologydescription", "from", "to", "totalcost", "topics", "meta",
    "partners", "country", "coordinatedin",
)  # fmt: skip
LIST_NEEDED = ("partners", "projectid", "projecttitle")
_ENDED = "participation ended"
_GAP = re.compile(r"\s{2,}")
_NUMBER = re.compile(r"(\d+)(?:\.0)?")


def read_page_rows(rows: Iterator[tuple[int, Sequence[str]]], notes: Notes) -> Iterator[Record]:
    """A project, its coordinator and its participants out of rows that follow each other."""
    named = ((line, dict(zip(ROW_COLUMNS, row, strict=True))) for line, row in rows)
    for written, group in groupby(named, lambda one: one[1]["projectid"].strip()):
        number = _number(written)
        for place, (line, row) in enumerate(group):
            if not number or not row["projecttitle"].strip():
                notes.add(line, "The project's number or title is empty, or no number.")
                continue
            if place == 0:
                yield _project_of_row(number, row, line, notes)
                yield from _coordinator(number, row, line, notes)
            yield from _participants(number, row, line, notes)


def _number(written: str) -> str:
    found = _NUMBER.fullmatch(written.strip())
    return found.group(1) if found else ""


def _project_of_row(number: str, row: Mapping[str, str], line: int, notes: Notes) -> Project:
    said = one_line(row["objective"] or row["abstract"])
    cost = amount_of(row["totalcost"], "total_cost", line, notes)
    return Project(
        id=f"cordis:project-{number}",
        title={"en": one_line(row["projecttitle"])},
        provenance=Provenance("cordis", number, page_of(number)),
        acronym=one_line(row["shorttitle"]),
        summary={"en": said} if said else {},
        programme=programme(row["program"]),
        call=row["topic"].split(" - ")[0].strip(),
        start=day_of(row["startdate"], "start_date", line, notes),
        end=day_of(row["enddate"], "end_date", line, notes),
        budget=cost or None,
        currency="EUR" if cost else "",
        status=status(row["status"]),
    )


def _coordinator(number: str, row: Mapping[str, str], line: int, notes: Notes) -> Iterator[Record]:
    if not row["coordinator"].strip():
        return
    _, land = _name_and_country(row["coordinatedby"])
    told = {
        "participant_no": "0",
        "participant_name": row["coordinator"],
        "participant_eu_contribution": row["coordinatoreucontribution"],
        "participant_website": row["coordinatorwebsite"],
    }
    yield from _part(number, told, ParticipationRole.LEAD, line, notes, land)


def _participants(number: str, row: Mapping[str, str], line: int, notes: Notes) -> Iterator[Record]:
    """The participant of this row, or those of its list."""
    if row["participantname"].strip():
        told = {
            "participant_no": row["participantno"],
            "participant_name": row["participantname"],
            "participant_eu_contribution": row["participanteucontribution"],
            "participant_total_cost": row["participanttotalcost"],
            "participant_website": row["participantwebsite"],
        }
        yield from _part(number, told, ParticipationRole.PARTNER, line, notes)
    for one in _listed(row["participants"], line, notes):
        told = {str(key): "" if value is None else str(value) for key, value in one.items()}
        yield from _part(number, told, ParticipationRole.PARTNER, line, notes)


def _listed(written: str, line: int, notes: Notes) -> list[Mapping[Any, Any]]:
    if not written.strip():
        return []
    try:
        listed = ast.literal_eval(written)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        notes.add(line, "The list of participants can't be read.")
        return []
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _part(
    number: str, told: Mapping[str, str], role: ParticipationRole, line: int, notes: Notes, land: str = ""
) -> Iterator[Record]:
    name, own_land = _name_and_country(told.get("participant_name", ""))
    if not name:
        notes.add(line, "A participant has no name.")
        return
    page = website(told.get("participant_website", ""))
    body = nameless_id(name, own_land or land)
    yield _organisation(body, name, own_land or land, page)
    grant = amount_of(told.get("participant_eu_contribution", ""), "participant_eu_contribution", line, notes)
    cost = amount_of(told.get("participant_total_cost", ""), "participant_total_cost", line, notes)
    key = f"{number}|{body}|{told.get('participant_no', '').strip() or role}"
    yield Participation(
        id=f"cordis:{key}",
        project_id=f"cordis:project-{number}",
        organisation_id=f"cordis:{body}",
        role=role,
        provenance=Provenance("cordis", key, page_of(number)),
        grant=grant,
        cost=cost,
        currency="" if grant is None and cost is None else "EUR",
    )


def _organisation(body: str, name: str, land: str, page: str = "") -> Organisation:
    provenance = Provenance("cordis", body)
    return Organisation(f"cordis:{body}", name, "other", provenance, country=land, website=page)


def _name_and_country(written: str) -> tuple[str, str]:
    """``ECOLOGISTAS EN ACCION   Spain`` parted; a remark that its part has ended is no name."""
    parts = [part for part in _GAP.split(written.strip()) if part and part.lower() != _ENDED]
    land = country_called(parts[-1].strip()) if len(parts) > 1 else ""
    return one_line(" ".join(parts[:-1] if land else parts)), land


def read_page_lists(rows: Iterator[tuple[int, Sequence[Any]]], notes: Notes) -> Iterator[Record]:
    """A project and its partners out of parallel lists; the first partner is the coordinator where its country is."""
    for line, row in rows:
        told = dict(zip(LIST_COLUMNS, row, strict=True))
        number, title = _number(_first(told["projectid"])), one_line(_first(told["projecttitle"]))
        if not number or not title:
            notes.add(line, "The project's number or title is empty, or no number.")
            continue
        yield _project_of_lists(number, title, told, line, notes)
        yield from _partners(number, told, line, notes)


def _first(value: Any) -> str:
    if isinstance(value, list):
        return str(value[0]) if value else ""
    return str(value or "")


def _project_of_lists(number: str, title: str, told: Mapping[str, Any], line: int, notes: Notes) -> Project:
    end, _, stands = _first(told["to"]).partition(",")
    cost = amount_of(_first(told["totalcost"]), "Total_Cost", line, notes)
    said = one_line(_first(told["technologydescription"]))
    frame = re.search(r"\b(FP7|H2020|HORIZON)\b", _first(told["meta"]))
    return Project(
        id=f"cordis:project-{number}",
        title={"en": title},
        provenance=Provenance("cordis", number, page_of(number)),
        acronym=one_line(_first(told["projectacr"])),
        summary={"en": said} if said else {},
        programme=programme(frame.group(1)) if frame else "",
        call=_first(told["topics"]).split(" - ")[0].strip(),
        start=day_of(_first(told["from"]), "From", line, notes),
        end=day_of(end, "To", line, notes),
        budget=cost or None,
        currency="EUR" if cost else "",
        status=status(stands),
    )


def _partners(number: str, told: Mapping[str, Any], line: int, notes: Notes) -> Iterator[Record]:
    """Partners by name; a text of names with commas is parted only where that gives as many as there are countries."""
    names, lands = (_several(told[column]) for column in ("partners", "country"))
    if len(names) != len(lands):
        notes.add(line, f"{len(names)} partners and {len(lands)} countries: it can't be told which name ends where.")
        return
    for place, (name, land) in enumerate(zip(names, lands, strict=True)):
        shown, code = one_line(name), country_called(land.strip())
        if not shown:
            continue
        leads = place == 0 and land.strip() == _first(told["coordinatedin"]).strip()
        role = ParticipationRole.LEAD if leads else ParticipationRole.PARTNER
        body = nameless_id(shown, code)
        key = f"{number}|{body}|{place}"
        yield _organisation(body, shown, code)
        yield Participation(
            id=f"cordis:{key}",
            project_id=f"cordis:project-{number}",
            organisation_id=f"cordis:{body}",
            role=role,
            provenance=Provenance("cordis", key, page_of(number)),
        )


def _several(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value).split(",") if value else []
