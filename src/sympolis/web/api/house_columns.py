"""What the API says of departments, people, their posts, and figures."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from sympolis.office.core.queries import Reader, reads_office
from sympolis.office.directory.models import Department, Figure, MembershipFee, Person, Post
from sympolis.web.api.columns import RecordOut, Row, about


class DepartmentOut(RecordOut):
    organisation: str
    name: dict[str, str]
    themes: list[str]
    post: dict[str, str]
    mailbox: str


HELD = "Whether this post was held at the time asked for by as_of: yes, perhaps or no; else empty"


class PersonOut(RecordOut):
    """Somebody as colleagues see them; how to reach them and why they are kept is for officers alone."""

    organisation: str
    department: str
    name: str
    post: dict[str, str]
    themes: list[str]
    languages: list[str]
    since: str
    until: str
    email: str = Field(description="Empty for who is no officer")
    telephone: str = Field(description="Empty for who is no officer")
    basis: str = Field(description="Why the law lets the office keep this; empty for who is no officer")
    basis_from: str
    basis_until: str
    held: str = Field("", description=HELD)


class PostOut(RecordOut):
    person: str
    organisation: str
    department: str
    post: dict[str, str]
    since: str
    until: str
    held: str = Field("", description=HELD)


class FigureOut(RecordOut):
    organisation: str
    what: str
    value: Decimal
    unit: str
    year: int | None


class FeeOut(RecordOut):
    organisation: str
    network: str
    year: int
    amount: Decimal
    currency: str


def department_row(department: Department, _reader: Reader) -> Row:
    return {
        **about(department),
        "organisation": getattr(department, "seen_organisation", "") or "",
        "name": department.name.plain(),
        "themes": list(department.themes),
        "post": department.post.plain(),
        "mailbox": department.mailbox,
    }


def person_row(person: Person, reader: Reader) -> Row:
    private = {
        "email": person.email,
        "telephone": person.telephone,
        "basis": person.basis,
        "basis_from": str(person.basis_from),
        "basis_until": str(person.basis_until),
    }
    return {
        **about(person),
        "organisation": getattr(person, "seen_organisation", "") or "",
        "department": getattr(person, "seen_department", "") or "",
        "name": person.name,
        "post": person.post.plain(),
        "themes": list(person.themes),
        "languages": list(person.languages),
        "since": str(person.since),
        "until": str(person.until),
        **(private if reads_office(reader) else dict.fromkeys(private, "")),
        "held": "",
    }


def post_row(post: Post, _reader: Reader) -> Row:
    return {
        **about(post),
        "person": getattr(post, "seen_person", "") or "",
        "organisation": getattr(post, "seen_organisation", "") or "",
        "department": getattr(post, "seen_department", "") or "",
        "post": post.post.plain(),
        "since": str(post.since),
        "until": str(post.until),
        "held": "",
    }


def figure_row(figure: Figure, _reader: Reader) -> Row:
    return {
        **about(figure),
        "organisation": getattr(figure, "seen_organisation", "") or "",
        "what": figure.what,
        "value": figure.value,
        "unit": figure.unit,
        "year": figure.year,
    }


def fee_row(fee: MembershipFee, _reader: Reader) -> Row:
    return {
        **about(fee),
        "organisation": getattr(fee, "seen_organisation", "") or "",
        "network": getattr(fee, "seen_network", "") or "",
        "year": fee.year,
        "amount": fee.amount,
        "currency": fee.currency,
    }
