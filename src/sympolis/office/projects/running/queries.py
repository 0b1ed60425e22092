"""Questions about projects that run: only who may change a project is told how it is run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, TextField, Value, When, Window
from django.db.models.functions import Cast, Concat, Lag
from django.utils.translation import gettext as _

from sympolis.office.core.models import User
from sympolis.office.core.queries import Reader, among
from sympolis.office.core.templatetags.show import money
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.queries import changeable_projects
from sympolis.office.projects.running.models import (
    BudgetLine,
    Claim,
    Effort,
    Entry,
    PartnerShare,
    Payment,
    ProjectIndicator,
    ProjectMilestone,
    ReportingPeriod,
    Running,
)
from sympolis.office.projects.running.sums import Spent, compared, compared_by, financing

SOON = timedelta(days=30)
NAMES = ("public_id", "slug", "name", "name_language", "names", "short_name", "country", "sort_key")
OF_ORGANISATION = tuple(f"organisation__{name}" for name in NAMES)
PROJECT_NAMES = ("public_id", "slug", "title", "acronym", "illustrative", "currency")
OF_PROJECT = tuple(f"project__{name}" for name in PROJECT_NAMES)


def run_projects(user: Reader) -> QuerySet[Project]:
    """Projects whose running this user sees and writes, with how they are run."""
    return changeable_projects(user).select_related("running")


def running_of(project: Project) -> Running:
    """How a project is run; simply, where nobody said."""
    return getattr(project, "running", None) or Running(project=project)


def shares_of(project: Project) -> list[PartnerShare]:
    """Without the organisations: those stand in ``parts_of``."""
    return list(project.shares.all())


def parts_of(project: Project) -> list[Participation]:
    rows = project.participations.select_related("organisation").order_by("role", "organisation__sort_key")
    return list(rows.only("project", "role", "money", "organisation", *OF_ORGANISATION))


def milestones_of(project: Project) -> list[ProjectMilestone]:
    rows = project.milestones.select_related("organisation", "document", "work_package")
    return list(rows.defer("document__text", "document__imported", "organisation__imported", "organisation__folded"))


@dataclass(frozen=True, slots=True)
class Due:
    """Something that somebody owes by a day: a milestone, a deliverable or a report."""

    kind: str  # how its form is called: milestone, period
    what: Any
    on: date
    project: Project
    organisation: Organisation | None
    pk: int
    is_late: bool


def all_dues(user: Reader) -> QuerySet[Any, Any]:
    """Rows of all that is owed in the projects this user runs, the first to come first; ``due_of`` reads one.

    Milestones and reports are one question, whose rows are made of what pages show: the first screen has no other to
    spare.
    """
    return owed_until(user, None).order_by("due", "of", "pk")


def count_dues(user: Reader) -> int:
    """How many there are, counted without the names that pages show with them."""
    runs = among(changeable_projects(user), "project")
    kinds: Any = (ProjectMilestone, ReportingPeriod)
    return sum(one.objects.filter(runs, done_on=None, due__isnull=False).order_by().count() for one in kinds)


def next_dues(user: Reader, today: date, most: int, within: timedelta = SOON) -> list[Due]:
    """What is overdue or due soon, the first to come first."""
    rows = owed_until(user, today + within).order_by("due", "of", "pk")[:most]
    return [due_of(row, today) for row in rows]


def owed_until(user: Reader, last: date | None) -> QuerySet[Any, Any]:
    """The same up to a day, in no order."""
    runs = among(changeable_projects(user), "project")
    until = {"due__isnull": False} if last is None else {"due__lte": last}
    found = [
        model._default_manager.filter(runs, done_on=None, **until)
        .order_by()
        .annotate(of=Value(kind, output_field=CharField()), what=Cast(words, TextField()))
        .values_list("due", "of", "pk", "what", *OF_PROJECT, *OF_ORGANISATION)
        for kind, model, words in (("milestone", ProjectMilestone, "title"), ("period", ReportingPeriod, "label"))
    ]
    return found[0].union(found[1], all=True)


def due_of(row: Sequence[Any], today: date) -> Due:
    on, kind, pk, what, *rest = row
    about, house = rest[: len(OF_PROJECT)], rest[len(OF_PROJECT) :]
    project = Project(**dict(zip(PROJECT_NAMES, about, strict=True)))
    organisation = Organisation(**dict(zip(NAMES, house, strict=True))) if house[0] else None
    said = Text(json.loads(what)) if kind == "milestone" else what
    return Due(kind, said, on, project, organisation, pk, on < today)


def not_adding_up(
    project: Project, shares: Sequence[PartnerShare], lines: Sequence[Spent], names: Mapping[int, str]
) -> list[str]:
    """What of the money of a project does not fit together, in words; ``names`` are those of its partners."""
    currency, found = project.currency, []
    together, spent = financing(shares).total, compared(lines)
    limits = [
        (together, project.budget, _("The partners' shares come to %(sum)s; the project's budget is %(limit)s.")),
        (spent.planned, project.budget, _("The lines come to %(sum)s; the project's budget is %(limit)s.")),
    ]
    for amount, limit, words in limits:
        if limit is not None and amount > limit:
            found.append(words % {"sum": money(amount, currency), "limit": money(limit, currency)})
    by_partner = compared_by(lines, "partner")
    by_house: dict[int, Decimal] = {}
    for share in shares:
        by_house[share.organisation_id] = by_house.get(share.organisation_id, Decimal(0)) + share.in_project.total
    for house, total in by_house.items():
        theirs = by_partner.get(house)
        if theirs and theirs.planned > total:
            said = {"who": names.get(house, ""), "sum": money(theirs.planned, currency)}
            words = _("The lines of %(who)s come to %(sum)s, more than its share of %(limit)s.")
            found.append(words % {**said, "limit": money(total, currency)})
    return found


WATCHED: dict[str, type[Any]] = {
    "share": PartnerShare, "line": BudgetLine, "payment": Payment, "claim": Claim, "effort": Effort,
    "indicator": ProjectIndicator,
}  # fmt: skip
"""Kinds of entries whose numbers are told with who changed them."""


@dataclass(frozen=True, slots=True)
class NumberChange:
    """One number that was changed: which, when, by whom, from what to what. Added: from None; taken away: to None."""

    kind: str
    entry: int
    field: str
    label: Any
    about: str
    at: datetime
    by: str
    before: Decimal | None
    after: Decimal | None


def number_changes(project: Project, most: int | None = None) -> list[NumberChange]:
    """Every number of a project as it changed, the last first: one question for each kind of entry.

    ``most``: so many versions of each kind at most.
    """
    found = [change for kind in WATCHED for change in _changes_of(project, kind, most)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _changes_of(project: Project, kind: str, most: int | None) -> list[NumberChange]:
    model = WATCHED[kind]
    versions: Any = model.history.model
    before = {
        f"was_{name}": Window(Lag(name), partition_by=F("id"), order_by=F("history_id").asc()) for name in model.NUMBERS
    }
    rows = versions.objects.filter(project=project.pk).annotate(**before, who=_who(), about=_about(model))
    columns = ("id", "history_date", "history_type", "who", "about", *model.NUMBERS, *before)
    found = []
    for row in rows.order_by("-history_id").values(*columns)[:most]:
        for name in model.NUMBERS:
            column = model._meta.get_field(name)
            gone = row["history_type"] == "-"
            was, now = (row[name], None) if gone else (_with_cents(row[f"was_{name}"], column), row[name])
            if was != now:
                label = column.verbose_name
                found.append(
                    NumberChange(
                        kind,
                        row["id"],
                        name,
                        label,
                        row["about"] or "",
                        row["history_date"],
                        row["who"] or "",
                        was,
                        now,
                    )
                )
    return found


def _with_cents(number: Decimal | None, column: Any) -> Decimal | None:
    """What a window over rows gives has lost the zeros at its end."""
    return None if number is None else number.quantize(Decimal(1).scaleb(-column.decimal_places))


def _who() -> Any:
    """Who made a version: the address they sign in with."""
    return Subquery(User.objects.filter(pk=OuterRef("history_user_id")).values("email")[:1])


def _about(model: type[Entry]) -> Any:
    """What an entry was about then, in words of its own."""
    own = {BudgetLine: "what", Payment: "reference", Effort: "post", ProjectIndicator: "unit"}.get(model)
    if own:
        return F(own)
    name = Subquery(Organisation.objects.filter(pk=OuterRef("organisation_id")).values("name")[:1])
    if model is not PartnerShare:
        return name
    code = Case(When(currency="", then=Value("")), default=Concat(Value(" ("), F("currency"), Value(")")))
    return Concat(name, code, output_field=CharField())  # 10.00 of another currency are other than 10.00
