"""The projects of an organisation: all of them are sorted by their dates, and few are shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from sympolis.engine.model import PartialDate
from sympolis.office.core.models import page_address
from sympolis.office.core.prepared import Prepared
from sympolis.office.core.queries import Reader, among, belongs_to, told_to
from sympolis.office.core.texts import Text, codes
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.queries import visible_projects

COLUMNS = (
    "role", "project__public_id", "project__slug", "project__source", "project__source_id", "project__stage",
    "project__confirmed", "project__illustrative", "project__programme", "project__currency", "project__title",
    "project__themes", "told_budget", "project__start_earliest", "project__start_latest", "project__end_earliest",
    "project__end_latest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """A part in a project, with the names the project's model has for what its row says. What takes time to read is
    read when it is shown."""

    role: str
    public_id: str
    slug: str
    source: str
    source_id: str
    stage: str
    confirmed: bool
    illustrative: bool
    programme: str
    currency: str
    title_kept: Any
    themes_kept: str
    budget_kept: Any
    start: PartialDate
    end: PartialDate

    @property
    def title(self) -> Text:
        kept = self.title_kept
        return Text(json.loads(kept) if isinstance(kept, str) else kept or {})

    @property
    def themes(self) -> tuple[str, ...]:
        return codes(self.themes_kept)

    @property
    def budget(self) -> Decimal | None:
        return None if self.budget_kept is None else Decimal(str(self.budget_kept))

    def get_absolute_url(self) -> str:
        return page_address(Project.PAGE, self.slug, self.public_id)


def all_work_of(user: Reader, organisation: Organisation) -> list[Work]:
    """Its parts in projects the reader may see."""
    return [_work(*row) for row in _WORK.rows(user, organisation.pk)]


def _question(user: Reader, organisation: int) -> QuerySet[Any, Any]:
    parts = Participation.objects.filter(among(visible_projects(user), "project"), organisation=organisation)
    theirs = Participation.objects.filter(belongs_to(user, "organisation")).values("project")
    budget = told_to(user, "budget", "money_visibility", Q(project__in=theirs), "project__")
    return parts.annotate(told_budget=budget).values_list(*COLUMNS)


_WORK = Prepared(_question)


def _work(*row: Any) -> Work:
    *about, start_earliest, start_latest, end_earliest, end_latest = row
    start, end = (
        PartialDate(_day(start_earliest), _day(start_latest)),
        PartialDate(_day(end_earliest), _day(end_latest)),
    )
    values: list[Any] = [*about, start, end]
    return Work(*values)


def _day(kept: date | str | None) -> date | None:
    return date.fromisoformat(kept) if isinstance(kept, str) else kept
