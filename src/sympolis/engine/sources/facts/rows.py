"""Rows of the tables of facts as records of the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ...model import (
    LANGUAGES,
    Call,
    Event,
    ItemKind,
    Need,
    Organisation,
    PartialDate,
    Participation,
    ParticipationRole,
    PlanAction,
    Project,
    Provenance,
    Relation,
)


class Row:
    """One row, read field by field; what is wrong with it is a ValueError that names the column."""

    def __init__(self, raw: Mapping[Any, Any], needed: tuple[str, ...]) -> None:
        self._raw = {str(key): value.strip() for key, value in raw.items() if key and isinstance(value, str)}
        for column in needed:
            if not self.text(column):
                raise ValueError(f"The column {column} is empty.")

    def text(self, column: str) -> str:
        """The field, without white space around it; empty where the table has no such column."""
        return self._raw.get(column, "")

    def listed(self, column: str) -> tuple[str, ...]:
        """A field of several values parted by semicolons, each once."""
        return tuple(dict.fromkeys(part.strip() for part in self.text(column).split(";") if part.strip()))

    def numbers(self, column: str) -> tuple[int, ...]:
        """Several whole numbers."""
        try:
            return tuple(int(part) for part in self.listed(column))
        except ValueError:
            raise ValueError(f"{column} should be whole numbers: {self.text(column)!r}.") from None

    def date(self, column: str) -> PartialDate:
        """A date known to the year, month or day."""
        try:
            return PartialDate.parse(self.text(column))
        except ValueError:
            raise ValueError(
                f"{column} should be a date like 2021, 2021-03 or 2021-03-14: {self.text(column)!r}."
            ) from None

    def amount(self, column: str) -> Decimal | None:
        """A number that is not negative."""
        written = self.text(column)
        try:
            amount = Decimal(written) if written else None
        except InvalidOperation:
            raise ValueError(f"{column} should be a number: {written!r}.") from None
        if amount is not None and (not amount.is_finite() or amount < 0):
            raise ValueError(f"{column} should be a number: {written!r}.")
        return amount

    def degrees(self, column: str, most: int) -> float | None:
        """A coordinate."""
        written = self.text(column)
        try:
            value = float(written) if written else None
        except ValueError:
            raise ValueError(f"{column} should be degrees: {written!r}.") from None
        if value is not None and not -most <= value <= most:
            raise ValueError(f"{column} is off the map: {written!r}.")
        return value

    def provenance(self, source_id: str) -> Provenance:
        """Where the row came from, and whether it is confirmed or an example."""
        return Provenance(
            source="facts",
            source_id=source_id,
            source_url=self.text("source_url"),
            confirmed=self.text("confirmed").lower() != "false",
            illustrative=self.text("illustrative").lower() == "true",
        )


def read_organisation(row: Row) -> Organisation:
    """A row of organisations.csv; ``names_other`` is ``ca:Barcelona|fr:Barcelone``, without a code it is an alias."""
    names: dict[str, str] = {}
    aliases: list[str] = []
    for part in row.text("names_other").split("|"):
        code, colon, name = part.partition(":")
        if colon and len(code.strip()) == 2 and code.strip() not in names:
            names[code.strip()] = name.strip()
        elif part.strip():
            aliases.append((name if colon and len(code.strip()) == 2 else part).strip())
    described = row.text("description_en")
    return Organisation(
        id=f"facts:{row.text('id')}",
        name=row.text("name"),
        kind=row.text("kind"),
        provenance=row.provenance(row.text("id")),
        names={code: name for code, name in names.items() if name},
        aliases=tuple(aliases),
        short_name=row.text("short_name"),
        country=row.text("country_iso2"),
        place=row.text("place_name"),
        latitude=row.degrees("latitude", 90),
        longitude=row.degrees("longitude", 180),
        website=row.text("website"),
        themes=row.listed("themes"),
        description={"en": described} if described else {},
    )


def read_relation(row: Row) -> Relation:
    """A row of relations.csv."""
    key = f"{row.text('from_id')}|{row.text('type')}|{row.text('to_id')}|{row.text('role_or_body')}"
    return Relation(
        id=f"facts:{key}",
        from_id=f"facts:{row.text('from_id')}",
        type=row.text("type"),
        to_id=f"facts:{row.text('to_id')}",
        provenance=row.provenance(key),
        role=row.text("role_or_body"),
        since=row.date("since_year"),
        until=row.date("until_year"),
    )


def read_seat(row: Row) -> Relation:
    """A row of seats.csv: a seat on a body of a network."""
    key = f"{row.text('organisation_id')}|sits_on|{row.text('network_id')}|{row.text('body')}"
    role = ", ".join(part for part in (row.text("body"), row.text("role")) if part)
    return Relation(
        id=f"facts:{key}",
        from_id=f"facts:{row.text('organisation_id')}",
        type="sits_on",
        to_id=f"facts:{row.text('network_id')}",
        provenance=row.provenance(key),
        role=role,
        since=row.date("since_year"),
        until=row.date("until_year"),
    )


def read_project(row: Row) -> Project:
    """A row of projects.csv: an English title, one in the project's language, sometimes Arabic."""
    language = row.text("language") or "en"
    title = {"en": row.text("title"), language: row.text("title_local") or row.text("title")}
    summary = {language: row.text("summary"), "ar": row.text("summary_ar")}
    if row.text("title_ar"):
        title["ar"] = row.text("title_ar")
    return Project(
        id=f"facts:{row.text('id')}",
        title=title,
        provenance=row.provenance(row.text("id")),
        acronym=row.text("acronym"),
        summary={code: said for code, said in summary.items() if said},
        programme=row.text("programme"),
        countries=row.listed("countries"),
        start=row.date("start_year"),
        end=row.date("end_year"),
        budget=row.amount("budget_eur"),
        currency="EUR" if row.text("budget_eur") else "",
        status=row.text("status"),
        themes=row.listed("themes"),
        sdgs=row.numbers("sdgs"),
    )


