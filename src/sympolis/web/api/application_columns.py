"""What the API says of applications, to officers alone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from sympolis.office.core.queries import Reader
from sympolis.office.projects.models import Application
from sympolis.web.api.columns import RecordOut, Row, about


class ApplicationOut(RecordOut):
    title: dict[str, str]
    summary: dict[str, str]
    organisation: str
    role: str
    call: str
    programme: str
    stage: str
    deadline: datetime | None = Field(description="The moment it ends; the end of its day where no hour is known")
    deadline_zone: str = Field(description="The clock it was written by; empty: the office's own")
    amount: Decimal | None
    currency: str
    decision: str
    result: str
    project: str
    partners: list[str] = Field(description="Those who are thought of, asked, in and out")


def application_row(application: Application, _reader: Reader) -> Row:
    return {
        **about(application),
        "title": application.title.plain(),
        "summary": application.summary.plain(),
        "organisation": getattr(application, "seen_organisation", "") or "",
        "role": application.role,
        "call": getattr(application, "seen_call", "") or "",
        "programme": application.programme,
        "stage": application.stage,
        "deadline": application.deadline,
        "deadline_zone": application.deadline_zone,
        "amount": application.amount,
        "currency": application.currency,
        "decision": application.decision,
        "result": application.result,
        "project": getattr(application, "seen_project", "") or "",
        "partners": [one.public_id for one in application.organisations.all()],
    }
