"""The office's projects as activities of the International Aid Transparency Initiative: what is public and recorded.

What a file of the standard must say and no record does is told, project by project; nothing is made up for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch

from sympolis.engine.iati.write import Activity, Body, Measured, Moved, Planned
from sympolis.engine.model import Stage
from sympolis.engine.texts import vocabulary
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.queries import visible_organisations
from sympolis.office.projects.models import Participation, Project
from sympolis.office.projects.queries import stage_on, visible_projects
from sympolis.office.projects.running.enums import Direction
from sympolis.office.projects.running.models import Payment
from sympolis.office.projects.running.queries import running_of


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A project, or a part of it, that is not in the file, and what is missing for it."""

    public_id: str
    title: str
    why: str


def reporting_body(organisation: Organisation, identifier: str) -> Body:
    """The organisation that reports, under its identifier in a register (``ES-DIR3-LA0000000``)."""
    return _body(organisation, identifier)


def example_identifier(organisation: Organisation) -> str:
    """For the demo alone: it looks like none that a register gives."""
    return f"XX-EXAMPLE-{organisation.public_id}"


def projects_to_report(organisation: Organisation) -> list[Project]:
    """Public, confirmed projects in which the organisation takes part; never examples."""
    everyone = AnonymousUser()
    parts = Participation.objects.filter(
        organisation__in=visible_organisations(everyone).filter(illustrative=False)
    ).select_related("organisation")
    found = visible_projects(everyone).filter(
        illustrative=False,
        confirmed=True,
        pk__in=Participation.objects.filter(organisation=organisation).values("project"),
    )
    payments = Payment.objects.order_by("on", "pk").select_related("organisation")
    found = found.select_related("running").prefetch_related(
        Prefetch("participations", queryset=parts.order_by("pk")),
        Prefetch("payments", queryset=payments),
        "budget_lines",
        "indicators",
    )
    return list(found.order_by("public_id"))


def activities_of(
    projects: Sequence[Project], reporting: Body, organisation: Organisation, today: date
) -> tuple[list[Activity], list[LeftOut]]:
    """The activities, and what could not be told of the projects."""
    activities, left_out = [], []
    for project in projects:
        missing = _missing(project, today)
        left_out += [LeftOut(project.public_id, str(project.title), why) for why in missing]
        if missing:
            continue
        activity = _activity(project, reporting, organisation, today)
        activities.append(activity)
        if activity.budget and not activity.plan and not activity.budget_fits:
            why = "its budget stays out: the standard wants its first and last day, a year apart at most."
            left_out.append(LeftOut(project.public_id, str(project.title), why))
    return activities, left_out


def _missing(project: Project, today: date) -> list[str]:
    """What the standard wants of every activity and this one has not."""
    wanted = {
        "it has no summary.": bool(_texts(project.summary)),
        "it has no title that is no example.": bool(_texts(project.title)),
        "nobody knows when it began or will.": bool(project.start) and project.start.earliest is not None,
        "nobody knows its stage: set it, or its last day.": stage_on(project, today) in _KNOWN,
    }
    return [why for why, is_there in wanted.items() if not is_there]


_KNOWN = (Stage.PREPARING, Stage.ONGOING, Stage.FINISHED)


def _activity(project: Project, reporting: Body, organisation: Organisation, today: date) -> Activity:
    labels = {theme: {one: vocabulary.label("themes", theme, one) for one in _LABELLED} for theme in project.themes}
    return Activity(
        identifier=f"{reporting.reference}-{project.public_id}",
        titles=_texts(project.title),
        descriptions=_texts(project.summary),
        bodies=tuple(
            _body(part.organisation, reporting.reference if part.organisation_id == organisation.pk else "")
            for part in project.participations.all()
        ),
        stage=stage_on(project, today),
        start=project.start,
        end=project.end,
        website=project.website if project.website.startswith(("https://", "http://")) else "",
        countries=tuple(project.countries),
        themes=tuple(project.themes),
        theme_labels=labels,
        goals=tuple(sorted(int(goal) for goal in project.sdgs)),
        budget=project.budget,
        currency=project.currency if project.budget or _tells_money(project) else "",
        changed=project.updated_at,
        plan=_plan(project) if _tells_money(project) else (),
        markers=running_of(project).markers,
        moved=_moved(project) if _tells_money(project) else (),
        results=_results(project),
    )


def _tells_money(project: Project) -> bool:
    """Whether somebody said that everybody may see its sums."""
    running = getattr(project, "running", None)
    return running is not None and running.shows_money and "money_visibility" not in project.withheld


def _plan(project: Project) -> tuple[Planned, ...]:
    """What its budget lines plan, year by year, as far as the project goes; lines of no year are not guessed at."""
    by_year: dict[int, Decimal] = {}
    for line in project.budget_lines.all():
        if line.year is not None and line.planned:
            by_year[line.year] = by_year.get(line.year, Decimal(0)) + line.planned
    first, last = project.start.earliest or date.min, project.end.latest or date.max
    stretches = [
        (max(date(year, 1, 1), first), min(date(year, 12, 31), last), by_year[year]) for year in sorted(by_year)
    ]
    return tuple(Planned(*one) for one in stretches if one[0] <= one[1])


def _moved(project: Project) -> tuple[Moved, ...]:
    """Its payments, named by the partners that take part for everybody to see; others at their end are not named."""
    seen = {part.organisation_id: part.organisation for part in project.participations.all()}
    found = []
    for one in project.payments.all():
        partner = seen.get(one.organisation_id or 0)
        kind = "1" if one.direction == Direction.IN else "3" if one.organisation_id else "4"
        found.append(Moved(kind, one.on, one.amount, one.currency, _texts(partner.title_text()) if partner else {}))
    return tuple(found)


def _results(project: Project) -> tuple[Measured, ...]:
    """The indicators that everybody may see, in words that are no example."""
    told = [(one, _texts(one.title)) for one in project.indicators.all() if one.is_public]
    return tuple(
        Measured(
            titles, one.unit, one.baseline, one.target, one.reached, one.measured_on, one.level, one.starts, one.ends
        )
        for one, titles in told
        if titles
    )


_LABELLED = ("en", "ca", "es", "fr", "ar")


def _body(organisation: Organisation, reference: str) -> Body:
    return Body(_texts(organisation.title_text()), organisation.kind, reference)


def _texts(text: Text) -> dict[str, str]:
    """What is written in each language, without examples."""
    return {
        language: entry["text"] for language, entry in text.items() if entry["text"] and not entry.get("illustrative")
    }