def read_participations(row: Row) -> Iterator[Participation]:
    """Who takes part in a row of projects.csv: the lead, then the partners that are not the lead."""
    lead = row.text("lead_id")
    parts = [(lead, ParticipationRole.LEAD)] if lead else []
    parts += [(one, ParticipationRole.PARTNER) for one in row.listed("partner_ids") if one != lead]
    for organisation, role in parts:
        key = f"{row.text('id')}|{organisation}"
        yield Participation(
            id=f"facts:{key}",
            project_id=_prefixed(row.text("id")),
            organisation_id=_prefixed(organisation),
            role=role,
            provenance=row.provenance(key),
        )


def read_call(row: Row) -> Call:
    """A row of calls.csv."""
    summary = row.text("summary")
    return Call(
        id=f"facts:{row.text('id')}",
        title={"en": row.text("title")},
        provenance=row.provenance(row.text("id")),
        programme=row.text("programme"),
        summary={"en": summary} if summary else {},
        opens=row.date("opens"),
        closes=row.date("closes"),
        eligible_countries=row.listed("eligible_countries"),
        eligible_kinds=row.listed("eligible_kinds"),
        themes=row.listed("themes"),
        max_grant_eur=row.amount("max_grant_eur"),
        cofinancing_rate=row.amount("cofinancing_rate"),
    )


def read_event(row: Row) -> Event:
    """A row of events.csv."""
    return Event(
        id=f"facts:{row.text('id')}",
        title={"en": row.text("title")},
        provenance=row.provenance(row.text("id")),
        starts=row.date("start_date"),
        ends=row.date("end_date"),
        organiser_ids=tuple(_prefixed(one) for one in row.listed("organiser_ids")),
        city_ids=tuple(_prefixed(one) for one in row.listed("city_ids")),
        languages=row.listed("languages"),
        topic=row.text("topic"),
        place=row.text("place"),
    )


def read_need(row: Row) -> Need:
    """A row of needs.csv; ``stage`` says whether it is a need, a priority or an offer."""
    language = row.text("language") or "en"
    key = f"{row.text('organisation_id')}|{row.text('title')}"
    if row.text("stage") not in (ItemKind.NEED, ItemKind.PRIORITY, ItemKind.OFFER):
        raise ValueError(f"stage should be need, priority or offer: {row.text('stage')!r}.")
    return Need(
        id=f"facts:{key}",
        organisation_id=_prefixed(row.text("organisation_id")),
        kind=ItemKind(row.text("stage")),
        title={language: row.text("title")},
        provenance=row.provenance(key),
        text={language: row.text("text")} if row.text("text") else {},
        themes=row.listed("themes"),
    )


def read_plan_action(row: Row) -> PlanAction:
    """A row of plan_actions.csv."""
    text = {code: row.text(f"text_{code}") for code in LANGUAGES if row.text(f"text_{code}")}
    title = row.text("title_en")
    if not title and not text:
        raise ValueError("The action has neither title nor text.")
    return PlanAction(
        id=f"facts:{row.text('id')}",
        title={"en": title} if title else {},
        provenance=row.provenance(row.text("id")),
        text=text,
        organisation_ids=tuple(_prefixed(one) for one in row.listed("organisation_ids")),
        themes=row.listed("themes"),
        sdgs=row.numbers("sdgs"),
    )


def _prefixed(local: str) -> str:
    return f"facts:{local}" if local else ""
