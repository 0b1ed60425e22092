"""A project of the world's data becomes one of the office's, with what it wanted to reach and reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction

from sympolis.engine.model import ParticipationRole as WorldRole
from sympolis.engine.model import Stage
from sympolis.engine.world import WorldMeasurement
from sympolis.office.core.ids import ids_for
from sympolis.office.core.models import RetiredId, User
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Organisation
from sympolis.office.directory.world.actions import adopt_world_organisation
from sympolis.office.directory.world.errors import LinkedAlready, NotInWorldData
from sympolis.office.projects.actions import Part, keep_project
from sympolis.office.projects.enums import ParticipationRole
from sympolis.office.projects.models import Project
from sympolis.office.projects.running.actions import keep_entry
from sympolis.office.projects.running.enums import ResultLevel
from sympolis.office.projects.running.models import CENT, ProjectIndicator, Running
from sympolis.office.projects.world.queries import ToldProject, WorldPartner, kept_project, world_project

LONGEST_RESULTS = 20_000
_MOST_BUDGET = Decimal(10) ** 12
_ARROW = " → "


class KeptAlready(Exception):
    """This project is one of the office's already."""

    def __init__(self, project: Project) -> None:
        super().__init__(str(project))
        self.project = project


@transaction.atomic
def adopt_world_project(user: User, world_id: str, *, with_partners: bool) -> Project:
    """A project of the office out of one of the world's data: its texts, dates and money, who takes part, and each
    number it wanted to reach as an indicator. What is told in words alone stands among its results.

    ``with_partners`` adds who is not in the directory yet. Raises NotInWorldData, and KeptAlready. Building the
    world's data again changes nothing of it.
    """
    told = world_project(world_id)
    if told is None:
        raise NotInWorldData(world_id)
    if kept := kept_project(world_id):
        raise KeptAlready(kept)
    project = _project(told)
    project._history_user = user  # type: ignore[attr-defined]  # simple-history reads it
    keep_project(project, _parts(user, told.partners, with_partners))
    for indicator in _indicators(project, told.measurements):
        keep_entry(user, indicator)
    if words := _in_words(told.measurements):
        keep_entry(user, Running(project=project, results=Text.of(**words)))
    return project


def _project(told: ToldProject) -> Project:
    source, _, source_id = told.project.id.partition(":")
    public_id = ids_for(Project.ID_PREFIX, source, [source_id])[source_id]
    RetiredId.objects.filter(public_id=public_id).delete()
    texts = {"title": told.project.title, "summary": told.document.text if told.document else {}}
    said = _said(told)
    project = Project(
        public_id=public_id,
        source=source[:40],
        source_id=source_id[:200],
        source_url=told.project.source_url[:1000],
        imported={name: value if isinstance(value, str | list) else str(value) for name, value in said.items()}
        | {f"{field}.{language}": words for field, text in texts.items() for language, words in text.items()},
    )
    for name, value in (said | {field: Text.of(**text) for field, text in texts.items()}).items():
        setattr(project, name, value)
    return project


def _said(told: ToldProject) -> dict[str, Any]:
    """The fields of ours that it fills."""
    project, document = told.project, told.document
    has_money = project.budget is not None and 0 <= project.budget < _MOST_BUDGET and len(project.currency) == 3
    is_open = not project.end and project.status in (Stage.PREPARING, Stage.ONGOING, Stage.FINISHED)
    values = {
        "acronym": project.acronym[:100],
        "programme": project.programme[:200],
        "start": project.start,
        "end": project.end,
        "budget": project.budget.quantize(CENT) if has_money and project.budget is not None else None,
        "currency": project.currency if has_money else "",
        "stage": project.status if is_open else "",
        "countries": list(document.countries) if document else [],
        "themes": list(project.themes),
        "sdgs": [str(goal) for goal in document.sdgs] if document else [],
    }
    return {name: value for name, value in values.items() if value}


def _parts(user: User, partners: Iterable[WorldPartner], with_partners: bool) -> list[Part]:
    """Who does the work: the lead first, each in one role."""
    roles: dict[int, Part] = {}
    for one in sorted(filter(lambda one: one.does_it, partners), key=lambda one: one.role != WorldRole.LEAD):
        ours = one.ours or (_added(user, one.organisation.id) if with_partners else None)
        if ours is not None and ours.pk not in roles:
            role = ParticipationRole.LEAD if one.role == WorldRole.LEAD else ParticipationRole.PARTNER
            roles[ours.pk] = Part(ours, role, _money(one.grant))
    return list(roles.values())


def _added(user: User, world_id: str) -> Organisation:
    try:
        return adopt_world_organisation(user, world_id)
    except LinkedAlready as error:  # in another role, or once imported from the same source
        return error.organisation


def _money(grant: Decimal | None) -> Decimal | None:
    return grant.quantize(CENT) if grant is not None and 0 <= grant < _MOST_BUDGET else None


def _indicators(project: Project, measurements: Iterable[WorldMeasurement]) -> Iterator[ProjectIndicator]:
    """One for each stretch of time a number is told for."""
    for one in measurements:
        if not _is_number(one):
            continue
        starts, ends = _stretch(one)
        yield ProjectIndicator(
            project=project,
            title=Text.of(**one.title),
            unit=one.unit[:60],
            level=one.level if one.level in ResultLevel.values else "",
            starts=starts,
            ends=ends,
            baseline=_in_hundredths(one.baseline),
            target=_in_hundredths(one.target),
            reached=_in_hundredths(one.reached),
            measured_on=one.measured.earliest,
            evidence_url=project.source_url,
            is_public=True,
        )


def _stretch(one: WorldMeasurement) -> tuple[date | None, date | None]:
    first, last = one.start.earliest, one.end.latest
    return (first, last) if first and last and first <= last else (None, None)


def _is_number(one: WorldMeasurement) -> bool:
    return any(value is not None for value in (one.target, one.reached)) or (
        one.baseline is not None and not (one.target_words or one.reached_words or one.text)
    )


def _in_hundredths(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(CENT, ROUND_HALF_UP)


def _in_words(measurements: Iterable[WorldMeasurement]) -> dict[str, str]:
    """What is no number, a paragraph each: what it is about, what is told of it, from where over what to what."""
    found: dict[str, str] = {}
    for one in measurements:
        if _is_number(one):
            continue
        steps = _ARROW.join(
            filter(None, (one.baseline_words or _plain(one.baseline), one.target_words, one.reached_words))
        )
        for language, title in one.title.items():
            lines = filter(None, (title, one.text.get(language, ""), steps))
            text = f"{found.get(language, '')}\n\n{'\n'.join(lines)}".strip()
            found[language] = text[:LONGEST_RESULTS]
    return found


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"
