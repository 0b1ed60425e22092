"""Rows of lists as projects, bodies and who takes part; one project told by many rows is told once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from ...model import Organisation, PartialDate, Participation, ParticipationRole, Project, Provenance, Record
from ...sheets import country_code, degrees, money, partial_date
from ...sheets.headings import folded
from ..local_bodies import local_kind
from .lists import Fields, Row, meaning

_NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]{1,3}")
_PIC = re.compile(r"\d{9}")
_NAMING = ("project_id", "acronym", "title", "title.en")  # the most telling first
_PARTS = re.compile(r"\s*[;|\n]\s*")


class Lists:
    """The lists of one file: which projects and bodies were told, by which words partners name their project."""

    def __init__(self, reject: Callable[[int, str], None]) -> None:
        self._reject = reject
        self.language = "en"
        self._projects: dict[str, str] = {}
        self._bodies: set[str] = set()
        self._parts: dict[str, tuple[Any, ...]] = {}

    def read(self, row: Row, of_partners: bool) -> Iterator[Record]:
        """The records of a row. Raises ValueError where it tells of no project, or of no partner and should."""
        key, is_new = self._project_key(row.fields, of_partners)
        if is_new:
            yield self._project(key, row)
        elif not of_partners:
            raise ValueError("This project stands twice in this file: the first one counts.")
        if of_partners:
            if not (row.fields.get("partner") or row.fields.get("partner.en")):
                raise ValueError("This row names no partner.")
            yield from self._taking_part(key, row.fields, row.line)
        else:
            yield from self._told_with_project(key, row)

    def _project_key(self, fields: Fields, of_partners: bool) -> tuple[str, bool]:
        """The id of a row's project, and whether it was told for the first time."""
        programme = folded(fields.get("programme", ""))
        said = [f"{name}={folded(fields[name]) or fields[name]}" for name in _NAMING if fields.get(name)]
        if not said:
            raise ValueError("This row has neither a name nor an acronym nor a number of a project.")
        known = [self._projects[one] for one in (f"{programme}|{said_}" for said_ in said) if one in self._projects]
        if not known and of_partners and not programme:
            known = [self._projects[f"*|{one}"] for one in said if f"*|{one}" in self._projects]
        key = known[0] if known and (of_partners or said[0].startswith("project_id")) else _key(programme, said[0])
        is_new = key not in self._projects
        self._projects[key] = key
        for one in said:
            self._projects.setdefault(f"{programme}|{one}", key)
            self._projects.setdefault(f"*|{one}", key)
        return key, is_new

    def _project(self, key: str, row: Row) -> Project:
        fields = row.fields
        title = _texts(fields, "title", self.language) or {"en": fields.get("acronym") or fields["project_id"]}
        budget, currency = self._money(row, "budget")
        return Project(
            id=f"interreg:{key}",
            title=title,
            provenance=Provenance("interreg", key, _address(fields.get("website", ""))),
            acronym=fields.get("acronym", ""),
            summary=_texts(fields, "summary", self.language),
            programme=fields.get("programme", ""),
            countries=self._countries(row),
            start=self._date(row, "start"),
            end=self._date(row, "end"),
            budget=budget,
            currency=currency,
            status=meaning("statuses", fields.get("status", "")),
            topics=tuple(dict.fromkeys(filter(None, _PARTS.split(fields.get("topics", ""))))),
        )

    def _told_with_project(self, key: str, row: Row) -> Iterator[Record]:
        """The partners told with a project. One whose name holds the lead's leads, else the lead is one more."""
        partners = [fields for fields in row.partners if fields.get("partner") or fields.get("partner.en")]
        partners += [{"partner": name} for name in _PARTS.split(row.fields.get("partners", "")) if name]
        if lead := row.fields.get("lead_partner", ""):
            place = folded(lead.split(",")[0])
            leading = [one for one in partners if place and place in folded(one.get("partner", ""))]
            if len(leading) == 1:
                partners = [{**one, "role": "lead"} if one is leading[0] else one for one in partners]
            else:
                name, comma, where = lead.rpartition(",")
                led = {"partner": name, "place": where.strip()} if comma and _country(where) else {"partner": lead}
                partners.insert(0, {**led, "role": "lead"})
        for fields in partners:
            yield from self._taking_part(key, fields, row.line)

    def _taking_part(self, key: str, fields: Fields, line: int) -> Iterator[Record]:
        body = self._organisation(fields, line)
        if body.id not in self._bodies:
            self._bodies.add(body.id)
            yield body
        role = _role(fields.get("role", ""))
        cost, currency = self._money(Row(line, fields), "cost")
        grant, granted_in = self._money(Row(line, fields), "grant")
        part = f"{key}|{body.id.removeprefix('interreg:')}"
        told = (role, cost, grant)
        said = self._parts.get(part)
        if said == told:
            raise ValueError("This partner stands twice in this project: the first one counts.")
        self._parts[part] = told
        # The same body with other money is another part of it, as a second department is.
        suffix = "" if said is None else f"|{hashlib.blake2b(repr(told).encode(), digest_size=4).hexdigest()}"
        yield Participation(
            id=f"interreg:{part}{suffix}",
            project_id=f"interreg:{key}",
            organisation_id=body.id,
            role=role,
            provenance=Provenance("interreg", part),
            grant=grant,
            cost=cost,
            currency=currency or granted_in,
        )

    def _organisation(self, fields: Fields, line: int) -> Organisation:
        name = fields.get("partner") or fields["partner.en"]
        country, place = self._where(fields, line)
        identifiers = _identifiers(fields)
        key = (
            identifiers[0]
            if identifiers and identifiers[0][:3] in ("pic", "vat")
            else _hash("body", folded(name) or name, country)
        )
        return Organisation(
            id=f"interreg:{key}",
            name=name,
            kind=_kind(fields.get("kind", ""), name),
            provenance=Provenance("interreg", key),
            names={"en": fields["partner.en"]} if fields.get("partner.en") else {},
            short_name=fields.get("short_name", ""),
            country=country,
            place=place,
            latitude=self._degrees(fields, "latitude", 90, line),
            longitude=self._degrees(fields, "longitude", 180, line),
            website=_address(fields.get("partner_website", "")),
            identifiers=identifiers,
        )

    def _where(self, fields: Fields, line: int) -> tuple[str, str]:
        """Country and place of a body; «Cuenca, Ecuador» and «Ecuador» as a place tell both."""
        place, region = fields.get("place", ""), fields.get("region", "")
        if written := fields.get("country", ""):
            if not (country := _country(written)):
                self._reject(line, f"{written[:40]!r} is no country we know; the partner stays.")
            return country, place or ("" if _NUTS.fullmatch(region) else region)
        town, _comma, last = place.rpartition(",")
        country = _country(last)
        return country, town.strip() if country else place

    def _countries(self, row: Row) -> tuple[str, ...]:
        found = []
        for written in filter(None, re.split(r"\s*[;,|]\s*", row.fields.get("countries", ""))):
            if country := _country(written):
                found.append(country)
            else:
                self._reject(row.line, f"{written[:40]!r} is no country we know; the project stays.")
        return tuple(dict.fromkeys(found))

    def _money(self, row: Row, name: str) -> tuple[Decimal | None, str]:
        if not (written := row.fields.get(name, "")):
            return None, ""
        try:
            amount, currency = money(written)
        except ValueError as error:
            self._reject(row.line, f"{name}: {error}")
            return None, ""
        return amount, currency or "EUR"

    def _date(self, row: Row, name: str) -> PartialDate:
        try:
            return partial_date(row.fields[name]) if row.fields.get(name) else PartialDate()
        except ValueError as error:
            self._reject(row.line, f"{name}: {error}")
            return PartialDate()

    def _degrees(self, fields: Fields, name: str, most: int, line: int) -> float | None:
        try:
            return degrees(fields[name], most) if fields.get(name) else None
        except ValueError as error:
            self._reject(line, f"{name}: {error}")
            return None


