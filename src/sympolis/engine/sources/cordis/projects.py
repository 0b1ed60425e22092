"""Rows of ``project.csv``, and of the tables that tell more of a project: subjects and topics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from ...model import PartialDate, Project, Provenance, Record
from ..plain_text import one_line, plain_text
from ..streams import Notes
from .values import amount, day, programme, status

COLUMNS = (
    "id", "acronym", "status", "title", "startdate", "enddate", "totalcost", "topics", "frameworkprogramme", "subcall",
    "objective", "contentupdatedate",
)  # fmt: skip
NEEDED = ("id", "title")
SUBJECT_COLUMNS = ("projectid", "euroscivoctitle")
TOPIC_COLUMNS = ("projectid", "topic", "title")


def page_of(project: str) -> str:
    """Where CORDIS tells of a project."""
    return f"https://cordis.europa.eu/project/id/{project}"


def read_projects(rows: Iterator[tuple[int, Sequence[str]]], notes: Notes) -> Iterator[Record]:
    """A project for each row; a wrong date or amount is left out and said, the row stays."""
    for line, row in rows:
        number, title = row[0].strip(), one_line(row[3])
        if not number or not title:
            notes.add(line, "The project's number or title is empty.")
            continue
        cost = amount_of(row[6], "totalCost", line, notes)
        updated = day_of(row[11], "contentUpdateDate", line, notes)
        yield Project(
            id=f"cordis:project-{number}",
            title={"en": title},
            provenance=Provenance("cordis", number, page_of(number), updated.latest),
            acronym=one_line(row[1]),
            summary={"en": said} if (said := _text(row[10])) else {},
            programme=programme(row[8]),
            call=row[7].strip() or row[9].strip(),
            start=day_of(row[4], "startDate", line, notes),
            end=day_of(row[5], "endDate", line, notes),
            budget=cost or None,  # 0 stands for a cost nobody told: grants are above it
            currency="EUR" if cost else "",
            status=status(row[2]),
        )


def read_subjects(rows: Iterator[tuple[int, Sequence[str]]], notes: Notes) -> Iterator[Record]:
    """Part of a project: its subjects in the vocabulary EuroSciVoc, one part for rows that follow each other."""
    for number, group in groupby(_numbered(rows, notes), lambda row: row[0].strip()):
        subjects = tuple(dict.fromkeys(one_line(row[1]) for row in group if row[1].strip()))
        yield _part(number, topics=subjects)


def read_topics(rows: Iterator[tuple[int, Sequence[str]]], notes: Notes) -> Iterator[Record]:
    """Part of a project: the topic of its call, by code and by title."""
    for row in _numbered(rows, notes):
        title = one_line(row[2])
        yield _part(row[0].strip(), call=row[1].strip(), topics=(title,) if title else ())


def _numbered(rows: Iterator[tuple[int, Sequence[str]]], notes: Notes) -> Iterator[Sequence[str]]:
    for line, row in rows:
        if row[0].strip():
            yield row
        else:
            notes.add(line, "The project's number is empty.")


def _part(number: str, call: str = "", topics: tuple[str, ...] = ()) -> Project:
    return Project(
        id=f"cordis:project-{number}",
        title={},
        provenance=Provenance("cordis", number, page_of(number)),
        call=call,
        topics=topics,
    )


def _text(written: str) -> str:
    return plain_text(written) if "<" in written or "&lt;" in written else one_line(written)


def amount_of(written: str, column: str, line: int, notes: Notes) -> Decimal | None:
    """An amount; None for none and for a wrong one, which is said."""
    if not written:
        return None
    try:
        return amount(written)
    except ValueError as error:
        notes.add(line, f"{column} was left out: {error}.")
        return None


def day_of(written: str, column: str, line: int, notes: Notes) -> PartialDate:
    """A date; open for none and for a wrong one, which is said."""
    try:
        return day(written)
    except (ValueError, OverflowError):
        notes.add(line, f"{column} was left out: {written!r} is no date.")
        return PartialDate()