def _key(programme: str, said: str) -> str:
    """An id out of the list's own number, else a hash of what it is called."""
    name, _equals, value = said.partition("=")
    if name == "project_id":
        return "-".join(part.replace(" ", "-") for part in (programme, value) if part)
    return _hash("project", programme, value)


def _hash(*said: str) -> str:
    return f"~{hashlib.blake2b('|'.join(said).encode(), digest_size=8).hexdigest()}"


def _texts(fields: Fields, name: str, language: str) -> dict[str, str]:
    found = {}
    if own := fields.get(name, ""):
        found[language] = own
    if english := fields.get(f"{name}.en", ""):
        found["en"] = english
    return found


def _country(written: str) -> str:
    try:
        return country_code(written)
    except ValueError:
        return ""


def _role(written: str) -> ParticipationRole:
    return ParticipationRole(meaning("roles", written) or ParticipationRole.PARTNER)


def _kind(written: str, name: str) -> str:
    kind = meaning("kinds", written) or "other"
    return local_kind(name, "city" if kind == "local" else kind) if kind in ("local", "region") else kind


def _identifiers(fields: Fields) -> tuple[str, ...]:
    pic, vat = fields.get("pic", "").replace(" ", ""), re.sub(r"[\s.-]", "", fields.get("vat", "")).upper()
    region = fields.get("region", "").upper()
    found = [f"pic:{pic}"] if _PIC.fullmatch(pic) else []
    found += [f"vat:{vat}"] if len(vat) >= 6 and any(letter.isdigit() for letter in vat) else []
    found += [f"nuts:{region}"] if _NUTS.fullmatch(region) and _country(region[:2]) else []
    return tuple(found)


def _address(written: str) -> str:
    return written if written.startswith(("http://", "https://")) and " " not in written else ""
